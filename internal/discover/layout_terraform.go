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

// variablesPlace is a file of variables. What it is for are the modules that
// it and the files beside it are called after, or the module around it.
func variablesPlace(inv *inventory, d *folder, at, rest string) place {
	if rest == "terraform" {
		rest = ""
	}
	p := leafPlace("tfvars", at, rest, "")
	p.keys = inv.topKeys(at)
	p.source = func(r reader) (Source, bool) {
		parent, variables, named := inv.modulesNamed(d)
		if named > 1 {
			return terraformSource(parent, variables), true
		}
		if module, ok := inv.moduleAround(d.path); ok {
			return terraformSource(module, []string{at}), true
		}
		if named > 0 {
			return terraformSource(parent, variables), true
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

// modulesNamed is the directory with the modules that the files of variables
// of another directory are called after, and the files that such a module is
// given: those for all of them, and its own. named is how many modules they are
// called after.
func (inv *inventory) modulesNamed(d *folder) (parent string, variables []string, named int) {
	count := map[string]int{}
	for _, m := range inv.folders {
		if m.isModule() && !isPart(m.path) && d.has(path.Base(m.path)+".tfvars") {
			count[path.Dir(m.path)]++
		}
	}
	for dir, n := range count {
		if n > count[parent] || n == count[parent] && dir < parent {
			parent = dir
		}
	}
	if count[parent] == 0 {
		return "", nil, 0
	}
	for _, name := range d.files {
		stem, is := strings.CutSuffix(name, ".tfvars")
		if m := inv.byPath[path.Join(parent, stem)]; is && (m == nil || !m.isModule()) {
			variables = append(variables, path.Join(d.path, name))
		}
	}
	return parent, append(variables, path.Join(d.path, "$MODULE.tfvars")), count[parent]
}
