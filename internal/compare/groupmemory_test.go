package compare

import (
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// TestGroupCopiesNoDifference holds what grouping allocates for very many
// differences of one group: a few keys, and no copy.
func TestGroupCopiesNoDifference(t *testing.T) {
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
	groups := Group(all, declaredKinds())
	runtime.ReadMemStats(&after)
	if len(groups) != 1 || len(groups[0].Differences) != n {
		t.Fatalf("%d groups", len(groups))
	}
	each, size := (after.TotalAlloc-before.TotalAlloc)/n, uint64(unsafe.Sizeof(parity.Difference{}))
	if each > size {
		t.Errorf("grouping allocates %d bytes a difference of %d bytes", each, size)
	}
}

// TestGatherKeepsOrder holds that differences of one group follow each other in
// the order that they had.
func TestGatherKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groupOf := rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "groups")
		all, sizes := make([]parity.Difference, len(groupOf)), make([]int, 6)
		want := make([]string, 0, len(groupOf))
		for n := range sizes {
			for i, of := range groupOf {
				if of == n {
					all[i].Path = fmt.Sprint(n, i)
					sizes[n]++
					want = append(want, all[i].Path)
				}
			}
		}
		gather(all, groupOf, sizes)
		for i := range all {
			if all[i].Path != want[i] {
				t.Fatalf("%d is %s, want %s", i, all[i].Path, want[i])
			}
		}
	})
}
