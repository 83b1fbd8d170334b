package manifests

import (
	"path"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"sigs.k8s.io/yaml"
)

// localPrefix begins the repository of a dependency that is a directory.
const localPrefix = "file://"

// locals reads the dependencies of a chart that are directories of the same
// repository, as helm dependency build copies them into the chart. What stands
// in the chart already is what counts.
func (r *chartReader) locals() error {
	for _, d := range r.dependencies() {
		rel, local := strings.CutPrefix(d.Repository, localPrefix)
		if !local || d.Name == "" || strings.ContainsAny(d.Name, "/\\") || r.has(d.Name) {
			continue
		}
		at, ok := within(r.dir, rel)
		if !ok || !isFile(r.s.place.FS, path.Join(at, chartFile)) {
			continue
		}
		if err := r.local(d, at); err != nil {
			return err
		}
	}
	return nil
}

// local reads one of them, unless its version is not one that the chart asks
// for: Helm refuses it.
func (r *chartReader) local(d *chart.Dependency, at string) error {
	in := newChartReader(r.s, at)
	in.under, in.bytes, in.files = path.Join("charts", d.Name), r.bytes, r.files
	if err := in.walk("", 0); err != nil {
		return err
	}
	var meta chart.Metadata
	if !in.decode(path.Join(in.under, chartFile), &meta) || meta.Name != d.Name || !chartutil.IsCompatibleRange(d.Version, meta.Version) && d.Version != "" {
		return nil
	}
	r.files, r.bytes = in.files, in.bytes
	return nil
}

// dependencies returns those that the chart's own file lists.
func (r *chartReader) dependencies() []*chart.Dependency {
	var all []*chart.Dependency
	for _, name := range []string{chartFile, "requirements.yaml"} {
		var list struct {
			Dependencies []*chart.Dependency `json:"dependencies"`
		}
		if r.decode(name, &list) {
			for _, d := range list.Dependencies {
				if d != nil {
					all = append(all, d)
				}
			}
		}
	}
	return all
}

// decode reads a file of the chart as Helm does.
func (r *chartReader) decode(name string, into any) bool {
	f := r.file(name)
	return f != nil && parses(f.Data, r.s.limits()) && guard(func() error { return yaml.Unmarshal(f.Data, into) }) == nil
}

func (r *chartReader) file(name string) *loader.BufferedFile {
	for _, f := range r.files {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// has reports whether a chart of a name stands in the chart, packed or not.
func (r *chartReader) has(name string) bool {
	for _, f := range r.files {
		rest, ok := strings.CutPrefix(f.Name, "charts/"+name)
		if ok && (strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "-") && strings.HasSuffix(rest, ".tgz") && !strings.Contains(rest, "/")) {
			return true
		}
	}
	return false
}
