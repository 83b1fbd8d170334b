package atomicfile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
)

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names lists a directory: nothing that was begun may be left in it.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func TestReplace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	for _, text := range []string{"one", "two", ""} {
		if err := atomicfile.Replace(file, "a", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := content(t, file); got != text {
			t.Errorf("the file holds %q, want %q", got, text)
		}
	}
	if got := names(t, dir); got != "a" {
		t.Errorf("the directory holds %s", got)
	}
}

func TestReplaceKeepsTheMode(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	want, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(file, "a", []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := os.Stat(file); err != nil || got.Mode() != want.Mode() {
		t.Errorf("the mode is %v (%v), want %v", got.Mode(), err, want.Mode())
	}
}

func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	outside := t.TempDir()
	for _, err := range []error{
		os.WriteFile(victim, []byte("whole"), 0o600),
		os.Mkdir(filepath.Join(dir, ".git"), 0o700),
		os.Mkdir(filepath.Join(dir, "directory"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link": victim, "relative": "victim", "dangling": "nowhere", "out": outside} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	for name, want := range map[string]string{
		"link": "symbolic link", "relative": "symbolic link", "dangling": "symbolic link", "directory": "is a directory",
		"out/a": "cannot write", "missing/a": "cannot write",
	} {
		for _, write := range []func(string, string, []byte, fs.FileMode) error{atomicfile.Replace, atomicfile.WriteOutput} {
			err := write(filepath.Join(dir, filepath.FromSlash(name)), name, []byte("x"), 0o600)
			if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), name+": ") || parity.CodeOf(err) != parity.CodeUsage {
				t.Errorf("writing %s: %v, want %q", name, err, want)
			}
		}
	}
	if err := atomicfile.Dir(filepath.Join(dir, "out", "deep"), "out/deep", 0o700); err == nil {
		t.Error("a directory was made behind a link out of the repository")
	}
	if got := content(t, victim) + names(t, outside); got != "whole" {
		t.Errorf("behind the links there is %q", got)
	}
	if got := names(t, dir); got != ".git dangling directory link out relative victim" {
		t.Errorf("the directory holds %s", got)
	}
}

// Whoever reads while others write sees one of the texts, whole.
func TestConcurrentWrites(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	texts := [][]byte{bytes.Repeat([]byte("x"), 1<<16), bytes.Repeat([]byte("y"), 1<<15)}
	if err := atomicfile.Replace(file, "a", texts[0], 0o600); err != nil {
		t.Fatal(err)
	}
	var writing sync.WaitGroup
	for i := range 4 {
		writing.Go(func() {
			for range 10 {
				if err := atomicfile.Replace(file, "a", texts[i%2], 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 50 {
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, texts[0]) && !bytes.Equal(got, texts[1]) {
			t.Fatalf("%d bytes were read: %v", len(got), err)
		}
	}
	writing.Wait()
	if got := names(t, dir); got != "a" {
		t.Errorf("the directory holds %s", got)
	}
}

func TestIn(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := atomicfile.In(root, "a", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.In(root, "../a", []byte("x"), 0o600); err == nil {
		t.Error("a file was made outside of the directory")
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "a")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
