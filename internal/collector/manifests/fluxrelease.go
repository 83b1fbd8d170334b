package manifests

import (
	"bytes"
	"path"

	"sigs.k8s.io/yaml"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// helmRelease renders the chart of a HelmRelease of Flux where it is in this
// repository. What is known of any other chart, its version and values, is in
// the HelmRelease itself.
func (s *session) helmRelease(d *deployment) error {
	spec := d.node.Get("spec")
	chart := spec.At("chart", "spec")
	ref := chart.Get("sourceRef")
	if chart == nil || ref.Get("kind").Str() != "GitRepository" || spec.Get("suspend").Str() == "true" {
		return nil
	}
	at, ok := s.inRepository(path.Clean("/" + chart.Get("chart").Str())[1:])
	source := s.source(ref, d.namespace())
	if !ok || !s.ownSource(ref, source) && s.foreignSource(ref, source) || !isFile(s.place.FS, path.Join(at, chartFile)) {
		return nil
	}
	if !s.once("release", at, d.namespace(), d.name()) {
		return nil
	}
	rel := release{name: spec.Get("releaseName").Str(), namespace: spec.Get("targetNamespace").Str(), kubeVersion: s.cfg.KubeVersion, apiVersions: s.cfg.APIVersions}
	if rel.name == "" {
		if rel.name = d.name(); rel.namespace != "" {
			rel.name = rel.namespace + "-" + rel.name
		}
	}
	if rel.namespace == "" {
		rel.namespace = d.namespace()
	}
	for _, f := range items(chart.Get("valuesFiles")) {
		file, ok := s.inRepository(path.Clean("/" + f.Text)[1:])
		if ok && isFile(s.place.FS, file) {
			rel.files = append(rel.files, valuesFile{s.place, file})
		} else if chart.Get("ignoreMissingValuesFiles").Str() != "true" {
			s.gap(d.where(), "the HelmRelease "+d.name()+" names a values file that is not in this repository", "")
		}
	}
	rel.inline = s.releaseValues(d, spec)
	return s.build(building{place: at, namespace: rel.namespace}, func() error { return s.chart(at, rel) })
}

// releaseValues returns the values of a HelmRelease over those of files: those
// of objects in order, and its own over them.
func (s *session) releaseValues(d *deployment, spec *doc.Node) map[string]any {
	values := map[string]any{}
	for _, from := range items(spec.Get("valuesFrom")) {
		kind, name := from.Get("kind").Str(), from.Get("name").Str()
		more, ok := s.valuesFrom(from, s.seen.known[knownKey(kind, d.namespace(), name)])
		if !ok {
			s.out.Gap(parity.Gap{
				Reason: "the HelmRelease " + d.name() + " takes values from " + kind + " " + name + ", whose values are not known",
				Where:  d.where(), Hint: "what the chart makes of them is unknown", Place: s.place.Display(s.placeNow()),
			})
			continue
		}
		values = mergeValues(values, more)
	}
	own, _ := plainNode(spec.Get("values")).(map[string]any)
	return mergeValues(values, own)
}

// valuesFrom returns the values that a ConfigMap holds; ok is false where they
// are not known.
func (s *session) valuesFrom(from, obj *doc.Node) (values map[string]any, ok bool) {
	key := from.Get("valuesKey").Str()
	if key == "" {
		key = "values.yaml"
	}
	text := obj.At("data", key)
	if obj.Get("kind").Str() != "ConfigMap" || text == nil || from.Get("targetPath").Str() != "" || obj.Get("sops") != nil {
		return nil, false
	}
	if err := doc.ParseYAML(bytes.NewReader([]byte(text.Text)), s.limits(), func(*doc.Node, int) error { return nil }); err != nil {
		return nil, false
	}
	err := guard(func() error { return yaml.Unmarshal([]byte(text.Text), &values) })
	return values, err == nil
}
