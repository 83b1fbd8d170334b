package redact

import (
	"encoding/base64"
	"strings"
)

// span is a secret part of a text. It is suspected where only a name or its
// randomness speaks for it.
type span struct {
	start, end int
	suspected  bool
}

// maxNesting is how often base64 is taken off to look inside.
const maxNesting = 3

// Text masks the secrets in free text, such as a message.
func (r *Redactor) Text(s string) string {
	return r.replace(s, place{}, inText).text
}

// place says where a text stands.
type place struct {
	// name is the name of the value, as far as it is known.
	name string
	// parent is the name above the value's.
	parent string
	// value reports whether the text is the value of a fact, which has a name.
	value bool
	// path is the path of the value: that of a command's arguments says so.
	path string
	// keys reports whether the text is a path, in which "[name=x]" tells an item
	// of a list from others.
	keys bool
}

// replaced is a text with its secrets masked.
type replaced struct {
	text string
	// whole reports whether the text is nothing but one secret.
	whole bool
	// suspected reports whether all that was masked is only suspected.
	suspected bool
	// clean reports whether the text was looked at and holds no secret.
	clean bool
}

// quiet reports whether a text that is shorter than any token has no byte that
// could announce a secret. Most texts are such.
func quiet(s string) bool {
	for i := range len(s) {
		if byteClass[s[i]] == separator && (s[i] != '-' || i == 0 || !drawnByte(s[i-1])) {
			return false
		}
	}
	return true
}

// replace masks the secrets of a text.
func (r *Redactor) replace(s string, at place, st style) replaced {
	if len(s) < 6 || len(s) < minFormat && quiet(s) {
		return replaced{text: s, clean: true}
	}
	sc := scanner{s: s, at: at, nesting: maxNesting}
	sc.run()
	if len(sc.spans) == 0 {
		return replaced{text: s, clean: true}
	}
	out := replaced{suspected: true}
	var b strings.Builder
	b.Grow(len(s))
	last := 0
	for _, sp := range sc.spans {
		b.WriteString(s[last:sp.start])
		b.WriteString(r.mask(s[sp.start:sp.end], st, sp.suspected))
		out.suspected = out.suspected && sp.suspected
		last = sp.end
	}
	b.WriteString(s[last:])
	out.text = b.String()
	out.whole = len(sc.spans) == 1 && sc.spans[0].start == 0 && strings.TrimSpace(s[sc.spans[0].end:]) == ""
	return out
}

// scanner finds secrets in one pass over a text.
type scanner struct {
	s       string
	at      place
	nesting int
	spans   []span
	// work counts the bytes that were looked at ahead of the scan.
	work int
	// base64Until is the end of the last run that was looked into.
	base64Until int
	// line is where the line of lineSeen begins.
	line, lineSeen int
	// chpasswd is where a list of passwords to set is announced, or -1 where none
	// is; 0 where it was not looked for.
	chpasswd int
	// above is a name that a map of secrets stands under, aboveIndent how far its
	// line is indented, and aboveEnd where the map ends if braces hold it.
	above                 string
	aboveIndent, aboveEnd int
	// pending is a name that stood as a value before pendingFrom.
	pending     string
	pendingFrom int
	// column is the secret one of a table, of the rows from columnFrom on.
	column, columnFrom int
	columnSep          byte
	cells              []span
	// drawnUntil is the end of the last run that was weighed.
	drawnUntil int
}

// classes of bytes that the scanner stops at.
const (
	skip byte = iota
	wordByte
	separator
)

var byteClass = func() (t [256]byte) {
	for c := range t {
		if alnum(byte(c)) {
			t[c] = wordByte
		}
	}
	for _, c := range "=:%-$@> \t\n,{|" {
		t[c] = separator
	}
	return t
}()

func (sc *scanner) run() {
	s := sc.s
	inWord := false
	sc.columnFrom = len(s) + 1
	if strings.IndexByte(s, '\n') > 0 {
		sc.table()
	}
	for i := 0; i < len(s); i++ {
		if i >= sc.columnFrom && (i == sc.columnFrom || s[i-1] == '\n') {
			sc.row(i)
		}
		if n := len(sc.cells); n > 0 && i == sc.cells[n-1].start {
			if end := sc.suspect(i, sc.cells[n-1].end); end > i {
				i, inWord = end-1, false
				continue
			}
		}
		class := byteClass[s[i]]
		if class == wordByte {
			if !inWord {
				inWord = true
				if end := sc.word(i); end > i {
					i = end - 1
					inWord = false
				}
			}
			continue
		}
		inWord = false
		if class == separator {
			if end := sc.separator(i); end > i {
				i = end - 1
			}
		}
	}
}

// lineOf returns where the line of i begins. It is asked for places further
// and further on.
func (sc *scanner) lineOf(i int) int {
	if i < sc.line {
		return strings.LastIndexByte(sc.s[:i], '\n') + 1
	}
	for sc.lineSeen < i {
		n := strings.IndexByte(sc.s[sc.lineSeen:i], '\n')
		if n < 0 {
			sc.lineSeen = i
			break
		}
		sc.lineSeen += n + 1
		sc.line = sc.lineSeen
	}
	return sc.line
}

// add records a known secret and returns its end, from where the scan goes on.
func (sc *scanner) add(start, end int) int {
	return sc.record(span{start: start, end: end})
}

// suspect records a suspected secret. One that holds a known secret and little
// else is known.
func (sc *scanner) suspect(start, end int) int {
	return sc.record(span{start: start, end: end, suspected: true})
}

// record adds a span behind those that are there.
func (sc *scanner) record(sp span) int {
	if n := len(sc.spans); sp.start >= sp.end || n > 0 && sp.start < sc.spans[n-1].end || maskAt(sc.s[sp.start:]) {
		return 0
	}
	sc.spans = append(sc.spans, sp)
	return sp.end
}

// spent adds to the work done ahead of the scan. Text that makes it look at the
// same bytes over and over is made for that: the rest of it is taken for a
// secret.
func (sc *scanner) spent(n int) bool {
	sc.work += n
	return sc.work > 32*len(sc.s)+64<<10
}

// separator looks at what a punctuation byte could announce.
func (sc *scanner) separator(i int) int {
	s := sc.s
	switch s[i] {
	case '=':
		return sc.assignment(i, i+1)
	case ':':
		return sc.colon(i)
	case '%':
		return sc.escaped(i)
	case '-':
		return sc.dash(i)
	case '$':
		return sc.passwordHash(i)
	case '@':
		return sc.bareUserinfo(i)
	case '>':
		return sc.angle(i)
	case ' ', '\t':
		return sc.spaced(i)
	case ',':
		if i > 0 && (s[i-1] == '"' || s[i-1] == '\'') {
			return sc.listed(i)
		}
	case '{':
		return sc.braced(i)
	case '|':
		if i > 3 {
			return sc.cell(i)
		}
	}
	return 0
}

// colon looks at what a colon could announce.
func (sc *scanner) colon(i int) int {
	s := sc.s
	if strings.HasPrefix(s[i+1:], "//") || strings.HasPrefix(s[i+1:], `\/\/`) {
		return sc.userinfo(i)
	}
	if end := sc.passArgument(i); end > 0 {
		return end
	}
	if end := sc.colonLine(i); end > 0 {
		return end
	}
	return sc.assignment(i, i+1)
}

// angle looks at "<name>value<" and at a password of a Redis user: "on >X".
func (sc *scanner) angle(i int) int {
	s := sc.s
	if i > 3 && s[i-1] == ' ' && i+1 < len(s) && strings.IndexByte(" \t=", s[i+1]) < 0 && strings.Contains(s[max(0, i-120):i], "user ") {
		end := i + 1
		for end < len(s) && strings.IndexByte(" \t\n\"'", s[end]) < 0 {
			end++
		}
		return sc.suspect(i+1, end)
	}
	return sc.element(i)
}

// escaped looks at a URL-encoded separator.
func (sc *scanner) escaped(i int) int {
	s := sc.s
	if i+3 > len(s) {
		return 0
	}
	switch strings.ToUpper(s[i+1 : i+3]) {
	case "3D":
		return sc.assignment(i, i+3)
	case "3A":
		if len(s) >= i+9 && strings.EqualFold(s[i+3:i+9], "%2F%2F") {
			return sc.escapedUserinfo(i + 9)
		}
		return sc.assignment(i, i+3)
	}
	if isHex(strings.ToLower(s[i+1 : i+3])) {
		return i + 3 // a word begins behind the escape
	}
	return 0
}

// dash looks at the begin of private key material and at a flag whose value
// follows it.
func (sc *scanner) dash(i int) int {
	s := sc.s
	if strings.HasPrefix(s[i:], "-----BEGIN ") {
		return sc.pem(i)
	}
	if i > 0 && (s[i-1] == '-' || alnum(s[i-1]) || s[i-1] == '_') {
		return 0
	}
	if !strings.HasPrefix(s[i:], "--") {
		return sc.singleFlag(i)
	}
	end := i + 2
	for end < len(s) && identByte(s[end]) {
		end++
	}
	name := s[i+2 : end]
	if end == len(s) {
		return 0
	}
	if userField(name) && (s[end] == ' ' || s[end] == '=' || s[end] == '"') {
		if n := sc.userFlag(end + len(s[end:]) - len(strings.TrimLeft(s[end:], " =\"',"))); n > 0 {
			return n
		}
	}
	if name == "key" {
		name = "x-key" // of something, as far as is known
	}
	if s := nameStrength(name); s < named && s != keyed {
		return 0
	}
	return sc.flagValue(name, end)
}

// flagValue finds the value behind a flag: after a space, or in the next item
// of a JSON or YAML list.
func (sc *scanner) flagValue(name string, at int) int {
	s := sc.s
	start := at
	for start < len(s) && strings.IndexByte("\\\"', \t", s[start]) >= 0 {
		start++
	}
	if start == at || start == len(s) || s[start] == '-' || s[start] == ']' {
		return 0
	}
	if q := s[start-1]; q == '"' || q == '\'' {
		width := 1
		if s[start-2] == '\\' {
			width = 2
		}
		begin, end := quoted(s, start-width, width)
		return sc.judged(name, begin, end)
	}
	end := start
	for end < len(s) && strings.IndexByte(" \t\n", s[end]) < 0 && (strings.IndexByte("\\\"'", s[end]) < 0 || !quoteEnds(s, end+1)) {
		end++
	}
	return sc.judged(name, start, end)
}

// userFlag finds the password in "-u user:password".
func (sc *scanner) userFlag(start int) int {
	end := start
	for end < len(sc.s) && strings.IndexByte("\\\"' \t\n", sc.s[end]) < 0 {
		end++
	}
	user, password, ok := strings.Cut(sc.s[start:end], ":")
	if !ok || password == "" || user == "" || maskAt(password) || digits(password) && digits(user) || noSecret(password) || code(password) ||
		strings.HasPrefix(password, "//") || strings.IndexByte(user, '/') >= 0 {
		return 0
	}
	return sc.suspect(start+len(user)+1, end)
}

// pem finds the end of a private key. A certificate is public: its end is
// given, and nothing recorded.
func (sc *scanner) pem(i int) int {
	s := sc.s
	const begin = "-----BEGIN "
	label, _, ok := strings.Cut(s[i+len(begin):min(len(s), i+100)], "-----")
	if !ok {
		return 0
	}
	private := strings.Contains(label, "PRIVATE KEY")
	end := 0
	if at := strings.Index(s[i:], "-----END "+label+"-----"); at >= 0 {
		end = i + at + len("-----END -----") + len(label)
	} else if !private && sc.spent(len(s)-i) {
		return sc.add(i, len(s))
	}
	if !private {
		return end
	}
	if end > 0 {
		return sc.add(i, end)
	}
	return sc.add(i, len(s))
}

// passwordHash finds hashes of crypt(3) and of those who write theirs alike:
// "$scheme$…$…".
func (sc *scanner) passwordHash(i int) int {
	rest := sc.s[i:]
	scheme := strings.IndexByte(rest[1:min(len(rest), 20)], '$')
	if scheme < 1 || !identifier(rest[1:scheme+1]) {
		return 0
	}
	end, parts := 0, 0
	for end < len(rest) && (alnum(rest[end]) || strings.IndexByte("$./=,+-_", rest[end]) >= 0) {
		if rest[end] == '$' {
			parts++
		}
		end++
	}
	if end < 24 || parts < 2 || scheme > 3 && parts < 3 {
		return 0
	}
	return sc.add(i, i+end)
}

// hidden reports whether base64 text holds a secret, and whether one of them is
// known.
func hidden(run string, nesting int) (found, known bool) {
	run = strings.TrimRight(run, "=")
	if nesting == 0 || len(run)%4 == 1 {
		return false, false
	}
	enc := base64.RawStdEncoding
	if strings.ContainsAny(run, "-_") {
		enc = base64.RawURLEncoding
	}
	data, err := enc.DecodeString(run)
	if err != nil || !printable(data) {
		return false, false
	}
	sc := scanner{s: string(data), nesting: nesting - 1, drawnUntil: 1 << 62}
	sc.run()
	for _, sp := range sc.spans {
		known = known || !sp.suspected
	}
	return len(sc.spans) > 0, known
}

// printable reports whether the beginning of decoded bytes is text.
func printable(data []byte) bool {
	for _, c := range data[:min(len(data), 64)] {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return len(data) > 0
}

func base64Byte(c byte) bool {
	return alnum(c) || c == '+' || c == '/' || c == '-' || c == '_'
}
