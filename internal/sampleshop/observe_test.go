package sampleshop_test

import (
	"fmt"
	"path/filepath"
	"reflect"
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

// TestCasesUnderLoad runs both environments of every case under real load, with
// the settings that their files give them. A real Prometheus must count what was
// sent, in classic and in native histograms, and must see what the planted cause
// does.
func TestCasesUnderLoad(t *testing.T) {
	component.Binary(t, "prometheus")
	var copies []sampleshop.Copy
	pairs := map[string][2]int{} // by case: production, staging
	for i, c := range sampleshop.Cases() {
		dir := t.TempDir()
		if err := c.Write(dir); err != nil {
			t.Fatal(err)
		}
		var pair [2]int
		for j, env := range sampleshop.Environments() {
			s, err := sampleshop.ReadSettings(filepath.Join(dir, env))
			if err != nil {
				t.Fatal(err)
			}
			if j == 0 {
				if pair[0] = sameAs(copies, s); pair[0] >= 0 {
					continue
				}
			}
			s.Seed = uint64(10*i + j + 1)
			pair[j] = len(copies)
			copies = append(copies, sampleshop.Copy{Env: c.Name + "-" + env, Service: sampleshop.Start(t, s)})
		}
		pairs[c.Name] = pair
	}
	targets := make([]sampleshop.Target, len(copies))
	for i, c := range copies {
		targets[i].URL = c.Service.URL
	}
	for _, c := range sampleshop.Cases() {
		if c.Errors { // so that there are enough orders of which some fail
			targets[pairs[c.Name][1]].Mix, targets[pairs[c.Name][1]].Rate = sampleshop.Mix{"POST /checkout": 1}, 15
		}
	}
	o := sampleshop.Observe(t, copies...)
	// What an effect is worth shows only while the machine has time for all
	// copies; so there is another try.
	for try := 1; ; try++ {
		w := o.Run(t, 5*time.Second, targets, sampleshop.DefaultMix(), 40, uint64(try))
		for i, c := range copies {
			counted(t, o, w, c.Env, w.Sent[i])
		}
		var missing []string
		for _, c := range sampleshop.Cases() {
			if text := effect(t, w, c, pairs[c.Name]); text != "" {
				missing = append(missing, text)
			}
		}
		if len(missing) == 0 {
			return
		}
		t.Logf("try %d, requests sent %s late: %s", try, w.Lateness(), strings.Join(missing, "; "))
		if try == 3 {
			t.Fatal("the causes do not show")
		}
	}
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
func effect(t *testing.T, w sampleshop.Window, c sampleshop.Case, pair [2]int) string {
	t.Helper()
	reference, other := w.Sent[pair[0]], w.Sent[pair[1]]
	for _, endpoint := range c.Affected {
		a, b := reference.Quantile(endpoint, 0.95), other.Quantile(endpoint, 0.95)
		x, y := reference.Endpoints[endpoint], other.Endpoints[endpoint]
		t.Logf("%-20s %-20s p95 %4d ms and %4d ms, failed %d of %d and %d of %d", c.Name, endpoint,
			a.Milliseconds(), b.Milliseconds(), x.Failed, x.Sent, y.Failed, y.Sent)
	}
	first := c.Affected[0]
	x, y := reference.Endpoints[first], other.Endpoints[first]
	a, b := reference.Quantile(first, 0.95), other.Quantile(first, 0.95)
	switch {
	case c.Errors && (x.Failed*20 > x.Sent || y.Failed*20 < y.Sent):
		return fmt.Sprintf("%s: %s fails %d of %d and %d of %d times", c.Name, first, x.Failed, x.Sent, y.Failed, y.Sent)
	case !c.Errors && b < a*5/4:
		return fmt.Sprintf("%s: p95 of %s is %s and %s, want a quarter more", c.Name, first, a, b)
	}
	return ""
}
