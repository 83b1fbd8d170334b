package collector_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

// trackedSource yields a fact, and a gap if there is one, under a fingerprint.
func trackedSource(fingerprint string, reads *int, gaps ...parity.Gap) collector.Configured {
	c := collector.NewTracked(collector.Manifest{Name: "tracked"},
		func(_ context.Context, _ collector.Input, _ struct{}, out collector.Sink) error {
			*reads++
			out.Subject(parity.Subject{Key: parity.Key{Kind: "section", Name: "a"}}, []parity.Fact{fact("/b", "c")})
			for _, g := range gaps {
				out.Gap(g)
			}
			out.Tool("tracked", "v1")
			if track, ok := out.(collector.Tracker); ok {
				track.Fingerprint(fingerprint)
			}
			return nil
		},
		func(context.Context, collector.Input, struct{}) (string, error) { return fingerprint, nil })
	return collector.Configured{Collector: c, Config: c.NewConfig(), Name: "tracked"}
}

func TestKnownPartIsNotReadAgain(t *testing.T) {
	reads, kept := 0, map[string]*parity.Snapshot{}
	source := trackedSource("one", &reads)
	other := made("other", yields("z", fact("/y", "x")))
	in := input(source, other)
	in.Keep = func(i int, fingerprint string, part *parity.Snapshot) {
		if i != 0 {
			t.Errorf("source %d is kept, which has no fingerprint", i)
		}
		kept[fingerprint] = part
	}
	first, err := collector.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	now, err := collector.Fingerprint(t.Context(), in, source)
	if err != nil || kept[now] == nil || len(kept) != 1 {
		t.Fatalf("kept under %v, want the fingerprint %q (%v)", slices.Collect(maps.Keys(kept)), now, err)
	}
	in.Sources[0].Known = kept[now]
	in.Keep = func(int, string, *parity.Snapshot) { t.Error("a known part is kept again") }
	again, err := collector.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if reads != 1 {
		t.Errorf("the source was read %d times, want once", reads)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the snapshot with a known part is another (-read +known):\n%s", diff)
	}
}

func TestPartWithAGapIsNotKept(t *testing.T) {
	reads := 0
	in := input(trackedSource("one", &reads, parity.Gap{Reason: "a part could not be read"}))
	in.Keep = func(int, string, *parity.Snapshot) { t.Error("a part with a gap is kept") }
	if _, err := collector.Run(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}
