package prometheus

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"

	"github.com/envparity/parity"
)

// BenchmarkMillionRequests reads how 1,000 endpoints of 40 services answer from a
// server with 1,000,000 series: of 20 instances, each with a histogram of 49
// buckets, with a sample every five minutes of an hour. It reports as
// BenchmarkMillionSeries does, which reads the structure.
func BenchmarkMillionRequests(b *testing.B) {
	p := component.Prometheus(b, component.PrometheusOptions{Flags: []string{"--query.max-samples=20000000"}})
	now := time.Now()
	written := 0
	for batch := range millionRequests(now) {
		p.Write(b, batch)
		written += len(batch)
	}
	b.Logf("%d series are written", written)
	proxy := component.Proxy(b, p.URL, nil)
	read := func(at string) *measurements {
		out := &measurements{of: map[string]*parity.Measurement{}}
		cfg := Config{Config: webapi.Config{URL: at, Timeout: 300}}
		if err := collect(b.Context(), collector.Input{Now: now, Lookup: func(string) (string, bool) { return "", false }}, cfg, out); err != nil {
			b.Fatal(err)
		}
		return out
	}
	read(proxy.URL)
	traffic := component.Sum(proxy.Requests())
	for path, t := range component.ByPath(proxy.Requests()) {
		b.Logf("%s: %d requests, %d bytes", path, t.Requests, t.Bytes)
	}
	for b.Loop() {
		before := cpu(b)
		stop, peak := watchHeap()
		got := read(p.URL.String())
		stop()
		b.ReportMetric(cpu(b)-before, "cpu-s/op")
		b.ReportMetric(float64(peak.Load())/(1<<20), "peak-MiB")
		if len(got.of) != 2000 {
			b.Fatalf("%d measurements, want 2000; gaps %+v", len(got.of), got.gaps)
		}
	}
	b.ReportMetric(float64(traffic.Requests), "requests")
	b.ReportMetric(float64(traffic.Bytes)/(1<<20), "MiB-sent")
}

// millionRequests yields the series in batches.
func millionRequests(now time.Time) func(func([]component.Series) bool) {
	const name = "http_server_request_duration_seconds"
	return func(yield func([]component.Series) bool) {
		for service := range 40 {
			for instance := range 20 {
				var batch []component.Series
				for endpoint := range 25 {
					add := func(metric string, share float64, labels ...string) {
						s := component.Series{Labels: with(map[string]string{
							"__name__": metric, "job": fmt.Sprintf("shop-%02d", service), "instance": fmt.Sprintf("10.0.0.%d:80", instance),
							"http_request_method": "GET", "http_route": fmt.Sprintf("/r%d", endpoint), "http_response_status_code": "200",
						}, labels...)}
						for i := range 13 {
							s.Samples = append(s.Samples, component.Sample{Time: now.Add(time.Duration(i-12) * 5 * time.Minute), Value: float64(i) * 600 * share})
						}
						batch = append(batch, s)
					}
					add(name+"_count", 1)
					for le := range 48 {
						add(name+"_bucket", float64(le+1)/49, "le", strconv.FormatFloat(0.001*float64(le+1), 'f', -1, 64))
					}
					add(name+"_bucket", 1, "le", "+Inf")
				}
				if !yield(batch) {
					return
				}
			}
		}
	}
}
