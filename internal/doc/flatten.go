package doc

import (
	"strconv"
	"strings"
)

// LeafKind says what a leaf stands for.
type LeafKind uint8

// The kinds of leaf.
const (
	// Scalar: a single value.
	Scalar LeafKind = iota
	// Member: one member of a list of scalars; the path ends in "[=x]".
	Member
	// Empty: a map or list with nothing in it.
	Empty
)

// Leaf is one value of a tree with its path.
type Leaf struct {
	Path string
	Node *Node
	Kind LeafKind
}

// itemKeys are the fields that may name the items of a list, the best first.
var itemKeys = []string{
	"name", "key", "id", "host", "path", "mountPath", "containerPort", "port", "type",
}

// Flatten visits the leaves of a tree for which no schema is known, in the
// order of the source. Maps go by key ("/a"); a list of scalars gives its
// members ("[=x]"); a list of maps goes by the first of the well-known naming
// fields that names nearly all of its items apart ("[name=x]"), any other list
// by position ("[0]"). A name that is there again gets "#2".
func Flatten(n *Node, prefix string, visit func(Leaf)) {
	f := flattener{path: append(make([]byte, 0, 256), prefix...), visit: visit}
	f.node(n)
}

type flattener struct {
	path  []byte
	visit func(Leaf)
}

func (f *flattener) leaf(n *Node, kind LeafKind) {
	f.visit(Leaf{string(f.path), n, kind})
}

func (f *flattener) node(n *Node) {
	switch {
	case n == nil:
	case n.Kind == Map && len(n.Fields) > 0:
		for i := range n.Fields {
			at := len(f.path)
			f.path = append(append(f.path, '/'), n.Fields[i].Key...)
			f.node(n.Fields[i].Value)
			f.path = f.path[:at]
		}
	case n.Kind == List && len(n.Items) > 0:
		f.list(n)
	case n.Kind == Map || n.Kind == List:
		f.leaf(n, Empty)
	default:
		f.leaf(n, Scalar)
	}
}

func (f *flattener) list(n *Node) {
	if allScalar(n.Items) {
		f.members(n.Items)
		return
	}
	names, key := ItemNames(n)
	seen := counter{}
	at := len(f.path)
	for i, item := range n.Items {
		f.path = append(f.path, '[')
		if key == "" {
			f.path = strconv.AppendInt(f.path, int64(i), 10)
		} else {
			f.path = append(append(append(f.path, key...), '='), names[i]...)
		}
		f.path = append(f.path, ']')
		if key != "" {
			f.again(seen.count(names[i], len(names)))
		}
		f.node(item)
		f.path = f.path[:at]
	}
}

// again appends "#2" for the second of a name, and so on.
func (f *flattener) again(n int) {
	if n > 1 {
		f.path = strconv.AppendInt(append(f.path, '#'), int64(n), 10)
	}
}

func (f *flattener) members(items []*Node) {
	at := len(f.path)
	seen := counter{}
	for _, item := range items {
		text := item.Text
		if item.Kind == Null {
			text = "null"
		}
		f.path = append(append(append(f.path, "[="...), text...), ']')
		f.again(seen.count(text, len(items)))
		f.leaf(item, Member)
		f.path = f.path[:at]
	}
}

// counter counts how often a text was there, in a slice for the common short
// list and in a map for a long one.
type counter struct {
	few  []string
	many map[string]int
}

func (c *counter) count(text string, total int) int {
	if total > manyFields {
		if c.many == nil {
			c.many = make(map[string]int, total)
		}
		c.many[text]++
		return c.many[text]
	}
	n := 1
	for _, s := range c.few {
		if s == text {
			n++
		}
	}
	c.few = append(c.few, text)
	return n
}

func allScalar(items []*Node) bool {
	for _, n := range items {
		if n.Kind == Map || n.Kind == List {
			return false
		}
	}
	return true
}

// ItemNames gives the names of a list's items and the field that they are
// taken from: the first of the well-known naming fields which every item has
// as a scalar and which names nearly all of them apart. Objects of several
// kinds that share names are named by "kind/name" together. The field is ""
// where nothing names the items.
func ItemNames(n *Node) (names []string, field string) {
	for _, item := range n.Items {
		if item.Kind != Map {
			return nil, ""
		}
	}
	names = make([]string, len(n.Items))
	for _, key := range itemKeys {
		if named(n.Items, names, key) && apart(names) {
			return names, key
		}
	}
	kinds := make([]string, len(n.Items))
	if named(n.Items, names, "name") && named(n.Items, kinds, "kind") {
		for i := range names {
			names[i] = kinds[i] + "/" + names[i]
		}
		if apart(names) {
			return names, "kind/name"
		}
	}
	return nil, ""
}

// named fills names from the field of every item, and reports whether all have it.
func named(items []*Node, names []string, field string) bool {
	for i, item := range items {
		v := item.Get(field)
		if v == nil || v.Text == "" || strings.ContainsAny(v.Text, "\n]") {
			return false
		}
		names[i] = v.Text
	}
	return true
}

// apart reports whether at least three quarters of the names are different.
func apart(names []string) bool {
	different := 0
	if len(names) <= manyFields {
		for i, name := range names {
			if !contains(names[:i], name) {
				different++
			}
		}
	} else {
		set := make(map[string]struct{}, len(names))
		for _, name := range names {
			set[name] = struct{}{}
		}
		different = len(set)
	}
	return 4*different >= 3*len(names)
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
