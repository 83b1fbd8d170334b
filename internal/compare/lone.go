package compare

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// wordedPosition counts, for the end of a path, the subjects of a column whose
// values carry the column's own word, and those that carry another's instead.
type wordedPosition struct{ own, others map[*row]bool }

// loneLeak looks at a fact that only one side has: a leak where it carries
// another environment's word at a position where the column's other subjects
// carry their own.
func (r *run) loneLeak(w *row, c *column, f *parity.Fact) (note string, ok bool) {
	if r.opt.OneEnvironment || r.opt.Off.Has(parity.BindingRule) || f.Value.Kind == parity.Image || !binds(f) {
		return "", false
	}
	text := f.Value.Raw
	if len(text) < shortestName || !short(text) {
		return "", false
	}
	s, word := r.strangerIn(text, c, c)
	if s != nil && s.compared() && includes(f.Path) && namesFile(text, word) {
		return c.name + " includes " + s.name + "'s " + quote(text), true
	}
	if s == nil || !addressed(f.Path, text) && !tailHas(f.Path, storeWords) || !r.ownElsewhere(w, c, f.Path) || !r.ourHost(text) {
		return r.loneCarried(c, f)
	}
	return c.name + " has " + s.name + "'s " + quote(word) + ", where its other subjects have their own", true
}

// ownElsewhere reports whether enough other subjects of a column carry its own
// word at the end of this path, and more of them than carry another's.
func (r *run) ownElsewhere(w *row, c *column, path string) bool {
	if r.worded[c.index] == nil {
		r.worded[c.index] = r.wordedPositions(c)
	}
	p := r.worded[c.index][value.Tail(path)]
	if p == nil {
		return false
	}
	others := len(p.own)
	if p.own[w] {
		others--
	}
	return others >= r.opt.MinSupport && others > len(p.others)
}

// wordedPositions looks through all facts of a column; it is asked for only
// where there is something to judge.
func (r *run) wordedPositions(c *column) map[string]*wordedPosition {
	at := map[string]*wordedPosition{}
	for i := range c.snap.Subjects {
		facts := c.snap.Subjects[i].Facts
		for j := range facts {
			f := &facts[j]
			if !binds(f) || !short(f.Value.Raw) {
				continue
			}
			own := c.matcher.finds(f.Value.Raw)
			if !own {
				if s, _ := r.strangerIn(f.Value.Raw, c, c); s == nil {
					continue
				}
			}
			tail := value.Tail(f.Path)
			if at[tail] == nil {
				at[tail] = &wordedPosition{map[*row]bool{}, map[*row]bool{}}
			}
			if own {
				at[tail].own[r.rows[c.rows[i]]] = true
			} else {
				at[tail].others[r.rows[c.rows[i]]] = true
			}
		}
	}
	return at
}
