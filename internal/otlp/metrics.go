package otlp

import (
	"github.com/envparity/parity/internal/jsonwalk"
	"github.com/envparity/parity/internal/naming"
)

// MetricType is what a metric's points are.
type MetricType uint8

// The types of metrics.
const (
	Gauge       MetricType = iota
	Counter                // a monotonic sum
	UpDown                 // a sum that may fall
	Histogram              // with bounds
	Exponential            // a histogram without
	Summary                // quantiles
)

// Point is one point of a metric.
type Point struct {
	Metric, Unit string
	Type         MetricType
	Delta        bool // counts are since the point before, not since Start
	// Service is the resource's, Labels are the names of the point's
	// attributes, sorted.
	Service string
	Labels  []string
	// Series tells the point's series from others, Group the resource and
	// metric that it belongs to.
	Series, Group uint64
	// Start and Time are in nanoseconds since 1970; Start may be 0.
	Start, Time int64
	Count       float64
	// Bounds and Buckets are those of a histogram; of an exponential one
	// Buckets are the positive ones from Offset on, at Scale.
	Bounds, Buckets []float64
	Scale, Offset   int
	Zero            float64

	own, resource *attributes
}

// Attribute and Resource give the text of an attribute, as naming.Span wants
// them.
func (p *Point) Attribute(name string) string { return p.own.text(name) }

// Resource gives the text of a resource's attribute.
func (p *Point) Resource(name string) string { return p.resource.text(name) }

// maxBuckets bounds the buckets of a point.
const maxBuckets = 10_000

// metrics reads the metrics of one scope.
func (r *Reader) metrics(w *jsonwalk.Walker) {
	if r.Point == nil {
		return
	}
	service := r.shared.Text(r.Naming.Span(naming.Span{Attribute: r.resource.text, Resource: r.resource.text}).Service)
	w.Object(func(key []byte) {
		if string(key) == "metrics" {
			w.Array(func() { r.metric(w, service) })
		}
	})
}

// metric reads one metric. Its name and unit may stand behind its points.
func (r *Reader) metric(w *jsonwalk.Walker, service string) {
	head := Point{Service: service, own: &r.own, resource: &r.resource}
	data := -1
	w.Object(func(key []byte) {
		switch string(key) {
		case "name":
			head.Metric = r.shared.Text(w.Text())
		case "unit":
			head.Unit = r.shared.Text(w.Text())
		case "gauge":
			data, head.Type = w.Mark(), Gauge
		case "sum":
			data, head.Type = w.Mark(), UpDown
		case "histogram":
			data, head.Type = w.Mark(), Histogram
		case "exponentialHistogram":
			data, head.Type = w.Mark(), Exponential
		case "summary":
			data, head.Type = w.Mark(), Summary
		}
	})
	if head.Metric == "" || data < 0 {
		return
	}
	end := w.Mark()
	w.Back(data)
	points := -1
	w.Object(func(key []byte) {
		switch string(key) {
		case "aggregationTemporality":
			text := w.Text()
			head.Delta = text == "1" || text == "AGGREGATION_TEMPORALITY_DELTA"
		case "isMonotonic":
			if w.Text() == "true" {
				head.Type = Counter
			}
		case "dataPoints":
			points = w.Mark()
		}
	})
	head.Group = mix(r.resource.hash, hashText(head.Metric))
	if points >= 0 {
		w.Back(points)
		w.Array(func() { r.point(w, head) })
	}
	w.Back(end)
}

func (r *Reader) point(w *jsonwalk.Walker, p Point) {
	r.own.reset()
	empty := false
	w.Object(func(key []byte) {
		switch string(key) {
		case "attributes":
			r.own.read(w, r.Naming.Wanted)
		case "startTimeUnixNano":
			p.Start = w.Whole()
		case "timeUnixNano":
			p.Time = w.Whole()
		case "asDouble", "asInt", "count":
			p.Count = w.Number()
		case "flags":
			empty = w.Whole()&1 == 1
		case "bucketCounts":
			p.Buckets = numbers(w)
		case "explicitBounds":
			p.Bounds = numbers(w)
		case "scale":
			p.Scale = int(w.Whole())
		case "zeroCount":
			p.Zero = w.Number()
		case "positive":
			w.Object(func(key []byte) {
				switch string(key) {
				case "offset":
					p.Offset = int(w.Whole())
				case "bucketCounts":
					p.Buckets = numbers(w)
				}
			})
		}
	})
	if w.Err() != nil || empty || p.Time <= 0 {
		return
	}
	p.Labels = r.shared.List(r.own.names)
	p.Series = mix(p.Group, r.own.hash)
	r.Point(&p)
}

// numbers reads a list of numbers. One that is too long is none.
func numbers(w *jsonwalk.Walker) []float64 {
	var list []float64
	n := 0
	w.Array(func() {
		x := w.Number()
		if n++; n <= maxBuckets {
			list = append(list, x)
		}
	})
	if n > maxBuckets {
		return nil
	}
	return list
}

// hashText and mix are FNV-1a: series are told apart by it, as a map would.
func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func mix(a, b uint64) uint64 {
	h := (a ^ b>>32) * 1099511628211
	return (h ^ b) * 1099511628211
}
