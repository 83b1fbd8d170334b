package doc

import (
	"bytes"
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
	p := &jsonParser{jsonScanner: jsonScanner{data: trimBOM(data), at: position{1, 1}}, limits: l}
	for index, total := 0, documents*l.Nodes; ; index++ {
		p.left, p.slab = l.Nodes, slab{}
		p.space()
		if p.i == len(p.data) {
			return nil
		}
		if total <= 0 {
			return l.streamFull(p.at.line, 0)
		}
		root, err := p.value(1)
		total -= l.Nodes - p.left
		if err != nil {
			return err
		}
		if err := each(root, index); err != nil {
			return err
		}
	}
}

// jsonParser makes nodes of what its scanner finds.
type jsonParser struct {
	jsonScanner
	limits Limits
	slab   slab
	left   int
}

// value reads the value that begins here.
func (p *jsonParser) value(depth int) (*Node, error) {
	p.mark(p.i)
	if depth > p.limits.Depth {
		return nil, p.limits.tooDeep(p.at.line, p.at.col)
	}
	if p.left--; p.left < 0 {
		return nil, p.limits.tooMany(p.at.line, p.at.col)
	}
	n := p.slab.node()
	n.Line, n.Col = p.at.line, p.at.col
	var err error
	switch c := p.peek(); {
	case c == '{':
		p.i++
		n.Kind = Map
		err = p.object(n, depth)
	case c == '[':
		p.i++
		n.Kind = List
		err = p.array(n, depth)
	case c == '"':
		n.Kind = String
		n.Text, err = p.text()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind = Number
		n.Text, err = p.number()
	default:
		n.Kind, n.Text, err = p.word()
	}
	return n, err
}

func (p *jsonParser) array(n *Node, depth int) error {
	for first := true; ; first = false {
		more, err := p.more(first, ']')
		if err != nil || !more {
			return err
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
}

func (p *jsonParser) object(n *Node, depth int) error {
	var seen keySet
	for first := true; ; first = false {
		more, err := p.more(first, '}')
		if err != nil || !more {
			return err
		}
		p.mark(p.i)
		f := Field{Line: p.at.line, Col: p.at.col}
		if p.peek() != '"' {
			return p.invalid()
		}
		if f.Key, err = p.text(); err != nil {
			return err
		}
		if !seen.add(n.Fields, f.Key) {
			return duplicate(f.Line, f.Col)
		}
		if err := p.colon(); err != nil {
			return err
		}
		if f.Value, err = p.value(depth + 1); err != nil {
			return err
		}
		n.Fields = append(n.Fields, f)
	}
}

// jsonScanner goes through JSON text, which holds no byte that is not UTF-8.
type jsonScanner struct {
	data []byte
	i    int
	// at is the place of the byte at offset.
	at     position
	offset int
}

// mark moves the place forward to an offset.
func (s *jsonScanner) mark(offset int) {
	if offset > s.offset {
		s.at.advance(s.data[s.offset:offset])
		s.offset = offset
	}
}

func (s *jsonScanner) fail(what string) error {
	s.mark(min(s.i, len(s.data)))
	return &Error{s.at.line, s.at.col, what}
}

// invalid refuses what stands here.
func (s *jsonScanner) invalid() error {
	if s.i >= len(s.data) {
		return s.fail("the JSON value does not end")
	}
	return s.fail("is not valid JSON")
}

// peek gives the byte here, 0 at the end.
func (s *jsonScanner) peek() byte {
	if s.i < len(s.data) {
		return s.data[s.i]
	}
	return 0
}

func (s *jsonScanner) space() {
	for s.i < len(s.data) {
		switch s.data[s.i] {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return
		}
	}
}

// more goes to the next member of an object or array, or over its end.
func (s *jsonScanner) more(first bool, end byte) (bool, error) {
	s.space()
	if s.peek() == end {
		s.i++
		return false, nil
	}
	if !first {
		if s.peek() != ',' {
			return false, s.invalid()
		}
		s.i++
		s.space()
		if s.peek() == end {
			return false, s.invalid()
		}
	}
	if s.i >= len(s.data) {
		return false, s.invalid()
	}
	return true, nil
}

func (s *jsonScanner) colon() error {
	s.space()
	if s.peek() != ':' {
		return s.invalid()
	}
	s.i++
	s.space()
	return nil
}

// word reads null, true or false.
func (s *jsonScanner) word() (Kind, string, error) {
	for _, w := range [...]struct {
		text, value string
		kind        Kind
	}{{"null", "", Null}, {"true", "true", Bool}, {"false", "false", Bool}} {
		if bytes.HasPrefix(s.data[s.i:], []byte(w.text)) {
			s.i += len(w.text)
			return w.kind, w.value, nil
		}
	}
	return Null, "", s.invalid()
}

// number reads a number as it is spelled.
func (s *jsonScanner) number() (string, error) {
	start := s.i
	if s.peek() == '-' {
		s.i++
	}
	if s.peek() == '0' {
		s.i++
	} else if !s.digits() {
		return "", s.invalid()
	}
	if s.peek() == '.' {
		if s.i++; !s.digits() {
			return "", s.invalid()
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.i++
		if c := s.peek(); c == '+' || c == '-' {
			s.i++
		}
		if !s.digits() {
			return "", s.invalid()
		}
	}
	return string(s.data[start:s.i]), nil
}

func (s *jsonScanner) digits() bool {
	start := s.i
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.i++
	}
	return s.i > start
}

// text reads a string; the scanner stands on its first quote.
func (s *jsonScanner) text() (string, error) {
	start := s.i + 1
	for i := start; i < len(s.data); i++ {
		switch c := s.data[i]; {
		case c == '"':
			s.i = i + 1
			return string(s.data[start:i]), nil
		case c == '\\':
			return s.escaped(start, i)
		case c < ' ':
			s.i = i
			return "", s.invalid()
		}
	}
	s.i = len(s.data)
	return "", s.invalid()
}

// escaped reads a string on from its first escape.
func (s *jsonScanner) escaped(start, i int) (string, error) {
	b := append(make([]byte, 0, 2*(i-start)+16), s.data[start:i]...)
	for s.i = i; s.i < len(s.data); {
		switch c := s.data[s.i]; {
		case c == '"':
			s.i++
			return string(b), nil
		case c == '\\':
			var err error
			if b, err = s.escape(b); err != nil {
				if errors.Is(err, io.ErrUnexpectedEOF) {
					s.i = len(s.data)
				}
				return "", s.invalid()
			}
		case c < ' ':
			return "", s.invalid()
		default:
			b = append(b, c)
			s.i++
		}
	}
	return "", s.invalid()
}
