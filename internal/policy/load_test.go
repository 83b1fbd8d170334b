package policy

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

const project = `version: 1
environments:
  - name: staging
    sources: [{path: staging}]
  - name: production
    sources: [{path: production}]
services:
  - name: web
    criticality: critical
surfaces:
  resource: {tolerance: {staging: 0.25}}
expectations:
  - name: sizes
    match: [{path: /spec/replicas}]
    expect: production >= 2 * EXPR
    reason: it costs less
exceptions:
  - name: later
    match: [{kind: Job}]
    reason: there was no time
    owner: web
    approver: lead
    expires: 2026-11-22
`

func loaded(t *testing.T, expr string) *config.Config {
	t.Helper()
	cfg, err := config.Load("parity.yaml", []byte(strings.Replace(project, "EXPR", expr, 1)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// What parity.yaml says arrives here as it is meant, with its places.
func TestLoadedConfig(t *testing.T) {
	_, err := New(loaded(t, "stagin"), two, day, Options{Kinds: declaredKinds()})
	if err == nil || !strings.HasPrefix(err.Error(), "parity.yaml:15:31: expectation sizes: ") {
		t.Errorf("%v", err)
	}
	web := subject("Deployment", "web", "web", "web")
	j := judge(t, loaded(t, "staging"), two,
		sized(web, "/spec/replicas", parity.Number, "3", "3"),
		sized(web, "/spec/cpu", parity.Quantity, "0.25", "1"),
		text(web, "/a", "1", "2"))
	got := map[string]string{}
	for _, f := range j.Findings {
		got[f.Kind] = f.Where
	}
	if got["exception-expired"] != "parity.yaml:18:5" || got["expectation-violated"] != "parity.yaml:13:5" {
		t.Errorf("findings %v", got)
	}
	classes := map[string]parity.Class{}
	for _, d := range j.Differences {
		classes[d.Path] = d.Class
		if d.Path == "/a" && d.Severity != parity.High {
			t.Errorf("a critical service's difference is %s: %s", d.Severity, d.Why)
		}
	}
	if classes["/spec/cpu"] != parity.Expected || classes["/spec/replicas"] != parity.Changed {
		t.Errorf("%v", classes)
	}
	if j.Verdict.Mode != "report-only" || j.Verdict.Outcome != parity.Fail {
		t.Errorf("%+v", j.Verdict)
	}
}
