package alerting

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/trust"
)

const rulesText = `groups:
- name: shop
  interval: 30s
  labels: {team: shop}
  rules:
  - alert: Slow
    expr: |
      up   == 0 # note
    for: 5m
    labels: {severity: page}
    annotations: {runbook_url: RUNBOOKS/slow}
  - {alert: Slow, expr: up == 0, labels: {severity: warn}}
  - {record: "job:up:sum", expr: "sum by (job) (up)"}
`

const provisionedText = `apiVersion: 1
groups:
- orgId: 1
  name: slow
  folder: Shop
  interval: 1m
  rules:
  - uid: u1
    title: Latency
    condition: B
    for: 5m
    noDataState: NoData
    isPaused: false
    data:
    - refId: A
      datasourceUid: prom
      relativeTimeRange: {from: 600, to: 0}
      model: {refId: A, expr: "rate(x[5m])", intervalMs: 1000}
    - refId: B
      datasourceUid: __expr__
      model: {refId: B, type: threshold, expression: A, conditions: [{evaluator: {type: gt, params: [3]}}]}
    labels: {severity: page}
contactPoints:
- name: team
  receivers:
  - {uid: a, type: slack, settings: {url: "https://x"}, disableResolveMessage: true}
  - {uid: b, type: email, settings: {addresses: a@b}}
policies:
- receiver: team
  group_by: [grafana_folder]
  routes:
  - {receiver: team, object_matchers: [[severity, =, page]], group_wait: 10s}
muteTimes: [{name: night, time_intervals: [{times: [{start_time: "22:00", end_time: "23:59"}]}]}]
`

func TestFiles(t *testing.T) {
	s := snapshot(t, "production", Config{Files: []string{"all"}}, map[string]string{
		"all/rules.yml": rulesText, "all/grafana.yaml": provisionedText, "all/values.yaml": "replicas: 3\n",
	})
	want := []string{
		`alert Shop/slow/Latency /condition = B`,
		`alert Shop/slow/Latency /data[name=A]/datasource = prom`,
		`alert Shop/slow/Latency /data[name=A]/relativeTimeRange/from = 600`,
		`alert Shop/slow/Latency /data[name=A]/relativeTimeRange/to = 0`,
		`alert Shop/slow/Latency /data[name=B]/conditions[0]/evaluator/params[=3]`,
		`alert Shop/slow/Latency /data[name=B]/conditions[0]/evaluator/type = gt`,
		`alert Shop/slow/Latency /data[name=B]/expression = A`,
		`alert Shop/slow/Latency /data[name=B]/type = threshold`,
		`alert Shop/slow/Latency /expr = rate(x[5m])`,
		`alert Shop/slow/Latency /for = 5m`,
		`alert Shop/slow/Latency /interval = 1m`,
		`alert Shop/slow/Latency /isPaused = false`,
		`alert Shop/slow/Latency /keepFiringFor = 0s`,
		`alert Shop/slow/Latency /labels/severity = page`,
		`alert Shop/slow/Latency /noDataState = NoData`,
		`alert Shop/slow/Latency /runbook = none`,
		`alert shop/Slow{severity=page} /annotations/runbook_url = RUNBOOKS/slow`,
		`alert shop/Slow{severity=page} /expr = up==0`,
		`alert shop/Slow{severity=page} /for = 5m`,
		`alert shop/Slow{severity=page} /interval = 30s`,
		`alert shop/Slow{severity=page} /keepFiringFor = 0s`,
		`alert shop/Slow{severity=page} /labels/severity = page`,
		`alert shop/Slow{severity=page} /labels/team = shop`,
		`alert shop/Slow{severity=page} /runbook = present`,
		`alert shop/Slow{severity=warn} /expr = up==0`,
		`alert shop/Slow{severity=warn} /for = 0s`,
		`alert shop/Slow{severity=warn} /interval = 30s`,
		`alert shop/Slow{severity=warn} /keepFiringFor = 0s`,
		`alert shop/Slow{severity=warn} /labels/severity = warn`,
		`alert shop/Slow{severity=warn} /labels/team = shop`,
		`alert shop/Slow{severity=warn} /runbook = none`,
		`receiver team /integrations[=email]`,
		`receiver team /integrations[=slack]`,
		`receiver team /integrations[name=email]/count = 1`,
		`receiver team /integrations[name=email]/sendResolved = true`,
		`receiver team /integrations[name=slack]/count = 1`,
		`receiver team /integrations[name=slack]/sendResolved = false`,
		`receiver team /name = team`,
		`recording shop/job:up:sum /expr = sum by(job)(up)`,
		`recording shop/job:up:sum /interval = 30s`,
		`recording shop/job:up:sum /labels/team = shop`,
		`route root /continue = false (default)`,
		`route root /groupBy[=grafana_folder]`,
		`route root /groupInterval = 5m (default)`,
		`route root /groupWait = 30s (default)`,
		`route root /receiver = team`,
		`route root /repeatInterval = 4h (default)`,
		`route root /timeIntervals[name=night][0]/times[0]/end_time = 23:59`,
		`route root /timeIntervals[name=night][0]/times[0]/start_time = 22:00`,
		`route severity="page" /continue = false (default)`,
		`route severity="page" /groupBy[=grafana_folder] from root`,
		`route severity="page" /groupInterval = 5m (default)`,
		`route severity="page" /groupWait = 10s`,
		`route severity="page" /receiver = team`,
		`route severity="page" /repeatInterval = 4h (default)`,
	}
	if diff := cmp.Diff(want, lines(s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.Gaps) > 0 {
		t.Errorf("gaps: %q", gapLines(s))
	}
	for i := range s.Subjects {
		for j := range s.Subjects[i].Facts {
			if f := &s.Subjects[i].Facts[j]; f.Path == "/for" && strings.Contains(s.Subjects[i].Subject.Name, "page") && f.Source() != "all/rules.yml:9:10" {
				t.Errorf("it is read at %s", f.Source())
			}
		}
	}
}

// TestDataSources holds that two servers may know one source of data by uids of
// their own, and that another source is another.
func TestDataSources(t *testing.T) {
	read := func(environment, uid, name string) *parity.Snapshot {
		return snapshot(t, environment, Config{Files: []string{"all"}}, map[string]string{
			"all/rules.yaml":  strings.Replace(provisionedText, "datasourceUid: prom", "datasourceUid: "+uid, 1),
			"all/z-data.yaml": "apiVersion: 1\ndatasources: [{name: " + name + ", type: prometheus, uid: " + uid + ", secureJsonData: {httpHeaderValue1: hunter2}}]\n",
		})
	}
	production := read("production", "P4169E866C3094E38", "Metrics")
	if d := differences(t, production, read("staging", "PDDA8E780A17E7EF1", "Metrics")); len(d) > 0 {
		t.Errorf("one source of data: %q", d)
	}
	want := []string{"changed alert Shop/slow/Latency /data[name=A]/datasource"}
	if diff := cmp.Diff(want, differences(t, production, read("staging", "PDDA8E780A17E7EF1", "Archive"))); diff != "" {
		t.Errorf("another (-want +got):\n%s", diff)
	}
	r := &reader{}
	for _, name := range []string{"a", "a", "b", "a"} {
		r.dataSource("x", name)
	}
	if name := r.dataSources["x"]; name != "" {
		t.Errorf("a uid of two sources has the name %q", name)
	}
}

// TestRemoved holds that a rule, a route and a receiver that one environment
// lacks are told as just that.
func TestRemoved(t *testing.T) {
	files := func(rules, manager string) map[string]string {
		return map[string]string{"rules.yml": rules, "am.yml": manager}
	}
	cfg := Config{Files: []string{"rules.yml", "am.yml"}}
	whole := snapshot(t, "production", cfg, files(rulesText, configurationText))
	for _, c := range []struct{ about, rules, manager, only string }{
		{"recording rule", strings.Replace(rulesText, "  - {record: \"job:up:sum\", expr: \"sum by (job) (up)\"}\n", "", 1), configurationText, "recording shop/job:up:sum "},
		{"receiver", rulesText, strings.Replace(configurationText, "- name: nobody\n", "", 1), "receiver nobody "},
		{"route", rulesText, strings.Replace(configurationText, "    routes:\n    - {matchers: ['team!=\"x\"'], group_by: ['...']}\n", "", 1), `route env=~"c.*",severity="warn" > team!="x" `},
	} {
		found := differences(t, whole, snapshot(t, "staging", cfg, files(c.rules, c.manager)))
		if len(found) == 0 {
			t.Errorf("%s: nothing is missing", c.about)
		}
		for _, d := range found {
			if !strings.HasPrefix(d, "missing "+c.only) {
				t.Errorf("%s: %s", c.about, d)
			}
		}
	}
}

// TestOperator holds that rules in an object for an operator are the same.
func TestOperator(t *testing.T) {
	object := "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: x}\nspec:\n  " + strings.ReplaceAll(rulesText, "\n", "\n  ") + "\n"
	cfg := Config{Files: []string{"rules.yml"}}
	plain := snapshot(t, "production", cfg, map[string]string{"rules.yml": rulesText})
	other := snapshot(t, "staging", cfg, map[string]string{"rules.yml": object})
	if diff := cmp.Diff(lines(plain), lines(other)); diff != "" {
		t.Errorf("(-plain +object):\n%s", diff)
	}
}

// TestRunbooks holds what is told of runbooks that are there, gone, behind a
// login, and unreachable, and that each is asked for once and without
// credentials.
func TestRunbooks(t *testing.T) {
	var asked, credentials atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") != "" {
			credentials.Add(1)
		}
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/login":
			w.WriteHeader(http.StatusForbidden)
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		case "/get":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/there", http.StatusFound)
		}
	}))
	defer s.Close()
	var b strings.Builder
	b.WriteString("groups:\n- name: g\n  rules:\n")
	rule := func(name, address string) {
		b.WriteString("  - {alert: " + name + ", expr: up, annotations: {runbook_url: \"" + address + "\"}}\n")
	}
	for _, name := range []string{"there", "gone", "login", "broken", "get", "moved", "loop"} {
		rule(name, s.URL+"/"+name)
	}
	rule("again", strings.Replace(s.URL, "http://", "http://u:p@", 1)+"/there")
	rule("template", s.URL+"/{{ $labels.x }}")
	rule("refused", "http://127.0.0.1:1/x")
	rule("words", "ask the team")
	files := map[string]string{"rules.yml": b.String()}
	snap := snapshot(t, "staging", Config{Files: []string{"rules.yml"}, CheckRunbooks: true}, files,
		trust.Binding{Credential: trust.Runbooks, Host: strings.TrimPrefix(s.URL, "http://")}, trust.Binding{Credential: trust.Runbooks, Host: "127.0.0.1:1"})
	var got []string
	for _, l := range lines(snap) {
		if strings.Contains(l, " /runbook") {
			got = append(got, strings.TrimPrefix(l, "alert g/"))
		}
	}
	want := []string{
		"again /runbook = present", "get /runbook = present", "gone /runbook = dead: 404", "login /runbook = present", "moved /runbook = present",
		"template /runbook = present", "there /runbook = present", "words /runbook = present",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantGaps := []string{
		"alert g/broken /runbook: the runbook's server answers with status 502",
		"alert g/loop /runbook: the runbook's server " + strings.TrimPrefix(s.URL, "http://") + " does not give it: it redirects again and again",
		"alert g/refused /runbook: the runbook's server 127.0.0.1:1 does not answer",
	}
	if diff := cmp.Diff(wantGaps, gapLines(snap)); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	// Six once, three of them again with GET, one where it was moved, one with a
	// user, and one that is moved again and again.
	if n := asked.Load(); n != 6+3+1+1+1+maxRedirects || credentials.Load() > 0 {
		t.Errorf("%d requests, %d with credentials", n, credentials.Load())
	}
	before := asked.Load()
	snapshot(t, "staging", Config{Files: []string{"rules.yml"}}, files)
	if asked.Load() != before {
		t.Error("runbooks are asked for though nobody wants it")
	}
}

// TestBroken holds that a file that cannot be read is a gap over all that it
// might tell, and ends none of the others.
func TestBroken(t *testing.T) {
	s := snapshot(t, "staging", Config{Files: []string{"gone.yml", "a.yml", "rules.yml", "other.yml"}}, map[string]string{
		"a.yml": "groups: [", "rules.yml": rulesText, "other.yml": "a: b\n",
	})
	if s.Facts() == 0 {
		t.Error("the whole file is not read")
	}
	for _, name := range []string{"gone.yml", "a.yml", "other.yml"} {
		kinds := map[string]bool{}
		for _, g := range s.Gaps {
			if strings.HasPrefix(g.Where, name) && g.Reason != "" {
				kinds[g.Kind] = true
			}
		}
		if len(kinds) != len(fileKinds()) {
			t.Errorf("%s: gaps over %v", name, kinds)
		}
	}
}

func TestMatchers(t *testing.T) {
	for text, want := range map[string]string{
		`a="b"`: `a="b"`, `a=b`: `a="b"`, ` a =~ "b,c" `: `a=~"b,c"`, `{a="b",c!~'d'}`: `a="b",c!~"'d'"`, `a!=b, c=d`: `a!="b",c="d"`,
		`"a b"="c\"d"`: `a b="c\"d"`, `nothing`: `nothing`, ``: ``, `a=`: `a=""`, `{}`: ``,
	} {
		if got := strings.Join(parseMatchers(text), ","); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// FuzzDocument holds that any bytes are read or a gap, and that what is read has
// a kind of alerting.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{configurationText, rulesText, provisionedText, "", "{", "route: {routes: [1, {routes: {}}]}\nreceivers: x", "groups: [{rules: [{alert: [], expr: {}}]}]", "apiVersion: 1\ngroups: [1]\npolicies: [a]\ncontactPoints: [[]]"} {
		f.Add(seed)
	}
	known := collector.Registry{New()}.Kinds()
	dir := f.TempDir() // one for all executions: they write the same file
	f.Fuzz(func(t *testing.T, content string) {
		s := snapshotIn(t, dir, "staging", Config{Files: []string{"a.yml"}}, map[string]string{"a.yml": content})
		for i := range s.Subjects {
			if format := known.Format(&s.Subjects[i].Subject); format != "alerting" && format != "rules" {
				t.Errorf("a subject of kind %q", s.Subjects[i].Subject.Kind)
			}
		}
		for _, g := range s.Gaps {
			if strings.Contains(g.Reason, "panicked") || g.Kind == "" {
				t.Errorf("gap %+v", g)
			}
		}
	})
}

// FuzzStatus holds that an answer of any bytes is read or refused.
func FuzzStatus(f *testing.F) {
	f.Add(`{"cluster":{"status":"ready","peers":[{"name":"x"}]},"versionInfo":{"version":"1.2.3"},"config":{"original":"a: b"},"uptime":"x"}`)
	f.Add(`{"config":[`)
	f.Fuzz(func(t *testing.T, body string) {
		told, err := readStatus(strings.NewReader(body))
		if n := len(told.configuration) + len(told.version) + len(told.cluster) + told.peers; err == nil && n > 6*len(body) {
			t.Errorf("%d bytes became %d", len(body), n)
		}
	})
}

// FuzzSilences holds that an answer of any bytes is read or refused, and that
// what is told of silences is bounded.
func FuzzSilences(f *testing.F) {
	f.Add(`[{"status":{"state":"active"},"endsAt":"2030-01-01T00:00:00Z","matchers":[{"name":"alertname","value":"a","isRegex":true,"isEqual":false},{"name":"b","value":"c"}]}]`)
	f.Add(`[{"matchers":null},{}`)
	f.Fuzz(func(t *testing.T, body string) {
		muted := map[string]time.Duration{}
		active, err := readSilences(strings.NewReader(body), time.Unix(0, 0), muted)
		if err == nil && (len(muted) > active || active*2 > len(body)) {
			t.Errorf("%d are active and %d matter, of %d bytes", active, len(muted), len(body))
		}
	})
}
