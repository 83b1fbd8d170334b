package value

import (
	"slices"
	"strconv"
	"strings"
)

// Patterns are the texts that one part of a permission speaks of: those that
// fit one of the items, or, with Not, those that fit none. In an item * stands
// for any text and ? for one character.
type Patterns struct {
	Not   bool
	Items []string
}

// One is the pattern of a single item.
func One(item string) Patterns { return Patterns{Items: []string{item}} }

// Except are all texts that fit none of the items, in an order of its own.
func Except(items []string) Patterns {
	sorted := slices.Clone(items)
	slices.Sort(sorted)
	return Patterns{Not: true, Items: slices.Compact(sorted)}
}

// String writes one item as it is and an exception as not(a,b).
func (p Patterns) String() string { return string(p.append(nil)) }

func (p Patterns) append(b []byte) []byte {
	if !p.Not {
		return appendList(b, p.Items)
	}
	return append(appendList(append(b, "not("...), p.Items), ')')
}

// Covers reports whether all texts that q stands for are among those that p
// stands for. It may say no where that takes more than looking at wildcards.
func (p Patterns) Covers(q Patterns) bool {
	switch {
	case !p.Not && slices.Contains(p.Items, "*"):
		return true
	case !p.Not && !q.Not:
		return all(q.Items, func(b string) bool { return slices.ContainsFunc(p.Items, func(a string) bool { return Within(b, a) }) })
	case p.Not && q.Not:
		return all(p.Items, func(a string) bool { return slices.ContainsFunc(q.Items, func(b string) bool { return Within(a, b) }) })
	case p.Not:
		return all(q.Items, func(b string) bool { return !slices.ContainsFunc(p.Items, func(a string) bool { return meet(a, b) }) })
	default:
		return false
	}
}

func all(items []string, holds func(string) bool) bool {
	for _, x := range items {
		if !holds(x) {
			return false
		}
	}
	return len(items) > 0
}

// maxPatternLength bounds the patterns that are compared by their wildcards.
const maxPatternLength = 2048

// Within reports whether every text that fits the narrow pattern fits the wide
// one, by its wildcards alone: a * of the narrow one fits only a * of the wide
// one.
func Within(narrow, wide string) bool {
	if narrow == wide || wide == "*" {
		return true
	}
	if len(narrow) > maxPatternLength || len(wide) > maxPatternLength || !strings.ContainsAny(wide, "*?") {
		return false
	}
	i, j, star, from := 0, 0, -1, 0
	for i < len(narrow) {
		switch {
		case j < len(wide) && wide[j] == '*':
			star, from = j, i
			j++
		case j < len(wide) && (wide[j] == narrow[i] || wide[j] == '?' && narrow[i] != '*'):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = from, star+1
		default:
			return false
		}
	}
	return strings.Trim(wide[j:], "*") == ""
}

// meet reports whether a text can fit both patterns. It says yes where it cannot
// tell.
func meet(a, b string) bool {
	if len(a)*len(b) > maxPatternLength*16 {
		return true
	}
	row := make([]bool, len(b)+1)
	next := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				next[j] = true
			case i < len(a) && a[i] == '*':
				next[j] = row[j] || j < len(b) && next[j+1]
			case j < len(b) && b[j] == '*':
				next[j] = next[j+1] || i < len(a) && row[j]
			case i < len(a) && j < len(b) && (a[i] == b[j] || a[i] == '?' || b[j] == '?'):
				next[j] = row[j+1]
			default:
				next[j] = false
			}
		}
		row, next = next, row
	}
	return row[0]
}

// appendList writes items with commas between them. Those that hold what has
// a meaning in a tuple are quoted.
func appendList(b []byte, items []string) []byte {
	for i, x := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendItem(b, x)
	}
	return b
}

func appendItem(b []byte, x string) []byte {
	if x == "" || strings.ContainsAny(x, " ,()\"\t\n\r\\") {
		return strconv.AppendQuote(b, x)
	}
	return append(b, x...)
}

// tupleReader takes the text of a tuple apart.
type tupleReader struct{ rest string }

// word takes a word off, if it comes next.
func (r *tupleReader) word(w string) bool {
	rest, ok := strings.CutPrefix(r.rest, w)
	if !ok || rest != "" && rest[0] != ' ' {
		return false
	}
	r.rest = strings.TrimPrefix(rest, " ")
	return true
}

// plain takes the next word off, whatever it is.
func (r *tupleReader) plain() string {
	w, rest, _ := strings.Cut(r.rest, " ")
	r.rest = rest
	return w
}

// patterns takes a list of items off, or not(items).
func (r *tupleReader) patterns() (Patterns, bool) {
	rest, not := strings.CutPrefix(r.rest, "not(")
	r.rest = rest
	items, ok := r.list()
	if not && ok {
		if r.rest == "" || r.rest[0] != ')' {
			return Patterns{}, false
		}
		r.rest = r.rest[1:]
	}
	if r.rest != "" && r.rest[0] != ' ' {
		return Patterns{}, false
	}
	r.rest = strings.TrimPrefix(r.rest, " ")
	return Patterns{Not: not, Items: items}, ok
}

// list takes items off up to what cannot be one.
func (r *tupleReader) list() ([]string, bool) {
	var items []string
	for {
		var item string
		if strings.HasPrefix(r.rest, `"`) {
			quoted, err := strconv.QuotedPrefix(r.rest)
			if err != nil {
				return nil, false
			}
			item, _ = strconv.Unquote(quoted)
			r.rest = r.rest[len(quoted):]
		} else {
			end := strings.IndexAny(r.rest, " ,()\"")
			if end < 0 {
				end = len(r.rest)
			}
			if end == 0 {
				return nil, false
			}
			item, r.rest = r.rest[:end], r.rest[end:]
		}
		items = append(items, item)
		if !strings.HasPrefix(r.rest, ",") {
			return items, true
		}
		r.rest = r.rest[1:]
	}
}
