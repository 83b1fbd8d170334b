package policy

import (
	"github.com/envparity/parity"
)

// ruling is what policy says of one column's cell.
type ruling struct {
	// live is set where the reference or the column has the fact.
	live bool
	// raw is the class by which the difference is known over time: compare's,
	// or changed where values that compare finds alike violate an
	// expectation. class is what is left of it: expected or excepted where a
	// decision explains the difference.
	raw, class parity.Class
	change     parity.Change
	severity   parity.Severity
	why        string
	note       string
	decision   *parity.Decision
	// image is set where two images differ.
	image *parity.ImageStanding
}

// judge takes a fact that cannot just be counted.
func (g *Judge) judge(j *parity.Joined) error {
	if j.Derived != nil {
		g.judgeDerived(j)
		return nil
	}
	if g.cur.anyLone && !j.Synthetic {
		g.cur.hold(j)
	}
	s, refHas := surfaceOf(j), has(&j.Cells[g.ref])
	kept := false
	for _, c := range g.compared {
		r := &g.rulings[c]
		*r = ruling{}
		cell := &j.Cells[c]
		if cell.Undecided && g.opts.Gate.decides(s) {
			g.undecided[c]++
		}
		if g.cur.lone[c] {
			continue
		}
		if !g.begin(r, cell, refHas, j.Synthetic) {
			continue
		}
		g.decide(r, j, c)
		g.book(r, j, c, s, refHas)
		kept = kept || g.keeps(r, cell)
	}
	g.measureRuled(j)
	if kept {
		g.record(j, s)
	}
	return nil
}

// begin fills a ruling with what compare says, and reports whether there is
// anything to rule on.
func (g *Judge) begin(r *ruling, cell *parity.Cell, refHas, synthetic bool) bool {
	r.live = refHas || has(cell) || synthetic
	r.raw, r.change, r.note = cell.Class, cell.Change, cell.Note
	if int(r.raw) >= classes {
		r.raw = parity.Unknown
	}
	r.class = r.raw
	return r.live
}

// keeps reports whether the ruling is shown as a difference.
func (g *Judge) keeps(r *ruling, cell *parity.Cell) bool {
	return r.live && !quiet[r.class] && cell.State != parity.NotApplicable
}

// decide lets expectations, tolerances and exceptions speak, in this order:
// how environments are meant to differ comes before what is put up with, so
// that an exception that an expectation made needless shows as unused.
func (g *Judge) decide(r *ruling, j *parity.Joined, column int) {
	if r.raw == parity.Changed || r.raw == parity.Leak {
		g.place(r, j, column)
	}
	allowed := g.expect(r, j, column)
	if allowed && r.class == parity.Changed && r.change == parity.SizingChange {
		g.tolerate(r, j, column)
	}
	if r.raw.Counts() {
		c := g.caseOf(j, r.raw, r.change)
		if r.image != nil {
			c.image = r.image.State
		}
		severity, src := g.severities.of(c)
		r.severity, r.why = severity, g.why(src, c, severity)
	}
	if r.class.Counts() {
		g.except(r, j, column)
	}
}

// caseOf gives what the severity table is asked.
func (g *Judge) caseOf(j *parity.Joined, class parity.Class, change parity.Change) severityCase {
	return severityCase{
		surface: surfaceOf(j), class: class, change: change,
		criticality: g.cur.service.criticality,
		kind:        g.cur.ref.Kind, path: j.Path, logical: j.LogicalPath,
	}
}

// book counts a ruled fact.
func (g *Judge) book(r *ruling, j *parity.Joined, column int, s parity.Surface, refHas bool) {
	p := &g.cur.parts[column]
	cell := &j.Cells[column]
	if j.Synthetic {
		if r.class.Counts() {
			p.synthetic[s]++
		}
	} else {
		g.tallies[column].note(refHas, has(cell))
		g.cur.count(column, s, r.class)
		if r.class == parity.Unknown && cell.State == parity.NotApplicable {
			p.notApplicable[s]++
		}
	}
	if r.class.Counts() && !g.cur.pairUnsure(column) {
		p.loss[s] += weights[r.severity]
	}
}
