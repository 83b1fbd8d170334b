package kube

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

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
