package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// missing gives facts of a subject that staging lacks.
func missing(a *parity.Aligned, surface parity.Surface, paths ...string) []*parity.Joined {
	var out []*parity.Joined
	for _, p := range paths {
		out = append(out, fact(a, surface, p, absent(parity.Missing), here(parity.Equal, parity.Text, "x")))
	}
	return out
}

func TestMissingSubjectIsOneDifference(t *testing.T) {
	a := subject("NetworkPolicy", "deny", "", "deny")
	facts := append(missing(a, parity.Network, "/spec/x", "/spec/y"), missing(a, parity.Config, "/metadata/labels/app")...)
	facts = append(facts, fact(a, parity.Config, "/z", absent(parity.Equivalent), here(parity.Equal, parity.Text, "x")))
	facts = append(facts, text(subject("Deployment", "web", "web", "web"), "/a", "1", "1"))
	j := judge(t, nil, two, facts...)
	d := only(t, j)
	if d.Path != "" || d.Facts != 3 || d.Surface != parity.Network || d.Severity != parity.High || d.Class != parity.Missing {
		t.Errorf("%+v", d)
	}
	if d.Sides[0].State != parity.Absent || d.Sides[1].State != parity.Present || d.Sides[1].Value != nil || d.Sides[1].Line != 1 {
		t.Errorf("%+v", d.Sides)
	}
	c := j.Classes[0]
	want := map[parity.Class]int{parity.Missing: 3, parity.Equivalent: 1, parity.Equal: 1}
	if diff := cmp.Diff(want, c.Counts); diff != "" {
		t.Error(diff)
	}
	if c.Facts != 1 || c.Reference != 5 || c.OnlyReference != 4 {
		t.Errorf("%+v", c)
	}
}

func TestMissingSubjectKeepsItsFingerprintWhenItsFactsChange(t *testing.T) {
	a := subject("NetworkPolicy", "deny", "", "deny")
	one := only(t, judge(t, nil, two, missing(a, parity.Network, "/spec/x")...))
	more := only(t, judge(t, nil, two, missing(a, parity.Config, "/metadata/labels/a", "/metadata/labels/b", "/c")...))
	if one.Fingerprint != more.Fingerprint {
		t.Error("the fingerprint moved with the facts of the subject")
	}
}

func TestSubjectThatOneOfTwoColumnsLacks(t *testing.T) {
	a := subject("Deployment", "web", "", "web", "web")
	a2 := subject("Deployment", "worker", "worker", "worker", "")
	j := judge(t, nil, three,
		fact(a, parity.Config, "/a", absent(parity.Missing), here(parity.Changed, parity.Text, "2"), here(parity.Equal, parity.Text, "1")),
		fact(a, parity.Config, "/b", absent(parity.Missing), here(parity.Equal, parity.Text, "1"), here(parity.Equal, parity.Text, "1")),
		fact(a2, parity.Config, "/a", here(parity.Extra, parity.Text, "1"), here(parity.Extra, parity.Text, "1"), absent(parity.Equal)),
		fact(a2, parity.Config, "/b", here(parity.Extra, parity.Text, "1"), absent(parity.Equal), absent(parity.Equal)),
	)
	type row struct {
		Name, Path string
		Class      parity.Class
		Columns    []string
		Facts      int
		Odd        string
	}
	var got []row
	for _, d := range j.Differences {
		got = append(got, row{d.Subject.Name, d.Path, d.Class, d.Columns, d.Facts, d.OddOneOut})
	}
	want := []row{
		{"web", "", parity.Missing, []string{"dev"}, 2, "dev"},
		{"web", "/a", parity.Changed, []string{"staging"}, 1, ""},
		{"worker", "", parity.Extra, []string{"dev", "staging"}, 2, "production"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecisionCoversASubjectOnlyAsAWhole(t *testing.T) {
	a := subject("Job", "report", "", "report")
	facts := missing(a, parity.Config, "/spec/x", "/spec/y")
	exception := func(path string) *config.Config {
		return &config.Config{Exceptions: []config.Exception{{
			Name: "later", Match: []config.Match{{Kind: "Job", Path: path}}, Expires: date("2026-12-01"),
		}}}
	}
	for _, c := range []struct {
		name   string
		cfg    *config.Config
		class  parity.Class
		unused bool
	}{
		{"exception over all", exception("/spec/*"), parity.Excepted, false},
		{"exception over a part", exception("/spec/x"), parity.Missing, true},
		{"expectation over all", &config.Config{Expectations: []config.Expectation{{
			Name: "production only", Match: []config.Match{{Kind: "Job"}},
		}}}, parity.Expected, false},
		{"expectation over a part", &config.Config{Expectations: []config.Expectation{{
			Name: "production only", Match: []config.Match{{Kind: "Job", Path: "/spec/y"}},
		}}}, parity.Missing, false},
		{"expression that deals with absence", &config.Config{Expectations: []config.Expectation{{
			Name: "production only", Match: []config.Match{{Kind: "Job"}}, Expect: "!present(staging)",
		}}}, parity.Expected, false},
		{"expression that does not", &config.Config{Expectations: []config.Expectation{{
			Name: "production only", Match: []config.Match{{Kind: "Job"}}, Expect: "staging != production",
		}}}, parity.Missing, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(t, c.cfg, two, facts...)
			d := only(t, j)
			if d.Class != c.class || j.Classes[0].Counts[c.class] != 2 {
				t.Errorf("class %s, counts %v", d.Class, j.Classes[0].Counts)
			}
			if (len(j.Findings) > 0) != c.unused {
				t.Errorf("findings: %+v", j.Findings)
			}
		})
	}
}

func TestUnknownSubjectIsOneDifference(t *testing.T) {
	a := subject("Job", "report", "", "report")
	j := judge(t, nil, two,
		fact(a, parity.Config, "/a", unknown(), here(parity.Equal, parity.Text, "x")),
		fact(a, parity.Config, "/b", unknown(), here(parity.Equal, parity.Text, "x")),
	)
	d := only(t, j)
	if d.Class != parity.Unknown || d.Facts != 2 || d.Sides[0].State != parity.UnknownState {
		t.Errorf("%+v", d)
	}
	if j.Verdict.Outcome != parity.Inconclusive {
		t.Errorf("verdict %+v", j.Verdict)
	}
}

func TestSubjectFollowsItsDerivedFacts(t *testing.T) {
	cm := subject("ConfigMap", "env", "", "env")
	web := subject("Deployment", "web", "web", "web")
	ref := &parity.FactRef{Subject: cm.Key, Path: "/data/LOG"}
	derived := fact(web, parity.Config, "/spec/containers[name=web]/effectiveEnv[name=LOG]", absent(parity.Missing), here(parity.Equal, parity.Text, "info"))
	derived.Derived, derived.Cells[1].Fact.DerivedFrom = ref, ref
	cfg := &config.Config{Expectations: []config.Expectation{{Name: "e", Match: []config.Match{{Kind: "ConfigMap"}}}}}
	for name, c := range map[string]struct {
		cfg   *config.Config
		class parity.Class
		m5    float64
	}{"counting": {nil, parity.Missing, 0}, "expected": {cfg, parity.Expected, 1}} {
		t.Run(name, func(t *testing.T) {
			j := judge(t, c.cfg, two, append(missing(cm, parity.Config, "/data/LOG"), derived)...)
			if d := only(t, j); len(d.Explains) != 1 || d.Class != c.class {
				t.Errorf("%+v", d)
			}
			if n := j.Classes[0].Derived[c.class]; n != 1 {
				t.Errorf("derived counts: %v", j.Classes[0].Derived)
			}
			if m5 := j.Indicators[2]; m5.Value == nil || *m5.Value != c.m5 {
				t.Errorf("M5: %+v", m5)
			}
		})
	}
}
