package policy

import (
	"sync"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/kinds"
)

var day = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var (
	dev        = parity.Column{Environment: "dev", Role: parity.Desired, Rank: 0}
	staging    = parity.Column{Environment: "staging", Role: parity.Desired, Rank: 1}
	production = parity.Column{Environment: "production", Role: parity.Desired, Rank: 2, Reference: true}

	two   = []parity.Column{staging, production}
	three = []parity.Column{dev, staging, production}
)

// subject is an aligned subject that the columns have for which in is not
// empty: its name there.
func subject(kind, name string, in ...string) *parity.Aligned {
	k := parity.Key{Kind: kind, Scope: "shop", Name: name}
	a := &parity.Aligned{Key: k, Logical: k, Alignment: parity.Alignment{Method: "exact", Confidence: 1}}
	for _, n := range in {
		if n == "" {
			a.Sides = append(a.Sides, nil)
			continue
		}
		key := k
		key.Name = n
		a.Sides = append(a.Sides, &parity.SubjectFacts{Subject: parity.Subject{
			Key: key, Origin: &parity.Origin{File: n + ".yaml", Precision: parity.AtLine}, Line: 1, Col: 1,
		}})
	}
	return a
}

// here is a cell of a value; the reference's class is equal.
func here(class parity.Class, kind parity.ValueKind, text string) parity.Cell {
	return parity.Cell{State: parity.Present, Class: class, Fact: &parity.Fact{Value: parity.Value{Kind: kind, Raw: text}}}
}

func absent(class parity.Class) parity.Cell { return parity.Cell{State: parity.Absent, Class: class} }

func unknown() parity.Cell { return parity.Cell{State: parity.UnknownState, Class: parity.Unknown} }

// fact joins cells at a path.
func fact(a *parity.Aligned, s parity.Surface, path string, cells ...parity.Cell) *parity.Joined {
	for i := range cells {
		if cells[i].Fact != nil {
			f := *cells[i].Fact
			f.Path, f.Surface = path, s
			f.Origin, f.Line, f.Col = &parity.Origin{File: "f.yaml", Precision: parity.AtLine}, 7, 3
			cells[i].Fact = &f
		}
	}
	return &parity.Joined{Subject: a, Path: path, LogicalPath: path, Surface: s, Cells: cells}
}

// text joins two texts: equal, or changed.
func text(a *parity.Aligned, path, have, want string) *parity.Joined {
	class, change := parity.Equal, parity.Change("")
	if have != want {
		class, change = parity.Changed, parity.TextChange
	}
	c := here(class, parity.Text, have)
	c.Change = change
	return fact(a, parity.Config, path, c, here(parity.Equal, parity.Text, want))
}

// sized joins two sizes.
func sized(a *parity.Aligned, path string, kind parity.ValueKind, have, want string) *parity.Joined {
	class, change := parity.Equal, parity.Change("")
	if have != want {
		class, change = parity.Changed, parity.SizingChange
	}
	c := here(class, kind, have)
	c.Change = change
	return fact(a, parity.Resource, path, c, here(parity.Equal, kind, want))
}

// declaredKinds is what the collectors declare.
var declaredKinds = sync.OnceValue(func() *kinds.Set { return all.Collectors().Kinds() })

func judge(t *testing.T, cfg *config.Config, columns []parity.Column, facts ...*parity.Joined) Judgement {
	t.Helper()
	return judgeWith(t, cfg, columns, Options{}, Coverage{}, facts...)
}

func judgeWith(t *testing.T, cfg *config.Config, columns []parity.Column, opts Options, cov Coverage, facts ...*parity.Joined) Judgement {
	t.Helper()
	if opts.Kinds == nil {
		opts.Kinds = declaredKinds()
	}
	g, err := New(cfg, columns, day, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range facts {
		if err := g.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	return g.Finish(cov)
}

// only gives the one difference there is.
func only(t *testing.T, j Judgement) parity.Difference {
	t.Helper()
	if len(j.Differences) != 1 {
		t.Fatalf("%d differences, want 1: %+v", len(j.Differences), j.Differences)
	}
	return j.Differences[0]
}

func ptr[T any](v T) *T { return &v }

func date(s string) config.Date {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return config.Date{Time: d}
}

func empty() *config.Config { return &config.Config{} }
