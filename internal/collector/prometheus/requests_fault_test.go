package prometheus

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
)

// halfRange takes away the second half of the points of each series of an
// answer over a range, as a server does that has lost them and does not know.
func halfRange() component.Fault {
	return component.Change("half a range", func(body []byte) []byte {
		var answer struct {
			Status string `json:"status"`
			Data   struct {
				Type   string           `json:"resultType"`
				Result []map[string]any `json:"result"`
			} `json:"data"`
		}
		if json.Unmarshal(body, &answer) != nil {
			return body
		}
		for _, series := range answer.Data.Result {
			for _, field := range []string{"values", "histograms"} {
				if points, ok := series[field].([]any); ok {
					series[field] = points[:len(points)/2]
				}
			}
		}
		changed, _ := json.Marshal(answer)
		return changed
	})
}

// shopSeries are the metrics of a service with two endpoints and one integration.
func shopSeries(now time.Time) (series []component.Series) {
	for _, c := range []struct {
		metric string
		labels []string
		growth float64
	}{
		{"http_server_request_duration_seconds", []string{"http_request_method", "GET", "http_route", "/cart/{id}"}, 30},
		{"http_server_request_duration_seconds", []string{"http_request_method", "GET", "http_route", "/search"}, 12},
		{"http_client_request_duration_seconds", []string{"http_request_method", "POST", "server_address", "payments"}, 9},
	} {
		for code, share := range map[string]float64{"200": 2. / 3, "500": 1. / 3} {
			labels := with(map[string]string{"job": "shop", "instance": "a:80", "env": "staging", "http_response_status_code": code}, c.labels...)
			if strings.Contains(c.metric, "client") && code == "500" {
				labels["error_type"] = "500"
			}
			series = append(series, counter(now, c.growth*share, with(labels, "__name__", c.metric+"_count")))
			for le, part := range map[string]float64{"0.1": 1. / 3, "0.5": 2. / 3, "+Inf": 1} {
				series = append(series, counter(now, c.growth*share*part, with(labels, "__name__", c.metric+"_bucket", "le", le)))
			}
		}
	}
	return series
}

// TestFaultsOfBehaviour puts each fault before each question in turn. What is
// still told must be what is told without a fault, and what is not must be
// unknown: never a part of it.
func TestFaultsOfBehaviour(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	now := time.Now().Truncate(15 * time.Second)
	p.Write(t, shopSeries(now))
	proxy := component.Proxy(t, p.URL, nil)
	read := func(t *testing.T) *measurements {
		t.Helper()
		out := &measurements{of: map[string]*parity.Measurement{}}
		cfg := Config{Config: through(t, proxy), Match: []string{`env="staging"`}, Window: "30m"}
		if err := collect(t.Context(), collector.Input{Now: now, Lookup: func(string) (string, bool) { return "", false }}, cfg, out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	whole := read(t)
	questions := 0
	for _, r := range proxy.Requests() {
		if strings.HasSuffix(r.Path, "/query_range") {
			questions++
		}
	}
	if len(whole.of) != 6 || questions < 10 {
		t.Fatalf("without a fault, measured %v with %d questions", whole.of, questions)
	}
	for name, fault := range map[string]component.Fault{
		"401": component.ExpiredToken(), "422": component.QueryError(422, "execution", "query timed out"), "500": component.ServerError(),
		"429": component.TooManyRequests(0), "cut": component.Cut(60), "half a body": component.Half(), "half a range": halfRange(),
		"warned": component.Warned("No StoreAPIs matched for this query"), "hang": component.Hang(), "drip": component.Drip(1, time.Second),
		"error with 200": component.QueryError(200, "timeout", "it took too long"),
	} {
		t.Run(name, func(t *testing.T) {
			lost := 0
			for n := 1; n <= questions; n++ {
				proxy.Clear()
				proxy.Inject("/api/v1/query_range", fault.Nth(n))
				if fault.Name == "hang" || fault.Name == "drip" {
					if n%7 != 1 { // each takes a second
						continue
					}
				}
				got := read(t)
				lost += len(whole.of) - len(got.of)
				sameOrUnknown(t, fmt.Sprintf("question %d", n), whole, got)
			}
			// What is refused for now is asked again.
			if again := fault.Name == "429"; (lost == 0) != again {
				t.Errorf("%d measurements are lost", lost)
			}
		})
	}
}

// sameOrUnknown holds that each measurement is there as it is without a fault,
// or under a gap.
func sameOrUnknown(t *testing.T, where string, whole, got *measurements) {
	t.Helper()
	for at, want := range whole.of {
		have := got.of[at]
		if have != nil {
			// A load that is not known in a step is no other load.
			for i := range have.Load {
				if have.Load[i] < 0 {
					have.Load[i] = want.Load[i]
				}
			}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s: %s is not what it is: %s", where, at, diff)
			}
			continue
		}
		covered := false
		for _, g := range got.gaps {
			kind, _, _ := strings.Cut(at, " ")
			covered = covered || g.Kind == kind && (g.Path == "" || strings.HasSuffix(at, g.Path)) && (g.Scope == "" || g.Scope == "shop")
		}
		if !covered {
			t.Errorf("%s: %s is neither told nor unknown: %+v", where, at, got.gaps)
		}
	}
}
