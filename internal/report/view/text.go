package view

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line makes s safe to show on one line: control characters, escape
// sequences, line breaks, invisible and direction-changing characters and
// invalid UTF-8 become visible escapes such as \x1b, \n and \u202e.
func Line(s string) string { return neutral(s, false) }

// Text is Line, but keeps line feeds and tabs.
func Text(s string) string { return neutral(s, true) }

func neutral(s string, lines bool) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			escapeRune(&b, rune(s[i]), true)
		case (r == '\n' || r == '\t') && lines, !hostile(r):
			b.WriteString(s[i : i+size])
		default:
			escapeRune(&b, r, false)
		}
		i += size
	}
	return b.String()
}

// isPlain reports whether s is printable ASCII, which most text is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// hostile reports whether a rune must not reach a person's screen as it is.
func hostile(r rune) bool {
	switch {
	case r >= 0x20 && r < 0x7f:
		return false
	case unicode.IsControl(r), r == 0x2028, r == 0x2029, r == 0xfeff:
		return true
	case r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // noncharacters
		return true
	default: // invisible and direction-changing characters, tags, private use
		return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
	}
}

const hexDigits = "0123456789abcdef"

func escapeRune(b *strings.Builder, r rune, single bool) {
	switch {
	case r == '\n' && !single:
		b.WriteString(`\n`)
	case r == '\r' && !single:
		b.WriteString(`\r`)
	case r == '\t' && !single:
		b.WriteString(`\t`)
	case r < 0x100 && (single || r < 0x80):
		b.WriteString(`\x`)
		b.WriteByte(hexDigits[r>>4&15])
		b.WriteByte(hexDigits[r&15])
	case r < 0x10000:
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte(hexDigits[r>>shift&15])
		}
	default:
		b.WriteString(`\U`)
		for shift := 28; shift >= 0; shift -= 4 {
			b.WriteByte(hexDigits[r>>shift&15])
		}
	}
}

// Cut shortens s to at most n runes, and says how many bytes are missing
// where that is many.
func Cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	end, seen := 0, 0
	for i := range s {
		if seen == n {
			end = i
			break
		}
		seen++
	}
	rest := len(s) - end
	if rest < 40 {
		return s[:end] + "…"
	}
	return s[:end] + "… (" + Int(rest) + " more bytes)"
}

// Int writes n with commas between thousands.
func Int(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count writes n with the noun in its number: "1 group", "3 groups",
// "2 policies".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Int(n) + " " + many
}

// Percent writes a share of 0 to 1 in percent. It never rounds up to 100 or
// down to 0.
func Percent(share float64) string {
	p := share * 100
	switch {
	case p > 99.9 && p < 100:
		return "99.9 %"
	case p > 0 && p < 0.1:
		return "0.1 %"
	case p >= 99.95 || p == 0:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	default:
		return trimZero(p) + " %"
	}
}

// Points writes a score of 0 to 100; a missing one is a dash. It never rounds
// up to 100.
func Points(score *float64) string {
	switch {
	case score == nil:
		return "–"
	case *score > 99.9 && *score < 100:
		return "99.9"
	default:
		return trimZero(*score)
	}
}

func trimZero(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
