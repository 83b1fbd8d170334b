package compare

import (
	"testing"

	"github.com/envparity/parity"
)

// What a chart that is not there may hide follows from the values that differ,
// if it is one version of one chart; it is counted in the compared column.
func TestWhatIsGivenEstimatesWhatIsHidden(t *testing.T) {
	const kind, name = "HelmChart", "shop/redis"
	given := func(e *env, version, size string) *env {
		e.gaps = append(e.gaps, parity.Gap{
			Source: e.name + ": kubernetes-manifests", Hides: parity.HidesObjects, Remote: "chart redis", Given: "HelmChart x/" + name, Use: size,
		})
		return e.add(kind, "x", name, "/chart", "redis", "/version", version, "/values/size", size, "/values/tls", "true", "/values/user", "shop")
	}
	for _, c := range []struct {
		name                    string
		version, ref            string
		size                    string
		hidden                  bool
		estimate, beyond, ofRef int
	}{
		{"one value", "1.2.3", "1.2.3", "small", false, 2, 2, 0},
		{"one value and another that is not known", "1.2.3", "1.2.3", "small", true, 3, 3, 0},
		{"another version", "1.2.4", "1.2.3", "small", false, 7, 7, 0},
		{"a range of versions", "1.2.x", "1.2.x", "small", false, 7, 7, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, p := given(staging(), c.version, c.size), given(production(), c.ref, "large")
			if c.hidden {
				s.gaps = append(s.gaps, parity.Gap{Source: "staging", Kind: kind, Scope: "x", Name: name, Path: "/values/password", Hides: parity.HidesParts})
			}
			out := compareAll(t, Options{}, s, p)
			g := gapOf(t, out, "staging")
			if g.Estimate == nil || *g.Estimate != (parity.Estimate{Facts: c.estimate, Beyond: c.beyond, From: parity.EstimateGiven}) {
				t.Errorf("staging: %+v", g.Estimate)
			}
			if ref := gapOf(t, out, "production"); ref.Estimate == nil || ref.Estimate.Beyond != c.ofRef {
				t.Errorf("production: %+v", ref.Estimate)
			}
		})
	}
	t.Run("alike", func(t *testing.T) {
		out := compareAll(t, Options{}, given(staging(), "1.2.3", "large"), given(production(), "1.2.3", "large"))
		if g := gapOf(t, out, "staging"); !g.Idle {
			t.Errorf("%+v", g)
		}
	})
}
