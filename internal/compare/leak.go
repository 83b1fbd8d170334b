package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// judgeShared looks at a value that is the same on both sides though it
// carries one environment's spelling. It is a leak only where the same
// position is bound for at least three other subjects; otherwise it is shared.
func (r *run) judgeShared(n, col int, own, ref *parity.Fact) (ruling, bool) {
	if !binds(own) || !short(own.Value.Raw) {
		return ruling{}, false
	}
	text := own.Value.Raw
	b := r.binders[col]
	t, owner, ok := b.owner(text)
	if !ok {
		return ruling{}, false
	}
	name := r.ref.name
	if owner == ownSide {
		name = r.cols[col].name
	}
	if own.Value.Kind != parity.Image && r.boundElsewhere(n, col, ref.Path) && addressed(ref.Path, text) {
		victim := r.cols[col].name
		if owner == ownSide {
			victim = r.ref.name
		}
		return ruling{
			class: parity.Leak, change: parity.AddressChange,
			note:     victim + " has " + name + "'s " + quote(t.text) + ", where other subjects have their own",
			bindings: b.cite(nil, t.class),
		}, true
	}
	if owner == refSide && b.common(t) {
		return ruling{}, false
	}
	r.found.share(r.rows[n].aligned.Key, t.text, name, text, ref.Path)
	return ruling{class: parity.Shared, bindings: b.cite(nil, t.class)}, true
}

// common tells whether a domain of the reference is the parent of the column's
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
// part of one of the column's own, else the column's.
func (b *binder) owner(text string) (t token, s side, ok bool) {
	b.own.each(text, nil, func(x match) bool { t, ok = x.token, true; return false })
	rest := text
	if ok {
		rest, _ = b.own.abstract(text, nil)
	}
	b.ref.each(rest, nil, func(x match) bool { t, s, ok = x.token, refSide, true; return false })
	return t, s, ok
}

// boundElsewhere tells whether values at the end of this path are bound in
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
	if t, ok := r.leftover(col, text); ok && r.boundElsewhere(n, col, ref.Path) && addressed(ref.Path, text) {
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
		if x.token.class != environmentClass && !b.common(x.token) {
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

// longestAddress bounds the texts that can be an address.
const longestAddress = 512

// short tells whether a text can be one value rather than a document.
func short(s string) bool { return len(s) <= longestAddress && !strings.Contains(s, "\n") }

// judgeLeak looks at two texts that differ: a leak where the column's is what
// another environment would have there, in an address, account, project or
// identity; else no ruling.
func (r *run) judgeLeak(n, col int, own, ref *parity.Fact) (ruling, bool) {
	a, b := r.text(own), r.text(ref)
	if !short(a) || !short(b) || !addressed(ref.Path, a) && !addressed(ref.Path, b) {
		return ruling{}, false
	}
	x := ruling{class: parity.Leak, change: parity.AddressChange}
	if name, text, ok := r.foreignWord(col, a, b, r.boundElsewhere(n, col, ref.Path)); ok {
		x.note = r.cols[col].name + " has " + name + "'s " + quote(text)
		x.bindings = r.binders[col].cite(nil, environmentClass)
		return x, true
	}
	if t, ok := r.foreignSpelling(col, a, b); ok {
		x.note = r.cols[col].name + " has " + r.ref.name + "'s " + quote(t.text)
		x.bindings = r.binders[col].cite(nil, t.class)
		return x, true
	}
	return ruling{}, false
}

// foreignWord tells whether the column's text would be bound, were it that of
// another environment: gov-uk-chat-integration for staging, against
// gov-uk-chat-production; or, where other subjects are bound at that position,
// db.qa.example.com against db.example.com.
func (r *run) foreignWord(col int, own, ref string, bound bool) (name, text string, ok bool) {
	expected, used := r.binders[col].ref.abstract(ref, func(t token) bool { return !t.word })
	for _, family := range sortedKeys(families) {
		if family == r.cols[col].family {
			continue
		}
		m := r.familyMatchers[family]
		got, words := m.abstract(own, nil)
		if words == nil {
			continue
		}
		if got != expected {
			short, removed := collapse(got)
			if used != nil || !bound || removed == 0 || short != expected {
				continue
			}
		}
		m.each(own, nil, func(x match) bool { text = own[x.start:x.end]; return false })
		return r.familyName(family), text, true
	}
	return "", "", false
}

// familyName is the environment of that family, or the family's own name where
// no column is of it.
func (r *run) familyName(family string) string {
	for _, c := range r.cols {
		if c.family == family {
			return c.snap.Column.Environment
		}
	}
	return family
}

// foreignSpelling finds a learned or declared spelling of the reference in the
// column's text that is not at the same place in the reference's.
func (r *run) foreignSpelling(col int, own, ref string) (t token, ok bool) {
	b := r.binders[col]
	own, _ = b.own.abstract(own, nil)
	b.ref.each(own, nil, func(x match) bool {
		if x.token.class != environmentClass && !hasAny(ref, []string{x.token.text}) {
			t, ok = x.token, true
		}
		return !ok
	})
	return t, ok
}

// addressed tells whether a value stands in the position of an address, an
// account, a project or an identity: by its own grammar, or by its name.
func addressed(path, text string) bool {
	if strings.Contains(text, "://") || strings.HasPrefix(text, "arn:") || isAccount(text) {
		return true
	}
	for _, a := range atoms(text) {
		if len(a.text) > 6 && strings.Count(a.text, ".") >= 2 && host(a.text) {
			return true
		}
	}
	if storeKey(path) {
		return true
	}
	for _, s := range segments(lower(value.Tail(path))) {
		if addressWords[s.text] {
			return true
		}
	}
	return false
}

// storeKey reports whether an external secret names a key of its store at a path.
func storeKey(path string) bool {
	return strings.HasSuffix(path, "/extract/key") || strings.HasSuffix(path, "/remoteRef/key")
}

// addressWords are the words in a name that say that its value is an address,
// an account, a project or an identity.
var addressWords = map[string]bool{
	"host": true, "hosts": true, "hostname": true, "url": true, "urls": true, "uri": true, "endpoint": true,
	"endpoints": true, "addr": true, "address": true, "domain": true, "domains": true, "server": true, "servers": true,
	"broker": true, "brokers": true, "project": true, "account": true, "tenant": true, "bucket": true, "queue": true,
	"topic": true, "arn": true, "role": true, "principal": true, "registry": true, "dsn": true, "database": true,
	"db": true, "cluster": true, "origin": true, "issuer": true, "audience": true, "email": true, "subscription": true,
	"upstream": true, "backend": true, "proxy": true, "externalname": true, "s3bucket": true, "projectid": true,
	"accountid": true, "serviceaccount": true, "clientid": true,
}

func quote(s string) string { return "'" + s + "'" }
