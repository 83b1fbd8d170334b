package traces

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

// snapshot reads one environment.
func snapshot(t *testing.T, name string, cfg Config, now time.Time) *parity.Snapshot {
	t.Helper()
	snap, err := collector.Run(t.Context(), collector.RunInput{
		Column:  parity.Column{Environment: name, Role: parity.Observed, Reference: name == "production"},
		Sources: []collector.Configured{{Collector: New(), Config: &cfg, Name: name}},
		Root:    place.Dir(t.TempDir()), Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil), Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// differences compares two environments, and gives the facts that are neither
// equal nor equivalent.
func differences(t *testing.T, production, staging *parity.Snapshot) []string {
	t.Helper()
	var found []string
	_, err := compare.Run(t.Context(), compare.Input{Snapshots: []*parity.Snapshot{production, staging}, Options: compare.Options{Kinds: collector.Registry{New()}.Kinds()}}, func(j *parity.Joined) error {
		for _, c := range j.Cells {
			if c.Class != parity.Equal && c.Class != parity.Equivalent {
				found = append(found, c.Class.String()+" "+j.Subject.Key.String()+" "+j.Path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestRemoved holds that what one environment lacks is found, each thing by
// itself, in real servers with samples of their own.
func TestRemoved(t *testing.T) {
	j, now := component.Jaeger(t), time.Now()
	j.Push(t, shop{}.traces(1500, now.Add(-59*time.Minute), now.Add(-time.Minute))...)
	cfg := source(j.URL.String())
	cfg.Behaviour = false
	production := snapshot(t, "production", cfg, now)
	for _, c := range []struct {
		name string
		shop shop
		n    int
		want []string
	}{
		{"nothing", shop{}, 1200, nil},
		{"an operation", shop{without: "shop price"}, 1200, []string{
			"missing operation shop/internal price ", "missing operation shop/internal price /attributes[=currency]",
		}},
		{"an attribute", shop{plain: "currency"}, 1200, []string{"missing operation shop/internal price /attributes[=currency]"}},
		{"a sample too small", shop{without: "shop price", plain: "http.route"}, 30, []string{
			// The list of operations is whole, however few spans there are.
			"missing operation shop/internal price ",
			"unknown operation shop/internal price /attributes[=currency]",
			"unknown operation shop/server GET /cart/{id} /attributes[=http.route]",
			"unknown operation shop/server POST /checkout /attributes[=http.route]",
			"unknown operation stock/server GET /stock/{id} /attributes[=http.route]",
		}},
	} {
		other := component.Jaeger(t)
		other.Push(t, c.shop.traces(c.n, now.Add(-59*time.Minute), now.Add(-time.Minute))...)
		cfg.URL = other.URL.String()
		got := differences(t, production, snapshot(t, "staging", cfg, now))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
		for _, d := range got {
			if strings.Contains(d, "hunter2") {
				t.Error("a secret came through")
			}
		}
		other.Stop()
	}
}
