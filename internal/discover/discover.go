package discover

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Bounds of the walk. A project's declarations lie near its top.
const (
	maxEntries = 50_000
	maxDepth   = 10
)

// skipped are directories that hold what others wrote, or what was built.
var skipped = []string{
	"node_modules", "vendor", "target", "dist", "build", "testdata", "__pycache__", "venv", "site-packages", "third_party",
	"tests", "e2e", "fixtures", "examples", "example", "samples", "docs",
}

// Discover looks for environments below root. The error is a parity.Error with
// a hint where there are fewer than two; what cannot be read is passed over.
func Discover(root fs.FS) (Plan, error) {
	f := &finder{fsys: root, left: maxEntries}
	f.walk(".", 0)
	f.resolveValues()
	if f.left <= 0 {
		f.notes = append(f.notes, "The directory is large; only its first 50,000 entries were looked at.")
	}
	p := plan(f.localCompose(f.settle(f.found)))
	p.Notes = append(f.notes, p.Notes...)
	return p, p.enough()
}

type finder struct {
	fsys  fs.FS
	left  int
	found []candidate
	notes []string
	// charts are the directories with a Chart.yaml, values the values files
	// whose chart is looked for among them.
	charts []string
	values []valuesFile
	// plain are the Compose files that name no environment, by directory.
	plain []candidate
}

// list reads a directory within the bounds: its directories and files.
func (f *finder) list(dir string) (dirs, files []string) {
	entries, err := fs.ReadDir(f.fsys, dir)
	if err != nil {
		return nil, nil
	}
	for _, e := range entries {
		if f.left--; f.left <= 0 {
			return dirs, files
		}
		switch name := e.Name(); {
		case e.IsDir():
			if !strings.HasPrefix(name, ".") && !slices.Contains(skipped, name) {
				dirs = append(dirs, name)
			}
		case e.Type().IsRegular():
			files = append(files, name)
		}
	}
	return dirs, files
}

// walk looks at a directory that is not one environment's.
func (f *finder) walk(dir string, depth int) {
	dirs, files := f.list(dir)
	chart := slices.Contains(files, "Chart.yaml")
	if chart {
		f.charts = append(f.charts, dir)
	}
	f.files(dir, files)
	if depth >= maxDepth {
		return
	}
	for _, name := range dirs {
		at := path.Join(dir, name)
		if chart && (name == "templates" || name == "charts" || name == "ci" || name == "crds") {
			continue
		}
		env, ok := environmentIn(name)
		if !ok || !f.environmentDir(dir, at, env) {
			f.walk(at, depth+1)
		}
	}
}

// environmentDir looks at a directory whose name tells of an environment, and
// tells whether it holds a source.
func (f *finder) environmentDir(parent, at string, env spelled) bool {
	if f.holdsManifests(at, 0) {
		if f.regions(parent, at, env) {
			return true
		}
		f.add(candidate{
			env: env, form: manifests, path: at, family: parent + " manifests " + familyOf(env), keep: env.rest == "",
			source: Source{Collector: "kubernetes-manifests", Keys: []Key{{Name: "path", Text: at}}},
		})
		return true
	}
	_, files := f.list(at)
	before := len(f.found) + len(f.values)
	f.directoryFiles(parent, at, env, files)
	return len(f.found)+len(f.values) > before
}

// regions makes an instance of every directory below, where all of them are
// named after regions.
func (f *finder) regions(parent, at string, env spelled) bool {
	dirs, files := f.list(at)
	if len(dirs) < 2 || slices.ContainsFunc(files, isYAML) {
		return false
	}
	for _, name := range dirs {
		if !isRegion(strings.ToLower(name)) || !f.holdsManifests(path.Join(at, name), 1) {
			return false
		}
	}
	for _, name := range dirs {
		below := path.Join(at, name)
		f.add(candidate{
			env: env, instance: name, form: manifests, path: below, family: parent + " manifests " + env.rest, keep: true,
			source: Source{Collector: "kubernetes-manifests", Keys: []Key{{Name: "path", Text: below}}},
		})
	}
	return true
}

// familyOf gives what a name shares with those of other environments. Regions
// are instances and no part of it.
func familyOf(env spelled) string {
	if isRegion(env.rest) {
		return ""
	}
	return env.rest
}

func (f *finder) add(c candidate) {
	if c.instance == "" && isRegion(c.env.rest) {
		c.instance = c.env.rest
	}
	f.found = append(f.found, c)
}

// holdsManifests tells whether a directory holds Kubernetes objects, a
// kustomization or a chart, a few levels deep.
func (f *finder) holdsManifests(dir string, depth int) bool {
	dirs, files := f.list(dir)
	for _, name := range files {
		if isKustomization(name) || name == "Chart.yaml" || f.isManifest(path.Join(dir, name)) {
			return true
		}
	}
	const deepest = 4
	return depth < deepest && slices.ContainsFunc(dirs, func(name string) bool {
		return f.holdsManifests(path.Join(dir, name), depth+1)
	})
}
