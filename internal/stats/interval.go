package stats

import "math"

// Wilson is the score interval of a share from k of n (Wilson 1927): the shares
// that a test of size 1-level does not reject. k and n may be effective numbers
// and need not be whole. Without requests it is [0, 1].
func Wilson(k, n, level float64) Interval {
	return wilson(share(k, n), n, zOf(level))
}

// wilson is Wilson's interval of the share p at the normal quantile z.
func wilson(p, n, z float64) Interval {
	if !(n > 0) {
		return Interval{Low: 0, High: 1}
	}
	z2 := z * z
	middle := (p + z2/(2*n)) / (1 + z2/n)
	half := z * math.Sqrt(p*(1-p)/n+z2/(4*n*n)) / (1 + z2/n)
	return around(p, middle-half, middle+half)
}

// ClopperPearson is the exact interval of a share from k of n (1934): at least
// the level for every share, often more. k and n may be effective numbers.
func ClopperPearson(k, n, level float64) Interval {
	if !(n > 0) {
		return Interval{Low: 0, High: 1}
	}
	p := share(k, n)
	k = p * n
	tail := (1 - level) / 2
	low, high := 0.0, 1.0
	if k > 0 {
		low = betaQuantile(tail, k, n-k+1)
	}
	if k < n {
		high = betaQuantile(1-tail, k+1, n-k)
	}
	return around(p, low, high)
}

// share is k of n, within [0, 1].
func share(k, n float64) float64 {
	if !(k > 0) || !(n > 0) {
		return 0
	}
	return min(1, k/n)
}

// around is the part of [low, high] within [0, 1], widened to hold p where
// rounding left it out.
func around(p, low, high float64) Interval {
	return Interval{Low: max(0, min(low, p)), High: min(1, max(high, p))}
}

// MOVER is the interval of t1 - t2 from the intervals of t1 and of t2, which
// are independent (Zou and Donner 2008). Of ratios it is that of the logarithms.
func MOVER(t1 float64, i1 Interval, t2 float64, i2 Interval) Interval {
	low := t1 - t2 - math.Hypot(t1-i1.Low, i2.High-t2)
	high := t1 - t2 + math.Hypot(i1.High-t1, t2-i2.Low)
	return bounded(low, high)
}

// Newcombe is the interval of the difference k1/n1 - k2/n2 (Newcombe 1998,
// method 10): MOVER of Wilson.
func Newcombe(k1, n1, k2, n2, level float64) Interval {
	i := MOVER(share(k1, n1), Wilson(k1, n1, level), share(k2, n2), Wilson(k2, n2, level))
	return Interval{Low: max(-1, i.Low), High: min(1, i.High)}
}

// RateRatio is the interval of (k1/n1) / (k2/n2) for few, rare events: given
// their sum, k1 is binomial, and the limits of its share q are Clopper and
// Pearson's, with ratio q/(1-q) * n2/n1. It is unbounded where k2 is 0.
func RateRatio(k1, n1, k2, n2, level float64) Interval {
	if !(n1 > 0 && n2 > 0 && k1 >= 0 && k2 >= 0) {
		return bounded(0, math.Inf(1))
	}
	q := ClopperPearson(k1, k1+k2, level)
	odds := func(q float64) float64 { return q / (1 - q) * n2 / n1 }
	return bounded(odds(q.Low), odds(q.High))
}
