package discover

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// findFlux lists, by directory, the paths of this repository that Kustomizations
// of Flux declared there build.
func (inv *inventory) findFlux() map[string][]string {
	out := map[string][]string{}
	for _, d := range inv.folders {
		for _, name := range d.files {
			head := inv.heads[path.Join(d.path, name)] // read before, where it is a manifest
			if !isYAML(name) || !bytes.Contains(head, []byte("kustomize.toolkit.fluxcd.io")) {
				continue
			}
			out[d.path] = append(out[d.path], inv.fluxPaths(head)...)
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
		if at := path.Join(".", k.Spec.Path); k.Kind == "Kustomization" && at != "." && inv.byPath[at] != nil {
			out = append(out, at)
		}
	}
	return out
}

// fluxBelow lists what Kustomizations at and below a directory build, apart
// from what lies below it.
func (inv *inventory) fluxBelow(dir string) []string {
	var out []string
	for from, paths := range inv.facts.flux {
		if from != dir && !strings.HasPrefix(from, dir+"/") {
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

// flux lets the sources of clusters follow what their Kustomizations build, and
// leaves out what is read with them then.
func (a *assignment) flux() {
	if !a.known("kubernetes-manifests", "follow") {
		return
	}
	for i := range a.found {
		f := &a.found[i]
		if f.place.dir && f.source.Collector == "kubernetes-manifests" && len(a.inv.fluxBelow(f.path)) > 0 {
			f.source.Keys = append(f.source.Keys, Key{Name: "follow", Set: true})
		}
	}
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		return slices.ContainsFunc(a.found, func(o found) bool {
			return o.place.dir && o.reading.class == f.reading.class && o.instance == f.instance && o.path != f.path &&
				slices.Contains(a.inv.fluxBelow(o.path), f.path)
		})
	})
}
