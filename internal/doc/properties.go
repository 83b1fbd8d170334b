package doc

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// ParseProperties reads Java properties: keys as they are written, dots and
// all; '=', ':' or white space between key and value; a backslash escapes and
// joins lines; '#' and '!' begin comments. Of a key that is there again the
// last value counts, as it does in Java. Values are text.
func ParseProperties(data []byte, l Limits) (*Node, error) {
	l = l.filled()
	if err := l.check(data); err != nil {
		return nil, err
	}
	p := &propertiesParser{lines: strings.Split(string(trimBOM(data)), "\n")}
	root := &Node{Kind: Map, Line: 1, Col: 1}
	var keys keySet
	for p.at < len(p.lines) {
		f, ok, err := p.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if i := keys.find(root.Fields, f.Key); i >= 0 {
			root.Fields[i] = f
			continue
		}
		if len(root.Fields) >= l.Nodes {
			return nil, l.tooMany(f.Line, f.Col)
		}
		root.Fields = append(root.Fields, f)
	}
	return root, nil
}

type propertiesParser struct {
	lines []string
	at    int // the next line
}

const propertySpace = " \t\f\r"

// next reads one logical line; not ok for a comment or an empty one.
func (p *propertiesParser) next() (Field, bool, error) {
	first := int32(p.at + 1)
	raw := p.lines[p.at]
	p.at++
	text := strings.TrimLeft(raw, propertySpace)
	if text == "" || text[0] == '#' || text[0] == '!' {
		return Field{}, false, nil
	}
	col := column(raw, len(raw)-len(text))
	keyEnd := propertyKeyEnd(text)
	valueAt := propertyValueStart(text, keyEnd)
	value := &Node{Kind: String, Line: first, Col: col + column(text, valueAt) - 1}
	var rest strings.Builder
	part := strings.TrimSuffix(text[valueAt:], "\r")
	for continues(part) && p.at < len(p.lines) {
		rest.WriteString(part[:len(part)-1])
		part = strings.TrimSuffix(strings.TrimLeft(p.lines[p.at], propertySpace), "\r")
		p.at++
	}
	rest.WriteString(part)
	key, ok := propertyText(text[:keyEnd])
	if ok {
		value.Text, ok = propertyText(rest.String())
	}
	if !ok {
		return Field{}, false, &Error{first, col, `the escape \u needs four hexadecimal digits`}
	}
	return Field{key, first, col, value}, true, nil
}

// continues reports whether a line ends in an odd number of backslashes.
func continues(s string) bool {
	n := 0
	for n < len(s) && s[len(s)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func propertyKeyEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '=', ':', ' ', '\t', '\f', '\r':
			return i
		}
	}
	return len(s)
}

func propertyValueStart(s string, keyEnd int) int {
	i := keyEnd
	for i < len(s) && strings.IndexByte(propertySpace, s[i]) >= 0 {
		i++
	}
	if i < len(s) && (s[i] == '=' || s[i] == ':') {
		i++
		for i < len(s) && strings.IndexByte(propertySpace, s[i]) >= 0 {
			i++
		}
	}
	return i
}

// propertyText resolves escapes; not ok for a broken \u.
func propertyText(s string) (string, bool) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'f':
			b.WriteByte('\f')
		case 'u':
			r, n := propertyRune(s[i+1:])
			if n == 0 {
				return "", false
			}
			b.WriteRune(r)
			i += n
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), true
}

// propertyRune reads what follows \u, surrogate pairs too, and tells how many
// bytes it took; 0 if it is broken.
func propertyRune(s string) (rune, int) {
	if len(s) < 4 {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[:4], 16, 16)
	if err != nil {
		return 0, 0
	}
	r := rune(n)
	if utf16.IsSurrogate(r) && len(s) >= 10 && s[4] == '\\' && s[5] == 'u' {
		if low, err := strconv.ParseUint(s[6:10], 16, 16); err == nil {
			if pair := utf16.DecodeRune(r, rune(low)); pair != '\uFFFD' {
				return pair, 10
			}
		}
	}
	return r, 4
}
