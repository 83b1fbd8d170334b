package sampleshop_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/sampleshop"
)

// fetch decodes an answer of JSON.
func fetch(t *testing.T, at *url.URL, query url.Values, into any) {
	t.Helper()
	u := *at
	u.RawQuery = query.Encode()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s, %v", u.Path, resp.Status, err)
	}
}

func send(t *testing.T, s *sampleshop.Service, endpoint string, n int) {
	t.Helper()
	method, path, _ := strings.Cut(endpoint, " ")
	for range n {
		req, err := http.NewRequestWithContext(t.Context(), method, s.URL.String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
}

// jaegerTraces are traces as Jaeger answers them.
type jaegerTraces struct {
	Data []struct {
		Spans []struct {
			OperationName string
			ProcessID     string
			References    []struct{ SpanID string }
			Tags          []struct {
				Key   string
				Value any
			}
		}
		Processes map[string]struct{ ServiceName string }
	}
}

// TestTraces holds that a real Jaeger has the spans of a request, across
// services, and that what is left out or not sampled is not there.
func TestTraces(t *testing.T) {
	t.Parallel()
	j := component.Jaeger(t)
	to := j.OTLP.JoinPath("/v1/traces").String()
	s := sampleshop.Start(t, sampleshop.Settings{Seed: 1, TracesTo: to, Environment: "staging"})
	send(t, s, "GET /cart/c7", 3)
	send(t, s, "POST /checkout", 1)
	s.Close()
	other := sampleshop.Start(t, sampleshop.Settings{Seed: 2, Name: "less", TracesTo: to, Sampling: 0.3, Without: []string{"operation GET /prices"}})
	send(t, other, "GET /cart/c7", 30)
	other.Close()
	if s.Lost()+other.Lost() > 0 {
		t.Errorf("%d and %d spans are lost", s.Lost(), other.Lost())
	}
	var got jaegerTraces
	fetch(t, j.URL.JoinPath("/api/traces"), url.Values{"service": {"shop"}, "limit": {"100"}, "operation": {"GET /cart/{id}"}, "lookback": {"1h"}}, &got)
	if len(got.Data) != 3 {
		t.Fatalf("%d traces of carts, want 3", len(got.Data))
	}
	paths := map[string]int{}
	for _, span := range got.Data[0].Spans {
		paths[got.Data[0].Processes[span.ProcessID].ServiceName+" "+span.OperationName]++
		if (span.OperationName != "GET /cart/{id}") != (len(span.References) == 1) {
			t.Errorf("%s is below %v", span.OperationName, span.References)
		}
	}
	// The store is a database, which makes no spans; the inventory's own has the
	// name of the client's.
	want := map[string]int{"shop GET /cart/{id}": 1, "shop GET /carts/{id}": 1, "shop GET /prices": 1, "inventory GET /prices": 1}
	if len(paths) != len(want) {
		t.Errorf("the spans of a cart are %v, want %v", paths, want)
	}
	for name, n := range want {
		if paths[name] != n {
			t.Errorf("the spans of a cart are %v, want %v", paths, want)
		}
	}
	var less jaegerTraces
	fetch(t, j.URL.JoinPath("/api/traces"), url.Values{"service": {"less"}, "limit": {"100"}, "lookback": {"1h"}}, &less)
	if n := len(less.Data); n == 0 || n >= 30 {
		t.Fatalf("%d of 30 traces are kept, want about 9", n)
	}
	for _, span := range less.Data[0].Spans {
		if span.OperationName == "GET /prices" {
			t.Error("a span is there that was left out")
		}
	}
}

// TestLogs holds that a real Loki has the lines, with their fields.
func TestLogs(t *testing.T) {
	t.Parallel()
	l := component.Loki(t)
	to := l.URL.JoinPath("/loki/api/v1/push").String()
	s := sampleshop.Start(t, sampleshop.Settings{Seed: 1, LogsTo: to, Environment: "staging", Without: []string{"log duration_ms"}, Env: map[string]string{"LOG_LEVEL": "debug"}})
	send(t, s, "GET /search?q=x", 4)
	s.Close()
	if s.Lost() > 0 {
		t.Errorf("%d lines are lost", s.Lost())
	}
	var got struct {
		Data struct {
			Result []struct {
				Stream map[string]string
				Values [][]string
			}
		}
	}
	lines := map[string]int{}
	for deadline := time.Now().Add(5 * time.Second); len(lines) < 2 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		fetch(t, l.URL.JoinPath("/loki/api/v1/query_range"), url.Values{"query": {`{service_name="shop",env="staging"}`}, "since": {"10m"}}, &got)
		for _, r := range got.Data.Result {
			lines[r.Stream["level"]] = len(r.Values)
		}
	}
	if lines["info"] != 4 || lines["debug"] != 4 {
		t.Fatalf("Loki has %v lines, want 4 of each level", lines)
	}
	for _, r := range got.Data.Result {
		if r.Stream["level"] != "info" {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal([]byte(r.Values[0][1]), &fields); err != nil {
			t.Fatal(err)
		}
		if fields["route"] != "/search" || fields["status"] != 200.0 || fields["duration_ms"] != nil || fields["trace_id"] != nil {
			t.Errorf("the line has %v", fields)
		}
	}
}
