package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

func TestTablesCoverTheVocabulary(t *testing.T) {
	if len(parity.Surfaces()) != surfaces || len(parity.Classes()) != classes || len(parity.Severities()) != len(weights) {
		t.Fatal("a table has another size than the vocabulary")
	}
	if err := newJudge(t).Add(&parity.Joined{Subject: subject("Deployment", "web", "web", "web")}); err == nil {
		t.Error("a joined fact without cells is taken")
	}
	if err := newJudge(t).Add(&parity.Joined{}); err == nil {
		t.Error("a joined fact without a subject is taken")
	}
	if _, err := New(nil, []parity.Column{staging}, day, Options{Kinds: declaredKinds()}); parity.CodeOf(err) != parity.CodeInternal {
		t.Errorf("no reference: %v", err)
	}
}

func newJudge(t *testing.T) *Judge {
	t.Helper()
	g, err := New(nil, two, day, Options{Kinds: declaredKinds()})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestOneDifferenceForEachClassOfAPath(t *testing.T) {
	web := subject("Deployment", "web", "web", "web", "web")
	j := judge(t, nil, three,
		fact(web, parity.Config, "/a", here(parity.Equal, parity.Text, "1"), here(parity.Bound, parity.Text, "2"), here(parity.Equal, parity.Text, "1")),
		fact(web, parity.Config, "/b", absent(parity.Missing), here(parity.Changed, parity.Text, "2"), here(parity.Equal, parity.Text, "1")),
		fact(web, parity.Config, "/c", here(parity.Changed, parity.Text, "2"), here(parity.Changed, parity.Text, "2"), here(parity.Equal, parity.Text, "1")),
		fact(web, parity.Config, "/d", here(parity.Equal, parity.Text, "1"), here(parity.Changed, parity.Text, "2"), here(parity.Equal, parity.Text, "1")),
		fact(web, parity.Config, "/e", here(parity.Extra, parity.Text, "1"), absent(parity.Equal), absent(parity.Equal)),
	)
	type row struct {
		Path    string
		Class   parity.Class
		Columns []string
		Odd     string
	}
	var got []row
	for _, d := range j.Differences {
		got = append(got, row{d.Path, d.Class, d.Columns, d.OddOneOut})
		if len(d.Sides) != 3 || d.Facts != 1 || d.Why == "" {
			t.Errorf("%s: sides, facts or reason are wrong: %+v", d.Path, d)
		}
	}
	want := []row{
		{"/b", parity.Missing, []string{"dev"}, ""},
		{"/b", parity.Changed, []string{"staging"}, ""},
		{"/c", parity.Changed, []string{"dev", "staging"}, "production"},
		{"/d", parity.Changed, []string{"staging"}, "staging"},
		{"/e", parity.Extra, []string{"dev"}, "dev"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c := j.Classes[1]; c.Column != "staging" || c.Facts != 4 || c.Reference != 4 || c.OnlyHere != 0 || c.Counts[parity.Bound] != 1 {
		t.Errorf("staging's counts: %+v", c)
	}
	if c := j.Classes[0]; c.Facts != 4 || c.OnlyReference != 1 || c.OnlyHere != 1 || c.Paired != 3 {
		t.Errorf("dev's counts: %+v", c)
	}
}

func TestSidesPointOnlyWhereTheLineIsTrue(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	j := text(web, "/a", "1", "2")
	j.Cells[0].Fact.Origin = &parity.Origin{File: "overlay", Precision: parity.AtLine, Renderer: "kustomize v0"}
	d := only(t, judge(t, nil, two, j))
	if s := d.Sides[0]; s.Line != 0 || s.Col != 0 || s.File != "overlay" {
		t.Errorf("a rendered side has a line: %+v", s)
	}
	if s := d.Sides[1]; s.Line != 7 || s.Col != 3 || s.Source != "f.yaml:7:3" || s.State != parity.Present || *s.Value != "2" || s.Class != parity.Equal {
		t.Errorf("the reference's side: %+v", s)
	}
	j.Cells[1].Fact.Origin = &parity.Origin{File: "f.yaml", Precision: parity.AtFile}
	d = only(t, judge(t, nil, two, j))
	if s := d.Sides[1]; s.Line != 0 {
		t.Errorf("a side of file precision has a line: %+v", s)
	}
}

func TestSecretsShowNoValue(t *testing.T) {
	db := subject("Secret", "db", "db", "db")
	cell := func(class parity.Class, digest string) parity.Cell {
		c := here(class, parity.Secret, "")
		c.Fact.Value.Canon, c.Change = "hmac-sha256:"+digest, parity.SecretChange
		return c
	}
	j := func() *parity.Joined {
		return fact(db, parity.Secrets, "/data/password", cell(parity.Changed, "0123456789abcdef"), cell(parity.Equal, "fedcba9876543210"))
	}
	if d := only(t, judge(t, nil, two, j())); *d.Sides[0].Value != "[secret]" {
		t.Errorf("by presence: %q", *d.Sides[0].Value)
	}
	cfg := empty()
	cfg.Rules.SecretContents = true
	if d := only(t, judge(t, cfg, two, j())); *d.Sides[0].Value != "[secret] 01234567" {
		t.Errorf("by content: %q", *d.Sides[0].Value)
	}
}

func TestDerivedFactsExplainAndNeverCount(t *testing.T) {
	cm := subject("ConfigMap", "env", "env", "env")
	web := subject("Deployment", "web", "web", "web")
	origin := text(cm, "/data/LOG", "debug", "info")
	derived := text(web, "/spec/containers[name=web]/effectiveEnv[name=LOG]", "debug", "info")
	ref := &parity.FactRef{Subject: cm.Key, Path: "/data/LOG"}
	derived.Derived = ref
	for i := range derived.Cells {
		derived.Cells[i].Fact.DerivedFrom = ref
	}
	for name, facts := range map[string][]*parity.Joined{
		"origin first": {origin, derived}, "origin last": {derived, origin},
	} {
		j := judge(t, nil, two, facts...)
		d := only(t, j)
		want := []parity.FactRef{{Subject: web.Key, Path: derived.Path}}
		if diff := cmp.Diff(want, d.Explains); diff != "" {
			t.Error(name, diff)
		}
		if c := j.Classes[0]; c.Counts[parity.Changed] != 2 || c.Derived[parity.Changed] != 1 || c.Facts != 2 {
			t.Errorf("%s: %+v", name, c)
		}
		if s := j.Scores[0]; s.Counting != 1 || s.Facts != 1 {
			t.Errorf("%s: a derived fact is in the score: %+v", name, s)
		}
	}
}

func TestSyntheticMakesADifferenceAndNoFact(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	j := fact(web, parity.Platform, "", parity.Cell{State: parity.Present, Class: parity.Changed, Change: parity.KindChange}, parity.Cell{State: parity.Present})
	j.Synthetic = true
	got := judge(t, nil, two, j)
	d := only(t, got)
	if d.Severity != parity.High || d.Change != parity.KindChange {
		t.Errorf("%+v", d)
	}
	if c := got.Classes[0]; c.Facts != 0 || len(c.Counts) != 0 {
		t.Errorf("it is counted as a fact: %+v", c)
	}
	if s := got.Scores[0]; s.Counting != 1 || s.Value == nil || *s.Value != 0 {
		t.Errorf("it is not in the score: %+v", s)
	}
}

func TestNotApplicableLowersNoConfidence(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	na := parity.Cell{State: parity.NotApplicable, Class: parity.Unknown}
	j := judge(t, nil, two,
		text(web, "/a", "1", "1"),
		fact(web, parity.Network, "/b", na, here(parity.Equal, parity.Tuple, "x")))
	if len(j.Differences) != 0 || j.Scores[0].Confidence != 1 || j.Classes[0].Counts[parity.Unknown] != 1 {
		t.Errorf("%+v %+v %+v", j.Differences, j.Scores[0], j.Classes[0])
	}
	j = judge(t, nil, two,
		text(web, "/a", "1", "1"),
		fact(web, parity.Network, "/b", unknown(), here(parity.Equal, parity.Tuple, "x")))
	if len(j.Differences) != 1 || j.Scores[0].Confidence != 0.5 {
		t.Errorf("%+v %+v", j.Differences, j.Scores[0])
	}
}
