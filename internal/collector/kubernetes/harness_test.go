package kubernetes

import (
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

// shared is the cluster of this package's tests. Each has namespaces of its own.
var shared = component.NewShared(component.WithControllers(), component.WithNodes(1, map[string]string{
	"registry.example/web:1":  digest("1"),
	"registry.example/init:1": digest("2"),
	"registry.example/web:2":  digest("3"),
}))

func TestMain(m *testing.M) {
	code := m.Run()
	shared.Close()
	os.Exit(code)
}

func digest(digit string) string { return "sha256:" + strings.Repeat(digit, 64) }

// admin is a config that reads as the administrator.
func admin(c *component.Cluster, namespaces ...string) *Config {
	return &Config{Kubeconfig: c.Kubeconfig, Namespaces: namespaces, ExcludeNamespaces: []string{}}
}

// through is a config that reads through a way into the cluster.
func through(c *component.Cluster, a component.Access, namespaces ...string) *Config {
	cfg := admin(c, namespaces...)
	cfg.Kubeconfig = c.KubeconfigFor("test", a)
	return cfg
}

// read runs the collector and gives its snapshot.
func read(t testing.TB, cfg *Config) *parity.Snapshot {
	t.Helper()
	return readWithin(t, cfg, collector.Limits{})
}

// readWithin is read with bounds of the column.
func readWithin(t testing.TB, cfg *Config, limits collector.Limits) *parity.Snapshot {
	t.Helper()
	root := place.Dir(t.TempDir(), place.WithOutside(true)) // the kubeconfig is in another directory
	defer root.Close()
	snap, err := collector.Run(t.Context(), collector.RunInput{
		Column:   parity.Column{Environment: "staging", Role: parity.Live},
		Sources:  []collector.Configured{{Collector: New(), Config: cfg, Name: "staging"}},
		Root:     root,
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil),
		Now:      time.Unix(0, 0).UTC(),
		Limits:   limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// readWell is read where there must be no gap.
func readWell(t testing.TB, cfg *Config) *parity.Snapshot {
	t.Helper()
	snap := read(t, cfg)
	for _, g := range snap.Gaps {
		t.Errorf("a gap: %+v", g)
	}
	return snap
}

// input is what the collector's own functions take.
func input(t testing.TB) collector.Input {
	t.Helper()
	root := place.Dir(t.TempDir(), place.WithOutside(true))
	t.Cleanup(func() { _ = root.Close() })
	return collector.Input{
		Column: parity.Column{Environment: "staging", Role: parity.Live}, Root: root, Source: "staging",
		Limits: collector.DefaultLimits(), Log: slog.New(slog.DiscardHandler),
	}
}

// find gives the subject of a kind and "namespace/name" or "name"; nil where
// there is none.
func find(s *parity.Snapshot, kind, named string) *parity.SubjectFacts {
	scope, name, ok := strings.Cut(named, "/")
	if !ok {
		scope, name = "", named
	}
	for i := range s.Subjects {
		if k := s.Subjects[i].Subject.Key; k.Kind == kind && k.Scope == scope && k.Name == name {
			return &s.Subjects[i]
		}
	}
	return nil
}

// facts gives the facts of a subject whose paths begin so, as "path = value".
func facts(t testing.TB, s *parity.Snapshot, kind, named string, prefixes ...string) []string {
	t.Helper()
	sf := find(s, kind, named)
	if sf == nil {
		t.Fatalf("there is no %s %s", kind, named)
	}
	out := []string{}
	for i := range sf.Facts {
		f := &sf.Facts[i]
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(f.Path, p) }) {
			out = append(out, f.Path+" = "+f.Value.String())
		}
	}
	return out
}

// fact gives one fact of a subject; nil where there is none.
func fact(s *parity.Snapshot, kind, named, path string) *parity.Fact {
	sf := find(s, kind, named)
	if sf == nil {
		return nil
	}
	for i := range sf.Facts {
		if sf.Facts[i].Path == path {
			return &sf.Facts[i]
		}
	}
	return nil
}

// eventually tries until there is no complaint.
func eventually(t testing.TB, try func() (complaint string)) {
	t.Helper()
	var complaint string
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(100 * time.Millisecond) {
		if complaint = try(); complaint == "" {
			return
		}
	}
	t.Fatal(complaint)
}

// briefGaps gives gaps as one line each: what they select, and why.
func briefGaps(s *parity.Snapshot) []string {
	out := []string{}
	for _, g := range s.Gaps {
		out = append(out, strings.Join([]string{g.Kind, g.Group, g.Scope, g.Name, g.Path}, "|")+": "+g.Reason)
	}
	return out
}

// nowhere is a sink that keeps nothing.
type nowhere struct{}

func (nowhere) Subject(parity.Subject, []parity.Fact) {}
func (nowhere) Gap(parity.Gap)                        {}
func (nowhere) Tool(string, string)                   {}

func parsed(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
