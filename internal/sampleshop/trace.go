package sampleshop

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// errRefused is a server that does not take what it was sent.
var errRefused = errors.New("the server refuses it")

// The kinds of spans that the shop has, as OTLP numbers them.
const (
	spanInternal = 1
	spanServer   = 2
	spanClient   = 3
)

// span is one span that is kept. A nil span is of a trace that is not kept.
type span struct {
	tracer          *tracer
	service         string
	traceID         string
	id, parent      string
	name            string
	kind            int
	begin, finished time.Time
	attributes      map[string]any
	failed          bool
}

// tracer makes the spans of a copy, its peers included, and sends them.
type tracer struct {
	plan *plan
	dice *dice
	out  *shipper[*span]
}

// newTracer gives nil, which makes no spans, where they go nowhere.
func newTracer(p *plan) *tracer {
	if p.TracesTo == "" {
		return nil
	}
	t := &tracer{plan: p, dice: newDice(p.Seed, 7)}
	t.out = newShipper(p.TracesTo, t.encode)
	return t
}

// close sends what is left, and says how many spans were lost.
func (t *tracer) close() {
	if t != nil {
		t.out.close()
	}
}

// root begins a trace, if it is among those that are kept.
func (t *tracer) root(service, name string) *span {
	if t == nil || !t.dice.chance(t.plan.Sampling) {
		return nil
	}
	hi, lo := t.dice.bits()
	s := &span{tracer: t, service: service, traceID: fmt.Sprintf("%016x%016x", hi, lo), name: name, kind: spanServer, begin: time.Now()}
	_, id := t.dice.bits()
	s.id = fmt.Sprintf("%016x", id)
	return s
}

// child begins a span below this one.
func (s *span) child(name string, kind int) *span {
	if s == nil {
		return nil
	}
	_, id := s.tracer.dice.bits()
	return &span{
		tracer: s.tracer, service: s.service, traceID: s.traceID, id: fmt.Sprintf("%016x", id), parent: s.id,
		name: name, kind: kind, begin: time.Now(),
	}
}

// follow begins the span of a peer that was called with a traceparent.
func (t *tracer) follow(h http.Header, service, name string) *span {
	parts := strings.Split(h.Get("traceparent"), "-")
	if t == nil || len(parts) != 4 || parts[3] != "01" {
		return nil
	}
	above := &span{tracer: t, service: service, traceID: parts[1], id: parts[2]}
	return above.child(name, spanServer)
}

// inject tells a peer of the span.
func (s *span) inject(h http.Header) {
	if s != nil {
		h.Set("traceparent", "00-"+s.traceID+"-"+s.id+"-01")
	}
}

func (s *span) set(name string, value any) {
	if s == nil {
		return
	}
	if s.attributes == nil {
		s.attributes = map[string]any{}
	}
	s.attributes[name] = value
}

func (s *span) end(failed bool) {
	if s == nil || s.tracer.plan.without["operation "+s.name] {
		return
	}
	s.finished, s.failed = time.Now(), failed
	s.tracer.out.add(s)
}

// encode gives spans as an OTLP request.
func (t *tracer) encode(batch []*span) any {
	byService := map[string][]any{}
	for _, s := range batch {
		status := map[string]any{}
		if s.failed {
			status["code"] = 2
		}
		byService[s.service] = append(byService[s.service], map[string]any{
			"traceId": s.traceID, "spanId": s.id, "parentSpanId": s.parent, "name": s.name, "kind": s.kind,
			"startTimeUnixNano": strconv.FormatInt(s.begin.UnixNano(), 10),
			"endTimeUnixNano":   strconv.FormatInt(s.finished.UnixNano(), 10),
			"attributes":        attributes(s.attributes), "status": status,
		})
	}
	var resources []any
	for service, spans := range byService {
		about := map[string]any{"service.name": service, "telemetry.sdk.language": "go"}
		if t.plan.Environment != "" {
			about["deployment.environment.name"] = t.plan.Environment
		}
		resources = append(resources, map[string]any{
			"resource":   map[string]any{"attributes": attributes(about)},
			"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "sampleshop"}, "spans": spans}},
		})
	}
	return map[string]any{"resourceSpans": resources}
}

func attributes(values map[string]any) []any {
	list := make([]any, 0, len(values))
	for name, v := range values {
		typed := map[string]any{"stringValue": v}
		if n, ok := v.(int); ok {
			typed = map[string]any{"intValue": strconv.Itoa(n)}
		}
		list = append(list, map[string]any{"key": name, "value": typed})
	}
	return list
}
