package traces

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/spans"
)

func read(t *testing.T, cfg Config, now time.Time, want spans.Wanted) (found int, notes []string, err error) {
	t.Helper()
	in := collector.Input{Root: place.Dir(t.TempDir()), Log: slog.New(slog.DiscardHandler), Now: now, Lookup: func(string) (string, bool) { return "", false }}
	notes, err = cfg.ReadTraces(t.Context(), in, want, func(tr *spans.Trace) {
		if len(tr.Spans) != 4 {
			t.Errorf("a trace has %d spans", len(tr.Spans))
		}
		found++
	})
	return found, notes, err
}

func TestReadTraces(t *testing.T) {
	j, now := started(t, shop{}, 600)
	for _, api := range []string{apiJaeger, apiJaegerV3} {
		cfg := source(j.URL.String())
		cfg.API = api
		for _, c := range []struct {
			want spans.Wanted
			n    int
		}{
			{spans.Wanted{Endpoint: "POST /checkout"}, 180},
			{spans.Wanted{Endpoint: "server POST /checkout", Service: "shop"}, 180},
			{spans.Wanted{Endpoint: "GET /stock/{sku}", Service: "stock"}, 600}, // its operations have other names
			{spans.Wanted{Endpoint: "POST /checkout", Service: "stock"}, 0},
		} {
			n, notes, err := read(t, cfg, now, c.want)
			if err != nil || n != c.n || len(notes) > 0 {
				t.Errorf("%s %+v: %d traces, want %d: %v, %v", api, c.want, n, c.n, notes, err)
			}
		}
	}
	p := component.Proxy(t, j.URL, nil)
	p.Inject("^GET /api/traces", component.ServerError())
	_, _, err := read(t, source(p.URL), now, spans.Wanted{Endpoint: "POST /checkout"})
	if parity.CodeOf(err) != parity.CodeUnavailable || !strings.Contains(err.Error(), "failed (500)") {
		t.Errorf("a server that fails: %v", err)
	}
}

func TestReadTracesOfTempo(t *testing.T) {
	url, asked := tempoByHand(t, 40, false, true)
	cfg := source(url)
	cfg.API = apiTempo
	n := 0
	in := collector.Input{Root: place.Dir(t.TempDir()), Now: time.Now()}
	notes, err := cfg.ReadTraces(t.Context(), in, spans.Wanted{Endpoint: "GET /cart/{id}", Service: `cart "v2"`}, func(*spans.Trace) { n++ })
	if err != nil || n == 0 || len(notes) != 1 {
		t.Errorf("%d traces, %v, %v", n, notes, err)
	}
	if (*asked)[0] != `/api/search { resource.service.name = "cart \"v2\"" && name = "GET /cart/{id}" }` {
		t.Errorf("asked %q", (*asked)[0])
	}
}
