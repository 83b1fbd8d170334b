package compare

import (
	"strings"

	"github.com/envparity/parity/internal/envname"
	"github.com/envparity/parity/internal/value"
)

// shortestName is the least length of an environment's own name that is looked
// for in other names.
const shortestName = 3

// named reports whether what holder calls a secret carries owner's word, and
// not holder's: one with both words is for both.
func (r *run) named(h *sameSecret, holder, owner *column) bool {
	s, path := h.subject(r, holder), h.own.Path
	if holder == h.owner {
		path = h.theirs.Path
	}
	texts := []string{s.Scope, s.Name, value.Tail(path), path}
	return r.carries(texts, owner, holder) && !r.carries(texts, holder, owner)
}

// carries reports whether one of a secret's names has a word of the column's
// environment that is none of the other's. A name that only the user gives to
// an environment may be a word of any path, and counts in the first three
// texts only.
func (r *run) carries(texts []string, c, other *column) bool {
	if c.family != "" && c.family != other.family && !weakFamilies[c.family] {
		for _, text := range texts {
			if has(r.familyMatchers[c.family], text) {
				return true
			}
		}
	}
	name := c.snap.Column.Environment
	if len(name) < shortestName || weakFamilies[c.family] || strings.EqualFold(name, other.snap.Column.Environment) {
		return false
	}
	m := newMatcher()
	m.add(token{text: name, word: true})
	for _, text := range texts[:3] {
		if has(m, text) {
			return true
		}
	}
	return false
}

// weakFamilies are those whose words mean other things as often.
var weakFamilies = func() map[string]bool {
	weak := map[string]bool{}
	for _, f := range envname.Families() {
		weak[f.Name] = f.Weak
	}
	return weak
}()

func has(m *matcher, text string) bool {
	found := false
	m.each(segmented(text), nil, func(match) bool { found = true; return false })
	return found
}

// segmented puts a separator where a word begins with a capital letter.
func segmented(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && s[i] >= 'A' && s[i] <= 'Z' && s[i-1] >= 'a' && s[i-1] <= 'z' {
			b.WriteByte('_')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
