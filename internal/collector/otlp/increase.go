package otlp

import (
	"time"

	"github.com/envparity/parity/internal/measured"
	otel "github.com/envparity/parity/internal/otlp"
)

// state is the last point of a series.
type state struct {
	time, start     int64
	count, zero     float64
	buckets, bounds []float64
	native          bool
	scale           int
	sparse          map[int32]float64
}

// increase is what came to a series since the point before.
type increase struct {
	state
	interval time.Duration // between exports, as far as is known
}

// increase gives what a point adds. It is false where that cannot be told: the
// first point of a series whose process is older than the file, a double, one
// that comes late.
func (b *behaviours) increase(p *otel.Point) (increase, bool) {
	now := stateOf(p)
	before := b.last[p.Series]
	exported := b.exports(p)
	if before != nil && p.Time <= before.time {
		return increase{}, false
	}
	if before == nil && len(b.last) >= maxSeries {
		b.left = true
		return increase{}, false
	}
	weight := len(now.buckets) + len(now.sparse)
	if before != nil {
		weight -= len(before.buckets) + len(before.sparse)
	}
	b.numbers += weight
	kept := now
	b.last[p.Series] = &kept
	in := increase{state: now, interval: exported.interval()}
	switch {
	case p.Delta:
		return in, true
	case before == nil:
		// Its group was exported before, without it; or the process is new.
		ok := exported.first < p.Time || p.Start > 0 && time.Duration(p.Time-p.Start) <= fresh
		return in, ok
	case now.reset(before):
		return in, true
	}
	in.less(before)
	return in, true
}

// exports are those of a metric of one resource.
type exports struct {
	first, last, n int64
}

// interval is how far they are apart on average; 0 where that is not known.
func (e *exports) interval() time.Duration {
	if e.n < 2 {
		return 0
	}
	return time.Duration((e.last - e.first) / (e.n - 1))
}

// exports counts the export that a point belongs to.
func (b *behaviours) exports(p *otel.Point) exports {
	e, ok := b.groups[p.Group]
	switch {
	case !ok:
		e = exports{p.Time, p.Time, 1}
	case p.Time > e.last:
		e.last, e.n = p.Time, e.n+1
	}
	if ok || len(b.groups) < maxSeries {
		b.groups[p.Group] = e
	}
	return e
}

func stateOf(p *otel.Point) state {
	s := state{time: p.Time, start: p.Start, count: max(p.Count, 0), zero: max(p.Zero, 0), bounds: p.Bounds}
	if p.Type != otel.Exponential {
		s.buckets = p.Buckets
		return s
	}
	s.native, s.scale, s.sparse = true, min(max(p.Scale, -20), 20), make(map[int32]float64, len(p.Buckets))
	offset := min(max(p.Offset, -1<<28), 1<<28)
	for i, n := range p.Buckets {
		if n > 0 {
			s.sparse[int32(offset+i+1)] = n // it ends where the next begins
		}
	}
	return s
}

// reset reports whether the counts began again.
func (s *state) reset(before *state) bool {
	if s.count < before.count || s.zero < before.zero || s.native != before.native || s.start > before.time {
		return true
	}
	if !s.native {
		if len(s.buckets) != len(before.buckets) || len(s.bounds) != len(before.bounds) {
			return true
		}
		for i, n := range before.buckets {
			if s.buckets[i] < n {
				return true
			}
		}
	}
	return false
}

// less takes away what was there before.
func (in *increase) less(before *state) {
	in.count -= before.count
	in.zero -= before.zero
	if !in.native {
		grown := make([]float64, len(in.buckets))
		for i := range grown {
			grown[i] = in.buckets[i] - before.buckets[i]
		}
		in.buckets = grown
		return
	}
	scale := min(in.scale, before.scale)
	grown := make(map[int32]float64, len(in.sparse))
	for bucket, n := range in.sparse {
		grown[measured.Coarser(bucket, in.scale-scale)] += n
	}
	for bucket, n := range before.sparse {
		grown[measured.Coarser(bucket, before.scale-scale)] -= n
	}
	in.scale, in.sparse = scale, grown
}
