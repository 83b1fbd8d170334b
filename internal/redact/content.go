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
	// value reports whether the text is the value of a fact, which has a name.
	value bool
	// path is the path of the value: that of a command's arguments says so.
	path string
}

// replaced is a text with its secrets masked.
type replaced struct {
	text string
	// whole reports whether the text is nothing but one secret.
	whole bool
	// suspected reports whether all that was masked is only suspected.
	suspected bool
}

// replace masks the secrets of a text.
func (r *Redactor) replace(s string, at place, st style) replaced {
	if len(s) < 6 {
		return replaced{text: s}
	}
	sc := scanner{s: s, at: at, nesting: maxNesting}
	sc.run()
	if len(sc.spans) == 0 {
		return replaced{text: s}
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
	for _, c := range "=:%-$@>" {
		t[c] = separator
	}
	return t
}()

func (sc *scanner) run() {
	s := sc.s
	inWord := false
	for i := 0; i < len(s); i++ {
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
	if n := len(sc.spans); sp.start >= sp.end || n > 0 && sp.start < sc.spans[n-1].end {
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
		if strings.HasPrefix(s[i+1:], "//") || strings.HasPrefix(s[i+1:], `\/\/`) {
			return sc.userinfo(i)
		}
		return sc.assignment(i, i+1)
	case '%':
		return sc.escaped(i)
	case '-':
		return sc.dash(i)
	case '$':
		return sc.passwordHash(i)
	case '@':
		return sc.bareUserinfo(i)
	case '>':
		return sc.element(i)
	}
	return 0
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
	if strings.HasPrefix(s[i:], "-u ") || strings.HasPrefix(s[i:], "--user ") {
		return sc.userFlag(i + strings.IndexByte(s[i:], ' ') + 1)
	}
	if !strings.HasPrefix(s[i:], "--") {
		return 0
	}
	end := i + 2
	for end < len(s) && identByte(s[end]) {
		end++
	}
	name := s[i+2 : end]
	if end == len(s) || nameStrength(name) < named {
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
	if !ok || password == "" || maskAt(password) || digits(password) && digits(user) || noSecret(password) {
		return 0
	}
	return sc.add(start+len(user)+1, end)
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

// passwordHash finds crypt(3) hashes.
func (sc *scanner) passwordHash(i int) int {
	rest := sc.s[i:]
	for _, p := range []string{"$2a$", "$2b$", "$2y$", "$apr1$", "$5$", "$6$", "$argon2", "$y$"} {
		if !strings.HasPrefix(rest, p) {
			continue
		}
		end := 0
		for end < len(rest) && (alnum(rest[end]) || strings.IndexByte("$./=,+", rest[end]) >= 0) {
			end++
		}
		if end >= 24 {
			return sc.add(i, i+end)
		}
	}
	return 0
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

// printable tells whether the beginning of decoded bytes is text.
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
