package policy

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func expecting(expr string, environments ...string) *config.Config {
	return &config.Config{
		Environments: []config.Environment{{Name: "dev"}, {Name: "staging"}, {Name: "production"}, {Name: "pre-prod"}},
		Expectations: []config.Expectation{{
			Name: "sizes", Match: []config.Match{{Kind: "Deployment", Path: "/spec/replicas"}},
			Expect: expr, Environments: environments, Reason: "it costs less",
		}},
		Pos: func(path ...string) string {
			if strings.Join(path, ".") == "expectations.0.expect" {
				return "parity.yaml:10:13"
			}
			return "parity.yaml:8:5"
		},
	}
}

func TestExpectationDecides(t *testing.T) {
	const unused, violated, undecided = "expectation-unused", "expectation-violated", "expectation-undecided"
	web := subject("Deployment", "web", "web", "web")
	replicas := func(have, want string) *parity.Joined {
		return sized(web, "/spec/replicas", parity.Number, have, want)
	}
	typed := func(kind parity.ValueKind, have, want string) *parity.Joined {
		return sized(web, "/spec/replicas", kind, have, want)
	}
	gone := fact(web, parity.Resource, "/spec/replicas", absent(parity.Missing), here(parity.Equal, parity.Number, "3"))
	hidden := fact(web, parity.Resource, "/spec/replicas", unknown(), here(parity.Equal, parity.Number, "3"))
	leak := replicas("1", "3")
	leak.Cells[0].Class = parity.Leak
	quantity := typed(parity.Quantity, "512Mi", "1Gi")
	quantity.Cells[0].Fact.Value.Canon, quantity.Cells[1].Fact.Value.Canon = "536870912", "1073741824"
	for _, c := range []struct {
		name    string
		expr    string
		fact    *parity.Joined
		class   parity.Class
		finding string
	}{
		{"true explains", "production >= 2 * staging", replicas("1", "3"), parity.Expected, ""},
		{"false leaves", "production >= 2 * staging", replicas("2", "3"), parity.Changed, ""},
		{"false over equal values", "production >= 2 * staging", replicas("3", "3"), parity.Changed, violated},
		{"true over equal values", "production >= staging", replicas("3", "3"), parity.Equal, ""},
		{"none explains any", "", replicas("1", "3"), parity.Expected, ""},
		{"none explains a missing one", "", gone, parity.Expected, ""},
		{"none does not explain a leak", "", leak, parity.Leak, ""},
		{"an expression explains a leak", "production > staging", leak, parity.Expected, ""},
		{"absent is undecided", "production >= 2 * staging", gone, parity.Missing, undecided},
		{"absent handled by null", "staging == null || production >= 2 * staging", gone, parity.Expected, ""},
		{"absent handled by present", "!present(staging) && production == 3", gone, parity.Expected, ""},
		{"absent handled and false", "present(staging)", gone, parity.Missing, ""},
		{"unknown is undecided", "!present(staging)", hidden, parity.Unknown, undecided},
		{"text is undecided in arithmetic", "production >= 2 * staging", typed(parity.Text, "a", "b"), parity.Changed, undecided},
		{"text compares", "production == 'b' && staging in ['a', 'c']", typed(parity.Text, "a", "b"), parity.Expected, ""},
		{"booleans", "production && !staging", typed(parity.Bool, "false", "true"), parity.Expected, ""},
		{"durations", "production - staging <= duration('30s')", typed(parity.Duration, "1m30s", "2m"), parity.Expected, ""},
		{"quantities", "production == 2 * staging && production == quantity('1Gi')", quantity, parity.Expected, ""},
		{"numbers of every kind", "production >= 0.5 * 2 * staging + 1 && staging * (1 + 1) < 3", replicas("1", "3"), parity.Expected, ""},
		{"division is that of real numbers", "staging / production < 1 / 2.0", replicas("1", "3"), parity.Expected, ""},
		{"negative numbers", "staging - 4 == -3", replicas("1", "3"), parity.Expected, ""},
		{"the two sides", "reference == 3 * compared", replicas("1", "3"), parity.Expected, ""},
		{"by the map", `env["production"] == 3 * env['staging']`, replicas("1", "3"), parity.Expected, ""},
		{"of texts", "size(staging) + 1 < 2 * double(size(production))", typed(parity.Text, "a", "bcd"), parity.Expected, ""},
		{"with macros", "[1, 2, 3].exists_one(x, x == staging)", replicas("1", "3"), parity.Expected, ""},
		{"of another environment", "dev == staging", replicas("1", "3"), parity.Changed, ""},
		{"of the reference alone", "production == 3", replicas("1", "3"), parity.Changed, unused},
		{"matches nothing", "production >= staging", text(web, "/spec/paused", "1", "1"), parity.Equal, unused},
		{"that never ends", "[1,2,3,4,5,6,7,8,9,10].all(a,[1,2,3,4,5,6,7,8,9,10].all(b,[1,2,3,4,5,6,7,8,9,10].all(c,[1,2,3,4,5,6,7,8,9,10].all(d,[1,2,3,4,5,6,7,8,9,10].all(e,[1,2,3,4,5,6,7,8,9,10].all(f,staging+a+b+c+d+e+f > 0))))))", replicas("1", "3"), parity.Changed, undecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(t, expecting(c.expr), two, c.fact)
			if j.Classes[0].Counts[c.class] != 1 {
				t.Errorf("counts %v, want %s", j.Classes[0].Counts, c.class)
			}
			var findings []string
			for _, f := range j.Findings {
				findings = append(findings, f.Kind)
				if f.Where != "parity.yaml:8:5" || f.Message == "" {
					t.Errorf("finding %+v", f)
				}
			}
			if got := strings.Join(findings, " "); got != c.finding {
				t.Errorf("findings %q, want %q", got, c.finding)
			}
			if c.class == parity.Expected {
				if d := only(t, j); d.Decision == nil || d.Decision.Kind != "expectation" || d.Decision.Reason != "it costs less" {
					t.Errorf("decision %+v", d.Decision)
				}
			}
		})
	}
}

func TestViolatedExpectationIsACountingDifference(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	j := judge(t, expecting("production >= 2 * staging"), two, sized(web, "/spec/replicas", parity.Number, "3", "3"))
	d := only(t, j)
	if d.Class != parity.Changed || d.Change != parity.SizingChange || !strings.Contains(d.Note, "expectation sizes does not hold") || d.Why == "" {
		t.Errorf("%+v", d)
	}
	if j.Scores[0].Counting != 1 {
		t.Errorf("score %+v", j.Scores[0])
	}
	cfg := expecting("production >= 2 * staging")
	cfg.Exceptions = []config.Exception{{Name: "x", Fingerprints: []string{d.Fingerprint}, Expires: date("2026-12-01")}}
	if e := only(t, judge(t, cfg, two, sized(web, "/spec/replicas", parity.Number, "3", "3"))); e.Class != parity.Excepted || e.Fingerprint != d.Fingerprint {
		t.Errorf("an exception by fingerprint: %+v", e)
	}
}

func TestExpectationSpeaksOfTheColumnsItNames(t *testing.T) {
	web := subject("Deployment", "web", "web", "web", "web")
	cell := func(n string) parity.Cell {
		c := here(parity.Changed, parity.Number, n)
		c.Change = parity.SizingChange
		return c
	}
	replicas := fact(web, parity.Resource, "/spec/replicas", cell("1"), cell("2"), here(parity.Equal, parity.Number, "4"))
	for _, c := range []struct {
		expr         string
		environments []string
		expected     string
	}{
		{"production >= 2 * staging", nil, "staging"},
		{"dev <= staging", nil, "dev staging"},
		{"dev <= staging && staging <= production", nil, "dev staging"},
		{"compared <= reference", nil, "dev staging"},
		{"compared <= reference", []string{"dev"}, "dev"},
		{"compared * 2 == reference", nil, "staging"},
		{"", []string{"dev"}, "dev"},
	} {
		j := judge(t, expecting(c.expr, c.environments...), three, replicas)
		got := ""
		for _, d := range j.Differences {
			if d.Class == parity.Expected {
				got = strings.Join(d.Columns, " ")
			}
		}
		if got != c.expected {
			t.Errorf("%q %v is expected in %q, want %q", c.expr, c.environments, got, c.expected)
		}
	}
}

func TestExpectationBetweenInstances(t *testing.T) {
	eu := parity.Column{Environment: "production", Instance: "eu", Reference: true}
	us := parity.Column{Environment: "production", Instance: "us"}
	columns := []parity.Column{staging, us, eu}
	web := subject("Deployment", "web", "web", "web", "web")
	cell := func(n string) parity.Cell { return here(parity.Changed, parity.Number, n) }
	replicas := fact(web, parity.Resource, "/spec/replicas", cell("1"), cell("2"), here(parity.Equal, parity.Number, "4"))
	j := judge(t, expecting("production >= staging"), columns, replicas)
	for _, d := range j.Differences {
		if (d.Class == parity.Expected) != (d.Columns[0] == "staging") {
			t.Errorf("%v is %s", d.Columns, d.Class)
		}
	}
	j = judge(t, expecting(`env["production/us"] < env["production/eu"]`), columns, replicas)
	for _, d := range j.Differences {
		if (d.Class == parity.Expected) != (d.Columns[0] == "production/us") {
			t.Errorf("%v is %s", d.Columns, d.Class)
		}
	}
}

func TestWrongExpressionIsPlaced(t *testing.T) {
	for _, c := range []struct{ expr, where, what, hint string }{
		{"production >= 2 * stagin", "parity.yaml:10:31", `no environment and no function "stagin"`, `env["pre-prod"]`},
		{"production", "parity.yaml:10:13", "not true or false", "compare"},
		{"production + staging", "parity.yaml:10:13", "not true or false", "compare"},
		{"'a' > 2", "parity.yaml:10:17", "found no matching overload", "put together"},
		{"production >=", "parity.yaml:10:26", "mismatched input the end of the expression (character 14", ""},
		{" ", "parity.yaml:10:14", "the end of the expression", ""},
		{`env["preprod"] == production`, "parity.yaml:10:17", `no environment "preprod"`, "the environments are"},
		{`env[staging] == production`, "parity.yaml:10:17", "in quotes", "pre-prod"},
		{`env == production`, "parity.yaml:10:13", `"env"`, ""},
		{"production >= round(staging)", "parity.yaml:10:32", `no function "round"`, ""},
		{"production >=\n  2 * stagin", "parity.yaml:10:13", "line 2, character 7", ""},
	} {
		_, err := New(expecting(c.expr), two, day, Options{})
		if parity.CodeOf(err) != parity.CodeConfig {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if got := err.Error(); !strings.HasPrefix(got, c.where+": expectation sizes: ") || !strings.Contains(got, c.what) {
			t.Errorf("%s: %s, want %s and %q", c.expr, got, c.where, c.what)
		}
		if got := parity.HintOf(err); !strings.Contains(got, c.hint) {
			t.Errorf("%s: hint %q, want %q", c.expr, got, c.hint)
		}
	}
	cfg := expecting("a")
	cfg.Expectations = append(cfg.Expectations, config.Expectation{Name: "other", Expect: "b"})
	if _, err := New(cfg, two, day, Options{}); strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two faults are not both told: %v", err)
	}
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"production >= 2 * staging", `env["pre-prod"] == null`, "size(production) > 1", "[1].all(x, x + 1 > staging)"} {
		f.Add(s)
	}
	c, err := newCompiler([]string{"dev", "staging", "production", "pre-prod"})
	if err != nil {
		f.Fatal(err)
	}
	columns := []parity.Column{staging, production}
	web := subject("Deployment", "web", "web", "web")
	f.Fuzz(func(t *testing.T, text string) {
		expr, fault := c.compile(text)
		if (expr == nil) == (fault == nil) {
			t.Fatal("neither an expression nor a fault, or both")
		}
		if fault != nil {
			if fault.line < 1 || fault.col < 1 || fault.what == "" {
				t.Fatalf("%+v", fault)
			}
			return
		}
		e := &expectation{expr: expr, slots: c.environments, columns: []bool{true, true}}
		e.bind(columns, 1)
		e.ask(sized(web, "/spec/replicas", parity.Number, "1", "2"), 0)
	})
}
