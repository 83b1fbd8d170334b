package stats

import "math"

// Alpha is the level of each of the two one-sided tests, and Level that of the
// interval that belongs to them.
const (
	Alpha = 0.05
	Level = 1 - 2*Alpha
	// Power is the chance to decide that Needed aims at.
	Power = 0.8
)

// Verdict is the answer of a comparison.
type Verdict uint8

// The answers. The zero value decides nothing.
const (
	Inconclusive Verdict = iota
	Equivalent
	Different
)

// String is the word for reports.
func (v Verdict) String() string {
	return [...]string{"inconclusive", "equivalent", "different"}[min(v, Different)]
}

// Reason says why a comparison is Inconclusive; empty where it is not.
type Reason string

// The reasons. Only FewRequests comes with numbers in Needed; of FewBlocks the
// remedy is a longer window, of the others none is more requests.
const (
	// FewBlocks: too few blocks to tell how requests depend on each other.
	FewBlocks Reason = "few-blocks"
	// FewRequests: the interval is too wide for the margin.
	FewRequests Reason = "few-requests"
	// Instrument: buckets or the sketch's error are too wide for the margin,
	// however many requests there are. Boundaries says what to add.
	Instrument Reason = "instrument"
	// Load: the loads of the two sides do not overlap.
	Load Reason = "load"
	// Support: a side has no requests, the sides have no endpoint in common,
	// or the numbers given are no measurement.
	Support Reason = "support"
	// NoBound: the source states no bound on its error (t-digest, quantiles of
	// a summary), so that it decides nothing.
	NoBound Reason = "no-bound"
)

// Scale is what Estimate, Interval and Margin of a Result are in.
type Scale uint8

// The scales: Difference is other - reference, for shares (0.01 is one point);
// Ratio is other / reference.
const (
	Difference Scale = iota
	Ratio
)

// String is the word for reports.
func (s Scale) String() string { return [...]string{"difference", "ratio"}[min(s, Ratio)] }

// Interval is a closed range. Where nothing bounds it from above, Unbounded is
// set and High is math.MaxFloat64, so that no margin holds it.
type Interval struct {
	Low, High float64
	Unbounded bool
}

// Contains reports whether x lies in the interval, its ends included.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// Within reports whether the interval lies inside m.
func (i Interval) Within(m Interval) bool { return i.Low >= m.Low && i.High <= m.High }

// Outside reports whether the interval has no point in common with m.
func (i Interval) Outside(m Interval) bool { return i.Low > m.High || i.High < m.Low }

// Side is what is known of one side: a share of requests, or a quantile in the
// unit of its bounds.
type Side struct {
	// Estimate is the share, or the quantile as interpolated: for people where
	// buckets are wide. 0 where nothing is known.
	Estimate float64
	// Interval is that of Level for Estimate.
	Interval Interval
	// Events and Requests are the counts it rests on, of the blocks that were
	// compared. Events is 0 of a quantile.
	Events, Requests float64
	Dependence
}

// Result is the answer of a comparison of other with a reference.
type Result struct {
	Verdict Verdict
	Reason  Reason
	Scale   Scale
	// Ref and Other are the two sides.
	Ref, Other Side
	// Estimate is the effect, with its interval of Level. Of a quantile in
	// wide buckets it is the interpolated one, and the interval covers
	// whatever the buckets may hide. 0 where nothing is known.
	Estimate float64
	Interval Interval
	// Margin is the range of effects that count as equal, in Scale.
	Margin Interval
	// P is the p value of 'the effect is no larger than the margin', for
	// BenjaminiHochberg; 1 where nothing is known.
	P float64
	// Needed are the further requests expected to decide, of FewRequests.
	Needed Needed
	// Boundaries are the upper bounds to add to the histogram, in its unit,
	// of Instrument. Empty where a finer resolution of its kind is needed
	// (a higher schema, a smaller error).
	Boundaries []float64
	// Shared compares, beside Instrument, the shares of requests above a
	// boundary that both sides have; nil without one.
	Shared *SharedBoundary
	// Covered is the share of the reference's requests that the comparison
	// stands for: below 1 where endpoints exist on one side only.
	Covered float64
}

// SharedBoundary is the comparison of the shares of requests above Bound.
type SharedBoundary struct {
	Bound  float64
	Result Result
}

// Needed are further requests: on the reference's side and on the other's. They
// are expected to decide with a chance of Power if the effect is as it is
// estimated now. MaxNeeded stands for more than anyone has: the estimate lies on
// the margin.
type Needed struct{ Ref, Other float64 }

// MaxNeeded bounds each number of Needed.
const MaxNeeded = 1e12

// bounded makes an interval of two ends that may be infinite or unordered.
func bounded(low, high float64) Interval {
	i := Interval{Low: finite(low), High: high}
	if !(high < math.MaxFloat64) {
		i.High, i.Unbounded = math.MaxFloat64, true
	}
	i.High = max(finite(i.High), i.Low)
	return i
}

// finite keeps a number away from infinity; what is none is 0.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return max(-math.MaxFloat64, min(math.MaxFloat64, x))
}
