package discover

import (
	"path"
	"slices"
	"strings"
)

// ofCompose are the keys at the top of a Compose file.
var ofCompose = []string{"version", "name", "services", "volumes", "networks", "configs", "secrets", "include", "models"}

// isCompose reports whether a YAML file declares what Compose declares:
// services, or other things over those of a common file.
func (inv *inventory) isCompose(at string) bool {
	if !isYAML(at) {
		return false
	}
	keys := inv.topKeys(at)
	foreign := slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(ofCompose, k) && !strings.HasPrefix(k, "x-") })
	switch {
	case len(keys) == 0 || foreign:
		return false
	case slices.Contains(keys, "services"):
		return len(inv.keysBelow(at, "services")) > 0
	}
	return inv.composeBase(path.Dir(at)) != "" && (slices.Contains(keys, "volumes") || slices.Contains(keys, "networks"))
}

// composeBase finds the common Compose file of a directory, or of the one
// above it.
func (inv *inventory) composeBase(dir string) string {
	for _, at := range []string{dir, path.Dir(dir)} {
		d := inv.byPath[at]
		if d == nil {
			continue
		}
		for _, name := range []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"} {
			if d.has(name) {
				return path.Join(at, name)
			}
		}
	}
	return ""
}

// composePlaces are Compose files: those with a name of their own over the
// common one, and the common one with its override for whoever works there.
func composePlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		if strings.HasPrefix(d.path, ".github") {
			continue
		}
		for _, name := range d.files {
			at := path.Join(d.path, name)
			rest, ok := composeRest(name)
			if !ok && inv.isCompose(at) {
				rest, ok = strings.TrimSuffix(name, path.Ext(name)), true
			}
			if ok {
				out = append(out, composePlace(inv, d, at, rest))
			}
		}
	}
	return out
}

// composePlace is one Compose file. rest is empty for a common file.
func composePlace(inv *inventory, d *folder, at, rest string) place {
	p := leafPlace("compose", at, rest, "")
	p.alone, p.keys = true, inv.keysBelow(at, "services")
	base := inv.composeBase(d.path)
	if base != "" {
		p.targets = []string{base}
	}
	p.source = func(r reader) (Source, bool) {
		files := []string{at}
		if base != "" && base != at {
			files = []string{base, at}
		}
		if stack := inv.stack(at); len(stack) > 0 {
			files = stack
		}
		s := Source{Collector: "compose", Keys: []Key{{Name: "files", List: files}}}
		w, _ := inv.writtenFor(files)
		if env := inv.envFiles(d, r); len(env) > 0 {
			s.Keys = append(s.Keys, Key{Name: "envFiles", List: env})
		} else if w.fresh {
			s.Keys = append(s.Keys, Key{Name: "envFiles", List: []string{}})
		}
		if len(w.values) > 0 {
			s.Keys = append(s.Keys, Key{Name: "environment", Map: w.values})
		}
		return s, true
	}
	return p
}

// envFiles finds the dotenv files that fill in a Compose file's variables: the
// environment's, over the common one.
func (inv *inventory) envFiles(d *folder, r reader) []string {
	for _, name := range d.files {
		if !isDotenv(name) {
			continue
		}
		rest := strings.Trim(strings.TrimPrefix(strings.TrimSuffix(name, ".env"), ".env"), ".-_")
		if w, ok := wholeWord(rest); ok && w.Name == r.class {
			own := path.Join(d.path, name)
			if d.has(".env") {
				return []string{path.Join(d.path, ".env"), own}
			}
			return []string{own}
		}
	}
	return nil
}

// localCompose is the common Compose file with its override: what developers
// run.
func localCompose(inv *inventory, dir string) (Source, bool) {
	d := inv.byPath[dir]
	base := inv.composeBase(dir)
	if d == nil || base == "" || path.Dir(base) != dir {
		return Source{}, false
	}
	files := []string{base}
	for _, name := range d.files {
		if rest, ok := composeRest(name); ok && rest == "override" {
			files = append(files, path.Join(dir, name))
		}
	}
	return Source{Collector: "compose", Keys: []Key{{Name: "files", List: slices.Clone(files)}}}, true
}
