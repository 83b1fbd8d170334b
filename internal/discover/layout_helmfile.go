package discover

import (
	"path"
	"slices"
	"strings"
)

// isHelmfile reports whether a name is that of a helmfile.
func isHelmfile(name string) bool {
	return slices.Contains([]string{"helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl", "helmfile.yml.gotmpl"}, name)
}

// helmfilePlaces are the environments that helmfiles declare. A helmfile below
// another one's directory is taken for a part of it.
func helmfilePlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		i := slices.IndexFunc(d.files, isHelmfile)
		if i < 0 || inv.helmfileAbove(d.path) {
			continue
		}
		at := path.Join(d.path, d.files[i])
		for _, name := range inv.helmfileEnvironments(d.path, at) {
			out = append(out, helmfilePlace(at, name))
		}
	}
	return out
}

func helmfilePlace(at, name string) place {
	p := leafPlace("helmfile", at, name, "")
	p.alone, p.targets = true, []string{at}
	p.source = func(reader) (Source, bool) {
		return Source{Collector: "helmfile", Keys: []Key{{Name: "path", Text: at}, {Name: "environment", Text: name}}}, true
	}
	return p
}

func (inv *inventory) helmfileAbove(dir string) bool {
	for dir != "." {
		dir = path.Dir(dir)
		if slices.ContainsFunc(inv.byPath[dir].files, isHelmfile) {
			return true
		}
	}
	return false
}

// helmfileEnvironments lists the environments of a helmfile and of the files
// that it is based on.
func (inv *inventory) helmfileEnvironments(dir, at string) []string {
	out := inv.keysBelow(at, "environments")
	for _, base := range inv.itemsBelow(at, "bases") {
		out = append(out, inv.keysBelow(path.Join(dir, base), "environments")...)
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(n string) bool { return n == "default" || !wordForm().MatchString(n) })
}

// itemsBelow returns the items of a list under a top key of a YAML file.
func (inv *inventory) itemsBelow(at, top string) []string {
	var out []string
	within := false
	for line := range strings.Lines(string(inv.head(at))) {
		body := strings.TrimSpace(line)
		item, listed := strings.CutPrefix(body, "- ")
		switch {
		case body == "" || body[0] == '#':
		case within && listed:
			out = append(out, strings.Trim(item, `"'`))
		default:
			within = strings.TrimRight(line, " \r\n") == top+":"
		}
	}
	return out
}

// helmfiles leaves out the values and settings that a helmfile reads: they are
// in what it renders. Values may be called *.env.
func (a *assignment) helmfiles() {
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		layout := f.place.layout.name
		if !slices.Contains([]string{"values", "settings", "dotenv"}, layout) {
			return false
		}
		return slices.ContainsFunc(a.found, func(o found) bool {
			dir := path.Dir(o.place.path)
			return o.place.layout.name == "helmfile" && o.reading.class == f.reading.class &&
				(dir == "." || strings.HasPrefix(f.place.path, dir+"/")) && (layout != "dotenv" || a.inv.helmfileNames(o.place.path, f))
		})
	})
}

// helmfileNames reports whether a helmfile names a file, or would with the name of
// the environment put in.
func (inv *inventory) helmfileNames(at string, f found) bool {
	rel, text := f.place.path, string(inv.head(at))
	if dir := path.Dir(at); dir != "." {
		rel = strings.TrimPrefix(rel, dir+"/")
	}
	return strings.Contains(text, rel) || strings.Contains(text, strings.Replace(rel, f.reading.word, "{{ .Environment.Name }}", 1))
}
