package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// world makes the traffic of one side: blocks with requests whose error rates
// and durations rise and fall with a hidden state of the block.
type world struct {
	blocks int
	// rate are requests a block, on average; they arrive in bursts of burst
	// requests on average (compound Poisson) where that is above 1.
	rate, burst float64
	// phi is the correlation of the states of neighbouring blocks, and sway the
	// standard deviation of the state, as the logarithm of a factor on error
	// rates and durations.
	phi, sway float64
	// normal makes durations 10 + N(0, 1) instead of lognormal ones whose
	// logarithm has the standard deviation spread.
	normal bool
	spread float64
	// tide makes the rate rise and fall by this part of itself over the window.
	tide float64
}

var worlds = map[string]world{
	"independent":       {blocks: 60, rate: 50, spread: 0.5},
	"normal":            {blocks: 60, rate: 50, normal: true},
	"lognormal, heavy":  {blocks: 60, rate: 50, spread: 1},
	"clusters":          {blocks: 60, rate: 50, sway: 0.3, spread: 0.5},
	"bursts":            {blocks: 60, rate: 50, burst: 8, sway: 0.3, spread: 0.5},
	"AR 0.6":            {blocks: 60, rate: 50, phi: 0.6, sway: 0.3, spread: 0.5},
	"AR 0.6, 120":       {blocks: 120, rate: 50, phi: 0.6, sway: 0.3, spread: 0.5},
	"AR 0.8":            {blocks: 60, rate: 50, phi: 0.8, sway: 0.3, spread: 0.5},
	"AR 0.8, 120":       {blocks: 120, rate: 50, phi: 0.8, sway: 0.3, spread: 0.5},
	"AR 0.8, weak, 120": {blocks: 120, rate: 50, phi: 0.8, sway: 0.1, spread: 0.5},
	"tide, AR 0.6":      {blocks: 120, rate: 50, phi: 0.6, sway: 0.3, spread: 0.5, tide: 0.9},
	"AR 0.8 and bursts": {blocks: 120, rate: 50, burst: 4, phi: 0.8, sway: 0.3, spread: 0.5},
}

func poisson(rng *rand.Rand, mean float64) float64 {
	if mean > 200 {
		return max(0, math.Round(mean+math.Sqrt(mean)*rng.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), rng.Float64(), 0.0
	for product > limit {
		n++
		product *= rng.Float64()
	}
	return n
}

func binomial(rng *rand.Rand, n int, p float64) float64 {
	if float64(n)*p > 2000 && float64(n)*(1-p) > 2000 {
		return math.Round(float64(n)*p + math.Sqrt(float64(n)*p*(1-p))*rng.NormFloat64())
	}
	k := 0.0
	if p <= 0 {
		return 0
	}
	// Waiting times between events.
	for i := 0; ; k++ {
		i += 1 + int(math.Log(rng.Float64())/math.Log1p(-min(p, 1-1e-12)))
		if i > n {
			return k
		}
	}
}

// states gives the states of the blocks, and requests those of each.
func (w world) states(rng *rand.Rand) []float64 {
	out := make([]float64, w.blocks)
	x := rng.NormFloat64()
	for b := range out {
		x = w.phi*x + math.Sqrt(1-w.phi*w.phi)*rng.NormFloat64()
		out[b] = w.sway * x
	}
	return out
}

func (w world) requests(rng *rand.Rand, block int) int {
	rate := w.rate * (1 + w.tide*math.Sin(2*math.Pi*float64(block)/float64(w.blocks)))
	if w.burst <= 1 {
		return int(poisson(rng, rate))
	}
	n := 0
	for range int(poisson(rng, rate/w.burst)) {
		// Geometric bursts.
		n += 1 + int(math.Log(rng.Float64())/math.Log1p(-1/w.burst))
	}
	return n
}

func (w world) share(rng *rand.Rand, p float64) Share {
	s := Share{Events: make([]float64, w.blocks), Total: make([]float64, w.blocks)}
	for b, x := range w.states(rng) {
		n := w.requests(rng, b)
		s.Total[b] = float64(n)
		s.Events[b] = binomial(rng, n, min(1, p*math.Exp(x-w.sway*w.sway/2)))
	}
	return s
}

func (w world) samples(rng *rand.Rand, factor float64) *Samples {
	s := &Samples{}
	for b, x := range w.states(rng) {
		for range w.requests(rng, b) {
			n := rng.NormFloat64()
			v := 0.1 * math.Exp(w.spread*n+x)
			if w.normal {
				v = 10 + n + x
			}
			s.Values = append(s.Values, factor*v)
		}
		s.Ends = append(s.Ends, len(s.Values))
	}
	return s
}

// quantile is the true one.
func (w world) quantile(q float64) float64 {
	z := normalQuantile(q)
	if w.normal {
		return 10 + z*math.Sqrt(1+w.sway*w.sway)
	}
	return 0.1 * math.Exp(z*math.Hypot(w.spread, w.sway))
}

// runs is how many runs a simulation makes; fewer with -short.
func runs(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x9a17)) }
