package parity

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Measured reports whether a value of the kind holds a Measurement.
func (k ValueKind) Measured() bool { return k == Proportion || k == Distribution }

// ParseMeasurement decodes what Measurement.Value encoded. An error says that
// the value is damaged or of another version; memory is bounded by the text's
// length.
func ParseMeasurement(v Value) (*Measurement, error) {
	text, ok := strings.CutPrefix(v.Canon, measurementVersion)
	if !ok || !v.Kind.Measured() {
		return nil, errors.New("not a measurement of a known version")
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("a measurement is damaged: %w", err)
	}
	d := measurementReader{b: b}
	m := d.head()
	m.Bounds, m.Load = d.numbers(), d.numbers()
	m.Total, m.Events, m.Buckets = d.counts(), d.counts(), d.counts()
	if d.failed || len(d.b) > 0 || !m.sound() {
		return nil, errors.New("a measurement is damaged")
	}
	return m, nil
}

// sound reports whether the lists have the lengths that they must have.
func (m *Measurement) sound() bool {
	cells := len(m.Total)
	switch {
	case m.Instances < 1, cells%m.Instances != 0, m.Step <= 0:
		return false
	case m.Events != nil && len(m.Events) != cells, m.Load != nil && len(m.Load) != m.Steps():
		return false
	case m.Width < 0 || m.Width > maxMeasured, len(m.Buckets) != cells*m.Width:
		return false
	case !m.Native && m.Width > 0 && m.Width != len(m.Bounds)+1, m.Native && (m.Bounds != nil || m.Schema < -4 || m.Schema > 20):
		return false
	}
	for i, x := range m.Bounds {
		if math.IsNaN(x) || math.IsInf(x, 0) || i > 0 && x <= m.Bounds[i-1] {
			return false
		}
	}
	for i, n := range m.Events {
		if n > m.Total[i] {
			return false
		}
	}
	return true
}

type measurementReader struct {
	b      []byte
	failed bool
}

func (d *measurementReader) head() *Measurement {
	m := &Measurement{Unit: d.text(), Unbounded: d.text()}
	m.Start = time.Unix(d.varint(), 0).UTC()
	m.Step = time.Duration(d.bounded(1<<40)) * time.Millisecond
	m.Instances = int(d.bounded(maxMeasured))
	m.Native = d.bounded(1) == 1
	m.Schema, m.First = int(d.varint()), int(d.varint())
	m.Width = int(d.bounded(maxMeasured))
	m.ZeroThreshold, m.RelativeError, m.Shown = d.number(), d.number(), d.number()
	return m
}

// take goes n bytes on. What is read behind a failure is nothing.
func (d *measurementReader) take(n int) []byte {
	if n <= 0 || n > len(d.b) {
		d.failed, d.b = true, nil
		return nil
	}
	head := d.b[:n]
	d.b = d.b[n:]
	return head
}

func (d *measurementReader) uvarint() uint64 {
	x, n := binary.Uvarint(d.b)
	d.take(n)
	return x
}

func (d *measurementReader) varint() int64 {
	x, n := binary.Varint(d.b)
	d.take(n)
	return x
}

func (d *measurementReader) bounded(most uint64) uint64 {
	x := d.uvarint()
	if x > most {
		d.failed, d.b = true, nil
		return 0
	}
	return x
}

func (d *measurementReader) number() float64 {
	b := d.take(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (d *measurementReader) text() string {
	n := d.bounded(uint64(len(d.b)))
	if n == 0 {
		return ""
	}
	return string(d.take(int(n)))
}

// numbers reads a list of numbers; an empty one is nil.
func (d *measurementReader) numbers() []float64 {
	n := d.bounded(uint64(len(d.b) / 8))
	if n == 0 {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = d.number()
	}
	return out
}

// counts reads a list of counts; an empty one is nil. Each takes a byte at
// least, so that the text's length bounds the list's.
func (d *measurementReader) counts() []float64 {
	n := d.bounded(uint64(len(d.b)))
	if n == 0 {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(d.uvarint())
	}
	return out
}
