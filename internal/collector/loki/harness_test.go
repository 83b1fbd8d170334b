package loki

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/webapi"
)

// snapshot reads a server as a run of Parity does.
func snapshot(tb testing.TB, environment string, cfg Config, now time.Time) *parity.Snapshot {
	tb.Helper()
	snap, err := collector.Run(tb.Context(), collector.RunInput{
		Column:   parity.Column{Environment: environment, Role: parity.Observed, Reference: environment == "production"},
		Sources:  []collector.Configured{{Collector: New(), Config: &cfg, Name: environment + ": loki"}},
		Root:     place.Dir(tb.TempDir()),
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil),
		Log:      slog.New(slog.DiscardHandler), Lookup: os.LookupEnv, Now: now,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

// lines gives what was read as text, without the counts that never count.
func lines(s *parity.Snapshot) []string {
	var all []string
	for i := range s.Subjects {
		sf := &s.Subjects[i]
		for j := range sf.Facts {
			f := &sf.Facts[j]
			if f.Rules.Has(parity.Circumstances) {
				continue
			}
			text := sf.Subject.Name + " " + f.Path
			if f.Value.Kind != parity.Set {
				text += " = " + f.Value.Raw
			}
			if f.Rules.Has(parity.Rare) {
				text += " (rare)"
			}
			all = append(all, text)
		}
	}
	return all
}

// gapLines gives the gaps as text.
func gapLines(s *parity.Snapshot) []string {
	var all []string
	for _, g := range s.Gaps {
		all = append(all, fmt.Sprintf("%s %q %s: %s", g.Kind, g.Name, g.Path, g.Reason))
	}
	slices.Sort(all)
	return all
}

func at(url string, match ...string) Config {
	return Config{Config: webapi.Config{URL: url, Timeout: 10}, Match: match}
}

// spread makes lines spread evenly over an hour that ends at a time.
func spread(end time.Time, n int, text func(i int) string) []component.LogLine {
	var all []component.LogLine
	for i := range n {
		all = append(all, component.LogLine{Time: end.Add(-time.Hour + time.Hour*time.Duration(2*i+1)/time.Duration(2*n)), Text: text(i)})
	}
	return all
}

// logLine is a line of a service in JSON: in ten, two warnings, and one in a
// hundred an error with what only errors have.
func logLine(r *rand.Rand, without string) string {
	fields := map[string]string{
		"msg": `"order placed"`, "level": `"info"`, "trace_id": fmt.Sprintf(`"%016x"`, r.Uint64()), "http": fmt.Sprintf(`{"status":%d,"route":"/cart"}`, 200),
	}
	switch n := r.IntN(100); {
	case n == 0:
		fields["level"], fields["error"] = `"error"`, `"no stock"`
	case n < 20:
		fields["level"] = `"WARNING"`
	}
	if without == "level warn" && fields["level"] == `"WARNING"` {
		fields["level"] = `"info"`
	}
	delete(fields, without)
	var parts []string
	for name, v := range fields {
		parts = append(parts, fmt.Sprintf("%q:%s", name, v))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ",") + "}"
}

// difference is one cell of a comparison that is no match.
type difference struct{ class, subject, path string }

// differences compares two columns, of which the first is the reference.
func differences(tb testing.TB, reference, other *parity.Snapshot) []difference {
	tb.Helper()
	var all []difference
	_, err := compare.Run(tb.Context(), compare.Input{Snapshots: []*parity.Snapshot{reference, other}, Options: compare.Options{Kinds: collector.Registry{New()}.Kinds()}}, func(j *parity.Joined) error {
		for i := range j.Cells {
			if c := j.Cells[i].Class; c == parity.Missing || c == parity.Extra || c == parity.Changed || c == parity.Unknown || c == parity.Ambiguous {
				all = append(all, difference{c.String(), j.Subject.Key.Name, j.Path})
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}
