package component_test

import (
	"encoding/json"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/envparity/parity/internal/component"
)

// TestPrometheusTakesLongHistories holds that more is written than the server
// takes in one request, and that all of it is there.
func TestPrometheusTakesLongHistories(t *testing.T) {
	ended := endsWithTest(t)
	p := component.Prometheus(t, component.PrometheusOptions{})
	ended(p.URL)
	const each, step = 5000, 10 * time.Second
	now := time.Now().Truncate(time.Minute)
	var samples []component.Sample
	for i := range each {
		samples = append(samples, component.Sample{Time: now.Add(-time.Duration(each-i) * step), Value: float64(i)})
	}
	var all []component.Series
	for i := range 420 {
		labels := map[string]string{"__name__": "long", "instance": strconv.Itoa(i)}
		all = append(all, component.Series{Labels: labels, Samples: samples})
	}
	p.Write(t, all)
	query := url.Values{"query": {"sum(count_over_time(long[15h]))"}, "time": {strconv.FormatInt(now.Unix(), 10)}}
	if text := string(fetch(t, p.URL.JoinPath("/api/v1/query").String()+"?"+query.Encode())); !strings.Contains(text, `"2100000"`) {
		t.Errorf("of 2,100,000 samples there are %s", text)
	}
}

// TestServersThatAreStopped holds that a server which is stopped before the end
// of its test listens no more.
func TestServersThatAreStopped(t *testing.T) {
	ended := endsWithTest(t)
	p, l, j := component.Prometheus(t, component.PrometheusOptions{}), component.Loki(t), component.Jaeger(t)
	ended(p.URL)
	p.Stop()
	l.Stop()
	j.Stop()
	for _, at := range []*url.URL{p.URL, l.URL, j.URL, j.OTLP} {
		if listens(at) {
			t.Errorf("a stopped server listens on %s", at.Host)
		}
	}
}

// endsWithTest holds, after everything else, that nothing of what the test
// started is left. Call it first, and the function that it gives with the
// addresses that must refuse then.
func endsWithTest(t *testing.T) func(...*url.URL) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	var addresses []*url.URL
	t.Cleanup(func() {
		goleak.VerifyNone(t, before)
		for _, at := range addresses {
			if listens(at) {
				t.Errorf("a server still listens on %s", at.Host)
			}
		}
		if len(addresses) == 0 && !t.Skipped() {
			t.Error("no address was given")
		}
	})
	return func(more ...*url.URL) { addresses = append(addresses, more...) }
}

func listens(at *url.URL) bool {
	conn, err := net.DialTimeout("tcp", at.Host, time.Second)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

func unmarshal(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %.500s", err, text)
	}
}
