package alerting

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/trust"
	"github.com/envparity/parity/internal/webapi"
)

// snapshot reads a source as a run of Parity does. files are the project's.
func snapshot(tb testing.TB, environment string, cfg Config, files map[string]string, allowed ...trust.Binding) *parity.Snapshot {
	tb.Helper()
	return snapshotIn(tb, tb.TempDir(), environment, cfg, files, allowed...)
}

// snapshotIn is snapshot with the files written into dir.
func snapshotIn(tb testing.TB, dir, environment string, cfg Config, files map[string]string, allowed ...trust.Binding) *parity.Snapshot {
	tb.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	root := place.Dir(dir)
	defer root.Close()
	snap, err := collector.Run(tb.Context(), collector.RunInput{
		Column:   parity.Column{Environment: environment, Role: cfg.Roles()[0], Reference: environment == "production"},
		Sources:  []collector.Configured{{Collector: New(), Config: &cfg, Name: environment + ": alerting"}},
		Root:     root,
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil),
		Log:      slog.New(slog.DiscardHandler), Lookup: os.LookupEnv, Now: time.Now(), Allow: trust.Allow(allowed...),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

// lines gives what was read as text. What a route has from above is marked, and
// what is so by default.
func lines(s *parity.Snapshot) []string {
	var all []string
	for i := range s.Subjects {
		sf := &s.Subjects[i]
		for j := range sf.Facts {
			f := &sf.Facts[j]
			line := sf.Subject.Key.String() + " " + f.Path
			if f.Value.Kind != parity.Set {
				line += " = " + f.Value.Canonical()
			}
			if f.DerivedFrom != nil {
				line += " from " + f.DerivedFrom.Subject.Name
			}
			if f.Rules.Has(parity.DefaultValue) {
				line += " (default)"
			}
			all = append(all, line)
		}
	}
	return all
}

func gapLines(s *parity.Snapshot) []string {
	var all []string
	for _, g := range s.Gaps {
		all = append(all, strings.TrimSpace(g.Kind+" "+g.Scope+"/"+g.Name+" "+g.Path+": "+g.Reason))
	}
	slices.Sort(all)
	return all
}

func running(url string) Config {
	return Config{Alertmanager: &webapi.Config{URL: url, Timeout: 1}}
}

// differences gives the cells that are no match; the first column is the
// reference.
func differences(tb testing.TB, reference, other *parity.Snapshot) []string {
	tb.Helper()
	var all []string
	_, err := compare.Run(tb.Context(), compare.Input{Snapshots: []*parity.Snapshot{reference, other}, Options: compare.Options{Kinds: collector.Registry{New()}.Kinds()}}, func(j *parity.Joined) error {
		for i := range j.Cells {
			if c := j.Cells[i].Class; j.Derived == nil && (c == parity.Missing || c == parity.Extra || c == parity.Changed || c == parity.Unknown || c == parity.Ambiguous) {
				all = append(all, c.String()+" "+j.Subject.Key.String()+" "+j.Path)
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}
