package compare

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// ownPart is a part of names that a column writes and the reference leaves out:
// the pr-12 of shop-pr-12 and api-pr-12.example.com.
type ownPart struct {
	// rows are the subjects that speak for it.
	rows map[int]bool
	// around are the different names without it.
	around   map[string]bool
	examples []example
	// home is set where a namespace of the column has it.
	home bool
}

// proposePart notes the part by which a text of the column is longer than the
// reference's.
func (l *learner) proposePart(e *evidence, own, ref string) {
	if len(own) <= len(ref) || versionLike(e.ref.Path) || e.own.Value.Kind == parity.Image {
		return
	}
	a, _ := l.b.own.abstract(own, nil)
	b, _ := l.b.ref.abstract(ref, nil)
	a, _ = collapse(a)
	b, _ = collapse(b)
	part := insertion(a, b)
	if !l.ownPart(part) {
		return
	}
	x := l.part(part)
	x.rows[e.row] = true
	x.around[b] = true
	if len(x.examples) < 3 {
		x.examples = append(x.examples, example{e.row, e.ref.Path})
	}
}

func (l *learner) part(text string) *ownPart {
	if l.parts == nil {
		l.parts = map[string]*ownPart{}
	}
	x := l.parts[text]
	if x == nil {
		x = &ownPart{rows: map[int]bool{}, around: map[string]bool{}}
		l.parts[text] = x
	}
	return x
}

// insertion gives the part that makes long of short, a whole segment of long
// without the separators around it. It is empty where there is none.
func insertion(long, short string) string {
	if len(long) <= len(short) || short == "" {
		return ""
	}
	i := 0
	for i < len(short) && long[i] == short[i] {
		i++
	}
	extra := len(long) - len(short)
	if long[i+extra:] != short[i:] {
		return ""
	}
	part := strings.TrimFunc(long[i:i+extra], separates)
	m := newMatcher()
	m.add(token{text: part, inserted: true})
	if without, _ := m.abstract(long, nil); len(part) > 0 {
		if without, _ = collapse(without); without == short {
			return part
		}
	}
	return ""
}

// ownPart reports whether a part of a name can be an environment's own: one of
// letters and digits, no size, no version, no plain word with a number, and no
// word of an environment.
func (l *learner) ownPart(s string) bool {
	const maxLength = 40
	if len(s) > maxLength || strings.ContainsAny(s, "./\x00") || !strings.ContainsAny(s, digits) {
		return false
	}
	if !nameable(s) || foreignName(s, l.c) || foreignName(s, l.r.ref) {
		return false
	}
	letters := false
	for _, x := range segments(s) {
		if strings.Trim(x.text, digits) == "" {
			continue
		}
		if _, version := value.Version(x.text); version || plainWord(x.text) || numberedVersion(x.text) {
			return false
		}
		letters = true
	}
	return letters
}

// numberedVersion reports whether a segment is a version such as v2 or v1beta1.
func numberedVersion(s string) bool {
	return len(s) > 1 && (s[0] == 'v' || s[0] == 'V') && digit(s[1])
}

// learnParts makes spellings of the parts that enough of the column's names
// carry and nothing of the reference does. A namespace that carries the part
// says whose it is, and its subjects speak for it; without one, as many
// different names must.
func (l *learner) learnParts() {
	if len(l.parts) == 0 {
		return
	}
	m := newMatcher()
	for _, part := range sortedKeys(l.parts) {
		m.add(token{text: part})
	}
	l.dropParts(m)
	l.supportParts(m)
	for _, part := range sortedKeys(l.parts) {
		x, least := l.parts[part], l.r.opt.MinSupport
		if len(x.rows) >= least && (x.home || len(x.around) >= least) {
			l.acceptPart(part, x)
		}
	}
}

// dropParts drops the parts that the reference has anywhere.
func (l *learner) dropParts(m *matcher) {
	drop := func(s string) {
		m.each(s, nil, func(x match) bool { delete(l.parts, x.token.text); return true })
	}
	subjects := l.r.ref.snap.Subjects
	for i := range subjects {
		drop(subjects[i].Subject.Scope)
		drop(subjects[i].Subject.Name)
		for j := range subjects[i].Facts {
			f := &subjects[i].Facts[j]
			drop(f.Path)
			drop(f.Value.Raw)
		}
	}
}

// supportParts counts the column's subjects whose namespace or name has a part.
func (l *learner) supportParts(m *matcher) {
	subjects := l.c.snap.Subjects
	for i := range subjects {
		key, row := subjects[i].Subject.Key, l.c.rows[i]
		m.each(key.Scope, nil, func(x match) bool {
			if p := l.parts[x.token.text]; p != nil {
				p.rows[row], p.home = true, true
			}
			return true
		})
		m.each(key.Name, nil, func(x match) bool {
			if p := l.parts[x.token.text]; p != nil {
				p.rows[row] = true
				p.around[key.Name] = true
			}
			return true
		})
	}
}

// acceptPart makes a part a spelling of the column's own name.
func (l *learner) acceptPart(text string, x *ownPart) {
	k := class(-1)
	for i, known := range l.b.roles {
		if known.id == ownNameRole {
			k = class(i)
		}
	}
	if k < 0 {
		k = l.b.addRole(&role{id: ownNameRole, name: "name", origin: "learned", ref: []string{""}})
	}
	l.b.spellToken(token{text: text, class: k, quiet: true, inserted: true}, true)
	p := l.b.roles[k]
	for n := range x.rows {
		p.support[n] = true
	}
	p.examples = append(p.examples, x.examples...)
}

// ownNameRole is the identity of the role whose spelling is a part of the
// column's names and empty in the reference's.
const ownNameRole = "own-name"
