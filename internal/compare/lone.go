package compare

import (
	"github.com/envparity/parity"
)

// loneLeak looks at a fact of an object that has no counterpart: a leak where it
// carries another environment's spelling, and not its own, in an address at
// which other subjects have their own.
func (r *run) loneLeak(c *column, f *parity.Fact) (note string, ok bool) {
	if r.opt.OneEnvironment || f.Value.Kind == parity.Image || hidden(f) || !binds(f) {
		return "", false
	}
	text := r.text(f)
	if !short(text) || !addressed(f.Path, text) {
		return "", false
	}
	for _, k := range r.cols {
		// The two environments of one of which the fact is.
		if k == r.ref || k.environment() == r.ref.environment() || c.environment() != k.environment() && c.environment() != r.ref.environment() {
			continue
		}
		if !r.boundElsewhere(-1, k.index, f.Path) {
			continue
		}
		whose, text := r.carried(c, k, text)
		if whose != "" {
			return c.name + " has " + whose + "'s " + quote(text) + ", where other subjects have their own", true
		}
	}
	return "", false
}

func (c *column) environment() string { return c.snap.Column.Environment }

// carried finds a spelling of the other one of two environments in a text of a
// column: of the reference's in one of k's, or of k's in one of the reference's.
func (r *run) carried(c, k *column, text string) (whose, spelling string) {
	b, other := r.binders[k.index], r.ref
	own, theirs := b.own, b.ref
	if c.environment() == r.ref.environment() {
		own, theirs, other = b.ref, b.own, k
	}
	rest, words := own.abstract(text, nil)
	theirs.each(rest, nil, func(x match) bool {
		switch {
		case x.token.class != environmentClass:
			if b.common(x.token) {
				return true
			}
		case len(words) > 0 || !x.token.word || c.family == "":
			return true // both environments' words, or an empty spelling
		}
		whose, spelling = other.environment(), rest[x.start:x.end]
		return false
	})
	return whose, spelling
}
