package policy

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestVerdict(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	equal, medium := text(web, "/ok", "1", "1"), text(web, "/a", "1", "2")
	label := text(web, "/metadata/labels/a", "1", "2")
	network := fact(web, parity.Network, "/spec/rule", absent(parity.Missing), here(parity.Equal, parity.Tuple, "x"))
	leak := text(web, "/a", "1", "2")
	leak.Cells[0].Class = parity.Leak
	hidden := func(path string) *parity.Joined {
		return fact(web, parity.Config, path, unknown(), here(parity.Equal, parity.Text, "1"))
	}
	gate := func(g config.Gate) *config.Config {
		if g.Mode == "" {
			g.Mode = "block"
		}
		return &config.Config{Gate: g, Indicators: map[string]config.Target{"M5": {Target: 100}}}
	}
	missingVar := fact(web, parity.Config, "/spec/containers[name=web]/env[name=A]/value", absent(parity.Missing), here(parity.Equal, parity.Text, "1"))
	bySurface := func(s parity.Surface, mode string) map[parity.Surface]string {
		return map[parity.Surface]string{s: mode}
	}
	for _, c := range []struct {
		name     string
		cfg      *config.Config
		opts     Options
		facts    []*parity.Joined
		outcome  parity.Outcome
		mode     string
		blocking int
		reason   string
	}{
		{"nothing differs", nil, Options{}, []*parity.Joined{equal}, parity.Pass, "report-only", 0, "no difference counts"},
		{"no facts", nil, Options{}, nil, parity.Inconclusive, "report-only", 0, "nothing could be compared in staging"},
		{"without parity.yaml", nil, Options{}, []*parity.Joined{equal, medium}, parity.Fail, "report-only", 1, "1 difference of severity medium or more: 1 medium"},
		{"a gate", gate(config.Gate{}), Options{}, []*parity.Joined{equal, medium, network}, parity.Fail, "block", 2, "2 differences of severity medium or more: 1 high, 1 medium"},
		{"less severe", gate(config.Gate{}), Options{}, []*parity.Joined{equal, label}, parity.Pass, "block", 0, "no difference of severity medium"},
		{"fails on less", gate(config.Gate{FailOn: ptr(parity.Info)}), Options{}, []*parity.Joined{equal, label}, parity.Fail, "block", 1, "1 info"},
		{"the flag wins", gate(config.Gate{FailOn: ptr(parity.Info)}), Options{Gate: ptr(ResolveGate(gate(config.Gate{FailOn: ptr(parity.Info)}), ptr(parity.Critical)))}, []*parity.Joined{equal, medium}, parity.Pass, "block", 0, "critical"},
		{"a leak comes first", gate(config.Gate{}), Options{}, []*parity.Joined{equal, leak}, parity.Fail, "block", 1, "1 leak"},
		{"an ignored surface", gate(config.Gate{Surfaces: bySurface(parity.Network, "ignore")}), Options{}, []*parity.Joined{equal, network}, parity.Pass, "block", 0, "no difference of"},
		{"a surface that reports", gate(config.Gate{Surfaces: bySurface(parity.Network, "report-only")}), Options{}, []*parity.Joined{equal, network}, parity.Pass, "block", 0, "no difference of"},
		{"one surface that blocks", gate(config.Gate{Mode: "report-only", Surfaces: bySurface(parity.Network, "block")}), Options{}, []*parity.Joined{equal, medium, network}, parity.Fail, "block", 1, "1 high"},
		{"and one that does not", gate(config.Gate{Mode: "report-only", Surfaces: bySurface(parity.Network, "block")}), Options{}, []*parity.Joined{equal, medium}, parity.Pass, "block", 0, "no difference of"},
		{"too little seen", gate(config.Gate{MinConfidence: 0.6}), Options{}, []*parity.Joined{equal, hidden("/x")}, parity.Inconclusive, "block", 0, "only 50 % of the facts could be compared in staging, 60 % wanted"},
		{"enough seen", gate(config.Gate{MinConfidence: 0.5}), Options{}, []*parity.Joined{equal, hidden("/x")}, parity.Pass, "block", 0, "no difference counts"},
		{"failure outweighs doubt", gate(config.Gate{MinConfidence: 0.9}), Options{}, []*parity.Joined{equal, medium, hidden("/x")}, parity.Fail, "block", 1, "1 medium"},
		{"a required surface", gate(config.Gate{Require: []parity.Surface{parity.Network}}), Options{}, []*parity.Joined{equal}, parity.Inconclusive, "block", 0, "surface network is required and nothing"},
		{"an indicator", gate(config.Gate{Indicators: true, FailOn: ptr(parity.Critical)}), Options{}, []*parity.Joined{equal, missingVar}, parity.Fail, "block", 0, "M5 environment variable parity is 0 % in staging, 100 % wanted"},
		{"an indicator that decides nothing", gate(config.Gate{FailOn: ptr(parity.Critical)}), Options{}, []*parity.Joined{equal, missingVar}, parity.Pass, "block", 0, "no difference of severity critical"},
		{
			"an indicator that is not known", gate(config.Gate{Indicators: true}),
			Options{},
			[]*parity.Joined{equal, equal, hidden("/spec/containers[name=web]/env[name=A]/value")},
			parity.Inconclusive, "block", 0, "M5 environment variable parity has no value in staging",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judgeWith(t, c.cfg, two, c.opts, Coverage{}, c.facts...).Verdict
			if v.Outcome != c.outcome || v.Mode != c.mode || v.Blocking != c.blocking || len(v.Reasons) == 0 || !strings.Contains(v.Reasons[0], c.reason) {
				t.Errorf("%+v", v)
			}
			if len(v.Differences) != c.blocking {
				t.Errorf("%d fingerprints for %d differences", len(v.Differences), c.blocking)
			}
		})
	}
}

func TestVerdictNamesTheGap(t *testing.T) {
	cov := Coverage{Gaps: []parity.ColumnGap{{Column: "staging", Gap: parity.Gap{Reason: "the directory is not there"}}}}
	v := judgeWith(t, nil, two, Options{}, cov).Verdict
	if !strings.Contains(v.Reasons[0], "the directory is not there") {
		t.Errorf("%+v", v)
	}
	v = judgeWith(t, nil, []parity.Column{production}, Options{}, Coverage{}).Verdict
	if v.Outcome != parity.Inconclusive {
		t.Errorf("the reference alone: %+v", v)
	}
}

func TestPercentNeverRoundsUpToAll(t *testing.T) {
	for v, want := range map[float64]string{1: "100 %", 0.9996: "99.9 %", 0.5: "50 %", 0: "0 %", 0.29: "29 %"} {
		if got := percent(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

// TestRequiredSurfaceWithGap holds that a surface that is required is not
// compared where a gap hides whole subjects of it, whether or not it is known
// what they would have held, and whether or not gate.allow accepts the gap.
func TestRequiredSurfaceWithGap(t *testing.T) {
	equal := fact(subject("Secret", "a", "a", "a"), parity.Secrets, "/data/a", here(parity.Equal, parity.Text, "1"), here(parity.Equal, parity.Text, "1"))
	required := &config.Config{Gate: config.Gate{
		Mode: "block", Require: []parity.Surface{parity.Secrets},
		Allow: []config.Allow{{Gap: config.GapMatch{Source: "*: kubernetes"}, Reason: "r", Owner: "o", Approver: "a", Expires: date("2027-01-01")}},
	}}
	for _, c := range []struct {
		name    string
		gap     parity.Gap
		column  string
		outcome parity.Outcome
	}{
		{"its kind", parity.Gap{Kind: "Secret"}, "staging", parity.Inconclusive},
		{"its kind in the reference", parity.Gap{Kind: "Secret"}, "production", parity.Inconclusive},
		{"every kind", parity.Gap{Kind: "[A-Z]*"}, "staging", parity.Inconclusive},
		{"everything", parity.Gap{}, "staging", parity.Inconclusive},
		{"another kind", parity.Gap{Kind: "Service"}, "staging", parity.Pass},
		{"a part of subjects", parity.Gap{Path: "/running"}, "staging", parity.Pass},
	} {
		c.gap.Source, c.gap.Reason = c.column+": kubernetes", "the identity may not list these"
		cov := Coverage{Gaps: []parity.ColumnGap{{Column: c.column, Gap: c.gap}}}
		v := judgeWith(t, required, two, Options{}, cov, equal).Verdict
		if v.Outcome != c.outcome || c.outcome == parity.Inconclusive && !strings.Contains(v.Reasons[0], "surface secret is required and not all of it was read in "+c.column+": the identity") {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}
