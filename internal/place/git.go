package place

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"

	"github.com/envparity/parity"
)

// repository is the git repository that holds a project, with the process
// that reads its blobs.
type repository struct {
	ctx  context.Context
	git  string
	dir  string
	mu   sync.Mutex // guards trees
	tree map[string]*tree

	blobs blobReader
}

// revision resolves "REV:path".
func (p *Project) revision(name, rest string) (Place, error) {
	rev, within, ok := strings.Cut(rest, ":")
	if !ok || rev == "" {
		return Place{}, &parity.Error{
			Code: parity.CodeConfig, Where: name,
			What: "a git path wants a revision and a path", Hint: "write git:REV:path, such as git:main:deploy/staging",
		}
	}
	if strings.HasPrefix(rev, "-") || strings.ContainsAny(rev, "\n\r") {
		return Place{}, &parity.Error{Code: parity.CodeConfig, Where: name, What: "a git revision cannot begin with '-' or hold a line end"}
	}
	clean := path.Clean("./" + strings.TrimLeft(within, "/"))
	if !fs.ValidPath(clean) {
		return Place{}, &parity.Error{
			Code: parity.CodeConfig, Where: name, What: "the path leads out of the repository",
			Hint: "the path of a git revision begins at the repository's top",
		}
	}
	repo := p.repository()
	t, err := repo.open(name, rev)
	if err != nil {
		return Place{}, err
	}
	place := Place{FS: t, Path: clean, Display: func(s string) string { return "git:" + rev + ":" + s }}
	return place, exists(place, name)
}

func (p *Project) repository() *repository {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.repo == nil {
		// From its top, as a directory below it could look like a repository.
		dir := p.dir
		if top, ok := RepositoryOf(dir); ok {
			dir = top
		}
		p.repo = &repository{ctx: p.ctx, git: p.git, dir: dir, tree: map[string]*tree{}}
		p.repo.blobs.command = p.repo.command
	}
	return p.repo
}

// open reads the tree of a revision; one that was read is kept.
func (r *repository) open(name, rev string) (*tree, error) {
	id, err := r.run("rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{tree}")
	if err != nil {
		return nil, r.explain(name, rev, err)
	}
	oid := strings.TrimSpace(string(id))
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := r.tree[oid]; t != nil {
		return t, nil
	}
	list, err := r.run("ls-tree", "--full-tree", "-r", "-z", "-l", oid)
	if err != nil {
		return nil, unavailable(name, "git cannot list the revision", err)
	}
	t, err := parseTree(list, r.blobs.read)
	if err != nil {
		return nil, unavailable(name, "git's listing of the revision cannot be used", err)
	}
	r.tree[oid] = t
	return t, nil
}

// explain says which of the usual causes kept git from finding a revision.
func (r *repository) explain(name, rev string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return &parity.Error{
			Code: parity.CodeUnavailable, Where: name, What: "git is needed to read a revision, and was not found",
			Hint: "install git, or name a path on disk", Err: err,
		}
	}
	if ctxErr := r.ctx.Err(); ctxErr != nil {
		return unavailable(name, "reading the revision was interrupted", ctxErr)
	}
	top, topErr := r.run("rev-parse", "--git-dir")
	if topErr != nil || len(top) == 0 {
		hint := "run parity in a clone of the repository"
		if strings.Contains(topErr.Error(), "safe.directory") || strings.Contains(topErr.Error(), "dubious ownership") {
			hint = "git does not trust the owner of this directory: run as its owner (docker run --user), or tell git with git config --global --add safe.directory " + r.dir
		}
		return &parity.Error{Code: parity.CodeUnavailable, Where: name, What: "the project is not in a git repository that can be read", Hint: hint, Err: topErr}
	}
	hint := "fetch it first, or check its spelling"
	if shallow, err := r.run("rev-parse", "--is-shallow-repository"); err == nil && strings.TrimSpace(string(shallow)) == "true" {
		hint = "the clone is shallow: fetch the revision, for example git fetch --depth=1 origin " + rev
	}
	return &parity.Error{Code: parity.CodeConfig, Where: name, What: "git knows no revision " + rev, Hint: hint}
}

// run runs git and gives its standard output. The error of a failing git
// holds the first line that it complained with.
func (r *repository) run(args ...string) ([]byte, error) {
	cmd := r.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		if first != "" {
			return nil, errors.New(first)
		}
		return nil, err
	}
	return out, nil
}

// command prepares git for reading: no prompt, no pager, no hook, no lock, no
// replaced object, no transport and so no object fetched from elsewhere, no
// repository in the place of a plain directory, and none of the variables by
// which a surrounding git (a hook, an alias) points at another repository.
func (r *repository) command(args ...string) *exec.Cmd {
	fixed := []string{
		"--no-pager", "--no-replace-objects", "--literal-pathspecs", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.fsmonitor=false",
		"-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit",
	}
	cmd := exec.CommandContext(r.ctx, r.git, append(fixed, args...)...)
	cmd.Dir = r.dir
	cmd.Env = environment(os.Environ())
	return cmd
}

// keptVariables are those of git's variables that say where its configuration
// is and how far it may look for a repository.
var keptVariables = map[string]bool{
	"GIT_CONFIG_GLOBAL": true, "GIT_CONFIG_SYSTEM": true, "GIT_CONFIG_NOSYSTEM": true,
	"GIT_CEILING_DIRECTORIES": true, "GIT_DISCOVERY_ACROSS_FILESYSTEM": true,
}

func environment(env []string) []string {
	out := make([]string, 0, len(env)+4)
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		if (strings.HasPrefix(name, "GIT_") && !keptVariables[name]) || name == "LC_ALL" || name == "LANGUAGE" {
			continue
		}
		out = append(out, kv)
	}
	return append(
		out, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_ASKPASS=",
		// An empty list of protocols goes before what any configuration allows.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=",
	)
}

func (r *repository) close() error { return r.blobs.close() }
