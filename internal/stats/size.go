package stats

import "math"

// sizeFactor is the square of the sum of the normal quantiles that two one-sided
// tests at Alpha with Power need, if there is no effect.
func sizeFactor() float64 {
	z := normalQuantile(1-Alpha) + normalQuantile(1-(1-Power)/2)
	return z * z
}

// NeededShare is how many independent requests each side needs to show with
// Power that two equal shares p differ by no more than margin. MaxNeeded where
// no number is enough.
func NeededShare(p, margin float64) float64 {
	return upTo(2 * sizeFactor() * p * (1 - p) / (margin * margin))
}

// NeededRatio is how many independent events each side needs to show with Power
// that two equal rates of rare events differ by no more than the part relative.
func NeededRatio(relative float64) float64 {
	m := math.Log1p(relative)
	return upTo(2 * sizeFactor() / (m * m))
}

// NeededQuantile is how many independent requests each side needs to show with
// Power that two equal q-quantiles differ by no more than the part ratio.
// Durations are taken to be lognormal, with spread the standard deviation of
// their logarithm.
func NeededQuantile(q, spread, ratio float64) float64 {
	z := normalQuantile(q)
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	m := math.Log1p(ratio)
	return upTo(2 * sizeFactor() * q * (1 - q) * spread * spread / (density * density * m * m))
}

// upTo rounds a needed number up and bounds it.
func upTo(n float64) float64 {
	if !(n < MaxNeeded) {
		return MaxNeeded
	}
	return math.Ceil(max(0, n))
}

// spread is the variance of an effect's one side and the requests that gave it.
type spread struct{ variance, requests float64 }

// need tells how many more requests decide, if the effect d stays, with both
// margins on d's scale and variances that fall as requests grow. The side that
// is the less certain grows alone where that is enough.
func need(d, low, high float64, ref, other spread) Needed {
	target := targetSpread(d, low, high)
	target *= target
	more := func(s spread, variance float64) float64 {
		if !(s.variance > variance) {
			return 0
		}
		if !(variance > 0) {
			return MaxNeeded
		}
		return upTo(s.requests * (s.variance/variance - 1))
	}
	var n Needed
	switch {
	case ref.variance <= target/2:
		n.Other = more(other, target-ref.variance)
	case other.variance <= target/2:
		n.Ref = more(ref, target-other.variance)
	default:
		n.Ref, n.Other = more(ref, target/2), more(other, target/2)
	}
	if n.Ref == 0 && n.Other == 0 {
		// Decided with Power already, and missed: the chance of one more tenth.
		n.Other = upTo(other.requests / 10)
	}
	return n
}

// targetSpread is the standard error that decides with Power if the effect is d.
func targetSpread(d, low, high float64) float64 {
	z := normalQuantile(1 - Alpha)
	if outside := max(d-high, low-d); outside >= 0 {
		return outside / (z + normalQuantile(Power))
	}
	power := func(se float64) float64 {
		return 1 - normalTail((high-d)/se-z) - normalTail((d-low)/se-z)
	}
	none, enough := high-low, 0.0
	for range 60 {
		middle := (none + enough) / 2
		if power(middle) >= Power {
			enough = middle
		} else {
			none = middle
		}
	}
	return enough
}

// needShare is what a comparison of shares lacks.
func needShare(r *Result, ref, other estimate) Needed {
	if r.Scale == Difference {
		v := func(e estimate) spread {
			half := (e.Interval.High - e.Interval.Low) / 2 / zOf(Level)
			return spread{half * half, e.Requests}
		}
		return need(r.Estimate, r.Margin.Low, r.Margin.High, v(ref), v(other))
	}
	v := func(e estimate) spread {
		events := max(0.5, e.events())
		return spread{(1 - e.p) / events, e.Requests}
	}
	log := func(e estimate) float64 { return math.Log(max(0.5, e.events()) / e.Effective) }
	low := math.Log(max(1e-9, r.Margin.Low))
	return need(log(other)-log(ref), low, math.Log(r.Margin.High), v(ref), v(other))
}

// needQuantile is what a comparison of quantiles lacks. Of samples and fine
// buckets it comes from the interval. Where the limits are bounds of buckets,
// the ranks must come nearer to the quantile than the next bound.
func needQuantile(r *Result, ref, other *quantile) Needed {
	v := func(s *quantile) spread {
		e := s.ends(s.z())
		if !s.c.points && !s.c.smooth {
			return spread{s.gap(), s.Requests}
		}
		half := 1.0
		if e.from > 0 && e.low > 0 && !math.IsInf(e.to, 1) {
			half = (math.Log(e.low/e.from) + math.Log(e.to/e.high)) / 2 / zOf(Level)
		}
		return spread{half * half, s.Requests}
	}
	a, b := v(ref), v(other)
	low, high := math.Log(r.Margin.Low), math.Log(r.Margin.High)
	if !ref.c.points && !ref.c.smooth || !other.c.points && !other.c.smooth {
		return Needed{Ref: more(a), Other: more(b)}
	}
	// What buckets hide takes its part of the margin.
	e, f := ref.ends(0), other.ends(0)
	hidden := 0.0
	if e.low > 0 && f.low > 0 && e.high < math.MaxFloat64 && f.high < math.MaxFloat64 {
		hidden = math.Log(e.high/e.low)/2 + math.Log(f.high/f.low)/2
	}
	d := math.Log(max(math.SmallestNonzeroFloat64, r.Estimate))
	if d > high || d < low {
		hidden = -hidden
	}
	return need(d, min(d, low+hidden), max(d, high-hidden), a, b)
}

// gap is how many times more requests bring the ranks nearer to q than the
// nearest bound.
func (s *quantile) gap() float64 {
	nearest := math.Inf(1)
	for _, share := range s.c.shares {
		nearest = min(nearest, math.Abs(share-s.q))
	}
	z := normalQuantile(1-Alpha) + normalQuantile(Power)
	return z * z * s.q * (1 - s.q) / (nearest * nearest) / s.Effective
}

// more is the further requests of a number of times.
func more(s spread) float64 {
	if !(s.variance > 1) {
		return 0
	}
	return upTo(s.requests * (s.variance - 1))
}
