package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/sidebyside"
)

// cartTraces are requests for a cart, each of whose items is loaded by a call.
func cartTraces(n int, end time.Time, items func(i int) int, sampled float64) []component.Span {
	var all []component.Span
	for i := range n {
		at := end.Add(-time.Duration(i+1) * time.Second)
		add := func(id, parent int, kind component.SpanKind, name string, start, took time.Duration, attributes map[string]any) {
			s := component.Span{
				Trace: fmt.Sprintf("%032x", i+1), ID: fmt.Sprintf("%016x", i*100+id), Service: "cart", Kind: kind, Name: name,
				Start: at.Add(start), Took: took, Attributes: attributes,
			}
			if parent > 0 {
				s.Parent = fmt.Sprintf("%016x", i*100+parent)
			}
			all = append(all, s)
		}
		add(1, 0, component.ServerSide, "GET /cart/{id}", 0, 100*time.Millisecond, map[string]any{
			"http.request.method": "GET", "http.route": "/cart/{id}", "sampler.type": "probabilistic", "sampler.param": sampled,
		})
		for k := range items(i) {
			add(2+k, 1, component.ClientSide, "SELECT items", time.Duration(2+5*k)*time.Millisecond, 4*time.Millisecond, map[string]any{"db.system": "postgresql", "db.namespace": "shop"})
		}
	}
	return all
}

// TestTraces holds that an N+1 in one of two real servers is found, though one
// keeps a hundredth of its traces and the other all.
func TestTraces(t *testing.T) {
	now := time.Now().UTC()
	production, staging := component.Jaeger(t), component.Jaeger(t)
	production.Push(t, cartTraces(300, now, func(int) int { return 1 }, 0.01)...)
	staging.Push(t, cartTraces(200, now, func(i int) int { return 1 + i%9 }, 1)...)
	dir := t.TempDir()
	text := fmt.Sprintf(`version: 1
environments:
  - name: staging
    sources: [{collector: traces, url: %q, window: 1h}]
  - name: production
    reference: true
    sources: [{collector: traces, url: %q, window: 1h, api: jaeger-v3}]
`, staging.URL, production.URL)
	if err := os.WriteFile(filepath.Join(dir, ConfigName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a := New(Options{WorkDir: dir, Now: now, Lookup: func(string) (string, bool) { return "", false }})
	r, err := a.Traces(t.Context(), TracesRequest{Endpoint: "GET /cart/{id}"})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for i := range r.Paths {
		p := &r.Paths[i]
		if p.Path[len(p.Path)-1].Name == "SELECT items" {
			found = p.NPlusOne && p.Verdict == sidebyside.MoreOften && p.Other.Most == 9 && p.TimeTellable
		}
	}
	if !found || r.Other.Requests < 150 || r.Reference.Requests < 150 {
		t.Errorf("no N+1 among %d and %d requests: %+v", r.Reference.Requests, r.Other.Requests, r.Paths)
	}
	if r.Reference.Sampling["0.01 probabilistic"] == 0 || r.Other.Sampling["1 probabilistic"] == 0 {
		t.Errorf("sampling %v and %v", r.Reference.Sampling, r.Other.Sampling)
	}
	staging.Stop()
	if _, err := a.Traces(t.Context(), TracesRequest{Endpoint: "GET /cart/{id}"}); parity.CodeOf(err) != parity.CodeUnavailable || !strings.Contains(err.Error(), "refuses") {
		t.Errorf("a server that is down: %v", err)
	}
}
