package kube

import (
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// byRole reads a field that has a meaning of its own. It reports whether it did;
// where the node has not the shape for it, the walk goes on as usual.
func (w *walker) byRole(n *doc.Node, f *field, parent *doc.Node) bool {
	switch f.role {
	case serverRole:
		w.under(parity.ServerMetadata, n)
	case allocatedRole:
		w.allocated(n)
	case caBundleRole:
		w.emit(n, parity.Value{Kind: parity.Text, Raw: n.Text}, parity.SetOf(parity.CABundle))
	case annotationsRole:
		return w.annotations(n)
	case labelsRole:
		return w.labels(n)
	case imageRole:
		return w.image(n)
	case targetRefRole:
		return w.targetRef(n, f.typ)
	case serviceRefRole:
		return w.serviceRef(n)
	case requestsRole:
		return w.requests(n, parent)
	case sealedRole:
		return w.sealed(n)
	case modeRole:
		return w.mode(n, f, parent)
	case servicePortRole:
		return w.servicePort(n)
	case cpuTargetRole:
		return w.cpuTarget(n)
	case oldNameRole:
		return w.serviceAccount(n, f, parent)
	case limitDefaultRole:
		return w.limitDefault(n, parent)
	default:
		return w.listByRole(n, f)
	}
	return true
}

// listByRole is byRole for lists.
func (w *walker) listByRole(n *doc.Node, f *field) bool {
	if n.Kind != doc.List || !allMaps(n.Items) && f.role != argsRole {
		return false
	}
	switch f.role {
	case containersRole:
		w.keyed(n, f.typ, w.containerItem(f.typ.elem))
	case volumesRole:
		for _, item := range n.Items {
			w.trait("volume", item.Get("name").Str())
		}
		return false
	case envRole:
		return w.env(n, f.typ.elem)
	case envFromRole:
		return w.envFrom(n)
	case argsRole:
		return w.args(n)
	case rulesRole:
		return w.rules(n)
	case subjectsRole:
		return w.subjects(n)
	case selectorsRole:
		return w.selectors(n)
	case metricsRole:
		w.metrics(n, f.typ.elem)
	case tlsRole:
		w.custom(n, f.typ.elem, tlsKey)
	case claimsRole:
		w.custom(n, f.typ.elem, claimKey)
	case projectedRole:
		w.custom(n, f.typ.elem, projectedKey)
	default:
		return false
	}
	return true
}

func allMaps(items []*doc.Node) bool {
	for _, item := range items {
		if item.Kind != doc.Map {
			return false
		}
	}
	return true
}

// byType reads an object whose type has a meaning of its own.
func (w *walker) byType(n *doc.Node, t *typ) bool {
	switch t.role {
	case networkPolicyRole:
		return w.networkPolicy(n, t)
	case podSpecRole:
		w.hostNetwork = n.Get("hostNetwork").Str() == "true"
	case objectMetaRole:
		w.templateMeta(n)
	}
	return false
}

// allocated reads what a controller hands out. "None" as a cluster address is
// a choice: it makes a service headless.
func (w *walker) allocated(n *doc.Node) {
	if n.Text == "None" {
		w.emit(n, parity.Value{Kind: parity.Text, Raw: n.Text}, 0)
		return
	}
	if n.Kind == doc.List && len(n.Items) == 1 && n.Items[0].Text == "None" {
		w.emit(n, parity.Value{Kind: parity.Text, Raw: "None"}, parity.SetOf(parity.Derived))
		return
	}
	w.under(parity.Allocated, n)
}

func (w *walker) image(n *doc.Node) bool {
	if n.Kind != doc.String {
		return false
	}
	v, rules := w.imageValue(n.Text)
	if img, ok := value.ParseImage(n.Text); ok {
		w.trait("image", img.Registry+"/"+img.Repository)
	}
	w.emit(n, v, rules)
	return true
}

// targetRef reads {apiVersion, kind, name}: the name is of a subject of that
// kind.
func (w *walker) targetRef(n *doc.Node, t *typ) bool {
	kind := n.Get("kind").Str()
	if n.Kind != doc.Map || kind == "" || !scalarText(n.Get("name")) {
		return false
	}
	for i := range n.Fields {
		nf := &n.Fields[i]
		switch {
		case nf.Key == "name":
			at := w.push("name")
			w.emit(nf.Value, reference(kind, "", nf.Value.Text), parity.SetOf(parity.ReferenceName))
			w.pop(at)
		case nf.Key == "apiVersion":
			at := w.push("apiVersion")
			w.versionOf(kind, nf.Value)
			w.pop(at)
		default:
			w.member(n, t, nf)
		}
	}
	return true
}

func (w *walker) versionOf(kind string, n *doc.Node) {
	v := parity.Value{Kind: parity.Text, Raw: n.Str()}
	group, version := canonicalVersion(kind, n.Str())
	if group != "" {
		version = group + "/" + version
	}
	var rules parity.RuleSet
	if version != v.Raw {
		v.Canon, rules = version, parity.SetOf(parity.APIVersion)
	}
	w.emit(n, v, rules)
}

// serviceRef reads {namespace, name, path, port} of a webhook.
func (w *walker) serviceRef(n *doc.Node) bool {
	name := n.Get("name")
	if n.Kind != doc.Map || !scalarText(name) {
		return false
	}
	for i := range n.Fields {
		at := w.push(n.Fields[i].Key)
		switch n.Fields[i].Key {
		case "name":
			w.emit(name, reference("Service", n.Get("namespace").Str(), name.Text), parity.SetOf(parity.ReferenceName))
		case "namespace":
			ns := n.Fields[i].Value
			w.emit(ns, reference("Namespace", "", ns.Str()), parity.SetOf(parity.ReferenceName))
		case "port":
			port := n.Fields[i].Value
			v, rules := numberValue(port)
			if v.Canonical() == "443" && w.builtin {
				rules = rules.With(parity.DefaultValue)
			}
			w.emit(port, v, rules)
		default:
			w.untyped(n.Fields[i].Value, "")
		}
		w.pop(at)
	}
	return true
}

// mode reads a file mode: YAML's 0644 is 420.
func (w *walker) mode(n *doc.Node, f *field, parent *doc.Node) bool {
	octal := strings.TrimPrefix(strings.TrimPrefix(n.Text, "0o"), "0")
	if n.Kind != doc.Number || octal == n.Text {
		return false
	}
	bits, err := strconv.ParseUint(octal, 8, 32)
	if err != nil {
		return false
	}
	v := parity.Value{Kind: parity.Number, Raw: n.Text, Canon: strconv.FormatUint(bits, 10)}
	rules := parity.SetOf(parity.ScalarForm)
	if w.builtin && w.isDefault(f, v.Canon, parent) {
		rules = rules.With(parity.DefaultValue)
	}
	w.emit(n, v, rules)
	return true
}

// serviceAccount reads the old name of serviceAccountName as the new one where
// that is not there.
func (w *walker) serviceAccount(n *doc.Node, f *field, parent *doc.Node) bool {
	if scalarText(parent.Get("serviceAccountName")) {
		return false
	}
	at := len(w.path)
	w.path = append(w.path, "Name"...)
	w.scalar(n, f, emptyMap)
	w.pop(at)
	return true
}
