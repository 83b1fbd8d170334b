package stats

import (
	"math"
	"slices"
)

// LoadOverlap names the blocks in which both sides carried comparable load.
type LoadOverlap struct {
	// Ref and Other name the blocks to keep.
	Ref, Other []bool
	// Low and High are the range of load that was compared, in requests per
	// second and instance. Where Apart is set they are the reference's, which
	// the other side would have to carry.
	Low, High float64
	// RefKept and OtherKept are the parts of the blocks that are kept.
	RefKept, OtherKept float64
	// Known tells that the load of both sides was known; otherwise every block
	// is kept.
	Known bool
	// Apart tells that no load is common to both.
	Apart bool
}

// Overlap chooses the blocks whose loads overlap. ref and other are requests per
// second and instance by block, negative where unknown. The common range goes
// from the larger of the two 5th percentiles to the smaller of the 95th, each end
// widened by the factor tolerance (at least 1): loads within that factor count as
// alike. Blocks of unknown load are not kept.
func Overlap(ref, other []float64, tolerance float64) LoadOverlap {
	refLow, refHigh, okRef := span(ref)
	otherLow, otherHigh, okOther := span(other)
	if !okRef || !okOther {
		o := LoadOverlap{RefKept: 1, OtherKept: 1}
		o.Ref, o.Other = everything(len(ref)), everything(len(other))
		return o
	}
	if !(tolerance >= 1) || tolerance > 1e6 {
		tolerance = 1
	}
	o := LoadOverlap{Known: true}
	o.Low, o.High = max(refLow, otherLow)/tolerance, min(refHigh, otherHigh)*tolerance
	if o.Low > o.High {
		o.Apart = true
	}
	o.Ref, o.RefKept = o.choose(ref)
	o.Other, o.OtherKept = o.choose(other)
	if o.Apart || o.RefKept == 0 || o.OtherKept == 0 {
		o.Apart = true
		o.Low, o.High = refLow, refHigh
	}
	return o
}

// choose names the blocks within the range.
func (o *LoadOverlap) choose(load []float64) (keep []bool, part float64) {
	keep = make([]bool, len(load))
	n := 0
	for i, x := range load {
		if x >= 0 && x >= o.Low && x <= o.High {
			keep[i] = true
			n++
		}
	}
	return keep, float64(n) / float64(max(1, len(load)))
}

// span gives the 5th and the 95th percentile of the loads that are known.
func span(load []float64) (low, high float64, ok bool) {
	var known []float64
	for _, x := range load {
		if x >= 0 && x <= math.MaxFloat64 {
			known = append(known, x)
		}
	}
	if len(known) == 0 {
		return 0, 0, false
	}
	slices.Sort(known)
	at := func(p float64) float64 { return known[int(math.Round(p*float64(len(known)-1)))] }
	return at(0.05), at(0.95), true
}

func everything(n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

// LoadApart is the answer where the loads of the two sides do not overlap.
func LoadApart(scale Scale) Result {
	return Result{Reason: Load, Scale: scale, P: 1, Covered: 1}
}
