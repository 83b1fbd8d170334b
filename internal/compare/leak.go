package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// judgeShared looks at a value that is the same on both sides though it
// carries one environment's spelling. It is a leak only where environments have
// their own at that position; otherwise it is shared.
func (r *run) judgeShared(n, col int, own, ref *parity.Fact) (ruling, bool) {
	if !binds(own) || !short(own.Value.Raw) {
		return ruling{}, false
	}
	text := own.Value.Raw
	b, c := r.binders[col], r.cols[col]
	t, owner, ok := r.owner(c, text)
	if !ok {
		if x, ok := r.judgeAddress(n, col, own, ref); ok {
			return x, true
		}
		if !b.any.finds(text) {
			return ruling{}, false
		}
		return r.judgeStranger(n, col, own, ref)
	}
	holder, whose := c, r.ref
	if owner == ownSide {
		holder, whose = r.ref, c
	}
	if own.Value.Kind != parity.Image && r.accuses(c, t) && addressed(ref.Path, text) && (!t.word || r.ourHost(text)) {
		why := r.othersHaveTheirs(n, col, ref.Path)
		if why == "" && includes(ref.Path) && t.class == environmentClass && namesFile(text, t.text) {
			why = "in what it includes"
		}
		if why != "" {
			return ruling{
				class: parity.Leak, change: parity.AddressChange,
				note:     holder.name + " has " + whose.name + "'s " + quote(t.text) + ", " + why,
				bindings: b.cite(nil, t.class),
			}, true
		}
	}
	if owner == refSide && b.common(t) {
		return ruling{}, false
	}
	r.found.share(r.rows[n].aligned.Key, t.text, whose.name, text, ref.Path)
	return ruling{class: parity.Shared, bindings: b.cite(nil, t.class)}, true
}

// judgeStranger looks at a value that is the same on both sides though it
// carries a third environment's word: a leak where other subjects have their own.
func (r *run) judgeStranger(n, col int, own, ref *parity.Fact) (ruling, bool) {
	text, c := own.Value.Raw, r.cols[col]
	if own.Value.Kind == parity.Image || !r.apart(col, r.ref.index) || !addressed(ref.Path, text) {
		return ruling{}, false
	}
	s, word := r.strangerIn(text, c, r.ref)
	if s == nil || !r.boundElsewhere(n, col, ref.Path) || !r.ourHost(text) {
		return ruling{}, false
	}
	return ruling{
		class: parity.Leak, change: parity.AddressChange,
		note: c.name + " and " + r.ref.name + " have " + s.name + "'s " + quote(word) + ", " + othersHaveTheirs,
	}, true
}

// othersHaveTheirs says why each environment ought to have its own value at a
// place: other subjects have, or another environment has at this very place.
// Empty where nothing says so.
func (r *run) othersHaveTheirs(n, col int, path string) string {
	if r.boundElsewhere(n, col, path) {
		return othersHaveTheirs
	}
	if c := r.boundBeside(n, col, path); c != nil {
		return "where " + c.name + " has its own"
	}
	return ""
}

// boundBeside finds a column of another environment that has its own value for
// a fact of the reference, bound to the reference's.
func (r *run) boundBeside(n, col int, path string) *column {
	for _, i := range r.found.places[place{n, path}] {
		if i != col && r.apart(i, col) && r.apart(i, r.ref.index) {
			return r.cols[i]
		}
	}
	return nil
}

// accuses reports whether a spelling can say that a value is another
// environment's: it is none of those that mean other things too, it was seen to
// bind, and the two are different environments.
func (r *run) accuses(c *column, t token) bool {
	b := r.binders[c.index]
	x := b.roles[t.class]
	if !b.speaks(t) {
		return false
	}
	return r.apart(c.index, r.ref.index) || t.class != environmentClass && !r.sameWord(c, t, x)
}

// speaks reports whether a spelling says whose a value is: it is no word that
// means other things too, and what is learned was seen to bind.
func (b *binder) speaks(t token) bool {
	x := b.roles[t.class]
	return !t.quiet && (t.class == environmentClass || x.origin == "declared" || x.pairs > 0)
}

// sameWord reports whether a learned spelling differs from the other side's by
// words of one family alone: prd and prod are no two environments.
func (r *run) sameWord(c *column, t token, x *role) bool {
	m := r.familyMatchers[c.family]
	plain, used := m.abstract(t.text, nil)
	if used == nil {
		return false
	}
	for _, other := range slices.Concat(x.own, x.ref) {
		if got, _ := m.abstract(other, nil); other != t.text && got == plain {
			return true
		}
	}
	return false
}

// common reports whether a domain of the reference is the parent of the column's
// own (example.com of staging.example.com): what stands below it need not be
// the reference's.
func (b *binder) common(t token) bool {
	if !t.domain {
		return false
	}
	for _, own := range b.roles[t.class].own {
		if strings.HasSuffix(own, "."+t.text) {
			return true
		}
	}
	return false
}

// side is whose spelling a token is.
type side uint8

const (
	ownSide side = iota
	refSide
)

// owner finds the spelling that a text carries: the reference's where it is no
// part of one of the column's own, else the column's; one that can accuse before
// one that cannot.
func (r *run) owner(c *column, text string) (t token, s side, ok bool) {
	b := r.binders[c.index]
	if !b.any.finds(text) {
		return t, s, false
	}
	if t, s, ok = b.ownerBut(text, func(t token) bool { return !r.accuses(c, t) }); ok {
		return t, s, true
	}
	return b.ownerBut(text, func(t token) bool { return !b.speaks(t) })
}

func (b *binder) ownerBut(text string, skip func(token) bool) (t token, s side, ok bool) {
	b.own.accuse(text, skip, func(x match) bool { t, ok = x.token, true; return false })
	rest := text
	if ok {
		rest, _ = b.own.abstract(text, skip)
	}
	b.ref.accuse(rest, skip, func(x match) bool { t, s, ok = x.token, refSide, true; return false })
	return t, s, ok
}

// boundElsewhere reports whether values at the end of this path are bound in
// enough other subjects, and in more of them than carry one spelling on both
// sides: what most share is shared by design.
func (r *run) boundElsewhere(n, col int, path string) bool {
	k := positionKey{col, r.tail(col, path)}
	others := besides(r.found.positions[k], n)
	return others >= r.opt.MinSupport && others > len(r.found.unbound[k])
}

// besides counts the rows other than n.
func besides(rows map[int]bool, n int) int {
	if rows[n] {
		return len(rows) - 1
	}
	return len(rows)
}

// tail is the name at the end of a path, without the reference's spellings.
func (r *run) tail(col int, path string) string {
	t := value.Tail(path)
	if b := r.binders[col]; b != nil {
		t, _ = b.ref.abstract(t, nil)
	}
	return t
}

// judgeBound looks at two texts that are the same but for spellings: bound,
// unless a spelling of the reference's is left in the column's, at a position
// where other subjects have their own.
func (r *run) judgeBound(n, col int, own, ref *parity.Fact, used []class, extra parity.RuleSet) ruling {
	text := r.text(own)
	if t, ok := r.leftover(col, text); ok && addressed(ref.Path, text) && r.boundElsewhere(n, col, ref.Path) {
		return ruling{
			class: parity.Leak, change: parity.AddressChange,
			note:     r.cols[col].name + " has " + r.ref.name + "'s " + quote(t.text) + ", where other subjects have their own",
			bindings: r.binders[col].cite(nil, append(used, t.class)...),
		}
	}
	return r.bound(n, col, ref.Path, used, extra)
}

// leftover finds a learned or declared spelling of the reference in a text of
// the column, outside the column's own spellings.
func (r *run) leftover(col int, text string) (t token, ok bool) {
	b := r.binders[col]
	if len(b.roles) < 2 || !short(text) {
		return token{}, false
	}
	rest, _ := b.own.abstract(text, nil)
	b.ref.each(rest, nil, func(x match) bool {
		if x.token.class != environmentClass && !b.common(x.token) && r.accuses(r.cols[col], x.token) {
			t, ok = x.token, true
		}
		return !ok
	})
	return t, ok
}

// judgeMixed looks at two texts that are the same but for spellings, once a
// spelling of the reference that stands in both is left alone: an ARN with
// production's account on both sides and the rest bound.
func (r *run) judgeMixed(n, col int, own, ref *parity.Fact) (ruling, bool) {
	a, b := r.text(own), r.text(ref)
	m := r.binders[col]
	if !short(a) {
		return ruling{}, false
	}
	var kept []string
	var left []class
	rest, _ := m.own.abstract(a, nil)
	_, stands := m.ref.abstract(rest, nil)
	skipRef := func(t token) bool {
		if t.class == environmentClass || !slices.Contains(stands, t.class) || !strings.Contains(rest, t.text) {
			return false
		}
		kept, left = append(kept, t.text), append(left, t.class)
		return true
	}
	used, ok := m.sameBut(a, b, nil, skipRef)
	if !ok || len(kept) == 0 {
		return ruling{}, false
	}
	if r.boundElsewhere(n, col, ref.Path) && addressed(ref.Path, a) {
		return ruling{
			class: parity.Leak, change: parity.AddressChange,
			note:     r.cols[col].name + " has " + r.ref.name + "'s " + quote(kept[0]) + ", where other subjects have their own",
			bindings: m.cite(nil, append(used, left...)...),
		}, true
	}
	r.found.share(r.rows[n].aligned.Key, kept[0], r.ref.name, a, ref.Path)
	return r.bound(n, col, ref.Path, used, 0), true
}

// maxAddressLength bounds the texts that can be an address.
const maxAddressLength = 512

// short reports whether a text can be one value rather than a document.
func short(s string) bool { return len(s) <= maxAddressLength && !strings.Contains(s, "\n") }

// judgeLeak looks at two texts that differ: a leak where one side's is what
// another environment would have there, in an address, account, project or
// identity, or as the name of something that holds data; else no ruling.
func (r *run) judgeLeak(n, col int, own, ref *parity.Fact) (ruling, bool) {
	a, b, c := r.text(own), r.text(ref), r.cols[col]
	if !short(a) || !short(b) || !addressed(ref.Path, a) && !addressed(ref.Path, b) && !tailHas(ref.Path, storeWords) {
		return ruling{}, false
	}
	x := ruling{class: parity.Leak, change: parity.AddressChange}
	if s, text, ok := r.foreignWord(n, c, a, b, ref.Path); ok {
		x.note = c.name + " has " + s.name + "'s " + quote(text)
		x.bindings = r.binders[col].cite(nil, environmentClass)
		return x, true
	}
	if s, text, ok := r.strayWord(c, a, b, ref.Path); ok {
		x.note = r.ref.name + " has " + s.name + "'s " + quote(text)
		x.bindings = r.binders[col].cite(nil, environmentClass)
		return x, true
	}
	if t, ok := r.foreignSpelling(n, c, a, b, ref.Path); ok {
		x.note = c.name + " has " + r.ref.name + "'s " + quote(t.text)
		x.bindings = r.binders[col].cite(nil, t.class)
		return x, true
	}
	return ruling{}, false
}

// foreignSpelling finds a learned or declared spelling of the reference in the
// column's text that is not at the same place in the reference's. Among
// instances of one environment other subjects must have their own there.
func (r *run) foreignSpelling(n int, c *column, own, ref, path string) (t token, ok bool) {
	b := r.binders[c.index]
	own, _ = b.own.abstract(own, nil)
	skip := func(t token) bool { return t.class == environmentClass || !r.accuses(c, t) }
	b.ref.accuse(own, skip, func(x match) bool {
		if !b.common(x.token) && !hasAny(ref, []string{x.token.text}) {
			t, ok = x.token, true
		}
		return !ok
	})
	return t, ok && (r.apart(c.index, r.ref.index) || r.boundElsewhere(n, c.index, path))
}

func quote(s string) string { return "'" + s + "'" }
