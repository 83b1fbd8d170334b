package prometheus

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"
)

// structureConfig is that of a source that reads the structure alone.
type structureConfig struct {
	webapi.Config `yaml:",inline"`
	Match         []string `yaml:"match" doc:"Matchers."`
}

// structureCollector reads the structure alone.
func structureCollector() collector.Collector {
	return collector.New(collector.Manifest{
		Name: "structure", Summary: "Reads the structure.", Doc: structurePage, Role: parity.Observed, Surfaces: []parity.Surface{parity.Telemetry},
	}, func(ctx context.Context, in collector.Input, cfg structureConfig, out collector.Sink) error {
		client, err := webapi.New(cfg.Config, in.Lookup, in.Root)
		if err != nil {
			return err
		}
		defer client.Close()
		match, err := parseMatchers(cfg.Match)
		if err != nil {
			return err
		}
		return newStructure(client, in, match, time.Hour, out).read(ctx)
	})
}

// TestStructureConforms plants secrets wherever a server may have some: in
// addresses and parameters of targets and so in their errors, in values of
// labels, help texts, annotations, and credentials of its configuration.
func TestStructureConforms(t *testing.T) {
	fill := collectortest.Fill
	web := exposes(t, fill("# HELP pool_size %SECRET_WORD%\n# TYPE pool_size gauge\npool_size{key=\"%SECRET_WORD%\"} 1\n"))
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
	collectortest.Run(t, collectortest.Case{
		Name: "structure", Collector: structureCollector(), NoFiles: true, Now: time.Now(),
		Config: &structureConfig{Config: webapi.Config{URL: p.URL.String()}},
		Facts:  []string{"/expr", "/health", "/type", "/labels[=key]", "/scrapeInterval", "/annotations/runbook_url", "/lastError[=connection refused]"},
		Broken: []collectortest.Broken{
			{Name: "refused", Config: &structureConfig{Config: webapi.Config{URL: "http://127.0.0.1:1"}}, Reason: "refuses the connection"},
			{Name: "matcher", Config: &structureConfig{Config: webapi.Config{URL: p.URL.String()}, Match: []string{"env"}}, Reason: "not a matcher"},
			{Name: "nothing fits", Config: &structureConfig{Config: webapi.Config{URL: p.URL.String()}, Match: []string{`env="nowhere"`}}, Keeps: true, Reason: "knows no metric that fits"},
		},
	})
}
