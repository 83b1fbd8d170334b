package component

import (
	"os"
	"path/filepath"
	"testing"
)

// variable names the directory with the binaries.
const variable = "PARITY_COMPONENTS"

// tier names the variable that says which tests run: with "quick" those that
// need no built server, with anything else all.
const tier = "PARITY_TIER"

// Binary returns the path of a component's binary. If it is missing, the test
// is skipped, but never in CI.
func Binary(tb testing.TB, name string) string {
	tb.Helper()
	if os.Getenv(tier) == "quick" {
		tb.Skipf("needs %s; make test-servers runs this test", name)
	}
	dir := os.Getenv(variable)
	path := filepath.Join(dir, name)
	_, err := os.Stat(path)
	switch {
	case dir != "" && err == nil:
		return path
	case os.Getenv("CI") != "":
		tb.Fatalf("%s is not here, and CI must have it: %s is %q; run make components", name, variable, dir)
	default:
		tb.Skipf("SKIPPED: %s is not here; run make components and set %s to the directory that it prints", name, variable)
	}
	return ""
}

// binaries returns the paths of several binaries.
func binaries(tb testing.TB, names ...string) map[string]string {
	tb.Helper()
	paths := make(map[string]string, len(names))
	for _, name := range names {
		paths[name] = Binary(tb, name)
	}
	return paths
}
