package discover

import (
	"path"
	"strings"
)

// manifestPlaces are directories with a kustomization, with Kubernetes objects
// or with a chart, and files of objects that no kustomization reads.
func manifestPlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		if inv.facts.template(d.path) || d.path == "." || inv.facts.parts[d.path] || strings.HasPrefix(d.path, ".github") {
			continue
		}
		refs, kustomization := inv.facts.kustom[d.path]
		_, chart := inv.facts.around(d.path, 1)
		if kustomization || chart || inv.facts.objects[d.path] {
			out = append(out, place{
				path: d.path, segs: split(d.path), dir: true, targets: directories(inv, refs), keys: d.files, alone: true,
				source: func(r reader) (Source, bool) { return manifestsSource(r.dir), true },
			})
		}
		if !kustomization && !chart {
			out = append(out, objectFiles(inv, d)...)
		}
	}
	return out
}

func manifestsSource(at string) Source {
	return Source{Collector: "kubernetes-manifests", Keys: []Key{{Name: "path", Text: at}}}
}

func objectFiles(inv *inventory, d *folder) []place {
	var out []place
	for _, name := range d.files {
		at := path.Join(d.path, name)
		if !inv.isManifest(at) || len(inv.facts.referred[at]) > 0 {
			continue
		}
		ext := path.Ext(name)
		p := leafPlace("manifests", at, strings.TrimSuffix(name, ext), ext)
		p.alone = true
		// A file within an environment's directory is read with the directory.
		p.source = func(r reader) (Source, bool) { return manifestsSource(at), r.named }
		out = append(out, p)
	}
	return out
}

// directories are those of some paths that are directories.
func directories(inv *inventory, all []string) []string {
	var out []string
	for _, at := range all {
		if inv.byPath[at] != nil {
			out = append(out, at)
		}
	}
	return out
}
