package drift_test

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/drift"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/kube"
)

// now is the time of every comparison of these tests.
var now = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// declaredKinds are those of Kubernetes objects.
var declaredKinds = kinds.New(kinds.Source{Collector: "kubernetes", Kinds: kube.Kinds()})

// snapshot reads manifests as one side.
func snapshot(t testing.TB, text string) *parity.Snapshot {
	t.Helper()
	r := kube.NewReader(kube.Options{})
	origin := &parity.Origin{File: "a.yaml", Precision: parity.AtLine}
	err := doc.ParseYAML(strings.NewReader(text), doc.Limits{}, func(n *doc.Node, _ int) error {
		r.Add(n, origin)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &parity.Snapshot{Column: parity.Column{Environment: "production"}, Time: now, Gaps: r.Gaps()}
	r.Finish(func(subject parity.Subject, facts []parity.Fact) {
		facts = append([]parity.Fact(nil), facts...)
		sort.SliceStable(facts, func(i, j int) bool { return facts[i].Path < facts[j].Path })
		s.Subjects = append(s.Subjects, parity.SubjectFacts{Subject: subject, Facts: facts})
	})
	sort.SliceStable(s.Subjects, func(i, j int) bool {
		return s.Subjects[i].Subject.Key.Compare(s.Subjects[j].Subject.Key) < 0
	})
	return s
}

// wrote makes w the last writer of the facts at a path and below.
func wrote(s *parity.Snapshot, path string, w parity.Writer) {
	origin := &parity.Origin{File: "kind/shop", Precision: parity.AtObject, Writer: &w}
	for i := range s.Subjects {
		for j := range s.Subjects[i].Facts {
			if f := &s.Subjects[i].Facts[j]; strings.HasPrefix(f.Path, path) {
				f.Origin = origin
			}
		}
	}
}

func run(t testing.TB, desired, live *parity.Snapshot) *parity.DriftInstance {
	t.Helper()
	x, err := drift.Run(context.Background(), desired, live, drift.Options{Now: now, Kinds: declaredKinds})
	if err != nil {
		t.Fatal(err)
	}
	sums(t, desired, live, x)
	return x
}

// sums checks that every fact is counted once.
func sums(t testing.TB, desired, live *parity.Snapshot, x *parity.DriftInstance) {
	t.Helper()
	c := x.Counts
	if c.Set != desired.Facts() || c.Set != c.Equal+c.Equivalent+c.Drifted+c.Owned+c.Unknown+c.NotApplicable+c.Derived {
		t.Errorf("%d facts are set, and counted %+v", desired.Facts(), c)
	}
	var bySurface parity.DriftCounts
	for _, s := range x.Surfaces {
		bySurface = bySurface.Plus(s)
	}
	if bySurface != c {
		t.Errorf("the surfaces sum to %+v, not %+v", bySurface, c)
	}
	drifted, owned, unknown := 0, 0, 0
	for _, d := range x.Drifts {
		if d.Kind != parity.DriftAdded && d.Kind != parity.DriftWidened {
			drifted += d.Facts
		}
	}
	for _, o := range x.Owned {
		owned += o.Facts
	}
	for _, u := range x.Unknown {
		unknown += u.Facts
	}
	if drifted != c.Drifted || owned != c.Owned || unknown != c.Unknown {
		t.Errorf("listed %d drifted, %d owned, %d unknown facts; counted %+v", drifted, owned, unknown, c)
	}
	if x.NotSet < 0 || x.NotSet > live.Facts() {
		t.Errorf("%d of %d live facts are not set", x.NotSet, live.Facts())
	}
}

// lines writes what was found, a line each.
func lines(x *parity.DriftInstance) []string {
	var out []string
	for i := range x.Drifts {
		out = append(out, line(&x.Drifts[i]))
	}
	for _, o := range x.Owned {
		sure := ""
		if !o.Sure {
			sure = "may be "
		}
		for i := range o.Differences {
			out = append(out, fmt.Sprintf("%s (%s%s): %s", o.Kind, sure, o.Owner, line(&o.Differences[i])))
		}
	}
	for _, a := range x.Added {
		out = append(out, fmt.Sprintf("beside: %s %s", key(a.Subject), a.Path))
	}
	for _, u := range x.Unknown {
		out = append(out, fmt.Sprintf("unknown: %d of %s: %s", u.Facts, u.Kind, u.Reason))
	}
	return out
}

func key(s parity.SubjectRef) string {
	return parity.Key{Kind: s.Kind, Scope: s.Scope, Name: s.Name}.String()
}

func line(d *parity.Drift) string {
	s := fmt.Sprintf("%s %s %s", d.Kind, key(d.Subject), d.Path)
	if len(d.Items) > 0 {
		s += " {" + strings.Join(d.Items, ", ") + "}"
	}
	if d.Desired.Value != nil || d.Live.Value != nil {
		s += fmt.Sprintf(" %s -> %s", held(d.Desired), held(d.Live))
	}
	return strings.TrimSpace(s)
}

func held(s parity.Side) string {
	if s.Value == nil {
		return string(s.State)
	}
	return *s.Value
}
