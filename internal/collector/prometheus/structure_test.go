package prometheus

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

const webMetrics = `# TYPE http_requests_total counter
http_requests_total{code="200",route="/cart"} 4
http_requests_total{code="500",route="/cart"} 1
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{route="/cart",le="0.1"} 3
http_request_duration_seconds_bucket{route="/cart",le="0.25"} 4
http_request_duration_seconds_bucket{route="/cart",le="+Inf"} 5
http_request_duration_seconds_sum{route="/cart"} 1
http_request_duration_seconds_count{route="/cart"} 5
# TYPE gc_seconds summary
gc_seconds{quantile="0.5"} 1
gc_seconds_sum 1
gc_seconds_count 1
# TYPE pool_size gauge
pool_size{pool="db"} 5
untyped_thing 1
# TYPE two gauge
two{a="b"} 1
`

const rulesText = `groups:
- name: shop
  interval: 2s
  rules:
  - alert: Slow
    expr: |
      histogram_quantile(0.95,   sum by (le) (rate(x_bucket{env="staging"}[5m])))
        > 1
    for: 5m
    keep_firing_for: 1m
    labels: {severity: page}
    annotations: {runbook_url: "https://runbooks.example.com/slow", summary: "It is {{ $value }}"}
  - alert: Slow
    expr: up == 0
    labels: {severity: warn, env: staging}
  - alert: Other
    expr: up == 0
    labels: {env: production}
  - record: job:up:sum
    expr: sum by (job) (up)
`

// shop starts a server that scrapes two services, one by two targets of which
// one is down, and has rules.
func shop(t *testing.T) *component.PrometheusServer {
	t.Helper()
	web, cart := exposes(t, webMetrics), exposes(t, "# TYPE http_requests_total counter\nhttp_requests_total{method=\"GET\"} 1\n# TYPE pool_size gauge\npool_size 3\n# TYPE untyped_thing gauge\nuntyped_thing 1\n# TYPE two counter\ntwo 1\n")
	p := component.Prometheus(t, component.PrometheusOptions{Config: fmt.Sprintf(`
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s, external_labels: {env: staging, region: eu}}
rule_files: [%s]
scrape_configs:
- job_name: web
  static_configs:
  - {targets: ["%s"], labels: {env: staging, pod: web-0, team: red}}
  - {targets: ["127.0.0.1:1"], labels: {env: staging, pod: web-1, team: red}}
- job_name: apps
  scrape_interval: 2s
  metrics_path: /other
  static_configs: [{targets: ["%s"], labels: {env: staging, service: cart}}]
- job_name: node
  static_configs: [{targets: ["db-1.example.com:9100"], labels: {env: staging}}]
- job_name: elsewhere
  static_configs: [{targets: ["127.0.0.1:1"], labels: {env: production}}]
`, writeFile(t, "rules.yml", rulesText), web, cart)})
	eventually(t, p, `count(pool_size) == 2`, `"2"`)
	eventually(t, p, `count(up{job="node"})`, `"1"`)
	eventually(t, p, `job:up:sum{job="web"}`, `"1"`)
	return p
}

// TestStructure asks one real server all of it, with and without faults.
func TestStructure(t *testing.T) {
	p := shop(t)
	for name, f := range map[string]func(*testing.T, *component.PrometheusServer){
		"whole": testWhole, "faults of everything": testFaultsOfEverything, "fault of one question": testFaultOfOneQuestion,
		"targets by up": testTargetsByUp, "before retention": testBeforeRetention, "partial answers": testPartialAnswer,
	} {
		t.Run(name, func(t *testing.T) { f(t, p) })
	}
}

// testWhole holds what is read of a real server.
func testWhole(t *testing.T, p *component.PrometheusServer) {
	r, client := ask(t, p.URL, `env="staging"`)
	for _, part := range []struct {
		prefix string
		want   []string
	}{
		{"alert ", []string{
			`alert shop/Slow{severity=page} /annotations/runbook_url = https://runbooks.example.com/slow`,
			`alert shop/Slow{severity=page} /annotations/summary = It is {{ $value }}`,
			`alert shop/Slow{severity=page} /expr = histogram_quantile(0.95,sum by(le)(rate(x_bucket{env="<env>"}[5m])))>1`,
			`alert shop/Slow{severity=page} /for = 5m`,
			`alert shop/Slow{severity=page} /health = ok`,
			`alert shop/Slow{severity=page} /interval = 2s`,
			`alert shop/Slow{severity=page} /keepFiringFor = 1m`,
			`alert shop/Slow{severity=page} /labels/severity = page`,
			`alert shop/Slow{severity=page} /runbook = present`,
			`alert shop/Slow{severity=warn} /expr = up==0`,
			`alert shop/Slow{severity=warn} /for = 0s`,
			`alert shop/Slow{severity=warn} /health = ok`,
			`alert shop/Slow{severity=warn} /interval = 2s`,
			`alert shop/Slow{severity=warn} /keepFiringFor = 0s`,
			`alert shop/Slow{severity=warn} /labels/severity = warn`,
			`alert shop/Slow{severity=warn} /runbook = none`,
		}},
		{"recording ", []string{
			`recording shop/job:up:sum /expr = sum by(job)(up)`,
			`recording shop/job:up:sum /health = ok`,
			`recording shop/job:up:sum /interval = 2s`,
		}},
		{"metrics-server ", []string{
			`metrics-server metrics /alertmanagers = none`,
			`metrics-server metrics /alerts = present`,
			`metrics-server metrics /configuration = loaded`,
			`metrics-server metrics /evaluationInterval = 1s`,
			`metrics-server metrics /externalLabels[=env] = env`,
			`metrics-server metrics /externalLabels[=region] = region`,
			`metrics-server metrics /recordings = present`,
			`metrics-server metrics /retention = 360h`,
			`metrics-server metrics /scrapeInterval = 1s`,
			`metrics-server metrics /scrapeTimeout = 1s`,
		}},
		{"target ", []string{
			`target apps/cart /health = up`,
			`target apps/cart /interval = 2s`,
			`target apps/cart /labels[=instance] = instance`,
			`target apps/cart /labels[=job] = job`,
			`target apps/cart /labels[=service] = service`,
			`target apps/cart /path = /other`,
			`target apps/cart /scheme = http`,
			`target apps/cart /targets = 1`,
			`target apps/cart /timeout = 1s`,
			`target node/db.example.com /health = down`,
			`target node/db.example.com /interval = 1s`,
			`target node/db.example.com /labels[=instance] = instance`,
			`target node/db.example.com /labels[=job] = job`,
			`target node/db.example.com /lastError[=name not resolved] = name not resolved`,
			`target node/db.example.com /path = /metrics`,
			`target node/db.example.com /scheme = http`,
			`target node/db.example.com /targets = 1`,
			`target node/db.example.com /timeout = 1s`,
			`target web/web /health = partly up`,
			`target web/web /interval = 1s`,
			`target web/web /labels[=instance] = instance`,
			`target web/web /labels[=job] = job`,
			`target web/web /labels[=pod] = pod`,
			`target web/web /labels[=team] = team`,
			`target web/web /lastError[=connection refused] = connection refused`,
			`target web/web /path = /metrics`,
			`target web/web /scheme = http`,
			`target web/web /targets = 2`,
			`target web/web /timeout = 1s`,
		}},
		{"metric ", []string{
			`metric cart/http_requests_total /labels[=method] = method`,
			`metric cart/http_requests_total /requests = by the preset http: endpoints named by method; does not say which failed`,
			`metric cart/http_requests_total /series = 1`,
			`metric cart/http_requests_total /type = counter`,
			`metric cart/pool_size /series = 1`,
			`metric cart/pool_size /type = gauge`,
			`metric cart/two /series = 1`,
			`metric cart/two /type = counter`,
			`metric cart/untyped_thing /series = 1`,
			`metric cart/untyped_thing /type = gauge`,
			`metric web/gc_seconds /labels[=quantile] = quantile`,
			`metric web/gc_seconds /series = 3`,
			`metric web/gc_seconds /type = summary`,
			`metric web/http_request_duration_seconds /bounds = [0.1,0.25]`,
			`metric web/http_request_duration_seconds /form[=classic] = classic`,
			`metric web/http_request_duration_seconds /labels[=route] = route`,
			`metric web/http_request_duration_seconds /requests = by the preset http: endpoints named by route; does not say which failed`,
			`metric web/http_request_duration_seconds /series = 5`,
			`metric web/http_request_duration_seconds /type = histogram`,
			`metric web/http_requests_total /labels[=code] = code`,
			`metric web/http_requests_total /labels[=route] = route`,
			`metric web/http_requests_total /requests = by the preset http: endpoints named by route; failed by code`,
			`metric web/http_requests_total /series = 2`,
			`metric web/http_requests_total /type = counter`,
			`metric web/pool_size /labels[=pool] = pool`,
			`metric web/pool_size /series = 1`,
			`metric web/pool_size /type = gauge`,
			`metric web/two /labels[=a] = a`,
			`metric web/two /series = 1`,
			`metric web/two /type = gauge`,
			`metric web/untyped_thing /series = 1`,
			`metric web/untyped_thing /type = gauge`, // as the other service says
		}},
	} {
		if diff := cmp.Diff(part.want, r.with(part.prefix, "/version", "/flags/")); diff != "" {
			t.Errorf("%s(-want +got):\n%s", part.prefix, diff)
		}
	}
	for i := range r.gaps {
		if g := r.gaps[i]; g.Path != "/version" {
			t.Errorf("gap %+v", g)
		}
	}
	if n := client.Requests(); n > 15 {
		t.Errorf("it took %d requests", n)
	}
	for at, rules := range r.rules {
		if counts := strings.HasSuffix(at, "/series") || strings.HasSuffix(at, "/targets") || strings.HasSuffix(at, parity.RequestsPath); counts != rules.Has(parity.Circumstances) {
			t.Errorf("%s has the rules %s", at, rules)
		}
	}
}
