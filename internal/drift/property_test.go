package drift_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// places are paths as collectors make them, with those of lists that are set
// whole apart.
var (
	places = []string{
		"/spec/replicas", "/spec/a", "/spec/a/b", "/data/x", "/data/x/y", "/metadata/labels/a.b/c", "/metadata/annotations/d",
		"/spec/template/spec/containers[name=web]/image", "/spec/template/spec/containers[name=web]/env[name=A]/value",
		"/spec/template/spec/containers[name=web]/env[name=B]/value", "/spec/template/spec/containers[name=side]/image",
		"/spec/template/spec/containers[name=side]#2/image", "/spec/ports[port=80]/name",
	}
	whole = []string{
		"/spec/list[0]/a", "/spec/list[1]/a", "/rules[=core/pods:get]", "/rules[=core/pods:*]", "/spec/set[=a]", "/spec/set[=b]",
		"/subjects[name=a]/kind", "/subjects[name=b]/kind",
	}
	someKeys = []parity.Key{
		{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"},
		{Kind: "ConfigMap", Scope: "shop", Name: "web"},
		{Kind: "Role", Group: "rbac.authorization.k8s.io", Scope: "shop", Name: "web"},
		{Kind: "ConfigMap", Name: "loose"},
		{Kind: "section", Scope: "a.yaml", Name: "b"},
	}
)

// fact draws a fact for a path.
func fact(t *rapid.T, path string) parity.Fact {
	f := parity.Fact{Path: path, Value: parity.Value{Kind: parity.Text, Raw: rapid.SampledFrom([]string{"a", "b", "1", "production", ""}).Draw(t, "value")}}
	switch {
	case strings.HasPrefix(path, "/rules"):
		f.Value, f.Rules = parity.Value{Kind: parity.Tuple, Raw: path}, parity.SetOf(parity.RBACTuples)
	case strings.Contains(path, "[="):
		f.Value = parity.Value{Kind: parity.Set, Raw: path}
	case rapid.IntRange(0, 9).Draw(t, "rule") == 0:
		f.Rules = parity.SetOf(rapid.SampledFrom([]parity.Rule{parity.ServerMetadata, parity.DefaultValue, parity.EmptyIsAbsent, parity.RunningDigest}).Draw(t, "which"))
	case rapid.IntRange(0, 9).Draw(t, "secret") == 0:
		f.Value = parity.Value{Kind: parity.Secret, Canon: "hmac:" + f.Value.Raw}
	case rapid.IntRange(0, 9).Draw(t, "derived") == 0:
		f.DerivedFrom = &parity.FactRef{Path: "/data/x"}
	}
	f.Surface = rapid.SampledFrom(parity.Surfaces()).Draw(t, "surface")
	if rapid.Bool().Draw(t, "written") {
		f.Origin = &parity.Origin{File: "cluster", Precision: parity.AtObject, Writer: &parity.Writer{
			Manager: rapid.SampledFrom([]string{"kubectl-edit", "kube-controller-manager", "manager"}).Draw(t, "manager"),
		}}
	}
	return f
}

// side draws a snapshot.
func side(t *rapid.T, from []string) *parity.Snapshot {
	s := &parity.Snapshot{Column: parity.Column{Environment: "production"}, KeyID: "k", Time: now}
	for _, k := range rapid.SliceOfDistinct(rapid.SampledFrom(someKeys), func(k parity.Key) parity.Key { return k }).Draw(t, "subjects") {
		x := parity.SubjectFacts{Subject: parity.Subject{Key: k}}
		for _, p := range rapid.SliceOfDistinct(rapid.SampledFrom(from), func(p string) string { return p }).Draw(t, "paths") {
			x.Facts = append(x.Facts, fact(t, p))
		}
		s.Subjects = append(s.Subjects, x)
	}
	if rapid.IntRange(0, 4).Draw(t, "gap") == 0 {
		s.Gaps = append(s.Gaps, parity.Gap{Kind: rapid.SampledFrom([]string{"", "Role", "ConfigMap"}).Draw(t, "under"), Reason: "forbidden"})
	}
	return settled(s)
}

// settled sorts a snapshot as a collector's run does.
func settled(s *parity.Snapshot) *parity.Snapshot {
	for i := range s.Subjects {
		f := s.Subjects[i].Facts
		sort.SliceStable(f, func(a, b int) bool { return f[a].Path < f[b].Path })
	}
	sort.SliceStable(s.Subjects, func(a, b int) bool {
		return s.Subjects[a].Subject.Key.Compare(s.Subjects[b].Subject.Key) < 0
	})
	return s
}

func all() []string { return slices.Concat(places, whole) }

// A side does not drift from itself, and no fact of it is unaccounted for.
func TestNoDriftFromItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := side(rt, all())
		x := run(t, s, s)
		if len(x.Drifts)+len(x.Owned)+len(x.Added) > 0 || x.NotSet != 0 {
			rt.Fatalf("drift from itself: %v, %d not set", lines(x), x.NotSet)
		}
	})
}

// Every declared fact ends in one bucket, and what is listed is what is
// counted: run checks it.
func TestEveryFactOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		desired, live := side(rt, all()), side(rt, all())
		before := t.Failed()
		x := run(t, desired, live)
		if t.Failed() && !before {
			rt.Fatalf("%v", lines(x))
		}
		for _, d := range x.Drifts {
			if d.Reapply.Why == "" || d.Fingerprint == "" || d.Facts == 0 {
				rt.Fatalf("half a drift: %+v", d)
			}
			if d.Desired.Kind == parity.Secret && d.Desired.Value != nil && *d.Desired.Value != "[secret]" {
				rt.Fatalf("a secret shows: %+v", d)
			}
		}
	})
}

// What only the live side has is no drift outside of lists that are set whole.
func TestAddingIsNoDrift(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		desired := side(rt, places)
		live := &parity.Snapshot{Column: desired.Column, KeyID: "k", Time: now}
		more := side(rt, places)
		for i := range desired.Subjects {
			s := desired.Subjects[i]
			s.Facts = slices.Clone(s.Facts)
			for j := range more.Subjects {
				if more.Subjects[j].Subject.Key != s.Subject.Key {
					continue
				}
				for _, f := range more.Subjects[j].Facts {
					if !slices.ContainsFunc(s.Facts, func(x parity.Fact) bool { return x.Path == f.Path }) {
						s.Facts = append(s.Facts, f)
					}
				}
			}
			live.Subjects = append(live.Subjects, s)
		}
		x := run(t, desired, settled(live))
		if len(x.Drifts)+len(x.Owned) > 0 {
			rt.Fatalf("adding facts made drift: %v", lines(x))
		}
	})
}

// The order of what is read does not matter, nor does running it again.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		desired, live := side(rt, all()), side(rt, all())
		first := run(t, desired, live)
		for _, s := range []*parity.Snapshot{desired, live} {
			slices.Reverse(s.Subjects)
			for i := range s.Subjects {
				slices.Reverse(s.Subjects[i].Facts)
			}
			settled(s)
		}
		again := run(t, desired, live)
		if diff := cmp.Diff(first, again, cmpopts.IgnoreFields(parity.Drift{}, "Aligned")); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// A gap over everything leaves nothing to drift, and nothing missing.
func TestUnderAGapNothingIsMissing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		desired, live := side(rt, all()), side(rt, all())
		live.Gaps = []parity.Gap{{Reason: "forbidden"}}
		x := run(t, desired, live)
		for _, d := range x.Drifts {
			if d.Kind == parity.DriftMissing || d.Kind == parity.DriftRemoved {
				rt.Fatalf("%s under a gap: %s", d.Kind, line(&d))
			}
		}
	})
}

// A path's boundaries are its prefixes, shortest first.
func TestItemsAreWithinThePath(t *testing.T) {
	for _, d := range []string{"/a[b", "/a]", "[", "[=", "/a[=x]]y", "/rules[=core/pods([a]):get]/x", "/a[]#12/b", "/a[]#"} {
		desired := &parity.Snapshot{Column: parity.Column{Environment: "p"}, Subjects: []parity.SubjectFacts{{
			Subject: parity.Subject{Key: someKeys[0]}, Facts: []parity.Fact{{Path: d, Value: parity.Value{Raw: "1"}}, {Path: d + "/z", Value: parity.Value{Raw: "1"}}},
		}}}
		live := &parity.Snapshot{Column: desired.Column, Subjects: []parity.SubjectFacts{{
			Subject: parity.Subject{Key: someKeys[0]}, Facts: []parity.Fact{{Path: "/other", Value: parity.Value{Raw: "1"}}, {Path: d + "[9]/q", Value: parity.Value{Raw: "1"}}},
		}}}
		x := run(t, desired, live)
		if x.Counts.Drifted != 2 {
			t.Errorf("%s: %v", d, fmt.Sprint(lines(x)))
		}
	}
}
