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
// never in CI. It is skipped too where PARITY_TIER is "servers": the tests of real
// inputs start no server and run with the others.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	if os.Getenv("PARITY_TIER") == "servers" {
		t.Skip("starts no server; make test runs this test")
	}
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
