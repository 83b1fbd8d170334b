package compare

import (
	"strings"

	"github.com/envparity/parity"
)

// countPlace counts the pair of texts for the replacements that explain it
// alone, beside the environments' own words, where it is an address.
func (l *learner) countPlace(e *evidence, own, ref string) {
	if len(l.noted) == 0 || e.ref.DerivedFrom != nil || versionLike(e.ref.Path) {
		return
	}
	address := addressed(e.ref.Path, ref) || addressed(e.own.Path, own)
	if e.ref.Value.Kind == parity.Image {
		address = true
		own, _ = splitImage(own)
		ref, _ = splitImage(ref)
	}
	if !worded(l.b.own, own) || !worded(l.b.ref, ref) || foreignName(own, l.c) || foreignName(ref, l.r.ref) {
		return
	}
	if l.countNames(own, ref) {
		return
	}
	for _, x := range l.noted {
		if address && l.explains(own, ref, x) {
			x.places++
		}
	}
}

// countNames counts the pair of texts for replacements that together explain
// it, where each is joined to the environment's word, and reports whether these do.
func (l *learner) countNames(own, ref string) bool {
	for _, x := range l.noted {
		if !besideWord(l.b.own, own, x.own) || !besideWord(l.b.ref, ref, x.ref) {
			return false
		}
	}
	if !l.explains(own, ref, l.noted...) {
		return false
	}
	for _, x := range l.noted {
		x.places++
	}
	return true
}

// explains reports whether two texts are equal but for replacements and for the
// environments' words beside these.
func (l *learner) explains(own, ref string, all ...*cand) bool {
	for _, x := range all {
		a, b := strings.ReplaceAll(own, x.own, "\x01"), strings.ReplaceAll(ref, x.ref, "\x01")
		if a == own || b == ref {
			return false // one stands in another
		}
		own, ref = a, b
	}
	if !worded(l.b.own, own) || !worded(l.b.ref, ref) {
		return false
	}
	_, ok := l.b.same(own, ref)
	return ok
}

// besideWord reports whether a segment with a digit is joined to the word of the
// matcher's environment: a part of the environment's own name, as in
// roundtable-dev-abe2.
func besideWord(m *matcher, text, segment string) bool {
	if !strings.ContainsAny(segment, digits) {
		return false
	}
	found := false
	m.each(text, func(t token) bool { return t.class != environmentClass }, func(x match) bool {
		after, before := text[x.end:], text[:x.start]
		for _, sep := range [...]string{"-", "_"} {
			found = found || strings.HasPrefix(after, sep+segment) || strings.HasSuffix(before, segment+sep)
		}
		return !found
	})
	return found
}

// worded reports whether a text carries the word of the matcher's environment.
func worded(m *matcher, text string) bool {
	found := false
	m.each(text, func(t token) bool { return t.class != environmentClass }, func(match) bool { found = true; return false })
	return found
}
