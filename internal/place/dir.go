package place

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/envparity/parity"
)

// Project is the Root of a project's directory. It is safe for concurrent use.
type Project struct {
	dir string // absolute, in the operating system's spelling
	err error  // why dir could not be made absolute
	git string // the git binary
	ctx context.Context

	mu   sync.Mutex
	repo *repository
}

// Option changes how a Project works.
type Option func(*Project)

// WithGit names the git binary; "git" on the PATH if left out.
func WithGit(binary string) Option { return func(p *Project) { p.git = binary } }

// WithContext ends the git processes of the project when ctx is done.
func WithContext(ctx context.Context) Option { return func(p *Project) { p.ctx = ctx } }

// Dir is the root of the project in dir. Revisions are those of the git
// repository that holds dir. Close releases what it has started.
func Dir(dir string, opts ...Option) *Project {
	p := &Project{git: "git", ctx: context.Background()}
	p.dir, p.err = filepath.Abs(dir)
	for _, o := range opts {
		o(p)
	}
	return p
}

// Close ends the processes that read revisions. Places of revisions cannot be
// read afterwards; those on disk can.
func (p *Project) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.repo == nil {
		return nil
	}
	err := p.repo.close()
	p.repo = nil
	return err
}

// Resolve implements Root. A place that does not exist is a parity.Error of
// CodeConfig, one that cannot be reached is of CodeUnavailable.
func (p *Project) Resolve(name string) (Place, error) {
	if p.err != nil {
		return Place{}, unavailable(name, "the project's directory cannot be found", p.err)
	}
	if strings.ContainsRune(name, 0) {
		return Place{}, &parity.Error{Code: parity.CodeConfig, What: "a path cannot hold a NUL character"}
	}
	if rest, ok := strings.CutPrefix(name, "git:"); ok {
		return p.revision(name, rest)
	}
	return p.disk(name)
}

// disk resolves a path of the file system.
func (p *Project) disk(name string) (Place, error) {
	full := filepath.FromSlash(name)
	if !filepath.IsAbs(full) {
		full = filepath.Join(p.dir, full)
	}
	full = filepath.Clean(full)
	top := filepath.VolumeName(full) + string(filepath.Separator)
	within := filepath.ToSlash(strings.TrimPrefix(full, top))
	if within == "" {
		within = "."
	}
	place := Place{FS: os.DirFS(top), Path: within, OnDisk: full, Display: p.display(top)}
	if !fs.ValidPath(within) {
		return Place{}, &parity.Error{Code: parity.CodeConfig, Where: name, What: "this is not a path that can be read"}
	}
	return place, exists(place, name)
}

// display shows a path below top: relative to the project, or absolute where
// that is shorter.
func (p *Project) display(top string) func(string) string {
	return func(within string) string {
		full := filepath.Join(top, filepath.FromSlash(within))
		rel, err := filepath.Rel(p.dir, full)
		if err != nil || (!filepath.IsLocal(rel) && len(rel) > len(full)) {
			return filepath.ToSlash(full)
		}
		return filepath.ToSlash(rel)
	}
}

// exists tells why the place cannot be used, if so.
func exists(p Place, name string) error {
	_, err := fs.Stat(p.FS, p.Path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return &parity.Error{Code: parity.CodeConfig, Where: name, What: "there is no such file or directory", Hint: near(p), Err: fs.ErrNotExist}
	default:
		return unavailable(name, "it cannot be read", cause(err))
	}
}

func unavailable(where, what string, err error) error {
	return &parity.Error{Code: parity.CodeUnavailable, Where: where, What: what, Err: err}
}

// cause takes the path out of a path error: Where holds it already.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
