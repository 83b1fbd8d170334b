package sampleshop

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// Copy is a copy of the service with the environment that it stands for.
type Copy struct {
	Env     string
	Service *Service
}

// Observation is a real Prometheus that scrapes copies each second. Their
// series have the label env; job is the service's name.
type Observation struct {
	// URL is that of Prometheus.
	URL    *url.URL
	copies []Copy
	client *http.Client
}

// Observe starts a Prometheus for copies of the service. It takes Prometheus
// five seconds to begin to scrape; Run and Scraped wait for that.
func Observe(tb testing.TB, copies ...Copy) *Observation {
	tb.Helper()
	o := &Observation{copies: copies, client: &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}}
	o.URL = component.Prometheus(tb, component.PrometheusOptions{Config: o.config()}).URL
	tb.Cleanup(o.client.CloseIdleConnections)
	return o
}

// config is prometheus.yml, which asks for both kinds of histograms.
func (o *Observation) config() string {
	jobs := map[string][]string{}
	for _, c := range o.copies {
		name := c.Service.Settings.Name
		jobs[name] = append(jobs[name], fmt.Sprintf("      - {targets: [%q], labels: {env: %q}}\n", c.Service.URL.Host, c.Env))
	}
	var b strings.Builder
	b.WriteString("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n")
	for name, targets := range jobs {
		fmt.Fprintf(&b, "  - job_name: %q\n    scrape_native_histograms: true\n    always_scrape_classic_histograms: true\n    static_configs:\n%s",
			name, strings.Join(targets, ""))
	}
	return b.String()
}

// scrapeTimeout is how long a scrape may be waited for on a loaded machine.
const scrapeTimeout = 30 * time.Second

// Scraped waits until every copy has been scraped after a time.
func (o *Observation) Scraped(tb testing.TB, after time.Time) {
	tb.Helper()
	deadline := time.Now().Add(scrapeTimeout)
	for {
		healthy := o.Query(tb, "sum(up)", time.Time{})
		last := o.Query(tb, "min(timestamp(up))", time.Time{})
		if int(healthy) == len(o.copies) && last >= float64(after.UnixMilli())/1000 {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%.0f of %d copies are scraped, the last one %.1f s before the time that is waited for",
				healthy, len(o.copies), float64(after.UnixMilli())/1000-last)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Query gives the first value that a query has at a time, now if that is zero;
// 0 where the answer is empty.
func (o *Observation) Query(tb testing.TB, query string, at time.Time) float64 {
	tb.Helper()
	values := url.Values{"query": {query}}
	if !at.IsZero() {
		values.Set("time", strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64))
	}
	v, err := o.ask(o.URL.JoinPath("/api/v1/query").String() + "?" + values.Encode())
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return v
}

func (o *Observation) ask(at string) (float64, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, at, nil)
	if err != nil {
		return 0, err
	}
	resp, err := o.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, err
	}
	var answer struct {
		Error string
		Data  struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", resp.Status, answer.Error)
	}
	if len(answer.Data.Result) == 0 {
		return 0, nil
	}
	number, _ := answer.Data.Result[0].Value[1].(string)
	return strconv.ParseFloat(number, 64)
}

// Window is a time in which the copies were under load, and what was sent
// then, by target. Nothing was sent between Begin and the scrape before it, nor
// between End and the scrape after it, so that counters tell exactly what was
// sent.
type Window struct {
	Begin, End time.Time
	Sent       []Sent
}

// Lateness is the worst of the copies' Sent.Lateness.
func (w Window) Lateness() (worst time.Duration) {
	for _, s := range w.Sent {
		worst = max(worst, s.Lateness())
	}
	return worst
}

// warmUp fills caches and pools before a window, with requests at warmRate.
const (
	warmUp   = 3 * time.Second
	warmRate = 40
)

// Run puts load on all copies for a time, after a short one that warms them
// up. Targets says more about the load of single copies, or names some of them;
// nil is the same for all. Window.Sent is in the order of the targets.
func (o *Observation) Run(tb testing.TB, d time.Duration, targets []Target, mix Mix, rate float64, seed uint64) Window {
	tb.Helper()
	if targets == nil {
		for _, c := range o.copies {
			targets = append(targets, Targets(c.Service)...)
		}
	}
	load := func(d time.Duration, targets []Target, mix Mix, rate float64, seed uint64) []Sent {
		ctx, cancel := context.WithTimeout(context.Background(), d)
		defer cancel()
		return Load(ctx, targets, mix, rate, seed)
	}
	// A copy with little load would otherwise fill its caches within the window.
	warm := make([]Target, len(targets))
	for i, t := range targets {
		warm[i].URL = t.URL
	}
	load(warmUp, warm, DefaultMix(), warmRate, ^seed)
	o.Scraped(tb, time.Now())
	var w Window
	w.Begin = time.Now()
	w.Sent = load(d, targets, mix, rate, seed)
	w.End = time.Now()
	o.Scraped(tb, w.End)
	return w
}

// Counted is how much a counter grew over the window, by the samples around it;
// the matchers select its series, as in `http_route="/health"`.
func (o *Observation) Counted(tb testing.TB, w Window, metric, env, matchers string) float64 {
	tb.Helper()
	query := fmt.Sprintf("sum(%s{env=%q,%s})", metric, env, matchers)
	return o.Query(tb, query, time.Time{}) - o.Query(tb, query, w.Begin)
}
