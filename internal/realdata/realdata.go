// Package realdata finds the real inputs that tests and benchmarks use and the
// project does not carry.
package realdata

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Path gives the path of a real input: below PARITY_TEST_DATA, or below
// shared/data beside the project. Without the inputs the test is skipped, but
// never in CI.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	dir := os.Getenv("PARITY_TEST_DATA")
	if dir == "" {
		_, here, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(here), "..", "..", "..", "shared", "data")
	}
	path, err := filepath.Abs(filepath.Join(append([]string{dir}, elem...)...))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("the real inputs are not here, and CI must have them: %v", err)
	}
	t.Skipf("SKIPPED: the real inputs are not here; set PARITY_TEST_DATA: %v", err)
	return ""
}
