package kube

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// The functions of this file read fields of older API versions as what they
// became.

// servicePort reads the port of an Ingress's backend, which became a number or
// a name.
func (w *walker) servicePort(n *doc.Node) bool {
	if n.Kind == doc.Map || n.Kind == doc.List {
		return false
	}
	name := "number"
	if !value.IsNumber(n.Text) {
		name = "name"
	}
	at := w.push(name)
	v, rules := numberValue(n)
	w.emit(n, v, rules.With(parity.APIVersion))
	w.pop(at)
	return true
}

// cpuTarget reads the percentage of the first autoscalers, which became one
// metric among others.
func (w *walker) cpuTarget(n *doc.Node) bool {
	if n.Kind == doc.Map || n.Kind == doc.List {
		return false
	}
	base := len(w.path)
	number, rules := numberValue(n)
	if number.Canonical() == "80" && w.builtin {
		rules = rules.With(parity.DefaultValue)
	}
	for _, f := range [...]struct {
		path  string
		value parity.Value
	}{
		{"[type=Resource,name=cpu]/type", parity.Value{Kind: parity.Text, Raw: "Resource"}},
		{"[type=Resource,name=cpu]/resource/name", parity.Value{Kind: parity.Text, Raw: "cpu"}},
		{"[type=Resource,name=cpu]/resource/target/type", parity.Value{Kind: parity.Text, Raw: "Utilization"}},
		{"[type=Resource,name=cpu]/resource/target/averageUtilization", number},
	} {
		w.path = append(w.path, f.path...)
		w.emit(n, f.value, rules.With(parity.APIVersion))
		w.pop(base)
	}
	return true
}
