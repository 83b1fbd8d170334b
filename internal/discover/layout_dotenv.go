package discover

import (
	"path"
	"strings"
)

// dotenvPlaces are dotenv files, over the .env beside them that all
// environments share.
func dotenvPlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		if inv.facts.rendered(d.path) {
			continue
		}
		for _, name := range d.files {
			if isDotenv(name) {
				out = append(out, dotenvPlace(inv, d, name))
			}
		}
	}
	return out
}

func dotenvPlace(inv *inventory, d *folder, name string) place {
	at := path.Join(d.path, name)
	rest := strings.Trim(strings.TrimPrefix(strings.TrimSuffix(name, ".env"), ".env"), ".-_")
	p := leafPlace("dotenv", at, rest, "")
	p.alone, p.keys = true, inv.topKeys(at)
	list := []string{at}
	if rest != "" && strings.HasPrefix(name, ".env") && d.has(".env") {
		list = []string{path.Join(d.path, ".env"), at}
	}
	p.source = func(r reader) (Source, bool) {
		s := Source{Collector: "dotenv", Keys: []Key{{Name: "files", List: list}}}
		return s.named(path.Join(r.common, r.stem)), true
	}
	return p
}
