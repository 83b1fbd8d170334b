package redact

import "strings"

// The bounds from which a token counts as drawn by a machine.
const (
	minDrawn     = 20   // bytes without a prefix
	minPrefixed  = 16   // bytes behind a prefix
	minPart      = 12   // bytes without '-' and '_': names that are generated have fewer
	minMixedPart = 8    // the same of tokens with letters of both cases
	minWithin    = 36   // bytes of a format that tells by what is inside
	minGlued     = 24   // hexadecimal bytes with a word before or behind them
	minLetters   = 24   // letters of one case
	minScattered = 28   // bytes with separators anywhere
	maxDrawn     = 1024 // bytes that are weighed
	// minExcess is by how many bits a byte is less likely to have been written
	// by a person. Of tokens drawn of 16 bytes 95 % have more, of names 5 %.
	minExcess = 0.9
)

// drawnByte reports whether a byte can be in a token without a break.
func drawnByte(c byte) bool { return drawnBytes[c] }

var drawnBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = alnum(byte(c)) || c == '_' || c == '-'
	}
	return t
}()

// drawnRunBytes are those of a run, which ends where a value is assigned.
var drawnRunBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = formatByte(byte(c)) && strings.IndexByte("@|%:", byte(c)) < 0
	}
	return t
}()

// drawnRun looks for what was drawn in the run of a token's bytes that begins
// at i. A run is looked at once.
func (sc *scanner) drawnRun(i int) int {
	s := sc.s
	if i < sc.drawnUntil {
		return 0
	}
	end := i
	for end < len(s) && drawnRunBytes[s[end]] && (s[end] != '=' || end+1 == len(s) || !alnum(s[end+1])) {
		end++
	}
	sc.drawnUntil = end
	if end-i < minPrefixed {
		return 0
	}
	i = sc.runStart(i)
	run := s[i:end]
	if len(run) >= minWithin {
		if start, stop, ok := holdsFormat(run); ok {
			return sc.add(i+start, i+stop)
		}
	}
	if at := hookIn(run); at > 0 {
		if stop := sc.hook(i + at); stop > 0 {
			return stop
		}
	}
	if _, _, ok := findDrawn(run, context{hex: true}); !ok {
		return 0 // the most common case, without a look at the name
	}
	c := sc.context(i, end)
	if c.public || readable(run) {
		return 0
	}
	if start, stop, ok := findDrawn(run, c); ok {
		if sc.mostly(i+start, i+stop) {
			if announced(s) {
				return sc.add(0, len(s))
			}
			return sc.suspect(0, len(s))
		}
		sc.drawnUntil = i + stop
		if announced(run[start:stop]) {
			return sc.add(i+start, i+stop)
		}
		return sc.suspect(i+start, i+stop)
	}
	return 0
}

// mostly reports whether a token makes up most of a value that is one word,
// so that the rest belongs to it.
func (sc *scanner) mostly(start, end int) bool {
	s := sc.s
	if !sc.at.value || len(sc.spans) > 0 || start > 40 || (end-start)*10 < len(s)*6 {
		return false
	}
	rest := s[:start] + s[end:]
	return !strings.ContainsAny(rest, "/ \t\n=\"'{}[]()<>,@") && !digestWords[strings.TrimRight(rest, "0123456789:")]
}

// hookIn returns where the word of a web hook begins inside of a URL's path.
func hookIn(run string) int {
	at := strings.Index(run, "hooks/")
	if at < 0 {
		return 0
	}
	for at > 0 && alnum(run[at-1]) {
		at--
	}
	return at
}

// runStart takes in the punctuation that a token may begin with.
func (sc *scanner) runStart(i int) int {
	least := 0
	if n := len(sc.spans); n > 0 {
		least = sc.spans[n-1].end
	}
	begin := i
	for begin > least && i-begin < 3 && strings.IndexByte("_~.+-", sc.s[begin-1]) >= 0 {
		begin--
	}
	if begin > least && strings.IndexByte(" \"'=:,", sc.s[begin-1]) < 0 || begin == least && least > 0 {
		return i
	}
	return begin
}
