package place

import (
	"errors"
	"io/fs"
	"testing"
)

func FuzzParseTree(f *testing.F) {
	f.Add([]byte("100644 blob abc      4\ta/b\x00120000 blob def      3\ta/c\x00160000 commit abc       -\td\x00"), "a/c")
	f.Add([]byte("100644 blob abc 4\ta\x00100644 blob abc 4\ta/b\x00"), "a/b")
	f.Add([]byte("120000 blob abc 1\ta\x00"), "a/a/a")
	f.Fuzz(func(t *testing.T, list []byte, name string) {
		tr, err := parseTree(list, func(string, int64) ([]byte, error) { return []byte("a/../b/./c"), nil })
		if err != nil {
			return
		}
		_ = fs.WalkDir(tr, ".", func(p string, _ fs.DirEntry, err error) error {
			if err == nil && !fs.ValidPath(p) {
				t.Errorf("the tree holds %q", p)
			}
			return nil
		})
		_, _ = fs.ReadFile(tr, name)
	})
}

func TestParseTreeRefuses(t *testing.T) {
	for _, list := range []string{
		"x", "100644 blob abc 4\ta", "100644 blob abc 4\t../a\x00", "100644 blob abc 4\t/a\x00", "100644 blob abc -1\ta\x00",
		"100644 blob abc\ta\x00", "100644 blob abc 4\ta\x00100644 blob abc 4\ta/b\x00", "100644 blob abc 4 a\x00",
	} {
		if _, err := parseTree([]byte(list), nil); !errors.Is(err, errBadEntry) {
			t.Errorf("parseTree(%q): %v", list, err)
		}
	}
}
