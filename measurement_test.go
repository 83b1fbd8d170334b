package parity_test

import (
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

func measurement(t *rapid.T) *parity.Measurement {
	m := &parity.Measurement{
		Unit:      rapid.SampledFrom([]string{"", "s", "By"}).Draw(t, "unit"),
		Start:     time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "start"), 0).UTC(),
		Step:      time.Duration(rapid.Int64Range(1, 1<<30).Draw(t, "step")) * time.Millisecond,
		Instances: rapid.IntRange(1, 3).Draw(t, "instances"),
		Shown:     rapid.SampledFrom([]float64{0, 0.25, math.Inf(1)}).Draw(t, "shown"),
	}
	steps := rapid.IntRange(1, 8).Draw(t, "steps")
	n := rapid.Float64Range(0, 1e6)
	for range steps * m.Instances {
		total := math.Round(n.Draw(t, "total"))
		m.Total = append(m.Total, total)
		m.Events = append(m.Events, math.Round(total*rapid.Float64Range(0, 1).Draw(t, "share")))
	}
	for range steps {
		m.Load = append(m.Load, n.Draw(t, "load"))
	}
	switch rapid.IntRange(0, 2).Draw(t, "layout") {
	case 1:
		m.Bounds = []float64{0.005, 0.01, 2.5}
		m.Width = len(m.Bounds) + 1
	case 2:
		m.Native, m.Schema, m.First, m.Width, m.ZeroThreshold = true, 3, -7, 9, 1e-128
	}
	for range m.Width * len(m.Total) {
		m.Buckets = append(m.Buckets, math.Round(n.Draw(t, "bucket")))
	}
	return m
}

// TestMeasurementIsReadAsItWasWritten holds that nothing is lost on the way.
func TestMeasurementIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := measurement(t)
		got, err := parity.ParseMeasurement(m.Value(parity.Distribution, "for people"))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, m) {
			t.Fatalf("read %+v\nwrote %+v", got, m)
		}
	})
}

func TestMeasurementOfAnotherKind(t *testing.T) {
	v := (&parity.Measurement{Step: time.Second, Instances: 1, Total: []float64{4}}).Value(parity.Proportion, "")
	if _, err := parity.ParseMeasurement(v); err != nil {
		t.Error(err)
	}
	v.Kind = parity.Text
	if _, err := parity.ParseMeasurement(v); err == nil {
		t.Error("a text is read as a measurement")
	}
}

// TestCountsAreWhole holds that extrapolated counts become whole ones, and what
// is no count none.
func TestCountsAreWhole(t *testing.T) {
	m := &parity.Measurement{Step: time.Second, Instances: 1, Total: []float64{10.4, math.NaN(), -3, math.Inf(1)}}
	got, err := parity.ParseMeasurement(m.Value(parity.Proportion, ""))
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{10, 0, 0, 0}; !reflect.DeepEqual(got.Total, want) {
		t.Errorf("got %v, want %v", got.Total, want)
	}
}

func FuzzParseMeasurement(f *testing.F) {
	m := &parity.Measurement{Unit: "s", Step: time.Second, Instances: 1, Total: []float64{4}, Bounds: []float64{1}, Width: 2, Buckets: []float64{3, 1}}
	f.Add(m.Value(parity.Distribution, "").Canon)
	f.Add("m1.")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parity.ParseMeasurement(parity.Value{Kind: parity.Distribution, Canon: text})
		if err != nil {
			return
		}
		again, err := parity.ParseMeasurement(m.Value(parity.Distribution, ""))
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if again.Steps() != m.Steps() || again.Width != m.Width {
			t.Fatalf("read %+v, then %+v", m, again)
		}
	})
}
