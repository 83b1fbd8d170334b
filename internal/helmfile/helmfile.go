// Package helmfile reads what a helmfile declares for one environment: its
// releases with their charts and values. It runs nothing, and reads nothing but
// the files of one file system. Templates are evaluated with functions that look
// at nothing else; what depends on anything else is unknown, and is marked.
package helmfile

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// Options say what is read.
type Options struct {
	FS fs.FS
	// Path is a helmfile, or a directory that has one, within FS.
	Path string
	// Environment is the environment's name; DefaultEnvironment if empty.
	Environment string
	// Values are given from outside, over those of the environment.
	Values map[string]any
	// Variables are the environment variables that are known; all others are not.
	Variables map[string]string
	Limits    doc.Limits
}

// DefaultEnvironment is the environment that is meant where none is named.
const DefaultEnvironment = "default"

// State is what a helmfile declares for one environment.
type State struct {
	Releases []Release
	// Lost is what could not be read or is not known.
	Lost []Loss
	// Environments are the names that the helmfile declares, in order.
	Environments []string
}

// Release is one release of a chart.
type Release struct {
	Name, Namespace string
	// Chart is the chart's name or address; Local is its directory within the
	// file system, where it is one.
	Chart, Local, Repository, Version string
	// Values are the layers of its values, the weakest first.
	Values []Layer
	// Set are single values over all layers.
	Set []Setting
	// File is the helmfile that declares it.
	File string
	// KubeVersion and APIVersions are what the chart is told.
	KubeVersion string
	APIVersions []string
}

// Layer is one file of values, or values that stand in a helmfile or come of a
// template.
type Layer struct {
	File   string
	Inline map[string]any // nil: those of File as it is
}

// Setting is one value as helm's --set has it, or --set-string.
type Setting struct {
	Name, Value string
	Text        bool
}

// Loss is something that is not known. Release is the release that it is about,
// or empty where it is about all.
type Loss struct{ Where, Reason, Hint, Release string }

// Bounds of what is read.
const (
	maxFiles    = 2000
	maxDepth    = 10
	maxParts    = 100
	maxReleases = 5000
	maxLosses   = 200
)

// reader reads a helmfile and those that it names.
type reader struct {
	Options
	files int
	out   State
	// given are the values that a helmfile is given by the one that names it.
	given map[string]any
	// declared says that a helmfile declares the environment.
	declared bool
}

// Read reads a helmfile. An error says that nothing of it could be read.
func Read(o Options) (*State, error) {
	if o.Environment == "" {
		o.Environment = DefaultEnvironment
	}
	r := &reader{Options: o, given: o.Values}
	files, err := r.entry(o.Path)
	if err != nil {
		return nil, err
	}
	for _, at := range files {
		if err := r.helmfile(at, 0); err != nil {
			return nil, err
		}
	}
	if !r.declared && o.Environment != DefaultEnvironment && (len(r.out.Environments) > 0 || len(r.out.Lost) == 0) {
		return nil, errNoEnvironment
	}
	return &r.out, nil
}

// The errors of Read. They quote nothing.
var (
	errNoEnvironment = errors.New("the helmfile declares no such environment")
	errNoFile        = errors.New("there is no helmfile here")
	errLarge         = errors.New("a file is too large")
	errMany          = errors.New("the helmfile names too many files")
	errNotYAML       = errors.New("it is not YAML as helmfile reads it")
	errOutside       = errors.New("it names a path that leads out of what is read")
)

// NoEnvironment reports whether Read failed because the helmfile declares no
// environment of the name.
func NoEnvironment(err error) bool { return errors.Is(err, errNoEnvironment) }

// names are those of a helmfile in a directory.
var names = []string{"helmfile.yaml.gotmpl", "helmfile.yaml", "helmfile.yml.gotmpl", "helmfile.yml"}

// InDirectory returns the helmfiles that stand for a directory.
func InDirectory(fsys fs.FS, dir string) []string {
	for _, name := range names {
		if at := path.Join(dir, name); regular(fsys, at) {
			return []string{at}
		}
	}
	if at := path.Join(dir, "helmfile.d"); len(stateFiles(fsys, at)) > 0 {
		return stateFiles(fsys, at)
	}
	if path.Base(dir) == "helmfile.d" {
		return stateFiles(fsys, dir)
	}
	return nil
}

// stateFiles are the helmfiles of a directory of such, in order.
func stateFiles(fsys fs.FS, dir string) []string {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".gotmpl")
		if ext := path.Ext(name); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
			out = append(out, path.Join(dir, e.Name()))
		}
	}
	slices.Sort(out)
	return out
}

func regular(fsys fs.FS, at string) bool {
	info, err := fs.Stat(fsys, at)
	return err == nil && !info.IsDir()
}

// entry lists the helmfiles that a path stands for.
func (r *reader) entry(at string) ([]string, error) {
	if regular(r.FS, at) {
		return []string{at}, nil
	}
	if files := InDirectory(r.FS, at); len(files) > 0 {
		return files, nil
	}
	return nil, errNoFile
}

// read reads one file.
func (r *reader) read(at string) ([]byte, error) {
	if r.files++; r.files > maxFiles {
		return nil, errMany
	}
	f, err := r.FS.Open(at)
	if err != nil {
		return nil, fs.ErrNotExist
	}
	defer f.Close()
	limit := r.Limits.Bytes
	if limit <= 0 {
		limit = 16 << 20
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = errLarge
	}
	return data, err
}

// lose notes what is not known.
func (r *reader) lose(l Loss) {
	if len(r.out.Lost) < maxLosses && !slices.Contains(r.out.Lost, l) {
		r.out.Lost = append(r.out.Lost, l)
	}
}

// within joins a path to the directory of a file.
func within(file, rel string) (string, error) {
	at := path.Join(path.Dir(file), rel)
	if strings.HasPrefix(rel, "/") || !fs.ValidPath(at) {
		return "", errOutside
	}
	return at, nil
}

// guard turns a panic of a library into an error.
func guard(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errNotYAML
		}
	}()
	return f()
}
