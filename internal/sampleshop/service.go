package sampleshop

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Service is one running copy, with its peers.
type Service struct {
	// URL is where the copy listens; its metrics are at /metrics.
	URL *url.URL
	// Settings are those that it was given, with defaults.
	Settings Settings
	// LogDir has the log files of its replicas.
	LogDir string

	plan     *plan
	metrics  *metrics
	tracer   *tracer
	charger  charger
	dice     *dice
	replicas []*replica
	// logs takes copies of log lines; nil where they go nowhere.
	logs *logShipper
	// stop ends everything, once.
	stop []func()
}

// Start runs a copy of the service and the peers that it calls, each on a free
// port of 127.0.0.1. They end with the test.
func Start(tb testing.TB, settings Settings) *Service {
	tb.Helper()
	p, err := settings.plan()
	if err != nil {
		tb.Fatal("the settings of the service: ", err)
	}
	version := p.Libraries["payments-client"]
	if version == "" {
		version = DefaultPaymentsClient
	}
	charger, err := newCharger(version)
	if err != nil {
		tb.Fatal(err)
	}
	s := &Service{
		Settings: p.Settings, LogDir: tb.TempDir(), plan: p, metrics: newMetrics(p), tracer: newTracer(p), charger: charger,
		dice: newDice(p.Seed, 1), logs: newLogShipper(p),
	}
	tb.Cleanup(s.Close)
	s.stop = append(s.stop, s.tracer.close, s.logs.close)
	n := s.startPeers(tb)
	for i := range p.replicas {
		r, err := newReplica(p, i, s.LogDir, n, s.logs)
		if err != nil {
			tb.Fatal(err)
		}
		s.replicas = append(s.replicas, r)
		s.stop = append(s.stop, r.close)
	}
	mux := http.NewServeMux()
	for pattern, f := range s.endpoints() {
		mux.HandleFunc(pattern, s.serve(pattern, f))
	}
	mux.Handle("GET /metrics", s.metrics.handler())
	s.URL = &url.URL{Scheme: "http", Host: s.listen(tb, mux)}
	return s
}

// startPeers starts what the service calls, and gives the network to it.
func (s *Service) startPeers(tb testing.TB) *network {
	closed, cancel := context.WithCancel(context.Background())
	n := &network{addresses: map[string]string{}, policies: s.plan.Egress, timeout: s.plan.connect, closed: closed.Done()}
	for _, p := range []*peer{inventory(s.plan, s.tracer), payments(s.plan, s.tracer), store(s.plan, s.tracer)} {
		n.addresses[net.JoinHostPort(p.name, ports[p.name])] = s.listen(tb, p.mux)
	}
	s.stop = append(s.stop, cancel)
	return n
}

// listen serves on a free port until the copy is closed.
func (s *Service) listen(tb testing.TB, h http.Handler) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	s.stop = append(s.stop, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-done
	})
	return l.Addr().String()
}

// Close ends the copy and its peers.
func (s *Service) Close() {
	for i := len(s.stop) - 1; i >= 0; i-- {
		s.stop[i]()
	}
	s.stop = nil
}

// Throttled is how often work had to wait for the next period of a CPU quota.
func (s *Service) Throttled() int {
	n := 0
	for _, r := range s.replicas {
		r.quota.mu.Lock()
		n += r.quota.waits
		r.quota.mu.Unlock()
	}
	return n
}

// Logged is how many bytes the replicas wrote to their log files.
func (s *Service) Logged() int {
	n := 0
	for _, r := range s.replicas {
		r.log.mu.Lock()
		n += r.log.bytes
		r.log.mu.Unlock()
	}
	return n
}

// Lost is how many spans and log lines could not be sent.
func (s *Service) Lost() int {
	n := int64(0)
	if s.tracer != nil {
		n += s.tracer.out.lost.Load()
	}
	if s.logs != nil {
		n += s.logs.out.lost.Load()
	}
	return int(n)
}

// serve is what every endpoint has around it.
func (s *Service) serve(pattern string, f func(*request) (int, any)) http.HandlerFunc {
	method, route, _ := strings.Cut(pattern, " ")
	return func(w http.ResponseWriter, hr *http.Request) {
		begin := time.Now()
		s.metrics.inFlight.Inc()
		defer s.metrics.inFlight.Dec()
		r := &request{
			ctx: hr.Context(), http: hr, service: s, replica: s.replicas[s.dice.below(len(s.replicas))],
			span: s.tracer.root(s.plan.Name, pattern),
		}
		if r.replica.enter(r.ctx) != nil {
			s.metrics.served(method, route, http.StatusServiceUnavailable, time.Since(begin))
			return
		}
		inside := time.Now()
		_ = pause(r.ctx, s.dice.lognormal(sessionTakes, sessionSpread))
		status, body := f(r)
		if s.dice.chance(s.plan.ExtraErrors) {
			status, body = http.StatusInternalServerError, map[string]string{"error": "internal"}
		}
		r.log(pattern, route, status, body, time.Since(begin))
		linger(r.ctx, slower(time.Since(inside)-r.called, s.plan.Slowdown))
		r.replica.leave()
		s.metrics.served(method, route, status, time.Since(begin))
		r.span.set("http.request.method", method)
		r.span.set("http.route", route)
		r.span.set("http.response.status_code", status)
		r.span.end(status >= http.StatusInternalServerError)
		answer(w, status, body)
	}
}

// How long every request takes by itself, as for a look at the session: enough
// that a busy machine's delays do not hide what a setting does.
const sessionTakes, sessionSpread = 4 * time.Millisecond, 0.4

// assortment is how many products the lines for debugging list.
const assortment = 600

// log writes the access line, and with debug all that was at hand.
func (r *request) log(pattern, route string, status int, body any, d time.Duration) {
	if route == "/health" {
		return
	}
	r.replica.log.log(levelDebug, "debug", func() map[string]any {
		considered := make([]product, assortment)
		for i := range considered {
			considered[i] = product{SKU: "s" + r.http.URL.Path, Title: "considered for " + pattern, Cents: i, Stock: assortment - i}
		}
		return map[string]any{"msg": "request handled", "headers": r.http.Header, "response": body, "considered": considered}
	})
	r.replica.log.log(levelInfo, "info", func() map[string]any {
		fields := map[string]any{
			"msg": "request", "method": r.http.Method, "route": route, "status": status,
			"duration_ms": float64(d.Microseconds()) / 1000, "service": r.service.plan.Name,
		}
		if r.span != nil {
			fields["trace_id"], fields["span_id"] = r.span.traceID, r.span.id
		}
		for name := range fields {
			if r.service.plan.without["log "+name] {
				delete(fields, name)
			}
		}
		return fields
	})
}
