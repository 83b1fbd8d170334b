package otlp

import (
	"github.com/envparity/parity/internal/jsonwalk"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/spans"
)

// SpanFunc takes a span of a trace.
type SpanFunc func(spans.TraceID, spans.Span)

// shared are names that spans and points have in common.
type shared = spans.Names

// spans reads the spans of one scope.
func (r *Reader) spans(w *jsonwalk.Walker) {
	if r.Span == nil {
		return
	}
	names := r.shared.List(r.resource.names)
	w.Object(func(key []byte) {
		if string(key) == "spans" {
			w.Array(func() { r.span(w, names) })
		}
	})
}

func (r *Reader) span(w *jsonwalk.Walker, resource []string) {
	s := spans.Span{Resource: resource}
	from := naming.Span{Attribute: r.own.text, Resource: r.resource.text}
	var trace spans.TraceID
	var end int64
	state := ""
	r.own.reset()
	w.Object(func(key []byte) {
		switch string(key) {
		case "traceId":
			trace = spans.ParseTraceID(w.Text())
		case "spanId":
			s.ID = spans.ParseID(w.Text())
		case "parentSpanId":
			s.Parent = spans.ParseID(w.Text())
		case "traceState":
			state = w.Text()
		case "name":
			from.Name = w.Text()
		case "kind":
			from.Kind = naming.ParseSpanKind(w.Text())
		case "startTimeUnixNano":
			s.Start = w.Whole()
		case "endTimeUnixNano":
			end = w.Whole()
		case "attributes":
			r.own.read(w, r.wanted)
		case "status":
			w.Object(func(key []byte) {
				if string(key) == "code" {
					code := w.Text()
					from.Error = code == "2" || code == "STATUS_CODE_ERROR"
				}
			})
		}
	})
	if trace == (spans.TraceID{}) || s.ID == 0 || w.Err() != nil {
		return
	}
	if from.Resource("service.name") == "" && from.Attribute("service.name") != "" {
		from.Resource = from.Attribute
	}
	s.Duration = spans.Lasting(s.Start, end)
	s.Attributes = r.shared.List(r.own.names)
	s.Sampling = spans.SamplingOf(r.own.text("sampler.type"), r.own.text("sampler.param"), state)
	r.shared.Named(&s, r.Naming, from)
	r.Span(trace, s)
}

func (r *Reader) wanted(name string) bool {
	return name == "sampler.type" || name == "sampler.param" || r.Naming.Wanted(name)
}
