package kube

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

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
	if len(item.Fields) == 0 {
		return append(b, "none"...)
	}
	source := item.Fields[0].Value
	b = append(append(b, item.Fields[0].Key...), '=')
	if name := source.Get("name").Str(); name != "" {
		return append(b, withoutHash(name)...)
	}
	return append(b, source.Get("path").Str()...)
}
