package stats

import (
	"math/rand/v2"
	"testing"
)

// service is a service of three endpoints that are alike on both sides, while the
// other side has another mix and a tenth of the traffic.
func service(rng *rand.Rand) (shares []ShareStratum, quantiles []QuantileStratum) {
	w := world{blocks: 60, sway: 0.1, spread: 0.4}
	for _, e := range []struct{ ref, other, p, factor float64 }{
		{300, 10, 0.01, 1}, {150, 15, 0.03, 3}, {50, 25, 0.15, 10},
	} {
		ref, other := w, w
		ref.rate, other.rate = e.ref, e.other
		shares = append(shares, ShareStratum{ref.share(rng, e.p), other.share(rng, e.p)})
		quantiles = append(quantiles, QuantileStratum{
			ref.samples(rng, e.factor).histogram(native(5)), other.samples(rng, e.factor).histogram(native(5)),
		})
	}
	return shares, quantiles
}

func pool(strata []ShareStratum) (ref, other Share) {
	n := len(strata[0].Ref.Total)
	sum := func(side func(ShareStratum) Share) Share {
		out := Share{Events: make([]float64, n), Total: make([]float64, n)}
		for _, s := range strata {
			for b := range n {
				out.Events[b] += side(s).Events[b]
				out.Total[b] += side(s).Total[b]
			}
		}
		return out
	}
	return sum(func(s ShareStratum) Share { return s.Ref }), sum(func(s ShareStratum) Share { return s.Other })
}

func TestAnotherMixMakesNoDifference(t *testing.T) {
	rng := seeded(600)
	m, o := Margin{Relative: 0.1, Floor: 0.01}, QuantileOptions{Q: 0.95, Ratio: 0.15}
	var standard, plain, covered, quantile, plainQuantile, coveredQuantile tally
	for range runs(150) {
		shares, quantiles := service(rng)
		r := CompareStandardShares(shares, m)
		standard.add(r.Verdict == Different)
		covered.add(r.Interval.Contains(map[Scale]float64{Difference: 0, Ratio: 1}[r.Scale]))
		ref, other := pool(shares)
		plain.add(CompareShares(ref, other, m).Verdict == Different)
		r = CompareStandardQuantile(quantiles, o)
		quantile.add(r.Verdict == Different)
		coveredQuantile.add(r.Interval.Contains(1))
		var refs, others []*Histogram
		for _, s := range quantiles {
			refs, others = append(refs, s.Ref.(*Histogram)), append(others, s.Other.(*Histogram))
		}
		mergedRef, err := Merge(refs...)
		if err != nil {
			t.Fatal(err)
		}
		mergedOther, err := Merge(others...)
		if err != nil {
			t.Fatal(err)
		}
		plainQuantile.add(CompareQuantile(mergedRef, mergedOther, o).Verdict == Different)
	}
	standard.atMost(t, "shares called different", Alpha)
	quantile.atMost(t, "quantiles called different", Alpha)
	covered.covers(t, "standardised difference", 0.95)
	coveredQuantile.covers(t, "standardised quantile", 1)
	if plain.rate() < 0.9 || plainQuantile.rate() < 0.9 {
		t.Errorf("without standardising the mix decides: %.2f of the shares, %.2f of the quantiles called different", plain.rate(), plainQuantile.rate())
	}
}

func TestARealDifferenceIsSeenThroughTheMix(t *testing.T) {
	rng := seeded(601)
	shares, quantiles := service(rng)
	for i := range shares {
		for b := range shares[i].Other.Events {
			s := &shares[i].Other
			s.Events[b] = min(s.Total[b], 3*s.Events[b]+1)
		}
		h := quantiles[i].Other.(*Histogram)
		h.Bounds = NativeBounds(5, -9<<5+32, len(h.Bounds), 0) // twice as slow
	}
	if r := CompareStandardShares(shares, Margin{Relative: 0.1, Floor: 0.01}); r.Verdict != Different {
		t.Errorf("shares: %+v", r)
	}
	r := CompareStandardQuantile(quantiles, QuantileOptions{Q: 0.95, Ratio: 0.15})
	if r.Verdict != Different || r.Estimate < 1.7 || r.Estimate > 2.3 {
		t.Errorf("quantiles: %+v", r)
	}
}

func TestEndpointsOfOneSideAreToldNotCompared(t *testing.T) {
	rng := seeded(602)
	shares, quantiles := service(rng)
	shares[0].Other, quantiles[0].Other = Share{}, nil
	if c := CompareStandardShares(shares, Margin{Floor: 0.01}).Covered; c < 0.35 || c > 0.45 {
		t.Errorf("shares: %.2f covered, want about 200 of 500", c)
	}
	if c := CompareStandardQuantile(quantiles, QuantileOptions{Q: 0.95, Ratio: 0.15}).Covered; c < 0.35 || c > 0.45 {
		t.Errorf("quantiles: %.2f covered, want about 200 of 500", c)
	}
	for i := range shares {
		shares[i].Other, quantiles[i].Other = Share{}, nil
	}
	if r := CompareStandardShares(shares, Margin{Floor: 0.01}); r.Reason != Support || r.Covered != 0 {
		t.Errorf("nothing in common: %+v", r)
	}
	if r := CompareStandardQuantile(quantiles, QuantileOptions{Q: 0.95, Ratio: 0.15}); r.Reason != Support || r.Covered != 0 {
		t.Errorf("nothing in common: %+v", r)
	}
}

// Many endpoints with few requests each: a stratum's own share hides a part of
// its spread.
func TestSparseStrata(t *testing.T) {
	rng := seeded(603)
	w := world{blocks: 60, rate: 0.15}
	var covered tally
	for range runs(250) {
		var strata []ShareStratum
		for range 150 {
			p := 0.02 + 0.2*rng.Float64()
			strata = append(strata, ShareStratum{w.share(rng, p), w.share(rng, p)})
		}
		covered.add(CompareStandardShares(strata, Margin{Floor: 0.02}).Interval.Contains(0))
	}
	covered.covers(t, "difference over sparse strata", 0.95)
}

func TestOneStratumIsThePlainComparison(t *testing.T) {
	rng := seeded(604)
	w := world{blocks: 60, rate: 40, sway: 0.2, spread: 0.5}
	ref, other := w.share(rng, 0.1), w.share(rng, 0.12)
	a, b := CompareShares(ref, other, Margin{Floor: 0.02}), CompareStandardShares([]ShareStratum{{ref, other}}, Margin{Floor: 0.02})
	near(t, "low", b.Interval.Low, a.Interval.Low, 1e-3)
	near(t, "high", b.Interval.High, a.Interval.High, 1e-3)
	x, y := w.samples(rng, 1), w.samples(rng, 1)
	o := QuantileOptions{Q: 0.95, Ratio: 0.15}
	if a, b := CompareQuantile(x, y, o), CompareStandardQuantile([]QuantileStratum{{x, y}}, o); a.Interval != b.Interval || a.P != b.P {
		t.Errorf("quantiles: %+v and %+v", a, b)
	}
}
