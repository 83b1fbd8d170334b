package app

import (
	"context"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/render"
)

// redactor makes the redactor of a run.
func (a *App) redactor(cfg *config.Config, project bool) (*redact.Redactor, error) {
	asked := cfg
	if !project {
		asked = nil
	}
	key, err := a.key(asked)
	if err != nil {
		return nil, err
	}
	return redact.New(key, cfg.Secrets.Names, cfg.Secrets.Public), nil
}

// gather reads every column of a plan, all at once. What cannot be read is a
// gap of its snapshot; an error is only what makes a comparison pointless.
func (a *App) gather(ctx context.Context, p *plan, root place.Root, r *redact.Redactor) ([]*parity.Snapshot, error) {
	snapshots := make([]*parity.Snapshot, len(p.columns))
	w := newReading(p, a.Progress)
	defer w.log(a.Log)
	err := parallel.ForEach(ctx, len(p.columns), p.columns, func(ctx context.Context, i int, _ planned) (err error) {
		snapshots[i], err = a.read(ctx, &p.columns[i], root, r, w.begin)
		return err
	})
	if err != nil {
		return nil, err
	}
	return snapshots, nil
}

// read reads one column, from its sources or from a snapshot's file.
func (a *App) read(ctx context.Context, p *planned, root place.Root, r *redact.Redactor, begin beginFunc) (*parity.Snapshot, error) {
	a.Progress("reading " + p.column.String())
	if p.loaded != nil {
		p.loaded.Column = p.column
		return p.loaded, nil
	}
	if p.root != nil {
		root = p.root
	}
	in := a.runInput(p, root, r)
	in.Begin = begin
	if p.cache != nil {
		a.ask(ctx, p, root, r)
		in.Sources = p.recall()
		in.Keep = func(source int, fingerprint string, part *parity.Snapshot) {
			p.cache.keep(p, &p.sources[source], fingerprint, part)
			p.prints[source] = fingerprint
		}
	}
	s, err := collector.Run(ctx, in)
	if err != nil {
		return nil, err
	}
	if len(p.gaps) > 0 {
		for _, g := range p.gaps {
			g.Source, g.Reason, g.Where, g.Hint = r.Text(g.Source), r.Text(g.Reason), r.Text(g.Where), r.Text(g.Hint)
			s.Gaps = append(s.Gaps, g)
		}
		s.Digest = s.ContentDigest()
	}
	if s.Facts() == 0 && len(s.Gaps) == 0 {
		s.Gaps = append(s.Gaps, parity.Gap{
			Source: p.column.String(), Reason: "nothing was found in it, so nothing can be said of it",
			Hint: "check the environment's sources",
		})
		s.Digest = s.ContentDigest()
	}
	return s, nil
}

// runInput is what reading a column's sources takes.
func (a *App) runInput(p *planned, root place.Root, r *redact.Redactor) collector.RunInput {
	return collector.RunInput{
		Column: p.column, Sources: p.sources, Root: root, Redactor: r, Log: a.Log, Now: a.Now, Lookup: a.Lookup, Allow: a.Allow,
		Kubernetes: p.rules.Kubernetes, Mirrors: p.rules.Mirrors, Naming: p.naming,
		Renderer: a.Renderer, Charts: a.Charts,
		Limits: limitsOf(p.limits),
	}
}

// limitsOf are the limits of parity.yaml as collectors have them.
func limitsOf(l config.Limits) collector.Limits {
	return collector.Limits{
		Facts: int64(l.Facts), Memory: int64(l.MemoryMiB) << 20,
		Render: render.Limits{
			Time:   time.Duration(l.Render.Seconds) * time.Second,
			Memory: int64(l.Render.MemoryMiB) << 20, Output: int64(l.Render.OutputMiB) << 20,
		},
	}
}
