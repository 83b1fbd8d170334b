package doc

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// ParseJSON reads one JSON value. Numbers keep their spelling; a key that an
// object holds twice is an error at its second place.
func ParseJSON(data []byte, l Limits) (*Node, error) {
	var root *Node
	err := parseJSONStream(data, l, func(n *Node, index int) error {
		if index > 0 {
			return &Error{n.Line, n.Col, "more follows after the end of the JSON value"}
		}
		root = n
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case root == nil:
		return nil, &Error{Line: 1, Col: 1, What: "holds no JSON value"}
	default:
		return root, nil
	}
}

// parseJSONStream reads JSON values that follow one another.
func parseJSONStream(data []byte, l Limits, each func(*Node, int) error) error {
	l = l.filled()
	if err := l.check(data); err != nil {
		return err
	}
	data = trimBOM(data)
	p := &jsonParser{data: data, dec: json.NewDecoder(bytes.NewReader(data)), limits: l, at: position{1, 1}}
	p.dec.UseNumber()
	for index := 0; ; index++ {
		p.left, p.slab = l.Nodes, slab{}
		token, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		root, err := p.value(token, 1)
		if err != nil {
			return err
		}
		if err := each(root, index); err != nil {
			return err
		}
	}
}

type jsonParser struct {
	data   []byte
	dec    *json.Decoder
	limits Limits
	slab   slab
	left   int
	offset int // of at
	at     position
}

// next reads a token and moves at to where it begins.
func (p *jsonParser) next() (json.Token, error) {
	end := int(p.dec.InputOffset())
	p.moveTo(end)
	start := end
	for start < len(p.data) && bytes.IndexByte([]byte(" \t\r\n,:"), p.data[start]) >= 0 {
		start++
	}
	token, err := p.dec.Token()
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		p.moveTo(max(start, min(int(syntax.Offset)-1, len(p.data))))
		return nil, p.fail("is not valid JSON")
	case errors.Is(err, io.EOF) && start < len(p.data) || errors.Is(err, io.ErrUnexpectedEOF):
		p.moveTo(len(p.data))
		return nil, p.fail("the JSON value does not end")
	case err != nil:
		return nil, err
	}
	p.moveTo(start)
	return token, nil
}

func (p *jsonParser) moveTo(offset int) {
	if offset > p.offset {
		p.at.advance(p.data[p.offset:offset])
		p.offset = offset
	}
}

func (p *jsonParser) fail(what string) error { return &Error{p.at.line, p.at.col, what} }

func (p *jsonParser) value(token json.Token, depth int) (*Node, error) {
	if depth > p.limits.Depth {
		return nil, p.limits.tooDeep(p.at.line, p.at.col)
	}
	if p.left--; p.left < 0 {
		return nil, p.limits.tooMany(p.at.line, p.at.col)
	}
	n := p.slab.node()
	n.Line, n.Col = p.at.line, p.at.col
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			n.Kind = Map
			return n, p.object(n, depth)
		}
		n.Kind = List
		return n, p.array(n, depth)
	case string:
		n.Kind, n.Text = String, t
	case json.Number:
		n.Kind, n.Text = Number, t.String()
	case bool:
		n.Kind, n.Text = Bool, "false"
		if t {
			n.Text = "true"
		}
	}
	return n, nil
}

func (p *jsonParser) array(n *Node, depth int) error {
	for {
		token, err := p.inside()
		if err != nil {
			return err
		}
		if token == json.Delim(']') {
			return nil
		}
		item, err := p.value(token, depth+1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
}

func (p *jsonParser) object(n *Node, depth int) error {
	var seen keySet
	for {
		token, err := p.inside()
		if err != nil {
			return err
		}
		if token == json.Delim('}') {
			return nil
		}
		key, _ := token.(string)
		f := Field{Key: key, Line: p.at.line, Col: p.at.col}
		if !seen.add(n.Fields, key) {
			return duplicate(f.Line, f.Col)
		}
		if token, err = p.inside(); err != nil {
			return err
		}
		if f.Value, err = p.value(token, depth+1); err != nil {
			return err
		}
		n.Fields = append(n.Fields, f)
	}
}

// inside is next where the text must not end.
func (p *jsonParser) inside() (json.Token, error) {
	token, err := p.next()
	if errors.Is(err, io.EOF) {
		return nil, p.fail("the JSON value does not end")
	}
	return token, err
}
