package traces

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/envparity/parity/internal/jsonwalk"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/spans"
	"github.com/envparity/parity/internal/webapi"
)

// jaeger is the API of Jaeger's query service that its own pages use.
type jaeger struct {
	client *webapi.Client
	naming naming.Config
	names  spans.Names
}

func (j *jaeger) services(ctx context.Context) ([]string, error) {
	var names []string
	err := j.list(ctx, "/api/services", nil, func(w *jsonwalk.Walker) { names = append(names, w.Text()) })
	return names, err
}

// list reads the array under data.
func (j *jaeger) list(ctx context.Context, path string, query url.Values, item func(*jsonwalk.Walker)) error {
	return j.client.Get(ctx, path, query, func(r io.Reader) error {
		return j.data(r, maxNames, func(raw json.RawMessage) error {
			w := jsonwalk.New(raw)
			item(w)
			return w.End()
		})
	})
}

// data reads an answer of the API. Errors that it names beside data make it
// partial.
func (j *jaeger) data(r io.Reader, most int, item func(json.RawMessage) error) error {
	failed, found := false, false
	err := fields(r, func(d *json.Decoder, key string) error {
		switch key {
		case "data":
			found = true
			return items(d, most, item)
		case "errors":
			return items(d, 1, func(json.RawMessage) error { failed = true; return nil })
		default:
			return webapi.SkipValue(d)
		}
	})
	switch {
	case err != nil:
		return err
	case !found:
		return webapi.ErrForm
	case failed:
		return &webapi.Failure{What: j.client.Host() + " answers a part, and names errors beside it", Hint: "see the log of the server"}
	}
	return nil
}

func (j *jaeger) operations(ctx context.Context, service string) ([]string, bool, error) {
	var names []string
	err := j.list(ctx, "/api/operations", url.Values{"service": {service}}, func(w *jsonwalk.Walker) {
		names = append(names, operationOf(w))
	})
	return names, true, err
}

// calls reads the graph that the server computes.
func (j *jaeger) calls(ctx context.Context, until time.Time, window time.Duration) (map[string][]string, error) {
	query := url.Values{"endTs": {strconv.FormatInt(until.UnixMilli(), 10)}, "lookback": {strconv.FormatInt(window.Milliseconds(), 10)}}
	calls := map[string][]string{}
	err := j.list(ctx, "/api/dependencies", query, func(w *jsonwalk.Walker) {
		caller, called := "", ""
		w.Object(func(key []byte) {
			switch string(key) {
			case "parent":
				caller = w.Text()
			case "child":
				called = w.Text()
			}
		})
		if caller != "" && called != "" {
			calls[caller] = append(calls[caller], called)
		}
	})
	return calls, err
}

func (j *jaeger) search(service string) string {
	return searchPage(j.client, service)
}

// searchPage is where a person sees the traces of a service, whichever of the
// APIs is asked.
func searchPage(client *webapi.Client, service string) string {
	return client.Link("/search", url.Values{"service": {service}})
}

// operationOf reads one operation of a service, as both APIs write it: the kind
// and the name.
func operationOf(w *jsonwalk.Walker) string {
	name, kind := "", ""
	w.Object(func(key []byte) {
		switch string(key) {
		case "name":
			name = w.Text()
		case "spanKind":
			kind = w.Text()
		}
	})
	return naming.ParseSpanKind(kind).String() + " " + naming.FoldName(name)
}

func (j *jaeger) traces(ctx context.Context, q question, give giveFunc) error {
	query := url.Values{
		"service": {q.service}, "limit": {strconv.Itoa(q.most)},
		"start": {strconv.FormatInt(q.from.UnixMicro(), 10)}, "end": {strconv.FormatInt(q.to.UnixMicro(), 10)},
	}
	if q.operation != "" {
		query.Set("operation", q.operation)
	}
	return j.client.Get(ctx, "/api/traces", query, func(r io.Reader) error {
		return j.data(r, q.most, func(raw json.RawMessage) error {
			t, err := j.trace(raw)
			if err == nil && len(t.Spans) > 0 {
				give(t)
			}
			return err
		})
	})
}

// trace reads one trace. Processes stand behind the spans that are theirs.
func (j *jaeger) trace(raw []byte) (*spans.Trace, error) {
	w := jsonwalk.New(raw)
	t := &spans.Trace{}
	processes := map[string]process{}
	at := -1
	w.Object(func(key []byte) {
		switch string(key) {
		case "traceID":
			t.ID = spans.ParseTraceID(w.Text())
		case "spans":
			at = w.Mark()
		case "processes":
			w.Object(func(key []byte) {
				name := string(key)
				if len(processes) < maxNames {
					processes[name] = j.process(w)
				}
			})
		}
	})
	if err := w.End(); err != nil || at < 0 {
		return t, err
	}
	w = jsonwalk.New(raw[at:])
	w.Array(func() { j.span(w, t, processes) })
	return t, w.Err()
}

// process is what a service's spans have in common.
type process struct {
	tags  tags
	names []string
}

func (j *jaeger) process(w *jsonwalk.Walker) process {
	p := process{tags: tags{}}
	w.Object(func(key []byte) {
		switch string(key) {
		case "serviceName":
			p.tags["service.name"] = w.Text()
		case "tags":
			p.names = p.tags.read(w, j.naming.Wanted, p.names)
		}
	})
	p.names = j.names.List(p.names)
	return p
}

func (j *jaeger) span(w *jsonwalk.Walker, t *spans.Trace, processes map[string]process) {
	s, own := spans.Span{}, tags{}
	var names []string
	var from naming.Span
	var of process
	var took int64
	w.Object(func(key []byte) {
		switch string(key) {
		case "spanID":
			s.ID = spans.ParseID(w.Text())
		case "parentSpanID":
			s.Parent = spans.ParseID(w.Text())
		case "operationName":
			from.Name = w.Text()
		case "references":
			if parent := parentOf(w, t.ID); parent != 0 {
				s.Parent = parent
			}
		case "startTime":
			s.Start = min(max(w.Whole(), 0), 1<<52) * 1000
		case "duration":
			took = min(max(w.Whole(), 0), 1<<52)
		case "tags":
			names = own.read(w, j.wanted, names)
		case "processID":
			of = processes[w.Text()]
		}
	})
	if s.ID == 0 || w.Err() != nil || len(t.Spans) >= maxSpans {
		return
	}
	s.Duration = spans.Lasting(s.Start, s.Start+took*1000)
	s.Attributes, s.Resource = j.names.List(names), of.names
	s.Sampling = spans.SamplingOf(own["sampler.type"], own["sampler.param"], own["w3c.tracestate"])
	from.Kind = naming.ParseSpanKind(own["span.kind"])
	from.Error = own["otel.status_code"] == "ERROR"
	from.Attribute, from.Resource = own.text, of.tags.text
	j.names.Named(&s, j.naming, from)
	t.Spans = append(t.Spans, s)
}

// maxSpans bounds those of one trace.
const maxSpans = 100_000

func (j *jaeger) wanted(name string) bool {
	switch name {
	case "sampler.type", "sampler.param", "w3c.tracestate", "otel.status_code":
		return true
	}
	return j.naming.Wanted(name)
}

// parentOf gives the span that caused a span, within the trace: the one that
// waited for it before the one that did not.
func parentOf(w *jsonwalk.Walker, trace spans.TraceID) spans.ID {
	var waited, follows spans.ID
	w.Array(func() {
		kind, id, of := "", spans.ID(0), trace
		w.Object(func(key []byte) {
			switch string(key) {
			case "refType":
				kind = w.Text()
			case "spanID":
				id = spans.ParseID(w.Text())
			case "traceID":
				of = spans.ParseTraceID(w.Text())
			}
		})
		switch {
		case of != trace:
		case kind == "CHILD_OF" && waited == 0:
			waited = id
		case kind != "CHILD_OF" && follows == 0:
			follows = id
		}
	})
	if waited != 0 {
		return waited
	}
	return follows
}

// tags are the texts of those that are wanted.
type tags map[string]string

func (t tags) text(name string) string { return t[name] }

// read adds the names of tags to names.
func (t tags) read(w *jsonwalk.Walker, wanted func(string) bool, names []string) []string {
	w.Array(func() {
		name, value := "", ""
		w.Object(func(key []byte) {
			switch string(key) {
			case "key":
				name = w.Text()
			case "value":
				value = w.Text()
			}
		})
		if wanted(name) {
			t[name] = value
		}
		if name != "" {
			names = append(names, name)
		}
	})
	return names
}
