package manifests

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// entry is an object of a tree that brings others.
type entry struct {
	d       *deployment
	file    string
	targets []string // directories of the repository that it builds
}

// deployed takes out of a tree what the objects in it that bring others build,
// since that is read when they are followed, and what none of them builds: it is
// there, but not deployed. A directory that holds such objects is read. Where
// one of them builds the whole tree, it is returned instead.
func (s *session) deployed(dir string, w *walk) (root *deployment, err error) {
	var entries []entry
	for _, at := range s.manifestsBelow(dir) {
		found, err := s.entries(at)
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	for i, e := range entries {
		if e.d.kind != "Kustomization" {
			continue
		}
		if at, ok := s.fluxAt(e.d); ok {
			entries[i].targets = []string{at}
		}
	}
	for _, e := range entries {
		if e.d.kind == "Kustomization" && slices.Contains(e.targets, dir) && e.d.node.At("spec", "suspend").Str() != "true" {
			return e.d, nil
		}
	}
	if len(entries) == 0 {
		return nil, nil
	}
	w.files = keepIf(w.files, func(at string) bool {
		return !built(entries, dir, at) && (path.Dir(at) == dir || slices.ContainsFunc(entries, func(e entry) bool { return path.Dir(e.file) == path.Dir(at) }))
	})
	w.kustomizations = keepIf(w.kustomizations, func(at string) bool {
		return !built(entries, dir, at) && slices.ContainsFunc(entries, func(e entry) bool { return holds(at, e.file) })
	})
	s.startCircles(entries, func(e entry) bool {
		return slices.Contains(w.files, e.file) || slices.ContainsFunc(w.kustomizations, func(k string) bool { return holds(k, e.file) })
	})
	if n := len(w.charts); n > 0 {
		s.in.Log.Info("charts that nothing in the tree deploys by itself are left out", "directory", s.place.Display(dir), "charts", n)
		w.charts = nil
	}
	return nil, nil
}

// startCircles queues entries that nothing else in the tree leads to, since what
// builds them is built by them: such as a Kustomization in the directory that it
// builds. read reports whether the file of an entry is read in any case.
func (s *session) startCircles(entries []entry, read func(entry) bool) {
	reached := make([]bool, len(entries))
	var reach func(i int)
	reach = func(i int) {
		reached[i] = true
		for j, e := range entries {
			if !reached[j] && slices.ContainsFunc(entries[i].targets, func(t string) bool { return holds(t, e.file) }) {
				reach(j)
			}
		}
	}
	for i, e := range entries {
		if !reached[i] && read(e) {
			reach(i)
		}
	}
	for _, own := range []bool{true, false} {
		for i, e := range entries {
			if reached[i] || own && !slices.ContainsFunc(e.targets, func(t string) bool { return holds(t, e.file) }) {
				continue
			}
			if e.d.kind != "ApplicationSet" && (e.d.kind != "Application" || s.cfg.Applications.selects(e.d.node)) {
				s.seen.queue = append(s.seen.queue, e.d)
			}
			reach(i)
		}
	}
}

// built reports whether one of the entries builds a path below dir.
func built(entries []entry, dir, at string) bool {
	return slices.ContainsFunc(entries, func(e entry) bool {
		return slices.ContainsFunc(e.targets, func(t string) bool { return t != dir && holds(dir, t) && holds(t, at) })
	})
}

// rootDeployment builds the deployment that builds the whole tree.
func (s *session) rootDeployment(root *deployment, err error) error {
	if err != nil {
		return err
	}
	return s.part(s.place.Path, s.deploy(root))
}

// manifestsBelow lists the manifests of a directory, those of kustomizations
// and charts as well.
func (s *session) manifestsBelow(dir string) []string {
	w := &everything{s: s}
	w.walk(dir, 0)
	return w.files
}

// entries reads the objects of a file that bring others.
func (s *session) entries(at string) ([]entry, error) {
	data, err := s.readFile(at, maxSearchedFile)
	if err != nil || !bytes.Contains(data, []byte(".toolkit.fluxcd.io/")) && !bytes.Contains(data, []byte("argoproj.io/")) {
		return nil, s.ctx.Err()
	}
	var found []entry
	origin := &parity.Origin{File: s.place.Display(at), Precision: parity.AtLine}
	_ = doc.ParseYAML(bytes.NewReader(data), s.limits(), func(n *doc.Node, _ int) error {
		e := entry{d: &deployment{kind: n.Get("kind").Str(), node: n, origin: origin}, file: at}
		spec := n.Get("spec")
		switch {
		case isFluxKustomization(n) && s.followsFlux():
			// Which source it names is only known when all files were read.
		case n.Get("kind").Str() == "GitRepository":
			s.seen.known[knownKey("GitRepository", e.d.namespace(), e.d.name())] = n
			return nil
		case strings.HasPrefix(n.Get("apiVersion").Str(), "argoproj.io/") && s.followsArgo():
			switch e.d.kind {
			case "Application":
				e.targets = s.sourceTargets(spec)
			case "ApplicationSet":
				e.targets = s.sourceTargets(spec.At("template", "spec"))
				e.targets = append(e.targets, s.generatedTargets(spec)...)
			default:
				return nil
			}
		default:
			return nil
		}
		found = append(found, e)
		return nil
	})
	return found, s.ctx.Err()
}

// targets returns the directory of a path of the repository, if it is there.
func (s *session) targets(rel string) []string {
	at, ok := s.inRepository(path.Clean("/" + rel)[1:])
	if !ok || strings.Contains(rel, "{{") || !isDir(s.place.FS, at) {
		return nil
	}
	return []string{at}
}

// sourceTargets returns the directories that the sources of an Application name.
func (s *session) sourceTargets(spec *doc.Node) []string {
	var found []string
	for _, src := range sourcesOf(spec) {
		if rel := src.Get("path").Str(); rel != "" && s.isOwn(src.Get("repoURL").Str()) {
			found = append(found, s.targets(rel)...)
		}
	}
	return found
}

// everything walks all manifests below a directory.
type everything struct {
	s     *session
	files []string
}

func (w *everything) walk(dir string, depth int) {
	entries, err := fs.ReadDir(w.s.place.FS, dir)
	if err != nil {
		return // it is told where the tree is read
	}
	for _, e := range entries {
		at := path.Join(dir, e.Name())
		switch {
		case w.s.ctx.Err() != nil || len(w.files) > maxSearchedFiles || hidden(e.Name()):
		case e.IsDir() && depth < maxTreeDepth:
			w.walk(at, depth+1)
		case e.Type().IsRegular() && isManifestName(at):
			w.files = append(w.files, at)
		}
	}
}
