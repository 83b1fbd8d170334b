package traces

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
	"github.com/envparity/parity/internal/webapi"
)

// shop makes traces of a shop: of each ten requests seven look at a cart, and
// three pay. without leaves an operation out, plain an attribute.
type shop struct {
	without, plain string
	sampler        map[string]any
}

func (s shop) traces(n int, from, to time.Time) []component.Span {
	random := rand.New(rand.NewPCG(1, 2))
	var all []component.Span
	for i := range n {
		at := from.Add(time.Duration(float64(to.Sub(from)) * (float64(i) + random.Float64()) / float64(n)))
		took := time.Duration(20+random.IntN(60)) * time.Millisecond
		add := func(id int, parent int, service string, kind component.SpanKind, name string, attributes map[string]any) {
			span := component.Span{
				Trace: fmt.Sprintf("%032x", i+1), ID: fmt.Sprintf("%016x", i*16+id), Service: service, Kind: kind, Name: name,
				Start: at.Add(time.Duration(id) * time.Millisecond), Took: took / time.Duration(id), Attributes: attributes,
				Resource: map[string]any{"service.version": "1.2", "secret": collectortest.Fill("%SECRET_WORD%")},
			}
			if parent > 0 {
				span.Parent = fmt.Sprintf("%016x", i*16+parent)
			}
			delete(attributes, s.plain)
			if parent == 0 {
				for name, v := range s.sampler {
					attributes[name] = v
				}
			}
			if service+" "+name != s.without {
				all = append(all, span)
			}
		}
		route := "GET /cart/{id}"
		if i%10 >= 7 {
			route = "POST /checkout"
		}
		method, path, _ := strings.Cut(route, " ")
		status := 200
		if i%10 == 9 {
			status = 503
		}
		add(1, 0, "shop", component.ServerSide, route, map[string]any{
			"http.request.method": method, "http.route": path, "http.response.status_code": status, "user.id": collectortest.Fill("%SECRET_WORD%"),
		})
		add(2, 1, "shop", component.Internal, "price", map[string]any{"currency": "EUR"})
		add(3, 1, "shop", component.ClientSide, method, map[string]any{"http.request.method": method, "server.address": "stock", "http.response.status_code": status})
		add(4, 3, "stock", component.ServerSide, "GET /stock/"+fmt.Sprint(i), map[string]any{"http.request.method": "GET", "http.route": "/stock/{sku}", "http.response.status_code": status})
	}
	return all
}

// sink keeps what a collector hands over.
type sink struct {
	facts map[string]parity.Fact
	gaps  []parity.Gap
	tools map[string]string
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	for _, f := range facts {
		s.facts[subject.Key.String()+" "+f.Path] = f
	}
}
func (s *sink) Gap(g parity.Gap) { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(name, version string) {
	if s.tools == nil {
		s.tools = map[string]string{}
	}
	s.tools[name] = version
}

// covers reports whether a gap is over the subject and path.
func (s *sink) covers(kind, scope, name, path string) bool {
	return slices.ContainsFunc(s.gaps, func(g parity.Gap) bool { return g.Covers(parity.Key{Kind: kind, Scope: scope, Name: name}, path) })
}

func run(t testing.TB, cfg Config, now time.Time) *sink {
	t.Helper()
	out := &sink{facts: map[string]parity.Fact{}}
	root := place.Dir(t.TempDir())
	err := New().Collect(t.Context(), collector.Input{
		Root: root, Log: slog.New(slog.DiscardHandler), Now: now, Lookup: func(string) (string, bool) { return "", false },
	}, &cfg, out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// started is a Jaeger with the shop's traces of the last hour.
func started(t testing.TB, s shop, n int) (j *component.JaegerServer, now time.Time) {
	t.Helper()
	j, now = component.Jaeger(t), time.Now()
	j.Push(t, s.traces(n, now.Add(-59*time.Minute), now.Add(-time.Minute))...)
	return j, now
}

func source(url string) Config {
	return Config{Config: webapi.Config{URL: url, Timeout: 2}, Window: "1h", Behaviour: true}
}

func TestConformance(t *testing.T) {
	j, now := started(t, shop{}, 900)
	for _, api := range []string{apiJaeger, apiJaegerV3} {
		cfg := source(j.URL.String())
		cfg.API, cfg.Services = api, []string{"shop"}
		refused := cfg
		refused.URL = "http://127.0.0.1:1"
		collectortest.Run(t, collectortest.Case{
			Name: api, Collector: New(), Config: &cfg, NoFiles: true, Now: now,
			Facts: []string{"", "/attributes[=http.route]", "/calls[=stock GET /stock/{id}]", "/resource[=service.version]", parity.ErrorsPath, parity.LatencyPath},
			Broken: []collectortest.Broken{
				{Name: "refused", Config: &refused, Reason: "refuses the connection"},
				{Name: "no url", Config: &Config{}, Reason: "url"},
				{Name: "no token", Config: &Config{Config: webapi.Config{URL: cfg.URL, TokenEnv: "NONE"}}, Reason: "NONE"},
				{Name: "another api", Config: &Config{Config: webapi.Config{URL: cfg.URL}, API: "zipkin"}, Reason: "api"},
				{Name: "no window", Config: &Config{Config: webapi.Config{URL: cfg.URL}, Window: "soon"}, Reason: "window"},
			},
		})
	}
}

// TestReads holds that both APIs of Jaeger tell the same.
func TestReads(t *testing.T) {
	j, now := started(t, shop{sampler: map[string]any{"sampler.type": "probabilistic", "sampler.param": 0.1}}, 1000)
	var first *sink
	for _, api := range []string{apiJaeger, apiJaegerV3} {
		cfg := source(j.URL.String())
		cfg.API = api
		out := run(t, cfg, now)
		for _, want := range []string{
			"operation shop/server GET /cart/{id} ", "operation shop/server GET /cart/{id} /attributes[=http.route]",
			"operation shop/server POST /checkout /calls[=stock GET /stock/{id}]", "operation shop/internal price /attributes[=currency]",
			"operation stock/server GET /stock/{id} ", "traces shop ", "traces stock /resource[=service.version]",
			"endpoint shop/POST /checkout /errors", "integration shop/stock /latency", "traces shop /sampling[=0.1 probabilistic]",
		} {
			if f, ok := out.facts[want]; !ok || f.Rules.Has(parity.Rare) {
				t.Errorf("%s: %q is not there, or rare", api, want)
			}
		}
		m, err := parity.ParseMeasurement(out.facts["endpoint shop/POST /checkout /errors"].Value)
		if err != nil {
			t.Fatal(err)
		}
		if total, failed := m.Sum(); total < 250 || total > 300 || failed < total/4 || failed > total/2 {
			t.Errorf("%s: %v of %v failed", api, failed, total)
		}
		for _, g := range out.gaps {
			if g.Path != "/sampling" || g.Name != "stock" { // traces begin at the shop only
				t.Errorf("%s: %+v", api, g)
			}
		}
		if first == nil {
			first = out
			continue
		}
		for key := range first.facts {
			if _, ok := out.facts[key]; !ok {
				t.Errorf("%s does not tell %q", api, key)
			}
		}
		for key := range out.facts {
			if _, ok := first.facts[key]; !ok {
				t.Errorf("only %s tells %q", api, key)
			}
		}
	}
}

// TestFaults holds that a server that fails at one question leaves unknown what
// it would have told, and nothing else.
func TestFaults(t *testing.T) {
	j, now := started(t, shop{}, 1000)
	other := func(out *sink) bool { return out.covers(parity.OperationKind, "stock", "server new", "") }
	for _, c := range []struct {
		name    string
		pattern string
		fault   component.Fault
		reason  string
		// op and attribute tell whether they are unknown of the shop.
		op, attribute bool
	}{
		{"401", "^GET /api/services", component.ExpiredToken(), "401", true, true},
		{"services fail", "^GET /api/services", component.ServerError(), "failed (500)", true, true},
		{"no operations", "^GET /api/operations", component.ServerError().First(1), "operations cannot be listed", true, true},
		{"traces fail once", "^GET /api/traces", component.ServerError().First(1), "part of the traces of shop", false, true},
		{"traces hang", "^GET /api/traces", component.Hang().First(1), "did not answer", false, true},
		{"traces drip", "^GET /api/traces", component.Drip(64, 50*time.Millisecond).First(1), "did not answer", false, true},
		{"traces break off", "^GET /api/traces", component.Cut(5000).First(1), "broke off", false, true},
		{"too many requests for a while", "^GET /api/traces", component.TooManyRequests(0).First(2), "", false, false},
		{"too many requests", "^GET /api/traces", component.TooManyRequests(0).First(4), "429", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := component.Proxy(t, j.URL, nil)
			p.Inject(c.pattern, c.fault)
			out := run(t, source(p.URL), now)
			if got := slices.ContainsFunc(out.gaps, func(g parity.Gap) bool { return strings.Contains(g.Reason, c.reason) }); c.reason != "" && !got {
				t.Errorf("no gap says %q: %+v", c.reason, out.gaps)
			}
			if got := out.covers(parity.OperationKind, "shop", "server GET /new", ""); got != c.op {
				t.Errorf("whether there is another operation is unknown: %v", got)
			}
			if got := out.covers(parity.OperationKind, "shop", "server GET /cart/{id}", "/attributes[=new]"); got != c.attribute {
				t.Errorf("whether it has another attribute is unknown: %v", got)
			}
			if got := out.covers(parity.EndpointKind, "shop", "GET /new", ""); got != (c.attribute && c.name != "no operations") {
				t.Errorf("whether there is another endpoint is unknown: %v", got)
			}
			if all := strings.Contains(c.pattern, "services"); other(out) != all {
				t.Errorf("the operations of the stock are unknown: %v", !all)
			}
			if len(p.Requests()) > 30 {
				t.Errorf("%d requests", len(p.Requests()))
			}
		})
	}
}

// TestCalls holds that the graph of services is the server's own, and unknown
// where that is not had.
func TestCalls(t *testing.T) {
	j, now := started(t, shop{}, 1000)
	p := component.Proxy(t, j.URL, nil)
	for _, fails := range []bool{false, true} {
		if fails {
			p.Inject("^GET /api/dependencies", component.ServerError())
		}
		out := run(t, source(p.URL), now)
		if f, ok := out.facts["traces shop /calls[=stock]"]; !ok || f.Rules.Has(parity.Rare) {
			t.Errorf("fails %v: the call is %v", fails, f.Rules)
		}
		if got := out.covers(parity.TracesKind, "", "shop", "/calls[=other]"); got != fails {
			t.Errorf("fails %v: whether the shop calls something else is unknown: %v", fails, got)
		}
		if out.covers(parity.TracesKind, "", "shop", "/resource[=x]") {
			t.Errorf("fails %v: %+v", fails, out.gaps)
		}
	}
}

// TestRetention holds that a window that begins before there are traces makes
// unknowns.
func TestRetention(t *testing.T) {
	j, now := started(t, shop{}, 1000)
	cfg := source(j.URL.String())
	for window, want := range map[string]string{"1h": "", "12h": "has traces of at most the last 2h0m0s only"} {
		cfg.Window = window
		out := run(t, cfg, now)
		if got := out.covers(parity.OperationKind, "shop", "server GET /new", ""); got != (want != "") {
			t.Errorf("%s: covered %v: %+v", window, got, out.gaps)
		}
		if want != "" && !strings.Contains(out.gaps[0].Reason, want) {
			t.Errorf("%s: %q", window, out.gaps[0].Reason)
		}
	}
	out := run(t, source(j.URL.String()), now.Add(48*time.Hour))
	if !out.covers(parity.OperationKind, "shop", "server GET /new", "") || !out.covers(parity.EndpointKind, "shop", "GET /new", "") {
		t.Errorf("no traces within the window are no gap: %+v", out.gaps)
	}
	j.Stop()
	if out := run(t, source(j.URL.String()), now); !out.covers(parity.TracesKind, "", "shop", "") || len(out.facts) > 0 {
		t.Errorf("a server that is down: %+v", out.gaps)
	}
}

// TestDown holds that one that stops answering is not asked about everything.
func TestDown(t *testing.T) {
	j, now := component.Jaeger(t), time.Now()
	var all []component.Span
	for i := range 40 {
		all = append(all, component.Span{Trace: fmt.Sprintf("%032x", i+1), ID: "0000000000000001", Service: fmt.Sprintf("s%02d", i), Name: "x", Start: now.Add(-time.Minute), Took: 1})
	}
	j.Push(t, all...)
	p := component.Proxy(t, j.URL, nil)
	p.Inject("^GET /api/traces", component.ServerError())
	out := run(t, source(p.URL), now)
	if n := len(p.Requests()); n > 10 {
		t.Errorf("%d requests", n)
	}
	for i := range 40 {
		if service := fmt.Sprintf("s%02d", i); !out.covers(parity.OperationKind, service, "server new", "/attributes[=x]") {
			t.Errorf("%s is not unknown", service)
		}
	}
}

// FuzzJaeger holds that no answer panics and that spans have an identity.
func FuzzJaeger(f *testing.F) {
	f.Add(`{"data":[{"traceID":"a","spans":[{"spanID":"b","references":[{"refType":"CHILD_OF","traceID":"a","spanID":"c"}],"processID":"p1","startTime":1,"duration":2,"tags":[{"key":"span.kind","value":"server"}]}],"processes":{"p1":{"serviceName":"x"}}}],"errors":null}`)
	f.Add(`{"data":null,"errors":[{"code":500}]}`)
	f.Add(`{"data":[{"spans":[`)
	f.Fuzz(func(t *testing.T, text string) {
		client, err := webapi.New(webapi.Config{URL: "http://h"}, nil, trust.Allowed{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		j := &jaeger{client: client}
		err = j.data(strings.NewReader(text), 10, func(raw json.RawMessage) error {
			trace, err := j.trace(raw)
			for i := range trace.Spans {
				if s := &trace.Spans[i]; s.ID == 0 || s.Duration < 0 {
					t.Fatalf("%+v", s)
				}
			}
			return err
		})
		if err == nil && !json.Valid([]byte(text)) && !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
			t.Fatalf("%q is an answer", text)
		}
	})
}
