package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/sidebyside"
	"github.com/envparity/parity/internal/spans"
)

// TracesRequest asks for one endpoint side by side.
type TracesRequest struct {
	// Endpoint is its name, or that of its operation; Service the service that
	// serves it, empty for any.
	Endpoint, Service string
	// Environment is compared with the reference; empty where there is only
	// one other.
	Environment string
	// Paths are files of traces to compare instead, the last one the
	// reference.
	Paths []string
}

// traceReader is the config of a source that can give traces.
type traceReader interface {
	ReadTraces(ctx context.Context, in collector.Input, want spans.Wanted, give func(*spans.Trace)) (notes []string, err error)
}

// traced is one environment with its sources of traces.
type traced struct {
	column  parity.Column
	sources []collector.Configured
	naming  naming.Config

	sample sidebyside.Sample
	notes  []string
}

// Traces compares how two environments serve an endpoint.
func (a *App) Traces(ctx context.Context, req TracesRequest) (*sidebyside.Result, error) {
	cfg, root, err := a.start(ctx, Request{Paths: req.Paths})
	if err != nil {
		return nil, err
	}
	defer root.Close()
	reference, other, err := a.traced(cfg, req, root)
	if err != nil {
		return nil, err
	}
	sides := []*traced{reference, other}
	errs := make([]error, len(sides), len(sides)+1)
	err = parallel.ForEach(ctx, len(sides), sides, func(ctx context.Context, i int, side *traced) error {
		side.sample.Wanted = spans.Wanted{Endpoint: req.Endpoint, Service: req.Service}
		errs[i] = a.readTraces(ctx, side, root)
		return nil
	})
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	result := sidebyside.Compare(&reference.sample, &other.sample, reference.column.String(), other.column.String())
	for _, side := range sides {
		for _, note := range side.notes {
			result.Notes = append(result.Notes, side.column.String()+": "+note)
		}
	}
	return result, nil
}

// readTraces asks the sources of one environment. It is an error where none of
// them answers.
func (a *App) readTraces(ctx context.Context, side *traced, root place.Root) error {
	a.Progress("reading traces of " + side.column.String())
	var failed []error
	hide := newNameHider()
	for _, s := range side.sources {
		reader, ok := s.Config.(traceReader)
		if !ok {
			continue
		}
		in := collector.Input{
			Column: side.column, Root: root, Log: a.Log, Source: s.Name, Limits: collector.DefaultLimits(),
			Lookup: a.Lookup, Now: a.Now, Naming: side.naming,
		}
		notes, err := reader.ReadTraces(ctx, in, side.sample.Wanted, func(t *spans.Trace) {
			hide.trace(t)
			side.sample.Add(t)
		})
		for _, note := range notes {
			side.notes = append(side.notes, hide.redactor.Text(note))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, err)
			side.notes = append(side.notes, hide.redactor.Text(err.Error()))
		}
	}
	if len(failed) == len(side.sources) {
		return errors.Join(failed...)
	}
	return nil
}

// maxHiddenNames bounds how many names a nameHider remembers.
const maxHiddenNames = 10_000

// nameHider masks the secrets in the names of spans, which repeat. It has no
// key: a secret shows as there, so that one call has one name in both
// environments.
type nameHider struct {
	redactor *redact.Redactor
	known    map[string]string
}

func newNameHider() *nameHider {
	return &nameHider{redactor: redact.New(nil, nil, nil), known: map[string]string{}}
}

// trace masks the names of a trace's spans.
func (h *nameHider) trace(t *spans.Trace) {
	for i := range t.Spans {
		s := &t.Spans[i]
		for _, name := range []*string{&s.Name, &s.Service, &s.Endpoint, &s.Peer} {
			*name = h.name(*name)
		}
	}
}

func (h *nameHider) name(name string) string {
	if hidden, ok := h.known[name]; ok {
		return hidden
	}
	hidden := h.redactor.Text(name)
	if len(h.known) < maxHiddenNames {
		h.known[name] = hidden
	}
	return hidden
}

// traced finds the two environments.
func (a *App) traced(cfg *config.Config, req TracesRequest, root place.Root) (reference, other *traced, err error) {
	if cfg == nil {
		return a.tracedPaths(req.Paths, root)
	}
	var others []string
	for _, c := range config.Columns(cfg) {
		isReference := c.Column.Reference && reference == nil
		if !isReference && (req.Environment != "" && req.Environment != c.Column.String() || c.Column.Reference) {
			continue
		}
		side, err := a.tracedColumn(c, cfg, root)
		if err != nil {
			return nil, nil, err
		}
		if isReference {
			reference = side
			continue
		}
		other = side
		others = append(others, c.Column.String())
	}
	switch {
	case reference == nil || other == nil:
		return nil, nil, &parity.Error{Code: parity.CodeUsage, What: "there are no two environments to compare", Hint: "--environment names the one beside the reference"}
	case len(others) > 1:
		return nil, nil, &parity.Error{Code: parity.CodeUsage, What: "there are several environments beside the reference", Hint: "choose one by --environment: " + strings.Join(others, ", ")}
	}
	for _, side := range []*traced{reference, other} {
		if len(side.sources) == 0 {
			return nil, nil, &parity.Error{
				Code: parity.CodeConfig, Where: cfg.Path, What: fmt.Sprintf("%s has no source of traces", side.column),
				Hint: "add one with the collector traces or otlp",
			}
		}
	}
	return reference, other, nil
}

func (a *App) tracedColumn(c config.ColumnConfig, cfg *config.Config, root place.Root) (*traced, error) {
	side := &traced{column: c.Column, naming: cfg.Telemetry.Config}
	for _, s := range c.Sources {
		configured, err := a.configured(c.Column, s, root)
		if err != nil {
			return nil, err
		}
		for _, one := range configured {
			if _, ok := one.Config.(traceReader); ok {
				side.sources = append(side.sources, one)
			}
		}
	}
	return side, nil
}

func (a *App) tracedPaths(paths []string, root place.Root) (reference, other *traced, err error) {
	if len(paths) != 2 {
		return nil, nil, &parity.Error{Code: parity.CodeUsage, What: "two paths are compared", Hint: "name two files, the last one is the reference"}
	}
	names := EnvironmentNames(paths)
	var sides []*traced
	for i, path := range paths {
		c, err := a.fromPath(path, root)
		if err != nil {
			return nil, nil, err
		}
		if _, ok := c.Config.(traceReader); !ok {
			return nil, nil, &parity.Error{Code: parity.CodeUsage, Where: path, What: "there are no traces in it", Hint: "name a file in the JSON of OTLP"}
		}
		sides = append(sides, &traced{column: parity.Column{Environment: names[i]}, sources: []collector.Configured{c}})
	}
	slices.Reverse(sides)
	return sides[0], sides[1], nil
}
