// Package measured gathers requests in time, of which neither the window nor
// the steps are known beforehand.
package measured

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/envparity/parity"
)

// The bounds of a series. Steps are chosen when everything is known, so that
// there are enough of them and not too many.
const (
	Finest     = 5 * time.Second
	minSteps   = 40
	maxSteps   = 4_000
	maxNumbers = 1 << 20
)

// Zero is the bucket of what lasted no time.
const Zero = math.MinInt32

// Series is the requests of an endpoint or integration. Its buckets are either
// exponential, or end at bounds.
type Series struct {
	// Schema is that of exponential buckets: they grow by 2^(2^-Schema).
	Schema int
	// Bounds are the upper bounds, in seconds; nil for exponential buckets.
	Bounds []float64
	// RelativeError bounds how far off bounds are.
	RelativeError float64
	// Least is the shortest step that makes sense, such as the interval in
	// which a meter exports.
	Least time.Duration

	cells         map[cell]float64
	total, failed map[int64]float64
}

// cell is a bucket of a step of Finest: of exponential buckets the one that
// ends at 2^(bucket * 2^-Schema), else the one at the bound of that index.
type cell struct {
	step   int64
	bucket int32
}

// Cells is how much memory the series takes, in numbers.
func (s *Series) Cells() int { return len(s.cells) + len(s.total) }

// Count adds requests at a time in nanoseconds, of which some failed.
func (s *Series) Count(at int64, n, failed float64) {
	step := floorDiv(at, int64(Finest))
	if s.total == nil {
		s.total, s.failed, s.cells = map[int64]float64{}, map[int64]float64{}, map[cell]float64{}
	}
	s.total[step] += n
	if failed > 0 {
		s.failed[step] += failed
	}
}

// Duration adds durations at a time, to a bucket.
func (s *Series) Duration(at int64, bucket int32, n float64) {
	if n > 0 {
		s.cells[cell{floorDiv(at, int64(Finest)), bucket}] += n
	}
}

// Bucket gives the exponential bucket of a duration.
func (s *Series) Bucket(d time.Duration) int32 {
	if d <= 0 {
		return Zero
	}
	return int32(math.Ceil(math.Log2(d.Seconds()) * math.Exp2(float64(s.Schema))))
}

// Coarsen merges exponential buckets to those of a lower schema.
func (s *Series) Coarsen(schema int) {
	if schema >= s.Schema {
		return
	}
	merged := make(map[cell]float64, len(s.cells))
	for c, n := range s.cells {
		c.bucket = Coarser(c.bucket, s.Schema-schema)
		merged[c] += n
	}
	s.cells, s.Schema = merged, schema
}

// Coarser gives the bucket, so many schemas lower, that holds a bucket.
func Coarser(bucket int32, by int) int32 {
	if bucket == Zero {
		return Zero
	}
	for ; by > 0; by-- {
		bucket = int32(-floorDiv(-int64(bucket), 2))
	}
	return bucket
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Values gives the proportion of failed requests and the distribution of
// durations. It is false where nothing was seen, or over a time that no step
// divides. noun says what was counted: "requests", "sampled requests".
func (s *Series) Values(noun string) (failures, durations parity.Value, ok bool) {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for step := range s.total {
		first, last = min(first, step), max(last, step)
	}
	factor, ok := s.coarser(first, last)
	if !ok {
		return failures, durations, false
	}
	first, last = floorDiv(first, factor), floorDiv(last, factor)
	m := parity.Measurement{
		Start: time.Unix(0, first*factor*int64(Finest)).UTC(), Step: time.Duration(factor) * Finest, Instances: 1,
		Total: steps(s.total, first, last, factor), Events: steps(s.failed, first, last, factor), Shown: math.NaN(),
	}
	for i := range m.Events {
		m.Events[i] = min(m.Events[i], m.Total[i])
	}
	total, events := m.Sum()
	failures = m.Value(parity.Proportion, fmt.Sprintf("%.0f of %.0f %s failed", events, total, noun))
	m.Events, m.Unit, m.RelativeError = nil, "s", s.RelativeError
	if !s.fill(&m, first, factor) {
		return failures, durations, false
	}
	durations = m.Value(parity.Distribution, fmt.Sprintf("%.0f %s, p95 %s", total, noun, s.shown(0.95)))
	return failures, durations, true
}

// coarser gives how many of the finest steps make one.
func (s *Series) coarser(first, last int64) (int64, bool) {
	if first > last || last-first < 0 || last-first > math.MaxInt32 {
		return 0, false
	}
	factor := int64(1)
	for _, f := range []int64{2, 3, 6, 12, 60, 180, 720} { // 10 s, 15 s, 30 s, 1 min, 5 min, 15 min, 1 h
		if (last-first)/f >= minSteps || time.Duration(factor)*Finest < s.Least {
			factor = f
		}
	}
	return factor, (last-first)/factor < maxSteps
}

func steps(of map[int64]float64, first, last, factor int64) []float64 {
	out := make([]float64, last-first+1)
	for step, n := range of {
		out[floorDiv(step, factor)-first] += n
	}
	return out
}

// fill sets the buckets; it is false where there are too many.
func (s *Series) fill(m *parity.Measurement, first, factor int64) bool {
	low := int32(0)
	if s.Bounds != nil {
		m.Bounds, m.Width = s.Bounds, len(s.Bounds)+1
	} else {
		var high int32
		low, high = s.ends()
		m.Native, m.Schema, m.First, m.Width = true, s.Schema, int(low), int(high-low)+2
		m.ZeroThreshold = math.Exp2(float64(low-1) * math.Exp2(-float64(s.Schema)))
	}
	if m.Width > maxNumbers || len(m.Total)*m.Width > maxNumbers {
		return false
	}
	m.Buckets = make([]float64, len(m.Total)*m.Width)
	for c, n := range s.cells {
		bucket := int(c.bucket)
		switch {
		case s.Bounds == nil && c.bucket == Zero:
			bucket = 0
		case s.Bounds == nil:
			bucket = int(c.bucket-low) + 1
		}
		if bucket >= 0 && bucket < m.Width {
			m.Buckets[int(floorDiv(c.step, factor)-first)*m.Width+bucket] += n
		}
	}
	return true
}

// ends gives the first and the last exponential bucket with something in it.
func (s *Series) ends() (low, high int32) {
	low, high = math.MaxInt32, math.MinInt32
	for c := range s.cells {
		if c.bucket != Zero {
			low, high = min(low, c.bucket), max(high, c.bucket)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// shown is a quantile for people: the end of the bucket in which it is.
func (s *Series) shown(q float64) string {
	sums, total := map[int32]float64{}, 0.0
	for c, n := range s.cells {
		sums[c.bucket] += n
		total += n
	}
	buckets := make([]int32, 0, len(sums))
	for b := range sums {
		buckets = append(buckets, b)
	}
	slices.Sort(buckets)
	sum := 0.0
	for _, b := range buckets {
		if sum += sums[b]; sum < q*total {
			continue
		}
		switch {
		case b == Zero:
			return "0 s"
		case s.Bounds == nil:
			return fmt.Sprintf("%.3g s", math.Exp2(float64(b)*math.Exp2(-float64(s.Schema))))
		case int(b) < len(s.Bounds):
			return fmt.Sprintf("at most %.3g s", s.Bounds[b])
		case len(s.Bounds) > 0:
			return fmt.Sprintf("above %.3g s", s.Bounds[len(s.Bounds)-1])
		}
	}
	return "unknown"
}
