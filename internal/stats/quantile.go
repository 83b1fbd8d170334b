package stats

import "math"

// QuantileOptions say which quantile is compared, and how much it may differ.
type QuantileOptions struct {
	// Q is the quantile, between 0 and 1: 0.95.
	Q float64
	// Ratio is the margin: 0.15 counts 1/1.15 to 1.15 times as equal.
	Ratio float64
	// Share is the margin of the comparison at a shared boundary, which stands
	// beside the answer Instrument.
	Share Margin
}

// CompareQuantile compares other's quantile with the reference's, as a ratio.
//
// The limits of each side are the order statistics that Bin(n, Q) gives for the
// effective number n that the indicator 'up to the quantile' has (Woodruff 1952).
// Between samples one interpolates; of classic buckets the distribution is known
// at the bounds only, and limits are the outer ones, so that the interval holds
// whatever lies between and covers more than Level; of native histograms of
// schema 3 and finer the neighbours of a bucket bound what lies in it. The two
// sides are joined by MOVER on logarithms, apart from what buckets hide, which is
// no chance and adds up. Swapping the sides gives the reciprocal.
func CompareQuantile(ref, other Distribution, o QuantileOptions) Result {
	return compareQuantile(sum(ref), sum(other), o)
}

// sum sums a side up, nil for none.
func sum(d Distribution) *cumulative {
	switch d := d.(type) {
	case *Histogram:
		if d != nil {
			return d.cumulative()
		}
	case *Samples:
		if d != nil {
			return d.cumulative()
		}
	}
	return nil
}

// ends are what may be the quantile of one side, and its limits.
type ends struct{ low, high, from, to float64 }

// quantile is one side of a comparison.
type quantile struct {
	Side
	c *cumulative
	q float64
}

func newQuantile(c *cumulative, q float64) quantile {
	if c == nil {
		return quantile{}
	}
	s := quantile{c: c, q: q}
	s.Requests, s.Estimate = c.requests, c.guess(q)
	s.Dependence = c.at(c.nearest(q)).depend(c.requests)
	e := s.ends(s.z())
	s.Interval = bounded(e.from, e.to)
	return s
}

// ends tells what the quantile may be at the normal quantile z.
func (s *quantile) ends(z float64) ends {
	ranks := rankLimits(s.Effective, s.q, z)
	var e ends
	e.low, e.high = s.c.spot(s.q)
	e.from, _ = s.c.spot(ranks.Low)
	_, e.to = s.c.spot(ranks.High)
	if ranks.LowOpen {
		e.from = 0
	}
	if ranks.HighOpen {
		e.to = math.Inf(1)
	}
	if r := s.c.relativeError; r > 0 {
		e.low, e.from = e.low/(1+r), e.from/(1+r)
		e.high, e.to = e.high/max(0, 1-r), e.to/max(0, 1-r)
	}
	return e
}

// ratio is the interval of other/ref: what buckets hide from both, widened by
// MOVER of the rest.
func ratio(ref, other ends) Interval {
	low, high := 0.0, math.Inf(1)
	if other.from > 0 && !math.IsInf(ref.to, 1) && ref.high > 0 {
		chance := math.Hypot(math.Log(other.low/other.from), math.Log(ref.to/ref.high))
		low = other.low / ref.high * math.Exp(-chance)
	}
	if ref.from > 0 && !math.IsInf(other.to, 1) {
		chance := math.Hypot(math.Log(other.to/other.high), math.Log(ref.low/ref.from))
		high = other.high / ref.low * math.Exp(chance)
	}
	return bounded(low, high)
}

func compareQuantile(cr, co *cumulative, o QuantileOptions) Result {
	margin := 1 + max(0, finite(o.Ratio))
	r := Result{Scale: Ratio, Margin: bounded(1/margin, margin), P: 1, Covered: 1}
	if !(o.Q > 0 && o.Q < 1) {
		r.Reason = Support
		return r
	}
	ref, other := newQuantile(cr, o.Q), newQuantile(co, o.Q)
	r.Ref, r.Other = ref.Side, other.Side
	r.Reason = unusable(ref.Side, other.Side)
	if r.Reason == "" && (cr.noBound || co.noBound) {
		r.Reason = NoBound
	}
	if r.Reason != "" {
		return r
	}
	at := func(z float64) Interval { return ratio(ref.ends(z), other.ends(z)) }
	r.Interval, r.P = judge(at, r.Margin, quantileDF(ref.Side, other.Side))
	if ref.Estimate > 0 {
		r.Estimate = max(r.Interval.Low, min(r.Interval.High, finite(other.Estimate/ref.Estimate)))
	}
	r.decide()
	if r.Verdict == Inconclusive {
		r.undecided(&ref, &other, o)
	}
	return r
}

// undecided says what an inconclusive comparison lacks: a finer instrument,
// where even certain ranks would not decide, or requests.
func (r *Result) undecided(ref, other *quantile, o QuantileOptions) {
	certain := func(s *quantile) ends {
		e := s.ends(0)
		e.from, e.to = e.low, e.high
		return e
	}
	hidden := ratio(certain(ref), certain(other))
	if !hidden.Within(r.Margin) && !hidden.Outside(r.Margin) && !(ref.c.points && other.c.points && ref.Estimate > 0) {
		r.Reason = Instrument
		r.Boundaries = boundaries(ref, other, r.Margin.High)
		r.Shared = sharedBoundary(ref.c, other.c, o)
		return
	}
	if ref.c.points && !(ref.Estimate > 0) {
		r.Reason = Instrument // no ratio to a quantile of 0
		return
	}
	r.Reason = FewRequests
	r.Needed = needQuantile(r, ref, other)
}

// quantileDF are the degrees of freedom of the ratio.
func quantileDF(ref, other Side) float64 {
	v := func(s Side) float64 {
		if s.Interval.Unbounded || !(s.Interval.Low > 0) {
			return 0
		}
		return math.Pow(math.Log(s.Interval.High/s.Interval.Low), 2)
	}
	return jointDF(v(ref), ref.DF, v(other), other.DF)
}
