package acceptance

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/sampleshop"
)

// watched is an environment that real servers watch.
type watched struct {
	name               string
	shop               *sampleshop.Service
	prometheus, jaeger string
}

// watch starts a copy of the shop, and the servers that watch it, without some
// signals: as sampleshop.Settings has them, and "target" and "alert".
func watch(t *testing.T, name, loki string, without ...string) watched {
	t.Helper()
	j := component.Jaeger(t)
	s := sampleshop.Start(t, sampleshop.Settings{
		Seed: 1, Environment: name, Without: without,
		TracesTo: j.OTLP.JoinPath("/v1/traces").String(), LogsTo: loki + "/loki/api/v1/push",
	})
	// An agent that is scraped, and tells nothing of its own.
	agent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	}))
	t.Cleanup(agent.Close)
	targets := fmt.Sprintf("      - {targets: [%q]}\n", s.URL.Host)
	if !slices.Contains(without, "target") {
		targets += fmt.Sprintf("      - {targets: [%q], labels: {service: log-agent}}\n", agent.Listener.Addr())
	}
	rules := "groups:\n- name: shop\n  rules:\n  - {alert: ShopDown, expr: 'up == 0', annotations: {runbook_url: 'https://runbooks.example.com/down'}}\n"
	if !slices.Contains(without, "alert") {
		rules += "  - {alert: ShopSlow, expr: 'http_server_active_requests > 100', annotations: {runbook_url: 'https://runbooks.example.com/slow'}}\n"
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	p := component.Prometheus(t, component.PrometheusOptions{Config: fmt.Sprintf(
		"global: {scrape_interval: 1s, scrape_timeout: 1s}\nrule_files: [%q]\nscrape_configs:\n  - job_name: shop\n    static_configs:\n%s", file, targets)})
	return watched{name: name, shop: s, prometheus: p.URL.String(), jaeger: j.URL.String()}
}

// columnIndicator gives an indicator of one of several columns.
func columnIndicator(t *testing.T, r *parity.Result, id, column string) parity.Indicator {
	t.Helper()
	i := slices.IndexFunc(r.Indicators, func(i parity.Indicator) bool { return i.ID == id && i.Column == column })
	if i < 0 {
		t.Fatalf("there is no %s of %s", id, column)
	}
	return r.Indicators[i]
}

// TestRemovedSignals takes one signal of each kind away from one environment,
// and holds that each is one finding, that nothing else is, and that coverage
// says so exactly.
func TestRemovedSignals(t *testing.T) {
	loki := component.Loki(t).URL.String()
	all := []watched{
		watch(t, "staging", loki, "metric shop_search_duration_seconds", "label currency", "target", "alert", "log duration_ms", "operation GET /prices"),
		watch(t, "twin", loki),
		watch(t, "production", loki),
	}
	var b strings.Builder
	var copies []*sampleshop.Service
	b.WriteString("version: 1\nenvironments:\n")
	for i := range all {
		w := &all[i]
		copies = append(copies, w.shop)
		fmt.Fprintf(&b, "  - name: %[1]s\n    sources:\n      - {collector: prometheus, url: %[2]q, behaviour: false, window: 30s}\n"+
			"      - {collector: loki, url: %[3]q, match: ['env=\"%[1]s\"'], window: 1m}\n      - {collector: traces, url: %[4]q, window: 1m}\n", w.name, w.prometheus, loki, w.jaeger)
	}
	dir := project(t, b.String())
	// Fewer than 500 lines and spans of a service say nothing of what is rare.
	ctx, stop := context.WithTimeout(t.Context(), 65*time.Second)
	defer stop()
	sampleshop.Load(ctx, sampleshop.Targets(copies...), sampleshop.Mix{"GET /health": 5, "GET /catalog": 10, "GET /products/{sku}": 10, "GET /search": 5, "GET /cart/{id}": 30, "POST /checkout": 40}, 35, 1)
	time.Sleep(2 * time.Second) // for what is on its way to the servers
	r := resultAt(t, time.Now(), dir, "check")
	for _, g := range r.Gaps {
		t.Logf("%s %s %s %s %s: %s", g.Column, g.Kind, g.Scope, g.Name, g.Path, g.Reason)
	}
	t.Logf("%q", findings(r, "twin"))
	t.Logf("%q", findings(r, "staging"))
	for _, column := range []string{"staging", "twin"} {
		for _, id := range []string{"M3", "M10"} {
			t.Logf("%s of %s: %+v", id, column, columnIndicator(t, r, id, column))
		}
	}
}

// findings are the groups of a column that count, by what they are of.
func findings(r *parity.Result, column string) (list []string) {
	for _, g := range counting(r) {
		var of []string
		for _, d := range g.Differences {
			if slices.Contains(d.Columns, column) {
				of = append(of, fmt.Sprintf("%s %s/%s %s %s", d.Class, d.Subject.Kind, d.Subject.Name, d.Path, d.Surface))
			}
		}
		if len(of) > 0 {
			list = append(list, strings.Join(of, " + "))
		}
	}
	return list
}
