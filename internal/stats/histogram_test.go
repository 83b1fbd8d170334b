package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// counts makes a histogram of blocks that all look alike.
func repeated(like Histogram, row []float64, blocks int) *Histogram {
	like.Counts = slices.Repeat(row, blocks)
	return &like
}

func TestIntersectAndMerge(t *testing.T) {
	a := &Histogram{Bounds: []float64{0.1, 0.25, 0.5, 1}, Counts: []float64{1, 2, 3, 4, 5, 10, 20, 30, 40, 50}}
	b := &Histogram{Bounds: []float64{0.05, 0.1, 0.5, 2}, Counts: []float64{1, 2, 3, 4, 5, 1, 1, 1, 1, 1}}
	x, y, err := Intersect(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(x.Bounds, []float64{0.1, 0.5}) || !slices.Equal(x.Counts, []float64{1, 5, 9, 10, 50, 90}) || !slices.Equal(y.Counts, []float64{3, 3, 9, 2, 1, 2}) {
		t.Errorf("%+v and %+v", x, y)
	}
	m, err := Merge(a, b)
	if err != nil || !slices.Equal(m.Counts, []float64{4, 8, 18, 12, 51, 92}) {
		t.Errorf("%+v, %v", m, err)
	}
	if _, _, err := Intersect(a, &Histogram{Bounds: []float64{7}, Counts: []float64{1, 1}}); err == nil {
		t.Error("no bound is shared, and none is missed")
	}
	if _, err := Merge(a, &Histogram{Bounds: a.Bounds, Counts: a.Counts[:5]}); err == nil {
		t.Error("one block is added to two")
	}
	if _, err := Merge(); err == nil {
		t.Error("nothing is merged")
	}
}

func TestNativeHistogramsMergeToTheCoarserSchema(t *testing.T) {
	rng := seeded(800)
	w := world{blocks: 3, rate: 500, spread: 0.6}
	s := w.samples(rng, 1)
	fine, coarse := s.histogram(native(5)), s.histogram(native(3))
	x, y, err := Intersect(fine, coarse)
	if err != nil {
		t.Fatal(err)
	}
	if x.Schema != 3 || y.Schema != 3 || !slices.Equal(x.Bounds, y.Bounds) || !slices.Equal(x.Counts, y.Counts) {
		t.Errorf("the same requests, told at schema 5 and at 3, differ at 3")
	}
	// The first bound is that of the zeros, the next that of the first bucket.
	got := NativeBounds(1, 3, 3, 0)
	for i, want := range []float64{2, 2 * math.Sqrt2, 4} {
		near(t, "bound", got[i], want, 1e-12)
	}
	for _, bad := range [][3]int{{-5, 0, 3}, {21, 0, 3}, {0, 0, 0}, {0, 5000, 3}, {0, -5000, 3}} {
		if NativeBounds(bad[0], bad[1], bad[2], 0) != nil {
			t.Errorf("%v is no histogram", bad)
		}
	}
}

func TestTheInstrumentIsNamed(t *testing.T) {
	rng := seeded(801)
	w := world{blocks: 60, rate: 2000, spread: 0.5}
	m := Margin{Relative: 0.1, Floor: 0.01}
	o := QuantileOptions{Q: 0.95, Ratio: 0.15, Share: m}
	ref, other := w.samples(rng, 1), w.samples(rng, 1)
	r := CompareQuantile(ref.histogram(defaults), other.histogram(defaults), o)
	if r.Verdict != Inconclusive || r.Reason != Instrument || len(r.Boundaries) == 0 || len(r.Boundaries) > 2*maxBoundaries {
		t.Fatalf("%+v", r)
	}
	if r.Shared == nil || r.Shared.Bound != 0.25 || r.Shared.Result.Verdict != Equivalent {
		t.Errorf("at the shared boundary: %+v", r.Shared)
	}
	// Who adds what is named, as often as it is, can tell the margin soon.
	layout := defaults
	for round := 1; ; round++ {
		layout.Bounds = append(slices.Clone(layout.Bounds), r.Boundaries...)
		slices.Sort(layout.Bounds)
		r = CompareQuantile(ref.histogram(layout), other.histogram(layout), o)
		if r.Verdict == Equivalent {
			t.Logf("resolved after %d rounds with %v", round, layout.Bounds)
			break
		}
		if round == 3 || r.Reason == Instrument && len(r.Boundaries) == 0 {
			t.Fatalf("not resolved after %d rounds: %+v", round, r)
		}
	}
}

func TestWideBucketsShowWhatTheyCan(t *testing.T) {
	o := QuantileOptions{Q: 0.95, Ratio: 0.15}
	quick := repeated(defaults, []float64{0, 0, 0, 0, 90, 10, 0, 0, 0, 0, 0, 0}, 40)
	slow := repeated(defaults, []float64{0, 0, 0, 0, 30, 30, 30, 10, 0, 0, 0, 0}, 40)
	r := CompareQuantile(quick, slow, o)
	if r.Verdict != Different || r.Interval.Low < 2 || !(r.P < 1e-6) {
		t.Errorf("p95 between 0.1 and 0.25, and between 0.5 and 1: %+v", r)
	}
	stuck := repeated(defaults, []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100}, 40)
	if r := CompareQuantile(quick, stuck, o); r.Verdict != Different || !r.Interval.Unbounded {
		t.Errorf("p95 above the last bound: %+v", r)
	}
	if r := CompareQuantile(stuck, stuck, o); r.Reason != Instrument || len(r.Boundaries) == 0 || r.Boundaries[0] <= 10 {
		t.Errorf("both above the last bound: %+v", r)
	}
	first := repeated(defaults, []float64{100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 40)
	if r := CompareQuantile(first, first, o); r.Reason != Instrument || len(r.Boundaries) == 0 || r.Boundaries[len(r.Boundaries)-1] > 0.01 {
		t.Errorf("both in the first bucket: %+v", r)
	}
	if r := CompareQuantile(first, quick, o); r.Verdict != Different {
		t.Errorf("the first bucket against the fifth: %+v", r)
	}
}

func TestSourcesWithoutBoundDecideNothing(t *testing.T) {
	h := repeated(defaults, []float64{0, 0, 0, 0, 90, 10, 0, 0, 0, 0, 0, 0}, 40)
	free := *h
	free.NoBound = true
	if r := CompareQuantile(h, &free, QuantileOptions{Q: 0.95, Ratio: 0.15}); r.Reason != NoBound {
		t.Errorf("%+v", r)
	}
	fine := repeated(geometric(0.01, 1.01, 300), append(make([]float64, 200), append(slices.Repeat([]float64{1}, 60), make([]float64, 41)...)...), 100)
	sketch := *fine
	sketch.RelativeError = 0.02
	a, b := CompareQuantile(fine, fine, QuantileOptions{Q: 0.95, Ratio: 0.15}), CompareQuantile(&sketch, &sketch, QuantileOptions{Q: 0.95, Ratio: 0.15})
	near(t, "what the sketch's error adds", b.Interval.High/a.Interval.High, 1.02/0.98, 1e-9)
	sketch.RelativeError = 0.2
	if r := CompareQuantile(&sketch, &sketch, QuantileOptions{Q: 0.95, Ratio: 0.15}); r.Reason != Instrument {
		t.Errorf("a sketch with an error of 20 %% proves 15 %%: %+v", r)
	}
}

// Where the quantile lies in a bucket is bounded by the neighbours, for every
// shape whose density rises or falls there; a spike that stands out is left to
// the bucket's edges. The counts are the expected ones of 10^7 requests.
func TestBoundsInsideABucketHoldTheQuantile(t *testing.T) {
	layout := native(3)
	normal := func(x, mean, sd float64) float64 { return normalTail((mean - x) / sd) }
	shapes := map[string]func(x float64) float64{
		"lognormal":        func(x float64) float64 { return normal(math.Log(x/0.1), 0, 0.5) },
		"narrow lognormal": func(x float64) float64 { return normal(math.Log(x/0.1), 0, 0.1) },
		"exponential":      func(x float64) float64 { return -math.Expm1(-x / 0.1) },
		"Pareto":           func(x float64) float64 { return max(0, 1-math.Pow(0.05/x, 1.5)) },
		"uniform":          func(x float64) float64 { return min(1, x/0.3) },
		"two humps": func(x float64) float64 {
			return 0.93*normal(math.Log(x/0.05), 0, 0.4) + 0.07*normal(math.Log(x/0.6), 0, 0.3)
		},
		"rising": func(x float64) float64 { return min(1, math.Pow(x/0.5, 6)) },
	}
	for name, f := range shapes {
		rng := seeded(802)
		worst, width, n := 0.0, 0.0, 0
		for range 300 {
			scale := math.Exp(rng.Float64())
			h := expected(layout, func(x float64) float64 { return f(x / scale) })
			c := h.cumulative()
			q := 0.5 + 0.49*rng.Float64()
			low, high := c.spot(q)
			truth := invert(func(x float64) float64 { return f(x / scale) }, q)
			if miss := max(low/truth, truth/high) - 1; miss > worst {
				worst = miss
			}
			width += math.Log(high/low) / math.Log(2) * 8
			n++
		}
		t.Logf("%s: outside by %.5f at most, %.2f of a bucket wide", name, worst, width/float64(n))
		// Within the noise of the counts a density may turn or begin unseen.
		if worst > 0.002 {
			t.Errorf("%s: the quantile lies outside by %.4f of itself", name, worst)
		}
	}
	h := expected(layout, func(x float64) float64 {
		y := 0.9 * shapes["lognormal"](x)
		if x >= 0.171 {
			y += 0.1 // a timeout
		}
		return y
	})
	if low, high := h.cumulative().spot(0.85); !(low <= 0.171 && 0.171 <= high) || math.Abs(math.Log2(high/low)*8-1) > 1e-9 {
		t.Errorf("a spike at 0.171 is looked for between %v and %v", low, high)
	}
}

func expected(like Histogram, f func(x float64) float64) *Histogram {
	h := like
	before := 0.0
	for _, b := range h.Bounds {
		h.Counts = append(h.Counts, 1e7*max(0, f(b)-before))
		before = f(b)
	}
	return &h
}

func invert(f func(x float64) float64, q float64) float64 {
	low, high := 1e-4, 100.0
	for range 100 {
		if middle := math.Sqrt(low * high); f(middle) < q {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// TestTwinsAtTheMarginOfNativeBuckets places the quantile everywhere in a bucket
// of schema 3 with so many requests that chance plays no part: what is exactly at
// the margin must not be called equivalent.
func TestTwinsAtTheMarginOfNativeBuckets(t *testing.T) {
	rng := rand.New(rand.NewPCG(803, 1))
	equivalent := 0
	for range 400 {
		scale := 1 + rng.Float64()
		cdf := func(scale float64) func(x float64) float64 {
			return func(x float64) float64 { return normalTail(-math.Log(x/0.1/scale) / 0.4) }
		}
		at := func(scale float64) *Histogram {
			h := expected(native(3), cdf(scale))
			for i := range h.Counts {
				h.Counts[i] /= 100
			}
			h.Counts = slices.Repeat(h.Counts, 60)
			return h
		}
		o := QuantileOptions{Q: 0.95, Ratio: 0.15}
		if r := CompareQuantile(at(scale), at(scale*1.155), o); r.Verdict == Equivalent {
			t.Fatalf("15.5 %% slower is called equivalent: %+v", r)
		}
		if CompareQuantile(at(scale), at(scale), o).Verdict == Equivalent {
			equivalent++
		}
	}
	t.Logf("%d of 400 equal pairs proven at schema 3", equivalent)
	if equivalent < 300 {
		t.Errorf("schema 3 proves only %d of 400 equal pairs", equivalent)
	}
}
