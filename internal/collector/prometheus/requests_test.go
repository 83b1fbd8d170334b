package prometheus

import (
	"math"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"
)

// measurements is a sink that keeps what is measured.
type measurements struct {
	of   map[string]*parity.Measurement
	gaps []parity.Gap
}

func (m *measurements) Subject(s parity.Subject, facts []parity.Fact) {
	for i := range facts {
		if x, err := parity.ParseMeasurement(facts[i].Value); err == nil {
			m.of[s.Kind+" "+s.Scope+" "+s.Name+" "+facts[i].Path] = x
		}
	}
}

func (m *measurements) Gap(g parity.Gap) { m.gaps = append(m.gaps, g) }

func (m *measurements) Tool(string, string) {}

// counter is a series that grows by so much each 15 seconds, for 40 minutes.
func counter(now time.Time, growth float64, labels map[string]string) component.Series {
	s := component.Series{Labels: labels}
	for i := range 160 {
		s.Samples = append(s.Samples, component.Sample{Time: now.Add(time.Duration(i-159) * 15 * time.Second), Value: 1000 + float64(i)*growth})
	}
	return s
}

func with(labels map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for k, v := range labels {
		out[k] = v
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func measure(t *testing.T, at string, now time.Time, window string) *measurements {
	t.Helper()
	out := &measurements{of: map[string]*parity.Measurement{}}
	cfg := Config{Config: webapi.Config{URL: at}, Match: []string{`env="staging"`}, Window: window}
	if err := collect(t.Context(), collector.Input{Now: now, Lookup: func(string) (string, bool) { return "", false }}, cfg, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRequestsAreCounted holds that each request of a real Prometheus is counted
// once, in its bucket, with those that failed.
func TestRequestsAreCounted(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	now := time.Now().Truncate(15 * time.Second)
	base := map[string]string{"job": "shop", "instance": "a:80", "env": "staging", "http_request_method": "GET", "http_route": "/cart/{id}"}
	const name = "http_server_request_duration_seconds"
	var series []component.Series
	for code, growth := range map[string]float64{"200": 27, "500": 3} {
		labels := with(base, "http_response_status_code", code)
		series = append(series, counter(now, growth, with(labels, "__name__", name+"_count")))
		for le, share := range map[string]float64{"0.1": 1. / 3, "0.5": 2. / 3, "+Inf": 1} {
			series = append(series, counter(now, growth*share, with(labels, "__name__", name+"_bucket", "le", le)))
		}
	}
	series = append(series, counter(now, 500, with(base, "__name__", name+"_count", "env", "production")))
	p.Write(t, series)
	got := measure(t, p.URL.String(), now, "30m")
	for _, g := range got.gaps {
		if g.Kind == parity.EndpointKind {
			t.Errorf("gap: %+v", g)
		}
	}
	errors, latency := got.of["endpoint shop GET /cart/{id} /errors"], got.of["endpoint shop GET /cart/{id} /latency"]
	if errors == nil || latency == nil {
		t.Fatalf("measured %v, gaps %v", got.of, got.gaps)
	}
	// 30 requests each 15 seconds over half an hour.
	total, failed := errors.Sum()
	if math.Abs(total-3600) > 36 || math.Abs(failed-360) > 36 {
		t.Errorf("%g of %g failed, want 360 of 3600", failed, total)
	}
	if total, _ := latency.Sum(); math.Abs(total-3600) > 72 || latency.Width != 3 {
		t.Errorf("%g requests in %d buckets, want 3600 in 3", total, latency.Width)
	}
	if load := errors.Load[5]; math.Abs(load-2) > 0.1 {
		t.Errorf("the load is %g, want 2 requests per second and instance", load)
	}
}

// TestHalfAWindow holds that what a server has of half a window only is unknown.
func TestHalfAWindow(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	now := time.Now().Truncate(15 * time.Second)
	p.Write(t, []component.Series{counter(now, 30, map[string]string{
		"__name__": "http_server_request_duration_seconds_count", "job": "shop", "instance": "a:80", "env": "staging", "http_request_method": "GET", "http_route": "/",
	})})
	got := measure(t, p.URL.String(), now, "2h")
	if len(got.of) > 0 {
		t.Errorf("measured %v", got.of)
	}
	kinds := map[string]bool{}
	for _, g := range got.gaps {
		kinds[g.Kind] = true
	}
	if !kinds[parity.EndpointKind] || !kinds[parity.IntegrationKind] {
		t.Errorf("gaps %+v", got.gaps)
	}
}

// TestNativeHistograms holds that exponential buckets come as they are.
func TestNativeHistograms(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	now := time.Now().Truncate(15 * time.Second)
	s := component.Series{Labels: map[string]string{
		"__name__": "http_server_request_duration_seconds", "job": "shop", "instance": "a:80", "env": "staging", "http_request_method": "GET", "http_route": "/", "http_response_status_code": "503",
	}}
	for i := range 160 {
		n := int64(10 * (i + 1))
		s.Histograms = append(s.Histograms, component.NativeSample{Time: now.Add(time.Duration(i-159) * 15 * time.Second), Schema: 5, First: -100, Buckets: []int64{n, 0, 2 * n}})
	}
	p.Write(t, []component.Series{s})
	got := measure(t, p.URL.String(), now, "30m")
	m := got.of["endpoint shop GET / /latency"]
	if m == nil {
		t.Fatalf("measured %v, gaps %v", got.of, got.gaps)
	}
	if e := got.of["endpoint shop GET / /errors"]; e == nil {
		t.Error("no errors are measured")
	} else if total, failed := e.Sum(); total != failed || math.Abs(total-3600) > 72 {
		t.Errorf("%g of %g failed, want all 3600", failed, total)
	}
	if total, _ := m.Sum(); !m.Native || m.Schema != 5 || m.First != -100 || math.Abs(total-3600) > 72 {
		t.Errorf("%g requests, native %v, schema %d, first %d", total, m.Native, m.Schema, m.First)
	}
}

// TestRequestsOfOneJob holds that a source that is narrowed to one job still tells
// which service its requests are of, recognises them by their form, and leaves out
// what nobody asked.
func TestRequestsOfOneJob(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	now := time.Now().Truncate(15 * time.Second)
	base := map[string]string{"__name__": "shop_http_requests_total", "job": "shop", "instance": "a:80", "code": "200"}
	p.Write(t, []component.Series{
		counter(now, 30, with(base, "handler", "/cart")), counter(now, 3, with(base, "handler", "/cart", "code", "429")),
		counter(now, 0, with(base, "handler", "/never")), counter(now, 30, with(base, "job", "other", "handler", "/cart")),
	})
	out := &measurements{of: map[string]*parity.Measurement{}}
	cfg := Config{Config: webapi.Config{URL: p.URL.String()}, Match: []string{`job="shop"`}, Window: "30m"}
	if err := collect(t.Context(), collector.Input{Now: now, Lookup: func(string) (string, bool) { return "", false }}, cfg, out); err != nil {
		t.Fatal(err)
	}
	m := out.of["endpoint shop /cart /errors"]
	if m == nil || len(out.of) != 1 {
		t.Fatalf("measured %v, gaps %v", out.of, out.gaps)
	}
	if total, failed := m.Sum(); math.Abs(failed/total-3./33) > 0.01 {
		t.Errorf("%.0f of %.0f failed, want 1 in 11", failed, total)
	}
}
