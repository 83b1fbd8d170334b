package behaviour

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/stats"
)

// sample is one measurement in the shapes of stats: blocks are the steps of its
// window, instances of a step added up.
type sample struct {
	unit     string
	requests float64
	share    stats.Share // of a Proportion
	// durations is nil where the source has no distribution.
	durations *stats.Histogram
	load      []float64
	// unbounded says why the source decides nothing; shown is what it tells.
	unbounded string
	shown     float64
}

func newSample(f *parity.Fact) (*sample, error) {
	m, err := parity.ParseMeasurement(f.Value)
	if err != nil {
		return nil, err
	}
	s := &sample{unit: m.Unit, load: m.Load, unbounded: m.Unbounded, shown: m.Shown}
	s.requests, _ = m.Sum()
	total := stats.PoolInstances(m.Total, m.Instances, 1)
	if f.Value.Kind == parity.Proportion {
		s.share = stats.Share{Events: stats.PoolInstances(m.Events, m.Instances, 1), Total: total}
		return s, nil
	}
	if m.Width == 0 {
		return s, nil
	}
	s.durations = &stats.Histogram{
		Bounds: m.Bounds, Counts: stats.PoolInstances(m.Buckets, m.Instances, m.Width), Exponential: m.Native, Schema: m.Schema,
		RelativeError: m.RelativeError, NoBound: m.Unbounded != "",
	}
	if m.Native {
		s.durations.Bounds = stats.NativeBounds(m.Schema, m.First, m.Width, m.ZeroThreshold)
	}
	return s, nil
}

// keep is the sample of the steps that a mask keeps; a nil mask keeps all.
func (s *sample) keep(mask []bool) *sample {
	if mask == nil {
		return s
	}
	kept := *s
	if s.share.Total != nil {
		kept.share = s.share.Keep(mask)
	}
	if s.durations != nil {
		kept.durations = s.durations.Keep(mask)
	}
	return &kept
}

func sum(x []float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}
