package compare

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// stranger is an environment that a text may name though it belongs to another
// one: a family of built-in words, or a column with the user's names for it.
type stranger struct {
	name   string // for people
	family string // empty for a column
	m      *matcher
	of     []bool // the columns that it stands for
}

// findStrangers lists the families, in order, and then the columns that have
// names of their own.
func (r *run) findStrangers() []*stranger {
	var all []*stranger
	for _, family := range sortedKeys(families) {
		s := &stranger{name: family, family: family, m: r.familyMatchers[family], of: make([]bool, len(r.cols))}
		for i := len(r.cols) - 1; i >= 0; i-- {
			c := r.cols[i]
			if s.of[i] = c.family == family || c.synonym == family; c.family == family {
				s.name = c.snap.Column.Environment
			}
		}
		all = append(all, s)
	}
	for _, c := range r.cols {
		s := &stranger{name: c.name, m: newMatcher(), of: make([]bool, len(r.cols))}
		s.of[c.index] = true
		for _, name := range c.names {
			if !name.quiet {
				s.m.add(token{text: name.text, class: environmentClass, word: true})
			}
		}
		if s.m.count > 0 {
			all = append(all, s)
		}
	}
	return all
}

// compared reports whether a column is the stranger's.
func (s *stranger) compared() bool {
	for _, is := range s.of {
		if is {
			return true
		}
	}
	return false
}

// strong reports whether the stranger's words mean an environment wherever they
// stand: a column's name, a column's family, or a word with no other meaning.
func (s *stranger) strong() bool { return s.compared() || s.family != "" && !weakFamilies[s.family] }

// accuse is each without what says nothing of whose a text is: top level domains,
// and domains below which a template puts a name.
func (m *matcher) accuse(text string, skip func(token) bool, f func(match) bool) {
	m.each(text, skip, func(x match) bool { return topLevel(text, x) || belowTemplate(text, x) || f(x) })
}

// belowTemplate reports whether a domain follows a label that a template fills in:
// the host may be any environment's, as in web.{{ .Values.environment }}.example.com.
func belowTemplate(s string, x match) bool {
	return strings.IndexByte(x.token.text, '.') > 0 && x.start > 1 && s[x.start-1] == '.' && strings.IndexByte("})>", s[x.start-2]) >= 0
}

// topLevel reports whether a word is the end of a host under which others
// register: operator.tekton.dev is nobody's development.
func topLevel(s string, x match) bool {
	if !x.token.word || x.start == 0 || s[x.start-1] != '.' || x.end < len(s) && (s[x.end] == '-' || s[x.end] == '.' || s[x.end] == '_') {
		return false
	}
	switch lower(s[x.start:x.end]) {
	case "dev", "int", "test":
		return true
	}
	return false
}

// names finds the stranger's word in a text.
func (s *stranger) names(text string) (word string, ok bool) {
	s.m.accuse(text, nil, func(x match) bool { word, ok = text[x.start:x.end], true; return false })
	return word, ok
}

// strangerIn finds an environment that a text names though it is neither of the
// two columns. A text that carries a word of one of them names no stranger.
func (r *run) strangerIn(text string, a, b *column) (s *stranger, word string) {
	if !r.anyWord.finds(text) {
		return nil, ""
	}
	if a.matcher.finds(text) || b.matcher.finds(text) {
		return nil, ""
	}
	for _, x := range r.strangers {
		if x.of[a.index] || x.of[b.index] || !x.strong() {
			continue
		}
		if w, ok := x.names(text); ok {
			return x, w
		}
	}
	return nil, ""
}

// ourHost reports whether the hosts in a text are of domains that environments
// of this comparison have hosts of their own in: a vendor's staging host says
// nothing. A text without a host is one's own.
func (r *run) ourHost(text string) bool {
	for _, a := range atoms(text) {
		if d, ok := registered(a.text); ok && len(r.ourDomains()[d]) == 0 {
			return false
		}
	}
	return true
}

// ownHost reports whether the hosts in a text are of domains in which the column
// has hosts of its own.
func (r *run) ownHost(c *column, text string) bool {
	found := false
	for _, a := range atoms(text) {
		if d, ok := registered(a.text); ok {
			if !r.ourDomains()[d][c.index] {
				return false
			}
			found = true
		}
	}
	return found
}

// registered is the domain of a host that someone registered.
func registered(atom string) (string, bool) {
	if !host(atom) || strings.HasSuffix(atom, ".local") || strings.HasSuffix(atom, ".internal") {
		return "", false
	}
	suffix, listed := publicsuffix.PublicSuffix(atom)
	if !listed && !strings.Contains(suffix, ".") {
		return "", false // values-prod.yaml, or a name that only one's own network knows
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(atom)
	return d, err == nil
}

// ourDomains are the domains of the hosts that are bound between a column and
// the reference, with those columns.
func (r *run) ourDomains() map[string]map[int]bool {
	if r.domains != nil {
		return r.domains
	}
	r.domains = map[string]map[int]bool{}
	for _, e := range r.pairs {
		own, ref := r.text(e.own), r.text(e.ref)
		if _, ok := r.binders[e.col].same(own, ref); !ok {
			continue
		}
		for _, a := range append(atoms(own), atoms(ref)...) {
			if d, ok := registered(a.text); ok {
				if r.domains[d] == nil {
					r.domains[d] = map[int]bool{}
				}
				r.domains[d][e.col] = true
			}
		}
	}
	return r.domains
}
