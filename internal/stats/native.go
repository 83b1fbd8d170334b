package stats

import "math"

// maxBuckets bounds the buckets of merged native histograms.
const maxBuckets = 1 << 13

// coarsest gives native histograms with the coarsest of their schemas and one
// list of bounds. ok is false where one of them is not native.
func coarsest(hs []*Histogram) (out []*Histogram, ok bool) {
	schema := hs[0].Schema
	for _, h := range hs {
		if !h.Exponential {
			return nil, false
		}
		schema = min(schema, h.Schema)
	}
	low, high := math.MaxInt, math.MinInt
	for _, h := range hs {
		for i := range h.Bounds {
			at := h.index(i, schema)
			low, high = min(low, at), max(high, at)
		}
	}
	if low > high || high-low >= maxBuckets {
		return nil, false
	}
	bounds := NativeBounds(schema, low+1, high-low+1, 0)
	if bounds == nil {
		return nil, false
	}
	for _, h := range hs {
		width, to := h.Width(), len(bounds)
		c := &Histogram{
			Bounds: bounds, Counts: make([]float64, h.Blocks()*to),
			Exponential: true, Schema: schema, RelativeError: h.RelativeError, NoBound: h.NoBound,
		}
		for i := range width {
			into := h.index(i, schema) - low
			if i == 0 {
				into = 0 // the zeros of all
			}
			for b := range h.Blocks() {
				c.Counts[b*to+into] += h.Counts[b*width+i]
			}
		}
		out = append(out, c)
	}
	return out, true
}

// index is the number of the bucket of a schema that holds the histogram's
// bucket i: it ends at 2^(index * 2^-schema). That of bucket 0 ends no higher
// than it did, so that no other falls into it.
func (h *Histogram) index(i, schema int) int {
	if !(h.Bounds[i] > 0) {
		return 0
	}
	exact := math.Ldexp(math.Log2(h.Bounds[i]), schema)
	if near := math.Round(exact); math.Abs(exact-near) < 1e-6 {
		return int(near)
	}
	if i == 0 {
		return int(math.Floor(exact))
	}
	return int(math.Ceil(exact))
}

// Merge adds histograms up, block by block: instances of one side. Native ones
// get the coarsest of their schemas, classic ones of different layouts the bounds
// that they share. It fails where they share none or differ in their blocks.
func Merge(hs ...*Histogram) (*Histogram, error) {
	all, err := intersect(hs)
	if err != nil {
		return nil, err
	}
	out := *all[0]
	out.Counts = append([]float64(nil), out.Counts...)
	for _, h := range all[1:] {
		if len(h.Counts) != len(out.Counts) {
			return nil, errBlocks
		}
		for i, n := range h.Counts {
			out.Counts[i] += n
		}
		out.RelativeError = max(out.RelativeError, h.RelativeError)
		out.NoBound = out.NoBound || h.NoBound
	}
	return &out, nil
}
