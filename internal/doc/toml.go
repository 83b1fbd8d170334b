package doc

import (
	"bytes"
	"errors"

	"github.com/pelletier/go-toml/v2/unstable"
)

// ParseTOML reads TOML. Numbers and dates keep their spelling, dates as text.
// A key or table that is there twice is an error, as TOML has it.
func ParseTOML(data []byte, l Limits) (*Node, error) {
	l = l.filled()
	if err := l.check(data); err != nil {
		return nil, err
	}
	b := &tomlBuilder{data: trimBOM(data), limits: l, left: l.Nodes, at: position{1, 1}, tables: map[*Node]*tomlTable{}}
	b.root = b.newTable(Map, byHeader)
	b.table, b.depth = b.root, 1
	b.parser.Reset(b.data)
	for b.parser.NextExpression() {
		if err := b.expression(b.parser.Expression()); err != nil {
			return nil, err
		}
	}
	if err := b.parser.Error(); err != nil {
		return nil, b.invalid(err)
	}
	return b.root, nil
}

// invalid places an error of the parser. Its text may quote the document.
func (b *tomlBuilder) invalid(err error) error {
	var at *unstable.ParserError
	if errors.As(err, &at) && len(at.Highlight) > 0 {
		b.moveTo(cap(b.data) - cap(at.Highlight))
	}
	return b.fail("is not valid TOML")
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
	tables map[*Node]*tomlTable
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

// pair sets a key, dotted or not, of a table.
func (b *tomlBuilder) pair(n *Node, e *unstable.Node, depth int) error {
	for keys := e.Key(); keys.Next(); depth++ {
		key := keys.Node()
		b.move(key)
		if depth > b.limits.Depth {
			return b.limits.tooDeep(b.at.line, b.at.col)
		}
		if key.Next() != nil {
			if n = b.dotted(n, string(key.Data)); n == nil {
				return b.fail(tomlTwice)
			}
			continue
		}
		if b.get(n, string(key.Data)) != nil {
			return b.fail(tomlTwice)
		}
		f := Field{Key: string(key.Data), Line: b.at.line, Col: b.at.col}
		b.moveOver(key)
		var err error
		if f.Value, err = b.value(e.Value(), depth); err != nil {
			return err
		}
		n.Fields = append(n.Fields, f)
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
		n := b.newTable(List, byValue)
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
		n := b.newTable(Map, byValue)
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
