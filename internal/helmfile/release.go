package helmfile

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// releases notes the releases of a helmfile that the environment has.
func (s *state) releases() {
	for _, spec := range mapsOf(s.merged["releases"]) {
		if len(s.out.Releases) >= maxReleases {
			s.lose(Loss{Where: s.file, Reason: fmt.Sprintf("the helmfile has more than %d releases", maxReleases)})
			return
		}
		spec = s.inherited(spec)
		r := &releaseReader{state: s, spec: spec, name: text(spec["name"])}
		if r.wanted() {
			s.out.Releases = append(s.out.Releases, r.release())
		}
	}
}

// inherited puts the templates that a release inherits under it.
func (s *state) inherited(spec map[string]any) map[string]any {
	templates, _ := s.merged["templates"].(map[string]any)
	var under map[string]any
	for _, from := range mapsOf(spec["inherit"]) {
		t, ok := templates[text(from["template"])].(map[string]any)
		if !ok {
			s.lose(Loss{Where: s.file, Release: text(spec["name"]), Reason: "a release inherits a template that is not there"})
			continue
		}
		t, _ = copied(t).(map[string]any)
		for _, key := range texts(from["except"]) {
			delete(t, key)
		}
		under = merged(under, t, false)
	}
	return merged(under, spec, false)
}

// releaseReader reads one release.
type releaseReader struct {
	*state
	spec map[string]any
	name string
	meta map[string]any
}

func (r *releaseReader) lost(reason, hint string) {
	r.lose(Loss{Where: r.file, Release: r.name, Reason: reason, Hint: hint})
}

// wanted reports whether the release is installed. What is not known of it is
// lost: the release may be there.
func (r *releaseReader) wanted() bool {
	switch on := r.evaluated(r.spec["installed"]).(type) {
	case bool:
		if !on {
			return false
		}
	case string:
		if on == "false" {
			return false
		}
	case unknown:
		r.lost("whether a release is installed is not known", hint)
		return false
	}
	condition := text(r.spec["condition"])
	if condition == "" {
		return true
	}
	on, ok := at(r.values(), condition)
	installed, isBool := on.(bool)
	if !ok || !isBool {
		r.lost("whether a release is installed is not known: the values of the environment do not have its condition", "")
		return false
	}
	return installed
}

// release reads what a release declares.
func (r *releaseReader) release() Release {
	labels, _ := r.spec["labels"].(map[string]any)
	if labels == nil {
		labels = map[string]any{}
	}
	r.meta = map[string]any{
		"Name": r.name, "Namespace": text(r.spec["namespace"]), "Chart": text(r.spec["chart"]), "Labels": labels,
		"KubeContext": unknown{}, "Version": text(r.spec["version"]),
	}
	out := Release{File: r.file, KubeVersion: text(r.merged["kubeVersion"]), APIVersions: texts(r.merged["apiVersions"])}
	out.Name = r.field("name")
	r.name, r.meta["Name"] = out.Name, out.Name
	out.Namespace = cmp.Or(text(r.merged["namespace"]), r.field("namespace"))
	r.meta["Namespace"] = out.Namespace
	out.Version = r.field("version")
	r.chart(&out)
	missing := cmp.Or(text(r.spec["missingFileHandler"]), text(r.merged["missingFileHandler"]))
	for _, key := range []string{"values", "valuesTemplate", "secrets"} {
		r.layers(&out, key, missing)
	}
	for _, key := range []string{"set", "setTemplate", "setString"} {
		r.settings(&out, key)
	}
	r.beside()
	return out
}

// beside notes what changes what the chart makes and is not done here.
func (r *releaseReader) beside() {
	for _, key := range []string{"strategicMergePatches", "jsonPatches", "transformers", "dependencies", "postRenderer", "forceNamespace"} {
		if _, there := r.spec[key]; there {
			r.lost("what "+key+" of a release changes is not applied", hint)
		}
	}
}

// field is a text of the release, evaluated.
func (r *releaseReader) field(key string) string {
	switch v := r.evaluated(r.spec[key]).(type) {
	case nil:
		return ""
	case string:
		return v
	case unknown:
		return Mark
	default:
		return fmt.Sprint(v)
	}
}

// evaluated evaluates a text of the release as a template for it.
func (r *releaseReader) evaluated(v any) any {
	s, ok := v.(string)
	if !ok || !strings.Contains(s, "{{") {
		return v
	}
	out, err := r.render(r.file, s, r.context(r.metaOf()))
	if err != nil || Unknown(string(out)) {
		return unknown{}
	}
	return string(out)
}

func (r *releaseReader) metaOf() map[string]any {
	if r.meta == nil {
		return map[string]any{"Name": r.name}
	}
	return r.meta
}

// chart says which chart the release takes.
func (r *releaseReader) chart(out *Release) {
	out.Chart = r.field("chart")
	if at, err := within(r.file, out.Chart); err == nil && !strings.Contains(out.Chart, "://") {
		if info, err := fs.Stat(r.FS, at); err == nil && (info.IsDir() || strings.HasSuffix(at, ".tgz")) {
			out.Local = at
			return
		}
	}
	name, rest, ok := strings.Cut(out.Chart, "/")
	if !ok || strings.Contains(out.Chart, "://") {
		return
	}
	for _, repository := range mapsOf(r.merged["repositories"]) {
		if text(repository["name"]) != name {
			continue
		}
		url := strings.TrimSuffix(text(repository["url"]), "/")
		if oci, _ := repository["oci"].(bool); oci && !strings.Contains(url, "://") {
			url = "oci://" + url
		}
		out.Repository, out.Chart = url, rest
		return
	}
}

// layers adds values of the release. Of those that stand in the helmfile only
// the ones below valuesTemplate are templates; names of files always are.
func (r *releaseReader) layers(out *Release, key, missing string) {
	items, _ := r.spec[key].([]any)
	for _, item := range items {
		switch v := item.(type) {
		case map[string]any:
			if key == "valuesTemplate" {
				v = r.inline(v)
			}
			out.Values = append(out.Values, Layer{File: r.file, Inline: v})
		case string:
			name, ok := r.evaluated(v).(string)
			if !ok {
				r.lost("which values file a release has is not known", hint)
				continue
			}
			for _, at := range r.glob(name, missing) {
				r.layer(out, at)
			}
		case unknown:
			r.lost("which values file a release has is not known", hint)
		}
	}
}

// layer adds one file of values.
func (r *releaseReader) layer(out *Release, at string) {
	if !strings.HasSuffix(at, ".gotmpl") {
		out.Values = append(out.Values, Layer{File: at})
		return
	}
	data, err := r.read(at)
	if err == nil {
		data, err = r.render(at, string(data), r.context(r.metaOf()))
	}
	var m map[string]any
	if err == nil {
		m, err = r.parse(data)
	}
	if err != nil {
		r.lost("the values file "+path.Base(at)+" cannot be read: "+wordsOf(err), hint)
		return
	}
	out.Values = append(out.Values, Layer{File: at, Inline: m})
}

// inline evaluates the texts of values that stand in the helmfile.
func (r *releaseReader) inline(v map[string]any) map[string]any {
	m, _ := r.deep(v, 0).(map[string]any)
	return m
}

func (r *releaseReader) deep(v any, depth int) any {
	if depth > 200 {
		return unknown{}
	}
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = r.deep(x, depth+1)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = r.deep(x, depth+1)
		}
		return out
	}
	return r.evaluated(v)
}

// settings adds single values. Only those below setTemplate are templates.
func (r *releaseReader) settings(out *Release, key string) {
	isText := key == "setString"
	for _, item := range mapsOf(r.spec[key]) {
		if key == "setTemplate" {
			item = r.inline(item)
		}
		name := text(item["name"])
		value, there := item["value"]
		switch many, _ := item["values"].([]any); {
		case name == "" || Unknown(name):
			r.lost("a value that a release sets cannot be read", hint)
		case there:
			out.Set = append(out.Set, Setting{Name: name, Value: literal(value), Text: isText})
		case len(many) > 0:
			all := make([]string, len(many))
			for i, v := range many {
				all[i] = literal(v)
			}
			out.Set = append(out.Set, Setting{Name: name, Value: "{" + strings.Join(all, ",") + "}", Text: isText})
		default:
			r.lost("a value that a release sets is that of a file, which is not read", hint)
		}
	}
}

// literal writes a value as --set has it.
func literal(v any) string { return strings.ReplaceAll(fmt.Sprint(v), ",", `\,`) }
