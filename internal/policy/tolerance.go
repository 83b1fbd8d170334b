package policy

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// tolerance is the expected ratio of sizes on one surface, by column; 0 is
// none.
type tolerance struct {
	ratios   []float64
	within   float64
	decision *parity.Decision
}

// newTolerances makes the tolerances of parity.yaml; with the rule sizing off
// there are none.
func newTolerances(cfg *config.Config, columns []parity.Column) []tolerance {
	out := make([]tolerance, surfaces)
	if slices.Contains(cfg.Rules.Off, parity.Sizing) {
		return out
	}
	for s, c := range cfg.Surfaces {
		if int(s) >= surfaces || len(c.Tolerance) == 0 {
			continue
		}
		t := &out[s]
		t.within = c.Within
		t.ratios = make([]float64, len(columns))
		for i, column := range columns {
			t.ratios[i] = c.Tolerance[column.Environment]
			if r, ok := c.Tolerance[column.String()]; ok {
				t.ratios[i] = r
			}
		}
		t.decision = &parity.Decision{
			Kind: "expectation", Name: "tolerance " + s.String(),
			Reason: fmt.Sprintf("by the rule %s, sizes on surface %s are expected at a ratio to the reference", parity.Sizing, s),
		}
	}
	return out
}

// tolerate explains a size that stands at the expected ratio to the
// reference's, and notes on any other by how much it is off.
func (g *Judge) tolerate(r *ruling, j *parity.Joined, column int) {
	t := &g.tolerances[surfaceOf(j)]
	if t.ratios == nil || t.ratios[column] == 0 {
		return
	}
	have, whole, ok := size(j.Cells[column].Fact)
	want, wholeRef, okRef := size(j.Cells[g.ref].Fact)
	if !ok || !okRef || want == 0 {
		return
	}
	ratio, expected := have/want, t.ratios[column]
	text := fmt.Sprintf("%s times the reference, %s expected", short(ratio), short(expected))
	if at(ratio, expected, t.within) || whole && wholeRef && nearest(have, want*expected) {
		r.class, r.decision = parity.Expected, t.decision
	} else {
		text += " within " + short(t.within*100) + " %"
	}
	r.note = joinNote(r.note, text)
}

// at reports whether the ratio is the expected one, give or take a share of it.
// A hair more is let through for what floating point does to 0.05.
func at(ratio, expected, within float64) bool {
	return math.Abs(ratio-expected) <= expected*within+1e-9
}

// nearest reports whether a whole number is as near to a size as whole numbers
// come: three replicas at a quarter are one, and never none.
func nearest(have, want float64) bool {
	return have >= 1 && (have == math.Floor(want) || have == math.Ceil(want) || want < 1 && have == 1)
}

// size gives a fact's value as a number, and whether it counts whole things.
func size(f *parity.Fact) (v float64, whole, ok bool) {
	if f == nil || f.Value.Kind != parity.Number && f.Value.Kind != parity.Quantity {
		return 0, false, false
	}
	v, err := strconv.ParseFloat(f.Value.Canonical(), 64)
	return v, f.Value.Kind == parity.Number && v == math.Trunc(v), err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
