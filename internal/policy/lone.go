package policy

import (
	"fmt"

	"github.com/envparity/parity"
)

// loneRuling is what is said of one column that lacks a subject, or has it where
// the reference lacks it: one ruling for all of its facts of one class.
type loneRuling struct {
	ruling
	surface parity.Surface
	columns []int
	facts   int
	cause   parity.Cause
	asked   severityCase
	// presumed is set where the lack is presumed.
	presumed bool
	source   source
	notes    columnNotes
}

// judgeLone rules on the subject that is left, in the columns where it or the
// reference's lacks a counterpart. Its facts of one class are one difference:
// a person reads that a Deployment is missing, not forty of its fields.
func (g *Judge) judgeLone() {
	finals := make([][classes]parity.Class, len(g.columns))
	for c := range finals {
		for _, k := range parity.Classes() {
			finals[c][k] = k
		}
	}
	for _, class := range parity.Classes() {
		if quiet[class] {
			continue
		}
		var all []loneRuling
		for _, c := range g.compared {
			if !g.cur.lone[c] {
				continue
			}
			w := g.ruleLone(class, c)
			if w.facts > 0 {
				finals[c][class] = w.class
				w.notes.add(w.note, g.names[c])
				all = mergeWhole(all, w)
			}
		}
		for i := range all {
			all[i].note = all[i].notes.text()
			g.recordLone(&all[i])
		}
	}
	g.countLone(finals)
}

// mergeWhole adds what is said of one column to what is said alike of others.
func mergeWhole(all []loneRuling, w loneRuling) []loneRuling {
	for i := range all {
		have := &all[i]
		if have.class != w.class || have.decision != w.decision || have.presumed != w.presumed {
			continue
		}
		have.columns = append(have.columns, w.columns...)
		have.notes = have.notes.join(w.notes)
		have.facts = max(have.facts, w.facts)
		if w.severity > have.severity {
			have.severity, have.asked, have.source = w.severity, w.asked, w.source
		}
		return all
	}
	return append(all, w)
}

// inClass reports whether a held fact is of a class in a column, and is not
// something that the column could not say at all.
func (g *Judge) inClass(j *parity.Joined, column int, class parity.Class) bool {
	cell := &j.Cells[column]
	return cell.Class == class && cell.State != parity.NotApplicable && (has(cell) || has(&j.Cells[g.ref]))
}

// ruleLone rules on all facts of one class in one column.
func (g *Judge) ruleLone(class parity.Class, column int) loneRuling {
	w := loneRuling{columns: []int{column}, presumed: class.Counts() && g.cur.presumed[column]}
	w.raw, w.class = class, class
	var bySurface [surfaces]int
	for i := range g.cur.pending {
		j := &g.cur.pending[i]
		if !g.inClass(j, column, class) {
			continue
		}
		if w.facts == 0 {
			w.cause, w.note = j.Whole, j.Cells[column].Note
		}
		w.facts++
		bySurface[surfaceOf(j)]++
		if !class.Counts() {
			continue
		}
		c := g.caseOf(j, class, j.Cells[column].Change)
		if s, src := g.severities.of(c); w.source == (source{}) || s > w.severity {
			w.severity, w.asked, w.source = s, c, src
		}
	}
	for s, n := range bySurface {
		if n > bySurface[w.surface] {
			w.surface = parity.Surface(s)
		}
	}
	if w.facts > 0 && class.Counts() {
		g.decideLone(&w, column)
	}
	return w
}

// decideLone lets a decision explain the subject if it covers all of its
// facts.
func (g *Judge) decideLone(w *loneRuling, column int) {
	for _, e := range g.cur.expectations {
		n := g.coveredLone(w, column, func(j *parity.Joined) bool {
			if !e.match.fact(j) {
				return false
			}
			e.used = true
			return e.ask(j, column) == holds
		})
		if e.columns[column] && e.explains(w.raw) && n == w.facts && w.decision == nil {
			w.class, w.decision = parity.Expected, e.decision
		}
	}
	if w.decision != nil {
		return
	}
	print := fingerprint(g.cur.aligned.Logical, 0, "", w.raw)
	for _, e := range g.cur.exceptions {
		n := g.coveredLone(w, column, func(j *parity.Joined) bool { return e.covered(j, column, w.raw, print) })
		switch {
		case n == w.facts:
			e.covers++
			if e.inForce && w.decision == nil {
				w.class, w.decision = parity.Excepted, e.decision
			}
		case n > 0:
			e.partly = true
			w.note = joinNote(w.note, fmt.Sprintf("exception %s covers %d of its %d facts, and so not the subject", e.config.Name, n, w.facts))
		}
	}
}

func (g *Judge) coveredLone(w *loneRuling, column int, covers func(*parity.Joined) bool) int {
	n := 0
	for i := range g.cur.pending {
		if j := &g.cur.pending[i]; g.inClass(j, column, w.raw) && covers(j) {
			n++
		}
	}
	return n
}

// countLone counts the held facts in the columns that are ruled on as a whole.
func (g *Judge) countLone(finals [][classes]parity.Class) {
	for i := range g.cur.pending {
		j := &g.cur.pending[i]
		s, refHas := surfaceOf(j), has(&j.Cells[g.ref])
		for _, c := range g.compared {
			r := &g.rulings[c]
			*r = ruling{}
			if !g.cur.lone[c] || !g.begin(r, &j.Cells[c], refHas, false) {
				continue
			}
			if j.Cells[c].State != parity.NotApplicable {
				r.class = finals[c][r.raw]
			}
			if r.class.Counts() {
				r.severity, _ = g.severities.of(g.caseOf(j, r.raw, r.change))
			}
			g.book(r, j, c, s, refHas)
		}
		g.measureRuled(j)
	}
}
