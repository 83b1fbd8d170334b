package discover

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// additions says which Compose files are none of an environment.
func (a *assignment) additions() {
	for _, k := range slices.Sorted(maps.Keys(a.families)) {
		f := a.families[k]
		for _, w := range f.unknown {
			for _, p := range f.words[w].places {
				if p.layout.name == "compose" && !slices.ContainsFunc(a.found, func(o found) bool { return o.source.reads(p.path) }) {
					a.leave(p.path, "a Compose file of such a name adds to others as often as it is an environment.")
				}
			}
		}
	}
}

// reads reports whether a source names a file.
func (s Source) reads(at string) bool {
	return slices.ContainsFunc(s.Keys, func(k Key) bool { return k.Text == at || slices.Contains(k.List, at) })
}

// single leaves out what only one environment has of its kind: it compares
// with nothing.
func (a *assignment) single() {
	classes := map[string]map[string]bool{}
	for _, f := range a.found {
		if f.reading.doubt {
			continue
		}
		if classes[f.group()] == nil {
			classes[f.group()] = map[string]bool{}
		}
		classes[f.group()][f.reading.class] = true
	}
	enough := false
	for _, c := range classes {
		enough = enough || len(c) > 1
	}
	if !enough {
		return
	}
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		if len(classes[f.group()]) > 1 || f.reading.doubt {
			return false
		}
		a.leave(f.path, "of "+f.reading.as+" only there is a source of this kind, and nothing to compare it with.")
		return true
	})
}

// charts leaves out a chart with values for one environment only: the others
// have them under another name. Where several charts tell environments apart,
// it is one that only this environment has.
func (a *assignment) charts() {
	const several = 3
	classes := map[string]map[string]bool{}
	for _, f := range a.found {
		if chart, ok := f.chart(); ok {
			if classes[chart] == nil {
				classes[chart] = map[string]bool{}
			}
			classes[chart][f.reading.class] = true
		}
	}
	telling := 0
	for _, c := range classes {
		if len(c) > 1 {
			telling++
		}
	}
	if telling >= several {
		return
	}
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		chart, ok := f.chart()
		if !ok || len(classes[chart]) > 1 {
			return false
		}
		a.leave(f.path, "the chart has values for "+f.reading.as+" only.")
		return true
	})
}

// chart is the chart that a found values file is for.
func (f found) chart() (string, bool) {
	if k := f.source.Keys; len(k) > 1 && k[1].Name == "values" {
		return k[0].Text, true
	}
	return "", false
}

// nested leaves out a directory within an instance's that names the instance's
// environment again, and a directory that holds what is another environment's,
// or another instance's.
func (a *assignment) nested() {
	within := func(outer, inner found) bool {
		return outer.place.dir && inner.place.dir && strings.HasPrefix(inner.path, outer.path+"/")
	}
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		return f.instance == "" && slices.ContainsFunc(a.found, func(o found) bool {
			return within(o, f) && o.reading.class == f.reading.class
		})
	})
	a.found = slices.DeleteFunc(a.found, func(f found) bool {
		return slices.ContainsFunc(a.found, func(o found) bool {
			return within(f, o) && (o.reading.class != f.reading.class || o.instance != f.instance)
		})
	})
}

// compose gives the common Compose file, with its override, to developers,
// unless their environment is declared otherwise.
func (a *assignment) compose() {
	dirs := map[string]bool{}
	for _, f := range a.found {
		if f.place.layout.name == "compose" && len(f.place.targets) > 0 {
			dirs[path.Dir(f.place.targets[0])] = true
		}
	}
	dev, _ := wholeWord("dev")
	for dir := range dirs {
		source, ok := localCompose(a.inv, dir)
		if !ok {
			continue
		}
		at := source.Keys[0].List[0]
		if slices.ContainsFunc(a.found, func(f found) bool { return f.path == at }) {
			continue
		}
		if slices.ContainsFunc(a.found, func(f found) bool { return f.reading.rank == dev.Rank }) {
			a.leave(at+" alone", "what developers run is declared elsewhere.")
			continue
		}
		a.found = append(a.found, found{
			place: &place{layout: &layout{name: "compose"}, path: at}, path: at, source: source,
			reading: reading{class: dev.Name, rank: dev.Rank, as: "dev", known: true},
		})
	}
}
