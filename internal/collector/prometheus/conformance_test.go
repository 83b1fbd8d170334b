package prometheus

import (
	"fmt"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"
)

// TestConforms plants secrets wherever a server may have some: in
// addresses and parameters of targets and so in their errors, in values of
// labels, help texts, annotations, and credentials of its configuration.
func TestConforms(t *testing.T) {
	fill := collectortest.Fill
	web := exposes(t, fill("# HELP pool_size %SECRET_WORD%\n# TYPE pool_size gauge\npool_size{key=\"%SECRET_WORD%\"} 1\n"+
		"# TYPE http_requests_total counter\nhttp_requests_total{method=\"GET\",route=\"/cart\",code=\"200\",key=\"%SECRET_WORD%\"} %SCRAPES%\n"))
	rules := writeFile(t, "rules.yml", fill(`groups:
- name: shop
  interval: 1s
  rules:
  - {alert: Down, expr: up == 0, annotations: {runbook_url: "https://u:%SECRET_URL%@runbooks.example.com/down"}}
  - {record: "job:up:sum", expr: sum by (job) (up)}
`))
	p := component.Prometheus(t, component.PrometheusOptions{Config: fill(fmt.Sprintf(`
global: {scrape_interval: 1s, scrape_timeout: 1s, external_labels: {key: "%%SECRET_WORD%%"}}
rule_files: [%s]
remote_write: [{url: "http://u:%%SECRET_WORD%%@127.0.0.1:1/write", remote_timeout: 1s}]
scrape_configs:
- job_name: web
  params: {token: ["%%SECRET_WORD%%"]}
  static_configs: [{targets: ["%s"], labels: {key: "%%SECRET_WORD%%"}}]
- job_name: down
  params: {token: ["%%SECRET_WORD%%"]}
  basic_auth: {username: u, password: "%%SECRET_WORD%%"}
  static_configs: [{targets: ["127.0.0.1:1"]}]
`, rules, web))})
	eventually(t, p, `job:up:sum{job="down"}`, `"0"`)
	eventually(t, p, `count(pool_size)`, `"1"`)
	eventually(t, p, `count_over_time(http_requests_total[9s]) >= bool 8`, `"1"`) // all of the window
	collectortest.Run(t, collectortest.Case{
		Name: "prometheus", Collector: New(), NoFiles: true, Now: time.Now(),
		Config: &Config{Config: webapi.Config{URL: p.URL.String()}, Window: "6s", Step: "2s"},
		Facts:  []string{parity.ErrorsPath, "/expr", "/health", "/type", "/labels[=key]", "/scrapeInterval", "/annotations/runbook_url", "/lastError[=connection refused]"},
		Broken: []collectortest.Broken{
			{Name: "refused", Config: &Config{Config: webapi.Config{URL: "http://127.0.0.1:1"}}, Reason: "refuses the connection"},
			{Name: "matcher", Config: &Config{Config: webapi.Config{URL: p.URL.String()}, Match: []string{"env"}}, Reason: "not a matcher"},
			{Name: "nothing fits", Config: &Config{Config: webapi.Config{URL: p.URL.String()}, Match: []string{`env="nowhere"`}}, Keeps: true, Reason: "knows no metric that fits"},
		},
	})
}
