package policy

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestTolerance(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	for _, c := range []struct {
		name       string
		kind       parity.ValueKind
		have, want string
		ratio      float64
		expected   bool
	}{
		{"at the ratio", parity.Quantity, "256", "1024", 0.25, true},
		{"within", parity.Quantity, "0.26", "1", 0.25, true},
		{"at the edge", parity.Quantity, "0.2625", "1", 0.25, true},
		{"outside", parity.Quantity, "0.27", "1", 0.25, false},
		{"below", parity.Quantity, "0.2", "1", 0.25, false},
		{"three replicas at a quarter are one", parity.Number, "1", "3", 0.25, true},
		{"and not two", parity.Number, "2", "3", 0.25, false},
		{"nor none", parity.Number, "0", "3", 0.25, false},
		{"seven at a half are three", parity.Number, "3", "7", 0.5, true},
		{"or four", parity.Number, "4", "7", 0.5, true},
		{"more than the reference", parity.Number, "6", "3", 2, true},
		{"of nothing", parity.Number, "1", "0", 0.25, false},
		{"no size", parity.Number, "many", "3", 0.25, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := &config.Config{Surfaces: map[parity.Surface]config.Surface{
				parity.Resource: {Tolerance: map[string]float64{"staging": c.ratio}, Within: 0.05},
			}}
			d := only(t, judge(t, cfg, two, sized(web, "/spec/x", c.kind, c.have, c.want)))
			if (d.Class == parity.Expected) != c.expected {
				t.Fatalf("%s, note %q", d.Class, d.Note)
			}
			if c.expected && (d.Decision == nil || d.Decision.Name != "tolerance resource") {
				t.Errorf("decision %+v", d.Decision)
			}
		})
	}
}

func TestToleranceSaysByHowMuchItIsOff(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	cfg := &config.Config{Surfaces: map[parity.Surface]config.Surface{
		parity.Resource: {Tolerance: map[string]float64{"staging": 0.25}, Within: 0.05},
	}}
	d := only(t, judge(t, cfg, two, sized(web, "/spec/x", parity.Quantity, "1", "2")))
	if d.Note != "0.5 times the reference, 0.25 expected within 5 %" {
		t.Errorf("note %q", d.Note)
	}
	cfg.Rules.Off = []parity.Rule{parity.Sizing}
	if d := only(t, judge(t, cfg, two, sized(web, "/spec/x", parity.Quantity, "1", "4"))); d.Class != parity.Changed || d.Note != "" {
		t.Errorf("switched off: %s %q", d.Class, d.Note)
	}
	cfg.Rules.Off = nil
	cfg.Expectations = []config.Expectation{{Name: "more", Match: []config.Match{{Kind: "*"}}, Expect: "staging > production"}}
	d = only(t, judge(t, cfg, two, sized(web, "/spec/x", parity.Quantity, "1", "4")))
	if d.Class != parity.Changed || !strings.Contains(d.Note, "more does not hold") {
		t.Errorf("a tolerance explains what an expectation forbids: %s %q", d.Class, d.Note)
	}
	version := text(web, "/spec/version", "1", "4")
	version.Surface = parity.Resource
	if d := only(t, judge(t, cfg, two, version)); d.Class != parity.Changed {
		t.Errorf("a tolerance speaks of no size: %s", d.Class)
	}
}
