package redact

import "strings"

func identByte(c byte) bool {
	return alnum(c) || c == '_' || c == '.' || c == '-'
}

// assignment looks at "name = value", "name: value" and their quoted and
// escaped forms. The separator is s[at:after].
func (sc *scanner) assignment(at, after int) int {
	s := sc.s
	if after >= len(s) || comparison(s, at, after) {
		return 0
	}
	begin, end := sc.identBefore(at)
	if sc.at.keys && begin > 0 && s[begin-1] == '[' {
		return 0
	}
	name := s[begin:end]
	if n := sc.fields(name, begin, at, after); n > 0 {
		return n
	}
	strength := plain
	if len(name) >= 3 && hasStem(name) {
		strength = nameStrength(name)
	}
	if strength < strong && queryName(s, begin, name) {
		return sc.query(begin, at, after)
	}
	if strength != plain {
		sc.opens(name, begin, after)
	}
	if strength == plain && sc.above != "" && name != "" && s[after] != '\n' {
		if start, stop := sc.valueAfter(begin, at, after); !sc.spent(stop - start) {
			return sc.under(name, begin, start, stop)
		}
	}
	if strength == plain || s[at] == ':' && tight(s, after) && strength < strong && !(sc.ownLine(begin) && strings.IndexByte(s, '\n') >= 0) {
		return 0
	}
	if s[at] == ':' && s[after] == '\n' {
		return 0
	}
	start, stop := sc.valueAfter(begin, at, after)
	if sc.spent(stop - start) {
		return sc.add(at, len(s))
	}
	if s[at] == ':' && begin > 1 && s[begin-2] == '$' && s[begin-1] == '{' {
		return sc.fallback(name, start, stop)
	}
	return sc.judged(name, start, stop)
}

// fallback judges what a shell takes where a variable is not set: "${NAME:-X}".
// What stands behind "${NAME:?" is a message.
func (sc *scanner) fallback(name string, start, stop int) int {
	s := sc.s
	if end := strings.IndexByte(s[start:stop], '}'); end >= 0 {
		stop = start + end
	}
	switch {
	case start < stop && s[start] == '-':
		start++
	case start < stop && (s[start] == '?' || s[start] == '+'):
		return 0
	}
	if start < stop && (s[start] == '"' || s[start] == '\'') {
		start, stop = quoted(s, start, 1)
	}
	return sc.judged(name, start, stop)
}

// fields looks at fields that speak of another name's value, of a user with a
// password, or of cookies.
func (sc *scanner) fields(name string, begin, at, after int) int {
	if len(name) < 1 || len(name) > 40 {
		return 0
	}
	field, user := fieldShapes.may(name), userField(name)
	if !field && !user {
		return 0
	}
	s := sc.s
	lower := strings.ToLower(name)
	switch {
	case nameFields[lower]:
		if start, stop := sc.valueAfter(begin, at, after); stop-start <= 80 && !sc.spent(stop-start) {
			sc.named(start, stop)
		}
	case carriers[lower] && sc.pending != "":
		start, stop := sc.valueAfter(begin, at, after)
		if sc.spent(stop - start) {
			return sc.add(at, len(s))
		}
		return sc.carried(start, stop)
	case lower == "cookie" || lower == "set-cookie":
		return sc.cookies(after)
	case user && !strings.HasPrefix(s[after:], "//") && !(s[at] == ':' && tight(s, after)):
		if start, stop := sc.valueAfter(begin, at, after); stop-start < 200 && !sc.spent(stop-start) {
			return sc.userPair(start, stop)
		}
	}
	return 0
}

// query judges a parameter of a URL's query whose name may be that of a
// credential. A signature always is one.
func (sc *scanner) query(begin, at, after int) int {
	s := sc.s
	end := after
	for end < len(s) && strings.IndexByte("& \t\n\"'#<>`;", s[end]) < 0 {
		end++
	}
	value := s[after:end]
	if noSecret(value) || code(value) {
		return 0
	}
	name := strings.ToLower(s[begin:at])
	if strings.HasPrefix(name, "sig") || strings.HasPrefix(name, "x-") {
		return sc.add(after, end)
	}
	if len(value) < 5 || fieldName(value) || readsLikeName(value) || digits(value) && len(value) < 12 || modes[strings.ToLower(value)] {
		return 0
	}
	return sc.suspect(after, end)
}

// element looks at "<name>value<". The name ends at s[at].
func (sc *scanner) element(at int) int {
	begin, end := sc.identBefore(at)
	if begin == 0 || end != at || sc.s[begin-1] != '<' || !hasStem(sc.s[begin:end]) {
		return 0
	}
	if s := nameStrength(sc.s[begin:end]); s < named && s != keyed {
		return 0
	}
	stop := strings.IndexByte(sc.s[at:], '<')
	if stop < 0 {
		stop = len(sc.s) - at
	}
	return sc.judged(sc.s[begin:end], at+1, at+stop)
}

// comparison reports whether the separator belongs to an operator that assigns
// nothing.
func comparison(s string, at, after int) bool {
	if s[after] == '=' || s[after] == '~' {
		return true
	}
	return s[at] == '=' && at > 0 && (s[at-1] == '=' || s[at-1] == '!' || s[at-1] == '<' || s[at-1] == '>')
}

// tight reports whether a colon is followed by text at once, as in an image's
// tag.
func tight(s string, after int) bool {
	return strings.IndexByte(" \t\"'\\", s[after]) < 0
}

// queryName reports whether the name is one of a credential in a URL's query.
func queryName(s string, begin int, name string) bool {
	if begin == 0 || s[begin-1] != '?' && s[begin-1] != '&' {
		return false
	}
	switch strings.ToLower(name) {
	case "sig", "signature", "x-amz-signature", "x-amz-security-token", "x-goog-signature":
		return true
	}
	return queryWords[strings.ToLower(name)]
}

// identBefore gives the place of the name before a separator, quotes and
// spaces taken off.
func (sc *scanner) identBefore(at int) (begin, end int) {
	s := sc.s
	end = at
	if end > 0 && s[end-1] == ':' { // := in some languages
		end--
	}
	for end > 0 && strings.IndexByte(" \t\"'\\", s[end-1]) >= 0 && at-end < 4 {
		end--
	}
	begin = end
	for begin > 0 && identByte(s[begin-1]) && end-begin < 80 {
		begin--
	}
	return begin, end
}

// valueAfter gives the place of the value behind a separator.
func (sc *scanner) valueAfter(nameBegin, at, after int) (start, end int) {
	s := sc.s
	start = after
	if s[at] == '=' && start < len(s) && s[start] == '>' {
		start++
	}
	for start < len(s) && (s[start] == ' ' || s[start] == '\t') {
		start++
	}
	if start == len(s) {
		return start, start
	}
	switch c := s[start]; {
	case c == '\\' && start+1 < len(s) && (s[start+1] == '"' || s[start+1] == '\''):
		return quoted(s, start, 2)
	case c == '"' || c == '\'':
		return quoted(s, start, 1)
	case (c == '|' || c == '>') && s[at] == ':':
		return sc.block(start)
	case c == '{' || c == '[':
		if start+1 >= len(s) || strings.IndexByte(" \"'\n\\}]", s[start+1]) >= 0 {
			return start, start
		}
	}
	return start, sc.bareEnd(nameBegin, at, start)
}

// quoted gives the inside of a quoted text whose opening quote has the width;
// one that is not closed reaches to the end.
func quoted(s string, open, width int) (start, end int) {
	start = open + width
	quote := s[open+width-1]
	for i := start; i < len(s); i++ {
		switch {
		case width == 2 && s[i] == '\\' && i+1 < len(s) && s[i+1] == quote:
			return start, i
		case s[i] == '\\' && i+1 < len(s):
			i++
		case width == 1 && s[i] == quote && quote == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case width == 1 && s[i] == quote:
			return start, i
		}
	}
	return start, len(s)
}

// block gives the lines of a YAML block scalar.
func (sc *scanner) block(at int) (start, end int) {
	s := sc.s
	line := strings.IndexByte(s[at:], '\n')
	if line < 0 {
		return at, len(s)
	}
	start = at + line + 1
	indent := indentOf(s[start:])
	if indent == 0 {
		return start, start
	}
	end = start
	for end < len(s) {
		next := len(s)
		if n := strings.IndexByte(s[end:], '\n'); n >= 0 {
			next = end + n + 1
		}
		if strings.TrimSpace(s[end:next]) != "" && indentOf(s[end:]) < indent {
			break
		}
		end = next
	}
	end = start + len(strings.TrimRight(s[start:end], "\n "))
	return min(start+indent, end), end // lines of nothing but spaces hold no value
}

func indentOf(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

// bareEnd gives the end of a value without quotes: the end of the line where
// the assignment is a line of its own or a YAML field, else the next space;
// and always where another assignment begins.
func (sc *scanner) bareEnd(nameBegin, at, start int) int {
	s := sc.s
	own := sc.ownLine(nameBegin)
	line := s[at] == ':' && s[nameBegin] != '-' || own
	open := 0
	for i := start; i < len(s); i++ {
		switch c := s[i]; c {
		case '(', '{', '[':
			open++
		case '\n', '\r', '<':
			return i
		case '"', '\'', '`':
			if !own && quoteEnds(s, i+1) {
				return i
			}
		case '\\':
			if endsAtEscape(s, i+1) {
				return i
			}
			i++
		case ' ', '\t':
			if !line || i+1 < len(s) && (s[i+1] == '#' || assigns(s[i+1:])) {
				return i
			}
		case ',', ';', '&':
			if i+1 == len(s) || assigns(strings.TrimLeft(s[i+1:], " ")) {
				return i
			}
		case ')', '}', ']':
			if open > 0 {
				open--
			} else if i+1 == len(s) || strings.IndexByte(" ,;\n\"')}]", s[i+1]) >= 0 {
				return i
			}
		}
	}
	return len(s)
}

// ownLine reports whether nothing but spaces stands before the name in its line,
// so that no quote can be open there.
func (sc *scanner) ownLine(nameBegin int) bool {
	s := sc.s
	line := sc.lineOf(nameBegin)
	if nameBegin-line > 80 {
		return false
	}
	before := s[line:nameBegin]
	return strings.Trim(strings.TrimPrefix(before, "export "), " \t") == "" && nameBegin < len(s) && s[nameBegin] != '-'
}

// quoteEnds reports whether a quote in a value ends it: what is behind it, at i,
// does not go on as the value would.
func quoteEnds(s string, i int) bool {
	return i >= len(s) || !alnum(s[i]) && strings.IndexByte("/@+_%$!*", s[i]) < 0
}

// endsAtEscape reports whether the escape whose letter is at i ends a value.
func endsAtEscape(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	switch s[i] {
	case 'n', 'r', 't':
		return true
	case '"', '\'':
		return quoteEnds(s, i+1)
	}
	return false
}

// assigns reports whether the text begins with a name and a separator.
func assigns(s string) bool {
	s = strings.TrimLeft(s, "\\\"'")
	n := 0
	for n < len(s) && n < 80 && identByte(s[n]) {
		n++
	}
	if n == 0 {
		return false
	}
	s = strings.TrimLeft(s[n:], "\\\"' ")
	if s == "" || s[0] != '=' && s[0] != ':' {
		return false
	}
	// What ends in '=' is padded base64.
	return s[0] == ':' || len(s) > 1 && strings.IndexByte("= \n\r\"'", s[1]) < 0
}

// judged records a value under a name if the two together are secret.
func (sc *scanner) judged(name string, start, end int) int {
	value := sc.s[start:end]
	if value == "" || maskAt(sc.s[start:]) || noSecret(value) || typeWords[strings.ToLower(value)] || code(value) || variable(value) {
		return 0
	}
	if strings.EqualFold(name, "authorization") || strings.EqualFold(name, "proxy-authorization") {
		if strings.EqualFold(value, "digest") || len(value) > 6 && strings.EqualFold(value[:7], "digest ") {
			for end < len(sc.s) && sc.s[end] != '\n' {
				end++
			}
			value = sc.s[start:end]
		}
		if scheme, rest, ok := strings.Cut(value, " "); ok && len(scheme) < 12 {
			start, value = start+len(scheme)+1, strings.TrimRight(rest, `"';`)
			end = start + len(value)
		}
		if noSecret(value) || code(value) {
			return 0
		}
		return sc.add(start, end)
	}
	if !sc.at.value && sc.isMessage(value, end) {
		return sc.quotedIn(start, end)
	}
	strength := nameStrength(name)
	if first, _, more := strings.Cut(value, " "); strength != strong && prose(value) || more && proseWords[strings.ToLower(first)] && prose(value) {
		return 0
	}
	if strength == weak && len(value) < 6 && !upperName(name) {
		return 0
	}
	if strength != plain && !secretText(strength, name, value) {
		return 0
	}
	return sc.suspect(start, end)
}

// prose reports whether a value is several words in small letters, as in "token:
// unexpected end of file", or a sentence most of whose words are.
func prose(value string) bool {
	words, small := 0, 0
	for word := range strings.FieldsSeq(value) {
		words++
		if smallWord(word) {
			small++
		}
	}
	return words > 1 && small == words || words > 3 && small*4 >= words*3
}

// sentence reports whether a text is prose that has a word of grammar in it.
func sentence(text string) bool {
	if strings.IndexByte(text, ' ') < 0 || !prose(text) {
		return false
	}
	for word := range strings.FieldsSeq(text) {
		if proseWords[strings.ToLower(word)] {
			return true
		}
	}
	return false
}

// smallWord reports whether a word has small letters only, but for a comma or
// the like at its end.
func smallWord(word string) bool {
	for i := range len(word) {
		if c := word[i]; (c < 'a' || c > 'z') && (strings.IndexByte(",:.;!?", c) < 0 || i != len(word)-1) {
			return false
		}
	}
	return true
}

// typeWords are what a description of a field says in place of its value.
var typeWords = set(`string str text int integer number boolean bool array object bytes required optional
	default any ****** ***** redacted [redacted] <redacted> xxxxx`)
