package doc

import (
	"bytes"
	"errors"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// ParseTOML reads TOML. Numbers and dates keep their spelling, dates as text.
// What TOML forbids (a key or table that is there twice) is an error.
func ParseTOML(data []byte, l Limits) (*Node, error) {
	l = l.filled()
	if err := l.check(data); err != nil {
		return nil, err
	}
	data = trimBOM(data)
	// The library's decoder knows every rule of TOML; its parser knows where
	// things are.
	var whole map[string]any
	if err := toml.Unmarshal(data, &whole); err != nil {
		return nil, tomlError(err)
	}
	whole = nil
	b := &tomlBuilder{data: data, limits: l, left: l.Nodes, at: position{1, 1}, sets: map[*Node]*keySet{}}
	b.root = b.new(Map)
	b.table, b.depth = b.root, 1
	b.parser.Reset(data)
	for b.parser.NextExpression() {
		if err := b.expression(b.parser.Expression()); err != nil {
			return nil, err
		}
	}
	if b.parser.Error() != nil {
		return nil, b.fail("is not valid TOML")
	}
	return b.root, nil
}

func tomlError(err error) error {
	out := &Error{What: "is not valid TOML"}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		line, col := at.Position()
		out.Line, out.Col = int32(line), int32(col)
	}
	return out
}

type tomlBuilder struct {
	data   []byte
	parser unstable.Parser
	limits Limits
	slab   slab
	left   int
	offset int // of at
	at     position
	root   *Node
	table  *Node // that keys belong to
	depth  int   // of table
	sets   map[*Node]*keySet
}

func (b *tomlBuilder) fail(what string) error { return &Error{b.at.line, b.at.col, what} }

// new makes a node where at is.
func (b *tomlBuilder) new(k Kind) *Node {
	b.left--
	n := b.slab.node()
	n.Kind, n.Line, n.Col = k, b.at.line, b.at.col
	return n
}

// move sets at to where n begins, as far as the parser tells.
func (b *tomlBuilder) move(n *unstable.Node) {
	if n.Raw.Length > 0 {
		b.moveTo(int(n.Raw.Offset))
	}
}

func (b *tomlBuilder) moveTo(offset int) {
	if offset > b.offset && offset <= len(b.data) {
		b.at.advance(b.data[b.offset:offset])
		b.offset = offset
	}
}

// moveOver sets at to where n ends.
func (b *tomlBuilder) moveOver(n *unstable.Node) {
	b.moveTo(int(n.Raw.Offset) + int(n.Raw.Length))
}

// moveToArray sets at to the bracket that begins an array, of which the parser
// does not tell where it is.
func (b *tomlBuilder) moveToArray() {
	i := b.offset
	for i < len(b.data) {
		switch b.data[i] {
		case '[':
			b.moveTo(i)
			return
		case '#':
			end := bytes.IndexByte(b.data[i:], '\n')
			if end < 0 {
				return
			}
			i += end
		case ' ', '\t', '\r', '\n', ',', '=':
			i++
		default:
			return
		}
	}
}

func (b *tomlBuilder) expression(e *unstable.Node) error {
	if b.left < 0 {
		return b.limits.tooMany(b.at.line, b.at.col)
	}
	switch e.Kind {
	case unstable.Table, unstable.ArrayTable:
		return b.header(e)
	case unstable.KeyValue:
		return b.pair(b.table, e, b.depth+1)
	default:
		return nil
	}
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
		last := key.Next() == nil
		next, err := b.descend(n, string(key.Data), last && e.Kind == unstable.ArrayTable)
		if err != nil {
			return err
		}
		n = next
	}
	b.table, b.depth = n, depth
	return nil
}

// descend gives the map under the key, making it where it is missing; with
// another item, a new map at the end of the list under the key.
func (b *tomlBuilder) descend(n *Node, key string, another bool) (*Node, error) {
	v := b.get(n, key)
	switch {
	case v == nil && another:
		v = b.new(List)
		b.put(n, key, v)
	case v == nil:
		v = b.new(Map)
		b.put(n, key, v)
	}
	if another && v.Kind == List {
		v.Items = append(v.Items, b.new(Map))
	}
	if v.Kind == List && len(v.Items) > 0 {
		v = v.Items[len(v.Items)-1]
	}
	if v.Kind != Map {
		return nil, b.fail("the key is there twice")
	}
	return v, nil
}

func (b *tomlBuilder) get(n *Node, key string) *Node {
	set := b.sets[n]
	if set == nil {
		return nil
	}
	if i := set.find(n.Fields, key); i >= 0 {
		return n.Fields[i].Value
	}
	return nil
}

func (b *tomlBuilder) put(n *Node, key string, v *Node) {
	if b.sets[n] == nil {
		b.sets[n] = &keySet{}
	}
	n.Fields = append(n.Fields, Field{key, b.at.line, b.at.col, v})
}

// pair sets a key, dotted or not, of a table.
func (b *tomlBuilder) pair(n *Node, e *unstable.Node, depth int) error {
	for keys := e.Key(); keys.Next(); depth++ {
		key := keys.Node()
		b.move(key)
		if key.Next() != nil {
			next, err := b.descend(n, string(key.Data), false)
			if err != nil {
				return err
			}
			n = next
			continue
		}
		if b.get(n, string(key.Data)) != nil {
			return b.fail("the key is there twice")
		}
		line, col := b.at.line, b.at.col
		b.moveOver(key)
		v, err := b.value(e.Value(), depth)
		if err != nil {
			return err
		}
		b.put(n, string(key.Data), v)
		f := &n.Fields[len(n.Fields)-1]
		f.Line, f.Col = line, col
	}
	return nil
}

func (b *tomlBuilder) value(e *unstable.Node, depth int) (*Node, error) {
	if b.move(e); e.Kind == unstable.Array {
		b.moveToArray()
	}
	if depth > b.limits.Depth {
		return nil, b.limits.tooDeep(b.at.line, b.at.col)
	}
	if b.left < 0 {
		return nil, b.limits.tooMany(b.at.line, b.at.col)
	}
	switch e.Kind {
	case unstable.Array:
		n := b.new(List)
		b.moveTo(b.offset + 1)
		for items := e.Children(); items.Next(); {
			v, err := b.value(items.Node(), depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, v)
		}
		return n, nil
	case unstable.InlineTable:
		n := b.new(Map)
		for pairs := e.Children(); pairs.Next(); {
			if err := b.pair(n, pairs.Node(), depth+1); err != nil {
				return nil, err
			}
		}
		return n, nil
	default:
		n := b.new(tomlKind(e.Kind))
		n.Text = string(e.Data)
		b.moveOver(e)
		return n, nil
	}
}

func tomlKind(k unstable.Kind) Kind {
	switch k {
	case unstable.Bool:
		return Bool
	case unstable.Integer, unstable.Float:
		return Number
	default:
		return String
	}
}
