package html

import (
	"maps"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// matrix is surfaces by environments.
type matrix struct {
	Columns []string
	Rows    []matrixRow
}

type matrixRow struct {
	Surface string
	Cells   []matrixCell
}

type matrixCell struct {
	Score, Confidence, Band string
	Counting                int
	Facts                   string
	// Looked is unset where nothing of the surface was read on either side.
	Looked bool
	Filter string // what the filter box is set to
}

// matrixOf gives a row for each surface of which anything was read, and above
// them one for the whole environment.
func matrixOf(r *parity.Result) matrix {
	var m matrix
	for _, c := range r.Classes {
		m.Columns = append(m.Columns, view.Line(c.Column))
	}
	if len(m.Columns) == 0 {
		return m
	}
	for _, s := range parity.Surfaces() {
		row, looked := matrixRow{Surface: s.String()}, false
		for i := range r.Classes {
			cell := matrixCellOf(r, &r.Classes[i], s)
			looked = looked || cell.Looked
			row.Cells = append(row.Cells, cell)
		}
		if looked {
			m.Rows = append(m.Rows, row)
		}
	}
	return m
}

func matrixCellOf(r *parity.Result, c *parity.ClassCount, s parity.Surface) matrixCell {
	score, scored := view.ScoreOf(r, c.Column, "surface", s.String())
	facts := 0
	for _, n := range c.Surfaces[s] {
		facts += n
	}
	cell := matrixCell{
		Score: view.Score(score), Band: bandOf(score), Facts: view.Int(facts),
		Counting: score.Counting, Looked: scored || facts > 0,
		Filter: "in:" + view.Line(c.Column) + " surface:" + s.String(),
	}
	if !scored {
		cell.Counting = view.CountingOn(*c, s)
	}
	if scored {
		cell.Confidence = view.Percent(score.Confidence)
	}
	return cell
}

// classTable is where every fact ended, with the sums.
type classTable struct {
	Columns []string
	Rows    []classRow
	Sums    []classRow
}

type classRow struct {
	Label, Meaning, Sign string
	Numbers              []string
}

func classesOf(r *parity.Result) classTable {
	var t classTable
	for _, c := range r.Classes {
		t.Columns = append(t.Columns, view.Line(c.Column))
	}
	if len(t.Columns) == 0 {
		return t
	}
	rows, sums := view.ClassRows(r)
	for _, row := range rows {
		out := classRow{Label: row.Class.String(), Meaning: view.Meaning(row.Class)}
		switch {
		case row.Class.Counts():
			out.Sign = "counts"
		case row.Class.LowersConfidence():
			out.Sign = "lowers confidence"
		}
		for _, n := range row.Counts {
			out.Numbers = append(out.Numbers, view.Int(n))
		}
		t.Rows = append(t.Rows, out)
	}
	sum := func(label string, number func(i int, c parity.ClassCount) int) {
		row := classRow{Label: label}
		for i, c := range r.Classes {
			row.Numbers = append(row.Numbers, view.Int(number(i, c)))
		}
		t.Sums = append(t.Sums, row)
	}
	reference := view.Reference(r)
	sum("sum", func(i int, _ parity.ClassCount) int { return sums[i] })
	sum("= on both sides", func(_ int, c parity.ClassCount) int { return c.Paired })
	sum("+ only here", func(_ int, c parity.ClassCount) int { return c.OnlyHere })
	sum("+ only in "+reference, func(_ int, c parity.ClassCount) int { return c.OnlyReference })
	sum("facts read here (both and here)", func(_ int, c parity.ClassCount) int { return c.Facts })
	sum("facts read in "+reference, func(_ int, c parity.ClassCount) int { return c.Reference })
	sum("of the sum, derived: they explain and are no differences", func(_ int, c parity.ClassCount) int { return view.Derived(c) })
	return t
}

func toolList(tools map[string]string) []string {
	var out []string
	for _, name := range sorted(tools) {
		out = append(out, view.Line(name)+" "+view.Line(tools[name]))
	}
	return out
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
