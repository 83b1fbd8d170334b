package collector_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/parallel"
)

// badError is an error whose text cannot be asked for.
type badError struct{}

func (badError) Error() string { panic("hunter2") }

// TestFaultsAreGaps holds every place in which a source may panic to a gap of
// that source, with the stack in the log and the value nowhere.
func TestFaultsAreGaps(t *testing.T) {
	for name, do := range map[string]func(ctx context.Context) error{
		"in the collector": func(context.Context) error { panic("hunter2") },
		"in a goroutine of the collector": func(ctx context.Context) error {
			return parallel.ForEach(ctx, 2, []int{1, 2}, func(_ context.Context, _, n int) error {
				if n == 2 {
					panic("hunter2")
				}
				return nil
			})
		},
		"wrapped": func(context.Context) error {
			return fmt.Errorf("x: %w", parallel.Do(func() error { panic("hunter2") }))
		},
		"in what is said": func(context.Context) error { return badError{} },
	} {
		log := &strings.Builder{}
		in := input(
			made("good", yields("m", fact("/x", "1"))),
			made("bad", func(ctx context.Context, _ collector.Input, out collector.Sink) error {
				out.Subject(parity.Subject{Key: parity.Key{Kind: "k", Name: "half"}}, []parity.Fact{fact("/y", "1")})
				return do(ctx)
			}),
		)
		in.Log = slog.New(slog.NewTextHandler(log, nil))
		got, err := collector.Run(t.Context(), in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Facts() != 2 || len(got.Gaps) != 1 || got.Gaps[0].Source != "staging: bad" || got.Gaps[0].Kind != "" ||
			got.Gaps[0].Reason != "the collector bad failed through a fault of its own" {
			t.Errorf("%s: %d facts, gaps %+v", name, got.Facts(), got.Gaps)
		}
		if !strings.Contains(log.String(), "bounds_test.go") || strings.Contains(log.String(), "hunter2") {
			t.Errorf("%s: the log has no stack, or the value:\n%s", name, log)
		}
	}
}

func TestFaultOfAFingerprintIsAnError(t *testing.T) {
	c := collector.NewTracked(collector.Manifest{Name: "t"},
		func(context.Context, collector.Input, struct{}, collector.Sink) error { return nil },
		func(context.Context, collector.Input, struct{}) (string, error) { panic("hunter2") })
	_, err := collector.Fingerprint(t.Context(), input(), collector.Configured{Collector: c, Config: &struct{}{}})
	if parity.CodeOf(err) != parity.CodeInternal || err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
}

// many yields subjects of one fact each, until it is told to end, and says how
// many.
func many(name string, most int, value string, count *int) collector.Configured {
	return made(name, func(ctx context.Context, _ collector.Input, out collector.Sink) error {
		for i := range most {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			*count++
			out.Subject(parity.Subject{Key: parity.Key{Kind: "k", Name: fmt.Sprintf("%s-%d", name, i)}}, []parity.Fact{fact("/x", value)})
		}
		return nil
	})
}

func TestFactsOfAColumnAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		limits collector.Limits
		value  string
		bound  string
	}{
		"facts":  {collector.Limits{Facts: 10}, "v", "more than 10 facts"},
		"memory": {collector.Limits{Memory: 1 << 20}, strings.Repeat("v", 100_000), "more than 1 MiB of facts"},
	} {
		var little, much int
		in := input(many("first", 3, "v", &little), many("second", 1000, test.value, &much))
		in.Concurrency, in.Limits = 1, test.limits
		got, err := collector.Run(t.Context(), in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if facts := got.Facts(); facts < 4 || facts > 13 || much > 20 {
			t.Errorf("%s: %d facts are held, and %d were read", name, facts, much)
		}
		if len(got.Gaps) != 1 || got.Gaps[0].Source != "staging: second" || got.Gaps[0].Kind+got.Gaps[0].Name != "" ||
			!strings.Contains(got.Gaps[0].Reason, test.bound) || !strings.Contains(got.Gaps[0].Hint, "limits.") {
			t.Errorf("%s: the gaps are %+v", name, got.Gaps)
		}
	}
}

func TestKnownFactsAreBounded(t *testing.T) {
	var count int
	part, err := collector.Run(t.Context(), input(many("a", 20, "v", &count)))
	if err != nil {
		t.Fatal(err)
	}
	known := many("a", 20, "v", &count)
	known.Known = part
	in := input(known)
	in.Limits.Facts = 10
	got, err := collector.Run(t.Context(), in)
	if err != nil || got.Facts() != 10 || len(got.Gaps) != 1 {
		t.Errorf("%d facts, gaps %+v, %v", got.Facts(), got.Gaps, err)
	}
	if len(part.Subjects) != 20 || len(part.Gaps) != 0 {
		t.Error("the part that is kept was changed")
	}
}

func TestInterruptionIsNoGap(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := collector.Run(ctx, input(made("a", func(ctx context.Context, _ collector.Input, _ collector.Sink) error {
		cancel(cause)
		return ctx.Err()
	})))
	if !errors.Is(err, cause) {
		t.Error(err)
	}
}
