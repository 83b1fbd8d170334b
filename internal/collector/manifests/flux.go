package manifests

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/envparity/parity/internal/doc"
)

// fluxPaths keeps what the Flux Kustomizations of a repository build, for the
// sources of one run: each would have to look through all of it.
type fluxPaths struct {
	mu  sync.Mutex
	now time.Time
	by  map[string][]string // by repository
}

// Bounds of the search for Flux Kustomizations.
const (
	maxFluxFiles = 20_000
	maxFluxFile  = 256 << 10
)

// fluxReads reports whether a Kustomization of Flux in the same repository builds
// the directory. Flux builds with no restriction on which files of a repository
// a kustomization may name, where kustomize itself has one.
func (s *session) fluxReads(dir string) bool {
	return slices.ContainsFunc(s.fluxPaths(), func(at string) bool { return holds(at, dir) })
}

// fluxPaths lists the directories that Flux Kustomizations of the repository
// build.
func (s *session) fluxPaths() []string {
	top := s.top()
	f, key := &s.shared.flux, s.place.Display(top)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.by == nil || !f.now.Equal(s.in.Now) {
		f.by, f.now = map[string][]string{}, s.in.Now
	}
	paths, ok := f.by[key]
	if !ok {
		paths = s.findFlux(top)
		f.by[key] = paths
	}
	return paths
}

// findFlux looks for Flux Kustomizations below a directory.
func (s *session) findFlux(top string) []string {
	var found []string
	files := 0
	var visit func(dir string, depth int)
	visit = func(dir string, depth int) {
		entries, err := fs.ReadDir(s.place.FS, dir)
		if err != nil {
			return // what cannot be read says nothing of Flux
		}
		for _, e := range entries {
			at := path.Join(dir, e.Name())
			switch {
			case s.ctx.Err() != nil || files > maxFluxFiles:
				return
			case e.IsDir() && !hidden(e.Name()) && depth < maxTreeDepth:
				visit(at, depth+1)
			case e.Type().IsRegular() && isManifestName(at):
				files++
				if data, err := s.readFile(at, maxFluxFile); err == nil && bytes.Contains(data, []byte(fluxGroup)) {
					found = append(found, s.builtByFlux(top, data)...)
				}
			}
		}
	}
	visit(top, 0)
	return found
}

const fluxGroup = "kustomize.toolkit.fluxcd.io/"

// builtByFlux returns the directories of the repository that the Kustomizations
// of a file build. One that builds all of a repository may mean another one.
func (s *session) builtByFlux(top string, text []byte) []string {
	var found []string
	_ = doc.ParseYAML(bytes.NewReader(text), s.limits(), func(n *doc.Node, _ int) error {
		if n.Get("kind").Str() != "Kustomization" || !strings.HasPrefix(n.Get("apiVersion").Str(), fluxGroup) {
			return nil
		}
		at, ok := within(top, strings.TrimLeft(n.At("spec", "path").Str(), "/"))
		if ok && at != top && isDir(s.place.FS, at) {
			found = append(found, at)
		}
		return nil
	})
	return found
}
