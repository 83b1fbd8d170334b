package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// drifting is a result of one instance with a drift on each of the surfaces.
func drifting(unknown int, surfaces ...parity.Surface) *parity.DriftResult {
	x := parity.DriftInstance{
		Name: "production", Counts: parity.DriftCounts{Set: 100 + unknown, Equal: 100 - len(surfaces), Drifted: len(surfaces), Unknown: unknown},
		Surfaces: map[parity.Surface]parity.DriftCounts{parity.Config: {Set: 10, Equal: 10}},
	}
	for _, s := range surfaces {
		k := parity.Key{Kind: "Deployment", Scope: "shop", Name: "checkout"}
		x.Drifts = append(x.Drifts, parity.Drift{
			Fingerprint: s.String(), Surface: s, Path: "/spec/a", Kind: parity.DriftRemoved, Subject: parity.SubjectRef{Kind: k.Kind, Scope: k.Scope, Name: k.Name},
			Aligned: &parity.Aligned{Key: k, Logical: k, Sides: make([]*parity.SubjectFacts, 2)},
		})
	}
	return &parity.DriftResult{Instances: []parity.DriftInstance{x}}
}

func withGap(r *parity.DriftResult) *parity.DriftResult {
	r.Instances[0].Gaps = []parity.ColumnGap{{Column: "desired", Gap: parity.Gap{Source: "production: kubernetes-manifests deploy", Reason: "it cannot be rendered"}}}
	return r
}

func TestJudgeDrift(t *testing.T) {
	high := parity.High
	for _, c := range []struct {
		name    string
		cfg     config.Config
		opts    Options
		result  *parity.DriftResult
		outcome parity.Outcome
		reason  string
	}{
		{"none", config.Config{}, Options{}, drifting(0), parity.Pass, "what runs is what is declared"},
		{"a high one", config.Config{}, Options{}, drifting(0, parity.Network), parity.Fail, "1 drift of severity medium or more: 1 high"},
		{"a mild one", config.Config{}, Options{}, drifting(0, parity.Platform), parity.Pass, "no drift of severity medium or more decides"},
		{"milder than asked for", config.Config{Gate: config.Gate{FailOn: &high}}, Options{}, drifting(0, parity.Config), parity.Pass, "1 drift less severe than high"},
		{"on a surface that is ignored", config.Config{Gate: config.Gate{Surfaces: map[parity.Surface]string{parity.Network: "ignore"}}}, Options{}, drifting(0, parity.Network), parity.Pass, "1 drift on surfaces that the gate ignores"},
		{"of a critical service", config.Config{Services: []config.Service{{Name: "checkout", Criticality: parity.Critical}}}, Options{}, drifting(0, parity.Network), parity.Fail, "1 critical"},
		{"too little seen", config.Config{Gate: config.Gate{MinConfidence: 0.9}}, Options{}, drifting(50), parity.Inconclusive, "only 66.6 % of the declared facts could be compared in production, 90 % wanted"},
		{"nothing seen", config.Config{}, Options{}, &parity.DriftResult{Instances: []parity.DriftInstance{{Name: "p", Counts: parity.DriftCounts{Set: 3, Unknown: 3}, Gaps: []parity.ColumnGap{{Gap: parity.Gap{Reason: "no answer"}}}}}}, parity.Inconclusive, "nothing could be compared in p: no answer"},
		{"nothing declared", config.Config{}, Options{}, &parity.DriftResult{Instances: []parity.DriftInstance{{Name: "p"}}}, parity.Inconclusive, "nothing is declared in p"},
		{"a declared source that failed", config.Config{}, Options{}, withGap(drifting(0)), parity.Inconclusive, "not all of what production declares was read: kubernetes-manifests deploy: it cannot be rendered"},
		{"a required surface that is a gap", config.Config{Gate: config.Gate{Require: []parity.Surface{parity.Secrets}}}, Options{}, drifting(0), parity.Inconclusive, "surface secret is required and nothing of it was compared in production"},
		{"a required surface that was seen", config.Config{Gate: config.Gate{Require: []parity.Surface{parity.Config}}}, Options{}, drifting(0), parity.Pass, "what runs is what is declared"},
		{"a target that is missed", config.Config{Indicators: map[string]config.Target{"M2": {Target: 1}}, Gate: config.Gate{Indicators: true}}, Options{}, drifting(0, parity.Platform, parity.Incident), parity.Fail, "M2 config drift count is 2 in production, at most 1 wanted"},
		{"a target that is met", config.Config{Indicators: map[string]config.Target{"M2": {Target: 2}}, Gate: config.Gate{Indicators: true}}, Options{}, drifting(0, parity.Platform, parity.Incident), parity.Pass, "no drift of severity medium"},
		{"a target that the gate does not look at", config.Config{Indicators: map[string]config.Target{"M2": {Target: 1}}}, Options{}, drifting(0, parity.Platform, parity.Incident), parity.Pass, "M2 config drift count is 2"},
		{"a row of parity.yaml", config.Config{Severities: []config.SeverityRow{{Surface: []parity.Surface{parity.Platform}, Severity: parity.Critical}}}, Options{}, drifting(0, parity.Platform), parity.Fail, "1 critical"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.opts.Kinds = declaredKinds()
			if err := JudgeDrift(&c.cfg, day, c.opts, c.result); err != nil {
				t.Fatal(err)
			}
			v := c.result.Verdict
			if v.Outcome != c.outcome || !slices.ContainsFunc(v.Reasons, func(s string) bool { return strings.Contains(s, c.reason) }) {
				t.Errorf("%s %q, want %s because %q", v.Outcome, v.Reasons, c.outcome, c.reason)
			}
			if v.Mode != "report-only" {
				t.Errorf("mode %s", v.Mode)
			}
		})
	}
}

// M2 counts, and holds what it counted out of what could be compared.
func TestDriftIndicator(t *testing.T) {
	r := drifting(7, parity.Network, parity.Config)
	if err := JudgeDrift(nil, day, Options{Kinds: declaredKinds()}, r); err != nil {
		t.Fatal(err)
	}
	m := r.Indicators[0]
	if m.ID != "M2" || m.Unit != "count" || *m.Value != 2 || *m.Target != 0 || *m.Met || m.Numerator != 2 || m.Denominator != 100 || m.Unknown != 7 || len(m.Evidence) != 2 {
		t.Errorf("%+v", m)
	}
	empty := &parity.DriftResult{Instances: []parity.DriftInstance{{Name: "p"}}}
	if err := JudgeDrift(nil, day, Options{Kinds: declaredKinds()}, empty); err != nil {
		t.Fatal(err)
	}
	if m := empty.Indicators[0]; m.Value != nil || m.Met != nil {
		t.Errorf("nothing compared gives %+v", m)
	}
}
