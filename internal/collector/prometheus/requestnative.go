package prometheus

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/envparity/parity/internal/webapi"
)

// nativeBuckets are the exponential buckets of one endpoint, by step and index:
// bucket i ends at 2^(i * 2^-schema).
type nativeBuckets struct {
	schema int
	zero   []float64
	steps  []map[int]float64
	// odd is set where buckets were not exponential, so that they say nothing.
	odd bool
}

// asked reports whether a bucket holds anything.
func (h *nativeBuckets) asked() bool {
	_, _, ok := h.span()
	return ok || h.odd || slices.ContainsFunc(h.zero, func(n float64) bool { return n > 0 })
}

// nativeHistograms reads native histograms, which are preferred to classic ones:
// they resolve more.
func (q *question) nativeHistograms(ctx context.Context) error {
	if q.series.Type == "counter" || !q.there[q.series.Metric] || q.series.Scale() != 1 {
		return nil
	}
	query := q.increase(q.series.Metric, q.labels)
	return q.each(ctx, query, func(a *seriesAnswer) error {
		if len(a.Histograms) == 0 {
			return nil
		}
		x := q.at(a.Metric)
		if x == nil || x.series.Metric != q.series.Metric {
			return nil
		}
		if x.native == nil {
			x.native = &nativeBuckets{schema: 8, zero: make([]float64, q.steps), steps: make([]map[int]float64, q.steps)}
			x.durations = query
		}
		return q.native(a, x.native)
	})
}

// native adds the histograms of one answer.
func (q *question) native(a *seriesAnswer, to *nativeBuckets) error {
	var points [][2]json.RawMessage
	if err := json.Unmarshal(a.Histograms, &points); err != nil {
		return webapi.ErrForm
	}
	for _, p := range points {
		var at float64
		var h struct {
			Buckets [][4]any `json:"buckets"`
		}
		if json.Unmarshal(p[0], &at) != nil || json.Unmarshal(p[1], &h) != nil {
			return webapi.ErrForm
		}
		if i := q.index(at); i >= 0 {
			for _, b := range h.Buckets {
				low, high, n, ok := bucketOf(b)
				if !ok {
					return webapi.ErrForm
				}
				to.add(i, low, high, n*q.share())
			}
		}
	}
	return nil
}

func bucketOf(b [4]any) (low, high, n float64, ok bool) {
	var numbers [3]float64
	for i, x := range b[1:] {
		text, isText := x.(string)
		v, err := strconv.ParseFloat(text, 64)
		if !isText || err != nil {
			return 0, 0, 0, false
		}
		numbers[i] = v
	}
	return numbers[0], numbers[1], numbers[2], true
}

// add adds the count of one bucket, whose schema follows from its bounds.
func (h *nativeBuckets) add(step int, low, high, n float64) {
	if low <= 0 {
		if high > 0 && low == -high || high == 0 {
			h.zero[step] += n
		} else {
			h.odd = true
		}
		return
	}
	growth := math.Log2(high / low)
	schema := int(math.Round(-math.Log2(growth)))
	if schema < -4 || schema > 8 || math.Abs(growth*math.Exp2(float64(schema))-1) > 1e-6 {
		h.odd = true
		return
	}
	index := int(math.Round(math.Log2(high) * math.Exp2(float64(schema))))
	if schema < h.schema {
		h.coarsen(schema)
	}
	for ; schema > h.schema; schema-- {
		index = ceilHalf(index)
	}
	if h.steps[step] == nil {
		h.steps[step] = map[int]float64{}
	}
	h.steps[step][index] += n
}

// coarsen merges the buckets to those of a lower schema.
func (h *nativeBuckets) coarsen(schema int) {
	for ; h.schema > schema; h.schema-- {
		for i, buckets := range h.steps {
			if buckets == nil {
				continue
			}
			merged := make(map[int]float64, len(buckets))
			for index, n := range buckets {
				merged[ceilHalf(index)] += n
			}
			h.steps[i] = merged
		}
	}
}

// ceilHalf is half of a number, rounded up.
func ceilHalf(i int) int { return -((-i) >> 1) }

// span gives the lowest and the highest index; ok is false where there is none.
func (h *nativeBuckets) span() (first, last int, ok bool) {
	first, last = math.MaxInt, math.MinInt
	for _, buckets := range h.steps {
		for i := range buckets {
			first, last, ok = min(first, i), max(last, i), true
		}
	}
	return first, last, ok && last-first < 4096
}
