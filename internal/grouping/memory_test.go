package grouping

import (
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"github.com/envparity/parity"
)

// TestGroupCopiesDifferencesOnce holds what grouping allocates for very many
// differences of one group: a copy of each, and a few keys.
func TestGroupCopiesDifferencesOnce(t *testing.T) {
	const n = 20_000
	all := make([]parity.Difference, n)
	for i := range all {
		all[i] = parity.Difference{
			Subject: parity.SubjectRef{Kind: "ConfigMap", Name: fmt.Sprintf("c%06d", i)}, Class: parity.Missing,
			Facts: 1, Columns: []string{"staging"}, Cause: parity.Cause{Kind: "subject", Key: "all", Label: "all"},
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	groups := Group(all, known())
	runtime.ReadMemStats(&after)
	if len(groups) != 1 || len(groups[0].Differences) != n {
		t.Fatalf("%d groups", len(groups))
	}
	each, size := (after.TotalAlloc-before.TotalAlloc)/n, uint64(unsafe.Sizeof(parity.Difference{}))
	if each > 3*size {
		t.Errorf("grouping allocates %d bytes a difference of %d bytes", each, size)
	}
}
