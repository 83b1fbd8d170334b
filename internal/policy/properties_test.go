package policy

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// genCell draws what a compared column holds, given whether the reference has
// the fact.
func genCell(t *rapid.T, refHas, lone bool) parity.Cell {
	if !refHas {
		if lone || rapid.Bool().Draw(t, "extra") {
			return here(rapid.SampledFrom([]parity.Class{parity.Extra, parity.Unknown}).Draw(t, "class"), parity.Text, "x")
		}
		return absent(parity.Equal)
	}
	if lone {
		return rapid.SampledFrom([]parity.Cell{absent(parity.Missing), absent(parity.Equivalent), unknown()}).Draw(t, "cell")
	}
	class := rapid.SampledFrom([]parity.Class{
		parity.Equal, parity.Equal, parity.Equivalent, parity.Bound, parity.IdentifierClass, parity.Shared,
		parity.Missing, parity.Changed, parity.Leak, parity.Ambiguous, parity.Unknown,
	}).Draw(t, "class")
	switch class {
	case parity.Missing:
		return absent(class)
	case parity.Unknown:
		return unknown()
	}
	c := here(class, parity.Number, fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "value")))
	if class.Counts() {
		c.Change = rapid.SampledFrom([]parity.Change{parity.SizingChange, parity.TextChange, parity.ToggleChange}).Draw(t, "change")
	}
	return c
}

// genFacts draws the facts of a few subjects over three columns.
func genFacts(t *rapid.T) []*parity.Joined {
	var out []*parity.Joined
	for i := range rapid.IntRange(0, 4).Draw(t, "subjects") {
		in := []string{"s", "s", "s"}
		if gone := rapid.IntRange(-2, 2).Draw(t, "lacking"); gone >= 0 {
			in[gone] = ""
		}
		a := subject(rapid.SampledFrom([]string{"Deployment", "Job", "NetworkPolicy"}).Draw(t, "kind"), fmt.Sprintf("s%d", i), in...)
		a.Alignment.Confidence = rapid.SampledFrom([]float64{1, 1, 0.7}).Draw(t, "confidence")
		for k := range rapid.IntRange(1, 5).Draw(t, "facts") {
			refHas := in[2] != "" && rapid.IntRange(0, 3).Draw(t, "ref") > 0
			cells := make([]parity.Cell, 3)
			for c := range 2 {
				if in[c] == "" && !refHas {
					cells[c] = absent(parity.Equal)
					continue
				}
				cells[c] = genCell(t, refHas, in[c] == "" || in[2] == "")
			}
			cells[2] = absent(parity.Equal)
			if refHas {
				cells[2] = here(parity.Equal, parity.Number, "1")
			}
			surface := rapid.SampledFrom([]parity.Surface{parity.Config, parity.Network, parity.Resource}).Draw(t, "surface")
			out = append(out, fact(a, surface, fmt.Sprintf("/f%d", k), cells...))
		}
	}
	return out
}

func run(t *rapid.T, cfg *config.Config, facts []*parity.Joined) Judgement {
	g, err := New(cfg, three, day, Options{Kinds: declaredKinds()})
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range facts {
		if err := g.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	return g.Finish(Coverage{})
}

var policies = []*config.Config{
	nil,
	{Expectations: []config.Expectation{{Name: "e", Match: []config.Match{{Kind: "Deployment"}}, Expect: "reference >= compared"}}},
	{Exceptions: []config.Exception{{Name: "x", Match: []config.Match{{Path: "f1"}, {Kind: "Job"}}, Expires: date("2027-01-01")}}},
	{Surfaces: map[parity.Surface]config.Surface{parity.Resource: {Tolerance: map[string]float64{"staging": 2}, Within: 0.1}}},
}

// Every fact that was fed is in one class, counted here without the judge.
func TestSumOfClassesIsTheFactsFed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := genFacts(t)
		j := run(t, rapid.SampledFrom(policies).Draw(t, "policy"), facts)
		for c := range 2 {
			own, ref, both := 0, 0, 0
			for _, f := range facts {
				o, r := f.Cells[c].Fact != nil, f.Cells[2].Fact != nil
				if o {
					own++
				}
				if r {
					ref++
				}
				if o && r {
					both++
				}
			}
			got := j.Classes[c]
			sum, bySurface := 0, 0
			for _, n := range got.Counts {
				sum += n
			}
			for _, counts := range got.Surfaces {
				for _, n := range counts {
					bySurface += n
				}
			}
			if sum != own+ref-both || bySurface != sum || got.Facts != own || got.Reference != ref || got.Paired != both {
				t.Fatalf("%s: %d in classes, %d by surface, of %d, %d and %d: %+v", got.Column, sum, bySurface, own, ref, both, got)
			}
		}
		perColumn := map[string]map[parity.Class]int{"dev": {}, "staging": {}}
		for _, d := range j.Differences {
			for _, c := range d.Columns {
				perColumn[c][d.Class] += d.Facts
			}
		}
		for c := range 2 {
			for _, class := range []parity.Class{parity.Changed, parity.Leak} {
				if got, want := perColumn[j.Classes[c].Column][class], j.Classes[c].Counts[class]; got != want {
					t.Fatalf("%d differences are %s in %s, and %d facts", got, class, j.Classes[c].Column, want)
				}
			}
		}
	})
}

// An exception in force changes the class of what it covers, and nothing else.
func TestExceptionChangesNoFact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := genFacts(t)
		plain := run(t, nil, facts)
		cfg := &config.Config{Exceptions: []config.Exception{{
			Name: "x", Expires: date("2027-01-01"),
			Match: []config.Match{{Kind: rapid.SampledFrom([]string{"Job", "Deployment", "*"}).Draw(t, "kind"), Path: rapid.SampledFrom([]string{"", "f1", "f*"}).Draw(t, "path")}},
		}}}
		excepted := run(t, cfg, facts)
		if diff := cmp.Diff(raw(plain), raw(excepted)); diff != "" {
			t.Fatal(diff)
		}
		for c := range 2 {
			p, e := plain.Classes[c].Counts, excepted.Classes[c].Counts
			if p[parity.Missing]+p[parity.Extra]+p[parity.Changed] != e[parity.Missing]+e[parity.Extra]+e[parity.Changed]+e[parity.Excepted] {
				t.Fatalf("facts went from or to another class: %v, %v", p, e)
			}
		}
	})
}

// cell is what a difference says of one column, without what policy says.
type rawCell struct {
	Subject, Path, Column, Fingerprint string
	Severity                           parity.Severity
	Value                              string
	State                              parity.State
}

// raw takes differences apart by column, so that two columns that another
// decision split are as they were.
func raw(j Judgement) map[rawCell]int {
	out := map[rawCell]int{}
	for _, d := range j.Differences {
		for _, column := range d.Columns {
			i := slices.IndexFunc(d.Sides, func(s parity.Side) bool { return s.Environment == column })
			x := rawCell{Subject: d.Subject.Name, Path: d.Path, Column: column, Fingerprint: d.Fingerprint, State: d.Sides[i].State}
			if d.Sides[i].Value != nil {
				x.Value = *d.Sides[i].Value
			}
			out[x]++
		}
	}
	return out
}

// One counting difference more, in place of a fact that agrees or beside all
// others, raises no score.
func TestScoreOnlyFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := genFacts(t)
		cfg := rapid.SampledFrom([]*config.Config{nil, {Services: []config.Service{{Name: "s0", Criticality: parity.Critical}, {Name: "s1", Criticality: parity.Low}}}}).Draw(t, "policy")
		before := run(t, cfg, facts)
		after := run(t, cfg, worse(t, facts))
		better := map[string]*float64{}
		for _, s := range before.Scores {
			better[s.Column+s.Scope+s.Name] = s.Value
		}
		for _, s := range after.Scores {
			was := better[s.Column+s.Scope+s.Name]
			if was != nil && (s.Value == nil || *s.Value > *was+1e-9) {
				t.Fatalf("%s %s %s rose from %v to %v", s.Column, s.Scope, s.Name, *was, s.Value)
			}
			if s.Value != nil && (*s.Value < 0 || *s.Value > 100) || s.Confidence < 0 || s.Confidence > 1 {
				t.Fatalf("out of bounds: %+v", s)
			}
		}
	})
}

// worse adds a counting difference to facts.
func worse(t *rapid.T, facts []*parity.Joined) []*parity.Joined {
	var agreeing []int
	for i, f := range facts {
		if f.Cells[2].Fact != nil && f.Cells[0].Fact != nil && quiet[f.Cells[0].Class] {
			agreeing = append(agreeing, i)
		}
	}
	if len(agreeing) > 0 && rapid.Bool().Draw(t, "replace") {
		out := slices.Clone(facts)
		i := rapid.SampledFrom(agreeing).Draw(t, "which")
		f := *facts[i]
		f.Cells = slices.Clone(f.Cells)
		f.Cells[0].Class, f.Cells[0].Change = parity.Changed, parity.TextChange
		out[i] = &f
		return out
	}
	a := subject("Deployment", rapid.SampledFrom([]string{"s0", "s1", "new"}).Draw(t, "service"), "n", "n", "n")
	path := rapid.SampledFrom([]string{"/new", "/metadata/labels/new"}).Draw(t, "path")
	surface := rapid.SampledFrom([]parity.Surface{parity.Config, parity.Network, parity.Telemetry}).Draw(t, "surface")
	return append(slices.Clone(facts), fact(a, surface, path,
		here(parity.Changed, parity.Text, "1"), here(parity.Changed, parity.Text, "1"), here(parity.Equal, parity.Text, "2")))
}

// The order of subjects does not matter.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := genFacts(t)
		cfg := rapid.SampledFrom(policies).Draw(t, "policy")
		var bySubject [][]*parity.Joined
		for i, f := range facts {
			if i == 0 || facts[i-1].Subject != f.Subject {
				bySubject = append(bySubject, nil)
			}
			last := len(bySubject) - 1
			bySubject[last] = append(bySubject[last], f)
		}
		shuffled := slices.Concat(rapid.Permutation(bySubject).Draw(t, "order")...)
		a, b := run(t, cfg, facts), run(t, cfg, shuffled)
		for _, j := range []*Judgement{&a, &b} {
			for i := range j.Findings {
				j.Findings[i].Message = "" // names the first few that came by
			}
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatal(diff)
		}
	})
}
