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
	words := strings.FieldsFunc(strings.ToLower(stem), func(r rune) bool { return strings.ContainsRune("-_.", r) })
	v.name = strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "values" }), "-")
	switch {
	case isRegion(v.name):
		v.name, v.instance = "", v.name
	case isRegion(env.rest):
		v.instance = env.rest
	}
	f.values = append(f.values, v)
}

// resolveValues makes a source of every values file: its chart rendered with
// it, or the file as it is where no chart is here.
func (f *finder) resolveValues() {
	for _, v := range f.values {
		c := candidate{env: v.env, path: v.path, form: manifests, instance: v.instance}
		chart, ok := f.chartOf(v)
		if ok {
			c.family = chart + " values"
			c.source = Source{Collector: "kubernetes-manifests", Keys: []Key{
				{Name: "path", Text: chart}, {Name: "values", List: []string{v.path}},
			}}
		} else {
			c.form, c.family = settings, v.dir+" values "+v.name
			c.source = Source{Collector: "files", Keys: []Key{{Name: "paths", List: []string{v.path}}}}
		}
		f.found = append(f.found, c)
	}
}

// chartOf finds the chart that a values file is for: around it, or of its
// name, or the only one there is.
func (f *finder) chartOf(v valuesFile) (string, bool) {
	dir := path.Dir(v.path)
	for range 3 {
		if slices.Contains(f.charts, dir) {
			return dir, true
		}
		if dir == "." {
			break
		}
		dir = path.Dir(dir)
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
