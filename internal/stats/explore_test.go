package stats

import (
	"maps"
	"slices"
	"testing"
)

func TestExplore(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(worlds)) {
		w := worlds[name]
		rng := seeded(1)
		N := 2000
		for _, p := range []float64{0.02, 0.2} {
			one, two, eq, df, de, dev := 0, 0, 0, 0, 0.0, 0
			for range N {
				a, b := w.share(rng, p), w.share(rng, p)
				r := CompareShares(a, b, Margin{Floor: 0.3 * p})
				if r.Ref.Interval.Contains(p) {
					one++
				}
				if r.Interval.Contains(0) {
					two++
				}
				if r.Verdict == Equivalent {
					eq++
				}
				de += r.Ref.DesignEffect
				c := w.share(rng, p*1.3)
				if CompareShares(a, c, Margin{Floor: 0.3 * p}).Verdict == Equivalent {
					df++
				}
				if CompareShares(a, c, Margin{Floor: 0.3 * p}).Verdict == Different {
					dev++
				}
			}
			f := func(k int) float64 { return float64(k) / float64(N) }
			t.Logf("%-20s p=%.2f one %.3f two %.3f falseEq %.3f falseDiff %.3f eq %.3f deff %.2f", name, p, f(one), f(two), f(df), f(dev), f(eq), de/float64(N))
		}
		N = 700
		one, two, eq, df, de, dev := 0, 0, 0, 0, 0.0, 0
		for range N {
			a, b := w.samples(rng, 1), w.samples(rng, 1)
			r := CompareQuantile(a, b, QuantileOptions{Q: .95, Ratio: .15})
			if r.Ref.Interval.Contains(w.quantile(.95)) {
				one++
			}
			if r.Interval.Contains(1) {
				two++
			}
			if r.Verdict == Equivalent {
				eq++
			}
			de += r.Ref.DesignEffect
			c := w.samples(rng, 1.15)
			switch CompareQuantile(a, c, QuantileOptions{Q: .95, Ratio: .15}).Verdict {
			case Equivalent:
				df++
			case Different:
				dev++
			}
		}
		f := func(k int) float64 { return float64(k) / float64(N) }
		t.Logf("%-20s p95    one %.3f two %.3f falseEq %.3f falseDiff %.3f eq %.3f deff %.2f", name, f(one), f(two), f(df), f(dev), f(eq), de/float64(N))
	}
}
