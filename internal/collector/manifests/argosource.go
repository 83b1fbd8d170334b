package manifests

import (
	"path"
	"strings"

	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity/internal/doc"
)

// valuesFiles lists the values files of the source that are here; ok is false
// where one is not, unless that is allowed. dir is where the chart is, empty
// where it is elsewhere.
func (a *appSource) valuesFiles(dir string) (files []string, ok bool) {
	ok = true
	for _, f := range items(a.src.At("helm", "valueFiles")) {
		at, here := a.valuesFile(dir, f.Text)
		if here && isFile(a.s.place.FS, at) {
			files = append(files, at)
		} else if !here || a.src.At("helm", "ignoreMissingValueFiles").Str() != "true" {
			ok = false
		}
	}
	return files, ok
}

// valuesFile returns the path of a values file; ok is false where it is not of
// this repository.
func (a *appSource) valuesFile(dir, name string) (string, bool) {
	ref, rest, isRef := strings.Cut(name, "/")
	switch {
	case strings.HasPrefix(name, "$"):
		src := a.refs[ref]
		if !isRef || src == nil || !a.s.isOwn(src.Get("repoURL").Str()) {
			return "", false
		}
		return a.s.inRepository(rest)
	case dir == "" || strings.Contains(name, "://"):
		return "", false
	case strings.HasPrefix(name, "/"):
		return a.s.inRepository(name)
	}
	at, ok := within(dir, name)
	return at, ok && holds(a.s.top(), at)
}

// chart renders the chart in a directory.
func (a *appSource) chart(at string) error {
	helm := a.src.Get("helm")
	rel := release{name: a.release(), namespace: a.namespace, kubeVersion: a.s.cfg.KubeVersion, apiVersions: a.s.cfg.APIVersions}
	if ns := helm.Get("namespace").Str(); ns != "" {
		rel.namespace = ns
	}
	if v := helm.Get("kubeVersion").Str(); v != "" {
		rel.kubeVersion = v
	}
	for _, v := range items(helm.Get("apiVersions")) {
		rel.apiVersions = append(rel.apiVersions[:len(rel.apiVersions):len(rel.apiVersions)], v.Text)
	}
	rel.skipCRDs = helm.Get("skipCrds").Str() == "true"
	files, ok := a.valuesFiles(at)
	if !ok {
		a.s.gap(a.s.place.Display(at), "the Application "+a.d.name()+" names a values file that is not in this repository", "")
	}
	for _, f := range files {
		rel.files = append(rel.files, valuesFile{a.s.place, f})
	}
	rel.inline = a.inline(at, helm)
	return a.s.chart(at, rel)
}

// inline returns the values over those of files: those that the source carries,
// and its parameters over them.
func (a *appSource) inline(at string, helm *doc.Node) map[string]any {
	values := helm.Get("valuesObject")
	if values == nil {
		values = helm.Get("values")
	}
	if values != nil && values.Kind == doc.String {
		values = lenient(values.Text, a.s.limits())
	}
	inline := map[string]any{}
	if values != nil {
		if m, ok := plainNode(values).(map[string]any); ok {
			inline = m
		}
	}
	fault := false
	for _, p := range items(helm.Get("parameters")) {
		parse := strvals.ParseInto
		if p.Get("forceString").Str() == "true" {
			parse = strvals.ParseIntoString
		}
		text := p.Get("name").Str() + "=" + escaped(p.Get("value").Str())
		fault = guard(func() error { return parse(text, inline) }) != nil || fault
	}
	for _, p := range items(helm.Get("fileParameters")) {
		file, ok := within(at, p.Get("path").Str())
		data, err := a.s.readFile(file, a.s.in.Limits.FileBytes)
		if !ok || !holds(a.s.top(), file) || err != nil {
			fault = true
			continue
		}
		text := p.Get("name").Str() + "=" + escaped(string(data))
		fault = guard(func() error { return strvals.ParseIntoString(text, inline) }) != nil || fault
	}
	if fault {
		a.s.gap(a.s.place.Display(at), "a Helm parameter of the Application "+a.d.name()+" cannot be applied: what it would change is unknown", "write it as values")
	}
	return inline
}

// escaped writes a value so that Helm takes it as one, as Argo CD does.
func escaped(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return value
	}
	var b strings.Builder
	for i := range len(value) {
		if value[i] == ',' && (i == 0 || value[i-1] != '\\') {
			b.WriteByte('\\')
		}
		b.WriteByte(value[i])
	}
	return b.String()
}

// argoKustomize are the options that Argo CD has for kustomize.
type argoKustomize struct {
	NamePrefix, NameSuffix, Namespace string

	CommonLabels, CommonAnnotations map[string]string

	LabelWithoutSelector, ForceCommonLabels, ForceCommonAnnotations bool

	Images     []string
	Replicas   []struct{ Name, Count any }
	Patches    []types.Patch
	Components []string
}

// kustomization renders the kustomization in a directory, changed as the source
// says.
func (a *appSource) kustomization(at string) error {
	options := a.src.Get("kustomize")
	if options == nil {
		return a.s.kustomization(at)
	}
	o := &argoKustomize{}
	into(options, o)
	sc := a.s.newScan()
	sc.amend[at] = o.amend
	return a.s.scanned(sc, at)
}

func (o *argoKustomize) amend(k *types.Kustomization) {
	if o.NamePrefix != "" {
		k.NamePrefix = o.NamePrefix
	}
	if o.NameSuffix != "" {
		k.NameSuffix = o.NameSuffix
	}
	if o.Namespace != "" {
		k.Namespace = o.Namespace
	}
	if len(o.CommonLabels) > 0 {
		k.Labels = append(k.Labels[:len(k.Labels):len(k.Labels)], types.Label{Pairs: o.CommonLabels, IncludeSelectors: !o.LabelWithoutSelector})
	}
	if len(o.CommonAnnotations) > 0 {
		all := map[string]string{}
		for _, m := range []map[string]string{k.CommonAnnotations, o.CommonAnnotations} {
			for name, v := range m {
				all[name] = v
			}
		}
		k.CommonAnnotations = all
	}
	for _, image := range o.Images {
		k.Images = withImage(append([]types.Image(nil), k.Images...), imageOf(image))
	}
	for _, r := range o.Replicas {
		name, _ := r.Name.(string)
		if n, ok := countOf(r.Count); ok && name != "" {
			k.Replicas = append(k.Replicas[:len(k.Replicas):len(k.Replicas)], types.Replica{Name: name, Count: n})
		}
	}
	k.Patches = append(k.Patches[:len(k.Patches):len(k.Patches)], o.Patches...)
	k.Components = append(k.Components[:len(k.Components):len(k.Components)], o.Components...)
}

// imageOf reads an image as "kustomize edit set image" takes it: a name, which
// may be replaced after "=", with a tag or a digest.
func imageOf(text string) types.Image {
	name, to, renamed := strings.Cut(text, "=")
	if !renamed {
		to = name
	}
	image := types.Image{}
	if rest, digest, ok := strings.Cut(to, "@"); ok {
		to, image.Digest = rest, digest
	} else if i := strings.LastIndexByte(to, ':'); i > strings.LastIndexByte(to, '/') {
		to, image.NewTag = to[:i], to[i+1:]
	}
	image.Name = to
	if renamed {
		image.Name, image.NewName = name, to
	}
	return image
}

// directory reads the manifests of a directory: no kustomization and no chart
// below it is one to Argo CD.
func (a *appSource) directory(at string) error {
	options := a.src.Get("directory")
	include, exclude := alternatives(options.Get("include").Str()), alternatives(options.Get("exclude").Str())
	w := &everything{s: a.s}
	w.walk(at, 0)
	if options.Get("jsonnet") != nil && len(items(options.At("jsonnet", "tlas")))+len(items(options.At("jsonnet", "extVars"))) > 0 {
		a.gap("the Application "+a.d.name()+" is made by jsonnet, which is not run: what it would add is unknown", "")
	}
	for _, file := range w.files {
		name := strings.TrimPrefix(file, at+"/")
		switch {
		case path.Dir(name) != "." && options.Get("recurse").Str() != "true":
		case include != nil && !fitsAny(include, name):
		case fitsAny(exclude, name):
		default:
			if err := a.s.file(file); err != nil {
				return err
			}
		}
	}
	return nil
}
