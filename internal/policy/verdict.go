package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// judging is the making of a verdict.
type judging struct {
	parity.Verdict
	gate    Gate
	doubts  []string // why it cannot be told
	remarks []string // what did not decide
	failed  []string
}

// verdict answers whether parity holds. What fails outweighs what cannot be
// told: a leak is a leak, however little was seen.
func (g *Judge) verdict(scores []parity.Score, indicators []parity.Indicator, cov Coverage) parity.Verdict {
	v := &judging{gate: *g.opts.Gate}
	v.Mode = v.gate.mode
	g.weighDifferences(v)
	g.weighIndicators(v, indicators)
	g.weighConfidence(v, scores, cov)
	g.weighBehaviour(v, cov)
	v.weighGaps(cov.Gaps, func(column string) string { return column })
	v.settle(func() string { return g.passing(v) })
	return v.Verdict
}

// settle makes the verdict of what was weighed. What fails outweighs what
// cannot be told; passing says why nothing does.
func (v *judging) settle(passing func() string) {
	switch {
	case len(v.failed) > 0:
		v.Outcome = parity.Fail
	case len(v.doubts) > 0:
		v.Outcome = parity.Inconclusive
	default:
		v.Outcome = parity.Pass
		v.failed = []string{passing()}
	}
	v.Reasons = slices.Concat(v.failed, v.doubts, v.remarks)
}

func (g *Judge) passing(v *judging) string {
	if v.Counting == 0 {
		return "no difference counts against parity"
	}
	return fmt.Sprintf("no difference of severity %s or more decides", v.gate.failOn)
}

// aside are the counting differences that do not decide, by why.
type aside struct{ mild, known, unsure, presumed, reported, ignored int }

// weighDifferences finds the differences that fail the verdict.
func (g *Judge) weighDifferences(v *judging) {
	var a aside
	bySeverity := map[parity.Severity]int{}
	named := map[string]bool{}
	leaks := 0
	var unsure, presumed int
	for i := range g.records {
		x := g.records[i]
		if !x.Class.Counts() {
			continue
		}
		v.Counting++
		switch mode := v.gate.surfaces[x.Surface]; {
		case mode == modeIgnore:
			a.ignored++
		case !v.gate.decides(x.Surface):
			a.reported++
		case x.Baseline:
			a.known++
			v.Known++
		case x.Presumed:
			a.presumed++
			if x.Severity >= v.gate.failOn {
				presumed++
			}
		case x.unsure:
			a.unsure++
			if x.Severity >= v.gate.failOn {
				unsure++
			}
		case x.Severity < v.gate.failOn:
			a.mild++
		default:
			v.Blocking++
			bySeverity[x.Severity]++
			if x.Class == parity.Leak {
				leaks++
			}
			if !named[x.Fingerprint] {
				named[x.Fingerprint] = true
				v.Differences = append(v.Differences, x.Fingerprint)
			}
		}
	}
	if leaks > 0 {
		v.failed = append(v.failed, fmt.Sprintf("%s of one environment's own into another", counted(leaks, "leak")))
	}
	if v.Blocking > 0 {
		v.failed = append(v.failed, failing(v.Blocking, "difference", bySeverity, v.gate.failOn))
	}
	v.remarks = append(v.remarks, a.remarks("difference", v.gate.failOn)...)
	g.weighAmbiguities(v, unsure, presumed)
}

// weighAmbiguities makes doubts of what would fail the verdict if it were
// certain. An ambiguity never fails one, and yet nothing that it may hide passes.
func (g *Judge) weighAmbiguities(v *judging, unsure, presumed int) {
	if unsure > 0 {
		v.doubts = append(v.doubts, fmt.Sprintf("%s of severity %s or more would fail if the subjects are the same, which is not sure; align in parity.yaml says it",
			counted(unsure, "difference"), v.gate.failOn))
	}
	if presumed > 0 {
		v.doubts = append(v.doubts, fmt.Sprintf("%s of severity %s or more would fail if a gap hides nothing of them, which is presumed and not sure",
			counted(presumed, "difference"), v.gate.failOn))
	}
	for _, c := range append(slices.Clone(g.compared), g.ref) {
		if n := g.undecided[c]; n > 0 {
			v.doubts = append(v.doubts, fmt.Sprintf("%s declares %s more than once, in different ways", g.names[c], counted(n, "fact")))
		}
	}
}

func failing(n int, what string, bySeverity map[parity.Severity]int, failOn parity.Severity) string {
	var parts []string
	for s := parity.Critical; ; s-- {
		if bySeverity[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", bySeverity[s], s))
		}
		if s == failOn || s == parity.Info {
			break
		}
	}
	return fmt.Sprintf("%s of severity %s or more: %s", counted(n, what), failOn, strings.Join(parts, ", "))
}

// remarks says what counts against parity and yet decided nothing.
func (a aside) remarks(what string, failOn parity.Severity) []string {
	var out []string
	for _, x := range []struct {
		n    int
		text string
	}{
		{a.unsure, "of pairs that are not sure (ambiguous), which never fail a gate"},
		{a.presumed, "that a gap may hide and presumably does not, which never fail a gate"},
		{a.known, "that the baseline holds already"},
		{a.reported, "on surfaces that only report"},
		{a.ignored, "on surfaces that the gate ignores"},
		{a.mild, "less severe than " + failOn.String()},
	} {
		if x.n > 0 {
			out = append(out, fmt.Sprintf("%s %s", counted(x.n, what), x.text))
		}
	}
	return out
}

// weighIndicators holds indicators against their targets, where the gate looks
// at them.
func (g *Judge) weighIndicators(v *judging, indicators []parity.Indicator) {
	for _, x := range indicators {
		if x.Target == nil {
			continue
		}
		var into *[]string
		var text string
		switch {
		case x.Met != nil && !*x.Met:
			into = &v.failed
			text = fmt.Sprintf("%s %s is %s in %s, %s wanted", x.ID, x.Name, percent(*x.Value), x.Column, percent(*x.Target))
		case x.Value == nil && x.Unknown > 0:
			into = &v.doubts
			text = fmt.Sprintf("%s %s has no value in %s: all %d are unknown", x.ID, x.Name, x.Column, x.Unknown)
		default:
			continue
		}
		if !v.gate.indicators {
			into = &v.remarks
		} else if !slices.Contains(v.Indicators, x.ID) {
			v.Indicators = append(v.Indicators, x.ID)
		}
		*into = append(*into, text)
	}
}

// weighConfidence finds what was not seen and had to be.
func (g *Judge) weighConfidence(v *judging, scores []parity.Score, cov Coverage) {
	if len(g.compared) == 0 {
		v.doubts = append(v.doubts, "there is nothing to compare the reference with")
	}
	seen := map[string]map[string]parity.Score{}
	for _, s := range scores {
		switch s.Scope {
		case "environment":
			g.weighScore(v, s, cov)
		case "surface":
			if seen[s.Column] == nil {
				seen[s.Column] = map[string]parity.Score{}
			}
			seen[s.Column][s.Name] = s
		}
	}
	for _, c := range g.compared {
		for _, s := range v.gate.require {
			x, ok := seen[g.names[c]][s.String()]
			switch {
			case !ok || x.Value == nil:
				v.doubts = append(v.doubts, fmt.Sprintf("surface %s is required and nothing of it was compared in %s", s, g.names[c]))
			case x.Confidence < v.gate.minConfidence:
				v.doubts = append(v.doubts, fmt.Sprintf("surface %s is required and only %s of it could be compared in %s", s, percent(x.Confidence), g.names[c]))
			default:
				if gap, ok := gapOver(g.opts.Kinds, cov, s, g.names[c], g.names[g.ref]); ok {
					v.doubts = append(v.doubts, fmt.Sprintf("surface %s is required and not all of it was read in %s: %s", s, gap.Column, gap.Reason))
				}
			}
		}
	}
}

// gapOver gives a gap of one of the columns that hides whole subjects of a
// surface. What is not known to be there lowers no confidence, and yet was not
// compared.
func gapOver(declared *kinds.Set, cov Coverage, s parity.Surface, columns ...string) (parity.ColumnGap, bool) {
	for _, gap := range cov.Gaps {
		if gap.Path != "" || !slices.Contains(columns, gap.Column) {
			continue
		}
		if kind, name, named := declared.OfGap(&gap.Gap); !named || kind.StandsOn(name, s) {
			return gap, true
		}
	}
	return parity.ColumnGap{}, false
}

func (g *Judge) weighScore(v *judging, s parity.Score, cov Coverage) {
	switch {
	case s.Value == nil:
		text := "nothing could be compared in " + s.Column
		if gap := firstGap(cov, s.Column, g.names[g.ref]); gap != "" {
			text += ": " + gap
		}
		v.doubts = append(v.doubts, text)
	case s.Confidence < v.gate.minConfidence:
		v.doubts = append(v.doubts, fmt.Sprintf("only %s of the facts could be compared in %s, %s wanted",
			percent(s.Confidence), s.Column, percent(v.gate.minConfidence)))
	}
}

// firstGap gives the reason of a gap of one of the columns, in their order.
func firstGap(cov Coverage, columns ...string) string {
	for _, c := range columns {
		for _, gap := range cov.Gaps {
			if gap.Column == c {
				return gap.Reason
			}
		}
	}
	return ""
}

// percent gives a share for people, rounded down so that 99.96 % is not 100.
func percent(v float64) string {
	tenths := int(v*1000 + 1e-9)
	if tenths%10 == 0 {
		return fmt.Sprintf("%d %%", tenths/10)
	}
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}
