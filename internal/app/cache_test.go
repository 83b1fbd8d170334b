package app

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func testCache(t *testing.T) (c *cache, log *bytes.Buffer) {
	t.Helper()
	log = &bytes.Buffer{}
	a := New(Options{WorkDir: t.TempDir(), Now: time.Now(), Log: slog.New(slog.NewTextHandler(log, nil))})
	return &cache{app: a}, log
}

func entries(t *testing.T, dir string) int {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestCacheKeepsAndForgets(t *testing.T) {
	c, log := testCache(t)
	if _, ok := c.read("parts", nameOf("x")); ok {
		t.Error("an empty cache holds something")
	}
	dir := filepath.Join(c.app.Project, ".parity", "cache", "parts")
	for i := range kept + 10 {
		c.write("parts", nameOf(i), []byte("text"))
	}
	// What the cache did not write stays, whatever it is.
	foreign := filepath.Join(dir, "notes.txt")
	begun := filepath.Join(dir, ".parity-new-0123456789abcdef")
	for _, file := range []string{foreign, begun} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	c.write("parts", nameOf("last"), []byte("text"))
	if got := entries(t, dir); got != kept+1 {
		t.Errorf("the cache holds %d files, want %d", got, kept+1)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error(err)
	}
	if data, ok := c.read("parts", nameOf("last")); !ok || string(data) != "text" {
		t.Errorf("the last entry is %q, %v", data, ok)
	}
	if log.Len() > 0 {
		t.Errorf("it was said: %s", log)
	}
}

// A repository can hold links in the place of the cache. Nothing is read,
// written or deleted behind them.
func TestCacheFollowsNoLink(t *testing.T) {
	for _, link := range []string{".parity", ".parity/cache", ".parity/cache/parts"} {
		t.Run(strings.ReplaceAll(link, "/", "-"), func(t *testing.T) {
			c, log := testCache(t)
			for _, outside := range []string{t.TempDir(), filepath.Join(c.app.Project, "src")} {
				checkLink(t, c, link, outside)
			}
			if !strings.Contains(log.String(), "the cache is not used") {
				t.Errorf("the log does not say it: %s", log)
			}
		})
	}
}

func checkLink(t *testing.T, c *cache, link, to string) {
	t.Helper()
	at := filepath.Join(c.app.Project, filepath.FromSlash(link))
	// Each directory that could be the one behind the link holds old files.
	for _, below := range []string{"", "parts", "cache/parts"} {
		dir := filepath.Join(to, filepath.FromSlash(below))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for i := range kept + 6 {
			if err := os.WriteFile(filepath.Join(dir, nameOf(i)), []byte("foreign"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	before := tree(t, to)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(at)
	if err := os.Symlink(to, at); err != nil {
		t.Skip("no symbolic links here")
	}
	c.write("parts", nameOf("new"), []byte("x"))
	if data, ok := c.read("parts", nameOf(1)); ok {
		t.Errorf("%q was read behind the link", data)
	}
	if after := tree(t, to); after != before {
		t.Errorf("behind the link there is %s now, was %s", after, before)
	}
}

// tree tells how many files are below a directory, and how large they are.
func tree(t *testing.T, dir string) string {
	t.Helper()
	files, size := 0, int64(0)
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files, size = files+1, size+info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d files of %d bytes", files, size)
}
