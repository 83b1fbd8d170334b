package acceptance

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/alerting"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/collector/prometheus"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/webapi"
)

// ruleFile has what rules may have, laid out as people do.
const ruleFile = `groups:
- name: shop
  interval: 30s
  labels: {team: shop}
  rules:
  - alert: HighLatency
    expr: |
      # the slow ones
      histogram_quantile(0.95, sum by (le, route) (rate(http_seconds_bucket{job='shop', route!~"/health|/ready"}[5m])))
        > 0.5
    for: 10m
    keep_firing_for: 1h
    labels: {severity: page, tier: "{{ $labels.route }}"}
    annotations:
      summary: "{{ $labels.route }} is slow: {{ $value | humanizeDuration }}"
      runbook_url: https://runbooks.example.com/latency
  - {alert: Down, expr: 'up{job="shop"} == 0', labels: {severity: page}}
  - {alert: Down, expr: 'up{job="shop"} == 0', for: 90s, labels: {severity: warn}}
  - {record: "job:up:sum", expr: 'sum(up) by (job)'}
- name: spellings
  interval: 1h
  rules:
  - {record: "a:1", expr: 'max_over_time(rate(x[300s])[3600s : 60s]) > 1e3'}
  - {record: "a:2", expr: "topk(5, sum(x{a='b'} offset 1d) without (pod)) > bool .50"}
  - {record: "a:3", expr: 'sum(rate(a[5m])) BY (job) / on (job) group_left (v) sum(b) by (job)'}
  - {record: "a:4", expr: 'label_replace(up, "x", "$1", "job", "(.*)\\\\.y") unless (absent(z) or vector(1.5e-3))'}
  - {record: "a:5", expr: '-count_values("v", build) by (job,) ^ 2 and :node:sum{x="1d",} or y{}'}
- name: empty
  rules: []
`

// TestRulesOfFileAndServer holds that rules are the same facts, whether their
// file is read or the server that has loaded it.
func TestRulesOfFileAndServer(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "rules.yml")
	if err := os.WriteFile(file, []byte(ruleFile), 0o600); err != nil {
		t.Fatal(err)
	}
	p := component.Prometheus(t, component.PrometheusOptions{Config: fmt.Sprintf("rule_files: [%q]\n", file)})
	no := false
	declared := rulesOf(t, dir, parity.Column{Environment: "declared", Role: parity.Desired, Reference: true}, alerting.New(), &alerting.Config{Files: []string{"rules.yml"}})
	loaded := rulesOf(t, dir, parity.Column{Environment: "loaded", Role: parity.Observed}, prometheus.New(), &prometheus.Config{Config: webapi.Config{URL: p.URL.String()}, Behaviour: &no})
	var got []string
	same := 0
	_, err := compare.Run(t.Context(), compare.Input{Snapshots: []*parity.Snapshot{declared, loaded}, Options: compare.Options{Kinds: all.Collectors().Kinds()}}, func(j *parity.Joined) error {
		kind := j.Subject.Key.Kind
		if kind != parity.AlertKind && kind != parity.RecordingKind || j.Path == "/health" { // which no file has
			return nil
		}
		for i, c := range j.Cells {
			switch {
			case i == 0:
			case c.Class == parity.Equal || c.Class == parity.Equivalent:
				same++
			default:
				got = append(got, fmt.Sprintf("%s %s %s", c.Class, j.Subject.Key, j.Path))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string(nil), got); diff != "" || same < 25 {
		t.Errorf("%d facts are the same; others (-want +got):\n%s", same, diff)
	}
}

// rulesOf reads one source.
func rulesOf(t *testing.T, dir string, column parity.Column, c collector.Collector, cfg any) *parity.Snapshot {
	t.Helper()
	snap, err := collector.Run(t.Context(), collector.RunInput{
		Column: column, Sources: []collector.Configured{{Collector: c, Config: cfg, Name: column.Environment}}, Root: place.Dir(dir),
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil), Log: slog.New(slog.DiscardHandler), Lookup: os.LookupEnv, Now: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}
