package stats

import (
	"math"
	"slices"
	"sort"
	"strconv"
)

// maxBoundaries is how many bounds are asked for around one quantile.
const maxBoundaries = 4

// boundaries are the bounds to add so that the margin, a ratio above 1, can be
// told at both quantiles: those that cut the quantile's bucket into steps of the
// margin's root, or, where that takes more than four, four such steps around the
// interpolated quantile. Adding them shows better where it is.
func boundaries(ref, other *quantile, margin float64) []float64 {
	step := math.Sqrt(margin)
	if !(step > 1.0001) {
		return nil
	}
	var out []float64
	for _, s := range []*quantile{ref, other} {
		if !s.c.classic {
			continue
		}
		for _, x := range s.cuts(step) {
			x = rounded(x)
			close := func(y float64) bool { return math.Abs(x-y) < (step-1)/4*y }
			if x > 0 && x < math.MaxFloat64 && !slices.ContainsFunc(s.c.edges, close) && !slices.ContainsFunc(out, close) {
				out = append(out, x)
			}
		}
	}
	slices.Sort(out)
	return out
}

// cuts are the bounds that one side lacks.
func (s *quantile) cuts(step float64) []float64 {
	low, high := s.low, s.high
	var out []float64
	switch {
	case math.IsInf(high, 1):
		// Anywhere above the last bound: first find out where.
		for x := 2 * low; len(out) < maxBoundaries; x *= 2 {
			out = append(out, x)
		}
		return out
	case low > 0:
		if parts := math.Ceil(math.Log(high/low)/math.Log(step) - 1e-9); parts-1 <= maxBoundaries {
			each := math.Pow(high/low, 1/parts)
			for i := 1.0; i < parts; i++ {
				out = append(out, low*math.Pow(each, i))
			}
			return out
		}
	}
	for _, steps := range []float64{-1.5, -0.5, 0.5, 1.5} {
		out = append(out, s.Estimate*math.Pow(step, steps))
	}
	return out
}

// rounded gives three significant digits.
func rounded(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		return 0
	}
	return y
}

// sharedBoundary compares the shares of requests above the bound, of those that
// both sides have, that is nearest to the reference's quantile; nil without one.
func sharedBoundary(ref, other *cumulative, o QuantileOptions) *SharedBoundary {
	best, distance, found := 0.0, math.Inf(1), false
	from := ref
	if ref.points {
		from = other
	}
	if from.points {
		return nil
	}
	for i, x := range from.edges {
		share := from.shares[i]
		if d := math.Abs(share - o.Q); x > 0 && share > 0 && share < 1 && d < distance && other.has(x) && ref.has(x) {
			best, distance, found = x, d, true
		}
	}
	if !found {
		return nil
	}
	return &SharedBoundary{Bound: best, Result: compareShares(ref.above(best), other.above(best), o.Share)}
}

// has reports whether the distribution is known at x.
func (c *cumulative) has(x float64) bool {
	i := sort.SearchFloat64s(c.edges, x)
	return c.points || i < len(c.edges) && c.edges[i] == x
}

// above is the share of requests above an edge.
func (c *cumulative) above(x float64) estimate {
	i := c.at(x) // residuals of the rest are the same with another sign
	p := 1 - i.p
	return newEstimate(p, p*c.requests, c.requests, i.depend(c.requests))
}
