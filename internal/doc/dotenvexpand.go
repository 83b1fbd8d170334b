package doc

import "strings"

// expand replaces the references in a value, and in double quotes the escapes.
// It stops where the values become too large; set tells.
func (p *dotenvParser) expand(s string, quoted bool) string {
	if !strings.ContainsAny(s, `$\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() <= p.left; {
		switch {
		case quoted && s[i] == '\\' && i+1 < len(s):
			b.WriteString(unescape(s[i+1]))
			i += 2
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '$':
			b.WriteByte('$')
			i += 2
		case s[i] == '$':
			text, n := p.reference(s[i:], 0)
			b.WriteString(text)
			i += n
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// unescape gives what a backslash and c stand for in double quotes. An escape
// that means nothing stays as it is.
func unescape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case '"', '\\', '$', '\'', '`':
		return string(rune(c))
	case '\n':
		return ""
	default:
		return "\\" + string([]byte{c})
	}
}

// maxReferenceDepth bounds defaults within defaults.
const maxReferenceDepth = 20

// reference reads $NAME or ${NAME...} at the beginning of s; it gives what it
// stands for and how many bytes it takes.
func (p *dotenvParser) reference(s string, depth int) (string, int) {
	if len(s) > 1 && s[1] == '$' {
		return "$", 2
	}
	if len(s) < 2 || s[1] != '{' {
		n := 1
		for n < len(s) && nameByte(s[n]) && (n > 1 || s[n] < '0' || s[n] > '9') {
			n++
		}
		if value, ok := p.find(s[1:n]); ok && n > 1 {
			return value, n
		}
		return s[:n], n
	}
	end := closing(s)
	if end < 0 {
		return s, len(s)
	}
	return p.braced(s[:end+1], depth), end + 1
}

// closing finds the brace that closes the one at s[1]; -1 if none does.
func closing(s string) int {
	open := 0
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// braced resolves "${NAME}" with its operator. Without a value and without a
// default the reference stays.
func (p *dotenvParser) braced(whole string, depth int) string {
	body := whole[2 : len(whole)-1]
	n := 0
	for n < len(body) && nameByte(body[n]) {
		n++
	}
	value, set := p.find(body[:n])
	op, word := body[n:], ""
	switch {
	case n == 0 || depth > maxReferenceDepth:
		return whole
	case len(op) > 1 && op[0] == ':':
		set = set && value != ""
		op, word = op[1:2], op[2:]
	case op != "":
		op, word = op[:1], op[1:]
	}
	switch {
	case op == "-" && !set:
		return p.word(word, depth+1)
	case op == "+" && set:
		return p.word(word, depth+1)
	case op == "+":
		return ""
	case set:
		return value
	default:
		return whole
	}
}

// word expands the text after an operator.
func (p *dotenvParser) word(s string, depth int) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 || b.Len() > p.left {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		text, n := p.reference(s[i:], depth)
		b.WriteString(text)
		s = s[i+n:]
	}
}

// find looks a variable up: in this file, then elsewhere.
func (p *dotenvParser) find(name string) (string, bool) {
	if i := p.keys.find(p.root.Fields, name); i >= 0 && name != "" {
		if v := p.root.Fields[i].Value; v.Kind != Null {
			return v.Text, true
		}
	}
	if p.lookup == nil || name == "" {
		return "", false
	}
	return p.lookup(name)
}
