package parity_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDefectsAreHeld holds that every test, in its package, and every script that
// the pages of defects name exists.
func TestDefectsAreHeld(t *testing.T) {
	for page, least := range map[string]int{"defects.md": 60, "causes.md": 85} {
		t.Run(page, func(t *testing.T) { holdPage(t, read(t, "docs/proofs/"+page), least) })
	}
}

// holdPage holds that what a page names exists, and that it names at least so much.
func holdPage(t *testing.T, page string, least int) {
	named := regexp.MustCompile("((?:`\\w+`(?:, )?)+) \\(([a-z/]+)\\)")
	found := 0
	for _, m := range named.FindAllStringSubmatch(page, -1) {
		for _, name := range regexp.MustCompile(`(?:Test|Fuzz)\w+`).FindAllString(m[1], -1) {
			found++
			if !hasTest(t, m[2], name) {
				t.Errorf("there is no %s in %s", name, m[2])
			}
		}
	}
	for _, m := range regexp.MustCompile("script `(\\w+)`").FindAllStringSubmatch(page, -1) {
		found++
		if _, err := os.Stat(filepath.Join("cmd", "parity", "testdata", "script", m[1]+".txtar")); err != nil {
			t.Errorf("there is no script %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile("trees? ((?:`\\w+`(?:, )?)+)").FindAllStringSubmatch(page, -1) {
		for _, name := range regexp.MustCompile(`\w+`).FindAllString(m[1], -1) {
			found++
			if _, err := os.Stat(filepath.Join("internal", "discover", "testdata", name+".txtar")); err != nil {
				t.Errorf("there is no tree %s", name)
			}
		}
	}
	if found < least {
		t.Errorf("the page names %d tests and scripts; is it read as it is written?", found)
	}
}

// hasTest reports whether a package, named as on the page, has a test.
func hasTest(t *testing.T, pkg, name string) bool {
	t.Helper()
	dir := path.Join("internal", pkg)
	switch {
	case pkg == "root":
		dir = "."
	case strings.HasPrefix(pkg, "cmd/"):
		dir = pkg
	}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.Contains(read(t, file), "func "+name+"(") {
			return true
		}
	}
	return false
}
