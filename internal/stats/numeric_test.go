package stats

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s: got %.6g, want %.6g within %g", what, got, want, within)
	}
}

func TestStudentQuantiles(t *testing.T) {
	// Tables of Student's t, one-sided 0.05 and 0.025.
	for _, c := range []struct{ level, df, want float64 }{
		{0.9, 1, 6.3138},
		{0.9, 2, 2.9200},
		{0.9, 5, 2.0150},
		{0.9, 8, 1.8595},
		{0.9, 10, 1.8125},
		{0.9, 30, 1.6973},
		{0.9, 120, 1.6577},
		{0.95, 1, 12.7062},
		{0.95, 10, 2.2281},
		{0.95, 60, 2.0003},
		{0.9, freeDF, 1.6449},
	} {
		near(t, "t", studentQuantile(c.level, c.df), c.want, 2e-4)
		near(t, "tail", studentTail(c.want, c.df), (1-c.level)/2, 2e-5)
		near(t, "lower tail", studentTail(-c.want, c.df), (1+c.level)/2, 2e-5)
	}
}

func TestBetaIsTheSumOfBinomialTerms(t *testing.T) {
	for _, n := range []float64{1, 5, 40, 300, 3000} {
		for _, p := range []float64{0.001, 0.05, 0.5, 0.95} {
			sum := 0.0
			for k := n; k > 0; k-- {
				lk, _ := math.Lgamma(k + 1)
				ln, _ := math.Lgamma(n + 1)
				lr, _ := math.Lgamma(n - k + 1)
				sum += math.Exp(ln - lk - lr + k*math.Log(p) + (n-k)*math.Log1p(-p))
				if math.Mod(k, 1+math.Floor(n/7)) == 0 {
					near(t, "P(Bin >= k)", betaTail(k, n-k+1, p), min(1, sum), 1e-9)
				}
			}
		}
	}
}

func TestBetaQuantileInverts(t *testing.T) {
	for _, a := range []float64{0.5, 1, 7.3, 400, 1e5} {
		for _, b := range []float64{0.5, 2, 33, 9e4} {
			for _, p := range []float64{1e-6, 0.05, 0.5, 0.95, 0.9999} {
				near(t, "I_x(a, b)", betaTail(a, b, betaQuantile(p, a, b)), p, 1e-7*max(1, math.Sqrt(a+b)/100))
			}
		}
	}
}

func TestRankExpansionAgreesWithTheExactRank(t *testing.T) {
	worst := 0.0
	for _, q := range []float64{0.5, 0.9, 0.95, 0.99} {
		n := math.Ceil(exactRanks / (q * (1 - q)) * 1.001)
		for _, z := range []float64{-1.645, -1, -0.5, 0, 0.5, 1, 1.645} {
			r, open := binomialRank(n, q, z)
			if open {
				continue
			}
			// The tail at r, in ranks by its slope.
			miss := betaTail(r, n+1-r, q) - normalTail(z)
			slope := betaTail(r-0.5, n+1.5-r, q) - betaTail(r+0.5, n+0.5-r, q)
			worst = max(worst, math.Abs(miss/slope))
		}
	}
	t.Logf("off by %.4f ranks at most", worst)
	if worst > 0.05 {
		t.Errorf("the expansion is off by %.3f ranks", worst)
	}
}
