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

	"github.com/google/go-cmp/cmp"

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
	if twin := findings(r, "twin"); len(twin) > 0 {
		t.Errorf("the twin differs: %q", twin)
	}
	want := []string{
		"missing alert/ShopSlow ",
		"missing logs/shop /fields[=duration_ms]",
		"missing metric/shop_orders_total /labels[=currency]",
		"missing metric/shop_search_duration_seconds ",
		"missing operation/client GET /prices  + missing operation/server GET /prices ",
		"missing target/log-agent ",
	}
	if diff := cmp.Diff(want, findings(r, "staging")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	// The shop has five metrics: two histograms, a summary, a counter and a gauge;
	// what it calls has traces alone.
	for column, m3 := range map[string][3]int{"staging": {3, 5, 0}, "twin": {5, 5, 0}} {
		if i := columnIndicator(t, r, "M3", column); [3]int{i.Numerator, i.Denominator, i.Unknown} != m3 {
			t.Errorf("M3 of %s is %d of %d, %d unknown, want %v; %q", column, i.Numerator, i.Denominator, i.Unknown, m3, i.Evidence)
		}
		i := columnIndicator(t, r, "M10", column)
		says := []string{"inventory has no logs and no metrics in " + column, "payments has no logs and no metrics in " + column}
		if i.Numerator != 1 || i.Denominator != 3 || i.Unknown != 0 || !slices.Equal(i.Evidence, says) {
			t.Errorf("M10 of %s is %d of %d, %d unknown, want 1 of 3; %q", column, i.Numerator, i.Denominator, i.Unknown, i.Evidence)
		}
	}
}

// findings are the groups of a column that count, by what they are of.
func findings(r *parity.Result, column string) (list []string) {
	for _, g := range counting(r) {
		var of []string
		for _, d := range g.Differences {
			if slices.Contains(d.Columns, column) {
				of = append(of, fmt.Sprintf("%s %s/%s %s", d.Class, d.Subject.Kind, d.Subject.Name, d.Path))
			}
		}
		if len(of) > 0 {
			slices.Sort(of)
			list = append(list, strings.Join(of, " + "))
		}
	}
	slices.Sort(list)
	return list
}
