package kube

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// networkPolicy reads a policy's spec as the traffic that it allows: one fact
// for each direction, peer and port, "/spec/ingress[=namespaces(a=b) TCP/80]".
// A direction that is governed and has none is closed.
func (w *walker) networkPolicy(n *doc.Node, t *typ) bool {
	in, out := n.Get("ingress"), n.Get("egress")
	if !policyRules(in, "from") || !policyRules(out, "to") {
		return false
	}
	for i := range n.Fields {
		nf := &n.Fields[i]
		switch nf.Key {
		case "ingress", "egress", "policyTypes":
		case "podSelector":
			at := w.push(nf.Key)
			w.podSelector(nf.Value, t.fields[nf.Key], n)
			w.pop(at)
		default:
			w.member(n, t, nf)
		}
	}
	if n.Get("podSelector") == nil {
		at := w.push("podSelector")
		w.emit(n, allPods, parity.SetOf(parity.NetworkTuples))
		w.pop(at)
	}
	w.policyTypes(n)
	w.direction(in, "ingress", "from")
	w.direction(out, "egress", "to")
	return true
}

var allPods = parity.Value{Kind: parity.Tuple, Raw: "all pods"}

func (w *walker) podSelector(n *doc.Node, f *field, parent *doc.Node) {
	if n.Kind == doc.Null || empty(n) || empty(orEmpty(n.Get("matchLabels"))) && empty(orEmpty(n.Get("matchExpressions"))) {
		w.emit(n, allPods, parity.SetOf(parity.NetworkTuples))
		return
	}
	w.typed(n, f, parent)
}

var emptyMap = &doc.Node{Kind: doc.Map}

func orEmpty(n *doc.Node) *doc.Node {
	if n == nil || n.Kind == doc.Null {
		return emptyMap
	}
	return n
}

// policyTypes are Ingress, and Egress where there are rules for it, unless
// they are given.
func (w *walker) policyTypes(n *doc.Node) {
	at := w.push("policyTypes")
	if given := n.Get("policyTypes"); given != nil && given.Kind == doc.List && len(given.Items) > 0 {
		w.typed(given, &field{typ: stringList}, n)
	} else {
		w.policyType(n, "Ingress")
		if egress := n.Get("egress"); egress != nil && len(egress.Items) > 0 {
			w.policyType(n, "Egress")
		}
	}
	w.pop(at)
}

var stringList = &typ{kind: listType, list: setList, elem: &typ{kind: textType}}

func (w *walker) policyType(n *doc.Node, name string) {
	at := len(w.path)
	w.path = append(append(append(w.path, "[="...), name...), ']')
	w.emit(n, parity.Value{Kind: parity.Set, Raw: name}, parity.SetOf(parity.NetworkTuples))
	w.pop(at)
}

// policyRules reports whether the rules have the shape that is expanded, and
// expand to no more than can be kept.
func policyRules(n *doc.Node, peers string) bool {
	if n == nil || n.Kind == doc.Null {
		return true
	}
	total := 0
	for _, rule := range n.Items {
		total += max(1, len(items(rule.Get(peers)))) * max(1, len(items(rule.Get("ports"))))
		if rule.Kind != doc.Map || total > maxTuples {
			return false
		}
		for i := range rule.Fields {
			k, v := rule.Fields[i].Key, rule.Fields[i].Value
			if k != peers && k != "ports" || v.Kind != doc.List && v.Kind != doc.Null || !allMaps(v.Items) {
				return false
			}
		}
	}
	return n.Kind == doc.List
}

func (w *walker) direction(rules *doc.Node, name, peers string) {
	if rules == nil {
		return
	}
	seen := map[string]bool{}
	base := w.push(name)
	for _, rule := range rules.Items {
		from, ports := items(rule.Get(peers)), items(rule.Get("ports"))
		if len(from) == 0 {
			from = one
		}
		if len(ports) == 0 {
			ports = one
		}
		for _, peer := range from {
			text := string(appendPeer(nil, peer))
			for _, port := range ports {
				id := string(appendPort(append([]byte(text), ' '), port))
				w.tuple(nodeOr(peer, rule), id, name+" "+peers+" "+id, parity.NetworkTuples, seen)
			}
		}
	}
	w.pop(base)
}

func nodeOr(n, otherwise *doc.Node) *doc.Node {
	if n.Line == 0 {
		return otherwise
	}
	return n
}

// appendPeer writes who a rule speaks of: "anyone", "pods(app=web)",
// "namespaces(team=a) pods(*)" or "10.0.0.0/8 except 10.1.0.0/16".
func appendPeer(b []byte, peer *doc.Node) []byte {
	start := len(b)
	if block := peer.Get("ipBlock"); block != nil {
		b = append(b, block.Get("cidr").Str()...)
		if except := items(block.Get("except")); len(except) > 0 {
			b = append(append(b, " except "...), strings.Join(sortedTexts(except), ",")...)
		}
	}
	for _, s := range [...]struct{ field, name string }{{"namespaceSelector", "namespaces("}, {"podSelector", "pods("}} {
		if sel := peer.Get(s.field); sel != nil && sel.Kind != doc.Null {
			if len(b) > start {
				b = append(b, ' ')
			}
			b = append(appendSelector(append(b, s.name...), sel), ')')
		}
	}
	if len(b) == start {
		b = append(b, "anyone"...)
	}
	return b
}

// appendPort writes "TCP/80", "TCP/80-90", "TCP/http", "UDP/any" or "any port".
func appendPort(b []byte, port *doc.Node) []byte {
	if port.Kind != doc.Map {
		return append(b, "any port"...)
	}
	protocol := port.Get("protocol").Str()
	if protocol == "" {
		protocol = "TCP"
	}
	b = append(append(b, protocol...), '/')
	p := port.Get("port").Str()
	if p == "" {
		p = "any"
	}
	b = append(b, p...)
	if end := port.Get("endPort").Str(); end != "" && end != p {
		b = append(append(b, '-'), end...)
	}
	return b
}

// appendSelector writes a label selector: "a=b,c in (d,e),!f"; "*" for all.
func appendSelector(b []byte, sel *doc.Node) []byte {
	var parts []string
	if labels := sel.Get("matchLabels"); labels != nil {
		for i := range labels.Fields {
			parts = append(parts, labels.Fields[i].Key+"="+labels.Fields[i].Value.Str())
		}
	}
	for _, e := range items(sel.Get("matchExpressions")) {
		parts = append(parts, requirement(e))
	}
	if len(parts) == 0 {
		return append(b, '*')
	}
	slices.Sort(parts)
	return append(b, strings.Join(slices.Compact(parts), ",")...)
}

func requirement(e *doc.Node) string {
	key, operator := e.Get("key").Str(), e.Get("operator").Str()
	values := sortedTexts(items(e.Get("values")))
	switch {
	case operator == "Exists":
		return key
	case operator == "DoesNotExist":
		return "!" + key
	case operator == "In" && len(values) == 1:
		return key + "=" + values[0]
	default:
		return key + " " + strings.ToLower(operator) + " (" + strings.Join(values, ",") + ")"
	}
}

func sortedTexts(nodes []*doc.Node) []string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = n.Text
	}
	slices.Sort(texts)
	return texts
}
