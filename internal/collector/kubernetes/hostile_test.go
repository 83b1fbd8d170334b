package kubernetes

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

// hostile serves the discovery of a cluster with config maps, and lists as the
// test wants.
func hostile(list http.HandlerFunc) *http.ServeMux {
	mux := http.NewServeMux()
	answer := func(path string, body any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(body)
		})
	}
	type m = map[string]any
	answer("/version", m{"gitVersion": "v1.34.0", "major": "1", "minor": "34"})
	answer("/api", m{"kind": "APIVersions", "versions": []string{"v1"}})
	answer("/apis", m{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{}})
	answer("/api/v1", m{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{
		m{"name": "configmaps", "namespaced": true, "kind": "ConfigMap", "verbs": []string{"list"}},
	}})
	mux.HandleFunc("/api/v1/configmaps", list)
	return mux
}

// serve serves on an address of the loopback range.
func serve(t *testing.T, address string, secure bool, handler http.Handler) *httptest.Server {
	t.Helper()
	listener, err := net.Listen("tcp", address+":0")
	if err != nil {
		if runtime.GOOS == "linux" {
			t.Fatal(err)
		}
		t.Skipf("this system has no address %s: %v", address, err)
	}
	s := httptest.NewUnstartedServer(handler)
	s.Listener.Close()
	s.Listener = listener
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// of is a config with a token for a server.
func of(t *testing.T, s *httptest.Server) *Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: c,
contexts: [{name: c, context: {cluster: c, user: u}}],
clusters: [{name: c, cluster: {server: %q, insecure-skip-tls-verify: %v}}],
users: [{name: u, user: {token: hunter2}}]}`, s.URL, s.TLS != nil)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &Config{Kubeconfig: file, Timeout: 20, PageSize: 10}
}

// TestRedirectsCarryNoCredentials holds that a redirect to another server, or
// out of TLS, is a gap, and that nothing is sent there.
func TestRedirectsCarryNoCredentials(t *testing.T) {
	for name, test := range map[string]struct {
		address  string
		from, to bool // TLS
	}{
		"another host":          {"127.0.0.2", false, false},
		"another host with TLS": {"127.0.0.2", true, true},
		"another port":          {"127.0.0.1", true, true},
		"out of TLS":            {"127.0.0.1", true, false},
	} {
		for _, path := range []string{"/version", "/api/v1/configmaps"} {
			t.Run(name+" "+path, func(t *testing.T) {
				var asked, told atomic.Int64
				other := serve(t, test.address, test.to, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					asked.Add(1)
					if r.Header.Get("Authorization") != "" {
						told.Add(1)
					}
				}))
				mux := hostile(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"items": []}`)) })
				first := serve(t, "127.0.0.1", test.from, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == path {
						http.Redirect(w, r, other.URL+path, http.StatusFound)
						return
					}
					mux.ServeHTTP(w, r)
				}))
				snap := read(t, of(t, first))
				if told.Load() > 0 || asked.Load() > 0 {
					t.Errorf("the other server was asked %d times, %d times with the token", asked.Load(), told.Load())
				}
				if len(snap.Gaps) != 1 || !strings.Contains(snap.Gaps[0].Reason, "redirects to another address") {
					t.Errorf("the gaps are %+v", snap.Gaps)
				}
			})
		}
	}
}

func TestRedirectsWithinAServerAreFollowed(t *testing.T) {
	mux := hostile(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	mux.HandleFunc("/elsewhere", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"kind": "ConfigMapList", "apiVersion": "v1", "items": [{"metadata": {"name": "a", "namespace": "n"}, "data": {"k": "v"}}]}`))
	})
	if snap := readWell(t, of(t, serve(t, "127.0.0.1", true, mux))); find(snap, "ConfigMap", "n/a") == nil {
		t.Error("the list was not read")
	}
}

// TestPagesEnd holds that a server that always has a next page is a gap.
func TestPagesEnd(t *testing.T) {
	for name, items := range map[string]string{
		"empty pages": "",
		"full pages":  `{"metadata": {"name": "c%[1]d", "namespace": "n"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			s := serve(t, "127.0.0.1", false, hostile(func(w http.ResponseWriter, _ *http.Request) {
				n := asked.Add(1)
				item := items
				if item != "" {
					item = fmt.Sprintf(item, n)
				}
				fmt.Fprintf(w, `{"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"continue": "%d"}, "items": [%s]}`, n, item)
			}))
			for _, bounds := range []pageBounds{{list: 120, all: 1000}, {list: 1000, all: 120}} {
				asked.Store(0)
				got, want := &kept{}, "a list has more than 10000 pages"
				if items != "" && bounds.all < bounds.list {
					want = "the lists have more than 100000 pages"
				}
				session := begun(t, of(t, s), got)
				session.bounds = bounds
				if err := session.lists(t.Context()); err != nil {
					t.Error(err)
				}
				session.finish()
				if len(got.gaps) == 0 || got.gaps[0].Kind != "ConfigMap" || !strings.Contains(got.gaps[0].Reason, want) || got.gaps[0].Hint == "" {
					t.Errorf("the gaps are %+v", got.gaps)
				}
				if n := asked.Load(); n > 120 || items == "" && n > maxEmptyPages+1 {
					t.Errorf("%d pages were asked for", n)
				}
				if items != "" && len(got.subjects) < 120 {
					t.Errorf("%d subjects of 120 pages", len(got.subjects))
				}
				session.pagesAsked.Store(0)
				if err := session.versions(t.Context()); err == nil {
					t.Error("a list without an end has a fingerprint")
				}
			}
		})
	}
}

// TestObjectsHeldAreBounded holds that a cluster is read no further than its
// column may hold, since its objects are held until all are there.
func TestObjectsHeldAreBounded(t *testing.T) {
	for bound, limits := range map[string]collector.Limits{
		"more than 20 facts":       {Facts: 20},
		"more than 1 MiB of facts": {Memory: 1 << 20},
	} {
		var asked atomic.Int64
		text := strings.Repeat("v", 100_000)
		s := serve(t, "127.0.0.1", false, hostile(func(w http.ResponseWriter, _ *http.Request) {
			n := asked.Add(1)
			next := ""
			if n < 1000 {
				next = fmt.Sprint(n)
			}
			fmt.Fprintf(w, `{"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"continue": %q}, "items": [{"metadata": {"name": "c%d", "namespace": "n"}, "data": {"k": %q}}]}`, next, n, text)
		}))
		snap := readWithin(t, of(t, s), limits)
		if len(snap.Gaps) != 1 || !strings.Contains(snap.Gaps[0].Reason, bound) || !strings.Contains(snap.Gaps[0].Hint, "limits.") {
			t.Errorf("%s: the gaps are %+v", bound, snap.Gaps)
		}
		if n := asked.Load(); n > 30 || len(snap.Subjects) == 0 {
			t.Errorf("%s: %d pages were asked for, and %d subjects kept", bound, n, len(snap.Subjects))
		}
	}
}

func TestObjectsOfAListEnd(t *testing.T) {
	p := pageCount{objects: maxObjects}
	if err := p.object(); err == nil || gapOf(err, "").Hint == "" {
		t.Errorf("%v", err)
	}
}

// TestEndlessAnswers holds that no answer is read whole that has no end.
func TestEndlessAnswers(t *testing.T) {
	endless := func(begin string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(begin))
			text := []byte(strings.Repeat("x", 1<<20))
			for r.Context().Err() == nil {
				if _, err := w.Write(text); err != nil {
					return
				}
			}
		}
	}
	refusal := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		endless(`{"kind": "Status", "message": "`)(w, r)
	}
	list := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"items": []}`)) }
	for name, test := range map[string]struct {
		path   string
		answer http.HandlerFunc
		want   string
	}{
		"version":       {"/version", endless(`{"gitVersion": "`), "larger than 64 MiB"},
		"kinds":         {"/api/v1", endless(`{"kind": "`), "larger than 64 MiB"},
		"list":          {"/api/v1/configmaps", endless(`{"kind": "`), "an object is larger than is read"},
		"object":        {"/api/v1/configmaps", endless(`{"items": [{"metadata": {"name": "`), "an object is larger than is read"},
		"refusal":       {"/version", refusal, "may not list these"},
		"refusal, list": {"/api/v1/configmaps", refusal, "may not list these"},
	} {
		t.Run(name, func(t *testing.T) {
			mux := hostile(list)
			s := serve(t, "127.0.0.1", false, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == test.path {
					test.answer(w, r)
					return
				}
				mux.ServeHTTP(w, r)
			}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			snap := read(t, of(t, s))
			runtime.ReadMemStats(&after)
			if len(snap.Gaps) != 1 || !strings.Contains(snap.Gaps[0].Reason, test.want) {
				t.Errorf("the gaps are %+v", snap.Gaps)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 700<<20 {
				t.Errorf("%d MiB were allocated", took>>20)
			}
		})
	}
}

// TestFaultInAList holds that a panic while lists are read is an error, so that
// the source is a gap, and that what was read is handed over.
func TestFaultInAList(t *testing.T) {
	s := serve(t, "127.0.0.1", false, hostile(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"kind": "ConfigMapList", "apiVersion": "v1", "items": [{"metadata": {"name": "a", "namespace": "n"}, "data": {"k": "v"}}]}`))
	}))
	got := &kept{}
	session := begun(t, of(t, s), got)
	session.prints = nil // what is asked of it panics
	if err := session.lists(t.Context()); parity.CodeOf(err) != parity.CodeInternal || err == nil {
		t.Errorf("the error is %v", err)
	}
}

// begun is a session whose lists have not been read.
func begun(t *testing.T, cfg *Config, out collector.Sink) *session {
	t.Helper()
	c, err := connect(input(t), *cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	found, err := c.discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(c, out, found)
	s.settle()
	return s
}

// kept is a sink that keeps what it is given.
type kept struct {
	subjects []parity.Subject
	gaps     []parity.Gap
}

func (k *kept) Subject(s parity.Subject, _ []parity.Fact) { k.subjects = append(k.subjects, s) }
func (k *kept) Gap(g parity.Gap)                          { k.gaps = append(k.gaps, g) }
func (*kept) Tool(string, string)                         {}
