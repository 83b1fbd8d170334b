package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity/internal/component"
)

// many are more config maps than a page of ten holds, and a service.
func many(namespace string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n", namespace)
	for i := range 25 {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: config-%02d, namespace: %s}\ndata: {text: %q}\n", i, namespace, strings.Repeat("x", 200))
	}
	fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: %s}\nspec: {ports: [{port: 80}]}\n", namespace)
	return b.String()
}

// TestFaults holds that whatever happens to a list is a gap for its kind and
// namespace, with a clear reason, in time, and that all else is read.
func TestFaults(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply(many("faulty"))
	const lists = "GET /api/v1/namespaces/faulty/configmaps$"
	const of = "ConfigMap||faulty||: ConfigMap in namespace faulty: "
	for name, test := range map[string]struct {
		on    string
		fault component.Fault
		want  []string // gaps
		keeps int      // config maps that are read
	}{
		"hang":                   {lists, component.Hang(), []string{of + "the server did not answer in time"}, 0},
		"429 that ends":          {lists, component.TooManyRequests(time.Second).First(1), nil, 25},
		"429 that does not end":  {lists, component.TooManyRequests(time.Second), []string{of + "the server turned the request away: it has too many"}, 0},
		"429 for too long":       {lists, component.TooManyRequests(time.Hour), []string{of + "the server turned the request away: it has too many"}, 0},
		"500":                    {lists, component.ServerError(), []string{of + "the server failed"}, 0},
		"503":                    {lists, component.Status(503, "ServiceUnavailable"), []string{of + "the server is not available"}, 0},
		"504":                    {lists, component.Status(504, "Timeout"), []string{of + "the server did not answer in time"}, 0},
		"401":                    {lists, component.ExpiredToken(), []string{of + "the server does not accept the credentials: they are wrong or expired"}, 0},
		"404":                    {lists, component.Status(404, "NotFound"), []string{of + "the server does not list these, though it offers them"}, 0},
		"418":                    {lists, component.Status(418, "Teapot"), []string{of + "the server refused the request"}, 0},
		"slow":                   {lists, component.Drip(100, 100*time.Millisecond), []string{of + "the server did not answer in time"}, 0},
		"cut":                    {lists, component.Cut(1500), []string{of + "the answer broke off"}, 1},
		"cut at once":            {lists, component.Cut(0), []string{of + "the answer broke off"}, 0},
		"a page that is gone":    {lists, component.ExpiredContinue(false), []string{of + "the list took longer than the server remembers its beginning"}, 10},
		"a page that goes on":    {lists, component.ExpiredContinue(true).First(1), nil, 25},
		"pages that never go on": {lists, component.ExpiredContinue(true), []string{of + "the list took longer than the server remembers its beginning"}, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := c.For(t)
			p := c.Proxy()
			p.Inject(test.on, test.fault)
			cfg := through(c, p.Through(c.Admin()), "faulty")
			cfg.Timeout, cfg.PageSize = 3, 10
			begin := time.Now()
			snap := read(t, cfg)
			if took := time.Since(begin); took > 15*time.Second {
				t.Errorf("it took %s", took)
			}
			if diff := cmp.Diff(test.want, briefGaps(snap), cmp.Transformer("empty", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
				t.Errorf("gaps (-want +got)\n%s", diff)
			}
			for _, g := range snap.Gaps {
				if g.Where != "cluster test" || g.Source == "" {
					t.Errorf("the gap does not say where: %+v", g)
				}
			}
			if find(snap, "Service", "faulty/web") == nil || find(snap, "StorageClass", "none") != nil {
				t.Error("the rest was not read")
			}
			got := 0
			for i := range snap.Subjects {
				if snap.Subjects[i].Subject.Kind == "ConfigMap" {
					got++
				}
			}
			if got < test.keeps || test.keeps == 25 && got != 25 {
				t.Errorf("%d config maps were read, want %d", got, test.keeps)
			}
		})
	}
}

// TestFaultsOfAll holds that a cluster that cannot be read is one gap over all
// of Kubernetes, in time.
func TestFaultsOfAll(t *testing.T) {
	c := shared.Cluster(t)
	for name, test := range map[string]struct {
		on     string
		fault  component.Fault
		reason string
	}{
		"hang":          {"GET /version", component.Hang(), "the server did not answer in time"},
		"hanging kinds": {"GET /apis$", component.Hang(), "the server did not answer in time"},
		"500":           {"GET /version", component.ServerError(), "the server failed"},
		"expired token": {"GET /", component.ExpiredToken(), "the server does not accept the credentials: they are wrong or expired"},
		"429":           {"GET /", component.TooManyRequests(time.Hour), "the server turned the request away: it has too many"},
		"slow kinds":    {"GET /api", component.Drip(100, 200*time.Millisecond), "the server did not answer in time"},
		"cut version":   {"GET /version", component.Cut(20), "the answer broke off"},
		"cut kinds":     {"GET /apis$", component.Cut(200), "the answer broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := c.For(t)
			p := c.Proxy()
			p.Inject(test.on, test.fault)
			cfg := through(c, p.Through(c.Admin()))
			cfg.Timeout = 2
			oneGap(t, cfg, "[A-Z]*||||: "+test.reason)
		})
	}
	t.Run("certificate for another name", func(t *testing.T) {
		p := c.For(t).Proxy()
		p.CertificateFor("other.example")
		oneGap(t, through(c.For(t), p.Through(c.Admin())), "[A-Z]*||||: the server's certificate is for another name")
	})
	t.Run("another authority", func(t *testing.T) {
		c := c.For(t)
		p := c.Proxy()
		other := component.Proxy(t, parsed(t, c.URL), nil)
		a := p.Through(c.Admin())
		a.CA = other.CA
		oneGap(t, through(c, a), "[A-Z]*||||: the server's certificate is signed by an authority that is not trusted")
	})
	t.Run("a token that is none", func(t *testing.T) {
		oneGap(t, through(c.For(t), c.WithToken("hunter2MARKER9x")), "[A-Z]*||||: the server does not accept the credentials: they are wrong or expired")
	})
}

// oneGap reads and expects a single gap and nothing else.
func oneGap(t *testing.T, cfg *Config, want string) {
	t.Helper()
	begin := time.Now()
	snap := read(t, cfg)
	if took := time.Since(begin); took > 15*time.Second {
		t.Errorf("it took %s", took)
	}
	if diff := cmp.Diff([]string{want}, briefGaps(snap)); diff != "" {
		t.Errorf("gaps (-want +got)\n%s", diff)
	}
	if len(snap.Subjects) > 0 {
		t.Errorf("there are %d subjects of what was not read", len(snap.Subjects))
	}
	in := input(t)
	if print, err := fingerprint(t.Context(), in, *cfg); print != "" {
		t.Errorf("there is a fingerprint of what was not read: %q, %v", print, err)
	}
}

// TestCancelsUnderWay holds that a reading ends when it is told to, whatever it
// waits for.
func TestCancelsUnderWay(t *testing.T) {
	c := shared.Cluster(t)
	for _, path := range []string{"/version", "/apis$", "/api/v1/configmaps$", "/api/v1/"} {
		p := c.Proxy()
		p.Inject("GET "+path, component.Hang())
		cfg := *through(c, p.Through(c.Admin()))
		cfg.Timeout = 120
		for name, run := range map[string]func(context.Context) error{
			"collect":     func(ctx context.Context) error { return collect(ctx, input(t), cfg, nowhere{}) },
			"fingerprint": func(ctx context.Context) error { _, err := fingerprint(ctx, input(t), cfg); return err },
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			begin := time.Now()
			if err := run(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s, %s: it returns %v", name, path, err)
			}
			cancel()
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("%s, %s: it took %s to end", name, path, took)
			}
		}
	}
}

// TestPages holds what the server is asked: GET alone, every list by pages, and
// no more at once than is configured.
func TestPages(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply(many("paged"))
	p := c.Proxy()
	cfg := through(c, p.Through(c.Admin()))
	cfg.PageSize, cfg.Concurrency = 10, 2
	readWell(t, cfg)
	requests := p.Requests()
	for _, r := range requests {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if unpaged := component.Unpaged(requests); len(unpaged) > 0 {
		t.Errorf("lists without a limit: %v", unpaged)
	}
	pages := 0
	for _, r := range requests {
		if r.Path == "/api/v1/configmaps" {
			if r.Query.Get("limit") != "10" || (pages > 0) != (r.Query.Get("continue") != "") {
				t.Errorf("page %d of the config maps is asked for by %v", pages, r.Query)
			}
			pages++
		}
	}
	if pages < 3 {
		t.Errorf("25 config maps came in %d pages of ten", pages)
	}
	// Four lists that hang, two at a time, take the time of two after another.
	p.Inject("GET /api/v1/(configmaps|services|secrets|namespaces)$", component.Hang())
	cfg.Kinds.Include, cfg.Timeout = []string{"core/ConfigMap", "core/Service", "core/Secret", "core/Namespace"}, 1
	cfg.Kinds.Exclude = []string{"Pod", "Event", "Node", "ReplicaSet", "Job", "ControllerRevision"}
	begin := time.Now()
	if snap := read(t, cfg); len(snap.Gaps) != 4 {
		t.Errorf("gaps: %v", briefGaps(snap))
	}
	if took := time.Since(begin); took < 1900*time.Millisecond {
		t.Errorf("four lists with a timeout of one second, two at once, took %s", took)
	}
	seen := slices.IndexFunc(requests, func(r component.Request) bool { return strings.HasSuffix(r.Path, "/leases") })
	if seen >= 0 {
		t.Errorf("what is no subject is read: %s", requests[seen].Path)
	}
}
