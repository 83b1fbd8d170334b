package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// told is what Explain tells of one fact of one column, with the facts that it
// speaks of.
type told struct {
	subject  *parity.Aligned
	facts    [2]parity.Fact
	side     ExplainedSide
	bindings []parity.Binding
}

// TestExplanationsReplay takes each explanation at its word: it compares the
// two raw facts alone, with no rule but those that are named and no binding
// but those that took part, and must come to the class that is named.
func TestExplanationsReplay(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pairs := map[string][]string{
		"shop": {"examples/shop/deploy/overlays/staging", "examples/shop/deploy/overlays/production"},
	}
	data := os.Getenv("PARITY_TEST_DATA")
	if data == "" {
		data = filepath.Join(root, "..", "shared", "data")
	}
	noise := filepath.Join(data, "noise")
	if _, err := os.Stat(noise); err == nil {
		pairs["noise"] = []string{filepath.Join(noise, "a.yaml"), filepath.Join(noise, "b.yaml")}
	} else if os.Getenv("CI") != "" {
		t.Errorf("CI has no real inputs at %s", data)
	} else {
		t.Logf("NOT TESTED on real inputs: there are none at %s", data)
	}
	for name, paths := range pairs {
		t.Run(name, func(t *testing.T) {
			a := New(Options{WorkDir: root, Lookup: func(string) (string, bool) { return "", false }, Now: time.Unix(0, 0), Random: zeroes{}})
			s, err := a.open(context.Background(), Request{Paths: paths})
			if err != nil {
				t.Fatal(err)
			}
			counts := map[parity.Class]int{}
			for _, x := range tell(t, s) {
				counts[x.side.Class]++
				replay(t, s, x)
			}
			t.Logf("replayed %v", counts)
			if counts[parity.Equivalent] == 0 {
				t.Error("no equivalent fact was replayed")
			}
		})
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// tell explains every fact that both columns have and whose class rests on
// those two facts: not on what other subjects hold, as leaks, shared values,
// identifiers and references do.
func tell(t *testing.T, s *session) []told {
	t.Helper()
	var all []told
	outcome, err := compare.Run(context.Background(), compare.Input{Snapshots: s.snapshots, Options: s.options}, func(j *parity.Joined) error {
		mine, ref := j.Cells[0], j.Cells[1]
		if mine.Fact == nil || ref.Fact == nil || mine.Rules.Has(parity.ReferenceName) || mine.Rules.Has(parity.KeyTokens) {
			return nil
		}
		switch mine.Class {
		case parity.Equal, parity.Equivalent, parity.Bound, parity.Changed:
			e := newExplainer(s, &compare.Outcome{}, nil).fact(j)
			all = append(all, told{subject: j.Subject, facts: [2]parity.Fact{*mine.Fact, *ref.Fact}, side: e.Sides[0]})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		for _, b := range outcome.Bindings {
			for _, id := range all[i].side.Bindings {
				if b.ID == id {
					all[i].bindings = append(all[i].bindings, b)
				}
			}
		}
	}
	return all
}

func replay(t *testing.T, s *session, x told) {
	t.Helper()
	var named parity.RuleSet
	for _, r := range x.side.Equated {
		named = named.With(r)
	}
	var off parity.RuleSet
	for _, r := range parity.Rules() {
		if !named.Has(r) {
			off = off.With(r)
		}
	}
	in := compare.Input{Options: compare.Options{Off: off, Declared: x.bindings, Frozen: true, Maps: []compare.Map{{Names: make([]string, 2)}}}}
	for i, side := range x.subject.Sides {
		in.Snapshots = append(in.Snapshots, &parity.Snapshot{
			Column:   s.snapshots[i].Column,
			Subjects: []parity.SubjectFacts{{Subject: side.Subject, Facts: []parity.Fact{x.facts[i]}}},
			KeyID:    s.snapshots[i].KeyID,
		})
		in.Options.Maps[0].Names[i] = side.Subject.Scope + "/" + side.Subject.Name
		if side.Subject.Scope == "" {
			in.Options.Maps[0].Names[i] = side.Subject.Name
		}
	}
	met := false
	_, err := compare.Run(context.Background(), in, func(j *parity.Joined) error {
		if j.Cells[0].Fact == nil || j.Cells[1].Fact == nil {
			return nil
		}
		met = true
		if got := j.Cells[0].Class; got != x.side.Class {
			t.Errorf("%s %s: explained as %s by %v and %v, replayed as %s\n  %q\n  %q", x.subject.Key, x.facts[0].Path,
				x.side.Class, x.side.Equated, x.side.Bindings, got, x.facts[0].Value.Raw, x.facts[1].Value.Raw)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !met {
		t.Errorf("%s %s: the two facts did not meet when replayed", x.subject.Key, x.facts[0].Path)
	}
}
