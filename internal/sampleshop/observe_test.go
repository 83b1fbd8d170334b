package sampleshop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/sampleshop"
)

const served = "http_server_request_duration_seconds"

// selector gives the matchers of an endpoint's series.
func selector(t *testing.T, env, endpoint string) string {
	t.Helper()
	var method, route string
	if _, err := fmt.Sscan(endpoint, &method, &route); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("env=%q,http_request_method=%q,http_route=%q", env, method, route)
}

// pair are the copies of one case.
type pair struct {
	c                     sampleshop.Case
	reference, other      int
	referenceSent, others sampleshop.Sent
}

// TestCasesUnderLoad runs both environments of every case under real load, with
// the settings that their files give them. A real Prometheus must count what was
// sent, in classic and in native histograms, and what the planted cause does must
// show.
func TestCasesUnderLoad(t *testing.T) {
	component.Binary(t, "prometheus")
	copies, pairs := startCases(t)
	o := sampleshop.Observe(t, copies...)
	// What does not show is tried again alone, with less to do for the machine.
	var w sampleshop.Window
	var missing []string
	for try := 1; try <= 3 && len(pairs) > 0; try++ {
		targets, used := targetsOf(copies, pairs)
		w = o.Run(t, 5*time.Second, targets, sampleshop.DefaultMix(), 40, uint64(try))
		for i, at := range used {
			counted(t, o, w, copies[at].Env, w.Sent[i])
		}
		missing = nil
		var again []pair
		for _, p := range pairs {
			p.referenceSent, p.others = w.Sent[slices.Index(used, p.reference)], w.Sent[slices.Index(used, p.other)]
			if text := p.effect(t); text != "" {
				missing, again = append(missing, text), append(again, p)
			}
		}
		pairs = again
		t.Logf("try %d, requests sent %s late: %s", try, w.Lateness(), strings.Join(missing, "; "))
	}
	if len(missing) == 0 {
		return
	}
	if os.Getenv("CI") == "" && w.Lateness() > 50*time.Millisecond {
		t.Skipf("SKIPPED: the machine is too busy, requests were sent %s late", w.Lateness())
	}
	t.Error(strings.Join(missing, "; "))
}

// startCases starts the copies of all cases; some share a reference.
func startCases(t *testing.T) (copies []sampleshop.Copy, pairs []pair) {
	t.Helper()
	start := func(env, dir string, s sampleshop.Settings) int {
		s.Seed = uint64(len(copies) + 1)
		copies = append(copies, sampleshop.Copy{Env: env + "-" + filepath.Base(dir), Service: sampleshop.Start(t, s)})
		return len(copies) - 1
	}
	for _, c := range sampleshop.Cases() {
		dir := t.TempDir()
		if err := c.Write(dir); err != nil {
			t.Fatal(err)
		}
		production, staging := filepath.Join(dir, "production"), filepath.Join(dir, "staging")
		a, err := sampleshop.ReadSettings(production)
		if err != nil {
			t.Fatal(err)
		}
		b, err := sampleshop.ReadSettings(staging)
		if err != nil {
			t.Fatal(err)
		}
		p := pair{c: c, reference: sameAs(copies, a)}
		if p.reference < 0 {
			p.reference = start(c.Name, production, a)
		}
		p.other = start(c.Name, staging, b)
		pairs = append(pairs, p)
	}
	return copies, pairs
}

// targetsOf gives the targets of pairs, and which copies they are.
func targetsOf(copies []sampleshop.Copy, pairs []pair) (targets []sampleshop.Target, used []int) {
	for _, p := range pairs {
		for _, at := range []int{p.reference, p.other} {
			if slices.Contains(used, at) {
				continue
			}
			target := sampleshop.Target{URL: copies[at].Service.URL}
			if p.c.Errors && at == p.other { // so that there are enough orders of which some fail
				target.Mix, target.Rate = sampleshop.Mix{"POST /checkout": 1}, 15
			}
			targets, used = append(targets, target), append(used, at)
		}
	}
	return targets, used
}

// sameAs finds a copy with the same settings, so that one reference serves
// several cases.
func sameAs(copies []sampleshop.Copy, s sampleshop.Settings) int {
	for i, c := range copies {
		have := c.Service.Settings
		if s.Environment == have.Environment && s.Env["REPLICAS"] == have.Env["REPLICAS"] && s.Env["ORDER_STATEMENTS"] == have.Env["ORDER_STATEMENTS"] && s.Schema == have.Schema &&
			reflect.DeepEqual(s.Peers, have.Peers) && reflect.DeepEqual(s.Flags, have.Flags) {
			return i
		}
	}
	return -1
}

func counted(t *testing.T, o *sampleshop.Observation, w sampleshop.Window, env string, sent sampleshop.Sent) {
	t.Helper()
	total := sent.Total()
	if total.Sent < 40 || sent.Unanswered > 0 {
		t.Errorf("%s: %d sent, %d skipped, %d unanswered", env, total.Sent, sent.Skipped, sent.Unanswered)
	}
	if got := o.Counted(t, w, served+"_count", env, `http_response_status_code=~"5.."`); int(got) != total.Failed {
		t.Errorf("%s: %v failed, the sender saw %d", env, got, total.Failed)
	}
	for endpoint, count := range sent.Endpoints {
		at := selector(t, env, endpoint)
		for _, query := range []string{"sum(" + served + "_count{" + at + "})", "sum(histogram_count(" + served + "{" + at + "}))"} {
			if got := o.Query(t, query, time.Time{}) - o.Query(t, query, w.Begin); int(got) != count.Sent {
				t.Errorf("%s: %s grew by %v, sent were %d", env, query, got, count.Sent)
			}
		}
	}
}

// effect gives what is missing of what the cause should do.
func (p pair) effect(t *testing.T) string {
	t.Helper()
	for _, endpoint := range p.c.Affected {
		a, b := p.referenceSent.Quantile(endpoint, 0.95), p.others.Quantile(endpoint, 0.95)
		x, y := p.referenceSent.Endpoints[endpoint], p.others.Endpoints[endpoint]
		t.Logf("%-20s %-20s p95 %4d ms and %4d ms, failed %d of %d and %d of %d", p.c.Name, endpoint,
			a.Milliseconds(), b.Milliseconds(), x.Failed, x.Sent, y.Failed, y.Sent)
	}
	first := p.c.Affected[0]
	x, y := p.referenceSent.Endpoints[first], p.others.Endpoints[first]
	a, b := p.referenceSent.Quantile(first, 0.95), p.others.Quantile(first, 0.95)
	switch {
	case p.c.Errors && (x.Failed*20 > x.Sent || y.Failed*20 < y.Sent):
		return fmt.Sprintf("%s: %s fails %d of %d and %d of %d times", p.c.Name, first, x.Failed, x.Sent, y.Failed, y.Sent)
	case !p.c.Errors && b < a*5/4:
		return fmt.Sprintf("%s: p95 of %s is %s and %s, want a quarter more", p.c.Name, first, a, b)
	}
	return ""
}
