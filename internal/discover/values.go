package discover

import (
	"path"
	"slices"
	"strings"
)

// valuesFile is a Helm values file of one environment, whose chart is found
// once all charts are known.
type valuesFile struct {
	path     string
	dir      string // of the file, or the directory above its environment's
	name     string // the file's name without environment, region and "values"
	instance string
	env      spelled
}

// addValues keeps a values file until all charts are known. stem is its name
// without its ending and its environment.
func (f *finder) addValues(at, dir, stem string, env spelled) {
	v := valuesFile{path: at, dir: dir, env: env}
	tokens := strings.FieldsFunc(strings.ToLower(stem), func(r rune) bool { return strings.ContainsRune("-_.", r) })
	v.name = strings.Join(slices.DeleteFunc(tokens, func(t string) bool { return t == "values" }), "-")
	switch {
	case isRegion(v.name):
		v.name, v.instance = "", v.name
	case isRegion(env.rest):
		v.instance = env.rest
	}
	f.values = append(f.values, v)
}

// resolveValues makes a source of every values file: its chart rendered with
// it, or the file as it is where its chart is not here.
func (f *finder) resolveValues() {
	rendered := map[string]int{} // place in found
	for _, v := range f.values {
		chart, ok := f.chartOf(v)
		if !ok {
			f.found = append(f.found, candidate{
				env: v.env, path: v.path, form: settings, instance: v.instance, family: v.dir + " values " + v.name,
				source: settingsSource([]string{literal(v.path)}, commonPath(v.dir, v.name, "")),
			})
			continue
		}
		id := chart + "\x00" + v.env.class + "\x00" + v.instance
		if i, again := rendered[id]; again {
			values := &f.found[i].source.Keys[1]
			values.List = append(values.List, v.path)
			continue
		}
		rendered[id] = len(f.found)
		f.found = append(f.found, candidate{
			env: v.env, path: v.path, form: charts, instance: v.instance, family: chart + " values",
			source: Source{Collector: "kubernetes-manifests", Keys: []Key{
				{Name: "path", Text: chart}, {Name: "values", List: []string{v.path}},
			}},
		})
	}
}

// inChart tells whether a directory is a chart's, or is one or two levels
// within it.
func (f *finder) inChart(dir string) bool {
	_, ok := f.around(dir)
	return ok
}

// around finds the chart that a directory belongs to.
func (f *finder) around(dir string) (string, bool) {
	for range 3 {
		if slices.Contains(f.charts, dir) {
			return dir, true
		}
		if dir == "." {
			break
		}
		dir = path.Dir(dir)
	}
	return "", false
}

// chartOf finds the chart that a values file is for: the one around it where
// the file has no name of its own, else the one of its name, else the only one
// there is. A file that is called after something else is for a chart that is
// not here.
func (f *finder) chartOf(v valuesFile) (string, bool) {
	around, ok := f.around(path.Dir(v.path))
	if ok && (v.name == "" || v.name == path.Base(around)) {
		return around, true
	}
	var named []string
	for _, chart := range f.charts {
		if name := path.Base(chart); name == v.name || v.name == "" && name == path.Base(v.dir) {
			named = append(named, chart)
		}
	}
	switch {
	case len(named) == 1:
		return named[0], true
	case len(f.charts) == 1 && v.name == "":
		return f.charts[0], true
	}
	return "", false
}
