package prometheus

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/trust"
	"github.com/envparity/parity/internal/webapi"
)

// structureKinds are the kinds that the structure tells of.
var structureKinds = []string{parity.AlertKind, parity.MetricKind, parity.MetricsServerKind, parity.RecordingKind, parity.TargetKind}

// uncovered gives the kinds of which a fact could be taken for missing: those
// without a gap over all of the kind.
func uncovered(r *record) []string {
	return slices.DeleteFunc(slices.Clone(structureKinds), func(kind string) bool {
		return slices.ContainsFunc(r.gaps, func(g parity.Gap) bool {
			return g.Kind == kind && g.Scope == "" && g.Name == "" && g.Path == ""
		})
	})
}

func through(tb testing.TB, p *component.FaultProxy) webapi.Config {
	tb.Helper()
	return webapi.Config{URL: p.URL, Timeout: 1}
}

// testFaultsOfEverything holds that a server that answers nothing is a gap over
// each kind, and no fact, soon.
func testFaultsOfEverything(t *testing.T, p *component.PrometheusServer) {
	proxy := component.Proxy(t, p.URL, nil)
	for name, c := range map[string]struct {
		fault  component.Fault
		reason string
	}{
		"401":  {component.ExpiredToken(), "wants credentials"},
		"429":  {component.TooManyRequests(0), "takes no more requests"},
		"500":  {component.ServerError(), "failed (500)"},
		"hang": {component.Hang(), "did not answer within 1s"},
		"drip": {component.Drip(1, time.Second), "did not answer within 1s"},
		"cut":  {component.Cut(20), "broke off in the middle"},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Clear()
			proxy.Inject(".", c.fault)
			began := time.Now()
			r, _ := askWith(t, through(t, proxy), time.Now())
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("it took %s", took)
			}
			if len(r.facts) > 0 {
				t.Errorf("there are facts: %q", r.with(""))
			}
			if kinds := uncovered(r); len(kinds) > 0 {
				t.Errorf("no gap covers %q: %q", kinds, r.gapLines())
			}
			for _, g := range r.gaps {
				if !strings.Contains(g.Reason, c.reason) && !strings.Contains(g.Reason, "does not tell its rules") && !strings.Contains(g.Reason, "nothing of its own settings") || g.Where == "" {
					t.Errorf("gap %+v, want the reason %q", g, c.reason)
				}
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		r, _ := askWith(t, webapi.Config{URL: "http://127.0.0.1:1", Timeout: 1}, time.Now())
		if kinds := uncovered(r); len(kinds) > 0 || len(r.facts) > 0 {
			t.Errorf("no gap covers %q; facts %q", kinds, r.with(""))
		}
	})
}

// testFaultOfOneQuestion holds that a question without an answer is a gap over
// what it tells of alone, and ends none of the others.
func testFaultOfOneQuestion(t *testing.T, p *component.PrometheusServer) {
	proxy := component.Proxy(t, p.URL, nil)
	whole, _ := askWith(t, through(t, proxy), time.Now(), `env="staging"`)
	for _, c := range []struct {
		pattern string
		fault   component.Fault
		// lost are the beginnings of what is not there any more.
		lost []string
		gaps []string
	}{
		{"/api/v1/rules", component.ServerError(), []string{"alert ", "recording ", "metrics-server metrics /alerts", "metrics-server metrics /recordings"}, []string{
			"alert / :", "metrics-server / /alerts:", "metrics-server / /recordings:", "recording / :",
		}},
		{"/api/v1/status/config", component.Cut(40), []string{"metrics-server metrics /scrape", "metrics-server metrics /evaluation", "metrics-server metrics /externalLabels"}, []string{
			"metrics-server / /evaluationInterval:", "metrics-server / /externalLabels[:", "metrics-server / /scrapeInterval:", "metrics-server / /scrapeTimeout:",
		}},
		{"/api/v1/targets$", component.Status(http.StatusNotFound, "NotFound"), []string{"target apps/cart /interval", "target"}, []string{
			"target / /interval:", "target / /path:", "target / /scheme:", "target / /timeout:",
		}},
		{"/api/v1/label/", component.TooManyRequests(0), []string{"metric "}, []string{"metric / :"}},
		{"/api/v1/metadata", component.ServerError(), []string{"metric"}, []string{"metric / /type:", "metric / /unit:"}},
		{"POST /api/v1/labels", component.ServerError(), []string{"metric"}, []string{"metric / /labels[=:"}},
		{"POST /api/v1/query_range", component.Status(http.StatusUnprocessableEntity, "Invalid").First(1), nil, nil},
		{"POST /api/v1/query_range", component.Status(http.StatusUnprocessableEntity, "Invalid"), []string{"metric "}, []string{
			"metric /gc_seconds :", "metric /http_request_duration_seconds :", "metric /http_requests_total :",
			"metric /pool_size :", "metric /two :", "metric /untyped_thing :",
		}},
		{"/api/v1/status/flags", component.Hang(), []string{"metrics-server metrics /flags"}, []string{"metrics-server / /flags/:"}},
	} {
		t.Run(c.pattern, func(t *testing.T) {
			proxy.Clear()
			proxy.Inject(c.pattern, c.fault)
			r, _ := askWith(t, through(t, proxy), time.Now(), `env="staging"`)
			var gaps []string
			for _, line := range r.gapLines() {
				place, _, _ := strings.Cut(line, ": ")
				if place != "metrics-server / /version" {
					gaps = append(gaps, place+":")
				}
			}
			if diff := cmp.Diff(c.gaps, slices.Compact(gaps)); diff != "" {
				t.Errorf("gaps (-want +got):\n%s\n%q", diff, r.gapLines())
			}
			for _, line := range whole.with("") {
				lost := slices.ContainsFunc(c.lost, func(prefix string) bool { return strings.HasPrefix(line, prefix) })
				at, _, _ := strings.Cut(line, " = ")
				if _, there := r.facts[at]; !there && !lost {
					t.Errorf("%s is lost", line)
				}
			}
		})
	}
}

// testTargetsByUp holds what is known of targets where only the series up tells.
func testTargetsByUp(t *testing.T, p *component.PrometheusServer) {
	proxy := component.Proxy(t, p.URL, nil)
	proxy.Inject("/api/v1/targets$", component.Status(http.StatusNotFound, "NotFound"))
	want := []string{
		"target apps/cart /health = up", "target apps/cart /targets = 1",
		"target node/db.example.com /health = down", "target node/db.example.com /targets = 1",
		"target web/web /health = partly up", "target web/web /targets = 2",
	}
	// A target that was scraped late for once, on a machine that is busy, has no
	// series at the time that is asked for.
	var got []string
	for range 10 {
		r, _ := askWith(t, through(t, proxy), time.Now(), `env="staging"`)
		if got = r.with("target ", "/labels[", "/lastError["); slices.Equal(got, want) {
			return
		}
		time.Sleep(time.Second)
	}
	t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
}

// testBeforeRetention holds that a window of which the server keeps nothing is
// a gap over the metrics.
func testBeforeRetention(t *testing.T, p *component.PrometheusServer) {
	r, _ := askWith(t, webapi.Config{URL: p.URL.String()}, time.Now().Add(-30*24*time.Hour))
	if kinds := uncovered(r); !slices.Contains(kinds, parity.AlertKind) || slices.Contains(kinds, parity.MetricKind) || len(r.with("metric ")) > 0 {
		t.Errorf("no gap covers %q; %q", kinds, r.with("metric "))
	}
}

// testPartialAnswer holds that what a server says of its own answer is heard:
// Thanos tells so of stores that are down.
func testPartialAnswer(t *testing.T, p *component.PrometheusServer) {
	proxy := component.Proxy(t, p.URL, nil)
	proxy.Inject(".", component.Warned("No StoreAPIs matched for this query"))
	r, _ := askWith(t, through(t, proxy), time.Now())
	if len(r.with("metric ")) == 0 || len(r.with("target ")) == 0 || len(r.with("alert ")) == 0 {
		t.Error("what is there is not read")
	}
	for _, kind := range []string{parity.AlertKind, parity.MetricKind, parity.RecordingKind, parity.TargetKind} {
		if slices.Contains(uncovered(r), kind) {
			t.Errorf("no gap covers %s: %q", kind, r.gapLines())
		}
	}
}

// TestCancel holds that reading ends with its context.
func TestCancel(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer s.Close()
	client, err := webapi.New(webapi.Config{URL: s.URL}, os.LookupEnv, trust.Allowed{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r := newRecord()
	began := time.Now()
	if err := (&structure{Queries: webapi.Queries{Client: client}, out: r, now: began, window: time.Hour}).read(ctx); err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("it gives %v after %s", err, time.Since(began))
	}
}
