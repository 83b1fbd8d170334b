package doc

import (
	"strings"
)

// ParseDotenv reads a dotenv file as ParseDotenvWith does, without variables
// from elsewhere.
func ParseDotenv(data []byte, l Limits) (*Node, error) {
	return ParseDotenvWith(data, l, nil)
}

// ParseDotenvWith reads a dotenv file: NAME=value, NAME: value, "export" in
// front, comments, values in single quotes (as they are), in double quotes
// (with escapes) and over several lines.
//
// Outside of single quotes $NAME and ${NAME}, with the operators :- - :+ + :?
// and ?, stand for variables that were set earlier in the file, and else for
// what lookup knows (nil: nothing). A variable that neither knows comes from
// the environment that reads the file, which is not known here: its reference
// stays as it is spelled, unless it has a default. A name without a value is
// null: it, too, is the reader's. Of a name that is there again the last value
// counts.
func ParseDotenvWith(data []byte, l Limits, lookup func(name string) (string, bool)) (*Node, error) {
	l = l.filled()
	if err := l.check(data); err != nil {
		return nil, err
	}
	p := &dotenvParser{
		text: string(trimBOM(data)), at: position{1, 1}, limits: l, lookup: lookup,
		left: int(l.Bytes), root: &Node{Kind: Map, Line: 1, Col: 1},
	}
	for p.skipBlank(); p.text != ""; p.skipBlank() {
		if err := p.variable(); err != nil {
			return nil, err
		}
	}
	return p.root, nil
}

type dotenvParser struct {
	text   string // what is left
	at     position
	limits Limits
	left   int // bytes that values may still have
	lookup func(string) (string, bool)
	root   *Node
	keys   keySet
}

func (p *dotenvParser) fail(what string) error { return &Error{p.at.line, p.at.col, what} }

// take moves over n bytes.
func (p *dotenvParser) take(n int) string {
	s := p.text[:n]
	p.at.advance([]byte(s))
	p.text = p.text[n:]
	return s
}

// skipBlank moves over white space and comments between variables.
func (p *dotenvParser) skipBlank() {
	for {
		n := len(p.text) - len(strings.TrimLeft(p.text, " \t\r\n\f\v"))
		p.take(n)
		if !strings.HasPrefix(p.text, "#") {
			return
		}
		p.take(lineEnd(p.text))
	}
}

// skipSpace moves over white space within the line.
func (p *dotenvParser) skipSpace() {
	p.take(len(p.text) - len(strings.TrimLeft(p.text, " \t")))
}

// lineEnd gives the length of the line without its end.
func lineEnd(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

func (p *dotenvParser) variable() error {
	if rest, ok := strings.CutPrefix(p.text, "export"); ok && rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
		p.take(len("export"))
		p.skipSpace()
	}
	f := Field{Line: p.at.line, Col: p.at.col, Value: &Node{Line: p.at.line, Col: p.at.col}}
	n := nameLength(p.text)
	if n == 0 {
		return p.fail("the line does not begin with a variable's name")
	}
	f.Key = p.take(n)
	p.skipSpace()
	switch {
	case p.text == "" || p.text[0] == '\n' || p.text[0] == '\r' || p.text[0] == '#':
		p.take(lineEnd(p.text))
	case p.text[0] == '=' || p.text[0] == ':':
		p.take(1)
		p.skipSpace()
		f.Value.Kind, f.Value.Line, f.Value.Col = String, p.at.line, p.at.col
		text, err := p.value()
		if err != nil {
			return err
		}
		f.Value.Text = text
	default:
		return p.fail("the variable's name is not followed by =")
	}
	return p.set(f)
}

func (p *dotenvParser) set(f Field) error {
	if p.left -= len(f.Value.Text); p.left < 0 {
		return &Error{f.Line, f.Col, "the values are too large once their references are replaced"}
	}
	if i := p.keys.find(p.root.Fields, f.Key); i >= 0 {
		p.root.Fields[i] = f
		return nil
	}
	if len(p.root.Fields) >= p.limits.Nodes {
		return p.limits.tooMany(f.Line, f.Col)
	}
	p.root.Fields = append(p.root.Fields, f)
	return nil
}

// nameLength measures a variable's name. Names in use have dots and dashes too.
func nameLength(s string) int {
	for i := 0; i < len(s); i++ {
		if !nameByte(s[i]) && (i == 0 || s[i] != '.' && s[i] != '-' && s[i] != '[' && s[i] != ']') {
			return i
		}
	}
	return len(s)
}

func nameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func (p *dotenvParser) value() (string, error) {
	switch {
	case strings.HasPrefix(p.text, "'"):
		return p.quoted('\'')
	case strings.HasPrefix(p.text, `"`):
		return p.quoted('"')
	default:
		return p.plain(), nil
	}
}

// plain reads a value without quotes: to a comment or the end of the line.
func (p *dotenvParser) plain() string {
	line := p.text[:lineEnd(p.text)]
	end := len(line)
	for i := 0; i < len(line); i++ {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			end = i
			break
		}
	}
	value := strings.TrimRight(line[:end], " \t\r")
	p.take(len(line))
	return p.expand(value, false)
}

// quoted reads a value in quotes, over several lines where it goes on.
func (p *dotenvParser) quoted(quote byte) (string, error) {
	end := -1
	for i := 1; i < len(p.text); i++ {
		if p.text[i] == '\\' {
			i++
			continue
		}
		if p.text[i] == quote {
			end = i
			break
		}
	}
	if end < 0 {
		return "", p.fail("the quote is not closed")
	}
	body := p.take(end + 1)[1:end]
	rest := strings.TrimLeft(p.text[:lineEnd(p.text)], " \t\r")
	if rest != "" && rest[0] != '#' {
		return "", p.fail("something follows after the closing quote")
	}
	p.take(lineEnd(p.text))
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if quote == '\'' {
		return strings.ReplaceAll(body, `\'`, `'`), nil
	}
	return p.expand(body, true), nil
}
