package kube

import (
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// byRole reads a field that has a meaning of its own. It tells whether it did;
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
		return w.listByRole(n, f, parent)
	}
	return true
}

// listByRole is byRole for lists.
func (w *walker) listByRole(n *doc.Node, f *field, parent *doc.Node) bool {
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

// requests reads resource requests: one that equals its limit is the default.
func (w *walker) requests(n *doc.Node, parent *doc.Node) bool {
	if n.Kind != doc.Map {
		return false
	}
	limits := parent.Get("limits")
	for i := range n.Fields {
		q := n.Fields[i].Value
		at := w.push(n.Fields[i].Key)
		if q.Kind == doc.Map || q.Kind == doc.List || q.Kind == doc.Null {
			w.untyped(q, "")
		} else {
			v, rules := quantityValue(q)
			if limit := limits.Get(n.Fields[i].Key); w.builtin && limit != nil && sameQuantity(v, limit) {
				rules = rules.With(parity.DefaultValue)
			}
			w.emit(q, v, rules)
		}
		w.pop(at)
	}
	return true
}

func sameQuantity(v parity.Value, n *doc.Node) bool {
	other, _ := quantityValue(n)
	return other.Kind == parity.Quantity && v.Canonical() == other.Canonical()
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

// limitDefault reads what a LimitRange gives containers that say nothing: where
// it says nothing itself, the limit is the most, and the request the limit or
// the least.
func (w *walker) limitDefault(n, parent *doc.Node) bool {
	if n.Kind != doc.Map || parent.Get("type").Str() != "Container" {
		return false
	}
	limits, most, least := parent.Get("default"), parent.Get("max"), parent.Get("min")
	for i := range n.Fields {
		q := n.Fields[i].Value
		at := w.push(n.Fields[i].Key)
		if q.Kind == doc.Map || q.Kind == doc.List || q.Kind == doc.Null {
			w.untyped(q, "")
			w.pop(at)
			continue
		}
		key := n.Fields[i].Key
		usual := most.Get(key)
		if n != limits {
			usual = firstOf(limits.Get(key), usual, least.Get(key))
		}
		v, rules := quantityValue(q)
		if usual != nil && sameQuantity(v, usual) {
			rules = rules.With(parity.DefaultValue)
		}
		w.emit(q, v, rules)
		w.pop(at)
	}
	return true
}

func firstOf(nodes ...*doc.Node) *doc.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}

// custom reads a list whose items are named by a function.
func (w *walker) custom(n *doc.Node, elem *typ, key func(b []byte, item *doc.Node) []byte) {
	seen := newSeen(len(n.Items))
	for _, item := range n.Items {
		at := len(w.path)
		w.path = append(key(append(w.path, '['), item), ']')
		if c := seen.count(string(w.path[at:])); c > 1 {
			w.path = appendCount(w.path, c)
		}
		w.element(item, elem, n)
		w.pop(at)
	}
}

// metrics reads what an autoscaler goes by. Left out, it goes by 80 % of the
// requested CPU.
func (w *walker) metrics(n *doc.Node, elem *typ) {
	before := w.extra
	if only := n.Items[0]; len(n.Items) == 1 && w.builtin &&
		only.At("resource", "name").Str() == "cpu" && only.At("resource", "target", "averageUtilization").Str() == "80" {
		w.extra = w.extra.With(parity.DefaultValue)
	}
	w.custom(n, elem, metricKey)
	w.extra = before
}

// metricKey names an autoscaler's metric by its type and what it measures.
func metricKey(b []byte, item *doc.Node) []byte {
	kind := item.Get("type").Str()
	b = append(append(b, "type="...), kind...)
	if kind == "" {
		return b
	}
	source := item.Get(strings.ToLower(kind[:1]) + kind[1:])
	name := source.Get("name").Str()
	if name == "" {
		name = firstOf(source.At("metric", "name"), source.Get("metricName")).Str()
	}
	if name != "" {
		b = append(append(b, ",name="...), name...)
	}
	if c := source.Get("container").Str(); c != "" {
		b = append(append(b, ",container="...), c...)
	}
	if o := source.At("describedObject", "name").Str(); o != "" {
		b = append(append(b, ",object="...), o...)
	}
	return b
}

func tlsKey(b []byte, item *doc.Node) []byte {
	if s := item.Get("secretName").Str(); s != "" {
		return append(append(b, "secretName="...), withoutHash(s)...)
	}
	b = append(b, "hosts="...)
	hosts := item.Get("hosts")
	if hosts == nil {
		return b
	}
	for i, h := range hosts.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, h.Text...)
	}
	return b
}

func claimKey(b []byte, item *doc.Node) []byte {
	return append(append(b, "name="...), item.At("metadata", "name").Str()...)
}

func projectedKey(b []byte, item *doc.Node) []byte {
	for i := range item.Fields {
		source := item.Fields[i].Value
		b = append(append(b, item.Fields[i].Key...), '=')
		if name := source.Get("name").Str(); name != "" {
			return append(b, withoutHash(name)...)
		}
		return append(b, source.Get("path").Str()...)
	}
	return append(b, "none"...)
}
