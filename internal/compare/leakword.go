package compare

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// foreignWord reports whether the column's text would be bound, were it that of
// another environment: gov-uk-chat-integration for staging, against
// gov-uk-chat-production; or, where environments have their own at that
// position, db.qa.example.com against db.example.com.
func (r *run) foreignWord(n int, c *column, own, ref, path string) (s *stranger, text string, ok bool) {
	expected, used := r.binders[c.index].ref.abstract(ref, func(t token) bool { return !t.word })
	for _, s := range r.strangers {
		if s.of[c.index] || s.of[r.ref.index] && !r.apart(c.index, r.ref.index) {
			continue
		}
		got, words := s.m.abstract(own, nil)
		if words == nil {
			continue
		}
		if got != expected {
			short, removed := collapse(got)
			if used != nil || removed == 0 || short != expected || !r.inserted(n, c, s, own, path) {
				continue
			}
		}
		if text, ok = s.names(own); ok && !s.is(r.rows[n].aligned.Sides[c.index]) {
			return s, text, true
		}
	}
	return nil, "", false
}

// is reports whether a subject says that its own environment is the stranger,
// which no column is: another name for the environment of its column.
func (s *stranger) is(own *parity.SubjectFacts) bool {
	if own == nil || s.compared() {
		return false
	}
	for i := range own.Facts {
		f := &own.Facts[i]
		if saysEnvironment(value.Tail(f.Path)) && wordFamily[lower(f.Value.Raw)] == s.family {
			return true
		}
	}
	return false
}

// saysEnvironment reports whether a setting of this name says which environment
// it is in. NODE_ENV and its like say how a program is built.
func saysEnvironment(name string) bool {
	switch strings.NewReplacer("_", "", "-", "", ".", "").Replace(lower(name)) {
	case "environment", "env", "environmentname", "envname", "stage":
		return true
	}
	return false
}

// inserted reports whether a stranger's word that stands in the column's text
// and not in the reference's says whose the text is: environments have their own
// at that position, besides the stranger itself, or the word is that of an
// environment which is compared, in a host of a domain in which the column has its own.
func (r *run) inserted(n int, c *column, s *stranger, own, path string) bool {
	if r.boundElsewhere(n, c.index, path) {
		return true
	}
	for _, i := range r.found.places[place{n, path}] {
		if i != c.index && !s.of[i] && r.apart(i, c.index) && r.apart(i, r.ref.index) {
			return true // a third environment has its own here
		}
	}
	return s.compared() && r.ownHost(c, own)
}

// strayWord reports whether the reference's text carries another environment's
// word where the column has the same text with its own word or with none, or
// where it is the name of something that holds data.
func (r *run) strayWord(c *column, own, ref, path string) (s *stranger, text string, ok bool) {
	if r.ref.family != "production" || c.family == r.ref.family {
		return nil, "", false
	}
	if r.ref.matcher.finds(ref) {
		return nil, "", false
	}
	expected, used := r.binders[c.index].own.abstract(own, func(t token) bool { return !t.word })
	bare, _ := collapse(expected)
	for _, s := range r.strangers {
		if s.of[r.ref.index] || s.family == "canary" {
			continue
		}
		if word, ok := s.fusedLabel(own, ref); ok {
			return s, word, true
		}
		word, ok := s.names(ref)
		if !ok {
			continue
		}
		got, _ := s.m.abstract(ref, nil)
		short, removed := collapse(got)
		switch {
		case got == expected && used != nil, removed > 0 && short == bare && (used != nil || isHost(ref) || tailHas(path, storeWords)):
			return s, word, true
		case s.compared() && s.strong() && tailHas(path, storeWords) && plainName(ref) && plainName(own) && atEnd(ref, word):
			return s, word, true
		}
	}
	return nil, "", false
}

// fusedLabel finds a label of the reference's host that is the column's with the
// stranger's word before or after it: testapi against api.
func (s *stranger) fusedLabel(own, ref string) (word string, ok bool) {
	a, b := atoms(own), atoms(ref)
	if s.family == "" || len(a) != len(b) {
		return "", false
	}
	at := -1
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if at >= 0 || a[i].before != b[i].before {
			return "", false
		}
		at = i
	}
	if at < 0 || !host(a[at].text) || !host(b[at].text) {
		return "", false
	}
	label, rest, _ := strings.Cut(a[at].text, ".")
	longer, theirs, _ := strings.Cut(b[at].text, ".")
	if rest != theirs || len(longer) <= len(label) {
		return "", false
	}
	word = longer
	if cut, ok := strings.CutSuffix(longer, label); ok {
		word = cut
	} else if cut, ok := strings.CutPrefix(longer, label); ok {
		word = cut
	}
	return longer, word != longer && wordFamily[lower(word)] == s.family
}

// isHost reports whether a text is a host or has one.
func isHost(text string) bool {
	for _, a := range atoms(text) {
		if host(a.text) {
			return true
		}
	}
	return false
}

// plainName reports whether a text is one name: no path, no host, no sentence.
func plainName(s string) bool {
	all := atoms(s)
	return len(all) == 1 && all[0].text == s && !strings.Contains(s, ".") && len(segments(s)) > 1
}

// atEnd reports whether a word is the first or the last segment of a name.
func atEnd(name, word string) bool {
	return strings.HasPrefix(name, word) || strings.HasSuffix(name, word)
}
