package policy

import (
	"slices"

	"github.com/envparity/parity"
)

// apart finds which columns stand apart from the others at one place.
type apart struct {
	// environments are the indices of columns by environment, in the order of
	// the columns.
	environments [][]int
	names        []string // of the environments
	// standing is, by column, what it holds: columns that hold the same have the
	// same number. known is false where that cannot be told of every column.
	standing []int
	known    bool
}

func newApart(columns []parity.Column) apart {
	a := apart{standing: make([]int, len(columns))}
	for i, c := range columns {
		at := slices.Index(a.names, c.Environment)
		if at < 0 {
			at = len(a.names)
			a.names, a.environments = append(a.names, c.Environment), append(a.environments, nil)
		}
		a.environments[at] = append(a.environments[at], i)
	}
	return a
}

// standings compares what the columns hold of a fact. It goes by what compare
// found: that a difference is expected makes it no less odd.
func (g *Judge) standings(j *parity.Joined) {
	a := &g.apart
	a.known = len(g.columns) > 2
	if !a.known {
		return
	}
	for c := range a.standing {
		a.standing[c] = g.ref
	}
	for n, c := range g.compared {
		cell := &j.Cells[c]
		if cell.Class.LowersConfidence() {
			a.known = false
			return
		}
		if !cell.Class.Counts() || !has(cell) && !has(&j.Cells[g.ref]) {
			continue
		}
		a.standing[c] = c
		for _, before := range g.compared[:n] {
			if a.standing[before] == before && j.Cells[before].Class.Counts() && alike(&j.Cells[before], cell) {
				a.standing[c] = before
				break
			}
		}
	}
}

// alike reports whether two compared columns hold the same at a path.
func alike(a, b *parity.Cell) bool {
	if a.Fact == nil || b.Fact == nil {
		return a.Fact == nil && b.Fact == nil
	}
	return a.Fact.Value.Kind == b.Fact.Value.Kind && a.Fact.Value.Canonical() == b.Fact.Value.Canonical()
}

// wholeStandings compares which columns have the subject.
func (g *Judge) wholeStandings() {
	a := &g.apart
	a.known = len(g.columns) > 2
	for c, side := range g.cur.aligned.Sides {
		a.standing[c] = 0
		if side != nil {
			a.standing[c] = 1
		}
	}
	for i := range g.cur.pending {
		for _, c := range g.compared {
			a.known = a.known && !g.cur.pending[i].Cells[c].Class.LowersConfidence()
		}
	}
}

// tellApart names the columns that stand apart, and the environment that they
// are of.
func (g *Judge) tellApart(d *parity.Difference) {
	a := &g.apart
	if !a.known {
		return
	}
	if few := a.minority(); len(few) == 1 {
		d.OddOneOut = g.names[few[0]]
	} else {
		for _, c := range few {
			d.Minority = append(d.Minority, g.names[c])
		}
	}
	d.Within = a.within()
}

// minority are the columns outside the standing that at least two thirds have.
func (a *apart) minority() []int {
	for first, s := range a.standing {
		if slices.Index(a.standing, s) != first {
			continue
		}
		var others []int
		for c, other := range a.standing {
			if other != s {
				others = append(others, c)
			}
		}
		if len(others) > 0 && 3*len(others) <= len(a.standing) {
			return others
		}
	}
	return nil
}

// within is the one environment whose instances do not agree, where all other
// environments hold what at least half of its instances hold.
func (a *apart) within() string {
	mixed, outside := -1, -1
	for e, columns := range a.environments {
		switch first := a.standing[columns[0]]; {
		case slices.ContainsFunc(columns, func(c int) bool { return a.standing[c] != first }):
			if mixed >= 0 {
				return ""
			}
			mixed = e
		case outside >= 0 && first != outside:
			return ""
		default:
			outside = first
		}
	}
	if mixed < 0 {
		return ""
	}
	alike := 0
	for _, c := range a.environments[mixed] {
		if a.standing[c] == outside {
			alike++
		}
	}
	if outside >= 0 && 2*alike < len(a.environments[mixed]) {
		return "" // environments differ too
	}
	return a.names[mixed]
}
