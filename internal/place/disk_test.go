package place_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// held lays out a repository with a file beside it, and links of all kinds.
func held(tb testing.TB) (repo string) {
	tb.Helper()
	dir := tb.TempDir()
	repo = filepath.Join(dir, "repo")
	for name, text := range map[string]string{
		"secret": "s3cret", "other/secret": "s3cret", "repo/.git/config": "s3cret", "repo/.parity/key": "s3cret",
		"repo/.parity/notes": "open", "repo/a/b/c": "open", "repo/a/d": "open",
	} {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o750), os.WriteFile(full, []byte(text), 0o600)); err != nil {
			tb.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		"up": "..", "file-out": "../secret", "dir-out": "../other", "abs-out": filepath.Join(dir, "secret"), "git": ".git/config",
		"key": ".parity/key", "in": "a/b/c", "dir-in": "a/b", "abs-in": filepath.Join(repo, "a"), "a/back": "../dir-in/c",
		"round": "../repo/a/d", "behind": "dir-in/../d", "behind-out": "dir-in/../../../secret", "behind-abs": filepath.Join(repo, "dir-in") + "/../d",
		"behind-nothing": "nowhere/../a/d", "behind-file": "a/d/../d", "loop": "loop", "dangling": "nowhere", "chain": "up/secret",
	} {
		if err := os.Symlink(to, filepath.Join(repo, filepath.FromSlash(link))); err != nil {
			tb.Skip("no symbolic links here")
		}
	}
	return repo
}

func TestHeldByTheRepository(t *testing.T) {
	repo := held(t)
	root := project(t, filepath.Join(repo, "a"))
	for _, c := range []struct{ path, refusal string }{
		{"d", ""},
		{"back", ""},
		{"../in", ""},
		{"../dir-in/c", ""},
		{"../abs-in/b/c", ""},
		{"../round", ""},
		{"b/../../in", ""},
		{"../behind", ""},
		{"../behind-abs", ""},
		{"../behind-out", "this symbolic link leads out of the repository: ../behind-out"},
		{filepath.Join(repo, "a", "d"), ""},
		{"../.parity/notes", ""},
		{"../file-out", "this symbolic link leads out of the repository: ../file-out"},
		{"../dir-out/secret", "this symbolic link leads out of the repository: ../dir-out"},
		{"../abs-out", "this symbolic link leads out of the repository: ../abs-out"},
		{"../up/secret", "this symbolic link leads out of the repository: ../up"},
		{"../chain", "this symbolic link leads out of the repository: ../up"},
		{"../../secret", "the path leads out of the repository: ../../secret"},
		{filepath.Join(repo, "..", "secret"), "the path leads out of the repository: "},
		{"../loop", "lead in a circle: ../loop"},
		{"../git", "which is not read: ../git"},
		{"../.git/config", "which is not read: ../.git/config"},
		{"../key", "which is not read: ../key"},
		{"../.parity/key", "which is not read"},
	} {
		p, err := root.Resolve(c.path)
		text := ""
		if err == nil {
			var data []byte
			data, err = p.Read(100)
			text = string(data)
		}
		refused := place.Refused(err)
		switch {
		case c.refusal == "" && (err != nil || text != "open"):
			t.Errorf("%s holds %q: %v", c.path, text, err)
		case c.refusal != "" && (refused == nil || !strings.Contains(err.Error(), c.refusal) || text != ""):
			t.Errorf("%s: %v, want a refusal with %q", c.path, err, c.refusal)
		case refused != nil && parity.CodeOf(refused) != parity.CodeConfig:
			t.Errorf("%s: the code is %s", c.path, parity.CodeOf(refused))
		}
	}
}

func TestWithOutside(t *testing.T) {
	repo := held(t)
	root := project(t, repo, place.WithOutside(true))
	for _, name := range []string{"../secret", "file-out", "up/secret", "abs-out", filepath.Join(repo, "..", "secret")} {
		p, err := root.Resolve(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := read(t, p, p.Path); got != "s3cret" {
			t.Errorf("%s holds %q", name, got)
		}
	}
}

// A path that a person names has the repository that holds it as its top, the
// directory where the person is, or itself.
func TestGiven(t *testing.T) {
	repo := held(t)
	outer := filepath.Dir(repo)
	for _, c := range []struct {
		from, path, beyond string
		ok                 bool
	}{
		{repo, "a/d", "../in", true},
		{repo, "../secret", "other/secret", true},
		{outer, "other/secret", "../secret", true},
		{outer, "repo/a", "../secret", false},
		{outer, "repo/a", "../secret", false},
		{filepath.Join(outer, "other"), filepath.Join(outer, "secret"), "other/secret", true},
		{filepath.Join(outer, "other"), filepath.Join(outer, "repo", "a"), "../secret", false},
		{repo, filepath.Join(outer, "other"), "../secret", false},
	} {
		root := project(t, c.from, place.AsGiven())
		p, err := root.Resolve(c.path)
		if err != nil {
			t.Errorf("%s at %s: %v", c.path, c.from, err)
			continue
		}
		_, err = fs.Stat(p.FS, path.Join(path.Dir(p.Path), c.beyond))
		if _, in := fs.Stat(p.FS, path.Join(p.Path, c.beyond)); in == nil {
			err = nil
		}
		if c.ok != (err == nil) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s beyond %s at %s: %v", c.beyond, c.path, c.from, err)
		}
	}
}

// A project that is reached through a link has its repository all the same.
func TestProjectBehindALink(t *testing.T) {
	repo := held(t)
	link := filepath.Join(t.TempDir(), "project")
	if err := os.Symlink(filepath.Join(repo, "a"), link); err != nil {
		t.Skip("no symbolic links here")
	}
	for _, name := range []string{"d", "../in"} {
		p, err := project(t, link).Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, p, p.Path); got != "open" {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if _, err := project(t, link).Resolve("../../secret"); place.Refused(err) == nil {
		t.Errorf("the file beside the repository: %v", err)
	}
}

// A link means what it means to the operating system.
func TestParentsBehindNames(t *testing.T) {
	repo := held(t)
	root := project(t, repo)
	for _, name := range []string{"behind-nothing", "behind-file"} {
		if p, err := root.Resolve(name); err == nil {
			t.Errorf("%s is found: %s", name, p.Path)
		}
		if _, err := os.Stat(filepath.Join(repo, name)); err == nil {
			t.Errorf("the operating system finds %s", name)
		}
	}
}

// The file system keeps the contract of io/fs, links out of it aside.
func TestDiskIsAFileSystem(t *testing.T) {
	repo := held(t)
	for _, link := range []string{"up", "file-out", "dir-out", "abs-out", "git", "key", "loop", "dangling", "chain", "behind-out", "behind-nothing", "behind-file", ".git", ".parity"} {
		if err := os.RemoveAll(filepath.Join(repo, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(repo, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := project(t, repo).Resolve("a")
	if err != nil {
		t.Fatal(err)
	}
	below, err := fs.Sub(p.FS, p.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(below, "b/c", "d"); err != nil {
		t.Error(err)
	}
}

// More directories than stay open are read at once.
func TestManyDirectories(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 60 {
		name := strings.Repeat("x", i+1) + "/file"
		writeFile(t, dir, name, name)
		names = append(names, name)
	}
	root := project(t, dir)
	p, err := root.Resolve(".")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for range 8 {
		go func() {
			var errs []error
			for _, name := range slices.Concat(names, names) {
				data, err := fs.ReadFile(p.FS, path.Join(p.Path, name))
				if err == nil && string(data) != name {
					err = errors.New("another file was read for " + name)
				}
				errs = append(errs, err)
			}
			done <- errors.Join(errs...)
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if err := root.Close(); err != nil {
		t.Error(err)
	}
	if got := read(t, p, path.Join(p.Path, names[0])); got != names[0] {
		t.Errorf("after closing, the file holds %q", got)
	}
}

func TestReadWithin(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "a", "12345")
	p, err := project(t, dir).Resolve("a")
	if err != nil {
		t.Fatal(err)
	}
	if data, err := p.ReadWithin(5); err != nil || string(data) != "12345" {
		t.Errorf("within the limit: %q, %v", data, err)
	}
	if data, err := p.ReadWithin(4); err == nil || data != nil || !strings.Contains(err.Error(), "a: the file is larger than 4 bytes") {
		t.Errorf("beyond the limit: %q, %v", data, err)
	}
}

// Whatever a path and the links on it spell, nothing outside of the repository
// is found or read, nor what git and Parity keep for themselves.
func FuzzResolve(f *testing.F) {
	repo := held(f)
	for _, seed := range [][2]string{
		{"a/d", "a"},
		{"l", "../secret"},
		{"l/secret", ".."},
		{"l/l/a", "."},
		{"../repo/l", "/etc/passwd"},
		{"a/../../secret", "x"},
		{"l", ".git/config"},
		{"L", "./.GIT/config"},
		{"l/key", "a/../.parity"},
		{"up/repo/up/secret", "x"},
		{"l", "0/.."},
		{"l", "dir-in/../../.git/config"},
		{"l", "a/dir-in/../.."},
		{"l/d", "../repo/a"},
		{"l", "l"},
	} {
		f.Add(seed[0], seed[1])
	}
	real, err := filepath.EvalSymlinks(repo)
	if err != nil {
		f.Fatal(err)
	}
	link := filepath.Join(repo, "l")
	f.Fuzz(func(t *testing.T, name, target string) {
		_ = os.Remove(link)
		if os.Symlink(target, link) != nil || strings.HasPrefix(name, "git:") {
			return
		}
		root := place.Dir(repo)
		defer root.Close()
		p, err := root.Resolve(name)
		if err != nil {
			return
		}
		if full, err := filepath.EvalSymlinks(p.OnDisk); err == nil && full != real && !strings.HasPrefix(full, real+string(filepath.Separator)) {
			t.Errorf("Resolve(%q) with a link to %q leads to %s", name, target, full)
		}
		for _, at := range []string{p.Path, path.Join(p.Path, name), path.Join(p.Path, target), path.Join(p.Path, "../secret")} {
			if data, err := fs.ReadFile(p.FS, at); err == nil && strings.Contains(string(data), "s3cret") {
				t.Errorf("%q, with a link to %q, reads what is outside", at, target)
			}
		}
	})
}

// TestUserFile holds that a file of the user may be anywhere by its absolute
// path, that it is a regular file, and that other paths stay in the repository.
func TestUserFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "repo", ".git"), 0o750); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(dir, "token")
	if err := os.WriteFile(outside, []byte("t"), 0o600); err != nil {
		t.Fatal(err)
	}
	root := place.Dir(filepath.Join(dir, "repo"))
	if p, err := place.UserFile(root, filepath.ToSlash(outside)); err != nil || p.OnDisk != outside {
		t.Errorf("the absolute path: %q, %v", p.OnDisk, err)
	}
	if _, err := place.UserFile(root, "../token"); err == nil {
		t.Error("a relative path led out of the repository")
	}
	if runtime.GOOS != "windows" {
		if p, err := place.UserFile(root, "/dev/zero"); err == nil {
			if _, err := p.Read(10); err == nil {
				t.Error("a device was read")
			}
		}
	}
}
