package stats

import "math"

// Ranks are the limits of a quantile as shares of the sorted sample, the order
// statistic of rank r of n standing at (r-1/2)/n. LowOpen and HighOpen tell that
// the sample is too small for a limit on that side.
type Ranks struct {
	Low, High         float64
	LowOpen, HighOpen bool
}

// RankLimits gives the ranks of the order statistics that bound the q-quantile
// of n independent requests with the level, from Bin(n, q). Ranks are not
// rounded: between two order statistics one interpolates (Hutson 1999), so that
// the level is met rather than exceeded. n may be an effective number.
func RankLimits(n, q, level float64) Ranks { return rankLimits(n, q, zOf(level)) }

func rankLimits(n, q, z float64) Ranks {
	if !(n > 0) || !(q > 0 && q < 1) {
		return Ranks{High: 1, LowOpen: true, HighOpen: true}
	}
	low, lowOpen := binomialRank(n, q, -z)
	high, highOpen := binomialRank(n, q, z)
	return Ranks{
		Low: max(0, min((low-0.5)/n, q)), High: min(1, max((high-0.5)/n, q)),
		LowOpen: lowOpen, HighOpen: highOpen,
	}
}

// exactRanks is the variance of Bin(n, q) up to which ranks are exact; above it
// the expansion is off by less than 0.05 ranks at Level.
const exactRanks = 9

// binomialRank is the r with P(Bin(n, q) >= r) = P(Z > z), continued between
// whole numbers by I_q(r, n+1-r). open tells that no r in [1, n] has it.
func binomialRank(n, q, z float64) (rank float64, open bool) {
	spread := n * q * (1 - q)
	if spread > exactRanks {
		// Cornish and Fisher's expansion of the binomial quantile, with Esseen's
		// term for whole numbers.
		v := q * (1 - q)
		skew := (1 - 2*q) * (z*z - 1) / 6
		flat := -z * (2 - 14*v + z*z*(1+10*v)) / 72 / math.Sqrt(spread)
		rank = n*q + z*math.Sqrt(spread) + skew + flat + 0.5
		return max(0, min(n, rank)), rank < 1 || rank > n
	}
	p := normalTail(z)
	low, high := min(1, n), n
	if betaTail(low, n+1-low, q) <= p {
		return 0, true
	}
	if betaTail(high, n+1-high, q) >= p {
		return n, true
	}
	for range 40 {
		middle := (low + high) / 2
		if betaTail(middle, n+1-middle, q) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2, false
}
