package parity

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"
)

// Measurement is what a Proportion or a Distribution says: counts of requests
// in the parts of a window. Nothing is averaged; a judgement needs the parts,
// because requests of one minute are not independent of each other.
//
// A cell is one step of one instance, or of all instances where they were not
// told apart: cell = step*Instances + instance.
type Measurement struct {
	// Unit is that of Bounds: "s", "By"; empty for a Proportion.
	Unit string
	// Start is the beginning of the first step, in UTC and whole seconds; each
	// step is Step long, a whole number of milliseconds.
	Start time.Time
	Step  time.Duration
	// Instances is how many instances cells tell apart, at least 1.
	Instances int
	// Total are the requests of each cell.
	Total []float64
	// Events are those among Total that count, of a Proportion: the failed
	// ones. Nil for a Distribution.
	Events []float64
	// Load is the rate of requests of the service in each step, per second and
	// instance; negative where it is not known, nil where it never is.
	Load []float64

	// Bounds are the upper bounds of a Distribution's buckets, ascending and
	// inclusive; a last bucket without bound follows them. Nil for a native
	// histogram.
	Bounds []float64
	// Native is set for exponential buckets: bucket i > 0 of Width ends at
	// 2^((First+i-1) * 2^-Schema), and bucket 0 holds zeros and what is below
	// ZeroThreshold.
	Native        bool
	Schema        int
	First         int
	ZeroThreshold float64
	// Width is how many buckets a cell has: len(Bounds)+1, or those of the
	// native histogram. 0 where no distribution is known.
	Width int
	// Buckets are the counts, cell by cell: Width numbers for each.
	Buckets []float64
	// RelativeError bounds how far off each bound may be, as a share of it; 0
	// for histograms, more for sketches with such a bound.
	RelativeError float64
	// Unbounded says why the distribution can decide nothing ("a summary's
	// quantiles cannot be merged"); empty where it can.
	Unbounded string
	// Shown is the quantile that a source without bound tells, for people
	// only; NaN where there is none.
	Shown float64
}

// Steps is how many steps the window has.
func (m *Measurement) Steps() int { return len(m.Total) / max(1, m.Instances) }

// Sum gives the requests of the whole window, and those that count.
func (m *Measurement) Sum() (total, events float64) {
	for _, n := range m.Total {
		total += n
	}
	for _, n := range m.Events {
		events += n
	}
	return total, events
}

// Value encodes the measurement. Kind is Proportion or Distribution; raw is
// the text for people. Counts are rounded to whole requests.
func (m *Measurement) Value(kind ValueKind, raw string) Value {
	return Value{Kind: kind, Raw: raw, Canon: m.encode()}
}

// measurementVersion begins each encoding.
const measurementVersion = "m1."

// maxMeasured bounds the numbers that one measurement may hold.
const maxMeasured = 1 << 22

func (m *Measurement) encode() string {
	b := make([]byte, 0, 64+len(m.Total)+len(m.Events)+len(m.Buckets)+8*(len(m.Bounds)+len(m.Load)))
	b = appendText(b, m.Unit)
	b = appendText(b, m.Unbounded)
	b = binary.AppendVarint(b, m.Start.Unix())
	b = binary.AppendUvarint(b, uint64(m.Step.Milliseconds()))
	b = binary.AppendUvarint(b, uint64(max(1, m.Instances)))
	native := byte(0)
	if m.Native {
		native = 1
	}
	b = append(b, native)
	b = binary.AppendVarint(b, int64(m.Schema))
	b = binary.AppendVarint(b, int64(m.First))
	b = binary.AppendUvarint(b, uint64(m.Width))
	for _, x := range []float64{m.ZeroThreshold, m.RelativeError, m.Shown} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	for _, list := range [][]float64{m.Bounds, m.Load} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, x := range list {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	for _, list := range [][]float64{m.Total, m.Events, m.Buckets} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, x := range list {
			b = binary.AppendUvarint(b, count(x))
		}
	}
	return measurementVersion + base64.RawURLEncoding.EncodeToString(b)
}

// count rounds to whole requests; what is no count is none.
func count(x float64) uint64 {
	if !(x > 0) || x > 1<<53 {
		return 0
	}
	return uint64(math.Round(x))
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
