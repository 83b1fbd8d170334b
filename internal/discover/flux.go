package discover

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// findFlux lists, by file, the paths of this repository that Kustomizations of
// Flux declared there build. A path may have variables in it.
func (inv *inventory) findFlux() map[string][]string {
	out := map[string][]string{}
	for _, d := range inv.folders {
		for _, name := range d.files {
			at := path.Join(d.path, name)
			head := inv.heads[at] // read before, where it is a manifest
			if !isYAML(name) || !bytes.Contains(head, []byte("kustomize.toolkit.fluxcd.io")) {
				continue
			}
			if paths := inv.fluxPaths(head); len(paths) > 0 {
				out[at] = paths
			}
		}
	}
	return out
}

func (inv *inventory) fluxPaths(text []byte) []string {
	var out []string
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for range 100 {
		var k struct {
			Kind string
			Spec struct{ Path string }
		}
		if decoder.Decode(&k) != nil {
			break
		}
		at := path.Join(".", k.Spec.Path)
		if k.Kind == "Kustomization" && at != "." && (inv.byPath[at] != nil || fluxVariable.MatchString(at)) {
			out = append(out, at)
		}
	}
	return out
}

// fluxVariable is a variable that Flux puts a value in for.
var fluxVariable = regexp.MustCompile(`\$\{[^}]*\}`)

// builds reports whether a path of a Kustomization may be a directory: each
// variable stands for one name or several. A path that begins with a variable
// says too little.
func builds(form, dir string) bool {
	literals := fluxVariable.Split(form, -1)
	if len(literals) == 1 {
		return form == dir
	}
	if !strings.Contains(literals[0], "/") || !strings.HasPrefix(dir, literals[0]) {
		return false
	}
	rest := dir[len(literals[0]):]
	for _, l := range literals[1 : len(literals)-1] {
		i := strings.Index(rest[min(1, len(rest)):], l)
		if i < 0 {
			return false
		}
		rest = rest[i+1+len(l):]
	}
	last := literals[len(literals)-1]
	return len(rest) > len(last) && strings.HasSuffix(rest, last)
}

// fluxBelow lists what Kustomizations at and below a directory build, and those in
// files that it is built from elsewhere, apart from what lies below it.
func (inv *inventory) fluxBelow(dir string) []string {
	var out []string
	tree := inv.tree(dir)
	for file, paths := range inv.facts.flux {
		if !tree[file] && !strings.HasPrefix(file, dir+"/") {
			continue
		}
		for _, p := range paths {
			if p != dir && !strings.HasPrefix(p, dir+"/") && !strings.HasPrefix(dir, p+"/") {
				out = append(out, p)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// tree holds the directories and files that a kustomization is built from.
func (inv *inventory) tree(dir string) map[string]bool {
	seen := map[string]bool{}
	var visit func(at string)
	visit = func(at string) {
		if seen[at] || len(seen) > maxTree {
			return
		}
		seen[at] = true
		for _, to := range inv.facts.kustom[at] {
			visit(to)
		}
		for _, to := range inv.facts.patches[at] {
			seen[to] = true
		}
	}
	visit(dir)
	return seen
}

// maxTree bounds the files that one kustomization is followed to.
const maxTree = 10_000

// fluxRoots lists the directories that a Kustomization of Flux builds which is a
// part of the directory itself, as Flux's bootstrap makes one: what a cluster runs
// is what is followed from there.
func (inv *inventory) fluxRoots() []string {
	var out []string
	for file, paths := range inv.facts.flux {
		for _, p := range paths {
			if inv.facts.kustom[p] != nil && inv.tree(p)[file] {
				out = append(out, p)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// parts leaves out what a root of Flux is built from, as the directory that the
// clusters of an environment have in common.
func (a *assignment) parts(roots []string) {
	for _, root := range roots {
		if !slices.ContainsFunc(a.found, func(f found) bool { return f.path == root }) {
			continue
		}
		tree := a.inv.tree(root)
		a.found = slices.DeleteFunc(a.found, func(f found) bool { return f.place.dir && f.path != root && a.inv.within(tree, f.at()) })
	}
}

// within reports whether a directory, or each file in it, is part of a tree.
func (inv *inventory) within(tree map[string]bool, dir string) bool {
	if d := inv.byPath[dir]; !tree[dir] && d != nil && len(d.files) > 0 {
		return !slices.ContainsFunc(d.files, func(name string) bool { return !tree[path.Join(dir, name)] })
	}
	return tree[dir]
}

// at is the place's own directory.
func (f found) at() string { return path.Join(f.place.segs...) }

// flux lets the sources of clusters follow what their Kustomizations build, and
// leaves out what is read with them then.
func (a *assignment) flux() {
	if !a.known("kubernetes-manifests", "follow") {
		return
	}
	roots := a.inv.fluxRoots()
	a.parts(roots)
	built := map[string][]string{}
	for i := range a.found {
		f := &a.found[i]
		if !f.place.dir || f.source.Collector != "kubernetes-manifests" {
			continue
		}
		if built[f.path] = a.inv.fluxBelow(f.path); len(built[f.path]) > 0 {
			f.source.Keys = append(f.source.Keys, Key{Name: "follow", Set: true})
		}
	}
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		return slices.ContainsFunc(a.found, func(o found) bool {
			if !o.place.dir || o.reading.class != f.reading.class || o.path == f.path {
				return false
			}
			// What a root builds is read with each of the environment's clusters.
			if o.instance != f.instance && (f.instance != "" || !slices.Contains(roots, o.path)) {
				return false
			}
			return f.builtBy(built[o.path])
		})
	})
	a.notDeployed(roots)
}

// builtBy reports whether one of the paths of Kustomizations is the place's.
func (f found) builtBy(forms []string) bool {
	return slices.ContainsFunc(forms, func(form string) bool { return builds(form, f.path) || builds(form, f.at()) })
}

// notDeployed leaves out, of an environment whose clusters have roots, what none of
// them builds: it is not deployed there.
func (a *assignment) notDeployed(roots []string) {
	type column struct{ class, instance string }
	has := map[column]bool{}
	for _, f := range a.found {
		if slices.Contains(roots, f.path) {
			has[column{f.reading.class, f.instance}], has[column{f.reading.class, ""}] = true, true
		}
	}
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		if f.source.Collector != "kubernetes-manifests" || !has[column{f.reading.class, f.instance}] || slices.Contains(roots, f.path) {
			return false
		}
		// What another kustomization is built from is no leftover.
		if len(a.inv.facts.referred[f.at()]) == 0 {
			a.leave(f.path, "none of the clusters of "+f.reading.as+" builds it.")
		}
		return true
	})
}
