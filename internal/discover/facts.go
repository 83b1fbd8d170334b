package discover

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// facts are what several layouts ask of an inventory, gathered once.
type facts struct {
	charts   []string            // directories with a Chart.yaml
	kustom   map[string][]string // directory with a kustomization: the paths that it refers to
	objects  map[string]bool     // directories with Kubernetes objects
	referred map[string][]string // path: the directories whose kustomizations refer to it
	stacks   [][]string          // Compose files that are used together
	parts    map[string]bool     // directories with a component, which is no environment
	stated   stated              // what the repository calls environments
	values   []valuesRule        // which chart values files are for
	flux     map[string][]string // path of a file: what Kustomizations of Flux in it build
	patches  map[string][]string // directory with a kustomization: the files of its patches
}

func (f *facts) gather(inv *inventory) {
	f.parts = map[string]bool{}
	f.kustom, f.objects, f.referred = map[string][]string{}, map[string]bool{}, map[string][]string{}
	f.patches = map[string][]string{}
	for _, d := range inv.folders {
		if d.has("Chart.yaml") {
			f.charts = append(f.charts, d.path)
		}
	}
	for _, d := range inv.folders {
		if f.template(d.path) || strings.HasPrefix(d.path, ".github") {
			continue
		}
		for _, name := range d.files {
			switch at := path.Join(d.path, name); {
			case isKustomization(name):
				refs, patches := inv.references(d.path, at)
				f.kustom[d.path] = append(f.kustom[d.path], refs...)
				f.patches[d.path] = append(f.patches[d.path], patches...)
			case !f.objects[d.path] && inv.isManifest(at):
				f.objects[d.path] = true
			}
		}
	}
	f.dropPatches(inv)
	f.stacks, f.stated, f.values = inv.findStacks(), inv.findStated(), inv.findValuesRules()
	f.flux = inv.findFlux()
	for _, from := range []map[string][]string{f.kustom, f.patches} {
		for dir, to := range from {
			for _, at := range to {
				f.referred[at] = append(f.referred[at], dir)
			}
		}
	}
}

// dropPatches takes a directory for none with objects where all of its manifests
// are patches of kustomizations.
func (f *facts) dropPatches(inv *inventory) {
	patch := map[string]bool{}
	for _, files := range f.patches {
		for _, at := range files {
			patch[at] = true
		}
	}
	for dir := range f.objects {
		if d := inv.byPath[dir]; d != nil && !slices.ContainsFunc(d.files, func(name string) bool {
			at := path.Join(dir, name)
			return !patch[at] && !isKustomization(name) && inv.isManifest(at)
		}) {
			delete(f.objects, dir)
		}
	}
}

// template reports whether a directory holds a chart's templates, or what
// belongs to the chart's own tests.
func (f *facts) template(dir string) bool {
	chart, ok := f.around(dir, maxDepth)
	if !ok || dir == chart {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(dir, strings.TrimPrefix(chart+"/", "./")), "/")
	return slices.Contains([]string{"templates", "charts", "ci", "crds", "tests"}, first)
}

// rendered reports whether a directory lies in a kustomization, which reads
// what it needs of it.
func (f *facts) rendered(dir string) bool {
	for range 4 {
		if dir == "." {
			break
		}
		if _, ok := f.kustom[dir]; ok {
			return true
		}
		dir = path.Dir(dir)
	}
	return false
}

// around finds the nearest chart at a directory or a few levels above it.
func (f *facts) around(dir string, levels int) (string, bool) {
	for range levels {
		if _, ok := slices.BinarySearch(f.charts, dir); ok {
			return dir, true
		}
		if dir == "." {
			break
		}
		dir = path.Dir(dir)
	}
	return "", false
}

// references lists the paths in the repository that a kustomization refers to:
// what it builds on, and the files of its patches.
func (inv *inventory) references(dir, at string) (refs, patches []string) {
	var k struct {
		Kind                               string
		Resources, Bases, Components, Crds []string
		PatchesStrategicMerge              []string `yaml:"patchesStrategicMerge"`
		Patches                            []struct{ Path string }
	}
	if err := yaml.NewDecoder(bytes.NewReader(inv.head(at))).Decode(&k); err != nil {
		// What was read before the fault still counts.
		_ = err
	}
	if k.Kind == "Component" {
		inv.facts.parts[dir] = true
	}
	for _, ref := range slices.Concat(k.Resources, k.Bases, k.Components, k.Crds, k.PatchesStrategicMerge) {
		if to, ok := inv.reference(dir, ref); ok {
			refs = append(refs, to)
		}
	}
	for _, patch := range k.Patches {
		if to, ok := inv.reference(dir, patch.Path); ok {
			patches = append(patches, to)
		}
	}
	return refs, patches
}

// reference is the path that a kustomization in dir means by ref, if it is in the
// repository.
func (inv *inventory) reference(dir, ref string) (string, bool) {
	if ref == "" || strings.Contains(ref, "://") || strings.ContainsAny(ref, "\n?") {
		return "", false
	}
	to := path.Join(dir, ref)
	return to, inv.byPath[to] != nil || inv.isFile(to)
}
