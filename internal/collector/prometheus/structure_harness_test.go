package prometheus

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/trust"
	"github.com/envparity/parity/internal/webapi"
)

// record is a sink that keeps what it is given as lines of text.
type record struct {
	facts    map[string]string // "kind scope/name /path" to the value
	rules    map[string]parity.RuleSet
	subjects map[parity.Key]int
	gaps     []parity.Gap
}

func newRecord() *record {
	return &record{facts: map[string]string{}, rules: map[string]parity.RuleSet{}, subjects: map[parity.Key]int{}}
}

func (r *record) Subject(s parity.Subject, facts []parity.Fact) {
	r.subjects[s.Key]++
	for i := range facts {
		at := s.Key.String() + " " + facts[i].Path
		r.facts[at] = facts[i].Value.Canonical()
		r.rules[at] = facts[i].Rules
	}
}

func (r *record) Gap(g parity.Gap) { r.gaps = append(r.gaps, g) }

// with gives the facts whose place begins so, without what hide names.
func (r *record) with(prefix string, hide ...string) []string {
	var lines []string
	for at, v := range r.facts {
		if strings.HasPrefix(at, prefix) && !slices.ContainsFunc(hide, func(h string) bool { return strings.Contains(at, h) }) {
			lines = append(lines, at+" = "+v)
		}
	}
	slices.Sort(lines)
	return lines
}

func (r *record) gapLines() []string {
	var lines []string
	for _, g := range r.gaps {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s/%s %s: %s", g.Kind, g.Scope, g.Name, g.Path, g.Reason)))
	}
	slices.Sort(lines)
	return lines
}

// ask reads the structure of a server.
func ask(tb testing.TB, at *url.URL, match ...string) (*record, *webapi.Client) {
	tb.Helper()
	return askWith(tb, webapi.Config{URL: at.String(), Timeout: 30}, time.Now(), match...)
}

func askWith(tb testing.TB, cfg webapi.Config, now time.Time, match ...string) (*record, *webapi.Client) {
	tb.Helper()
	client, err := webapi.New(cfg, os.LookupEnv, trust.Allowed{}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.Close)
	matchers, err := parseMatchers(match)
	if err != nil {
		tb.Fatal(err)
	}
	r := newRecord()
	if err := newStructure(client, collector.Input{Now: now}, matchers, time.Hour, r).read(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return r, client
}

// exposes starts a server that answers scrapes with the text.
func exposes(tb testing.TB, text string) string {
	tb.Helper()
	var scrapes atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprint(w, strings.ReplaceAll(text, "%SCRAPES%", strconv.FormatInt(7*scrapes.Add(1), 10)))
	}))
	tb.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// writeFile writes a file of the test's own and gives its path.
func writeFile(tb testing.TB, name, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// eventually waits until the server's answer to a query holds a text.
func eventually(tb testing.TB, p *component.PrometheusServer, query, want string) {
	tb.Helper()
	end := time.Now().Add(30 * time.Second)
	for {
		r, err := http.Get(p.URL.JoinPath("/api/v1/query").String() + "?" + url.Values{"query": {query}}.Encode())
		if err == nil {
			b := make([]byte, 1<<16)
			n, _ := r.Body.Read(b)
			r.Body.Close()
			if strings.Contains(string(b[:n]), want) {
				return
			}
		}
		if time.Now().After(end) {
			tb.Fatalf("%s has no answer with %s", query, want)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
