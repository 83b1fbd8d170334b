package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Finish judges what was added. The judge is of no use afterwards.
func (g *Judge) Finish(cov Coverage) Judgement {
	g.leave()
	g.settleDerived()
	g.settleCalls()
	for _, v := range g.gauges.late {
		g.countVariable(v)
	}
	unused := g.applyBaseline()
	judgeGaps(g.opts.Gate, g.opts.Kinds, g.allowances, cov.Gaps)
	slices.SortStableFunc(g.records, compareRecords)
	j := Judgement{
		Classes:    g.classCounts(),
		Scores:     g.scores(cov),
		Indicators: g.indicators(cov),
		Findings:   slices.Concat(g.expectationFindings(), g.exceptionFindings(), allowFindings(g.allowances, g.cfg.Pos), unused, g.runbookFindings()),
	}
	j.Verdict = g.verdict(j.Scores, j.Indicators, cov)
	j.KeyID = g.opts.KeyID
	j.Differences = make([]parity.Difference, len(g.records))
	for i := range g.records {
		x := g.records[i]
		g.records[i] = nil // the result is a copy, and there may be very many
		slices.SortFunc(x.Explains, func(a, b parity.FactRef) int {
			return cmp.Or(a.Subject.Compare(b.Subject), strings.Compare(a.Path, b.Path))
		})
		j.Differences[i] = x.Difference
		if g.opts.KeepValues {
			j.Values = append(j.Values, x.values)
		}
	}
	slices.SortStableFunc(j.Findings, func(a, b parity.PolicyFinding) int { return cmp.Compare(b.Severity, a.Severity) })
	return j
}

func compareRecords(a, b *record) int {
	return cmp.Or(
		a.aligned.Key.Compare(b.aligned.Key),
		strings.Compare(a.Path, b.Path),
		cmp.Compare(a.Class, b.Class),
		slices.Compare(a.columns, b.columns),
		strings.Compare(a.Fingerprint, b.Fingerprint),
	)
}

// classCounts gives each compared column's facts by class. Derived facts are
// in all of its sums.
func (g *Judge) classCounts() []parity.ClassCount {
	var out []parity.ClassCount
	for _, c := range g.compared {
		t := &g.tallies[c]
		x := parity.ClassCount{
			Column: g.names[c], Facts: t.paired + t.onlyHere, Reference: t.paired + t.onlyReference,
			Paired: t.paired, OnlyHere: t.onlyHere, OnlyReference: t.onlyReference,
			Counts: map[parity.Class]int{}, Derived: map[parity.Class]int{},
			Surfaces: map[parity.Surface]map[parity.Class]int{},
		}
		for s := range surfaces {
			for _, class := range parity.Classes() {
				derived := t.derived[s][class]
				n := derived
				for i := range g.parts {
					if g.parts[i] != nil {
						n += g.parts[i][c].byClass[s][class]
					}
				}
				if n == 0 {
					continue
				}
				x.Counts[class] += n
				if derived > 0 {
					x.Derived[class] += derived
				}
				surface := parity.Surface(s)
				if x.Surfaces[surface] == nil {
					x.Surfaces[surface] = map[parity.Class]int{}
				}
				x.Surfaces[surface][class] += n
			}
		}
		out = append(out, x)
	}
	return out
}
