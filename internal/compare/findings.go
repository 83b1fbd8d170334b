package compare

import (
	"sort"

	"github.com/envparity/parity"
)

// findings is what a run learns besides classes.
type findings struct {
	positions map[positionKey]map[int]bool // rows that are bound there
	unbound   map[positionKey]map[int]bool // rows that carry one spelling on both sides
	// places are the columns in which one fact of the reference is bound; kept
	// where there are more than two.
	places map[place][]int
	// addresses are the columns that have an opaque address of their own for one
	// fact of the reference.
	addresses map[place][]int
	// secrets are the rows that have different secrets there, sameSecrets those
	// that have one on both sides.
	secrets, sameSecrets map[positionKey]map[int]bool
	// sharedSecrets are those of two environments, by digest.
	sharedSecrets map[sharedSecret]*parity.SharedValue
	ids           *idBook
	idPairs       map[idPair]int
	shared        map[shareKey]*parity.SharedValue
	ambiguities   []parity.Ambiguity
	rules         map[parity.Rule]int
}

type idPair struct {
	col             int
	shape, own, ref string
}

type shareKey struct{ token, owner string }

func newFindings() *findings {
	return &findings{
		places: map[place][]int{}, addresses: map[place][]int{}, positions: map[positionKey]map[int]bool{}, unbound: map[positionKey]map[int]bool{}, secrets: map[positionKey]map[int]bool{},
		sameSecrets: map[positionKey]map[int]bool{}, sharedSecrets: map[sharedSecret]*parity.SharedValue{},
		ids: newIDBook(), idPairs: map[idPair]int{}, shared: map[shareKey]*parity.SharedValue{},
		rules: map[parity.Rule]int{},
	}
}

// place is one fact of the reference.
type place struct {
	row  int
	path string
}

func (f *findings) bindPosition(k positionKey, row int) { addPosition(f.positions, k, row) }

func addPosition(m map[positionKey]map[int]bool, k positionKey, row int) {
	if m[k] == nil {
		m[k] = map[int]bool{}
	}
	m[k][row] = true
}

// bind notes that a fact was bound by the roles, and gives their IDs.
func (f *findings) bind(b *binder, row int, path string, used []class) []string {
	var ids []string
	for _, k := range used {
		x := b.roles[k]
		if len(ids) > 0 && contains(ids, b.id(k)) {
			continue
		}
		ids = append(ids, b.id(k))
		x.facts++
		if x.origin != "learned" {
			x.support[row] = true
		}
		if len(x.examples) < 3 {
			x.examples = append(x.examples, example{row, path})
		}
	}
	sort.Strings(ids)
	return ids
}

// cite names the roles that a fact breaks, or that its path is joined by,
// besides those that have bound it.
func (b *binder) cite(ids []string, used ...class) []string {
	for _, k := range used {
		b.roles[k].cited = true
		if id := b.id(k); !contains(ids, id) {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids
}

// citeTexts cites the roles that are taken out of a column's text and of the
// reference's.
func (b *binder) citeTexts(ids []string, own, ref string) []string {
	_, mine := b.own.abstract(own, nil)
	_, theirs := b.ref.abstract(ref, nil)
	return b.cite(b.cite(ids, mine...), theirs...)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// id names a role: by the name that parity.yaml gives it, or by its kind and
// the reference's first spelling, which does not depend on order.
func (b *binder) id(k class) string {
	x := b.roles[k]
	if x.id == "" {
		x.id = x.name
		if len(x.ref) > 0 {
			x.id += ":" + x.ref[0]
		}
	}
	return x.id
}

func (f *findings) identifier(col int, own opaque, ref string) {
	f.idPairs[idPair{col, own.shape, own.text, ref}]++
}

func (f *findings) share(k parity.Key, token, owner, text, path string) {
	id := shareKey{token, owner}
	s := f.shared[id]
	if s == nil {
		s = &parity.SharedValue{Token: token, Owner: owner, Example: text}
		f.shared[id] = s
	}
	s.Facts++
	if len(s.Where) < 3 {
		s.Where = append(s.Where, parity.FactRef{Subject: k, Path: path})
	}
}

// sharedSecret is one secret of several environments.
type sharedSecret struct{ digest, owner string }

// shareSecret notes one secret in two environments. A fact that is derived only
// repeats another one.
func (f *findings) shareSecret(r *run, h *sameSecret) {
	if h.own.DerivedFrom != nil && h.theirs.DerivedFrom != nil {
		return
	}
	id := sharedSecret{h.digest, h.owner.name}
	s := f.sharedSecrets[id]
	if s == nil {
		s = &parity.SharedValue{Token: maskPlain, Owner: h.owner.name, Example: maskPlain, Secret: true, Columns: []string{h.owner.name}}
		f.sharedSecrets[id] = s
	}
	s.Facts++
	if !contains(s.Columns, h.holder.name) {
		s.Columns = append(s.Columns, h.holder.name)
	}
	where := parity.FactRef{Subject: r.rows[h.row].aligned.Key, Path: h.theirs.Path}
	for _, w := range s.Where {
		if w.Subject == where.Subject && w.Path == where.Path {
			return
		}
	}
	if len(s.Where) < 3 {
		s.Where = append(s.Where, where)
	}
}

func (f *findings) ambiguous(c *column, s *parity.SubjectFacts, candidates []parity.Key, confidence float64, why string) {
	f.ambiguities = append(f.ambiguities, parity.Ambiguity{
		Column: c.name, Subject: s.Subject.Key, Candidates: candidates,
		Confidence: confidence, Why: []string{why}, Facts: len(s.Facts),
	})
}

// double notes a further declaration of a subject; those of one subject are
// one ambiguity.
func (f *findings) double(c *column, s *parity.SubjectFacts) {
	if n := len(f.ambiguities) - 1; n >= 0 {
		if last := &f.ambiguities[n]; last.Column == c.name && last.Subject == s.Subject.Key && len(last.Candidates) == 0 {
			last.Facts += len(s.Facts)
			return
		}
	}
	f.ambiguous(c, s, nil, 0, "declared more than once")
}

func (f *findings) countRules(s parity.RuleSet) {
	for _, x := range s.List() {
		f.rules[x]++
	}
}
