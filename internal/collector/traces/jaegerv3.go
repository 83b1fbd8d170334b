package traces

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/envparity/parity/internal/jsonwalk"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/otlp"
	"github.com/envparity/parity/internal/spans"
	"github.com/envparity/parity/internal/webapi"
)

// jaegerV3 is the API of Jaeger that answers with OTLP.
type jaegerV3 struct {
	client *webapi.Client
	naming naming.Config
}

func (j *jaegerV3) services(ctx context.Context) ([]string, error) {
	var names []string
	err := j.list(ctx, "/api/v3/services", nil, "services", func(w *jsonwalk.Walker) { names = append(names, w.Text()) })
	return names, err
}

func (j *jaegerV3) list(ctx context.Context, path string, query url.Values, of string, item func(*jsonwalk.Walker)) error {
	return j.client.Get(ctx, path, query, func(r io.Reader) error {
		return fields(r, func(d *json.Decoder, key string) error {
			if key != of {
				return webapi.SkipValue(d)
			}
			return items(d, maxNames, func(raw json.RawMessage) error {
				w := jsonwalk.New(raw)
				item(w)
				return w.End()
			})
		})
	})
}

func (j *jaegerV3) operations(ctx context.Context, service string) ([]string, bool, error) {
	var names []string
	err := j.list(ctx, "/api/v3/operations", url.Values{"service": {service}}, "operations", func(w *jsonwalk.Walker) {
		names = append(names, operationOf(w))
	})
	return names, true, err
}

func (j *jaegerV3) search(service string) string {
	return searchPage(j.client, service)
}

func (j *jaegerV3) traces(ctx context.Context, q question, give giveFunc) error {
	query := url.Values{
		"query.service_name": {q.service}, "query.num_traces": {strconv.Itoa(q.most)}, "query.search_depth": {strconv.Itoa(q.most)},
		"query.start_time_min": {q.from.UTC().Format(time.RFC3339Nano)}, "query.start_time_max": {q.to.UTC().Format(time.RFC3339Nano)},
	}
	if q.operation != "" {
		query.Set("query.operation_name", q.operation)
	}
	err := j.client.Get(ctx, "/api/v3/traces", query, func(r io.Reader) error { return j.answer(r, give) })
	if f, ok := isFailure(err); ok && f.Status == 404 {
		return nil // so it says that no trace fits
	}
	return err
}

// answer reads documents of OTLP, one for all traces or one for each.
func (j *jaegerV3) answer(r io.Reader, give giveFunc) error {
	whole := &spans.Assembler{Whole: give}
	reader := &otlp.Reader{Naming: j.naming, Span: whole.Add}
	d := json.NewDecoder(r)
	for {
		var raw json.RawMessage
		switch err := d.Decode(&raw); {
		case errors.Is(err, io.EOF):
			whole.Close()
			return nil
		case err != nil:
			return err
		}
		if _, err := reader.Document(raw); err != nil {
			return err
		}
	}
}
