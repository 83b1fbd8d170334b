package loki

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"
)

func through(p *component.FaultProxy, match ...string) Config {
	return Config{Config: webapi.Config{URL: p.URL, Timeout: 1}, Match: match}
}

// testFaultsOfEverything holds that a server that answers nothing is a gap over
// all logs, soon, and that nothing is missing for it.
func testFaultsOfEverything(t *testing.T, l *component.LokiServer, end time.Time) {
	production := snapshot(t, "production", at(l.URL.String(), `env="production"`), end)
	unknown := func(t *testing.T, s *parity.Snapshot, reason string) {
		t.Helper()
		if s.Facts() > 0 || !whole(s, reason) {
			t.Errorf("no gap over all logs says %q: %q", reason, gapLines(s))
		}
		for _, d := range differences(t, production, s) {
			if d.class != "unknown" {
				t.Errorf("%v, where nothing is known", d)
			}
		}
	}
	proxy := component.Proxy(t, l.URL, nil)
	for name, c := range map[string]struct {
		fault  component.Fault
		reason string
	}{
		"401":    {component.ExpiredToken(), "wants credentials"},
		"429":    {component.TooManyRequests(0), "takes no more requests"},
		"500":    {component.ServerError(), "failed (500)"},
		"hang":   {component.Hang(), "did not answer within 1s"},
		"drip":   {component.Drip(1, time.Second), "did not answer within 1s"},
		"cut":    {component.Cut(20), "broke off in the middle"},
		"half":   {component.Half(), "is not what was asked for"},
		"no log": {component.Answer(200, "text/html", "<html>log in</html>"), "is not what was asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Clear()
			proxy.Inject(".", c.fault)
			began := time.Now()
			unknown(t, snapshot(t, "staging", through(proxy, `env="staging"`), end), c.reason)
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		unknown(t, snapshot(t, "staging", Config{Config: webapi.Config{URL: "http://127.0.0.1:1", Timeout: 1}}, end), "refuses the connection")
	})
}

// testFaultsOfOneQuestion holds that lines which cannot be read leave their
// service unknown, and no other.
func testFaultsOfOneQuestion(t *testing.T, l *component.LokiServer, end time.Time) {
	production := snapshot(t, "production", at(l.URL.String(), `env="production"`, `service_name=~"cart|orders|twin"`), end)
	proxy := component.Proxy(t, l.URL, nil)
	for name, c := range map[string]struct {
		fault component.Fault
		gaps  int
	}{
		"one part":      {component.ServerError().First(1), 1},
		"warned":        {component.Warned("a store is away"), 3},
		"nothing more":  {component.ServerError(), 3},
		"down from now": {component.Hang(), 3},
		"cut":           {component.Cut(3000), 3},
		"half":          {component.Half(), 3},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Clear()
			proxy.Inject("/query_range", c.fault)
			source := through(proxy, `env="staging"`, `service_name=~"cart|orders|twin"`)
			if name != "down from now" {
				source.Timeout = 20 // a busy machine answers late, which is no fault
			}
			s := snapshot(t, "staging", source, end)
			named := map[string]bool{}
			for _, g := range s.Gaps {
				named[g.Name] = true
			}
			if len(named) != c.gaps || named[""] {
				t.Errorf("gaps over %d services: %q", len(named), gapLines(s))
			}
			for _, d := range differences(t, production, s) {
				covered := slices.ContainsFunc(s.Gaps, func(g parity.Gap) bool { return g.Covers(parity.Key{Kind: parity.LogsKind, Name: d.subject}, d.path) })
				if d.class != "unknown" && covered || d.class == "missing" && d.path != "/fields[=trace_id]" && d.path != "/levels[=warn]" {
					t.Errorf("%v, though what was not read is unknown: %q", d, gapLines(s))
				}
			}
			for _, g := range s.Gaps {
				if g.Where == "" || strings.Contains(g.Reason, "trace_id") {
					t.Errorf("gap %+v", g)
				}
			}
		})
	}
}
