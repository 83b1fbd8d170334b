package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func blocking(surfaces map[parity.Surface]string, all ...config.Allow) *config.Config {
	return &config.Config{Gate: config.Gate{Mode: "block", Surfaces: surfaces, Allow: all}}
}

func allowing(m config.GapMatch, until string) config.Allow {
	return config.Allow{Gap: m, Reason: "it moves", Owner: "o", Approver: "a", Expires: date(until)}
}

// A gap is a doubt wherever it may be about a surface that decides, and nowhere
// else.
func TestGapsAreDoubts(t *testing.T) {
	web := text(subject("Deployment", "web", "web", "web"), "/a", "1", "1")
	ignore := func(on ...parity.Surface) map[parity.Surface]string {
		out := map[parity.Surface]string{}
		for _, s := range on {
			out[s] = "ignore"
		}
		return out
	}
	whole := parity.Gap{Source: "staging: terraform parity.yaml:3:9", Where: "a.tfstate", Reason: "it is cut off"}
	for _, c := range []struct {
		name    string
		cfg     *config.Config
		column  string
		gap     parity.Gap
		outcome parity.Outcome
		unseen  string
	}{
		{"a whole source", blocking(nil), "staging", whole, parity.Inconclusive, "1 source of staging was not read in full (terraform a.tfstate): what it may hide is not known."},
		{"of the reference", blocking(nil), "production", whole, parity.Inconclusive, "1 source of production was not read in full"},
		{"a part with a path", blocking(nil), "staging", parity.Gap{Kind: "Deployment", Scope: "shop", Name: "web", Path: "/spec"}, parity.Inconclusive, "1 part of staging was not read (Deployment shop/web /spec)"},
		{"another surface is ignored", blocking(ignore(parity.Network)), "staging", whole, parity.Inconclusive, "1 source"},
		{"its surface is ignored", blocking(ignore(parity.Network)), "staging", parity.Gap{Kind: "NetworkPolicy"}, parity.Pass, ""},
		{"its surface is among those that decide", blocking(ignore(parity.Config)), "staging", parity.Gap{Kind: "NetworkPolicy"}, parity.Inconclusive, "1 part"},
		{"a kind with parts on many surfaces", blocking(ignore(parity.Network, parity.Config)), "staging", parity.Gap{Kind: "Deployment"}, parity.Inconclusive, "1 part"},
		{"a kind that refers to Secrets", blocking(ignore(parity.Network, parity.Artifact, parity.Resource, parity.Platform, parity.Dependency)), "staging", parity.Gap{Kind: "Ingress"}, parity.Inconclusive, "1 part"},
		{"telemetry, which is ignored", blocking(ignore(parity.Telemetry, parity.Behaviour)), "staging", parity.Gap{Kind: parity.MetricKind}, parity.Pass, ""},
		{"telemetry, which decides", blocking(nil), "staging", parity.Gap{Kind: parity.TargetKind, Path: "/health"}, parity.Inconclusive, "1 part"},
		{"every surface but one only reports", &config.Config{Gate: config.Gate{Surfaces: map[parity.Surface]string{parity.Network: "block"}}}, "staging", parity.Gap{Kind: "ConfigMap", Path: "/data"}, parity.Inconclusive, "1 part"},
		{"not authenticated", blocking(nil), "staging", parity.Gap{Source: "staging: snapshot x.parity", Hides: parity.HidesNothing, Reason: "it is not authenticated"}, parity.Inconclusive, "What was read of staging is not certain (snapshot x.parity): it is not authenticated."},
		{"not authenticated, and accepted", blocking(nil, allowing(config.GapMatch{Source: "staging: snapshot"}, "2026-12-31")), "staging", parity.Gap{Source: "staging: snapshot x.parity", Hides: parity.HidesNothing, Reason: "it is not authenticated"}, parity.Pass, "gate.allow accepts that until 2026-12-31."},
		{"accepted", blocking(nil, allowing(config.GapMatch{Source: "a.tfstate"}, "2026-11-23")), "staging", whole, parity.Pass, "gate.allow accepts that until 2026-11-23."},
		{"accepted until yesterday", blocking(nil, allowing(config.GapMatch{Source: "a.tfstate"}, "2026-11-22")), "staging", whole, parity.Inconclusive, "what it may hide is not known."},
		{"another one is accepted", blocking(nil, allowing(config.GapMatch{Kind: "Secret"}, "2027-11-23")), "staging", whole, parity.Inconclusive, "what it may hide is not known."},
	} {
		t.Run(c.name, func(t *testing.T) {
			gap := parity.ColumnGap{Column: c.column, Gap: c.gap}
			v := judgeWith(t, c.cfg, two, Options{}, Coverage{Gaps: []parity.ColumnGap{gap}}, web).Verdict
			if v.Outcome != c.outcome || !strings.Contains(strings.Join(v.Unseen, " "), c.unseen) || c.unseen == "" && len(v.Unseen) > 0 {
				t.Errorf("%+v", v)
			}
		})
	}
}

// What is not seen is told by column, doubts before what is accepted, with what
// is known of how much it is.
func TestUnseenSentences(t *testing.T) {
	estimate := func(n int) *parity.Estimate {
		return &parity.Estimate{Facts: n, Beyond: n, From: parity.EstimateOthers}
	}
	gaps := []parity.ColumnGap{
		{Column: "staging", Estimate: estimate(12), Gap: parity.Gap{Source: "staging: kubernetes parity.yaml:3:9", Kind: "Secret"}},
		{Column: "staging", Gap: parity.Gap{Source: "staging: exec parity.yaml:4:9"}},
		{Column: "staging", Estimate: estimate(7), Gap: parity.Gap{Source: "staging: terraform parity.yaml:5:9", Where: "a.tfstate"}},
		{Column: "production", Gap: parity.Gap{Source: "production: exec parity.yaml:9:9"}},
	}
	cfg := blocking(nil, allowing(config.GapMatch{Source: "production: exec"}, "2026-12-31"))
	j := judgeWith(t, cfg, two, Options{}, Coverage{Gaps: gaps}, text(subject("Deployment", "web", "web", "web"), "/a", "1", "1"))
	want := []string{
		"2 sources of staging were not read in full (exec parity.yaml:4:9, terraform a.tfstate): they may hide about 7 facts, and more that nothing tells of.",
		"1 part of staging was not read (Secret): it may hide about 12 facts.",
		"1 source of production was not read in full (exec parity.yaml:9:9): what it may hide is not known; gate.allow accepts that until 2026-12-31.",
	}
	if !slices.Equal(j.Verdict.Unseen, want) {
		t.Errorf("%q", j.Verdict.Unseen)
	}
	// 12 and 7 by the estimates, and one for each gap of which nothing is known.
	if s := j.Scores[0]; s.Facts != 1+12+7+1+1 {
		t.Errorf("confidence is over %d facts", s.Facts)
	}
}

// TestUnseenSentencesOfManyColumns: of many columns there is one sentence, so that
// it does not bury the verdict.
func TestUnseenSentencesOfManyColumns(t *testing.T) {
	var gaps []parity.ColumnGap
	for _, column := range []string{"a", "b", "c", "d", "e", "f"} {
		for _, where := range []string{"shared.yaml", column + ".yaml"} {
			gaps = append(gaps, parity.ColumnGap{Column: column, Doubt: true, Gap: parity.Gap{Source: column + ": exec parity.yaml:4:9", Where: where}})
		}
	}
	want := []string{"7 sources of a, b, c and 3 more were not read in full (exec shared.yaml, exec a.yaml, exec b.yaml and 4 more): what they may hide is not known."}
	if got := unseenSentences(gaps, func(c string) string { return c }, false); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Entries of gate.allow that ended, or that name nothing, are findings.
func TestAllowFindings(t *testing.T) {
	cfg := blocking(nil,
		allowing(config.GapMatch{Source: "exec"}, "2026-11-01"), allowing(config.GapMatch{Kind: "Secret"}, "2026-11-01"),
		allowing(config.GapMatch{Kind: "Role"}, "2027-01-01"), allowing(config.GapMatch{Source: "exec", Path: "/x"}, "2027-01-01"))
	gaps := []parity.ColumnGap{{Column: "staging", Gap: parity.Gap{Source: "staging: exec x", Path: "/x"}}}
	j := judgeWith(t, cfg, two, Options{}, Coverage{Gaps: gaps}, text(subject("Deployment", "web", "web", "web"), "/a", "1", "1"))
	var got []string
	for _, f := range j.Findings {
		got = append(got, f.Kind+" "+f.Name+": "+f.Message)
	}
	want := []string{
		"allow-expired source exec: this entry of gate.allow ended on 2026-11-01; 1 gap that it accepted is not accepted any more",
		"allow-expired kind Secret: this entry of gate.allow ended on 2026-11-01 and names no gap any more; remove it",
		"allow-unused kind Role: this entry of gate.allow names no gap any more; remove it",
	}
	if !slices.Equal(got, want) || gaps[0].Allowed == nil {
		t.Errorf("%q %+v", got, gaps[0])
	}
}

// A fact that is declared twice in different ways is a doubt, where its surface
// decides.
func TestUndecidedFactIsADoubt(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	twice := text(web, "/b", "1", "1")
	twice.Cells[0].Class, twice.Cells[0].Undecided = parity.Ambiguous, true
	for surfaces, want := range map[string]parity.Outcome{"": parity.Inconclusive, "ignore": parity.Pass, "report-only": parity.Pass} {
		cfg := blocking(nil)
		if surfaces != "" {
			cfg = blocking(map[parity.Surface]string{parity.Config: surfaces})
		}
		if v := judge(t, cfg, two, text(web, "/a", "1", "1"), twice).Verdict; v.Outcome != want {
			t.Errorf("config %q: %+v", surfaces, v)
		}
	}
}

// ResolveGate: what makes a gate block, and what then decides.
func TestResolveGate(t *testing.T) {
	high := parity.High
	network := func(mode string) map[parity.Surface]string {
		return map[parity.Surface]string{parity.Network: mode}
	}
	for _, c := range []struct {
		name            string
		cfg             *config.Config
		failOn          *parity.Severity
		blocks          bool
		network, config bool
	}{
		{"no parity.yaml", nil, nil, false, true, true},
		{"the flag", nil, &high, true, true, true},
		{"the mode", blocking(nil), nil, true, true, true},
		{"a surface", &config.Config{Gate: config.Gate{Surfaces: network("block")}}, nil, true, true, false},
		{"a surface and the flag", &config.Config{Gate: config.Gate{Surfaces: network("block")}}, &high, true, true, true},
		{"a surface that only reports", blocking(network("report-only")), nil, true, false, true},
		{"a surface that is ignored", &config.Config{Gate: config.Gate{Surfaces: network("ignore")}}, nil, false, false, true},
	} {
		g := ResolveGate(c.cfg, c.failOn)
		if g.Blocks() != c.blocks || g.decides(parity.Network) != c.network || g.decides(parity.Config) != c.config {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}
