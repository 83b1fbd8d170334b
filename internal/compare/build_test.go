package compare

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/value"
)

// env builds a snapshot for tests: subjects by name with text values by path.
type env struct {
	name      string
	reference bool
	subjects  []parity.SubjectFacts
	gaps      []parity.Gap
	keyID     string
	instance  string
	rank      int
}

func (e *env) column() parity.Column {
	return parity.Column{Environment: e.name, Instance: e.instance, Role: parity.Desired, Rank: e.rank, Reference: e.reference}
}

func staging() *env    { return &env{name: "staging"} }
func production() *env { return &env{name: "production", reference: true} }

// add adds a subject of a kind; pairs are path, value, path, value.
func (e *env) add(kind, scope, name string, pairs ...string) *env {
	s := parity.SubjectFacts{Subject: parity.Subject{Key: parity.Key{Kind: kind, Scope: scope, Name: name}}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v, rules := value.Of(pairs[i], pairs[i+1], value.StringScalar)
		s.Facts = append(s.Facts, parity.Fact{Path: pairs[i], Value: v, Rules: rules, Surface: parity.Config})
	}
	e.subjects = append(e.subjects, s)
	return e
}

// last is the subject that was added last.
func (e *env) last() *parity.SubjectFacts { return &e.subjects[len(e.subjects)-1] }

// fact adds a fact to the subject that was added last.
func (e *env) fact(f parity.Fact) *env {
	e.last().Facts = append(e.last().Facts, f)
	return e
}

func (e *env) snapshot() *parity.Snapshot {
	s := &parity.Snapshot{
		Column:   e.column(),
		Subjects: append([]parity.SubjectFacts(nil), e.subjects...), Gaps: e.gaps, KeyID: e.keyID,
	}
	for i := range s.Subjects {
		facts := append([]parity.Fact(nil), s.Subjects[i].Facts...)
		sort.SliceStable(facts, func(i, j int) bool { return facts[i].Path < facts[j].Path })
		s.Subjects[i].Facts = facts
	}
	sort.SliceStable(s.Subjects, func(i, j int) bool {
		return s.Subjects[i].Subject.Key.Compare(s.Subjects[j].Subject.Key) < 0
	})
	return s
}

// declaredKinds is what the collectors declare.
var declaredKinds = sync.OnceValue(func() *kinds.Set { return all.Collectors().Kinds() })

// tester is what testing.TB and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
}

// compared is what a comparison came to, by "column kind name path".
type compared struct {
	*Outcome
	cells  map[string]parity.Cell
	joined []parity.Joined
}

func compareAll(t testing.TB, opt Options, envs ...*env) compared {
	t.Helper()
	in := Input{Options: opt}
	for _, e := range envs {
		in.Snapshots = append(in.Snapshots, e.snapshot())
	}
	return compareInput(t, in)
}

func compareInput(t tester, in Input) compared {
	t.Helper()
	if in.Options.Kinds == nil {
		in.Options.Kinds = declaredKinds()
	}
	c := compared{cells: map[string]parity.Cell{}}
	out, err := Run(context.Background(), in, func(j *parity.Joined) error {
		kept := *j
		kept.Cells = append([]parity.Cell(nil), j.Cells...)
		c.joined = append(c.joined, kept)
		for i, cell := range kept.Cells {
			name := in.Snapshots[i].Column.String()
			path := j.Path
			if cell.Fact != nil {
				path = cell.Fact.Path
			}
			key := fmt.Sprintf("%s %s %s %s", name, j.Subject.Key.Kind, j.Subject.Key.Name, path)
			if old, ok := c.cells[key]; !ok || old.Fact == nil {
				c.cells[key] = cell
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Outcome = out
	return c
}

// class is the class of staging's cell at a path of a subject.
func (c compared) class(t testing.TB, kind, name, path string) parity.Cell {
	t.Helper()
	cell, ok := c.cells["staging "+kind+" "+name+" "+path]
	if !ok {
		t.Fatalf("nothing was compared at %s %s %s", kind, name, path)
	}
	return cell
}

// counts are the classes of a column's cells where either side has a fact.
func (c compared) counts(in Input, col int) map[parity.Class]int {
	ref := 0
	for i, s := range in.Snapshots {
		if s.Column.Reference {
			ref = i
		}
	}
	counts := map[parity.Class]int{}
	for _, j := range c.joined {
		if !j.Synthetic && (j.Cells[col].Fact != nil || j.Cells[ref].Fact != nil) {
			counts[j.Cells[col].Class]++
		}
	}
	return counts
}
