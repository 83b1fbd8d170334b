package kube

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// metadata reads the object's own metadata; name and namespace are its key.
func (w *walker) metadata(n *doc.Node) {
	t := w.r.schema.named("meta.v1.ObjectMeta")
	if n.Kind != doc.Map {
		w.untyped(n, "")
		return
	}
	for i := range n.Fields {
		nf := &n.Fields[i]
		switch nf.Key {
		case "name":
		case "managedFields":
			at := w.push(nf.Key)
			if w.r.options.Live {
				w.kept(nf.Value)
			} else {
				w.under(parity.ServerMetadata, nf.Value)
			}
			w.pop(at)
		case "generateName":
			if n.Get("name").Str() == "" {
				continue
			}
			w.serverField(nf)
		case "namespace":
			if w.key.Scope == "" && nf.Value.Str() != "" {
				w.serverField(nf) // the API server has no use for it
			}
		default:
			w.member(n, t, nf)
		}
	}
}

func (w *walker) serverField(nf *doc.Field) {
	at := w.push(nf.Key)
	w.under(parity.ServerMetadata, nf.Value)
	w.pop(at)
}

// templateMeta notes the labels of a pod template: they tell what it resembles.
func (w *walker) templateMeta(n *doc.Node) {
	labels := n.Get("labels")
	if labels == nil {
		return
	}
	for i := range labels.Fields {
		k := labels.Fields[i].Key
		if labelRule(k) == noNote {
			w.trait("label", k+"="+labels.Fields[i].Value.Str())
		}
	}
}

func (w *walker) trait(kind, text string) {
	if text == "" {
		return
	}
	for i := range w.traits {
		if w.traits[i].Value == text && w.traits[i].Kind == kind {
			return
		}
	}
	if len(w.traits) < maxTraits {
		w.traits = append(w.traits, parity.Trait{Kind: kind, Value: text})
	}
}

// maxTraits bounds what is compared for likeness.
const maxTraits = 256

func (w *walker) labels(n *doc.Node) bool {
	if n.Kind != doc.Map {
		return false
	}
	for i := range n.Fields {
		nf := &n.Fields[i]
		at := w.push(nf.Key)
		if nf.Key == "kubernetes.io/metadata.name" && w.kind == "Namespace" && nf.Value.Str() == w.key.Name {
			w.emit(nf.Value, reference("Namespace", "", nf.Value.Text), parity.SetOf(parity.ReferenceName, parity.DefaultValue))
		} else {
			w.noted(nf.Value, labelRule(nf.Key))
		}
		w.pop(at)
	}
	return true
}

// wholeObject are annotations that hold the object once more, with all that is
// secret in it.
var wholeObject = map[string]bool{
	"kubectl.kubernetes.io/last-applied-configuration": true,
	"kapp.k14s.io/original":                            true,
	"objectset.rio.cattle.io/applied":                  true,
	"banzaicloud.com/last-applied":                     true,
	"openshift.io/last-applied-configuration":          true,
}

func (w *walker) annotations(n *doc.Node) bool {
	if n.Kind != doc.Map {
		return false
	}
	for i := range n.Fields {
		nf := &n.Fields[i]
		at := w.push(nf.Key)
		if wholeObject[nf.Key] {
			w.emit(nf.Value, parity.Value{Kind: parity.Secret}, parity.SetOf(parity.ServerMetadata))
		} else {
			w.noted(nf.Value, annotationRule(nf.Key))
		}
		w.pop(at)
	}
	return true
}

// note says who keeps a label or an annotation, and what it follows from.
type note uint8

const (
	noNote note = iota
	byServer
	byController
	fromObject // derived, whatever was read
	fromImage  // derived where an image of the same application was read
	fromConfig // derived where configuration of the same namespace was read
)

func (w *walker) noted(n *doc.Node, by note) {
	before := w.extra
	switch by {
	case byServer:
		w.extra = w.extra.With(parity.ServerMetadata)
	case byController:
		w.extra = w.extra.With(parity.ControllerNotes)
	case fromObject:
		w.extra = w.extra.With(parity.Derived)
	case fromImage, fromConfig:
		w.rec.derived = append(w.rec.derived, derivedFact{fact: len(w.facts), from: by})
	}
	switch {
	case n.Kind == doc.Map || n.Kind == doc.List || n.Kind == doc.Null:
		w.untyped(n, "")
	default:
		e := w.here()
		v, rules := w.textValue(e.path, n.Text)
		w.emitAt(e, n, v, rules)
	}
	w.extra = before
}

func labelRule(key string) note {
	switch key {
	case "helm.sh/chart", "chart", "pod-template-hash", "controller-revision-hash", "pod-template-generation",
		"statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "batch.kubernetes.io/job-completion-index":
		return fromObject
	case "app.kubernetes.io/version", "app.openshift.io/version":
		return fromImage
	case "controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name":
		return byServer
	case "argocd.argoproj.io/instance":
		return byController
	}
	if strings.HasPrefix(key, "checksum/") {
		return fromConfig
	}
	if strings.Contains(key, ".toolkit.fluxcd.io/") {
		return byController
	}
	return noNote
}

func annotationRule(key string) note {
	switch key {
	case "deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation",
		"kubectl.kubernetes.io/restartedAt", "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/refresh",
		"control-plane.alpha.kubernetes.io/leader", "rollout.argoproj.io/revision",
		"meta.helm.sh/release-name", "meta.helm.sh/release-namespace",
		"kubernetes.io/change-cause", "kubectl.kubernetes.io/default-logs-container-set-by",
		"autoscaling.alpha.kubernetes.io/conditions", "autoscaling.alpha.kubernetes.io/current-metrics":
		return byController
	}
	switch {
	case strings.HasPrefix(key, "checksum/"), strings.HasSuffix(key, "/checksum"), strings.HasSuffix(key, "/config-hash"):
		return fromConfig
	case strings.HasPrefix(key, "pv.kubernetes.io/"), strings.HasPrefix(key, "volume.kubernetes.io/"),
		strings.HasPrefix(key, "volume.beta.kubernetes.io/storage-provisioner"),
		strings.HasPrefix(key, "deployment.kubernetes.io/"), strings.HasPrefix(key, "endpoints.kubernetes.io/"):
		return byController
	}
	return noNote
}
