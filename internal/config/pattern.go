package config

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Pattern is a compiled pattern: * stands for any run of characters, slashes
// included, ? for one character, everything else for itself. The zero value
// matches everything.
type Pattern struct {
	set bool
	// parts are the texts between the stars. There is always a first and a
	// last one, possibly empty; they are the same where there is no star.
	parts []string
	// wild reports whether a part holds '?'.
	wild bool
}

// maxPattern is the longest pattern, in bytes.
const maxPattern = 2000

var (
	errPatternLong = errors.New("invalid pattern: it is longer than 2000 bytes")
	errPatternText = errors.New("invalid pattern: it holds a line break, another control character or broken UTF-8")
)

// CompilePattern compiles a pattern. The empty pattern matches everything.
func CompilePattern(s string) (Pattern, error) {
	if s == "" {
		return Pattern{}, nil
	}
	if len(s) > maxPattern {
		return Pattern{}, errPatternLong
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Pattern{}, errPatternText
	}
	return Pattern{set: true, parts: strings.Split(s, "*"), wild: strings.Contains(s, "?")}, nil
}

// Match reports whether the whole of s fits. Its time is in proportion to s, or
// to s times the longest part of the pattern where that holds a '?'.
func (p Pattern) Match(s string) bool {
	if !p.set {
		return true
	}
	n, ok := p.prefix(s, p.parts[0])
	if !ok {
		return false
	}
	return p.rest(s[n:])
}

// MatchPath reports whether a fact's path fits: the whole of it where the
// pattern begins with '/', else its end from some segment on. A segment begins
// after a '/' and at a '['.
func (p Pattern) MatchPath(path string) bool {
	if !p.set || strings.HasPrefix(p.parts[0], "/") {
		return p.Match(path)
	}
	for i := 0; ; i++ {
		if n, ok := p.prefix(path[i:], p.parts[0]); ok {
			// Behind a star the earliest start leaves the most, so it
			// decides; without one another start may fit better.
			if p.rest(path[i+n:]) {
				return true
			}
			if len(p.parts) > 1 {
				return false
			}
		}
		next := segment(path[i:])
		if next < 0 {
			return false
		}
		i += next
	}
}

// segment finds the character before the next start of a segment, so that a
// loop that adds one arrives at it; -1 where there is none.
func segment(s string) int {
	for j := range len(s) {
		if s[j] == '/' || j+1 < len(s) && s[j+1] == '[' {
			return j
		}
	}
	return -1
}

// rest matches what follows the first part: the others in their order, each as
// early as it goes, and the last one at the end.
func (p Pattern) rest(s string) bool {
	if len(p.parts) == 1 {
		return s == ""
	}
	last := p.parts[len(p.parts)-1]
	for _, part := range p.parts[1 : len(p.parts)-1] {
		n := p.after(s, part)
		if n < 0 {
			return false
		}
		s = s[n:]
	}
	return p.suffix(s, last)
}

// prefix reports whether s begins with part, and how many bytes that takes.
func (p Pattern) prefix(s, part string) (int, bool) {
	if !p.wild {
		return len(part), strings.HasPrefix(s, part)
	}
	n := 0
	for _, r := range part {
		have, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || r != '?' && have != r {
			return 0, false
		}
		n += size
	}
	return n, true
}

// after gives the place behind the first occurrence of part, or -1.
func (p Pattern) after(s, part string) int {
	if !p.wild {
		i := strings.Index(s, part)
		if i < 0 {
			return -1
		}
		return i + len(part)
	}
	for i := 0; ; {
		if n, ok := p.prefix(s[i:], part); ok {
			return i + n
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		if size == 0 {
			return -1
		}
		i += size
	}
}

// suffix reports whether s ends with part.
func (p Pattern) suffix(s, part string) bool {
	if !p.wild {
		return strings.HasSuffix(s, part)
	}
	start := len(s)
	for range utf8.RuneCountInString(part) {
		_, size := utf8.DecodeLastRuneInString(s[:start])
		if size == 0 {
			return false
		}
		start -= size
	}
	_, ok := p.prefix(s[start:], part)
	return ok
}
