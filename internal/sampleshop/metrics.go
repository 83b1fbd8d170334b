package sampleshop

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// FineBuckets are bounds that lie a tenth apart, from 0.5 ms to 4 s.
func FineBuckets() []float64 { return prometheus.ExponentialBuckets(0.0005, 1.1, 96) }

// DefaultBuckets are the bounds that client libraries take if none are given.
func DefaultBuckets() []float64 { return append([]float64(nil), prometheus.DefBuckets...) }

// nativeFactor is how far bounds of the native histograms lie apart at most, if
// nothing is said; maxNative is enough for bounds 2 % apart.
const (
	nativeFactor = 1.1
	maxNative    = 800
)

// metrics are what the service tells of itself.
type metrics struct {
	registry *prometheus.Registry
	server   *prometheus.HistogramVec
	client   *prometheus.HistogramVec
	search   prometheus.Summary
	orders   *prometheus.CounterVec
	inFlight prometheus.Gauge
	currency bool
}

func newMetrics(p *plan) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), currency: !p.without["label currency"]}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		o := prometheus.HistogramOpts{Name: name, Help: help, Buckets: p.Buckets}
		if !p.ClassicOnly {
			o.NativeHistogramBucketFactor, o.NativeHistogramMaxBucketNumber = p.NativeFactor, maxNative
		}
		return prometheus.NewHistogramVec(o, labels)
	}
	m.server = histogram("http_server_request_duration_seconds", "Duration of HTTP server requests.",
		"http_request_method", "http_route", "http_response_status_code")
	m.client = histogram("http_client_request_duration_seconds", "Duration of HTTP client requests.",
		"http_request_method", "server_address", "server_port", "http_response_status_code", "error_type")
	m.search = prometheus.NewSummary(prometheus.SummaryOpts{
		Name: "shop_search_duration_seconds", Help: "Duration of searches.",
		Objectives: map[float64]float64{0.5: 0.05, 0.95: 0.005}, MaxAge: time.Minute,
	})
	labels := []string{"outcome"}
	if m.currency {
		labels = append(labels, "currency")
	}
	m.orders = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_orders_total", Help: "Orders by outcome."}, labels)
	m.inFlight = prometheus.NewGauge(prometheus.GaugeOpts{Name: "http_server_active_requests", Help: "Requests that are being handled."})
	for name, c := range map[string]prometheus.Collector{
		"http_server_request_duration_seconds": m.server, "http_client_request_duration_seconds": m.client,
		"shop_search_duration_seconds": m.search, "shop_orders_total": m.orders, "http_server_active_requests": m.inFlight,
	} {
		if !p.without["metric "+name] {
			m.registry.MustRegister(c)
		}
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}

func (m *metrics) served(method, route string, status int, d time.Duration) {
	m.server.WithLabelValues(method, route, strconv.Itoa(status)).Observe(d.Seconds())
}

// called counts a call; status is 0 where no answer came.
func (m *metrics) called(method, host, port string, status int, errorType string, d time.Duration) {
	code := ""
	if status > 0 {
		code = strconv.Itoa(status)
	}
	m.client.WithLabelValues(method, host, port, code, errorType).Observe(d.Seconds())
}

func (m *metrics) ordered(outcome string) {
	if m.currency {
		m.orders.WithLabelValues(outcome, "EUR").Inc()
		return
	}
	m.orders.WithLabelValues(outcome).Inc()
}
