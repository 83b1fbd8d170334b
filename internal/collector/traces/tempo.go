package traces

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/jsonwalk"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/otlp"
	"github.com/envparity/parity/internal/spans"
	"github.com/envparity/parity/internal/webapi"
)

// tempo is the API of Grafana Tempo: TraceQL finds traces, and each is asked
// for by its identity.
type tempo struct {
	client *webapi.Client
	naming naming.Config
	// seen are traces that were given: those of several services are found
	// again and again.
	seen map[string]bool
	// old is set where the server knows the older address of a trace only.
	old bool
}

func isFailure(err error) (*webapi.Failure, bool) {
	var f *webapi.Failure
	return f, errors.As(err, &f)
}

func (t *tempo) services(ctx context.Context) ([]string, error) {
	var names []string
	err := t.client.Get(ctx, "/api/v2/search/tag/resource.service.name/values", nil, func(r io.Reader) error {
		return fields(r, func(d *json.Decoder, key string) error {
			if key != "tagValues" {
				return webapi.SkipValue(d)
			}
			return items(d, maxNames, func(raw json.RawMessage) error {
				w := jsonwalk.New(raw)
				w.Object(func(key []byte) {
					if string(key) == "value" {
						names = append(names, w.Text())
					}
				})
				return w.End()
			})
		})
	})
	return names, err
}

// operations has no answer: Tempo lists names of spans without their kinds,
// and only those of what it looked through.
func (t *tempo) operations(context.Context, string) ([]string, bool, error) { return nil, false, nil }

func query(service, operation string) string {
	q := "{ resource.service.name = " + quoted(service)
	if operation != "" {
		q += " && name = " + quoted(operation)
	}
	return q + " }"
}

// quoted writes a string of TraceQL.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func (t *tempo) search(service string) string {
	return t.client.Link("/api/search", url.Values{"q": {query(service, "")}})
}

func (t *tempo) traces(ctx context.Context, q question, give giveFunc) error {
	ids, err := t.find(ctx, q)
	if err != nil {
		return err
	}
	var late error
	for _, id := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if t.seen[id] {
			continue
		}
		if err := t.trace(ctx, id, give); err != nil {
			var p *partial
			if late = err; !errors.As(err, &p) {
				return err
			}
			continue
		}
		if t.seen == nil {
			t.seen = map[string]bool{}
		}
		if len(t.seen) < maxNames {
			t.seen[id] = true
		}
	}
	return late
}

// find gives the identities of traces in which the service took part.
func (t *tempo) find(ctx context.Context, q question) ([]string, error) {
	var ids []string
	asked := url.Values{
		"q": {query(q.service, q.operation)}, "limit": {strconv.Itoa(q.most)}, "spss": {"1"},
		"start": {strconv.FormatInt(q.from.Unix(), 10)}, "end": {strconv.FormatInt(q.to.Unix(), 10)},
	}
	err := t.client.Get(ctx, "/api/search", asked, func(r io.Reader) error {
		return fields(r, func(d *json.Decoder, key string) error {
			if key != "traces" {
				return webapi.SkipValue(d)
			}
			return items(d, q.most, func(raw json.RawMessage) error {
				w := jsonwalk.New(raw)
				w.Object(func(key []byte) {
					if string(key) == "traceID" {
						ids = append(ids, w.Text())
					}
				})
				return w.End()
			})
		})
	})
	return ids, err
}

// trace asks for one trace.
func (t *tempo) trace(ctx context.Context, id string, give giveFunc) error {
	if b, err := hex.DecodeString(strings.Repeat("0", len(id)%2) + id); err != nil || len(b) == 0 || len(b) > 16 {
		return &webapi.Failure{What: t.client.Host() + " names traces in an unknown way"} // it becomes a part of an address
	}
	cut := false
	read := func(r io.Reader) (err error) {
		cut, err = t.answer(r, give)
		return err
	}
	var err error
	if !t.old {
		err = t.client.Get(ctx, "/api/v2/traces/"+id, nil, read)
	}
	if f, ok := isFailure(err); t.old || ok && f.Status == http.StatusNotFound {
		if err = t.client.Get(ctx, "/api/traces/"+id, nil, read); err == nil {
			t.old = true
		}
	}
	switch f, ok := isFailure(err); {
	case ok && f.Status == http.StatusNotFound:
		return &partial{what: t.client.Host() + " found traces that it does not have any more"}
	case err == nil && cut:
		return &partial{what: t.client.Host() + " gives traces that are too large only in part"}
	}
	return err
}

// answer reads a trace. cut tells that the server says that it is not whole.
func (t *tempo) answer(r io.Reader, give giveFunc) (cut bool, err error) {
	text, err := io.ReadAll(r) // bounded by the client
	if err != nil {
		return false, err
	}
	var found *spans.Trace
	reader := &otlp.Reader{Naming: t.naming, Span: func(id spans.TraceID, s spans.Span) {
		if found == nil {
			found = &spans.Trace{ID: id}
		}
		if id == found.ID && len(found.Spans) < maxSpans {
			found.Spans = append(found.Spans, s)
		}
	}}
	known, err := reader.Document(text)
	if err != nil || !known {
		return false, errors.Join(err, webapi.ErrForm)
	}
	if found != nil {
		give(found)
	}
	w, state := jsonwalk.New(text), ""
	w.Object(func(key []byte) {
		if string(key) == "status" {
			state = w.Text()
		}
	})
	return state == "PARTIAL" || state == "1", nil
}
