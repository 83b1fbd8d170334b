package place_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

var _ place.Root = (*place.Project)(nil)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func writeFile(t *testing.T, dir, name, content string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	git(t, dir, "init", "-q")
	writeFile(t, dir, "deploy/base/web.yaml", "old\n")
	writeFile(t, dir, "deploy/staging/kustomization.yaml", "resources: [../base]\n")
	writeFile(t, dir, "deploy/staging/ü ber\tall.yaml", "odd\n")
	writeFile(t, dir, "empty.txt", "")
	for link, to := range map[string]string{
		"deploy/link": "base", "deploy/staging/up.yaml": "../link/web.yaml", "out": "../../etc/passwd",
		"abs": "/etc/passwd", "loop1": "loop2", "loop2": "loop1", "dangling": "nowhere",
	} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "one")
	git(t, dir, "tag", "v1")
	writeFile(t, dir, "deploy/base/web.yaml", "new\n")
	git(t, dir, "commit", "-q", "-a", "-m", "two")
	return dir
}

func project(t *testing.T, dir string, opts ...place.Option) *place.Project {
	t.Helper()
	p := place.Dir(dir, opts...)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func read(t *testing.T, p place.Place, name string) string {
	t.Helper()
	data, err := fs.ReadFile(p.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "project/overlay/a.yaml", "a")
	writeFile(t, dir, "base/b.yaml", "b")
	writeFile(t, dir, ".git", "gitdir: elsewhere")
	root := project(t, filepath.Join(dir, "project"))
	for _, c := range []struct{ path, show string }{
		{"overlay", "overlay"},
		{"overlay/", "overlay"},
		{"./overlay/a.yaml", "overlay/a.yaml"},
		{".", "."},
		{"", "."},
		{"overlay/../../base", "../base"},
		{filepath.Join(dir, "project", "overlay"), "overlay"},
		{dir, ".."},
	} {
		p, err := root.Resolve(c.path)
		if err != nil {
			t.Errorf("Resolve(%q): %v", c.path, err)
			continue
		}
		if !fs.ValidPath(p.Path) || p.OnDisk == "" {
			t.Errorf("Resolve(%q) gives the path %q, on disk %q", c.path, p.Path, p.OnDisk)
		}
		if got := p.Show(); got != c.show {
			t.Errorf("Resolve(%q) shows %q, want %q", c.path, got, c.show)
		}
	}
	p, err := root.Resolve("overlay")
	if err != nil {
		t.Fatal(err)
	}
	// A base beside the project is reached from the overlay.
	if got := read(t, p, strings.TrimSuffix(p.Path, "project/overlay")+"base/b.yaml"); got != "b" {
		t.Errorf("the base holds %q", got)
	}
}

func TestMissing(t *testing.T) {
	dir := repository(t)
	root := project(t, dir)
	for _, c := range []struct {
		path, what, hint string
		code             parity.Code
	}{
		{"deploy/stagin", "no such file", "did you mean staging/ in deploy?", parity.CodeConfig},
		{"deploy/Base/web.yml", "no such file", "did you mean base/ in deploy?", parity.CodeConfig},
		{"deploy/xyz", "no such file", "there is base/, link, staging/ in deploy", parity.CodeConfig},
		{"a\x00b", "NUL", "", parity.CodeConfig},
		{"git:v1:deploy/stagin", "no such file", "did you mean staging/ in git:v1:deploy?", parity.CodeConfig},
		{"git:v1:nowhere/at/all", "no such file", "there is ", parity.CodeConfig},
		{"git:v9:deploy", "no revision v9", "fetch it", parity.CodeConfig},
		{"git:main", "wants a revision and a path", "git:main:deploy/staging", parity.CodeConfig},
		{"git::deploy", "wants a revision and a path", "", parity.CodeConfig},
		{"git:--output=x:deploy", "cannot begin with '-'", "", parity.CodeConfig},
		{"git:v1\nv2:deploy", "line end", "", parity.CodeConfig},
		{"git:v1:../x", "out of the repository", "", parity.CodeConfig},
		{"git:v1:loop1", "lead in a circle: loop1", "", parity.CodeConfig},
		{"git:v1:abs", "leads out of the repository: abs", "copy", parity.CodeConfig},
	} {
		_, err := root.Resolve(c.path)
		if err == nil || !strings.Contains(err.Error(), c.what) || parity.CodeOf(err) != c.code {
			t.Errorf("Resolve(%q): error is %v (%s), want one with %q (%s)", c.path, err, parity.CodeOf(err), c.what, c.code)
		}
		if hint := parity.HintOf(err); !strings.Contains(hint, c.hint) {
			t.Errorf("Resolve(%q): hint is %q, want one with %q", c.path, hint, c.hint)
		}
	}
}

func TestRevision(t *testing.T) {
	dir := repository(t)
	root := project(t, filepath.Join(dir, "deploy"))
	for _, c := range []struct{ path, file, want string }{
		{"git:v1:deploy/base", "deploy/base/web.yaml", "old\n"},
		{"git:HEAD:deploy/base", "deploy/base/web.yaml", "new\n"},
		{"git:main~1:deploy", "deploy/link/web.yaml", "old\n"},
		{"git:main:/deploy/staging/", "deploy/staging/up.yaml", "new\n"},
		{"git:main:.", "deploy/staging/ü ber\tall.yaml", "odd\n"},
		{"git:main:", "empty.txt", ""},
		{"git:" + git(t, dir, "rev-parse", "HEAD") + ":deploy", "deploy/base/web.yaml", "new\n"},
		{"git:HEAD^{tree}:deploy", "deploy/base/web.yaml", "new\n"},
	} {
		p, err := root.Resolve(c.path)
		if err != nil {
			t.Errorf("Resolve(%q): %v", c.path, err)
			continue
		}
		if got := read(t, p, c.file); got != c.want {
			t.Errorf("%s: %s holds %q, want %q", c.path, c.file, got, c.want)
		}
		if p.OnDisk != "" {
			t.Errorf("%s: it is on disk at %q", c.path, p.OnDisk)
		}
	}
	p, err := root.Resolve("git:v1:deploy/base")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Display("deploy/base/web.yaml"), "git:v1:deploy/base/web.yaml"; got != want {
		t.Errorf("it shows %q, want %q", got, want)
	}
	for _, name := range []string{"out", "abs", "loop1"} {
		if _, err := fs.ReadFile(p.FS, name); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("reading %s: %v, want an error that does not say it is absent", name, err)
		}
	}
	if _, err := fs.Stat(p.FS, "dangling"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("dangling: %v", err)
	}
	if _, err := fs.ReadDir(p.FS, "empty.txt"); err == nil {
		t.Error("a file is listed as a directory")
	}
	if _, err := fs.ReadFile(p.FS, "deploy"); err == nil {
		t.Error("a directory is read as a file")
	}
}

func TestRevisionIsAFileSystem(t *testing.T) {
	dir := repository(t)
	git(t, dir, "rm", "-q", "out", "abs", "loop1", "loop2", "dangling")
	git(t, dir, "commit", "-q", "-m", "three")
	p, err := project(t, dir).Resolve("git:HEAD:.")
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(p.FS, "deploy/base/web.yaml", "deploy/staging/up.yaml", "empty.txt"); err != nil {
		t.Error(err)
	}
}

func TestSubmoduleIsNotAbsent(t *testing.T) {
	dir := repository(t)
	git(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+git(t, dir, "rev-parse", "HEAD")+",vendor/base")
	git(t, dir, "commit", "-q", "-m", "three")
	root := project(t, dir)
	p, err := root.Resolve("git:HEAD:vendor/base")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadDir(p.FS, p.Path); err == nil || !strings.Contains(err.Error(), "submodule") {
		t.Errorf("error is %v, want one about the submodule", err)
	}
	if _, err := root.Resolve("git:HEAD:vendor/base/web.yaml"); err == nil || !strings.Contains(err.Error(), "submodule") {
		t.Errorf("error is %v, want one about the submodule", err)
	}
}

func TestSurroundingGitIsIgnored(t *testing.T) {
	dir, other := repository(t), repository(t)
	git(t, other, "tag", "only-here")
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	t.Setenv("GIT_WORK_TREE", other)
	root := project(t, dir)
	if _, err := root.Resolve("git:only-here:deploy"); err == nil {
		t.Error("GIT_DIR of a surrounding git was obeyed")
	}
}

func TestNoRepository(t *testing.T) {
	repository(t) // skips without git
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	_, err := project(t, dir).Resolve("git:main:x")
	if err == nil || !strings.Contains(err.Error(), "not in a git repository") || parity.CodeOf(err) != parity.CodeUnavailable {
		t.Errorf("error is %v", err)
	}
}

func TestNoGit(t *testing.T) {
	_, err := project(t, t.TempDir(), place.WithGit("no-such-git")).Resolve("git:main:x")
	if err == nil || !strings.Contains(err.Error(), "git is needed") || parity.HintOf(err) == "" {
		t.Errorf("error is %v", err)
	}
}

func TestConcurrentReads(t *testing.T) {
	root := project(t, repository(t))
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			p, err := root.Resolve("git:main:deploy")
			if err != nil {
				t.Error(err)
				return
			}
			for range 20 {
				if data, err := fs.ReadFile(p.FS, "deploy/base/web.yaml"); err != nil || string(data) != "new\n" {
					t.Errorf("read %q, %v", data, err)
				}
			}
		})
	}
	readers.Wait()
}

func TestCloseEndsReading(t *testing.T) {
	root := place.Dir(repository(t))
	p, err := root.Resolve("git:main:deploy")
	if err != nil {
		t.Fatal(err)
	}
	read(t, p, "deploy/base/web.yaml")
	if err := root.Close(); err != nil {
		t.Error(err)
	}
	if _, err := fs.ReadFile(p.FS, "deploy/base/web.yaml"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("error is %v, want fs.ErrClosed", err)
	}
	if err := root.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

// A repository's own configuration, which comes with it where it was packed as
// a whole, neither runs a program nor fetches what is missing from elsewhere.
func TestHostileRepository(t *testing.T) {
	dir := repository(t)
	ran := filepath.Join(t.TempDir(), "ran")
	origin := filepath.Join(t.TempDir(), "origin.git")
	git(t, dir, "clone", "-q", "--bare", dir, origin)
	git(t, origin, "config", "uploadpack.allowAnySHA1InWant", "true")
	missing := git(t, dir, "rev-parse", "v1:deploy/base/web.yaml")
	if err := os.Remove(filepath.Join(dir, ".git", "objects", missing[:2], missing[2:])); err != nil {
		t.Fatal(err)
	}
	run := "touch " + ran + "; git-upload-pack"
	for _, setting := range [][2]string{
		{"core.repositoryFormatVersion", "1"},
		{"extensions.partialClone", "origin"},
		{"remote.origin.promisor", "true"},
		{"remote.origin.url", origin},
		{"remote.origin.uploadpack", run},
		{"protocol.allow", "always"},
		{"protocol.file.allow", "always"},
		{"core.fsmonitor", "touch " + ran},
		{"core.pager", run},
		{"core.sshCommand", run},
		{"core.gitProxy", run},
		{"core.askPass", run},
		{"core.alternateRefsCommand", run},
		{"core.hooksPath", "."},
		{"alias.ls-tree", "!" + run},
		{"credential.helper", "!" + run},
	} {
		git(t, dir, "config", setting[0], setting[1])
	}
	p, err := project(t, dir).Resolve("git:v1:deploy")
	if err != nil {
		t.Fatal(err)
	}
	if data, err := fs.ReadFile(p.FS, "deploy/base/web.yaml"); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("the missing file holds %q: %v", data, err)
	}
	if got := read(t, p, "deploy/staging/kustomization.yaml"); got != "resources: [../base]\n" {
		t.Errorf("what is there holds %q", got)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("a program of the repository's configuration ran")
	}
	// Without the rule, it runs: the test would notice.
	if _, err := exec.CommandContext(t.Context(), "git", "-C", dir, "cat-file", "-p", missing).CombinedOutput(); err != nil {
		t.Logf("plain git: %v", err)
	}
	if _, err := os.Stat(ran); err != nil {
		t.Skip("this git does not fetch what is missing by itself")
	}
}
