package policy

import (
	"fmt"
	"math"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestScoreByHand(t *testing.T) {
	web, deny := subject("Deployment", "web", "web", "web"), subject("NetworkPolicy", "deny", "", "deny")
	var facts []*parity.Joined
	for i := range 1000 {
		facts = append(facts, text(web, fmt.Sprintf("/v%d", i), "1", "1"))
	}
	facts = append(facts, text(web, "/differs", "1", "2"))
	facts = append(facts, missing(deny, parity.Network, "/spec/a")...)
	cfg := &config.Config{Services: []config.Service{{Name: "web", Criticality: parity.Medium}, {Name: "idle", Criticality: parity.Medium}}}
	j := judge(t, cfg, two, facts...)
	configScore := 100 * 10000.0 / 10030
	want := map[string]float64{
		"environment":     configScore / 2, // the network surface stands at 0
		"service web":     configScore,
		"surface config":  configScore,
		"surface network": 0,
	}
	for _, s := range j.Scores {
		key := s.Scope
		if s.Name != "" {
			key += " " + s.Name
		}
		if key == "service idle" {
			if s.Value != nil || s.Confidence != 0 || s.Facts != 0 {
				t.Errorf("a service that was not seen has a score: %+v", s)
			}
			continue
		}
		if s.Value == nil || math.Abs(*s.Value-want[key]) > 1e-9 || s.Confidence != 1 {
			t.Errorf("%s: %+v, want %v", key, s, want[key])
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("no score for %v", want)
	}
}

func TestNothingComparedIsNoScore(t *testing.T) {
	job := subject("Job", "j", "", "j")
	for name, facts := range map[string][]*parity.Joined{
		"no facts":    nil,
		"all unknown": {fact(job, parity.Config, "/a", unknown(), here(parity.Equal, parity.Text, "1"))},
	} {
		j := judge(t, nil, two, facts...)
		if s := j.Scores[0]; s.Value != nil || s.Confidence != 0 {
			t.Errorf("%s: %+v", name, s)
		}
		for _, i := range j.Indicators {
			if i.Value != nil || i.Met != nil {
				t.Errorf("%s: %+v", name, i)
			}
		}
		if j.Verdict.Outcome != parity.Inconclusive {
			t.Errorf("%s: %+v", name, j.Verdict)
		}
	}
}

func TestBlindGapLowersConfidence(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	gaps := Coverage{Gaps: []parity.ColumnGap{
		{Column: "staging", Gap: parity.Gap{Reason: "r"}, Facts: 3}, // counted among unknown facts
		{Column: "production", Gap: parity.Gap{Reason: "r"}},
		{Column: "dev", Gap: parity.Gap{Reason: "r"}},
	}}
	j := judgeWith(t, nil, two, Options{}, gaps, text(web, "/a", "1", "1"))
	if s := j.Scores[0]; s.Confidence != 0.5 || *s.Value != 100 {
		t.Errorf("%+v", s)
	}
}

// A pair that is not sure never fails a gate, and what would fail if it were sure
// does not pass one either.
func TestUnsurePairNeitherFailsNorPasses(t *testing.T) {
	web, pair := subject("Deployment", "web", "web", "web"), subject("Deployment", "a", "b", "a")
	pair.Alignment.Confidence = 0.7
	j := judge(t, &config.Config{Gate: config.Gate{Mode: "block"}}, two, text(web, "/a", "1", "1"), text(pair, "/a", "1", "2"))
	if s := j.Scores[0]; *s.Value != 100 || s.Confidence != 0.5 || s.Counting != 1 {
		t.Errorf("%+v", s)
	}
	if v := j.Verdict; v.Outcome != parity.Inconclusive || v.Counting != 1 || v.Blocking != 0 || len(v.Reasons) != 2 {
		t.Errorf("%+v", v)
	}
	critical := &config.Config{Gate: config.Gate{Mode: "block", FailOn: ptr(parity.Critical)}}
	if v := judge(t, critical, two, text(web, "/a", "1", "1"), text(pair, "/a", "1", "2")).Verdict; v.Outcome != parity.Pass {
		t.Errorf("a milder difference: %+v", v)
	}
}

// A fact that both columns leave untold is one joined fact, not two.
func TestAPlaceThatNeitherColumnTellsOfCountsOnce(t *testing.T) {
	web := text(subject("Deployment", "web", "web", "web"), "/a", "1", "1")
	at := func(column, path string) parity.ColumnGap {
		return parity.ColumnGap{Column: column, Gap: parity.Gap{Kind: "Deployment", Name: "web", Path: path}}
	}
	for _, c := range []struct {
		name string
		gaps []parity.ColumnGap
		want float64
	}{
		{"one column", []parity.ColumnGap{at("staging", "/x")}, 1.0 / 2},
		{"both", []parity.ColumnGap{at("staging", "/x"), at("production", "/x")}, 1.0 / 2},
		{"two places", []parity.ColumnGap{at("staging", "/x"), at("production", "/y")}, 1.0 / 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judgeWith(t, &config.Config{}, two, Options{}, Coverage{Gaps: c.gaps}, web)
			if got := j.Scores[0].Confidence; got < c.want-1e-9 || got > c.want+1e-9 {
				t.Errorf("the confidence is %v, want %v", got, c.want)
			}
		})
	}
}
