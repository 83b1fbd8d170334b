package stats

import (
	"math"
	"testing"
)

func nearInterval(t *testing.T, what string, got Interval, low, high, within float64) {
	t.Helper()
	near(t, what+", low", got.Low, low, within)
	near(t, what+", high", got.High, high, within)
}

// The examples of Newcombe, Statistics in Medicine 17 (1998), 857-872.
func TestNewcombesSingleProportions(t *testing.T) {
	for _, c := range []struct{ k, n, wilsonLow, wilsonHigh, exactLow, exactHigh float64 }{
		{81, 263, 0.2553, 0.3662, 0.2527, 0.3676},
		{15, 148, 0.0624, 0.1605, 0.0578, 0.1617},
		{0, 20, 0, 0.1611, 0, 0.1684},
		{1, 29, 0.0061, 0.1718, 0.0009, 0.1776},
	} {
		nearInterval(t, "Wilson", Wilson(c.k, c.n, 0.95), c.wilsonLow, c.wilsonHigh, 6e-5)
		nearInterval(t, "Clopper and Pearson", ClopperPearson(c.k, c.n, 0.95), c.exactLow, c.exactHigh, 6e-5)
	}
}

// The examples of Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.
func TestNewcombesDifferences(t *testing.T) {
	for _, c := range []struct{ k1, n1, k2, n2, low, high float64 }{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		nearInterval(t, "Newcombe", Newcombe(c.k1, c.n1, c.k2, c.n2, 0.95), c.low, c.high, 6e-5)
	}
}

// The example of R's poisson.test: 11 in 800 against 6+8+7 in 1083+1050+878.
func TestRatioOfRates(t *testing.T) {
	nearInterval(t, "ratio", RateRatio(11, 800, 21, 3011, 0.95), 0.8584264, 4.2772659, 1e-5)
	if r := RateRatio(3, 100, 0, 100, 0.9); !r.Unbounded || !(r.Low > 0) {
		t.Errorf("without events of the reference the ratio has no upper limit: %+v", r)
	}
}

// Mortality under tolbutamide and placebo in two strata of age (Rothman, Greenland
// and Lash, Modern Epidemiology).
func TestMantelHaenszel(t *testing.T) {
	strata := []Table{
		{Other: 8, OtherTotal: 106, Ref: 5, RefTotal: 120},
		{Other: 22, OtherTotal: 98, Ref: 16, RefTotal: 85},
	}
	ratio, _ := MHRatio(strata)
	near(t, "ratio", ratio, 1.33, 0.005)
	difference, _ := MHDifference(strata)
	near(t, "difference", difference, 0.035, 0.0005)
	// Of one stratum the ratio's variance is the textbook's, and Sato's is near
	// that of two binomial shares.
	one := strata[:1]
	_, logVariance := MHRatio(one)
	near(t, "variance of the logarithm", logVariance, 1/8.0-1/106.0+1/5.0-1/120.0, 1e-12)
	_, variance := MHDifference(one)
	p1, p0 := 8/106.0, 5/120.0
	near(t, "variance of the difference", variance/(p1*(1-p1)/106+p0*(1-p0)/120), 1, 0.02)
}

// The fifteen p values of Benjamini and Hochberg, JRSS B 57 (1995), 289-300.
func TestBenjaminiHochbergsExample(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	p[0], p[12] = p[12], p[0]
	got := BenjaminiHochberg(p, 0.05)
	for i := range p {
		if want := i == 12 || i >= 1 && i <= 3; got[i] != want {
			t.Errorf("p = %v: listed %v", p[i], got[i])
		}
	}
	if out := BenjaminiHochberg([]float64{math.NaN(), 0.001}, 0.05); out[0] || !out[1] {
		t.Errorf("a p value that is no number is not listed: %v", out)
	}
}

// The figures of sizes that the method promises.
func TestSizes(t *testing.T) {
	near(t, "events for 10 %", NeededRatio(0.1), 1900, 30)
	near(t, "requests for 0.5 points at 1 %", NeededShare(0.01, 0.005), 6800, 50)
	near(t, "requests for 15 % of p95", NeededQuantile(0.95, 0.5, 0.15), 1000, 50)
	near(t, "requests for 15 % of p95, heavy tail", NeededQuantile(0.95, 1, 0.15), 4000, 150)
	if NeededShare(0.1, 0) != MaxNeeded {
		t.Error("no number of requests proves a margin of nothing")
	}
}

func TestRankLimitsOfSmallSamples(t *testing.T) {
	// Of 59 requests the largest is above the 0.95-quantile with a chance of
	// 1 - 0.95^59 = 0.9515; of 58 with less than 0.95.
	if r := RankLimits(58, 0.95, 0.9); !r.HighOpen {
		t.Errorf("58 requests give an upper limit: %+v", r)
	}
	r := RankLimits(59, 0.95, 0.9)
	if r.HighOpen {
		t.Fatalf("59 requests give no upper limit: %+v", r)
	}
	near(t, "upper rank of 59", r.High*59+0.5, 59, 0.05)
	// Of 100, the textbook's ranks of the median at 0.95 are 40 and 61: a little
	// more than the level. Not rounded they lie inside.
	r = RankLimits(100, 0.5, 0.95)
	if low, high := r.Low*100+0.5, r.High*100+0.5; low < 40 || low > 41 || high < 60 || high > 61 {
		t.Errorf("ranks of the median of 100: %.2f and %.2f", low, high)
	}
}
