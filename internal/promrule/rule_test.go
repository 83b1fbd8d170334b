package promrule

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

func TestNames(t *testing.T) {
	rules := []*Rule{
		{Kind: parity.AlertKind, Name: "A", Group: "g", Labels: map[string]string{"severity": "page", "env": "x"}},
		{Kind: parity.AlertKind, Name: "A", Group: "g", Labels: map[string]string{"severity": "warn", "env": "y"}},
		{Kind: parity.AlertKind, Name: "A", Group: "g", Labels: map[string]string{"severity": "warn", "env": "y"}},
		{Kind: parity.AlertKind, Name: "A", Group: "h", Labels: map[string]string{"severity": "warn"}},
		{Kind: parity.RecordingKind, Name: "A", Group: "g"},
	}
	var got []string
	for _, n := range Names(rules, func(l string) bool { return l == "env" }) {
		got = append(got, rules[n.Index].Kind+" "+rules[n.Index].Group+"/"+n.Name)
	}
	want := []string{"alert g/A{severity=page}", "alert g/A{severity=warn}", "alert g/A{severity=warn} #2", "alert h/A", "recording g/A"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFacts(t *testing.T) {
	r := &Rule{
		Kind: parity.AlertKind, Query: "up  == 0", Interval: time.Minute, For: 90 * time.Second,
		Labels: map[string]string{"severity": "page", "env": "x"}, Annotations: map[string]string{"runbook_url": "https://h/r"},
	}
	var got []string
	for _, f := range r.Facts(&parity.Origin{}, "up==0", func(l string) bool { return l == "env" }) {
		got = append(got, f.Path+" = "+f.Value.Canonical())
	}
	want := []string{
		"/expr = up==0", "/interval = 1m", "/for = 1m30s", "/keepFiringFor = 0s", "/runbook = present", "/labels/severity = page",
		"/annotations/runbook_url = https://h/r",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExpression(t *testing.T) {
	own := func(label, value string) string {
		if label == "env" && value == "staging" {
			return "<env>"
		}
		return value
	}
	for text, want := range map[string]string{
		"sum by (le) (rate(x{env='staging', a!~`b`}[5m])) > 1 # note": `sum by(le)(rate(x{env="<env>",a!~"b"}[5m]))>1`,
		"a and\n  b": "a and b",
		`label_replace(a, "env", "staging", "", "")`: `label_replace(a,"env","staging","","")`,
		"": "",
		`sum(rate(x[300s])) by (job, le) / topk(5, max(y) without (a)) BY (b)`: "sum by(job,le)(rate(x[5m]))/topk by(b)(5,max without(a)(y))",
		"sum(sum(x) by (a)) by (b)":          "sum by(b)(sum by(a)(x))",
		"sum by (a) (x) by (b)":              "sum by(a)(x)by(b)",
		"(x) by (a)":                         "(x)by(a)",
		`sum by (a,) (x{b="c",}) + y{} + {}`: `sum by(a)(x{b="c"})+y+{}`,
		"sum(x) by":                          "sum(x)by",
		"sum(x) by (a(b))":                   "sum(x)by(a(b))",
		"x > 0.50 or x > 1e3":                "x>0.5 or x>1000",
		"x > 1.5E-3 or x > .5":               "x>0.0015 or x>0.5",
		"x > 1e -1":                          "x>1e -1",
		"y[5m:60s] and :n:sum":               "y[5m:1m]and :n:sum",
		"y[5m : 60s] + y[5m:]":               "y[5m:1m]+y[5m:]",
		"x offset 1d + y[90s:1m]":            "x offset 24h+y[1m30s:1m]",
		`x{a="0.50 1d"} - job:1d:sum`:        `x{a="0.50 1d"}-job:1d:sum`,
	} {
		if got := Expression(text, own); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestExpressionsApart holds that what means something else stays something else.
func TestExpressionsApart(t *testing.T) {
	for _, pair := range [][2]string{
		{"sum(x) by (a)", "sum(x) without (a)"},
		{"sum(x) by (a)", "sum(x) by (b)"},
		{"sum(sum(x)) by (a)", "sum(sum(x) by (a))"},
		{"x[5m]", "x[50m]"},
		{"x[5m:1m]", "x[5m]"},
		{"x > 1", "x > 1e1"},
		{"x > 0.5", "x > 5"},
		{`x{a="1.0"}`, `x{a="1"}`},
		{`x{a="60s"}`, `x{a="1m"}`},
		{"x offset 1m", "x offset 1h"},
		{`{a="b"}`, `x{a="b"}`},
		{"a and b", "a or b"},
		{"x - 1", "x + 1"},
	} {
		if a, b := Expression(pair[0], nil), Expression(pair[1], nil); a == b {
			t.Errorf("%s and %s are both %s", pair[0], pair[1], a)
		}
	}
}
