package alerting

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// configurationText is one that Alertmanager takes. %s stands for nothing: it is
// given as it is.
const configurationText = `
global: {slack_api_url: "https://hooks.slack.example.com/services/x"}
route:
  receiver: team
  group_by: [alertname, cluster]
  group_wait: 45s
  routes:
  - {matchers: ['severity="page"', 'env=~"a|b"'], receiver: pager, continue: true, mute_time_intervals: [weekend]}
  - match: {severity: warn}
    match_re: {env: "c.*"}
    repeat_interval: 1d
    routes:
    - {matchers: ['team!="x"'], group_by: ['...']}
receivers:
- name: team
  slack_configs: [{channel: "#x"}]
- name: pager
  pagerduty_configs: [{routing_key: k1}, {routing_key: k2, send_resolved: false}]
  webhook_configs: [{url: "http://127.0.0.1/hook"}]
- name: nobody
time_intervals: [{name: weekend, time_intervals: [{weekdays: [saturday, sunday]}]}]
inhibit_rules:
- {source_matchers: ['severity="page"'], target_match: {severity: warn}, equal: [alertname]}
`

// configurationLines is what it says.
func configurationLines() []string {
	return []string{
		`inhibition severity="page" silences severity="warn" /equal[=alertname]`,
		`inhibition severity="page" silences severity="warn" /source = severity="page"`,
		`inhibition severity="page" silences severity="warn" /target = severity="warn"`,
		`receiver nobody /name = nobody`,
		`receiver pager /integrations[=pagerduty]`,
		`receiver pager /integrations[=webhook]`,
		`receiver pager /integrations[name=pagerduty]/count = 2`,
		`receiver pager /integrations[name=pagerduty]/sendResolved = of some`,
		`receiver pager /integrations[name=webhook]/count = 1`,
		`receiver pager /integrations[name=webhook]/sendResolved = true`,
		`receiver pager /name = pager`,
		`receiver team /integrations[=slack]`,
		`receiver team /integrations[name=slack]/count = 1`,
		`receiver team /integrations[name=slack]/sendResolved = false`,
		`receiver team /name = team`,
		`route env=~"a|b",severity="page" /continue = true`,
		`route env=~"a|b",severity="page" /groupBy[=alertname] from root`,
		`route env=~"a|b",severity="page" /groupBy[=cluster] from root`,
		`route env=~"a|b",severity="page" /groupInterval = 5m (default)`,
		`route env=~"a|b",severity="page" /groupWait = 45s from root`,
		`route env=~"a|b",severity="page" /muteTimeIntervals[=weekend]`,
		`route env=~"a|b",severity="page" /receiver = pager`,
		`route env=~"a|b",severity="page" /repeatInterval = 4h (default)`,
		`route env=~"c.*",severity="warn" /continue = false (default)`,
		`route env=~"c.*",severity="warn" /groupBy[=alertname] from root`,
		`route env=~"c.*",severity="warn" /groupBy[=cluster] from root`,
		`route env=~"c.*",severity="warn" /groupInterval = 5m (default)`,
		`route env=~"c.*",severity="warn" /groupWait = 45s from root`,
		`route env=~"c.*",severity="warn" /receiver = team from root`,
		`route env=~"c.*",severity="warn" /repeatInterval = 24h`,
		`route env=~"c.*",severity="warn" > team!="x" /continue = false (default)`,
		`route env=~"c.*",severity="warn" > team!="x" /groupBy[=...]`,
		`route env=~"c.*",severity="warn" > team!="x" /groupInterval = 5m (default)`,
		`route env=~"c.*",severity="warn" > team!="x" /groupWait = 45s from root`,
		`route env=~"c.*",severity="warn" > team!="x" /receiver = team from root`,
		`route env=~"c.*",severity="warn" > team!="x" /repeatInterval = 24h from env=~"c.*",severity="warn"`,
		`route root /continue = false (default)`,
		`route root /groupBy[=alertname]`,
		`route root /groupBy[=cluster]`,
		`route root /groupInterval = 5m (default)`,
		`route root /groupWait = 45s`,
		`route root /receiver = team`,
		`route root /repeatInterval = 4h (default)`,
		`route root /timeIntervals[name=weekend][0]/weekdays[=saturday]`,
		`route root /timeIntervals[name=weekend][0]/weekdays[=sunday]`,
	}
}

// TestManager asks a real Alertmanager, with and without faults.
func TestManager(t *testing.T) {
	at := component.Alertmanager(t, configurationText)
	t.Run("whole", func(t *testing.T) {
		s := snapshot(t, "staging", running(at.String()), nil)
		want := append([]string{
			"alertmanager alertmanager /cluster = disabled", "alertmanager alertmanager /peers = 0", "alertmanager alertmanager /silences = 0",
			"alertmanager alertmanager /version = 0.31.1",
		}, configurationLines()...)
		if diff := cmp.Diff(want, lines(s)); diff != "" || len(s.Gaps) > 0 {
			t.Errorf("(-want +got):\n%s\n%q", diff, gapLines(s))
		}
		declared := snapshot(t, "production", Config{Files: []string{"am.yml"}}, map[string]string{"am.yml": configurationText})
		if diff := cmp.Diff(configurationLines(), lines(declared)); diff != "" || len(declared.Gaps) > 0 {
			t.Errorf("by file (-want +got):\n%s\n%q", diff, gapLines(declared))
		}
		for _, d := range differences(t, declared, s) {
			if !strings.HasPrefix(d, "unknown alertmanager ") {
				t.Errorf("what runs and its file differ: %s", d)
			}
		}
	})
	t.Run("silences", func(t *testing.T) { testSilences(t, at) })
	t.Run("faults", func(t *testing.T) { testFaults(t, at) })
}

// testSilences holds which silences are told, in what words, and which of them
// count.
func testSilences(t *testing.T, at *url.URL) {
	before := snapshot(t, "production", running(at.String()), nil)
	for name, c := range map[string]struct {
		ends     time.Duration
		matchers string
	}{
		"alert":        {90 * 24 * time.Hour, `{"name":"alertname","value":"Down","isRegex":false}`},
		"for an hour":  {time.Hour, `{"name":"alertname","value":"Slow|Late","isRegex":true,"isEqual":true}`},
		"all":          {48 * time.Hour, `{"name":"alertname","value":".+","isRegex":true}`},
		"for ever":     {365 * 24 * time.Hour, `{"name":"instance","value":"hunter2MARKER9x","isRegex":false,"isEqual":false},{"name":"alertname","value":"Full","isRegex":false}`},
		"narrow":       {48 * time.Hour, `{"name":"instance","value":"b","isRegex":false},{"name":"alertname","value":"Full","isRegex":false}`},
		"longer still": {91 * 24 * time.Hour, `{"name":"alertname","value":"Down","isRegex":false}`},
	} {
		body := fmt.Sprintf(`{"matchers":[%s],"startsAt":%q,"endsAt":%q,"createdBy":"x","comment":"hunter2MARKER9x"}`,
			c.matchers, time.Now().Add(-time.Minute).Format(time.RFC3339), time.Now().Add(c.ends).Format(time.RFC3339))
		answer, err := http.Post(at.JoinPath("/api/v2/silences").String(), "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", name, answer.Status)
		}
	}
	s := snapshot(t, "staging", running(at.String()), nil)
	want := []string{
		"alertmanager alertmanager /cluster = disabled", "alertmanager alertmanager /peers = 0", "alertmanager alertmanager /silences = 6",
		"alertmanager alertmanager /silences[=(all)]", `alertmanager alertmanager /silences[=alertname="Down"]`, `alertmanager alertmanager /silences[=alertname="Full",instance!=…]`,
		`alertmanager alertmanager /silences[=alertname=~"Slow|Late"]`, "alertmanager alertmanager /version = 0.31.1",
	}
	if diff := cmp.Diff(want, lines(s)[:len(want)]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantDifferences := []string{
		"extra alertmanager alertmanager /silences[=(all)]", `extra alertmanager alertmanager /silences[=alertname="Down"]`, `extra alertmanager alertmanager /silences[=alertname="Full",instance!=…]`,
	}
	if diff := cmp.Diff(wantDifferences, differences(t, before, s)); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	proxy := component.Proxy(t, at, nil)
	proxy.Inject("/silences", component.ServerError())
	s = snapshot(t, "staging", running(proxy.URL), nil)
	if len(s.Gaps) != 1 || s.Gaps[0].Path != "/silences" || s.Gaps[0].Kind != parity.AlertmanagerKind || !strings.Contains(s.Gaps[0].Reason, "failed (500)") {
		t.Errorf("gaps: %+v", s.Gaps)
	}
	if got := lines(s); !slices.Contains(got, "receiver team /integrations[=slack]") || !slices.Contains(got, "alertmanager alertmanager /version = 0.31.1") {
		t.Errorf("%q", got)
	}
	for _, d := range differences(t, snapshot(t, "production", running(at.String()), nil), s) {
		if !strings.HasPrefix(d, "unknown alertmanager ") {
			t.Errorf("%s, though silences were not told", d)
		}
	}
}

// testFaults holds that a server which does not tell is a gap over each kind,
// and that nothing is missing for it.
func testFaults(t *testing.T, at *url.URL) {
	reference := snapshot(t, "production", running(at.String()), nil)
	proxy := component.Proxy(t, at, nil)
	for name, c := range map[string]struct {
		pattern string
		fault   component.Fault
		reason  string
		names   bool
	}{
		"401":           {".", component.ExpiredToken(), "wants credentials", false},
		"429":           {".", component.TooManyRequests(0), "takes no more requests", false},
		"500":           {".", component.ServerError(), "failed (500)", false},
		"hang":          {".", component.Hang(), "did not answer within 1s", false},
		"drip":          {".", component.Drip(1, time.Second), "did not answer within 1s", false},
		"cut":           {".", component.Cut(100), "broke off in the middle", false},
		"half":          {".", component.Half(), "is not what was asked for", false},
		"another":       {".", component.Answer(200, "application/json", `{"config":{"original":"a: b"}}`), "cannot be read", false},
		"status denied": {"/status", component.Status(403, "Forbidden"), "does not allow to read this", true},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Clear()
			proxy.Inject(c.pattern, c.fault)
			s := snapshot(t, "staging", running(proxy.URL), nil)
			for _, kind := range managerKinds() {
				if !slices.ContainsFunc(s.Gaps, func(g parity.Gap) bool {
					return g.Kind == kind && g.Name == "" && strings.Contains(g.Reason, c.reason) && g.Where != ""
				}) {
					t.Errorf("no gap over %s says %q: %q", kind, c.reason, gapLines(s))
				}
			}
			if want := map[bool]int{true: 3}[c.names]; len(s.Subjects) != want {
				t.Errorf("%d subjects, want %d", len(s.Subjects), want)
			}
			for _, d := range differences(t, reference, s) {
				if !strings.HasPrefix(d, "unknown ") {
					t.Errorf("%s, though it was not told", d)
				}
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		if s := snapshot(t, "staging", running("http://127.0.0.1:1"), nil); len(s.Gaps) != len(managerKinds()) || s.Facts() > 0 {
			t.Errorf("gaps: %q", gapLines(s))
		}
	})
}
