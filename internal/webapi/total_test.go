package webapi

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestPatienceHasAnEnd holds that a server that asks for patience gets no more
// than the time that one request may take.
func TestPatienceHasAnEnd(t *testing.T) {
	for after, want := range map[string]int32{"1": 2, "2": 1} {
		var asked atomic.Int32
		s := server(t, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("Retry-After", after)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		c := client(t, Config{URL: s.URL, Timeout: 1})
		if f := failure(t, c.Get(t.Context(), "/", nil, object)); f.Status != http.StatusServiceUnavailable {
			t.Errorf("%+v", f)
		}
		if asked.Load() != want {
			t.Errorf("Retry-After %s within a second: asked %d times, want %d", after, asked.Load(), want)
		}
	}
}

// TestTotalsAreBounded holds that one client asks so often and reads so much,
// however small each answer is.
func TestTotalsAreBounded(t *testing.T) {
	for name, set := range map[string]func(c *Client){
		"5 requests": func(c *Client) { c.maxRequests = 5 },
		"of answers": func(c *Client) { c.left.Store(5 * 1000) },
	} {
		var asked atomic.Int32
		s := server(t, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			_, _ = io.WriteString(w, "{"+strings.Repeat(" ", 998)+"}")
		})
		c := client(t, Config{URL: s.URL})
		set(c)
		for i := range 8 {
			err := c.Get(t.Context(), "/", nil, object)
			if i < 5 && err != nil {
				t.Errorf("%s: question %d: %v", name, i, err)
			}
			if i >= 5 {
				if f := failure(t, err); !strings.Contains(f.What, name) || f.Hint == "" {
					t.Errorf("%s: %+v", name, f)
				}
			}
		}
		if name == "5 requests" && asked.Load() != 5 {
			t.Errorf("asked %d times", asked.Load())
		}
	}
}
