package app

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/place"
)

// An untrusted comparison obeys nothing of what it compares. Configuration,
// baseline and snapshots are those of a revision that is trusted, the base;
// sources read files of the working tree as data, and nothing else is read, run
// or asked.

// notRun begins the name of a source that an untrusted comparison does not
// read, and the reason of its gap. gate.allow can name all such gaps by it.
const notRun = "not run: "

// untrusted reports whether the comparison obeys a base rather than what is in
// the working tree.
func (a *App) untrusted() bool { return a.Base != "" }

// baseConfig loads parity.yaml as the base has it.
func (a *App) baseConfig() (*config.Config, error) {
	if strings.Contains(a.Base, ":") {
		return nil, &parity.Error{Code: parity.CodeUsage, Where: "--base", What: "a revision cannot hold a colon", Hint: "name a commit, a branch or a tag"}
	}
	data, err := a.baseFile(a.configPath(), config.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: a.show(a.configPath()), What: "is not at the base " + a.Base,
			Hint: "an untrusted check obeys the base alone: a first parity.yaml is merged by somebody who is trusted",
		}
	}
	if err != nil {
		return nil, atBase(a.Base, err)
	}
	cfg, err := config.Load(a.show(a.configPath())+" at "+a.Base, data, a.sourceConfigs())
	if err != nil {
		return nil, err
	}
	if cfg.Project == "" {
		cfg.Project = filepath.Base(a.Project)
	}
	// The base trusted its own links and paths with more; those of a change may
	// lead elsewhere.
	cfg.AllowOutside = false
	return cfg, nil
}

// given gives what resolves a file of the command line, and its name there. In
// an untrusted comparison a file of the repository is the base's.
func (a *App) given(file string) (root *place.Project, name string) {
	if a.untrusted() {
		if within, ok := a.withinRepository(file); ok {
			return place.Dir(a.Project), "git:" + a.Base + ":" + within
		}
	}
	return a.here(context.Background()), filepath.ToSlash(a.abs(file))
}

// atBase is the error of a base that cannot be read. Whatever the cause, the
// command cannot do what it was told to.
func atBase(base string, err error) error {
	return &parity.Error{Code: parity.CodeConfig, Where: "--base", What: "the base " + base + " cannot be read", Hint: parity.HintOf(err), Err: err}
}

// baseFile reads a file of the repository as the base has it.
func (a *App) baseFile(file string, limit int64) ([]byte, error) {
	within, ok := a.withinRepository(file)
	if !ok {
		return nil, &parity.Error{
			Code: parity.CodeUsage, Where: file, What: "is not in the git repository that holds the project",
			Hint: "an untrusted check reads it at the base",
		}
	}
	root := place.Dir(a.Project)
	defer root.Close()
	p, err := root.Resolve("git:" + a.Base + ":" + within)
	if err != nil {
		return nil, err
	}
	return p.ReadWithin(limit)
}

// withinRepository gives the path of a file from the top of the repository that
// holds the project. The file need not exist, and no link is followed but those
// above the project.
func (a *App) withinRepository(file string) (within string, ok bool) {
	rel, err := filepath.Rel(a.Project, a.abs(file))
	if err != nil {
		return "", false
	}
	project := a.Project
	if real, err := filepath.EvalSymlinks(project); err == nil {
		project = real
	}
	top, ok := place.RepositoryOf(project)
	if !ok {
		return "", false
	}
	within, err = filepath.Rel(top, filepath.Join(project, rel))
	return filepath.ToSlash(within), err == nil && filepath.IsLocal(within)
}

// filesAlone keeps of the sources those that read files and nothing else. What
// the others would say of what is declared is a gap; what they would say of
// what runs is no part of an untrusted comparison, and is listed.
func (p *planned) filesAlone(asked parity.Role) {
	var kept []collector.Configured
	for _, s := range p.sources {
		only, leftOut := s.FilesOnly()
		if leftOut != "" {
			p.notRun = append(p.notRun, parity.NotRun{Source: s.Name, Reason: leftOut})
			roles := s.Collector.Roles(s.Config)
			if only != nil || len(roles) == 0 || slices.Contains(roles, parity.Desired) || asked != "" && slices.Contains(roles, asked) {
				p.gaps = append(p.gaps, parity.Gap{
					Source: notRun + s.Name, Reason: notRun + leftOut,
					Hint: "a trusted run reads it; gate.allow accepts this gap by the source \"" + notRun + "*\"",
				})
			}
		}
		if only != nil {
			s.Config = only
			kept = append(kept, s)
		}
	}
	p.sources = kept
}

// unusable makes a gap of a source that cannot be laid out: in an untrusted
// comparison the files of sources are data, and that they are not as the base
// says is a finding.
func (p *planned) unusable(column parity.Column, s config.Source, err error) {
	why := err
	if inner := errors.Unwrap(err); inner != nil {
		why = inner // without the place in parity.yaml, which is the gap's
	}
	p.gaps = append(p.gaps, parity.Gap{
		Source: column.String() + ": " + s.Path, Where: s.Where, Hint: parity.HintOf(err),
		Reason: "a source of the base is not in the change: " + why.Error(),
	})
}

// recorder notes the paths that are resolved.
type recorder struct {
	place.Root
	mu    sync.Mutex
	named map[string]bool
}

func (r *recorder) Resolve(name string) (place.Place, error) {
	if !strings.HasPrefix(name, "git:") && !path.IsAbs(name) && filepath.IsLocal(filepath.FromSlash(name)) {
		r.mu.Lock()
		r.named[path.Clean(name)] = true
		r.mu.Unlock()
	}
	return r.Root.Resolve(name)
}

// recorded is a root whose paths are noted, if the comparison is untrusted.
func (a *App) recorded(root place.Root) place.Root {
	if !a.untrusted() {
		return root
	}
	return &recorder{Root: root, named: map[string]bool{}}
}

// account tells what an untrusted comparison has not obeyed, run or named; nil
// for a trusted one.
func (a *App) account(p *plan, req Request, root place.Root) *parity.Untrusted {
	r, ok := root.(*recorder)
	if !ok {
		return nil
	}
	u := &parity.Untrusted{Base: a.Base, NotRun: []parity.NotRun{}, Ignored: []string{}, Unnamed: a.unnamed(r)}
	for i := range p.columns {
		u.NotRun = append(u.NotRun, p.columns[i].notRun...)
	}
	for _, file := range []string{a.configPath(), req.Baseline} {
		if file != "" && a.differsFromBase(file, r) {
			u.Ignored = append(u.Ignored, a.show(a.abs(file)))
		}
	}
	return u
}

// differsFromBase reports whether a file of the working tree is not what the
// base has. One that cannot be read differs.
func (a *App) differsFromBase(file string, root place.Root) bool {
	old, err := a.baseFile(file, maxBaseline)
	if err != nil {
		return true
	}
	rel, err := filepath.Rel(a.Project, a.abs(file))
	if err != nil {
		return true
	}
	p, err := root.Resolve(filepath.ToSlash(rel))
	if err != nil {
		return true
	}
	now, err := p.Read(maxBaseline)
	return err != nil || !bytes.Equal(old, now)
}

// maxUnnamed is how many new directories are listed.
const maxUnnamed = 20

// unnamed lists the directories that are new beside those that the base's
// environments name, and that none of them names: what may be an environment
// that nobody compares.
func (a *App) unnamed(r *recorder) []string {
	r.mu.Lock()
	var named []string
	for n := range r.named {
		named = append(named, n)
	}
	r.mu.Unlock()
	slices.Sort(named)
	parents := map[string]bool{}
	out := []string{}
	for _, n := range named {
		parent := path.Dir(n)
		if n == "." || parents[parent] {
			continue
		}
		parents[parent] = true
		for _, dir := range a.newDirectories(r.Root, parent) {
			covered := func(n string) bool {
				return n == "." || n == dir || strings.HasPrefix(dir, n+"/") || strings.HasPrefix(n, dir+"/")
			}
			if !slices.ContainsFunc(named, covered) && len(out) < maxUnnamed {
				out = append(out, dir)
			}
		}
	}
	slices.Sort(out)
	return out
}

// newDirectories lists the directories below a directory of the project that
// the base has not.
func (a *App) newDirectories(root place.Root, parent string) []string {
	within, ok := a.withinRepository(filepath.Join(a.Project, filepath.FromSlash(parent)))
	if !ok {
		return nil
	}
	before := map[string]bool{}
	if p, err := root.Resolve("git:" + a.Base + ":" + within); err == nil {
		entries, err := fs.ReadDir(p.FS, p.Path)
		if err != nil {
			return nil
		}
		for _, e := range entries {
			before[e.Name()] = true
		}
	}
	p, err := root.Resolve(parent)
	if err != nil {
		return nil
	}
	entries, err := fs.ReadDir(p.FS, p.Path)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && !before[e.Name()] && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, path.Join(parent, e.Name()))
		}
	}
	return out
}
