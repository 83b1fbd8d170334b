package acceptance

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/sampleshop"
)

// underLoad skips a test that needs a quiet machine for minutes, unless it is
// asked for. make test-load asks for it, and so does CI, one test after the other.
func underLoad(t *testing.T) {
	t.Helper()
	if !strings.HasSuffix(t.Name(), "UnderLoad") {
		t.Fatal("make test-load runs no test whose name does not end in UnderLoad")
	}
	if os.Getenv("PARITY_LOAD") == "" {
		t.Skip("SKIPPED: it puts load on the machine for minutes; make test-load runs it")
	}
}

// latest is how late requests may be sent, but for one in twenty, for what is
// measured to mean anything.
const latest = 50 * time.Millisecond

// quiet skips a test whose load came late: the machine was too busy, which says
// nothing of what is tested.
func quiet(t *testing.T, w sampleshop.Window) {
	t.Helper()
	t.Logf("but for one in twenty, requests were at most %s late", w.Lateness())
	if w.Lateness() > latest {
		t.Skipf("SKIPPED: requests were %s late: this machine is too busy to measure", w.Lateness())
	}
}
