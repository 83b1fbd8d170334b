package oci

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
)

// TestTotalsAreBounded holds that one source makes so many requests and reads so
// much, however small each answer is.
func TestTotalsAreBounded(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
	}))
	defer s.Close()
	for which, set := range map[string]func(g *guard){
		"requests": func(g *guard) { g.requests.Store(sourceRequests - 5) },
		"bytes":    func(g *guard) { g.left.Store(5 * 1000) },
	} {
		g := newGuard(s.Client().Transport, nil)
		set(g)
		for i := range 8 {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := g.RoundTrip(request)
			if err == nil {
				_, err = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
			if (i >= 5) != errors.Is(err, errAll) {
				t.Errorf("%s: request %d: %v", which, i, err)
			}
			if err != nil {
				f := (&reader{}).failed(t.Context(), err, name.MustParseReference("registry.example.com/a:1"))
				if !strings.Contains(f.what, "all that one may take") || f.hint == "" {
					t.Errorf("%s: %+v", which, f)
				}
			}
		}
	}
}
