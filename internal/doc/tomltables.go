package doc

import "github.com/pelletier/go-toml/v2/unstable"

// tomlTable is what is known of a map or list beyond its content.
type tomlTable struct {
	keys keySet
	by   tomlOrigin
}

// tomlOrigin is how a table or list came about, which decides what may be
// added to it.
type tomlOrigin uint8

const (
	byPath   tomlOrigin = iota // on the way to a header's table
	byHeader                   // [a]
	byDots                     // a.b = 1
	byValue                    // {} or []
	byArray                    // the list of [[a]]
)

const tomlTwice = "the key or table is there twice"

// newTable makes a map or list of the origin.
func (b *tomlBuilder) newTable(k Kind, by tomlOrigin) *Node {
	n := b.new(k)
	b.tables[n] = &tomlTable{by: by}
	return n
}

// header goes to the table that [a.b] or [[a.b]] names.
func (b *tomlBuilder) header(e *unstable.Node) error {
	n, depth := b.root, 1
	for keys := e.Key(); keys.Next(); {
		key := keys.Node()
		b.move(key)
		if depth++; depth > b.limits.Depth {
			return b.limits.tooDeep(b.at.line, b.at.col)
		}
		var next *Node
		switch name := string(key.Data); {
		case key.Next() != nil:
			next = b.through(n, name)
		case e.Kind == unstable.ArrayTable:
			next = b.another(n, name)
		default:
			next = b.define(n, name)
		}
		if next == nil {
			return b.fail(tomlTwice)
		}
		n = next
	}
	b.table, b.depth = n, depth
	return nil
}

// through goes through the table under the key on the way to another; nil
// where that is not allowed.
func (b *tomlBuilder) through(n *Node, key string) *Node {
	v := b.get(n, key)
	if v == nil {
		v = b.newTable(Map, byPath)
		b.put(n, key, v)
		return v
	}
	switch t := b.tables[v]; {
	case t == nil || t.by == byValue:
		return nil
	case t.by == byArray:
		return v.Items[len(v.Items)-1]
	default:
		return v
	}
}

// define gives the table that [key] names; nil if it is there already.
func (b *tomlBuilder) define(n *Node, key string) *Node {
	v := b.get(n, key)
	if v == nil {
		v = b.newTable(Map, byHeader)
		b.put(n, key, v)
		return v
	}
	t := b.tables[v]
	if t == nil || t.by != byPath {
		return nil
	}
	t.by = byHeader
	return v
}

// another gives a new table at the end of the list that [[key]] names; nil if
// something else is there.
func (b *tomlBuilder) another(n *Node, key string) *Node {
	v := b.get(n, key)
	if v == nil {
		v = b.newTable(List, byArray)
		b.put(n, key, v)
	}
	if t := b.tables[v]; t == nil || t.by != byArray {
		return nil
	}
	item := b.newTable(Map, byHeader)
	v.Items = append(v.Items, item)
	return item
}

// dotted gives the table of one part of a dotted key; nil where that is not
// allowed.
func (b *tomlBuilder) dotted(n *Node, key string) *Node {
	v := b.get(n, key)
	if v == nil {
		v = b.newTable(Map, byDots)
		b.put(n, key, v)
		return v
	}
	if t := b.tables[v]; t == nil || t.by != byDots {
		return nil
	}
	return v
}

func (b *tomlBuilder) get(n *Node, key string) *Node {
	if i := b.tables[n].keys.find(n.Fields, key); i >= 0 {
		return n.Fields[i].Value
	}
	return nil
}

func (b *tomlBuilder) put(n *Node, key string, v *Node) {
	n.Fields = append(n.Fields, Field{key, b.at.line, b.at.col, v})
}
