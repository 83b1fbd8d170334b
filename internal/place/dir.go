package place

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	"github.com/envparity/parity"
)

// Project is the Root of a project's directory. It is safe for concurrent use.
//
// Paths on disk are read below one directory, the top, links included: the git
// repository that holds the project, else the project's directory.
type Project struct {
	dir     string // absolute, in the operating system's spelling
	err     error  // why dir could not be made absolute
	git     string // the git binary
	ctx     context.Context
	given   bool
	own     bool
	outside bool
	holder  string // the top, if it is not given
	scope   scope

	mu    sync.Mutex
	repo  *repository
	disks map[string]*disk // by top
}

// Option changes how a Project works.
type Option func(*Project)

// WithGit names the git binary; "git" on the PATH if left out.
func WithGit(binary string) Option { return func(p *Project) { p.git = binary } }

// WithContext ends the git processes of the project when ctx is done.
func WithContext(ctx context.Context) Option { return func(p *Project) { p.ctx = ctx } }

// WithOutside lets paths, and links, lead out of the project's repository if
// allowed is set. What is no regular file is refused in any case.
func WithOutside(allowed bool) Option { return func(p *Project) { p.outside = allowed } }

// WithOwn lets what git and Parity keep for themselves be read.
func WithOwn() Option { return func(p *Project) { p.own = true } }

// AsGiven says that the paths to resolve are those that a person names, who
// may name any: the top of each is the repository that holds it, else the
// Project's directory where that holds it, else the directory itself, or that
// of the file.
func AsGiven() Option { return func(p *Project) { p.given = true } }

// Dir is the root of the project in dir. Revisions are those of the git
// repository that holds dir. Close releases what it has started.
func Dir(dir string, opts ...Option) *Project {
	p := &Project{git: "git", ctx: context.Background(), disks: map[string]*disk{}}
	p.dir, p.err = filepath.Abs(dir)
	for _, o := range opts {
		o(p)
	}
	p.settle()
	return p
}

// Close ends the processes that read revisions. Places of revisions cannot be
// read afterwards; those on disk can.
func (p *Project) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, d := range p.disks {
		errs = append(errs, d.close())
	}
	if p.repo != nil {
		errs = append(errs, p.repo.close())
		p.repo = nil
	}
	return errors.Join(errs...)
}

// Resolve implements Root. A place that does not exist, or that leads out of
// the top, is a parity.Error of CodeConfig, one that cannot be reached is of
// CodeUnavailable.
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
	return p.resolve(name)
}

// UserFile resolves the path of a file that belongs to whoever runs Parity, and
// not to what is compared: a kubeconfig, a token, certificates. An absolute path
// may be anywhere on the disk, as long as it is a regular file; any other is
// resolved as root does it.
func UserFile(root Root, name string) (Place, error) {
	full := filepath.FromSlash(name)
	if !filepath.IsAbs(full) {
		return root.Resolve(name)
	}
	return Dir(filepath.Dir(full), WithOutside(true)).Resolve(name)
}

// resolve resolves a path of the file system.
func (p *Project) resolve(name string) (Place, error) {
	full := filepath.FromSlash(name)
	if !filepath.IsAbs(full) {
		full = filepath.Join(p.dir, full)
	}
	full = filepath.Clean(full)
	d := p.disk(full)
	if _, ok := inside(d.top, full); !ok {
		real, ok := otherSpelling(d.top, full)
		if !ok {
			return Place{}, d.scope.outside(name)
		}
		full = real
	}
	within := inVolume(full)
	place := Place{FS: d, Path: within, OnDisk: full, Display: d.display}
	if !fs.ValidPath(within) {
		return Place{}, &parity.Error{Code: parity.CodeConfig, Where: name, What: "this is not a path that can be read"}
	}
	return place, exists(place, name)
}

// disk gives the file system for a path: one for all that have the same top.
func (p *Project) disk(full string) *disk {
	top, s := p.topOf(full)
	p.mu.Lock()
	defer p.mu.Unlock()
	d := p.disks[top]
	if d == nil {
		d = &disk{top: top, below: inVolume(top), scope: s, own: p.own, display: p.display(volume(top))}
		p.disks[top] = d
	}
	return d
}

// volume is the root of a path's volume.
func volume(full string) string { return filepath.VolumeName(full) + string(filepath.Separator) }

// inVolume is an absolute path as one of the file system of its volume.
func inVolume(full string) string {
	within := filepath.ToSlash(strings.TrimPrefix(full, volume(full)))
	if within == "" {
		return "."
	}
	return within
}

// display shows a path below a volume's root: relative to the project, or
// absolute where that is shorter.
func (p *Project) display(root string) func(string) string {
	return func(within string) string {
		full := filepath.Join(root, filepath.FromSlash(within))
		rel, err := filepath.Rel(p.dir, full)
		if err != nil || (!filepath.IsLocal(rel) && len(rel) > len(full)) {
			return filepath.ToSlash(full)
		}
		return filepath.ToSlash(rel)
	}
}

// exists returns why the place cannot be used, if so.
func exists(p Place, name string) error {
	info, err := fs.Stat(p.FS, p.Path)
	if err == nil {
		err = checkMode(name, info.Mode())
	}
	if r := Refused(err); r != nil {
		return r
	}
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
