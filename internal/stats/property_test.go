package stats

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// drawWorld is any traffic, dull or odd.
func drawWorld(t *rapid.T) world {
	return world{
		blocks: rapid.IntRange(1, 80).Draw(t, "blocks"), rate: rapid.Float64Range(0.2, 40).Draw(t, "rate"),
		burst: rapid.Float64Range(0, 10).Draw(t, "burst"), phi: rapid.Float64Range(0, 0.95).Draw(t, "phi"),
		sway: rapid.Float64Range(0, 1).Draw(t, "sway"), spread: rapid.Float64Range(0, 2).Draw(t, "spread"),
	}
}

// sides are two distributions of one kind.
func drawSides(t *rapid.T) (ref, other Distribution) {
	rng := seeded(rapid.Uint64().Draw(t, "seed"))
	a, b := drawWorld(t), drawWorld(t)
	x, y := a.samples(rng, 1), b.samples(rng, rapid.Float64Range(0.3, 3).Draw(t, "factor"))
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return x, y
	case 1:
		return x.histogram(native(3)), y.histogram(native(5))
	case 2:
		return x.histogram(defaults), y.histogram(geometric(0.01, 1.3, 30))
	}
	return x, y.histogram(defaults)
}

func TestSwappingTheSidesMirrorsTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref, other := drawSides(t)
		o := QuantileOptions{Q: 0.9, Ratio: 0.2}
		a, b := CompareQuantile(ref, other, o), CompareQuantile(other, ref, o)
		if a.Verdict != b.Verdict || a.Reason != b.Reason || math.Abs(a.P-b.P) > 1e-4 {
			t.Fatalf("%v %v %v, swapped %v %v %v", a.Verdict, a.Reason, a.P, b.Verdict, b.Reason, b.P)
		}
		if a.Reason == "" && !b.Interval.Unbounded && math.Abs(a.Interval.Low*b.Interval.High-1) > 1e-9 {
			t.Fatalf("%+v, swapped %+v", a.Interval, b.Interval)
		}
		rng := seeded(rapid.Uint64().Draw(t, "seed of shares"))
		x, y := drawWorld(t).share(rng, 0.2), drawWorld(t).share(rng, 0.3)
		c, d := CompareShares(x, y, Margin{Floor: 0.05}), CompareShares(y, x, Margin{Floor: 0.05})
		if c.Verdict != d.Verdict || math.Abs(c.Interval.Low+d.Interval.High) > 1e-9 || math.Abs(c.P-d.P) > 1e-4 {
			t.Fatalf("%+v, swapped %+v", c, d)
		}
	})
}

func TestAThingIsNeverDifferentFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref, _ := drawSides(t)
		if r := CompareQuantile(ref, ref, QuantileOptions{Q: 0.95, Ratio: rapid.Float64Range(0, 1).Draw(t, "ratio")}); r.Verdict == Different {
			t.Fatalf("%+v", r)
		}
		s := drawWorld(t).share(seeded(rapid.Uint64().Draw(t, "seed of shares")), rapid.Float64Range(0, 1).Draw(t, "p"))
		m := Margin{Relative: rapid.Float64Range(0, 1).Draw(t, "relative"), Floor: rapid.Float64Range(0, 0.1).Draw(t, "floor")}
		if r := CompareShares(s, s, m); r.Verdict == Different {
			t.Fatalf("%+v", r)
		}
	})
}

func TestIntervalsHoldTheirEstimates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref, other := drawSides(t)
		r := CompareQuantile(ref, other, QuantileOptions{Q: 0.95, Ratio: 0.15})
		if r.Reason == FewBlocks || r.Reason == Support {
			return
		}
		for _, s := range []Side{r.Ref, r.Other} {
			if s.Estimate < s.Interval.Low*(1-1e-9) || s.Estimate > s.Interval.High*(1+1e-9) {
				t.Fatalf("side %+v", s)
			}
		}
		if !r.Interval.Contains(r.Estimate) {
			t.Fatalf("%+v", r)
		}
		if decided := r.Verdict != Inconclusive; decided != (r.Reason == "") || decided && r.Needed != (Needed{}) {
			t.Fatalf("verdict, reason and need do not fit: %+v", r)
		}
		if r.Reason == FewRequests && !(r.Needed.Ref+r.Needed.Other > 0) {
			t.Fatalf("nothing is needed and nothing decided: %+v", r)
		}
	})
}

// Ten times the same traffic tells more.
func TestMoreRequestsNarrowTheInterval(t *testing.T) {
	w := world{blocks: 60, rate: 20, spread: 0.5}
	rng := seeded(700)
	var shares, quantiles tally
	o := QuantileOptions{Q: 0.95, Ratio: 0.15}
	for range 100 {
		more := w
		more.rate *= 10
		width := func(i Interval) float64 { return i.High - i.Low }
		a, b := CompareShares(w.share(rng, 0.1), w.share(rng, 0.1), Margin{}), CompareShares(more.share(rng, 0.1), more.share(rng, 0.1), Margin{})
		shares.add(width(b.Interval) < width(a.Interval))
		c, d := CompareQuantile(w.samples(rng, 1), w.samples(rng, 1), o), CompareQuantile(more.samples(rng, 1), more.samples(rng, 1), o)
		quantiles.add(width(d.Interval) < width(c.Interval))
	}
	if shares.rate() < 0.9 || quantiles.rate() < 0.9 {
		t.Errorf("narrower in %.2f and %.2f of the cases", shares.rate(), quantiles.rate())
	}
}

// numbers fails where a value holds a number that is none.
func numbers(t interface{ Fatalf(string, ...any) }, what string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Float64:
		if x := v.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
			t.Fatalf("%s is %v", what, x)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			numbers(t, what+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			numbers(t, what, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			numbers(t, fmt.Sprintf("%s[%d]", what, i), v.Index(i))
		}
	}
}

func floats(data []byte) []float64 {
	var out []float64
	odd := []float64{0, -1, 1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324, 1e300, 0.5}
	for len(data) > 0 {
		switch n := data[0]; {
		case n < 230:
			out = append(out, float64(n))
			data = data[1:]
		case n < 240:
			out = append(out, odd[n-230])
			data = data[1:]
		case len(data) < 9:
			return out
		default:
			out = append(out, math.Float64frombits(binary.LittleEndian.Uint64(data[1:])))
			data = data[9:]
		}
	}
	return out
}

func FuzzComparisons(f *testing.F) {
	rows := make([]byte, 120)
	for i := range rows {
		rows[i] = byte(i * 7)
	}
	f.Add(rows, []byte{1, 2, 5, 10}, 0.95, 0.15, uint8(1))
	f.Add(append(rows, 233, 234, 235, 236, 237, 238, 239), []byte{1}, 0.5, 0.0, uint8(0))
	f.Add(make([]byte, 90), []byte{0, 1, 2}, 0.99, 1.0, uint8(7))
	f.Add([]byte{}, []byte{}, math.NaN(), math.Inf(1), uint8(2))
	f.Fuzz(func(t *testing.T, counts, bounds []byte, q, margin float64, kind uint8) {
		if len(counts) > 4000 || len(bounds) > 40 {
			return
		}
		n, b := floats(counts), floats(bounds)
		half := len(n) / 2
		h := func(n []float64) Distribution {
			switch kind % 4 {
			case 0:
				return &Histogram{Bounds: b, Counts: n, RelativeError: margin}
			case 1:
				return &Histogram{Bounds: b, Counts: n, Exponential: true, Schema: int(kind / 4)}
			case 2:
				s := &Samples{Values: n}
				for i := range len(n) / 2 {
					s.Ends = append(s.Ends, 2*i+int(kind/64))
				}
				return s
			}
			width := len(b) + 1
			return &Histogram{Bounds: b, Counts: n[:len(n)/width*width]}
		}
		m := Margin{Relative: margin, Floor: q / 10}
		o := QuantileOptions{Q: q, Ratio: margin, Share: m}
		x, y := Share{Events: n[:half/2], Total: n[half/2 : half]}, Share{Events: n[half : half+half/2], Total: n[half+half/2:]}
		for i, r := range []Result{
			CompareShares(x, y, m), CompareShares(y, x, m), CompareShares(x, Share{Events: make([]float64, half), Total: x.Total}, m),
			CompareQuantile(h(n[:half]), h(n[half:]), o), CompareQuantile(h(n), h(n[:half]), o), CompareQuantile(h(n), nil, o),
			CompareStandardShares([]ShareStratum{{x, y}, {y, x}}, m),
			CompareStandardQuantile([]QuantileStratum{{h(n[:half]), h(n[half:])}, {h(n), h(n)}, {nil, h(n)}}, o),
		} {
			numbers(t, fmt.Sprintf("result %d (%+v)", i, r), reflect.ValueOf(r))
			if r.P < 0 || r.P > 1 || r.Covered < 0 || r.Covered > 1 {
				t.Fatalf("p value %v, covered %v", r.P, r.Covered)
			}
			if r.Verdict == Inconclusive && r.Reason == "" {
				t.Fatalf("inconclusive without a reason: %+v", r)
			}
		}
		numbers(t, "load", reflect.ValueOf(Overlap(n[:half], n[half:], margin)))
		numbers(t, "pooled", reflect.ValueOf(len(PoolInstances(n, int(kind), 3))))
		e, err := NewEProcess(q, margin, margin)
		if err == nil {
			for i := 1; i < len(n); i++ {
				e.Add(n[i-1], n[i])
			}
			numbers(t, "evidence", reflect.ValueOf(e.LogE()))
		}
		for _, x := range []float64{NeededShare(q, margin), NeededRatio(margin), NeededQuantile(q, margin, margin)} {
			numbers(t, "needed", reflect.ValueOf(x))
		}
		BenjaminiHochberg(n, q)
	})
}
