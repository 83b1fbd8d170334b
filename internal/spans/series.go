package spans

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/envparity/parity"
)

// schema is that of the histograms: buckets grow by 2^(1/32), 2.2 %.
const schema = 5

// The bounds of series.
const (
	mostEndpoints = 2_000
	mostCells     = 4_000_000 // of all series
	finestStep    = 5 * time.Second
	fewestSteps   = 40
	mostSteps     = 4_000
)

// Series is the requests of an endpoint or integration in time.
type Series struct {
	Name string
	// cells count by step of finestStep and bucket; failed by step.
	cells         map[cell]float64
	total, failed map[int64]float64
	// Left is set where there is more than is kept.
	Left bool
}

type cell struct {
	step   int64
	bucket int32 // of schema; zero is what lasted no time
}

const zeroBucket = math.MinInt32

// behave counts a span as a request of an endpoint or an integration.
func (v *Service) behave(tree *Tree, i int, cells *int) {
	n := &tree.Nodes[i]
	switch {
	case n.Kind.Serves() && n.Endpoint != "":
		v.series(&v.Endpoints, n.Endpoint).add(n.Span, cells)
	case n.Kind.Calls():
		name := n.Peer
		if !n.PeerIsService {
			if service, _ := tree.Served(i); service != "" {
				name = service
			}
		}
		if name != "" {
			v.series(&v.Integrations, name).add(n.Span, cells)
		}
	}
}

func (v *Service) series(in *map[string]*Series, name string) *Series {
	if s := (*in)[name]; s != nil {
		return s
	}
	if *in == nil {
		*in = map[string]*Series{}
	}
	if len(*in) >= mostEndpoints {
		v.Left = true
		return nil
	}
	s := &Series{Name: name, cells: map[cell]float64{}, total: map[int64]float64{}, failed: map[int64]float64{}}
	(*in)[name] = s
	return s
}

func (s *Series) add(span *Span, cells *int) {
	if s == nil {
		return
	}
	step := floorDiv(span.Start, int64(finestStep))
	at := cell{step, bucketOf(span.Duration)}
	if _, ok := s.cells[at]; !ok {
		if *cells >= mostCells {
			s.Left = true
			return
		}
		*cells++
	}
	s.cells[at]++
	s.total[step]++
	if span.Failed {
		s.failed[step]++
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// bucketOf gives i of the bucket that ends at 2^(i/2^schema) seconds.
func bucketOf(d time.Duration) int32 {
	if d <= 0 {
		return zeroBucket
	}
	return int32(math.Ceil(math.Log2(d.Seconds()) * (1 << schema)))
}

// Measured gives the proportion of failed requests and the distribution of
// durations as values. It is false where nothing was seen, or in a span of time
// that no step divides.
func (s *Series) Measured() (failures, durations parity.Value, ok bool) {
	if len(s.total) == 0 {
		return failures, durations, false
	}
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for step := range s.total {
		first, last = min(first, step), max(last, step)
	}
	factor, ok := coarser(first, last)
	if !ok {
		return failures, durations, false
	}
	first, last = floorDiv(first, factor), floorDiv(last, factor)
	m := parity.Measurement{
		Start: time.Unix(0, first*factor*int64(finestStep)).UTC(), Step: time.Duration(factor) * finestStep, Instances: 1,
		Total: s.steps(s.total, first, last, factor), Events: s.steps(s.failed, first, last, factor), Shown: math.NaN(),
	}
	total, events := m.Sum()
	failures = m.Value(parity.Proportion, fmt.Sprintf("%.0f of %.0f sampled failed", events, total))
	m.Events, m.Unit = nil, "s"
	s.fill(&m, first, factor)
	durations = m.Value(parity.Distribution, fmt.Sprintf("%.0f sampled, p95 %.3g s", total, s.quantile(0.95)))
	return failures, durations, true
}

// coarser gives how many of the finest steps make one, so that there are
// enough and not too many.
func coarser(first, last int64) (int64, bool) {
	if last-first < 0 || last-first > math.MaxInt32 {
		return 0, false
	}
	factor := int64(1)
	for _, f := range []int64{2, 3, 6, 12, 60, 180, 720} { // 10 s, 15 s, 30 s, 1 min, 5 min, 15 min, 1 h
		if (last-first)/f >= fewestSteps {
			factor = f
		}
	}
	return factor, (last-first)/factor < mostSteps
}

func (s *Series) steps(of map[int64]float64, first, last, factor int64) []float64 {
	out := make([]float64, last-first+1)
	for step, n := range of {
		out[floorDiv(step, factor)-first] += n
	}
	return out
}

// fill sets the buckets.
func (s *Series) fill(m *parity.Measurement, first, factor int64) {
	low, high := int32(math.MaxInt32), int32(math.MinInt32)
	for c := range s.cells {
		if c.bucket != zeroBucket {
			low, high = min(low, c.bucket), max(high, c.bucket)
		}
	}
	if low > high {
		low, high = 0, 0
	}
	m.Native, m.Schema, m.First, m.Width = true, schema, int(low), int(high-low)+2
	m.ZeroThreshold = math.Exp2(float64(low-1) / (1 << schema))
	m.Buckets = make([]float64, len(m.Total)*m.Width)
	for c, n := range s.cells {
		bucket := 0
		if c.bucket != zeroBucket {
			bucket = int(c.bucket-low) + 1
		}
		m.Buckets[int(floorDiv(c.step, factor)-first)*m.Width+bucket] += n
	}
}

// quantile is for people: the end of the bucket in which it is.
func (s *Series) quantile(q float64) float64 {
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
		if sum += sums[b]; sum >= q*total {
			if b == zeroBucket {
				return 0
			}
			return math.Exp2(float64(b) / (1 << schema))
		}
	}
	return 0
}
