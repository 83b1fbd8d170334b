package webapi

import (
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func silent() *log.Logger { return log.New(io.Discard, "", 0) }

// TestAsk holds what is asked and how it is handed over.
func TestAsk(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.PostForm.Encode())
	})
	c := client(t, Config{URL: s.URL + "/pre%2Ffix//"})
	text := func(into *string) func(io.Reader) error {
		return func(r io.Reader) error { b, err := io.ReadAll(r); *into = string(b); return err }
	}
	var get, bare, post, empty string
	for _, err := range []error{
		c.Get(t.Context(), "/q", url.Values{"b": {"x y", "ä"}, "a": {"{}"}}, text(&get)),
		c.Get(t.Context(), "/q", nil, text(&bare)),
		c.Post(t.Context(), "/q", url.Values{"a": {"{}"}}, text(&post)),
		c.Post(t.Context(), "/q", nil, text(&empty)),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	want := []string{
		"GET /pre%2Ffix/q?a=%7B%7D&b=x+y&b=%C3%A4  ", "GET /pre%2Ffix/q  ",
		"POST /pre%2Ffix/q application/x-www-form-urlencoded a=%7B%7D", "POST /pre%2Ffix/q application/x-www-form-urlencoded ",
	}
	if got := []string{get, bare, post, empty}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if c.Requests() != 4 {
		t.Errorf("%d requests", c.Requests())
	}
}

func TestNames(t *testing.T) {
	c := client(t, Config{URL: "https://h.example:9/p/"})
	if c.Host() != "h.example:9" || c.Base() != "https://h.example:9/p" {
		t.Errorf("%s at %s", c.Host(), c.Base())
	}
	if got := c.Link("/graph", url.Values{"g0.expr": {"up == 0"}}); got != "https://h.example:9/p/graph?g0.expr=up+%3D%3D+0" {
		t.Error(got)
	}
	c = client(t, Config{URL: "https://h", Link: "https://people/x/"})
	if got := c.Link("/graph", nil); got != "https://people/x/graph" {
		t.Error(got)
	}
}

// TestAgain holds after which answers one asks again, and how often.
func TestAgain(t *testing.T) {
	for name, c := range map[string]struct {
		status, times int // answered with the status so many times
		after         string
		asked         int
		fails         bool
		least         time.Duration
	}{
		"busy":            {429, 2, "", 3, false, 3 * firstWait},
		"busy, says when": {429, 1, "1", 2, false, time.Second},
		"says now":        {429, 1, "0", 2, false, firstWait},
		"away":            {503, 1, "", 2, false, firstWait},
		"behind":          {502, 1, "", 2, false, firstWait},
		"always":          {503, 9, "", attempts, true, 7 * firstWait},
		"too long":        {429, 1, "3600", 1, true, 0},
		"broken":          {500, 1, "1", 1, true, 0},
		"late":            {504, 1, "1", 1, true, 0},
		"denied":          {401, 1, "1", 1, true, 0},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int32
				s := server(t, func(w http.ResponseWriter, r *http.Request) {
					if r.FormValue("q") != "x" || r.Header.Get("Authorization") != "Bearer "+secret {
						t.Errorf("another question: %s %v", r.URL, r.Form)
					}
					if int(asked.Add(1)) > c.times {
						_, _ = io.WriteString(w, "{}")
						return
					}
					if c.after != "" {
						w.Header().Set("Retry-After", c.after)
					}
					w.WriteHeader(c.status)
				})
				client := client(t, Config{URL: s.URL})
				ask := client.Get
				if method == http.MethodPost {
					ask = client.Post
				}
				began := time.Now()
				err := ask(t.Context(), "/", url.Values{"q": {"x"}}, object)
				took := time.Since(began)
				if c.fails {
					if f := failure(t, err); f.Status != c.status {
						t.Errorf("%+v", f)
					}
				} else if err != nil {
					t.Error(err)
				}
				if int(asked.Load()) != c.asked || client.Requests() != c.asked || took < c.least || took > c.least+3*time.Second {
					t.Errorf("asked %d times in %s", asked.Load(), took)
				}
			})
		}
	}
}

// TestBusy holds that patience is spent once on a server that stays busy, and
// again when it has answered.
func TestBusy(t *testing.T) {
	var asked atomic.Int32
	var idle atomic.Bool
	s := server(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if !idle.Load() {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = io.WriteString(w, "{}")
	})
	c := client(t, Config{URL: s.URL})
	for i, want := range []int32{attempts, 1, 1, 1, attempts} {
		idle.Store(i == 3)
		before := asked.Load()
		err := c.Get(t.Context(), "/", nil, object)
		if got := asked.Load() - before; got != want || (err == nil) != idle.Load() {
			t.Errorf("question %d was asked %d times, want %d: %v", i, got, want, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	const now = "Mon, 02 Jan 2026 15:04:05 GMT"
	for text, want := range map[string]time.Duration{
		"": 0, "2": 2 * time.Second, "0.5": 500 * time.Millisecond, "-3": 0, "soon": 0, "10": 10 * time.Second, "11": -1, "99999999999999999999": -1, "Inf": -1, "-Inf": 0,
		"Mon, 02 Jan 2026 15:04:08 GMT": 3 * time.Second, "Mon, 02 Jan 2026 15:04:01 GMT": 0, "Mon, 02 Jan 2026 16:04:05 GMT": -1,
	} {
		answer := &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {text}, "Date": {now}}}
		if got := retryAfter(answer); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	if got := retryAfter(&http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {now}}}); got != 0 {
		t.Errorf("a time without the server's own: %s", got)
	}
}

// TestRedirects holds that nothing secret goes to another host, and that a loop
// ends.
func TestRedirects(t *testing.T) {
	var strangers atomic.Int32
	other := server(t, func(http.ResponseWriter, *http.Request) { strangers.Add(1) })
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/elsewhere":
			http.Redirect(w, r, other.URL+"/x", http.StatusFound)
		case "/again":
			http.Redirect(w, r, "/again", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
		case "/new":
			if r.Header.Get("Authorization") != "Bearer "+secret || r.Header.Get("X-Key") != secret || r.FormValue("q") != "x" && r.Method == http.MethodPost {
				t.Errorf("it has lost something on the way: %v %v", r.Header, r.Form)
			}
			_, _ = io.WriteString(w, "{}")
		}
	})
	c := client(t, Config{URL: s.URL})
	for _, path := range []string{"/elsewhere", "/again"} {
		if f := failure(t, c.Get(t.Context(), path, nil, object)); f.Status != http.StatusFound || !strings.Contains(f.What, "points elsewhere") || strings.Contains(f.What, strings.TrimPrefix(other.URL, "http://")) {
			t.Errorf("%s: %+v", path, f)
		}
	}
	if strangers.Load() > 0 {
		t.Error("another host was asked")
	}
	if err := c.Get(t.Context(), "/moved", nil, object); err != nil {
		t.Error(err)
	}
	if err := c.Post(t.Context(), "/moved", url.Values{"q": {"x"}}, object); err != nil {
		t.Error(err)
	}
	for to, want := range map[string]bool{"https://h/y": true, "http://h/y": false, "https://h.other/y": false, "https://h:444/y": false} {
		at, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		via := []*http.Request{{URL: &url.URL{Scheme: "https", Host: "h", Path: "/x"}}}
		if err := follow(&http.Request{URL: at}, via); (err == nil) != want {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// TestStale holds that a question is asked again where the server has just
// closed the connection that was kept from the one before.
func TestStale(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{} // requests by connection
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.RemoteAddr]++
		stale := seen[r.RemoteAddr] > 1
		mu.Unlock()
		if r.Header["Idempotency-Key"] != nil {
			t.Error("the mark of a repeatable question is sent")
		}
		if stale {
			_ = hijack(w).Close()
			return
		}
		_, _ = io.WriteString(w, "{}")
	})
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		c := client(t, Config{URL: s.URL})
		ask := c.Get
		if method == http.MethodPost {
			ask = c.Post
		}
		for range 2 {
			if err := ask(t.Context(), "/", url.Values{"q": {"x"}}, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }); err != nil {
				t.Errorf("%s: %v", method, err)
			}
		}
	}
	if twice := slices.Collect(maps.Values(seen)); !slices.Contains(twice, 2) {
		t.Errorf("no connection was kept: %v", twice)
	}
}

// TestKept holds that failures do not cost a connection each.
func TestKept(t *testing.T) {
	var mu sync.Mutex
	opened := map[string]bool{}
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		opened[r.RemoteAddr] = true
		mu.Unlock()
		if r.URL.Path == "/gone" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, "{}")
	})
	c := client(t, Config{URL: s.URL})
	for i := range 20 {
		path := "/gone"
		if i%2 == 0 {
			path = "/"
		}
		_ = c.Get(t.Context(), path, nil, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err })
	}
	mu.Lock()
	defer mu.Unlock()
	if len(opened) != 1 {
		t.Errorf("%d connections", len(opened))
	}
}

// TestAtOnce holds that many may ask at the same time.
func TestAtOnce(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "{%q:1}", r.FormValue("i")) })
	c := client(t, Config{URL: s.URL})
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			got := ""
			err := c.Get(t.Context(), "/", url.Values{"i": {fmt.Sprint(i)}}, func(r io.Reader) error { b, err := io.ReadAll(r); got = string(b); return err })
			if want := fmt.Sprintf(`{"%d":1}`, i); err != nil || got != want {
				t.Errorf("%s, want %s; %v", got, want, err)
			}
		})
	}
	wait.Wait()
	if c.Requests() != 40 {
		t.Errorf("%d requests", c.Requests())
	}
	c.Close()
	c.Close()
}
