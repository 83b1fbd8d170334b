package stats

import (
	"math"
	"testing"
)

// benchHistogram has the default buckets of Prometheus and others, 20 in all.
func benchHistogram(seed uint64, blocks int) *Histogram {
	rng := seeded(seed)
	h := &Histogram{}
	for b := 0.001; len(h.Bounds) < 20; b *= 1.7 {
		h.Bounds = append(h.Bounds, b)
	}
	w := world{blocks: blocks, rate: 100, spread: 0.5}
	s := w.samples(rng, 1)
	h.Counts = make([]float64, blocks*h.Width())
	for b := range s.Ends {
		for _, x := range s.block(b) {
			i := 0
			for i < len(h.Bounds) && x > h.Bounds[i] {
				i++
			}
			h.Counts[b*h.Width()+i]++
		}
	}
	return h
}

// BenchmarkPair judges one endpoint of one compared environment: errors, and two
// quantiles from 20 buckets.
func BenchmarkPair(b *testing.B) {
	w := world{blocks: 120, rate: 100, sway: 0.1}
	rng := seeded(1)
	refShare, otherShare := w.share(rng, 0.01), w.share(rng, 0.01)
	ref, other := benchHistogram(1, 120), benchHistogram(2, 120)
	m := Margin{Relative: 0.1, Floor: 0.005}
	b.Run("share", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			CompareShares(refShare, otherShare, m)
		}
	})
	b.Run("quantile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			CompareQuantile(ref, other, QuantileOptions{Q: 0.95, Ratio: 0.15, Share: m})
		}
	})
	fine := *ref
	fine.Bounds, fine.Exponential, fine.Schema = NativeBounds(3, -40, 21, 0), true, 3
	for i := range fine.Bounds {
		fine.Bounds[i] = 0.05 * math.Pow(2, float64(i)/8)
	}
	b.Run("native", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			CompareQuantile(&fine, &fine, QuantileOptions{Q: 0.95, Ratio: 0.15, Share: m})
		}
	})
}
