package collector

import (
	"context"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/parallel"
)

// Tracked reports whether the source can say cheaply if it has changed.
func (c Configured) Tracked() bool { return c.Collector.fingerprint != nil }

// Fingerprint asks a tracked source what it would be known by if it were read
// now. It is empty where only reading tells.
func Fingerprint(ctx context.Context, in RunInput, source Configured) (text string, err error) {
	if source.Collector.fingerprint == nil {
		return "", nil
	}
	err = parallel.Do(func() error {
		text, err = source.Collector.fingerprint(ctx, in.filled().inputOf(source), source.Config)
		return err
	})
	return text, err
}

// inputOf is what a collector is told when a source is read.
func (in RunInput) inputOf(source Configured) Input {
	return Input{
		Column: in.Column, Root: in.Root, Source: source.Name, Namespace: in.Namespace, Limits: in.Limits,
		Kubernetes: in.Kubernetes, Lookup: in.Lookup, Allow: in.Allow, Log: in.Log.With("source", source.Name),
		Now: in.Now, Naming: in.Naming, Renderer: in.Renderer, Charts: in.Charts,
	}
}

// known makes the sink of a source that is as it was.
func (s *sink) known(part *parity.Snapshot) {
	s.gaps, s.tools = slices.Clip(part.Gaps), part.Tools
	for i := range part.Subjects {
		if !s.holds(part.Subjects[i].Facts) {
			s.subjects = part.Subjects[:i:i]
			return
		}
	}
	s.subjects = part.Subjects
}

// keep hands what a source has yielded to whoever keeps it, if it will be known
// again. A part with a gap is not kept: the gap may be gone the next time.
func (in RunInput) keep(source int, s *sink) {
	if in.Keep == nil || s.print == "" || len(s.gaps) > 0 || in.Sources[source].Known != nil {
		return
	}
	in.Keep(source, s.print, merge(in, []*sink{s}))
}
