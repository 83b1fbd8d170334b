package sampleshop

import (
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Mix is how often each endpoint is asked for, in any unit.
type Mix map[string]float64

// DefaultMix is an ordinary day.
func DefaultMix() Mix {
	return Mix{
		"GET /catalog": 28, "GET /products/{sku}": 14, "GET /cart/{id}": 26,
		"POST /checkout": 14, "GET /search": 8, "GET /health": 10,
	}
}

// Target is one copy that requests are sent to.
type Target struct {
	URL *url.URL
	// Rate and Mix are those of this target, where they differ from the others'.
	Rate float64
	Mix  Mix
}

// Targets gives the targets of copies that all have the same load.
func Targets(services ...*Service) []Target {
	list := make([]Target, len(services))
	for i, s := range services {
		list[i] = Target{URL: s.URL}
	}
	return list
}

// Count is how many requests were sent, and how many of them failed: with a
// status of 500 and above, or without an answer.
type Count struct{ Sent, Failed int }

// Sent is what was sent to one target.
type Sent struct {
	// Endpoints are the counts by endpoint, as metrics have it: "GET /cart/{id}".
	Endpoints map[string]Count
	// Skipped is how many arrivals were not sent, because too many requests were
	// on their way. It should be 0.
	Skipped int
	// Unanswered is how many requests had no answer.
	Unanswered int
	// Took is how long the answers took, by endpoint, as the sender saw it.
	Took map[string][]time.Duration
	// Arrivals is when requests were due, since the start; Late how much after
	// that they were sent.
	Arrivals, Late []time.Duration
}

// Total sums up the endpoints.
func (s Sent) Total() (sum Count) {
	for _, c := range s.Endpoints {
		sum.Sent += c.Sent
		sum.Failed += c.Failed
	}
	return sum
}

// Lateness is how late requests were sent, but for one in twenty. It is a
// millisecond where the machine has time; where it is much more, the machine is
// too busy for measurements to mean anything.
func (s Sent) Lateness() time.Duration { return quantile(s.Late, 0.95) }

// Quantile is a quantile of how long the answers of an endpoint took; of all
// endpoints if that is empty.
func (s Sent) Quantile(endpoint string, q float64) time.Duration {
	if endpoint == "" {
		return quantile(slices.Concat(slices.Collect(maps.Values(s.Took))...), q)
	}
	return quantile(s.Took[endpoint], q)
}

func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// maxOnTheWay bounds the requests to one target that have no answer yet.
const maxOnTheWay = 256

// Load sends requests to each target until the context ends, and waits for the
// last answers. Requests arrive as those of many independent people do, at
// random with a mean rate per second and target, whether or not earlier ones
// are answered. The seed decides when, and what.
func Load(ctx context.Context, targets []Target, mix Mix, rate float64, seed uint64) []Sent {
	reports := make([]Sent, len(targets))
	var all sync.WaitGroup
	for i, t := range targets {
		if t.Rate == 0 {
			t.Rate = rate
		}
		if t.Mix == nil {
			t.Mix = mix
		}
		all.Go(func() { reports[i] = newGenerator(t, seed, uint64(i)).run(ctx) })
	}
	all.Wait()
	return reports
}

// generator sends requests to one target.
type generator struct {
	target    Target
	rnd       *rand.Rand
	endpoints []string
	weights   []float64 // summed up
	transport *http.Transport
	room      chan struct{}
	due       time.Duration

	mu     sync.Mutex
	report Sent
}

func newGenerator(t Target, seed, stream uint64) *generator {
	g := &generator{
		target: t, endpoints: slices.Sorted(maps.Keys(t.Mix)),
		rnd:       rand.New(rand.NewPCG(seed, stream)), //nolint:gosec // arrivals must be repeatable
		transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		room:      make(chan struct{}, maxOnTheWay), report: Sent{Endpoints: map[string]Count{}, Took: map[string][]time.Duration{}},
	}
	sum := 0.0
	for _, e := range g.endpoints {
		sum += t.Mix[e]
		g.weights = append(g.weights, sum)
	}
	return g
}

func (g *generator) run(ctx context.Context) Sent {
	defer g.transport.CloseIdleConnections()
	var sending sync.WaitGroup
	begin := time.Now()
	for {
		due, endpoint, path := g.next()
		if pause(ctx, time.Until(begin.Add(due))) != nil {
			break
		}
		g.report.Arrivals = append(g.report.Arrivals, due)
		g.report.Late = append(g.report.Late, time.Since(begin.Add(due)))
		select {
		case g.room <- struct{}{}:
			sending.Go(func() {
				defer func() { <-g.room }()
				g.send(endpoint, path)
			})
		default:
			g.report.Skipped++
		}
	}
	sending.Wait()
	return g.report
}

// next says when the next request is due, and which.
func (g *generator) next() (due time.Duration, endpoint, path string) {
	g.due += time.Duration(g.rnd.ExpFloat64() / g.target.Rate * float64(time.Second))
	at := g.rnd.Float64() * g.weights[len(g.weights)-1]
	i, _ := slices.BinarySearch(g.weights, at)
	endpoint = g.endpoints[min(i, len(g.endpoints)-1)]
	n := g.rnd.IntN(skus)
	return g.due, endpoint, g.path(endpoint, n)
}

// path gives a path of an endpoint.
func (g *generator) path(endpoint string, n int) string {
	switch endpoint {
	case "GET /catalog":
		return "/catalog?page=" + strconv.Itoa(n%5)
	case "GET /products/{sku}":
		return "/products/s" + strconv.Itoa(n)
	case "GET /search":
		return "/search?q=shoes"
	case "GET /cart/{id}":
		return "/cart/" + rowKey(g.rnd.IntN(1000))
	case "POST /checkout":
		return "/checkout"
	}
	return "/health"
}

// answerTimeout is how long an answer may take.
const answerTimeout = 15 * time.Second

func (g *generator) send(endpoint, path string) {
	begin := time.Now()
	status := g.ask(endpoint, path)
	took := time.Since(begin)
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.report.Endpoints[endpoint]
	c.Sent++
	if status == 0 || status >= http.StatusInternalServerError {
		c.Failed++
	}
	if status == 0 {
		g.report.Unanswered++
	}
	g.report.Took[endpoint] = append(g.report.Took[endpoint], took)
	g.report.Endpoints[endpoint] = c
}

// ask gives the status of the answer, or 0.
func (g *generator) ask(endpoint, path string) int {
	ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
	defer cancel()
	method := http.MethodGet
	if endpoint == "POST /checkout" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, g.target.URL.String()+path, nil)
	if err != nil {
		return 0
	}
	resp, err := g.transport.RoundTrip(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0
	}
	return resp.StatusCode
}
