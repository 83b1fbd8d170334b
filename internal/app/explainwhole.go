package app

import (
	"maps"
	"slices"

	"github.com/envparity/parity"
)

// whole gathers what the facts of one subject say of the subject.
type whole struct {
	aligned *parity.Aligned
	columns []tally
}

type tally struct {
	classes  map[parity.Class]int
	surfaces map[parity.Surface]int
	rules    parity.RuleSet
	note     string
	// sayable is set where the column's sources can say such things at all.
	sayable bool
}

func newWhole(a *parity.Aligned) *whole {
	w := &whole{aligned: a, columns: make([]tally, len(a.Sides))}
	for i := range w.columns {
		w.columns[i] = tally{classes: map[parity.Class]int{}, surfaces: map[parity.Surface]int{}}
	}
	return w
}

func (w *whole) add(j *parity.Joined, columns []parity.Column) {
	ref := slices.IndexFunc(columns, func(c parity.Column) bool { return c.Reference })
	for i := range j.Cells {
		c, t := &j.Cells[i], &w.columns[i]
		if c.Fact == nil && j.Cells[ref].Fact == nil {
			continue
		}
		t.classes[c.Class]++
		t.surfaces[j.Surface]++
		t.rules |= c.Rules
		t.sayable = t.sayable || c.State != parity.NotApplicable
		if t.note == "" && c.Class != parity.Equivalent {
			t.note = c.Note
		}
	}
}

// explain tells of the subject itself: which columns have it, and what that
// says. A column that lacks it, or has it where the reference does not, is in
// the class that counts most of those of its facts.
func (w *whole) explain(x *explainer) *Explanation {
	e := x.begin(w.aligned)
	for i := range e.Sides {
		s, t := &e.Sides[i], &w.columns[i]
		s.State = parity.Absent
		if own := w.aligned.Sides[i]; own != nil {
			s.State, s.Facts = parity.Present, len(own.Facts)
			s.Sources = sources(own.Subject.Origin, own.Subject.Line, own.Subject.Col)
		}
		if !s.Reference {
			s.Classes = t.classes
		}
	}
	ref := e.reference()
	surfaces := map[parity.Surface]int{}
	for i := range e.Sides {
		s, t := &e.Sides[i], &w.columns[i]
		for surface, n := range t.surfaces {
			surfaces[surface] += n
		}
		if s.Reference || (s.Subject == nil) == (ref.Subject == nil) {
			continue
		}
		s.Class = weightiest(t.classes)
		s.Note = t.note
		if s.Class == parity.Equivalent {
			s.Equated = t.rules.List()
		}
		if s.Class == parity.Unknown && s.State == parity.Absent {
			s.State = parity.UnknownState
			if !t.sayable {
				s.State = parity.NotApplicable
			}
		}
	}
	e.Surface = most(surfaces)
	x.complete(e)
	return e
}

// weightiest is the class that says most of a subject that one side lacks.
func weightiest(classes map[parity.Class]int) parity.Class {
	for _, c := range []parity.Class{parity.Missing, parity.Extra, parity.Ambiguous, parity.Unknown, parity.Equivalent} {
		if classes[c] > 0 {
			return c
		}
	}
	return parity.Equal
}

func most(counts map[parity.Surface]int) parity.Surface {
	var best parity.Surface
	for _, s := range slices.Sorted(maps.Keys(counts)) {
		if counts[s] > counts[best] {
			best = s
		}
	}
	return best
}
