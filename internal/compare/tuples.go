package compare

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// permission is one RBAC tuple taken apart: "apps/deployments(web):get".
type permission struct{ group, resource, name, verb string }

// tupleText is the text of a tuple: what stands in the brackets of its path.
func tupleText(f *parity.Fact) (string, bool) {
	if f.Value.Kind != parity.Tuple {
		return "", false
	}
	start := strings.Index(f.Path, "[=")
	end := strings.LastIndexByte(f.Path, ']')
	if start < 0 || end < start {
		return "", false
	}
	return f.Path[start+len("[=") : end], true
}

// permissionOf reads the permission of a fact; ok is false where it is none.
func permissionOf(f *parity.Fact) (p permission, ok bool) {
	if !f.Rules.Has(parity.RBACTuples) {
		return p, false
	}
	text, ok := tupleText(f)
	if !ok {
		return p, false
	}
	colon := strings.LastIndexByte(text, ':')
	slash := strings.IndexByte(text, '/')
	if colon < 0 || slash < 0 || slash > colon || strings.HasPrefix(text, "url ") {
		return p, false
	}
	p.group, p.resource, p.verb = text[:slash], text[slash+1:colon], text[colon+1:]
	if open := strings.IndexByte(p.resource, '('); open >= 0 && strings.HasSuffix(p.resource, ")") {
		p.resource, p.name = p.resource[:open], p.resource[open+1:len(p.resource)-1]
	}
	return p, true
}

// covers reports whether whoever has p has q too: by a wildcard, or because p is
// for any name.
func (p permission) covers(q permission) bool {
	return wild(p.group, q.group) && wild(p.resource, q.resource) && wild(p.verb, q.verb) && (p.name == "" || p.name == q.name)
}

func wild(p, q string) bool { return p == "*" || p == q }

// tuple is a tuple of any kind, without the spellings of its column.
type tuple struct {
	list    string // the path of the list that it stands in
	rbac    *permission
	policy  *value.Permission
	traffic *value.Traffic
}

// tupleOf reads a tuple. m knows the spellings of its column.
func tupleOf(f *parity.Fact, m *matcher) (t tuple, ok bool) {
	if p, ok := permissionOf(f); ok {
		return tuple{rbac: &p}, true
	}
	text, ok := tupleText(f)
	if !ok {
		return t, false
	}
	t.list = f.Path[:strings.Index(f.Path, "[=")]
	plain := func(s string) string {
		out, _ := m.abstract(s, nil)
		out, _ = collapse(out)
		return out
	}
	if f.Rules.Has(parity.PolicyTuples) {
		if p, ok := value.ParsePermission(text); ok {
			p = p.Map(plain)
			t.policy = &p
			return t, true
		}
	}
	if f.Rules.Has(parity.NetworkTuples) {
		if x, ok := value.ParseTraffic(text); ok {
			x.Peer, x.At = plain(x.Peer), plain(x.At)
			t.traffic = &x
			return t, true
		}
	}
	return t, false
}

// rule is the rule by which a wider tuple holds a narrower one.
func (t tuple) rule() parity.Rule {
	switch {
	case t.rbac != nil:
		return parity.RBACTuples
	case t.policy != nil:
		return parity.PolicyTuples
	default:
		return parity.NetworkTuples
	}
}

// covers reports whether t holds all that q does. What a wider tuple denies, it
// denies of a narrower one too.
func (t tuple) covers(q tuple) bool {
	switch {
	case t.list != q.list:
		return false
	case t.rbac != nil && q.rbac != nil:
		return t.rbac.covers(*q.rbac)
	case t.policy != nil && q.policy != nil:
		return t.policy.Covers(*q.policy)
	case t.traffic != nil && q.traffic != nil:
		return t.traffic.Covers(*q.traffic)
	}
	return false
}

// tuplesOf are the tuples among facts.
func tuplesOf(facts []parity.Fact, m *matcher) []tuple {
	var all []tuple
	for i := range facts {
		if t, ok := tupleOf(&facts[i], m); ok {
			all = append(all, t)
		}
	}
	return all
}

// maxTuples bounds the tuples of one subject that a tuple is held against.
const maxTuples = 2000

// wider finds, for a tuple that a subject does not state, whether it is within
// a wider one that it states. It remembers the tuples of the last subject.
type wider struct {
	of     *parity.SubjectFacts
	tuples []tuple
}

// holds tells by which rule others hold the fact; ok is false where they do
// not. mine knows the spellings of the fact's column, theirs those of the
// others'.
func (w *wider) holds(f *parity.Fact, others *parity.SubjectFacts, mine, theirs *matcher) (parity.Rule, bool) {
	if f.Value.Kind != parity.Tuple {
		return 0, false
	}
	q, ok := tupleOf(f, mine)
	if !ok {
		return 0, false
	}
	if w.of != others {
		w.of, w.tuples = others, tuplesOf(others.Facts, theirs)
	}
	for i, p := range w.tuples {
		if i == maxTuples {
			break
		}
		if p.covers(q) {
			return q.rule(), true
		}
	}
	return 0, false
}

// tuplePairs joins the tuples that are left on both sides and differ in one
// part: a rule for another network, the same access to something else. A tuple
// that a wider one holds stays by itself.
func (l *linker) tuplePairs(own, ref []parity.Fact) {
	if len(l.free) == 0 || l.missing == 0 {
		return
	}
	mine, theirs := l.looseOwn(own), l.looseRef(ref)
	if len(mine) == 0 || len(theirs) == 0 || len(mine) > maxTuples || len(theirs) > maxTuples {
		return
	}
	lone := map[*parity.Fact]tuple{}
	l.loneTuples(lone, mine, tuplesOf(ref, l.b.ref))
	l.loneTuples(lone, theirs, tuplesOf(own, l.b.own))
	for part := range tupleParts {
		for _, rule := range [...]parity.Rule{parity.NetworkTuples, parity.PolicyTuples} {
			if l.off.Has(rule) {
				continue
			}
			l.leftovers(own, ref, func(f *parity.Fact, _ bool) string {
				t, ok := lone[f]
				if !ok || t.rule() != rule {
					return ""
				}
				return t.without(part)
			}, parity.SetOf(rule))
		}
	}
}

// looseOwn are the column's tuples that met none, looseRef the reference's.
func (l *linker) looseOwn(own []parity.Fact) map[*parity.Fact]tuple {
	all := map[*parity.Fact]tuple{}
	for _, i := range l.free {
		if t, ok := tupleOf(&own[i], l.b.own); ok && t.rbac == nil {
			all[&own[i]] = t
		}
	}
	return all
}

func (l *linker) looseRef(ref []parity.Fact) map[*parity.Fact]tuple {
	all := map[*parity.Fact]tuple{}
	for j := range ref {
		if l.toOwn[j] >= 0 {
			continue
		}
		if t, ok := tupleOf(&ref[j], l.b.ref); ok && t.rbac == nil {
			all[&ref[j]] = t
		}
	}
	return all
}

// loneTuples adds the tuples that neither hold one of the other side nor are
// held by one.
func (l *linker) loneTuples(to, loose map[*parity.Fact]tuple, others []tuple) {
	if len(others) > maxTuples {
		return
	}
	for f, t := range loose {
		alone := true
		for _, o := range others {
			alone = alone && !o.covers(t) && !t.covers(o)
		}
		if alone {
			to[f] = t
		}
	}
}

// tupleParts counts the parts of a tuple that may differ.
const tupleParts = 3

// without is the text of a tuple without one part: the network or resource, the
// ports or conditions, or the action.
func (t tuple) without(part int) string {
	switch {
	case t.traffic != nil:
		x := *t.traffic
		switch part {
		case 0:
			x.Peer = "-"
		case 1:
			x.Ports = "-"
		default:
			return ""
		}
		return joinKey(t.list, x.String())
	case t.policy != nil:
		p := *t.policy
		switch part {
		case 0:
			p.Resource = value.One("-")
		case 1:
			p.Conditions = nil
		default:
			p.Action = value.One("-")
		}
		return joinKey(t.list, p.String())
	}
	return ""
}
