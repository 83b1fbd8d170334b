package behaviour_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
)

// world is an environment that is asked, for tests: requests arrive at random,
// take lognormal times that are longer in some minutes than in others, and fail
// at random.
type world struct {
	random  *rand.Rand
	minutes int
	rate    float64 // requests per minute, of each endpoint
	median  float64 // seconds
	spread  float64 // standard deviation of the logarithm
	sway    float64 // the same of a whole minute
	slow    float64 // factor of all durations
	fail    float64 // share of requests
	load    float64 // requests per second and instance
	bounds  []float64
}

func twin(seed, side uint64) world {
	return world{
		random: rand.New(rand.NewPCG(seed, side)), minutes: 60, rate: 120, median: 0.08, spread: 0.5, sway: 0.05, slow: 1, fail: 0.01, load: 20, bounds: fine(),
	}
}

// fine are bounds 2 % apart.
func fine() []float64 {
	var out []float64
	for x := 0.005; x < 5; x *= 1.02 {
		out = append(out, math.Round(x*1e6)/1e6)
	}
	return out
}

// usual are the default buckets of Prometheus' clients.
func usual() []float64 {
	return []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
}

func poisson(r *rand.Rand, mean float64) int {
	if mean > 200 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n, p := 0, math.Exp(-mean)
	for x := r.Float64(); x > p; x *= r.Float64() {
		n++
	}
	return n
}

// endpoint measures one endpoint: its durations and its errors.
func (w *world) endpoint() (durations, errors parity.Fact) {
	m := parity.Measurement{Unit: "s", Start: time.Unix(1.7e9, 0), Step: time.Minute, Instances: 1, Bounds: w.bounds, Width: len(w.bounds) + 1}
	m.Buckets = make([]float64, w.minutes*m.Width)
	e := parity.Measurement{Start: m.Start, Step: m.Step, Instances: 1}
	for i := range w.minutes {
		n := poisson(w.random, w.rate)
		failed := 0
		minute := math.Exp(w.sway * w.random.NormFloat64())
		for range n {
			took := w.median * w.slow * minute * math.Exp(w.spread*w.random.NormFloat64())
			m.Buckets[i*m.Width+sort.SearchFloat64s(w.bounds, took)]++
			if w.random.Float64() < w.fail {
				failed++
			}
		}
		m.Total = append(m.Total, float64(n))
		m.Load = append(m.Load, w.load*(1+0.05*w.random.NormFloat64()))
		e.Total, e.Events = append(e.Total, float64(n)), append(e.Events, float64(failed))
	}
	e.Load = m.Load
	return parity.Fact{Path: parity.LatencyPath, Value: m.Value(parity.Distribution, "")}, parity.Fact{Path: parity.ErrorsPath, Value: e.Value(parity.Proportion, "")}
}

// pairs measures some endpoints of a service in two worlds.
func pairs(own, ref *world, endpoints int) []behaviour.Pair {
	var out []behaviour.Pair
	for i := range endpoints {
		subject := parity.Key{Kind: parity.EndpointKind, Scope: "shop", Name: fmt.Sprintf("GET /%d", i)}
		ownTook, ownFailed := own.endpoint()
		refTook, refFailed := ref.endpoint()
		out = append(out,
			behaviour.Pair{Subject: subject, Path: parity.LatencyPath, Own: &ownTook, Ref: &refTook},
			behaviour.Pair{Subject: subject, Path: parity.ErrorsPath, Own: &ownFailed, Ref: &refFailed})
	}
	return out
}

func sorted(x []float64) []float64 {
	out := append([]float64(nil), x...)
	sort.Float64s(out)
	return out
}
