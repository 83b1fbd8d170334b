package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// JudgeDrift gives every drift of a result its severity and service, and the
// result its indicator and verdict.
//
// now is the time by which entries of gate.allow are in force.
func JudgeDrift(cfg *config.Config, now time.Time, opts Options, r *parity.DriftResult) error {
	if cfg == nil {
		cfg = &config.Config{}
	}
	g := &Judge{cfg: cfg, opts: opts}
	if g.opts.Gate == nil {
		gate := ResolveGate(cfg, nil)
		g.opts.Gate = &gate
	}
	var err error
	if g.allowances, err = newAllowances(cfg, now); err != nil {
		return err
	}
	if g.services, err = newServices(cfg); err != nil {
		return err
	}
	if g.severities, err = newSeverities(cfg); err != nil {
		return err
	}
	v := &judging{gate: *g.opts.Gate}
	v.Mode = v.gate.mode
	w := driftWeight{bySeverity: map[parity.Severity]int{}}
	r.Indicators = []parity.Indicator{}
	for i := range r.Instances {
		x := &r.Instances[i]
		for j := range x.Drifts {
			g.gradeDrift(&x.Drifts[j])
			w.add(v, &x.Drifts[j])
		}
		for j := range x.Owned {
			for k := range x.Owned[j].Differences {
				g.gradeDrift(&x.Owned[j].Differences[k])
			}
		}
		m := g.driftCount(x)
		r.Indicators = append(r.Indicators, m)
		g.weighDriftCount(v, m)
		judgeGaps(g.opts.Gate, g.opts.Kinds, g.allowances, x.Gaps)
		weighCoverage(v, x)
	}
	w.settle(v)
	r.Verdict = v.Verdict
	r.Findings = append([]parity.PolicyFinding{}, allowFindings(g.allowances, cfg.Pos)...)
	return nil
}

// sideName says which side of an instance a gap is on.
func sideName(instance, column string) string {
	if column == string(parity.Desired) {
		return "what " + instance + " declares"
	}
	return "what runs in " + instance
}

// gradeDrift gives a drift its service and severity.
func (g *Judge) gradeDrift(d *parity.Drift) {
	svc := g.services.of(d.Aligned)
	d.Subject.Service, d.Subject.Owner = svc.name, svc.owner
	c := severityCase{
		surface: d.Surface, class: driftClass(d.Kind), change: d.Change, criticality: svc.criticality,
		kind: d.Subject.Kind, path: d.Path, logical: d.Path,
	}
	var src source
	d.Severity, src = g.severities.of(c)
	if src.row != nil && src.moves {
		row := *src.row // the built-in reasons speak of two environments
		row.Why = ""
		src.row = &row
	}
	d.Why = src.why(c, d.Severity)
}

// driftClass is the class that the severity table knows a kind of drift by.
func driftClass(k parity.DriftKind) parity.Class {
	switch k {
	case parity.DriftMissing, parity.DriftRemoved:
		return parity.Missing
	case parity.DriftAdded, parity.DriftWidened:
		return parity.Extra
	default:
		return parity.Changed
	}
}

// driftWeight counts what decides the verdict and what does not.
type driftWeight struct {
	aside
	bySeverity map[parity.Severity]int
}

func (w *driftWeight) add(v *judging, d *parity.Drift) {
	v.Counting++
	switch mode := v.gate.surfaces[min(int(d.Surface), surfaces-1)]; {
	case mode == modeIgnore:
		w.ignored++
	case !v.gate.decides(d.Surface):
		w.reported++
	case d.Severity < v.gate.failOn:
		w.mild++
	default:
		v.Blocking++
		w.bySeverity[d.Severity]++
		if !slices.Contains(v.Differences, d.Fingerprint) {
			v.Differences = append(v.Differences, d.Fingerprint)
		}
	}
}

// settle makes the verdict. What fails outweighs what cannot be told.
func (w *driftWeight) settle(v *judging) {
	if v.Blocking > 0 {
		v.failed = slices.Insert(v.failed, 0, failing(v.Blocking, "drift", w.bySeverity, v.gate.failOn))
	}
	v.remarks = append(v.remarks, w.remarks("drift", v.gate.failOn)...)
	v.settle(func() string {
		if v.Counting > 0 {
			return fmt.Sprintf("no drift of severity %s or more decides", v.gate.failOn)
		}
		return "what runs is what is declared"
	})
}

// driftCount is M2 of one instance. A missing object and a list that grew are
// one drift each; the denominator counts the declared facts that could be
// compared.
func (g *Judge) driftCount(x *parity.DriftInstance) parity.Indicator {
	m := parity.Indicator{
		ID: "M2", Name: "config drift count", Column: x.Name, Unit: "count",
		Numerator: len(x.Drifts), Denominator: x.Counts.Compared(), Unknown: x.Counts.Unknown,
	}
	target := g.cfg.Indicators["M2"].Target
	m.Target = &target
	for i := range x.Drifts {
		if i == evidenceKept {
			m.Evidence = append(m.Evidence, fmt.Sprintf("and %d more", len(x.Drifts)-i))
			break
		}
		m.Evidence = append(m.Evidence, x.Drifts[i].Fingerprint)
	}
	if m.Denominator > 0 || m.Numerator > 0 {
		v := float64(m.Numerator)
		met := v <= target
		m.Value, m.Met = &v, &met
	}
	return m
}

// weighDriftCount holds M2 against its target, where parity.yaml sets one.
func (g *Judge) weighDriftCount(v *judging, m parity.Indicator) {
	t, asked := g.cfg.Indicators["M2"]
	if !asked || m.Met == nil || *m.Met {
		return
	}
	text := fmt.Sprintf("M2 config drift count is %d in %s, at most %g wanted", m.Numerator, m.Column, t.Target)
	if !v.gate.indicators {
		v.remarks = append(v.remarks, text)
		return
	}
	v.failed = append(v.failed, text)
	if !slices.Contains(v.Indicators, m.ID) {
		v.Indicators = append(v.Indicators, m.ID)
	}
}

// weighCoverage finds what was not compared and had to be. What a source that
// failed would have declared is not even counted as unknown.
func weighCoverage(v *judging, x *parity.DriftInstance) {
	share, ok := coverage(x.Counts, hiddenIn(x.Gaps))
	switch {
	case !ok && x.Counts.Set-x.Counts.Derived == 0:
		v.doubts = append(v.doubts, "nothing is declared in "+x.Name+gapText(x))
	case !ok:
		v.doubts = append(v.doubts, "nothing could be compared in "+x.Name+gapText(x))
	case share < v.gate.minConfidence:
		v.doubts = append(v.doubts, fmt.Sprintf("only %s of the declared facts could be compared in %s, %s wanted",
			percent(share), x.Name, percent(v.gate.minConfidence)))
	}
	v.weighGaps(x.Gaps, func(column string) string { return sideName(x.Name, column) })
	for _, s := range v.gate.require {
		share, ok := coverage(x.Surfaces[s], 0)
		switch {
		case !ok:
			v.doubts = append(v.doubts, fmt.Sprintf("surface %s is required and nothing of it was compared in %s", s, x.Name))
		case share < v.gate.minConfidence:
			v.doubts = append(v.doubts, fmt.Sprintf("surface %s is required and only %s of it could be compared in %s", s, percent(share), x.Name))
		}
	}
}

// coverage is the share of the declared facts that could be compared. hidden are
// facts that gaps may hide and that are not counted as unknown.
func coverage(c parity.DriftCounts, hidden int) (share float64, ok bool) {
	compared := c.Compared()
	if compared == 0 {
		return 0, false
	}
	return float64(compared) / float64(compared+c.Unknown+hidden), true
}

func hiddenIn(gaps []parity.ColumnGap) int {
	n := 0
	for i := range gaps {
		n += hiddenBy(&gaps[i])
	}
	return n
}

func gapText(x *parity.DriftInstance) string {
	if len(x.Gaps) == 0 {
		return ""
	}
	return ": " + x.Gaps[0].Reason
}
