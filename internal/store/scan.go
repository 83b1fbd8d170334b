package store

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads the JSON of one line: what encoder writes, in any layout that
// JSON allows. The first fault stays in fault, after which every method gives
// zero values and no loop goes on.
type scanner struct {
	s     string
	i     int
	fault string
}

func (sc *scanner) fail(what string) {
	if sc.fault == "" {
		sc.fault = what
		sc.i = len(sc.s)
	}
}

func (sc *scanner) space() {
	for sc.i < len(sc.s) && (sc.s[sc.i] == ' ' || sc.s[sc.i] == '\t' || sc.s[sc.i] == '\r') {
		sc.i++
	}
}

// next reports whether the next byte is c, and takes it if so.
func (sc *scanner) next(c byte) bool {
	if sc.i < len(sc.s) && sc.s[sc.i] == c {
		sc.i++
		return true
	}
	sc.space()
	if sc.i < len(sc.s) && sc.s[sc.i] == c {
		sc.i++
		return true
	}
	return false
}

func (sc *scanner) expect(c byte) {
	if !sc.next(c) {
		sc.fail("expected '" + string(c) + "'")
	}
}

// more reports whether another item follows in a list or an object that ends
// with end, and takes the comma or the end.
func (sc *scanner) more(first *bool, end byte) bool {
	if sc.fault != "" || sc.next(end) {
		return false
	}
	if *first {
		*first = false
		return true
	}
	sc.expect(',')
	return sc.fault == ""
}

// number reads an integer of at most nine digits that is not negative.
func (sc *scanner) number() int {
	sc.space()
	n, begin := 0, sc.i
	for sc.i < len(sc.s) && sc.s[sc.i] >= '0' && sc.s[sc.i] <= '9' {
		n = n*10 + int(sc.s[sc.i]-'0')
		sc.i++
		if sc.i-begin > 9 {
			sc.fail("the number is too large")
			return 0
		}
	}
	if sc.i == begin {
		sc.fail("expected a number")
	}
	return n
}

// int32 reads a number of a line or a column.
func (sc *scanner) int32() int32 { return int32(sc.number()) }

// index reads a number below n.
func (sc *scanner) index(n int) int {
	i := sc.number()
	if i >= n {
		sc.fail("a number points outside of its table")
		return 0
	}
	return i
}

// text reads a string. Without an escape it shares the line's memory.
func (sc *scanner) text() string {
	if !sc.next('"') {
		sc.fail("expected a text")
		return ""
	}
	rest := sc.s[sc.i:]
	end := strings.IndexByte(rest, '"')
	if end < 0 {
		sc.fail("a text does not end")
		return ""
	}
	if strings.IndexByte(rest[:end], '\\') < 0 {
		sc.i += end + 1
		return rest[:end]
	}
	return sc.escaped()
}

// escaped reads the rest of a string that has escapes.
func (sc *scanner) escaped() string {
	var b strings.Builder
	for sc.i < len(sc.s) {
		c := sc.s[sc.i]
		switch c {
		case '"':
			sc.i++
			return b.String()
		case '\\':
			sc.escape(&b)
		default:
			rest := sc.s[sc.i:]
			n := strings.IndexAny(rest, `"\`)
			if n < 0 {
				n = len(rest)
			}
			b.WriteString(rest[:n])
			sc.i += n
		}
	}
	sc.fail("a text does not end")
	return ""
}

func (sc *scanner) escape(b *strings.Builder) {
	if sc.i+1 >= len(sc.s) {
		sc.fail("a text ends in an escape")
		return
	}
	c := sc.s[sc.i+1]
	sc.i += 2
	switch c {
	case '"', '\\', '/':
		b.WriteByte(c)
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'u':
		sc.unicode(b)
	default:
		sc.fail("a text holds an escape that JSON does not have")
	}
}

// unicode reads the four digits of an escape, and those of a second half.
func (sc *scanner) unicode(b *strings.Builder) {
	r := sc.hex4()
	if r >= 0xDC80 && r <= 0xDCFF {
		b.WriteByte(byte(r - 0xDC00)) // a byte that was not part of UTF-8
		return
	}
	if utf16.IsSurrogate(r) && strings.HasPrefix(sc.s[sc.i:], `\u`) {
		begin := sc.i
		sc.i += 2
		if pair := utf16.DecodeRune(r, sc.hex4()); pair != utf8.RuneError {
			b.WriteRune(pair)
			return
		}
		if sc.fault == "" {
			sc.i = begin
		}
	}
	b.WriteRune(r)
}

func (sc *scanner) hex4() rune {
	if sc.i+4 > len(sc.s) {
		sc.fail("an escape is not complete")
		return 0
	}
	var r rune
	for _, c := range []byte(sc.s[sc.i : sc.i+4]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			sc.fail("an escape has a digit that is none")
			return 0
		}
	}
	sc.i += 4
	return r
}

// end checks that nothing follows.
func (sc *scanner) end() {
	sc.space()
	if sc.i < len(sc.s) {
		sc.fail("something follows the line's end")
	}
}
