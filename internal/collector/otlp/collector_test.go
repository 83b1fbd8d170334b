package otlp

import (
	"os"
	"testing"

	"github.com/envparity/parity"
)

// TestCollector holds that what the OpenTelemetry Collector writes is read: see
// testdata/README.md.
func TestCollector(t *testing.T) {
	text := ""
	for _, name := range []string{"testdata/collector-traces.jsonl", "testdata/collector-metrics.jsonl"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
	}
	out := run(t, text, Config{Behaviour: true})
	for key, want := range map[string]string{
		"operation cart/server GET /cart/{id} /calls[=stock GET /stock/{sku}]":  "stock GET /stock/{sku}",
		"operation cart/server GET /cart/{id} /attributes[=tags]":               "tags",
		"traces cart /sampling[=0.25 threshold]":                                "0.25 threshold",
		"metric cart/http_server_request_duration_seconds /bounds":              "[0.1,0.5]",
		"metric cart/http_client_request_duration_seconds /form[=native]":       "native",
		"metric cart/orders_placed_total /type":                                 "counter",
		"metric cart/queue_length /type":                                        "gauge",
		"metric cart/temperature_celsius /unit":                                 "celsius",
		"metric cart/old_latency_milliseconds /type":                            "summary",
		"endpoint cart/GET /cart/{id} /errors":                                  "0 of 8 requests failed",
		"integration cart/stock /latency":                                       "12 requests, p95 0.595 s",
		"endpoint stock/GET /stock/{sku} /errors":                               "0 of 1 sampled requests failed",
		"metric cart/http_client_request_duration_seconds /temporality":         "delta",
		"metric cart/http_server_request_duration_seconds /labels[=http_route]": "http_route",
	} {
		if f, ok := out.facts[key]; !ok || f.Value.Raw != want {
			t.Errorf("%s is %q, want %q", key, f.Value.Raw, want)
		}
	}
	m, err := parity.ParseMeasurement(out.facts["integration cart/stock /latency"].Value)
	if err != nil {
		t.Fatal(err)
	}
	// Zero, then the buckets from 2^-1 on: at scale 3 bucket -9 ends there.
	if !m.Native || m.Schema != 3 || m.First != -8 || m.Width != 4 || m.Buckets[0] != 1 || m.Buckets[1] != 2 || m.Buckets[3] != 3 {
		t.Errorf("%+v", m)
	}
	for _, g := range out.gaps {
		if g.Kind == parity.MetricKind || g.Kind == "" {
			t.Errorf("%+v", g)
		}
	}
}
