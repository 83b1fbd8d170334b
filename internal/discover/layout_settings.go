package discover

import (
	"path"
	"strings"
)

// settingsPlaces are other files in a format that the files collector reads.
func settingsPlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		if _, in := inv.facts.around(d.path, maxDepth); in || inv.facts.rendered(d.path) || strings.HasPrefix(d.path, ".github") {
			continue
		}
		for _, name := range d.files {
			at := path.Join(d.path, name)
			_, compose := composeRest(name)
			_, _, values := valuesRest(name)
			if !isSettings(name) || compose || values || isKustomization(name) || strings.HasPrefix(name, "helmfile.y") || inv.isManifest(at) || inv.isCompose(at) {
				continue
			}
			ext := path.Ext(name)
			p := leafPlace("settings", at, strings.TrimSuffix(name, ext), ext)
			p.keys = inv.topKeys(at)
			p.source = func(r reader) (Source, bool) {
				if !r.named {
					return settingsSource([]string{path.Join(literal(d.path), "*"+ext)}, ""), true
				}
				base := ""
				if r.stem != "" {
					base = r.stem + ext
				}
				return settingsSource([]string{literal(at)}, path.Join(r.common, base)), true
			}
			out = append(out, p)
		}
	}
	return out
}

// settingsSource reads settings files; name is what all environments call
// them, and may be empty.
func settingsSource(paths []string, name string) Source {
	s := Source{Collector: "files", Keys: []Key{{Name: "paths", List: paths}}}
	return s.named(name)
}
