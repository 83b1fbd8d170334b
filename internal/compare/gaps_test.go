package compare

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

func gapOf(t *testing.T, c compared, column string) parity.ColumnGap {
	t.Helper()
	for _, g := range c.Gaps {
		if g.Column == column {
			return g
		}
	}
	t.Fatalf("%s has no gap: %+v", column, c.Gaps)
	return parity.ColumnGap{}
}

// How much a gap may hide is told by what the other columns have under it, or by
// an earlier run; and where neither has anything it is not known.
func TestEstimates(t *testing.T) {
	web := func(e *env) *env { return e.add("ConfigMap", "x", "web", "/data/A", "1") }
	state := func(e *env) *env {
		return e.add("aws_instance", "", "db", "/size", "1", "/kind", "2").add("aws_instance", "", "web", "/size", "1")
	}
	broken := parity.Gap{Source: "staging: terraform parity.yaml:3:9"}
	t.Run("by another column", func(t *testing.T) {
		s := web(staging())
		s.gaps = []parity.Gap{broken}
		c := compareAll(t, Options{}, s, state(web(production())))
		if g := gapOf(t, c, "staging"); g.Estimate == nil || *g.Estimate != (parity.Estimate{Facts: 3, Beyond: 3, From: parity.EstimateOthers}) || g.Facts != 3 {
			t.Errorf("%+v %+v", g, g.Estimate)
		}
		if cell := c.class(t, "aws_instance", "db", "/size"); cell.Class != parity.Unknown || cell.State != parity.UnknownState {
			t.Errorf("%+v", cell)
		}
	})
	t.Run("not by what the source cannot state", func(t *testing.T) {
		s := staging().add("aws_instance", "", "db", "/size", "1")
		s.gaps = []parity.Gap{broken}
		p := web(production()).add("aws_instance", "", "db", "/size", "1")
		s.add("ConfigMap", "x", "other", "/data/A", "1")
		c := compareAll(t, Options{}, s, p)
		if g := gapOf(t, c, "staging"); g.Estimate != nil || g.Facts != 0 {
			t.Errorf("%+v %+v", g, g.Estimate)
		}
		if cell := c.class(t, "ConfigMap", "web", "/data/A"); cell.Class != parity.Missing {
			t.Errorf("a state that is cut off hides no ConfigMap: %+v", cell)
		}
	})
	t.Run("by an earlier run", func(t *testing.T) {
		s, p := web(staging()), web(production())
		s.gaps = []parity.Gap{broken}
		p.gaps = []parity.Gap{{Source: "production: terraform parity.yaml:9:9"}}
		earlier := state(web(staging())).snapshot()
		c := compareInput(t, Input{Snapshots: []*parity.Snapshot{s.snapshot(), p.snapshot()}, Earlier: map[string]*parity.Snapshot{"staging": earlier}})
		if g := gapOf(t, c, "staging"); g.Estimate == nil || *g.Estimate != (parity.Estimate{Facts: 3, Beyond: 3, From: parity.EstimateEarlier}) {
			t.Errorf("%+v %+v", g, g.Estimate)
		}
		if g := gapOf(t, c, "production"); g.Estimate != nil {
			t.Errorf("nothing tells, and yet: %+v", g.Estimate)
		}
	})
}

// Secrets under different keys are a gap of their own.
func TestSecretsUnderOtherKeysAreAGap(t *testing.T) {
	secret := func(e *env, key, digest string) *env {
		e.keyID = key
		return e.add("Secret", "x", "db", "/type", "Opaque").fact(parity.Fact{
			Path: "/data/password", Surface: parity.Secrets, Value: parity.Value{Kind: parity.Secret, Canon: digest}, Rules: parity.SetOf(parity.SecretForm),
		})
	}
	c := compareAll(t, Options{}, secret(staging(), "k1", "hmac-sha256:aa"), secret(production(), "k2", "hmac-sha256:bb"))
	g := gapOf(t, c, "staging")
	if g.Facts != 1 || g.Hides != parity.HidesNothing || len(g.Surfaces) != 1 || g.Surfaces[0] != parity.Secrets || !strings.Contains(g.Reason, "different keys") {
		t.Errorf("%+v", g)
	}
	c = compareAll(t, Options{}, secret(staging(), "k1", "hmac-sha256:aa"), secret(production(), "k1", "hmac-sha256:bb"))
	if len(c.Gaps) > 0 {
		t.Errorf("one key: %+v", c.Gaps)
	}
}

// A subject that is declared twice is undecided where its declarations differ.
func TestDoublesThatDifferAreUndecided(t *testing.T) {
	for _, c := range []struct {
		name, second string
		more         []string
		want         bool
	}{
		{"alike", "1", nil, false},
		{"another value", "2", nil, true},
		{"one more", "1", []string{"/data/B", "1"}, true},
	} {
		s := staging().add("ConfigMap", "x", "web", "/data/A", "1")
		s.add("ConfigMap", "x", "web", append([]string{"/data/A", c.second}, c.more...)...)
		got := false
		for _, j := range compareAll(t, Options{}, s, production().add("ConfigMap", "x", "web", "/data/A", "1")).joined {
			got = got || j.Cells[0].Undecided
		}
		if got != c.want {
			t.Errorf("%s: undecided %v", c.name, got)
		}
	}
}
