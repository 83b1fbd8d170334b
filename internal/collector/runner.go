package collector

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/render"
	"github.com/envparity/parity/internal/trust"
)

// Configured is a source: a collector with its config.
type Configured struct {
	Collector Collector
	// Config is what the collector's NewConfig returned, filled.
	Config any
	// Name names the source in gaps: "staging: kubernetes-manifests overlays/staging".
	Name string
	// Known is what the source yielded before, where it is known to be still
	// so; it is not read then.
	Known *parity.Snapshot
}

// RunInput is what Run needs.
type RunInput struct {
	Column   parity.Column
	Sources  []Configured
	Root     place.Root
	Redactor *redact.Redactor
	// Namespace is that of namespaced objects that have none; usually empty.
	Namespace string
	// Kubernetes is the minor version whose defaults apply; empty is the
	// newest known.
	Kubernetes string
	// Mirrors maps the prefix of an image mirror to the prefix that it
	// mirrors, whatever format names the image.
	Mirrors map[string]string
	// Lookup reads a variable of the process's environment; nil has none.
	Lookup func(name string) (string, bool)
	// Allow says which credential may be sent to which host; the zero value
	// allows none.
	Allow trust.Allowed
	// Log may be nil.
	Log *slog.Logger
	// Keep is given what a tracked source yielded, with the fingerprint by which
	// it will be known again; nil keeps nothing. It must not change the part,
	// whose facts are those of the snapshot.
	Keep func(source int, fingerprint string, part *parity.Snapshot)
	// Now becomes the snapshot's time.
	Now time.Time
	// Naming says what telemetry calls services, endpoints and what is called.
	Naming naming.Config
	// Concurrency is how many sources are read at once; 0 is as many as there
	// are processors.
	Concurrency int
	// Limits bound what is read; what is zero in it is that of DefaultLimits.
	Limits Limits
	// Renderer runs templates within bounds; nil is in this process.
	Renderer render.Renderer
	// Charts gets charts that are not in the repository; nil gets none.
	Charts Charts
	// Begin is told the name of a source that is about to be read, and what it
	// returns is told how long that took; nil is told nothing. Several sources
	// are read at once.
	Begin func(source string) (end func(took time.Duration))
}

// Run reads all sources of a column into a snapshot: first those that stand
// for themselves, then those that read what the others name.
//
// A source that fails, or whose collector panics, is a gap over everything of
// that source; what it had yielded before stays. So is a source with more facts
// than the column may hold. An error is only returned
// where nothing can be said: the context is done, or the input is unusable.
// When the context is done Run waits a moment for the collectors to end; one that
// does not listen to it ends later, unheard.
func Run(ctx context.Context, in RunInput) (*parity.Snapshot, error) {
	if in.Redactor == nil {
		return nil, &parity.Error{Code: parity.CodeInternal, What: "sources cannot be read without a redactor"}
	}
	in = in.filled()
	sinks := make([]*sink, len(in.Sources))
	held := &budget{limits: in.Limits}
	first, later := phases(in.Sources)
	if err := collectAll(ctx, in, first, nil, held, sinks); err != nil {
		return nil, err
	}
	if len(later) > 0 {
		if err := collectAll(ctx, in, later, named(sinks), held, sinks); err != nil {
			return nil, err
		}
	}
	for i, s := range sinks {
		in.keep(i, s)
	}
	liftDigests(sinks)
	return merge(in, sinks), nil
}

// filled gives the input with the defaults in place of what is left out.
func (in RunInput) filled() RunInput {
	if in.Log == nil {
		in.Log = slog.New(slog.DiscardHandler)
	}
	in.Limits = in.Limits.orDefault()
	if in.Concurrency <= 0 {
		in.Concurrency = runtime.GOMAXPROCS(0)
	}
	if in.Lookup == nil {
		in.Lookup = func(string) (string, bool) { return "", false }
	}
	if in.Begin == nil {
		in.Begin = func(string) func(time.Duration) { return func(time.Duration) {} }
	}
	return in
}

// phases parts the sources that read what others name from those others, by
// number.
func phases(all []Configured) (first, later []int) {
	for i, s := range all {
		if s.Collector.AfterOthers {
			later = append(later, i)
		} else {
			first = append(first, i)
		}
	}
	return first, later
}

// collectAll runs some of the sources, each with a sink of its own, which it
// puts among the sinks of all.
func collectAll(ctx context.Context, in RunInput, which []int, images []NamedImage, held *budget, sinks []*sink) error {
	var unread []int
	for _, i := range which {
		source := in.Sources[i]
		sinks[i] = newSink(in, source, held)
		if source.Known != nil {
			in.Begin(source.Name)(0)
			sinks[i].known(source.Known)
			continue
		}
		unread = append(unread, i)
	}
	done := parallel.Start(func() error {
		return parallel.ForEach(ctx, in.Concurrency, unread, func(ctx context.Context, _, i int) error {
			collectOne(ctx, in, in.Sources[i], images, sinks[i])
			return nil
		})
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	late := time.NewTimer(maxEnding)
	defer late.Stop()
	select {
	case <-done: //nolint:errcheck // the context's error is the cause
	case <-late.C:
	}
	return context.Cause(ctx)
}

// maxEnding is how long a source may take to end what it has started, such as
// processes, once it is told to.
const maxEnding = 2 * time.Second

// collectOne runs one source and turns its failure into a gap.
func collectOne(ctx context.Context, in RunInput, source Configured, images []NamedImage, out *sink) {
	begin, end := time.Now(), in.Begin(source.Name)
	defer func() { end(time.Since(begin)) }()
	within, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	out.stop = stop
	given := in.inputOf(source)
	given.Images = images
	err := parallel.Do(func() error { return source.Collector.Collect(within, given, source.Config, out) })
	if ctx.Err() == nil {
		out.failed(err)
	}
	in.Log.Debug("source read", "source", source.Name, "collector", source.Collector.Name, "subjects", len(out.subjects),
		"gaps", len(out.gaps), "took", time.Since(begin))
}

// gapOf makes a gap over a whole source of the error that ended it.
func gapOf(err error) parity.Gap {
	g := parity.Gap{Reason: err.Error(), Hint: parity.HintOf(err)}
	var e *parity.Error
	if errors.As(err, &e) {
		g.Where = e.Where
	}
	if direct, ok := err.(*parity.Error); ok { //nolint:errorlint // only the outermost error's place can be taken out of its text
		bare := *direct
		bare.Where = ""
		g.Reason = bare.Error()
	}
	return g
}
