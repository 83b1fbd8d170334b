package stats

import (
	"errors"
	"math"
	"slices"
	"sort"
)

// smoothSchema is the coarsest schema whose buckets, 9 % wide, are narrow
// enough to bound where requests lie in them by their neighbours.
const smoothSchema = 3

// longest bounds durations, so that ratios of them are numbers.
const longest = 1e150

// sound reports whether bounds and counts fit each other.
func (h *Histogram) sound() bool {
	width := h.Width()
	if len(h.Bounds) == 0 || len(h.Counts) == 0 || len(h.Counts)%width != 0 {
		return false
	}
	for i, b := range h.Bounds {
		if !(math.Abs(b) <= longest) || i > 0 && b <= h.Bounds[i-1] {
			return false
		}
	}
	return true
}

// sums adds up the blocks, bucket by bucket, and the buckets, block by block.
func (h *Histogram) sums() (buckets, blocks []float64) {
	width := h.Width()
	buckets, blocks = make([]float64, width), make([]float64, h.Blocks())
	for b := range blocks {
		row, all := h.Counts[b*width:][:width], 0.0
		for i, n := range row {
			if counted(n) {
				buckets[i] += n
				all += n
			}
		}
		blocks[b] = all
	}
	return buckets, blocks
}

// cumulative sums the histogram up.
func (h *Histogram) cumulative() *cumulative { return mixed([]*Histogram{h}, []float64{1}) }

// mixed is the mixture of histograms with equal bounds in the given parts,
// which sum to 1.
func mixed(hs []*Histogram, parts []float64) *cumulative {
	first := hs[0]
	c := &cumulative{
		edges: first.Bounds, shares: make([]float64, len(first.Bounds)),
		classic: !first.Exponential, smooth: first.Exponential && first.Schema >= smoothSchema,
	}
	totals := make([][]float64, len(hs))
	last := -1
	for i, h := range hs {
		if !h.sound() {
			return nil
		}
		c.noBound = c.noBound || h.NoBound
		c.relativeError = max(c.relativeError, finite(h.RelativeError))
		var sums []float64
		sums, totals[i] = h.sums()
		all := 0.0
		for _, n := range sums {
			all += n
		}
		if !counted(all) {
			continue
		}
		c.requests += all
		for j, n := range sums {
			if n > 0 {
				last = max(last, j)
			}
		}
		up := 0.0
		for j := range c.shares {
			up += sums[j]
			c.shares[j] += parts[i] * (up / all)
		}
	}
	if !counted(c.requests) {
		return nil
	}
	for j := range c.shares {
		if j >= last {
			c.shares[j] = 1 // which rounding would not give exactly
		}
	}
	c.indicator = func(x float64) indication {
		j := sort.SearchFloat64s(c.edges, x)
		return indicate(parts, func(i int) (n, k []float64) { return slices.Clone(totals[i]), hs[i].upTo(j) })
	}
	return c
}

// upTo counts the requests of each block in the buckets up to the bound j.
func (h *Histogram) upTo(j int) []float64 {
	width := h.Width()
	out := make([]float64, h.Blocks())
	for b := range out {
		sum := 0.0
		for _, n := range h.Counts[b*width:][:min(j+1, width)] {
			if counted(n) {
				sum += n
			}
		}
		out[b] = sum
	}
	return out
}

// NativeBounds are the upper bounds of a native histogram's buckets: bucket i > 0
// of width ends at 2^((first+i-1) * 2^-schema), and bucket 0 holds zeros and
// what is below the threshold. Nil where that is no histogram.
func NativeBounds(schema, first, width int, zeroThreshold float64) []float64 {
	if width < 1 || width > 1<<20 || schema < -4 || schema > 20 {
		return nil
	}
	out := make([]float64, width)
	for i := range out {
		out[i] = math.Exp2(math.Ldexp(float64(first+i-1), -schema))
		if out[i] > longest || i > 0 && out[i] <= out[i-1] {
			return nil
		}
	}
	if zeroThreshold > out[0] && width > 1 && zeroThreshold < out[1] {
		out[0] = zeroThreshold
	}
	return out
}

// Why histograms cannot be told on one scale.
var (
	errNoSharedBound = errors.New("the histograms have no bound in common")
	errBlocks        = errors.New("the histograms differ in their blocks")
)

// Intersect gives both histograms at the bounds that they share, in which the
// counts of both are exact. It fails where they share none. Native histograms
// share those of the coarser schema.
func Intersect(a, b *Histogram) (*Histogram, *Histogram, error) {
	both, err := intersect([]*Histogram{a, b})
	if err != nil {
		return nil, nil, err
	}
	return both[0], both[1], nil
}

// intersect gives histograms at the bounds that all of them share.
func intersect(hs []*Histogram) ([]*Histogram, error) {
	if len(hs) == 0 {
		return nil, errors.New("no histogram was given")
	}
	shared := hs[0].Bounds
	same := true
	for _, h := range hs {
		if !h.sound() {
			return nil, errors.New("bounds and counts of a histogram do not fit each other")
		}
		same = same && h.Exponential == hs[0].Exponential && h.Schema == hs[0].Schema && slices.Equal(h.Bounds, shared)
	}
	if same {
		return hs, nil
	}
	if native, ok := coarsest(hs); ok {
		return native, nil
	}
	for _, h := range hs[1:] {
		shared = common(shared, h.Bounds)
	}
	if len(shared) == 0 {
		return nil, errNoSharedBound
	}
	out := make([]*Histogram, len(hs))
	for i, h := range hs {
		out[i] = h.at(shared)
	}
	return out, nil
}

// common gives the numbers of two ascending lists that are in both.
func common(a, b []float64) []float64 {
	var out []float64
	for _, x := range a {
		if i := sort.SearchFloat64s(b, x); i < len(b) && b[i] == x {
			out = append(out, x)
		}
	}
	return out
}

// at gives the histogram with some of its bounds only, as a classic one.
func (h *Histogram) at(bounds []float64) *Histogram {
	width, to := h.Width(), len(bounds)+1
	out := &Histogram{
		Bounds: bounds, Counts: make([]float64, h.Blocks()*to),
		RelativeError: h.RelativeError, NoBound: h.NoBound,
	}
	for i := range width {
		into := len(bounds)
		if i < len(h.Bounds) {
			into = sort.SearchFloat64s(bounds, h.Bounds[i])
		}
		for b := range h.Blocks() {
			out.Counts[b*to+into] += h.Counts[b*width+i]
		}
	}
	return out
}
