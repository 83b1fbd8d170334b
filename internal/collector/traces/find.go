package traces

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/spans"
)

// ReadTraces gives the traces of an endpoint, at most as many as the config takes
// of a service. notes say what of them could not be had; an error, that none
// could.
func (c Config) ReadTraces(ctx context.Context, in collector.Input, want spans.Wanted, give func(*spans.Trace)) (notes []string, err error) {
	from, client, err := newServer(&c, in)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	window, err := c.window()
	if err != nil {
		return nil, err
	}
	f := &finder{cfg: &c, server: from, want: want, now: in.Now, window: window, give: give}
	services, err := f.serving(ctx)
	if err != nil {
		return nil, f.failure(client.Base(), err)
	}
	for _, service := range services {
		if err := f.service(ctx, service); err != nil {
			return f.notes, f.failure(client.Base(), err)
		}
	}
	return f.notes, nil
}

// finder looks for the traces of one endpoint.
type finder struct {
	cfg    *Config
	server server
	want   spans.Wanted
	now    time.Time
	window time.Duration
	give   func(*spans.Trace)
	notes  []string
}

func (f *finder) failure(where string, err error) error {
	reason, hint := explain(err)
	return &parity.Error{Code: parity.CodeUnavailable, Where: where, What: "traces cannot be had: " + reason, Hint: hint}
}

// serving gives the services that serve the endpoint, as far as lists of
// operations tell; else all that the config names.
func (f *finder) serving(ctx context.Context) ([]string, error) {
	all := []string{f.want.Service}
	if f.want.Service == "" {
		var err error
		if all, err = f.server.services(ctx); err != nil {
			return nil, err
		}
		all = (&session{cfg: f.cfg, out: discard{}}).chosen(all)
	}
	var with []string
	for _, service := range all {
		names, listed, err := f.server.operations(ctx, service)
		if err != nil {
			return nil, err
		}
		if listed && slices.ContainsFunc(names, f.names) {
			with = append(with, service)
		}
	}
	if len(with) > 0 {
		return with, nil
	}
	return all, nil
}

// names reports whether an operation is the endpoint, by its name alone.
func (f *finder) names(operation string) bool {
	return operation == f.want.Endpoint || operation == "server "+f.want.Endpoint || operation == "consumer "+f.want.Endpoint
}

// service looks for the operation by its name, and where that finds nothing
// through all traces of the service: an endpoint may be called otherwise than
// its operation.
func (f *finder) service(ctx context.Context, service string) error {
	operation := f.want.Endpoint
	for _, kind := range []string{"server ", "consumer "} {
		operation = strings.TrimPrefix(operation, kind)
	}
	found, err := f.ask(ctx, service, operation)
	if err != nil || found {
		return err
	}
	_, err = f.ask(ctx, service, "")
	return err
}

// ask asks for traces of each slice of the window.
func (f *finder) ask(ctx context.Context, service, operation string) (found bool, err error) {
	began, step := f.now.Add(-f.window), f.window/slicesOfWindow
	for i := range slicesOfWindow {
		q := question{
			service: service, operation: operation, most: max(1, f.cfg.most()/slicesOfWindow),
			from: began.Add(time.Duration(i) * step), to: began.Add(time.Duration(i+1) * step),
		}
		err := f.server.traces(ctx, q, func(t *spans.Trace) {
			for i := range t.Spans {
				if f.want.Fits(&t.Spans[i]) {
					found = true
					f.give(t)
					return
				}
			}
		})
		var p *partial
		switch {
		case ctx.Err() != nil:
			return found, ctx.Err()
		case errors.As(err, &p):
			if note := fmt.Sprintf("%s: %s", service, p.what); !slices.Contains(f.notes, note) {
				f.notes = append(f.notes, note)
			}
		case err != nil:
			return found, err
		}
	}
	return found, nil
}

// discard takes gaps that do not matter here.
type discard struct{}

func (discard) Subject(parity.Subject, []parity.Fact) {}
func (discard) Gap(parity.Gap)                        {}
func (discard) Tool(string, string)                   {}
