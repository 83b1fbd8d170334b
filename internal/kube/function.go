package kube

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// annotations of Knative's autoscaler, in both spellings.
var scales = [...]struct{ name, annotation, older string }{
	{"minInstances", "autoscaling.knative.dev/min-scale", "autoscaling.knative.dev/minScale"},
	{"maxInstances", "autoscaling.knative.dev/max-scale", "autoscaling.knative.dev/maxScale"},
}

// function tells what a Knative Service has in common with the functions of
// clouds, in their shape: "/function/memory". The facts follow from the object's
// own. Image and variables have the containers' own paths, as elsewhere.
func (w *walker) function(obj *doc.Node) {
	if w.kind != "Service" || w.key.Group != "serving.knative.dev" {
		return
	}
	template := obj.At("spec", "template")
	spec := template.Get("spec")
	w.shape("concurrency", spec.Get("containerConcurrency"), "/spec/template/spec/containerConcurrency", "")
	w.shape("timeout", spec.Get("timeoutSeconds"), "/spec/template/spec/timeoutSeconds", "s")
	if containers := items(spec.Get("containers")); len(containers) > 0 {
		c := containers[0]
		at := "/spec/template/spec/containers[name=" + c.Get("name").Str() + "]/resources/limits/"
		w.shape("memory", c.At("resources", "limits", "memory"), at+"memory", "")
		w.shape("cpu", c.At("resources", "limits", "cpu"), at+"cpu", "")
	}
	annotations := template.At("metadata", "annotations")
	for _, s := range scales {
		for _, name := range [...]string{s.annotation, s.older} {
			if n := annotations.Get(name); n != nil {
				w.shape(s.name, n, "/spec/template/metadata/annotations/"+name, "")
				break
			}
		}
	}
}

// shape tells one setting, which follows from the fact at a path.
func (w *walker) shape(name string, n *doc.Node, from, unit string) {
	if n == nil || n.Text == "" {
		return
	}
	w.path = append(append(w.path[:0], "/function/"...), name...)
	v, rules := value.Of("/function/limits/"+name, n.Text, value.StringScalar)
	if unit != "" {
		v, rules = value.Of(string(w.path), n.Text+unit, value.StringScalar)
	}
	if name == "concurrency" || name == "minInstances" || name == "maxInstances" {
		v, rules = value.Of(string(w.path), n.Text, value.NumberScalar)
	}
	w.emit(n, v, rules)
	w.facts[len(w.facts)-1].DerivedFrom = &parity.FactRef{Subject: w.key, Path: from}
	w.path = w.path[:0]
}
