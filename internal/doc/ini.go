package doc

import (
	"bytes"
	"strings"
)

// ParseINI reads INI text: sections become maps, keys before the first section
// stand beside them. A comment begins with ';' or '#' at the start of a line,
// or after white space; a value in quotes is taken out of them; a line that is
// indented below a key continues its value. A key that is there again makes a
// list, as it does in systemd's and git's files; a section that is there again
// goes on. Values are text.
func ParseINI(data []byte, l Limits) (*Node, error) {
	l = l.filled()
	if err := l.check(data); err != nil {
		return nil, err
	}
	p := &iniParser{limits: l, left: l.Nodes}
	p.root = &Node{Kind: Map, Line: 1, Col: 1}
	p.section, p.keys = p.root, &keySet{}
	line := int32(0)
	for len(data) > 0 || line == 0 {
		var text []byte
		text, data, _ = bytes.Cut(data, []byte("\n"))
		line++
		if line == 1 {
			text = trimBOM(text)
		}
		if err := p.line(string(text), line); err != nil {
			return nil, err
		}
	}
	p.end()
	return p.root, nil
}

type iniParser struct {
	limits   Limits
	left     int
	root     *Node
	section  *Node
	keys     *keySet // of section
	sections keySet  // of root
	sets     map[*Node]*keySet
	last     *Node // the value that an indented line continues
	more     strings.Builder
}

// end completes the value that lines continued.
func (p *iniParser) end() {
	if p.last != nil && p.more.Len() > 0 {
		p.last.Text += p.more.String()
	}
	p.more.Reset()
	p.last = nil
}

func (p *iniParser) line(raw string, line int32) error {
	text := strings.TrimSpace(raw)
	if text == "" {
		p.end()
		return nil
	}
	if text[0] == ';' || text[0] == '#' {
		return nil
	}
	col := column(raw, len(raw)-len(strings.TrimLeft(raw, " \t")))
	if p.last != nil && p.last.Kind == String && col > 1 && text[0] != '[' && !strings.ContainsAny(text, "=") {
		p.more.WriteByte('\n')
		p.more.WriteString(text)
		return nil
	}
	p.end()
	if text[0] == '[' {
		return p.header(text, line, col)
	}
	return p.pair(raw, text, line, col)
}

func (p *iniParser) header(text string, line, col int32) error {
	end := strings.LastIndexByte(text, ']')
	rest := ""
	if end > 0 {
		rest = strings.TrimSpace(text[end+1:])
	}
	name := ""
	if end > 0 {
		name = strings.TrimSpace(text[1:end])
	}
	if name == "" || rest != "" && rest[0] != ';' && rest[0] != '#' {
		return &Error{line, col, "the section's name does not end with ]"}
	}
	if i := p.sections.find(p.root.Fields, name); i >= 0 {
		if p.root.Fields[i].Value.Kind != Map {
			return &Error{line, col, "the section has the name of a key"}
		}
		p.section = p.root.Fields[i].Value
		p.keys = p.sets[p.section]
		return nil
	}
	if p.left--; p.left < 0 {
		return p.limits.tooMany(line, col)
	}
	p.section, p.keys = &Node{Kind: Map, Line: line, Col: col}, &keySet{}
	if p.sets == nil {
		p.sets = map[*Node]*keySet{}
	}
	p.sets[p.section] = p.keys
	p.root.Fields = append(p.root.Fields, Field{name, line, col + 1, p.section})
	return nil
}

func (p *iniParser) pair(raw, text string, line, col int32) error {
	key, val, ok := strings.Cut(text, "=")
	if i := strings.IndexByte(key, ':'); i > 0 && (!ok || !strings.ContainsAny(key[:i], " \t")) {
		key, val, ok = text[:i], text[i+1:], true
	}
	key = strings.TrimSpace(key)
	if key == "" {
		return &Error{line, col, "the line has no key before ="}
	}
	n := &Node{Kind: String, Line: line, Col: col}
	if ok {
		trimmed := strings.TrimSpace(val)
		if trimmed != "" {
			n.Col = column(raw, strings.LastIndex(raw, trimmed))
		}
		n.Text = iniValue(trimmed)
	} else {
		n.Kind = Null
		if key = iniValue(key); strings.ContainsAny(key, " \t{}()") {
			return &Error{line, col, "is neither a section nor a key with a value"}
		}
	}
	if p.left--; p.left < 0 {
		return p.limits.tooMany(line, col)
	}
	p.last = n
	p.add(Field{key, line, col, n})
	return nil
}

// add appends the field, or makes a list with the one of the same name.
func (p *iniParser) add(f Field) {
	i := p.keys.find(p.section.Fields, f.Key)
	if i < 0 {
		p.section.Fields = append(p.section.Fields, f)
		return
	}
	old := p.section.Fields[i].Value
	if old.Kind == List {
		old.Items = append(old.Items, f.Value)
		return
	}
	p.section.Fields[i].Value = &Node{Kind: List, Line: old.Line, Col: old.Col, Items: []*Node{old, f.Value}}
}

// iniValue takes quotes and a comment at the end away.
func iniValue(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			rest := strings.TrimSpace(s[end+2:])
			if rest == "" || rest[0] == ';' || rest[0] == '#' {
				return s[1 : end+1]
			}
		}
	}
	for i := 1; i < len(s); i++ {
		if (s[i] == ';' || s[i] == '#') && (s[i-1] == ' ' || s[i-1] == '\t') {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// column gives the 1-based character at a byte offset of a line.
func column(line string, offset int) int32 {
	n := int32(1)
	for i := range line {
		if i >= offset {
			break
		}
		n++
	}
	return n
}
