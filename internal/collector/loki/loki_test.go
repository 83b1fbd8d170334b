package loki

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// shop fills a server with two environments that are the same but for what the
// staging one lacks, and with services of other forms.
func shop(t *testing.T, end time.Time) *component.LokiServer {
	t.Helper()
	l := component.Loki(t)
	stream := func(env, service string, more ...string) map[string]string {
		labels := map[string]string{"env": env, "service_name": service, "pod": service + "-" + env}
		for _, label := range more {
			labels[label] = "x"
		}
		return labels
	}
	for env, without := range map[string]map[string]string{
		"production": {}, "staging": {"cart": "trace_id", "orders": "level warn", "twin": ""},
	} {
		for i, service := range []string{"cart", "orders", "twin"} {
			r := rand.New(rand.NewPCG(uint64(len(env)), uint64(i)))
			l.Push(t, component.LogStream{Labels: stream(env, service), Lines: spread(end, 3000, func(int) string { return logLine(r, without[service]) })})
		}
	}
	// Without a name of a service by the server itself.
	l.Push(t,
		component.LogStream{Labels: stream("production", "proxy", "zone"), Lines: spread(end, 800, func(i int) string {
			return fmt.Sprintf(`level=info ts=2026-01-01T00:00:00Z method=GET path="/a b" status=%d`, i)
		})},
		component.LogStream{Labels: stream("production", "old"), Lines: spread(end, 600, func(i int) string {
			return fmt.Sprintf("2026-01-01 00:00:00,000 WARN [main] it took %d ms", i)
		})},
		component.LogStream{Labels: stream("production", "quiet"), Lines: spread(end, 20, func(int) string { return "it works" })},
		component.LogStream{Labels: stream("production", "stopped"), Lines: spread(end.Add(-3*time.Hour), 600, func(int) string { return "it works" })},
	)
	described := spread(end, 600, func(int) string { return "it works" })
	for i := range described {
		described[i].Metadata = map[string]string{"trace_id": fmt.Sprintf("%032x", i), "severity_text": "INFO"}
	}
	l.Push(t, component.LogStream{Labels: stream("production", "otel"), Lines: described})
	return l
}

// TestLoki asks one real server all of it, with and without faults.
func TestLoki(t *testing.T) {
	end := time.Now().Truncate(time.Second)
	l := shop(t, end)
	for name, f := range map[string]func(*testing.T, *component.LokiServer, time.Time){
		"whole": testWhole, "removed": testRemoved, "faults of everything": testFaultsOfEverything,
		"faults of one question": testFaultsOfOneQuestion, "before retention": testBeforeRetention,
		"stopped": testStopped, "requests": testRequests, "tenant": testTenant, "matched": testMatched, "quiet": testQuiet, "mixed": testMixed,
	} {
		t.Run(name, func(t *testing.T) { f(t, l, end) })
	}
}

func testWhole(t *testing.T, l *component.LokiServer, end time.Time) {
	s := snapshot(t, "production", at(l.URL.String(), `env="production"`), end)
	want := []string{
		"cart /fields[=error] (rare)", "cart /fields[=http.route]", "cart /fields[=http.status]", "cart /fields[=level]", "cart /fields[=msg]", "cart /fields[=trace_id]",
		"cart /format = json", "cart /formats[=json]", "cart /labels[=pod]", "cart /labels[=service_name]",
		"cart /levels[=error] (rare)", "cart /levels[=info]", "cart /levels[=warn]",
		"old /format = text", "old /formats[=text]", "old /labels[=pod]", "old /labels[=service_name]", "old /levels[=warn]",
		"otel /format = text", "otel /formats[=text]", "otel /labels[=pod]", "otel /labels[=service_name]", "otel /levels[=info]", "otel /metadata[=severity_text]", "otel /metadata[=trace_id]",
		"proxy /fields[=level]", "proxy /fields[=method]", "proxy /fields[=path]", "proxy /fields[=status]", "proxy /fields[=ts]",
		"proxy /format = logfmt", "proxy /formats[=logfmt]", "proxy /labels[=pod]", "proxy /labels[=service_name]", "proxy /labels[=zone]", "proxy /levels[=info]",
		"proxy /timestamps[=rfc3339]",
		"quiet /format = text (rare)", "quiet /formats[=text] (rare)", "quiet /labels[=pod] (rare)", "quiet /labels[=service_name] (rare)",
	}
	got := slices.DeleteFunc(lines(s), func(l string) bool { return strings.HasPrefix(l, "orders ") || strings.HasPrefix(l, "twin ") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`logs "quiet" : fewer than 500 lines of the service were seen: 20`}, gapLines(s)); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	for i := range s.Subjects {
		if app, _ := s.Subjects[i].Subject.Label("app.kubernetes.io/name"); app != s.Subjects[i].Subject.Name {
			t.Errorf("%s belongs to %q", s.Subjects[i].Subject.Key, app)
		}
	}
}

// testRemoved holds that a field and a level that one environment lacks are one
// finding each, and nothing else is.
func testRemoved(t *testing.T, l *component.LokiServer, end time.Time) {
	only := `service_name=~"cart|orders|twin"`
	got := differences(t,
		snapshot(t, "production", at(l.URL.String(), `env="production"`, only), end),
		snapshot(t, "staging", at(l.URL.String(), `env="staging"`, only), end))
	want := []difference{{"missing", "cart", "/fields[=trace_id]"}, {"missing", "orders", "/levels[=warn]"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(difference{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// testStopped holds that a service whose logs stopped is missing as a whole.
func testStopped(t *testing.T, l *component.LokiServer, end time.Time) {
	cfg := at(l.URL.String(), `env="production"`, `service_name=~"stopped|twin"`)
	before, now := snapshot(t, "production", cfg, end.Add(-3*time.Hour)), snapshot(t, "staging", cfg, end)
	for _, s := range []*parity.Snapshot{before, now} {
		if len(s.Gaps) > 0 {
			t.Errorf("gaps: %q", gapLines(s))
		}
	}
	found := 0
	for _, d := range differences(t, before, now) {
		if d.subject == "stopped" && d.class == "missing" {
			found++
		}
	}
	if found == 0 {
		t.Errorf("it is not missing: %q", lines(now))
	}
}

// testMatched holds that environments may be told apart each by a label of its
// own, and that a field of the same name is a field as any other.
func testMatched(t *testing.T, l *component.LokiServer, end time.Time) {
	text := func(int) string { return `{"cluster":"x","namespace":"y"}` }
	l.Push(t,
		component.LogStream{Labels: map[string]string{"service_name": "apart", "cluster": "live"}, Lines: spread(end, 600, text)},
		component.LogStream{Labels: map[string]string{"service_name": "apart", "namespace": "trial", "cluster": "rest"}, Lines: spread(end, 600, text)},
	)
	production, staging := snapshot(t, "production", at(l.URL.String(), `cluster="live"`), end), snapshot(t, "staging", at(l.URL.String(), `namespace="trial"`), end)
	if got := differences(t, production, staging); len(got) > 0 || len(production.Subjects) != 1 || len(staging.Subjects) != 1 {
		t.Errorf("%v", got)
	}
	for _, s := range []*parity.Snapshot{production, staging} {
		if got := lines(s); !slices.Contains(got, "apart /fields[=cluster]") || !slices.Contains(got, "apart /fields[=namespace]") {
			t.Errorf("%q", got)
		}
	}
}

// testQuiet holds that a service of few lines is not missing where it is silent.
func testQuiet(t *testing.T, l *component.LokiServer, end time.Time) {
	production := snapshot(t, "production", at(l.URL.String(), `env="production"`, `service_name=~"quiet|twin"`), end)
	staging := snapshot(t, "staging", at(l.URL.String(), `env="staging"`, `service_name=~"quiet|twin"`), end)
	if got := differences(t, production, staging); len(got) > 0 || len(production.Subjects) != 2 || len(staging.Subjects) != 1 {
		t.Errorf("%v", got)
	}
}

// testMixed holds that a format which only one environment has beside the other
// is one finding, and does not make another format of the whole.
func testMixed(t *testing.T, l *component.LokiServer, end time.Time) {
	for env, words := range map[string]int{"pure": 0, "mixed": 3} {
		l.Push(t, component.LogStream{Labels: map[string]string{"service_name": "mix", "kind": env}, Lines: spread(end, 1000, func(i int) string {
			if i%10 < words {
				return "panic: it is broken"
			}
			return `{"ts":1700000000.5,"msg":"x"}`
		})})
	}
	got := differences(t, snapshot(t, "production", at(l.URL.String(), `kind="pure"`), end), snapshot(t, "staging", at(l.URL.String(), `kind="mixed"`), end))
	if diff := cmp.Diff([]difference{{"extra", "mix", "/formats[=text]"}}, got, cmp.AllowUnexported(difference{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// testBeforeRetention holds that a window of which the server has the later half
// alone, or nothing, is a gap over all logs.
func testBeforeRetention(t *testing.T, l *component.LokiServer, end time.Time) {
	for name, c := range map[string]struct {
		now    time.Time
		window string
		reason string
	}{
		"half":    {end, "2h", "first half of the window"},
		"late":    {end.Add(time.Hour), "2h", "second half of the window"},
		"nothing": {end.Add(-30 * 24 * time.Hour), "1h", "knows no stream that fits"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := at(l.URL.String(), `env="staging"`)
			cfg.Window = c.window
			s := snapshot(t, "staging", cfg, c.now)
			if !whole(s, c.reason) {
				t.Errorf("no gap over all logs says %q: %q", c.reason, gapLines(s))
			}
		})
	}
}

// whole reports whether a gap over all logs has a reason.
func whole(s *parity.Snapshot, reason string) bool {
	return slices.ContainsFunc(s.Gaps, func(g parity.Gap) bool {
		return g.Kind == parity.LogsKind && g.Name == "" && g.Path == "" && strings.Contains(g.Reason, reason) && g.Where != ""
	})
}

// testRequests holds how many questions are asked.
func testRequests(t *testing.T, l *component.LokiServer, end time.Time) {
	proxy := component.Proxy(t, l.URL, nil)
	s := snapshot(t, "staging", at(proxy.URL, `env="staging"`), end)
	if got := len(proxy.Requests()); got != 1+4*3 || len(s.Subjects) != 3 {
		t.Errorf("%d requests for %d services", got, len(s.Subjects))
	}
}

// testTenant holds that each question carries the tenant, beside what the
// collector itself asks for.
func testTenant(t *testing.T, l *component.LokiServer, end time.Time) {
	var asked, without atomic.Int32
	forward := httputil.NewSingleHostReverseProxy(l.URL)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("X-Scope-OrgID") != "a|b" || r.Header.Get("X-Loki-Response-Encoding-Flags") == "" {
			without.Add(1)
		}
		forward.ServeHTTP(w, r)
	}))
	defer s.Close()
	cfg := at(s.URL, `env="production"`, `service_name="otel"`)
	cfg.Headers = map[string]string{"X-Scope-OrgID": "a|b"}
	snap := snapshot(t, "production", cfg, end)
	if asked.Load() != 5 || without.Load() > 0 || len(snap.Subjects) != 1 || len(cfg.Headers) != 1 {
		t.Errorf("%d of %d questions without, %d services, %v", without.Load(), asked.Load(), len(snap.Subjects), cfg.Headers)
	}
}
