package discover

import (
	"path"
	"slices"
	"strings"
)

// isModule reports whether a directory holds a configuration of Terraform or a
// unit of Terragrunt.
func (d *folder) isModule() bool {
	return slices.ContainsFunc(d.files, func(f string) bool {
		return path.Ext(f) == ".tf" || path.Ext(f) == ".tofu" || f == "terragrunt.hcl"
	})
}

// isPart reports whether a directory is a module that others call.
func isPart(dir string) bool {
	return slices.ContainsFunc(split(dir), func(s string) bool {
		return strings.HasPrefix(s, "modules") || strings.HasSuffix(s, "-modules") || strings.HasPrefix(s, "_")
	})
}

// terraformPlaces are the root modules, and the files of variables for them.
func terraformPlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		if isPart(d.path) {
			continue
		}
		if d.isModule() && d.path != "." {
			out = append(out, place{
				path: d.path, segs: split(d.path), dir: true, keys: d.files,
				source: func(r reader) (Source, bool) { return terraformSource(r.dir, nil), true },
			})
		}
		for _, name := range d.files {
			stem, ok := strings.CutSuffix(strings.TrimSuffix(name, ".json"), ".tfvars")
			if ok && !isSample(name) {
				out = append(out, variablesPlace(inv, d, path.Join(d.path, name), strings.TrimSuffix(stem, ".auto")))
			}
		}
	}
	return out
}

func terraformSource(at string, variables []string) Source {
	s := Source{Collector: "terraform-config", Keys: []Key{{Name: "path", Text: at}}}
	if len(variables) > 0 {
		s.Keys = append(s.Keys, Key{Name: "varFiles", List: variables})
	}
	return s
}

// variablesPlace is a file of variables: over the module around it where its
// own name says whose it is, and with all that lies in its directory where that
// one does. Which stacks such a directory is for is not told by their names.
func variablesPlace(inv *inventory, d *folder, at, rest string) place {
	if rest == "terraform" {
		rest = ""
	}
	p := leafPlace("tfvars", at, rest, "")
	p.keys = inv.topKeys(at)
	p.source = func(r reader) (Source, bool) {
		switch module, ok := inv.moduleAround(d.path); {
		case !r.named && d.isModule():
			return Source{}, false // read with the directory
		case !r.named:
			return terraformSource(d.path, nil), true
		case ok:
			return terraformSource(module, []string{at}), true
		}
		return terraformSource(at, nil).named(path.Join(r.common, r.stem)), true
	}
	return p
}

// moduleAround is the module that a directory lies in.
func (inv *inventory) moduleAround(dir string) (string, bool) {
	for {
		if d := inv.byPath[dir]; d != nil && d.isModule() {
			return dir, true
		}
		if dir == "." {
			return "", false
		}
		dir = path.Dir(dir)
	}
}
