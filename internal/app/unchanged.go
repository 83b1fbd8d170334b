package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

// ask asks every tracked source of a column whether it is as it was when it was
// kept.
func (a *App) ask(ctx context.Context, p *planned, root place.Root, r *redact.Redactor) {
	if p.cache == nil || p.prints != nil || p.loaded != nil {
		return
	}
	p.prints = make([]string, len(p.sources))
	in := a.runInput(p, root, r)
	// What cannot be asked for, whatever the reason, is read.
	_ = parallel.ForEach(ctx, len(p.sources), p.sources, func(ctx context.Context, i int, _ collector.Configured) error {
		s := &p.sources[i]
		before := ""
		if s.Tracked() {
			before = p.cache.fingerprint(p, s)
		}
		if before == "" {
			return nil
		}
		text, err := collector.Fingerprint(ctx, in, *s)
		if err == nil && text == before {
			p.prints[i] = text
		}
		return nil
	})
}

// recall takes the parts of sources that are as they were from the cache.
func (p *planned) recall() []collector.Configured {
	sources := slices.Clone(p.sources)
	for i := range sources {
		if p.prints[i] == "" {
			continue
		}
		if sources[i].Known = p.cache.part(p, &p.sources[i], p.prints[i]); sources[i].Known == nil {
			p.prints[i] = ""
		}
	}
	return sources
}

// identity tells what a column holds without reading it; ok is false where that
// is not known.
func (p *planned) identity() (id []string, ok bool) {
	if p.loaded != nil {
		return []string{p.column.String(), p.loaded.Digest, p.loaded.KeyID, p.loaded.Time.String(), nameOf(p.loaded.Tools, p.loaded.Gaps)}, true
	}
	id = []string{p.column.String(), string(p.column.Role)}
	for i := range p.sources {
		if i >= len(p.prints) || p.prints[i] == "" {
			return nil, false
		}
		id = append(id, p.cache.source(p, &p.sources[i]), p.prints[i])
	}
	return id, len(p.sources) > 0
}

// resultName names a result by all that it follows from; empty where one of the
// columns may have changed. Ages and exceptions make an hour part of it.
func (a *App) resultName(p *plan, req Request) string {
	if len(req.Paths) > 0 || req.WriteBaseline != "" || len(req.History) > 0 {
		return ""
	}
	parts := []any{"result", a.Version, a.Now.UTC().Truncate(time.Hour), req.FailOn, req.All, req.Learn, req.EveryBinding, req.Only}
	var columns [][]string
	for _, c := range slices.Concat(p.columns, p.passedOver) {
		id, ok := c.identity()
		if !ok {
			return ""
		}
		columns = append(columns, id)
	}
	slices.SortFunc(columns, slices.Compare) // the choice of the reference changes their order
	parts = append(parts, columns)
	text, err := a.readConfig()
	if err != nil {
		return ""
	}
	parts = append(parts, text)
	if req.Baseline != "" {
		known, err := a.readGiven(req.Baseline, maxBaseline)
		if err != nil {
			return ""
		}
		parts = append(parts, known)
	}
	return nameOf(parts...)
}

// again gives the result of an earlier run where nothing has changed since.
func (a *App) again(ctx context.Context, s *session, req Request, root place.Root, r *redact.Redactor) (*parity.Result, bool) {
	if s.cache == nil {
		return nil, false
	}
	a.Progress("asking what has changed")
	err := parallel.ForEach(ctx, len(s.plan.columns), s.plan.columns, func(ctx context.Context, i int, _ planned) error {
		a.ask(ctx, &s.plan.columns[i], root, r)
		return nil
	})
	if err != nil {
		return nil, false
	}
	data, ok := s.cache.read("results", a.resultName(s.plan, req))
	if !ok {
		return nil, false
	}
	result := &parity.Result{}
	if err := json.Unmarshal(data, result); err != nil || result.Version != parity.ResultVersion {
		return nil, false
	}
	result.Time = a.Now
	return result, true
}

// remember keeps a result for the next time.
func (a *App) remember(s *session, req Request, result *parity.Result) {
	if s.cache == nil {
		return
	}
	name := a.resultName(s.plan, req)
	if name == "" {
		return
	}
	if data, err := json.Marshal(result); err == nil {
		s.cache.write("results", name, data)
	}
}
