package manifests

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// plainNode turns a node into plain values, for Helm.
func plainNode(n *doc.Node) any { return plainWith(n, false) }

// plainWhole is plainNode with whole numbers as such.
func plainWhole(n *doc.Node) any { return plainWith(n, true) }

func plainWith(n *doc.Node, whole bool) any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case doc.Map:
		out := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			out[f.Key] = plainWith(f.Value, whole)
		}
		return out
	case doc.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = plainWith(item, whole)
		}
		return out
	case doc.Null:
		return nil
	case doc.Bool:
		return strings.EqualFold(n.Text, "true")
	case doc.Number:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil && whole {
			return i
		}
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return f
		}
	}
	return n.Text
}

// nodeOf turns plain values into a node, all of it at one position.
func nodeOf(v any, line, col int32) *doc.Node {
	n := &doc.Node{Line: line, Col: col}
	switch v := v.(type) {
	case nil:
	case map[string]any:
		n.Kind = doc.Map
		for _, k := range slices.Sorted(maps.Keys(v)) {
			n.Fields = append(n.Fields, doc.Field{Key: k, Line: line, Col: col, Value: nodeOf(v[k], line, col)})
		}
	case []any:
		n.Kind = doc.List
		for _, x := range v {
			n.Items = append(n.Items, nodeOf(x, line, col))
		}
	case bool:
		n.Kind, n.Text = doc.Bool, strconv.FormatBool(v)
	case int64:
		n.Kind, n.Text = doc.Number, strconv.FormatInt(v, 10)
	case int:
		n.Kind, n.Text = doc.Number, strconv.Itoa(v)
	case float64:
		n.Kind, n.Text = doc.Number, strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		n.Kind, n.Text = doc.String, v
	}
	return n
}

// tableAt returns the map at a key of plain values, or nil.
func tableAt(v any, keys ...string) map[string]any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	m, _ := v.(map[string]any)
	return m
}

// listAt returns the list at a key of plain values, or nil.
func listAt(v any, key string) []any {
	m, _ := v.(map[string]any)
	l, _ := m[key].([]any)
	return l
}

// textAt returns the text at a key of plain values, or nothing.
func textAt(v any, key string) string {
	m, _ := v.(map[string]any)
	t, _ := m[key].(string)
	return t
}

// countOf reads a whole number that may be written as text.
func countOf(v any) (int64, bool) {
	switch v := v.(type) {
	case float64:
		return int64(v), true
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	}
	return 0, false
}
