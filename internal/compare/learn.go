package compare

import (
	"context"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// evidence is a pair of aligned facts that are spelled differently.
type evidence struct {
	row, col int
	own, ref *parity.Fact
}

// learn finds the bindings: the declared ones, the environments' words, and
// replacements that are consistent among the aligned values that differ.
func (r *run) learn(ctx context.Context) error {
	for _, c := range r.cols {
		r.binders = append(r.binders, r.known(c))
	}
	if err := r.gather(ctx); err != nil {
		return err
	}
	if !r.opt.Frozen {
		for _, c := range r.cols {
			if c != r.ref {
				newLearner(r, c).learn()
			}
		}
	}
	r.recordPositions()
	return ctx.Err()
}

// known makes the binder of a column with what needs no learning.
func (r *run) known(c *column) *binder {
	if c == r.ref {
		return nil
	}
	b := &binder{own: newMatcher(), ref: newMatcher()}
	words := b.addRole(&role{id: "environment", name: "environment", origin: "known"})
	if c.family != r.ref.family {
		b.spell(words, true, families[c.family], true)
		b.spell(words, false, families[r.ref.family], true)
		b.own.addFurther(c.furtherWords())
		b.ref.addFurther(r.ref.furtherWords())
	}
	r.spellNames(b, c)
	for _, d := range r.opt.Declared {
		r.declare(b, c, d)
	}
	return b
}

// declare adds a binding of parity.yaml to a column's binder. An environment
// that it does not name is not bound by it. Spellings of which one is a name of
// the environment already, or is empty, are further names of the environment.
func (r *run) declare(b *binder, c *column, d parity.Binding) {
	var own, ref []string
	empty := false
	for _, s := range d.Spellings {
		of := []string{s.Column}
		theirs := contains(of, r.ref.name) || contains(of, r.ref.snap.Column.Environment)
		if !theirs && !contains(of, c.name) && !contains(of, c.snap.Column.Environment) {
			continue
		}
		text := strings.TrimFunc(s.Text, separates)
		switch {
		case text == "":
			empty = true
		case theirs:
			ref = append(ref, text)
		default:
			own = append(own, text)
		}
	}
	if len(own) == 0 && len(ref) == 0 || !empty && (len(own) == 0 || len(ref) == 0) {
		return
	}
	x := &role{id: d.ID, name: d.Role, origin: d.Origin}
	if empty || b.own.hasAny(own) || b.ref.hasAny(ref) {
		x.names = true
	}
	k := b.addRole(x)
	if !x.names {
		b.spell(k, true, own, false)
		b.spell(k, false, ref, false)
		return
	}
	x.own, x.ref = own, ref
	b.spell(environmentClass, true, own, true)
	b.spell(environmentClass, false, ref, true)
}

// countPairs counts a pair of values that is bound for the roles that bind it:
// those with which it is equal without the environments' words too.
func (b *binder) countPairs(own, ref string, used []class) {
	if len(b.roles) > 1 {
		if all, ok := b.sameBut(own, ref, nil, nil); ok {
			used = all
		}
	}
	for _, k := range used {
		b.roles[k].pairs++
	}
	words := b.roles[environmentClass]
	words.own = b.own.listFurther(words.own, own)
	words.ref = b.ref.listFurther(words.ref, ref)
}

// addFurther adds words that are listed as spellings only once they bind.
func (m *matcher) addFurther(words []string) {
	for _, w := range words {
		m.add(token{text: w, class: environmentClass, word: true, further: true})
	}
}

// listFurther appends the further words of a text that are not listed yet.
func (m *matcher) listFurther(listed []string, text string) []string {
	m.each(text, nil, func(x match) bool {
		if x.token.further && !contains(listed, x.token.text) {
			listed = append(listed, x.token.text)
		}
		return true
	})
	return listed
}

// countNames counts a pair of values that is bound for the declared names of the
// environment that it carries.
func (b *binder) countNames(own, ref string) {
	for _, x := range b.roles {
		if x.names && (hasAny(lower(own), lowerAll(x.own)) || hasAny(lower(ref), lowerAll(x.ref))) {
			x.pairs++
			x.facts++
		}
	}
}

func lowerAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = lower(s)
	}
	return out
}

// separates reports whether a byte at the end of a declared spelling only joins
// it to what stands beside it: -dev is dev as a whole segment.
func separates(c rune) bool { return c < 0x80 && joins(byte(c)) }

// hasAny reports whether one of the texts is a spelling of the environment's
// name.
func (m *matcher) hasAny(texts []string) bool {
	for _, text := range texts {
		for _, t := range m.byFirst[lower(text[:segmentEnd(text, 0)])] {
			if t.class == environmentClass && strings.EqualFold(t.text, text) {
				return true
			}
		}
	}
	return false
}

func (b *binder) addRole(x *role) class {
	x.support = map[int]bool{}
	b.roles = append(b.roles, x)
	return class(len(b.roles) - 1)
}

// spell adds spellings of a role to one side.
func (b *binder) spell(k class, own bool, texts []string, words bool) {
	for _, t := range texts {
		x := token{text: t, class: k, word: words}
		if b.roles[k].name == "domain" {
			x = domainToken(t, k)
		}
		b.spellToken(x, own)
	}
}

// spellToken adds a spelling to one side.
func (b *binder) spellToken(x token, own bool) {
	if own {
		b.own.add(x)
		b.roles[x.class].own = append(b.roles[x.class].own, x.text)
		return
	}
	b.ref.add(x)
	b.roles[x.class].ref = append(b.roles[x.class].ref, x.text)
}

// gather collects the aligned facts that are spelled differently.
func (r *run) gather(ctx context.Context) error {
	for _, c := range r.cols {
		if c == r.ref {
			continue
		}
		l := &linker{off: r.opt.Off, kinds: r.opt.Kinds, b: r.binders[c.index]}
		for n, w := range r.rows {
			if n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			own, ref := w.aligned.Sides[c.index], w.aligned.Sides[r.ref.index]
			if own == nil || ref == nil {
				continue
			}
			if spelledAlike(own.Facts, ref.Facts) {
				w.markAlike(c.index, len(r.cols))
				continue
			}
			if w.aligned.Alignment.Confidence < sure {
				continue
			}
			l.link(own, ref, false)
			for j, i := range l.toOwn {
				if i < 0 {
					continue
				}
				a, b := &own.Facts[i], &ref.Facts[j]
				if l.rules[j]&parity.SetOf(parity.PolicyTuples, parity.NetworkTuples) != 0 {
					continue // a tuple that differs is no other name for the same
				}
				if a.Value.Kind == parity.Secret || a.Rules.Has(parity.SecretForm) {
					r.noteSecret(n, c.index, a, b)
				}
				if a.Value.Raw != b.Value.Raw && binds(a) && binds(b) && teaches(r.text(a), r.text(b)) {
					r.pairs = append(r.pairs, &evidence{n, c.index, a, b})
				}
			}
		}
	}
	return nil
}

// spelledAlike reports whether two subjects have the same paths with the same
// spellings, which teach nothing.
func spelledAlike(own, ref []parity.Fact) bool {
	if len(own) != len(ref) {
		return false
	}
	for i := range own {
		a, b := &own[i], &ref[i]
		if a.Path != b.Path || a.Value.Raw != b.Value.Raw || a.Value.Kind == parity.Secret || b.Value.Kind == parity.Secret || (a.Rules | b.Rules).Has(parity.SecretForm) {
			return false
		}
	}
	return true
}

// teaches reports whether two texts say how environments spell a thing: the
// digests of secrets in them say nothing.
func teaches(a, b string) bool {
	return a != b && !strings.Contains(a, maskOpen) && !strings.Contains(b, maskOpen)
}

// sure is the least confidence of an alignment that teaches anything, or
// fails a gate.
const sure = 0.8

// sizeWords end the keys of sizes that have a name.
var sizeWords = []string{"type", "class", "size", "tier", "sku", "shape", "flavor", "plan", "edition"}

// namesSize reports whether a path ends in a key of the name of a size, such as a
// machine's type: it is no environment's name for a thing.
func namesSize(path string) bool {
	key := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	return slices.ContainsFunc(sizeWords, func(word string) bool { return strings.HasSuffix(key, word) })
}

// binds reports whether a value can hold an environment's spelling or be its
// identifier: numbers with units, booleans, versions and schedules never do.
func binds(f *parity.Fact) bool {
	switch f.Value.Kind {
	case parity.Text, parity.URL, parity.Image, parity.Identifier, parity.List, parity.Set, parity.Tuple, parity.Reference:
		if f.Surface == parity.Resource && namesSize(f.Path) {
			return false
		}
		return f.Rules.Effects(parity.Ignores) == 0
	case parity.Number:
		return len(f.Value.Raw) == accountDigits || longNumber(f)
	}
	return false
}

// accountDigits is the length of an account number; a shorter number never
// binds.
const accountDigits = 12

// minNumber is the least number of digits of an identifier that is drawn anew
// for each environment; a shorter one may be chosen, as ports and users' ids are.
const minNumber = 6

// longNumber reports whether a fact is an identifier of digits alone that each
// environment can have its own of.
func longNumber(f *parity.Fact) bool { return len(f.Value.Raw) >= minNumber && numbered(f) }

// positionKey is a place at which values are bound, whatever the subject.
type positionKey struct {
	col  int
	tail string
}

// recordPositions notes, by the end of the path, in which subjects a value is
// bound, for telling a leak from a shared value.
func (r *run) recordPositions() {
	for _, e := range r.pairs {
		b := r.binders[e.col]
		if used, ok := b.same(r.text(e.own), r.text(e.ref)); ok {
			r.found.bindPosition(positionKey{e.col, r.tail(e.col, e.ref.Path)}, e.row)
			b.countPairs(r.text(e.own), r.text(e.ref), used)
			b.countNames(r.text(e.own), r.text(e.ref))
			if k := (place{e.row, e.ref.Path}); len(r.cols) > 2 {
				r.found.places[k] = append(r.found.places[k], e.col)
			}
		} else {
			r.bookIdentifiers(e)
			r.noteAddress(e)
		}
	}
	for _, c := range r.cols {
		if c != r.ref {
			b := r.binders[c.index]
			b.any = newMatcher()
			b.any.addAll(r.anyWord, b.own, b.ref)
			r.recordShared(c)
		}
	}
}

// recordShared notes, at the positions that are bound somewhere, the subjects
// that have one environment's spelling on both sides.
func (r *run) recordShared(c *column) {
	bound := false
	for k := range r.found.positions {
		bound = bound || k.col == c.index
	}
	if !bound {
		return
	}
	r.eachPair(c, func(n int, own, ref *parity.Fact) {
		if own.Value.Raw != ref.Value.Raw || !short(own.Value.Raw) {
			return
		}
		if _, _, ok := r.owner(c, own.Value.Raw); !ok {
			return
		}
		k := positionKey{c.index, r.tail(c.index, ref.Path)}
		if r.found.positions[k] != nil {
			addPosition(r.found.unbound, k, n)
		}
	})
}

// bookIdentifiers notes which identifier stands for which.
func (r *run) bookIdentifiers(e *evidence) {
	own, ref, ok := r.skeletons(e.col, e.own, e.ref)
	if !ok {
		return
	}
	for i := range own {
		if own[i].text != ref[i].text {
			r.found.ids.add(e.col, own[i].text, ref[i].text)
		}
	}
}

// skeletons gives the identifiers of two texts that are alike but for them.
func (r *run) skeletons(col int, own, ref *parity.Fact) (a, b []opaque, ok bool) {
	if own.Value.Kind == parity.Image || ref.Value.Kind == parity.Image || versionLike(ref.Path) {
		return nil, nil, false
	}
	if longNumber(own) && longNumber(ref) {
		return []opaque{{"number", own.Value.Raw}}, []opaque{{"number", ref.Value.Raw}}, true
	}
	m := r.binders[col]
	x, _ := m.own.abstract(r.text(own), nil)
	y, _ := m.ref.abstract(r.text(ref), nil)
	x, y, a, b = drawn(x, y)
	sx, more := skeleton(x, false)
	sy, others := skeleton(y, false)
	a, b = append(a, more...), append(b, others...)
	if len(a) == 0 || len(a) != len(b) {
		return nil, nil, false
	}
	if sx == sy {
		return a, b, true
	}
	cx, nx := collapse(sx)
	cy, ny := collapse(sy)
	return a, b, cx == cy && (nx == 0) != (ny == 0)
}

// drawn replaces, in two host names of the same form, the labels of the same
// length of which at least one looks as if a machine had drawn it.
func drawn(x, y string) (outX, outY string, a, b []opaque) {
	p, q := segments(x), segments(y)
	if len(p) != len(q) {
		return x, y, nil, nil
	}
	for i := range p {
		s, t := p[i].text, q[i].text
		if p[i].before != q[i].before {
			return x, y, nil, nil
		}
		if s == t || len(s) != len(t) || !random(s) && !random(t) || !inHost(x, p[i].at+len(s)) {
			continue
		}
		a, b = append(a, opaque{"label", s}), append(b, opaque{"label", t})
		hole := strings.Repeat(string(rune(mark)), len(s))
		x = x[:p[i].at] + hole + x[p[i].at+len(s):]
		y = y[:q[i].at] + hole + y[q[i].at+len(t):]
	}
	return x, y, a, b
}

// standIns counts the different addresses of the reference that each address
// of a column stands for, among those that are not bound.
func (r *run) standIns() map[standIn]int {
	seen := map[standIn]map[string]bool{}
	for _, e := range r.pairs {
		a, b := r.text(e.own), r.text(e.ref)
		m := r.binders[e.col]
		if _, ok := m.same(a, b); ok || strings.TrimSpace(a) == "" {
			continue // bound, or nothing, which stands for nothing
		}
		a, _ = m.own.abstract(a, nil)
		k := standIn{e.col, a}
		if seen[k] == nil {
			seen[k] = map[string]bool{}
		}
		seen[k][b] = true
	}
	counts := make(map[standIn]int, len(seen))
	for k, of := range seen {
		counts[k] = len(of)
	}
	return counts
}
