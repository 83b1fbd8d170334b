package component_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/envparity/parity/internal/component"
)

// trace makes a trace of a request to the shop: the shop calls the payment
// service, which fails.
func trace(n int, start time.Time) []component.Span {
	id := fmt.Sprintf("%032x", n+1)
	span := func(i int, parent string) component.Span {
		return component.Span{Trace: id, ID: fmt.Sprintf("%016x", n*10+i), Parent: parent, Start: start, Took: 40 * time.Millisecond}
	}
	server, client, called := span(1, ""), span(2, fmt.Sprintf("%016x", n*10+1)), span(3, fmt.Sprintf("%016x", n*10+2))
	server.Service, server.Name, server.Kind = "shop", "POST /orders", component.ServerSide
	server.Attributes = map[string]any{"http.route": "/orders", "http.response.status_code": 500, "retried": true, "ratio": 0.5}
	client.Service, client.Name, client.Kind = "shop", "charge", component.ClientSide
	called.Service, called.Name, called.Kind, called.Failed = "payment", "Charge", component.ServerSide, true
	called.Resource = map[string]any{"service.version": "1.2"}
	return []component.Span{server, client, called}
}

// TestJaeger holds that the server has the spans that are pushed, by both query
// APIs, and that it ends.
func TestJaeger(t *testing.T) {
	ended := endsWithTest(t)
	j := component.Jaeger(t)
	ended(j.URL, j.OTLP)
	start := time.Now().Add(-2 * time.Hour)
	var spans []component.Span
	for n := range 1500 {
		spans = append(spans, trace(n, start.Add(time.Duration(n)*time.Millisecond))...)
	}
	j.Push(t, spans...)

	var services struct{ Data []string }
	unmarshal(t, fetch(t, j.URL.JoinPath("/api/services").String()), &services)
	if slices.Sort(services.Data); !slices.Equal(services.Data, []string{"payment", "shop"}) {
		t.Errorf("the services are %q", services.Data)
	}
	var old struct {
		Data []struct {
			Spans []struct {
				OperationName string
				References    []struct{ SpanID string }
				Tags          []struct {
					Key   string
					Value any
				}
			}
		}
	}
	query := url.Values{
		"service": {"payment"}, "limit": {"2000"},
		"start": {strconv.FormatInt(start.Add(-time.Second).UnixMicro(), 10)}, "end": {strconv.FormatInt(time.Now().UnixMicro(), 10)},
	}
	unmarshal(t, fetch(t, j.URL.JoinPath("/api/traces").String()+"?"+query.Encode()), &old)
	if len(old.Data) != 1500 {
		t.Fatalf("there are %d traces, want 1500", len(old.Data))
	}
	tags := map[string]any{}
	for _, span := range old.Data[0].Spans {
		for _, tag := range span.Tags {
			tags[span.OperationName+" "+tag.Key] = tag.Value
		}
		if root := span.OperationName == "POST /orders"; root != (len(span.References) == 0) {
			t.Errorf("%s has the references %v", span.OperationName, span.References)
		}
	}
	for key, want := range map[string]any{
		"POST /orders http.response.status_code": 500.0, "POST /orders span.kind": "server", "POST /orders retried": true,
		"POST /orders ratio": 0.5, "charge span.kind": "client", "Charge error": true,
	} {
		if tags[key] != want {
			t.Errorf("%s is %v, want %v", key, tags[key], want)
		}
	}
	var newer struct {
		Operations []struct{ Name, SpanKind string }
	}
	unmarshal(t, fetch(t, j.URL.JoinPath("/api/v3/operations").String()+"?service=shop"), &newer)
	if len(newer.Operations) != 2 {
		t.Errorf("the operations are %v", newer.Operations)
	}
}

// endsWithTest holds, after everything else, that nothing of what the test
// started is left. Call it first, and the function that it gives with the
// addresses that must refuse then.
func endsWithTest(t *testing.T) func(...*url.URL) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	var addresses []*url.URL
	t.Cleanup(func() {
		goleak.VerifyNone(t, before)
		for _, at := range addresses {
			conn, err := net.DialTimeout("tcp", at.Host, time.Second)
			if err == nil {
				conn.Close()
				t.Errorf("a server still listens on %s", at.Host)
			}
		}
		if len(addresses) == 0 {
			t.Error("no address was given")
		}
	})
	return func(more ...*url.URL) { addresses = append(addresses, more...) }
}

func unmarshal(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %.500s", err, text)
	}
}
