package manifests

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// release is what a chart is rendered as.
type release struct {
	name, namespace string
	files           []valuesFile
	// made are the values that were made of a file, by its index; one that has
	// none is read as it is.
	made          map[int]map[string]any
	under, inline map[string]any // below and above the files
	set           []setting      // above all
	kubeVersion   string
	apiVersions   []string
	skipCRDs      bool
	archive       []byte // a chart that was fetched
	// inflated is set where a kustomization takes what the chart makes, and may
	// change it.
	inflated bool
}

// valuesFile is one values file, in the place that names it.
type valuesFile struct {
	place place.Place
	path  string
}

// setting is one value as helm's --set has it, or --set-string.
type setting struct {
	name, value string
	text        bool
}

// release gives what the config says of a chart.
func (s *session) release() (release, error) {
	rel := release{
		name: s.cfg.Release, namespace: s.cfg.Namespace, inline: s.cfg.ValuesInline,
		kubeVersion: s.cfg.KubeVersion, apiVersions: s.cfg.APIVersions,
	}
	for _, name := range s.cfg.Values {
		p, err := s.in.Root.Resolve(name)
		if err != nil {
			return release{}, err
		}
		rel.files = append(rel.files, filesOf(p)...)
	}
	return rel, nil
}

// values reads and merges the values of a release, and returns the files they
// are from, the strongest first.
func (s *session) values(rel release) (map[string]any, *parity.Origin, error) {
	var from *parity.Origin
	merged := mergeValues(nil, rel.under)
	for i, f := range rel.files {
		v := rel.made[i]
		if v == nil {
			var err error
			if v, err = s.valuesOf(f); err != nil {
				return nil, nil, err
			}
		}
		merged = mergeValues(merged, v)
		from = &parity.Origin{File: f.place.Display(f.path), Precision: parity.AtFile, From: from}
	}
	merged = mergeValues(merged, rel.inline)
	for _, set := range rel.set {
		if err := set.apply(merged); err != nil {
			return nil, nil, s.chartError(s.place.Path, "a value that is set by its name cannot be read as Helm reads it")
		}
	}
	return merged, from, nil
}

// apply sets the value.
func (x setting) apply(values map[string]any) error {
	parse := strvals.ParseInto
	if x.text {
		parse = strvals.ParseIntoString
	}
	return guard(func() error { return parse(x.name+"="+x.value, values) })
}

// filesOf are the values files that a path stands for: of a directory, those in
// it by name.
func filesOf(p place.Place) []valuesFile {
	if !isDir(p.FS, p.Path) {
		return []valuesFile{{p, p.Path}}
	}
	var all []valuesFile
	entries, _ := fs.ReadDir(p.FS, p.Path)
	for _, e := range entries {
		if at := path.Join(p.Path, e.Name()); !hidden(e.Name()) && isFile(p.FS, at) && (path.Ext(at) == ".yaml" || path.Ext(at) == ".yml") {
			all = append(all, valuesFile{p, at})
		}
	}
	return all
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// valuesOf reads one values file. What SOPS has encrypted in it stands as one
// and the same text everywhere: that it is there is all that is known.
func (s *session) valuesOf(f valuesFile) (map[string]any, error) {
	display := f.place.Display(f.path)
	at := &session{place: f.place, in: s.in}
	data, err := at.readFile(f.path, s.in.Limits.FileBytes)
	if err == nil {
		err = well(data, s.limits())
	}
	if err != nil {
		where, what := whereOf(err, display)
		return nil, &parity.Error{Code: parity.CodeConfig, Where: where, What: "the values file cannot be read: " + what}
	}
	v := map[string]any{}
	if err := guard(func() error { return yaml.Unmarshal(data, &v) }); err != nil {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: display, What: "the values file is not a map of values as Helm reads it"}
	}
	if sops, ok := v["sops"].(map[string]any); ok && sops["mac"] != nil {
		delete(v, "sops")
		conceal(v)
	}
	return v, nil
}

// well returns why a text is no YAML within the bounds.
func well(data []byte, l doc.Limits) error {
	return doc.ParseYAML(bytes.NewReader(data), l, func(*doc.Node, int) error { return nil })
}

func parses(data []byte, l doc.Limits) bool { return well(data, l) == nil }

// concealed stands for an encrypted value.
const concealed = "encrypted"

func conceal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = conceal(x)
		}
	case []any:
		for i, x := range v {
			v[i] = conceal(x)
		}
	case string:
		if strings.HasPrefix(v, "ENC[") {
			return concealed
		}
	}
	return v
}

// sealed reports whether some of the values are encrypted.
func sealed(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			if sealed(x) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, sealed)
	case string:
		return v == concealed || strings.HasPrefix(v, "ENC[")
	}
	return false
}

// mergeValues merges b over a as Helm merges values files: maps by key, all
// else replaced.
func mergeValues(a, b map[string]any) map[string]any {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]any{}
	}
	for k, v := range b {
		if bm, ok := v.(map[string]any); ok {
			if am, ok := out[k].(map[string]any); ok {
				out[k] = mergeValues(am, bm)
				continue
			}
		}
		out[k] = v
	}
	return out
}
