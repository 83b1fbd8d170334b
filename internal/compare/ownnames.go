package compare

import (
	"slices"
	"strings"
)

// ownName is what the user calls a column.
type ownName struct {
	text string
	// quiet is set for a name that binds and never makes a leak: a word that
	// means other things as often, or a part of another column's name.
	quiet bool
}

// nameColumns finds the words of each column: those of its family, and the
// user's own names for the environment and the instance.
func (r *run) nameColumns() {
	for _, c := range r.cols {
		for _, name := range r.namesOf(c) {
			if c.family == "" {
				c.family = r.fusedFamily(name)
			}
		}
	}
	for _, c := range r.cols {
		c.synonym = r.synonymOf(c)
		c.matcher = newMatcher()
		c.matcher.addWords(families[c.family])
		c.matcher.addWords(c.furtherWords())
		for _, name := range r.namesOf(c) {
			if !distinctive(name) && !r.alias(c, name) {
				continue
			}
			own := ownName{text: name, quiet: familyWord(name) || !r.telling(name) || r.overlaps(c, name)}
			c.names = append(c.names, own)
			if !familyWord(name) {
				c.matcher.add(token{text: name, class: environmentClass, word: true, quiet: own.quiet})
			}
		}
	}
}

// namesOf lists the names that the user gives a column.
func (r *run) namesOf(c *column) []string {
	names := []string{c.snap.Column.Environment}
	if c.snap.Column.Instance != "" {
		names = append(names, c.snap.Column.Instance)
	}
	if c.index < len(r.opt.Aliases) {
		names = append(names, r.opt.Aliases[c.index]...)
	}
	for i := range names {
		names[i] = strings.TrimFunc(names[i], func(c rune) bool { return c < 0x80 && !alnum(byte(c)) })
	}
	return names
}

// furtherWords are what stands for a column besides the words of its family:
// those of a synonym, and of all that is not production.
func (c *column) furtherWords() []string {
	switch c.family {
	case "", "production":
		return nil
	case "preprod", "staging":
		if c.family == "preprod" || c.synonym != "" {
			return slices.Concat(families[c.synonym], lowerWords, prefixed)
		}
	}
	return lowerWords
}

// lowerWords name every environment that is not production.
var lowerWords = []string{"nonprod", "non-prod", "non_prod", "nonproduction", "non-production", "non_production"}

// synonymOf is the family whose words stand for a column too, because no other
// column is of it.
func (r *run) synonymOf(c *column) string {
	s := synonyms[c.family]
	for _, other := range r.cols {
		if other.family == s {
			return ""
		}
	}
	return s
}

// alias reports whether parity.yaml gives a column a further name, which then
// need not be distinctive.
func (r *run) alias(c *column, name string) bool {
	return name != "" && c.index < len(r.opt.Aliases) && slices.Contains(r.opt.Aliases[c.index], name)
}

// distinctive reports whether a name can be looked for in values: no number, no
// version, no level, and not so short that it stands everywhere.
func distinctive(name string) bool { return len(name) >= shortestName && nameable(name) }

// familyWord reports whether a name is a built-in word for an environment.
func familyWord(name string) bool { return wordFamily[lower(name)] != "" }

// telling reports whether a name is one that nobody uses for anything else: of
// several segments, with a digit, or with an environment's word in it.
func (r *run) telling(name string) bool {
	return len(segments(name)) > 1 || strings.ContainsAny(name, digits) || r.fusedFamily(name) != ""
}

// overlaps reports whether one of another column's names is a part of a name,
// or the other way round.
func (r *run) overlaps(c *column, name string) bool {
	for _, other := range r.cols {
		for _, theirs := range r.namesOf(other) {
			if other != c && theirs != "" && !strings.EqualFold(name, theirs) &&
				(hasAny(lower(name), []string{lower(theirs)}) || hasAny(lower(theirs), []string{lower(name)})) {
				return true
			}
		}
	}
	return false
}

// fusedFamily finds the family of a name that ends or begins with its word
// without a separator, where another column has the rest of the name with the
// word of another family: idfdev beside idfprod.
func (r *run) fusedFamily(name string) string {
	parts := fused(lower(name))
	for _, rest := range sortedKeys(parts) {
		family := parts[rest]
		for _, c := range r.cols {
			for _, theirs := range r.namesOf(c) {
				if other := fused(lower(theirs))[rest]; other != "" && other != family {
					return family
				}
			}
		}
	}
	return ""
}

// fused maps what is left of a name, without a word at its end or its start, to
// the word's family. What is left has a mark where the word was.
func fused(name string) map[string]string {
	out := map[string]string{}
	for word, family := range wordFamily {
		if rest, ok := strings.CutSuffix(name, word); ok && len(rest) > 1 && alnum(rest[len(rest)-1]) {
			out[rest+string(mark)] = family
		}
		if rest, ok := strings.CutPrefix(name, word); ok && len(rest) > 1 && alnum(rest[0]) {
			out[string(mark)+rest] = family
		}
	}
	return out
}

// spellNames gives both sides of a binder the user's names for the columns, as
// far as the two are told apart by them.
func (r *run) spellNames(b *binder, c *column) {
	differ := func(name string, from *column) bool {
		return !slices.ContainsFunc(from.names, func(o ownName) bool { return strings.EqualFold(o.text, name) })
	}
	for _, side := range []struct {
		own         bool
		from, other *column
	}{{true, c, r.ref}, {false, r.ref, c}} {
		for _, name := range side.from.names {
			known := familyWord(name.text) && c.family != r.ref.family
			if known || !differ(name.text, side.other) {
				continue
			}
			b.spellToken(token{text: name.text, class: environmentClass, word: true, quiet: name.quiet}, side.own)
		}
	}
}
