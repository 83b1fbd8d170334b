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
	} {
		if got := Expression(text, own); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
