// Package excerpt cuts text for people: by its width on a screen, and so that
// what tells several texts apart stays visible.
package excerpt

import (
	"slices"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Width is how many cells of a screen s takes.
func Width(s string) int {
	c := condition()
	return c.StringWidth(s)
}

func condition() runewidth.Condition { return runewidth.Condition{StrictEmojiNeutral: true} }

// Middle shortens s to at most n cells by taking out its middle.
func Middle(s string, n int) string {
	if Width(s) <= n {
		return s
	}
	if n < 2 {
		return "…"
	}
	head := Start(s, (n-1)/2)
	return head + "…" + end(s, n-1-Width(head))
}

// End shortens s to at most n cells by taking off its end.
func End(s string, n int) string {
	if Width(s) <= n {
		return s
	}
	return Start(s, max(n, 1)-1) + "…"
}

// Start is the longest beginning of s of at most n cells.
func Start(s string, n int) string {
	c := condition()
	used := 0
	for i, r := range s {
		if used += c.RuneWidth(r); used > n {
			return s[:i]
		}
	}
	return s
}

// end is the longest end of s of at most n cells.
func end(s string, n int) string {
	c := condition()
	runes := []rune(s)
	i, used := len(runes), 0
	for i > 0 && used+c.RuneWidth(runes[i-1]) <= n {
		i--
		used += c.RuneWidth(runes[i])
	}
	return string(runes[i:])
}

// Contrast shortens each text to at most n cells so that what differs between
// them stays visible: the first place at which they differ, and the end of that
// part. Texts that fit are left whole.
func Contrast(texts []string, n int) []string {
	out := make([]string, len(texts))
	n = max(n, 3)
	head := len(commonPrefix(texts))
	tail := wholeWords(texts, len(commonSuffix(texts, head)))
	for i, t := range texts {
		out[i] = t
		if Width(t) > n {
			out[i] = around(t[:head], t[head:len(t)-tail], t[len(t)-tail:], n)
		}
	}
	return out
}

// around cuts a text, of which the middle part differs from others, to n cells.
func around(before, part, after string, n int) string {
	room := n / 3
	switch {
	case Width(before) > room && room > 1:
		before = "…" + end(before, room-1)
	case Width(before) > room:
		before = "…"
	}
	left := n - Width(before)
	switch {
	case Width(part)+Width(after) <= left:
		return before + part + after
	case Width(part) < left:
		return before + part + Start(after, left-Width(part)-1) + "…"
	}
	if after != "" {
		return before + Middle(part, max(left-1, 1)) + "…"
	}
	return before + Middle(part, left)
}

// wholeWords shortens a common end so that no text is cut inside a word or a number:
// 150 and 1500 differ as wholes.
func wholeWords(texts []string, tail int) int {
	inWord := func(t string) bool {
		i := len(t) - tail
		return i > 0 && wordByte(t[i]) && wordByte(t[i-1])
	}
	for tail > 0 && slices.ContainsFunc(texts, inWord) {
		tail--
		for tail > 0 && !utf8.RuneStart(texts[0][len(texts[0])-tail]) {
			tail--
		}
	}
	return tail
}

// wordByte reports whether a byte is of a letter or a digit.
func wordByte(b byte) bool {
	return b >= utf8.RuneSelf || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// commonPrefix is what all texts begin with, in whole characters.
func commonPrefix(texts []string) string {
	if len(texts) < 2 {
		return ""
	}
	prefix := texts[0]
	for _, t := range texts[1:] {
		n := min(len(prefix), len(t))
		i := 0
		for i < n && prefix[i] == t[i] {
			i++
		}
		for i > 0 && i < len(prefix) && !utf8.RuneStart(prefix[i]) {
			i--
		}
		prefix = prefix[:i]
	}
	return prefix
}

// commonSuffix is what all texts end with after their first head bytes, in whole
// characters.
func commonSuffix(texts []string, head int) string {
	if len(texts) < 2 {
		return ""
	}
	suffix := texts[0][head:]
	for _, t := range texts[1:] {
		t = t[head:]
		i := 0
		for i < min(len(suffix), len(t)) && suffix[len(suffix)-1-i] == t[len(t)-1-i] {
			i++
		}
		suffix = suffix[len(suffix)-i:]
		for suffix != "" && !utf8.RuneStart(suffix[0]) {
			suffix = suffix[1:]
		}
	}
	return suffix
}

// Names shortens each name to at most n cells. Names that differ stay different
// where n allows it at all.
func Names(names []string, n int) []string {
	out := make([]string, len(names))
	for i, s := range names {
		out[i] = Middle(s, n)
	}
	if distinct(names, out) {
		return out
	}
	if cut := Contrast(names, n); distinct(names, cut) {
		return cut
	}
	for i, s := range names {
		if Width(s) > n {
			out[i] = "…" + end(s, max(n-1, 1))
		}
	}
	return out
}

// distinct reports whether different names are still different.
func distinct(names, cut []string) bool {
	of := map[string]string{}
	for i, s := range cut {
		if name, ok := of[s]; ok && name != names[i] {
			return false
		}
		of[s] = names[i]
	}
	return true
}
