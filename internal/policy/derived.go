package policy

import (
	"slices"

	"github.com/envparity/parity"
)

// derivedFact is a derived fact that differs. Its class waits for that of its
// origin: what follows from an expected difference is expected.
type derivedFact struct {
	ref     parity.FactRef
	surface parity.Surface
	cells   []derivedCell
	// variable is set where the fact is the effective value of one.
	variable *variable
}

// derivedCell is one column's part of a derived fact.
type derivedCell struct {
	column  int
	class   parity.Class
	origins []place
}

// place is a fact of one column.
type place struct {
	column  int
	subject parity.Key
	path    string
}

// judgeDerived counts a fact that follows from another. It becomes no
// difference: its origin does.
func (g *Judge) judgeDerived(j *parity.Joined) {
	s, refHas := surfaceOf(j), has(&j.Cells[g.ref])
	var late *derivedFact
	var v *variable
	sp := g.speaks(j)
	if sp.concern&environmentVariable != 0 {
		v = g.variable(sp)
	}
	for _, c := range g.compared {
		cell := &j.Cells[c]
		if !g.tallies[c].note(refHas, has(cell)) {
			continue
		}
		class := min(cell.Class, parity.Unknown)
		if !class.Counts() {
			g.tallies[c].derived[s][class]++
			g.measure(j, sp, v, c, class, nil)
			continue
		}
		if packaged(j) {
			g.measure(j, sp, v, c, class, nil)
		}
		if late == nil {
			g.derived = append(g.derived, derivedFact{ref: parity.FactRef{Subject: j.Subject.Key, Path: j.Path}, surface: s})
			late = &g.derived[len(g.derived)-1]
		}
		late.cells = append(late.cells, derivedCell{column: c, class: class, origins: g.origins(j, c)})
	}
	if late != nil && v != nil {
		v.late, late.variable = true, v
	}
}

// origins gives where a derived fact comes from, in the column and in the
// reference.
func (g *Judge) origins(j *parity.Joined, column int) []place {
	var out []place
	for _, c := range []int{column, g.ref} {
		if f := j.Cells[c].Fact; f != nil && f.DerivedFrom != nil {
			out = append(out, place{c, f.DerivedFrom.Subject, f.DerivedFrom.Path})
		}
	}
	return out
}

// settleDerived gives the derived facts their classes and hangs them on the
// differences that they follow from.
func (g *Judge) settleDerived() {
	if len(g.derived) == 0 {
		return
	}
	index := g.indexRecords()
	for i := range g.derived {
		d := &g.derived[i]
		explained := map[int]bool{}
		for k := range d.cells {
			cell := &d.cells[k]
			at := originOf(index, cell.origins, func(n int) bool { return slices.Contains(g.records[n].columns, cell.column) })
			if at >= 0 {
				if !explained[at] {
					explained[at] = true
					g.records[at].Explains = append(g.records[at].Explains, d.ref)
				}
				if c := g.records[at].Class; c == parity.Expected || c == parity.Excepted {
					cell.class = c
				}
			}
			g.tallies[cell.column].derived[d.surface][cell.class]++
			if d.variable != nil {
				d.variable.add(cell.column, true, cell.class)
			}
		}
	}
}

// originOf finds the difference that a fact follows from: at the origin's own
// path, or of the subject as a whole.
func originOf(index map[place][]int, origins []place, in func(int) bool) int {
	for _, o := range origins {
		for _, path := range []string{o.path, ""} {
			for _, n := range index[place{o.column, o.subject, path}] {
				if in(n) {
					return n
				}
			}
		}
	}
	return -1
}

// indexRecords finds differences by each column's own subject and path.
func (g *Judge) indexRecords() map[place][]int {
	index := map[place][]int{}
	for n := range g.records {
		x := g.records[n]
		for c, side := range x.aligned.Sides {
			if side == nil {
				continue
			}
			path := x.Path
			if x.paths != nil && x.paths[c] != "" {
				path = x.paths[c]
			}
			k := place{c, side.Subject.Key, path}
			index[k] = append(index[k], n)
		}
	}
	return index
}
