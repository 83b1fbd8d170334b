package compare

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// A gap hides only what it may hide: of an object that is there or of one that
// is not, in its namespace, and not what both sides take from one remote source.
func TestGapsHideOnlyWhatTheyMay(t *testing.T) {
	const kube = "staging: kubernetes-manifests overlays/staging"
	remote := func(g parity.Gap) parity.Gap {
		g.Source, g.Hides, g.Remote = kube, parity.HidesObjects, "base example"
		return g
	}
	tests := []struct {
		name       string
		own, other []parity.Gap
		// part is the class of what an object that is there lacks, whole that of an
		// object that is not there.
		part, whole parity.Class
		presumed    bool
	}{
		{name: "no gap", part: parity.Missing, whole: parity.Missing},
		{name: "anything", own: []parity.Gap{{Source: kube}}, part: parity.Unknown, whole: parity.Unknown},
		{name: "objects", own: []parity.Gap{{Source: kube, Hides: parity.HidesObjects}}, part: parity.Missing, whole: parity.Unknown},
		{name: "parts", own: []parity.Gap{{Source: kube, Hides: parity.HidesParts}}, part: parity.Unknown, whole: parity.Missing},
		{name: "objects of another kind", own: []parity.Gap{{Source: kube, Hides: parity.HidesObjects, Kind: "Secret"}}, part: parity.Missing, whole: parity.Missing},
		{name: "objects of this namespace", own: []parity.Gap{{Source: kube, Hides: parity.HidesObjects, Scope: "shop"}}, part: parity.Missing, whole: parity.Unknown},
		{name: "objects of another namespace", own: []parity.Gap{{Source: kube, Hides: parity.HidesObjects, Scope: "tools"}}, part: parity.Missing, whole: parity.Missing},
		{name: "a remote source of one side", own: []parity.Gap{remote(parity.Gap{Revision: "1"})}, part: parity.Missing, whole: parity.Unknown},
		{name: "one revision on both sides", own: []parity.Gap{remote(parity.Gap{Revision: "1"})}, other: []parity.Gap{remote(parity.Gap{Revision: "1"})}, part: parity.Missing, whole: parity.Missing},
		{name: "two revisions", own: []parity.Gap{remote(parity.Gap{Revision: "1"})}, other: []parity.Gap{remote(parity.Gap{Revision: "2"})}, part: parity.Missing, whole: parity.Missing, presumed: true},
		{name: "one revision, and another of one side", own: []parity.Gap{remote(parity.Gap{Revision: "1"}), remote(parity.Gap{Revision: "1"})}, other: []parity.Gap{remote(parity.Gap{Revision: "1"})}, part: parity.Missing, whole: parity.Unknown},
		{name: "a chart with other values", own: []parity.Gap{remote(parity.Gap{Use: "a"})}, other: []parity.Gap{remote(parity.Gap{Use: "b"})}, part: parity.Missing, whole: parity.Missing, presumed: true},
		{name: "a chart with the same values", own: []parity.Gap{remote(parity.Gap{Use: "a"})}, other: []parity.Gap{remote(parity.Gap{Use: "a"})}, part: parity.Missing, whole: parity.Missing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, turned := range []bool{false, true} {
				s := staging().add("ConfigMap", "shop", "both", "/data/A", "1").add("Service", "tools", "t", "/port", "1")
				p := production().add("ConfigMap", "shop", "both", "/data/A", "1", "/data/B", "1").add("ConfigMap", "shop", "whole", "/data/A", "1").
					add("Service", "tools", "t", "/port", "1")
				if turned {
					// What staging alone has, where production has the gap.
					s.subjects, p.subjects = p.subjects, s.subjects
					s.gaps, p.gaps = tt.other, tt.own
				} else {
					s.gaps, p.gaps = tt.own, tt.other
				}
				c := compareAll(t, Options{}, s, p)
				for _, x := range []struct {
					name, path string
					want       parity.Class
				}{{"both", "/data/B", tt.part}, {"whole", "/data/A", tt.whole}} {
					want := x.want
					if turned && want == parity.Missing {
						want = parity.Extra
					}
					cell := c.class(t, "ConfigMap", x.name, x.path)
					if presumed := tt.presumed && x.name == "whole"; cell.Class != want || cell.Presumed != presumed || presumed != (cell.Note != "" && cell.Class != parity.Unknown) {
						t.Errorf("turned %v: %s %s is %v, presumed %v (%s), want %v", turned, x.name, x.path, cell.Class, cell.Presumed, cell.Note, want)
					}
				}
			}
		})
	}
}

// The namespace of a gap is one of its own column: the reference calls it
// otherwise.
func TestGapsKnowTheNamespaceByTheirOwnName(t *testing.T) {
	gap := parity.Gap{Source: "staging: kubernetes-manifests x", Hides: parity.HidesObjects, Scope: "shop-blue"}
	build := func(scope string) compared {
		s := staging().add("ConfigMap", "shop-blue", "a", "/data/A", "1").add("ConfigMap", "tools", "t", "/data/A", "1")
		s.gaps = []parity.Gap{gap}
		p := production().add("ConfigMap", "shop-red", "a", "/data/A", "1").add("ConfigMap", "tools", "t", "/data/A", "1").add("Secret", scope, "x", "/type", "Opaque")
		return compareAll(t, Options{}, s, p)
	}
	for scope, want := range map[string]parity.Class{"shop-red": parity.Unknown, "tools": parity.Missing, "": parity.Unknown, "elsewhere": parity.Missing} {
		if got := build(scope).class(t, "Secret", "x", "/type"); got.Class != want {
			t.Errorf("a Secret of the namespace %q is %v, want %v", scope, got.Class, want)
		}
	}
}

// declaredIn says where the subject that was added last is declared.
func (e *env) declaredIn(file string) *env {
	e.last().Subject.Origin = &parity.Origin{File: file}
	return e
}

// An object whose neighbours the column reads elsewhere is presumably not hidden.
func TestGapsPresumablyHideNothingElsewhere(t *testing.T) {
	s := staging().add("ConfigMap", "x", "a", "/data/A", "1").declaredIn("apps/a/blue/k.yaml").
		add("ConfigMap", "x", "b", "/data/A", "1").declaredIn("apps/b/blue/k.yaml")
	s.gaps = []parity.Gap{{Source: "staging: kubernetes-manifests apps/a/blue", Hides: parity.HidesObjects, Place: "apps/a/blue"}}
	p := production().add("ConfigMap", "x", "a", "/data/A", "1").declaredIn("apps/a/red/k.yaml").
		add("ConfigMap", "x", "b", "/data/A", "1").declaredIn("apps/b/red/k.yaml").
		add("ConfigMap", "x", "beside-a", "/data/A", "1").declaredIn("apps/a/red/k.yaml").
		add("ConfigMap", "x", "beside-b", "/data/A", "1").declaredIn("apps/b/red/k.yaml").
		add("ConfigMap", "x", "new", "/data/A", "1").declaredIn("apps/c/red/k.yaml").
		add("ConfigMap", "x", "nowhere", "/data/A", "1")
	c := compareAll(t, Options{}, s, p)
	for name, want := range map[string]bool{"beside-a": false, "beside-b": true, "new": true, "nowhere": false} {
		cell := c.class(t, "ConfigMap", name, "/data/A")
		if cell.Presumed != want || (cell.Class == parity.Missing) != want || !want && cell.Class != parity.Unknown {
			t.Errorf("%s is %v, presumed %v", name, cell.Class, cell.Presumed)
		}
	}
	if g := gapOf(t, c, "staging"); g.Facts != 2 || g.Estimate == nil || g.Estimate.Facts != 2 || g.Estimate.Beyond != 2 {
		t.Errorf("%+v %+v", g, g.Estimate)
	}
}

// What an effective variable follows from may be hidden as a whole: the variable
// is then unknown as its origin is.
func TestDerivedFactsAreHiddenWithTheirOrigin(t *testing.T) {
	p := production().add("ConfigMap", "x", "config", "/data/A", "1").add("Deployment", "x", "web", "/image", "a")
	from := parity.FactRef{Subject: parity.Key{Kind: "ConfigMap", Scope: "x", Name: "config"}, Path: "/data/A"}
	p.fact(parity.Fact{Path: "/env/A", Value: parity.Value{Kind: parity.Text, Raw: "1"}, DerivedFrom: &from})
	s := staging().add("Deployment", "x", "web", "/image", "a")
	if cell := compareAll(t, Options{}, s, p).class(t, "Deployment", "web", "/env/A"); cell.Class != parity.Missing {
		t.Errorf("without a gap %v", cell.Class)
	}
	s.gaps = []parity.Gap{{Source: "staging: kubernetes-manifests x", Hides: parity.HidesObjects}}
	if cell := compareAll(t, Options{}, s, p).class(t, "Deployment", "web", "/env/A"); cell.Class != parity.Unknown {
		t.Errorf("under a gap %v", cell.Class)
	}
}

// Only what is the same in every column that is compared is idle.
func TestTwinsAreIdleWhereAllHaveThem(t *testing.T) {
	gap := func(use string) []parity.Gap {
		return []parity.Gap{{Source: "x: kubernetes-manifests x", Hides: parity.HidesObjects, Remote: "base example", Revision: "1", Use: use}}
	}
	for _, uses := range [][3]string{{"a", "a", "a"}, {"a", "b", "a"}, {"", "", ""}, {"a", "a", ""}} {
		dev, s, p := &env{name: "dev"}, staging(), production()
		dev.gaps, s.gaps, p.gaps = gap(uses[0]), gap(uses[1]), gap(uses[2])
		all := []*env{dev, s, p}
		for _, e := range all {
			e.add("ConfigMap", "x", "a", "/data/A", "1")
		}
		c := compareAll(t, Options{}, all...)
		for i, e := range all {
			want := uses[i] != "" && uses[i] == uses[2]
			if e == p {
				want = uses[2] != "" && uses[0] == uses[2] && uses[1] == uses[2]
			}
			if g := gapOf(t, c, e.name); g.Idle != want {
				t.Errorf("%q: %s idle %v, want %v", uses, e.name, g.Idle, want)
			}
		}
	}
}

// Whatever the gaps, nothing becomes the same by them, and a gap that hides less
// makes nothing unknown that one that hides anything leaves known.
func TestGapsMakeNothingTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		build := func(e *env) *env {
			for i := range 4 {
				if rapid.Bool().Draw(rt, "there") {
					e.add("ConfigMap", rapid.SampledFrom([]string{"", "a", "b"}).Draw(rt, "scope"), fmt.Sprint("c", i), "/data/A", rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "value"))
					e.declaredIn(rapid.SampledFrom([]string{"", "x/y.yaml", "z/y.yaml"}).Draw(rt, "file"))
					if rapid.Bool().Draw(rt, "more") {
						e.fact(parity.Fact{Path: "/data/B", Value: parity.Value{Kind: parity.Text, Raw: "1"}})
					}
				}
			}
			for range rapid.IntRange(0, 2).Draw(rt, "gaps") {
				e.gaps = append(e.gaps, parity.Gap{
					Source: e.name + ": kubernetes-manifests x", Reason: "r",
					Hides:    rapid.SampledFrom([]parity.Hides{parity.HidesAnything, parity.HidesObjects, parity.HidesParts}).Draw(rt, "hides"),
					Scope:    rapid.SampledFrom([]string{"", "a"}).Draw(rt, "of"),
					Place:    rapid.SampledFrom([]string{"", "x"}).Draw(rt, "place"),
					Remote:   rapid.SampledFrom([]string{"", "r"}).Draw(rt, "remote"),
					Revision: rapid.SampledFrom([]string{"", "1", "2"}).Draw(rt, "revision"),
					Use:      rapid.SampledFrom([]string{"", "u"}).Draw(rt, "use"),
				})
			}
			return e
		}
		s, p := build(staging()), build(production())
		run := func(change func(g *parity.Gap)) compared {
			var in Input
			for _, e := range []*env{s, p} {
				snap := e.snapshot()
				snap.Gaps = nil
				for _, g := range e.gaps {
					if change != nil {
						change(&g)
						snap.Gaps = append(snap.Gaps, g)
					}
				}
				in.Snapshots = append(in.Snapshots, snap)
			}
			return compareInput(rt, in)
		}
		none, as := run(nil), run(func(*parity.Gap) {})
		anything := run(func(g *parity.Gap) { *g = parity.Gap{Source: g.Source, Reason: g.Reason} })
		for key, cell := range as.cells {
			without, under := none.cells[key], anything.cells[key]
			if cell.Class != without.Class && cell.Class != parity.Unknown {
				rt.Fatalf("%s is %v with gaps and %v without", key, cell.Class, without.Class)
			}
			if cell.Class == parity.Unknown && under.Class != parity.Unknown {
				rt.Fatalf("%s is unknown, and %v under gaps over anything", key, under.Class)
			}
		}
	})
}
