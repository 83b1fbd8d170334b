package component

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Span is one span, as a service reports it.
type Span struct {
	// Trace and ID are hexadecimal, 32 and 16 digits; Parent is the ID of another
	// span of the trace, or empty.
	Trace, ID, Parent string
	// Service is the resource attribute service.name.
	Service string
	// Name is the operation.
	Name string
	Kind SpanKind
	// Start and Took are when it began and how long it lasted.
	Start time.Time
	Took  time.Duration
	// Failed gives the span the status Error.
	Failed bool
	// Attributes are strings, booleans, ints, floats, or lists of strings.
	Attributes map[string]any
	// Resource has the attributes of the service beside its name.
	Resource map[string]any
}

// SpanKind is the part that a span plays, as OTLP numbers them.
type SpanKind int

// The kinds of spans.
const (
	Internal SpanKind = iota + 1
	ServerSide
	ClientSide
	Producer
	Consumer
)

// pushedSpans bounds the spans of one request.
const pushedSpans = 2000

// Push hands spans to the server. They can be asked for at once.
func (j *JaegerServer) Push(tb testing.TB, spans ...Span) {
	tb.Helper()
	for batch := range slices.Chunk(spans, pushedSpans) {
		text, err := OTLPTraces(batch)
		if err != nil {
			tb.Fatal(err)
		}
		if err := postJSON(j.OTLP.JoinPath("/v1/traces"), text); err != nil {
			tb.Fatal(err)
		}
	}
}

// OTLPTraces gives spans as the JSON of OTLP, each with a resource of its own.
func OTLPTraces(spans []Span) ([]byte, error) {
	resources := make([]any, 0, len(spans))
	for i := range spans {
		s := &spans[i]
		span := map[string]any{
			"traceId": s.Trace, "spanId": s.ID, "parentSpanId": s.Parent, "name": s.Name,
			"kind": max(s.Kind, Internal), "attributes": attributes(s.Attributes),
			"startTimeUnixNano": nanoseconds(s.Start), "endTimeUnixNano": nanoseconds(s.Start.Add(s.Took)),
		}
		if s.Failed {
			span["status"] = map[string]any{"code": 2}
		}
		of := append(attributes(map[string]any{"service.name": s.Service}), attributes(s.Resource)...)
		resources = append(resources, map[string]any{
			"resource":   map[string]any{"attributes": of},
			"scopeSpans": []any{map[string]any{"spans": []any{span}}},
		})
	}
	return json.Marshal(map[string]any{"resourceSpans": resources})
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

// attributes gives a map in the form of OTLP.
func attributes(of map[string]any) []any {
	list := make([]any, 0, len(of))
	for name, value := range of {
		list = append(list, map[string]any{"key": name, "value": anyValue(value)})
	}
	return list
}

// anyValue gives a value in the form of OTLP, where a whole number is text.
func anyValue(value any) map[string]any {
	switch v := value.(type) {
	case string:
		return map[string]any{"stringValue": v}
	case bool:
		return map[string]any{"boolValue": v}
	case int:
		return map[string]any{"intValue": strconv.Itoa(v)}
	case float64:
		return map[string]any{"doubleValue": v}
	case []string:
		items := make([]any, 0, len(v))
		for _, item := range v {
			items = append(items, anyValue(item))
		}
		return map[string]any{"arrayValue": map[string]any{"values": items}}
	}
	return map[string]any{}
}
