package measured

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// TestValues holds that no request is lost on the way to a measurement, however
// the steps are chosen, and that a bucket's end is not below what is in it.
func TestValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Series{Schema: rapid.IntRange(0, 5).Draw(t, "schema")}
		n, bad, longest := 0.0, 0.0, time.Duration(0)
		begin := rapid.Int64Range(0, 1<<60).Draw(t, "begin")
		for range rapid.IntRange(1, 200).Draw(t, "n") {
			at := begin + rapid.Int64Range(0, int64(3*time.Hour)).Draw(t, "at")
			d := time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "took"))
			failed := float64(rapid.IntRange(0, 1).Draw(t, "failed"))
			n, bad, longest = n+1, bad+failed, max(longest, d)
			s.Count(at, 1, failed)
			s.Duration(at, s.Bucket(d), 1)
		}
		s.Coarsen(rapid.IntRange(-2, 5).Draw(t, "to"))
		failures, durations, ok := s.Values("requests")
		f, err1 := parity.ParseMeasurement(failures)
		d, err2 := parity.ParseMeasurement(durations)
		if !ok || err1 != nil || err2 != nil {
			t.Fatal(ok, err1, err2)
		}
		sum := 0.0
		for _, x := range d.Buckets {
			sum += x
		}
		total, events := f.Sum()
		end := math.Exp2(float64(d.First+d.Width-2) * math.Exp2(-float64(d.Schema)))
		if total != n || events != bad || sum != n || longest > 0 && end < longest.Seconds()*(1-1e-9) {
			t.Fatalf("%v of %v failed, want %v of %v; %v durations up to %v of %v", events, total, bad, n, sum, end, longest)
		}
	})
}

func TestSteps(t *testing.T) {
	for _, c := range []struct{ long, least, want time.Duration }{
		{time.Minute, 0, 5 * time.Second},
		{time.Hour, 0, time.Minute},
		{10 * time.Minute, 0, 15 * time.Second},
		{10 * time.Minute, 50 * time.Second, time.Minute},
		{24 * time.Hour, 0, 15 * time.Minute},
	} {
		s := &Series{Least: c.least}
		s.Count(0, 1, 0)
		s.Count(int64(c.long), 1, 0)
		v, _, ok := s.Values("requests")
		m, err := parity.ParseMeasurement(v)
		if !ok || err != nil || m.Step != c.want {
			t.Errorf("%s has steps of %v, want %s (%v)", c.long, m.Step, c.want, err)
		}
	}
	s := &Series{}
	s.Count(0, 1, 0)
	s.Count(math.MaxInt64, 1, 0)
	if _, _, ok := s.Values("requests"); ok {
		t.Error("300 years are measured")
	}
}

func TestClassic(t *testing.T) {
	s := &Series{Bounds: []float64{0.1, 1}}
	s.Count(0, 3, 5)
	s.Duration(0, 1, 2)
	s.Duration(0, 2, 1)
	failures, durations, _ := s.Values("requests")
	if failures.Raw != "3 of 3 requests failed" || durations.Raw != "3 requests, p95 above 1 s" {
		t.Errorf("%q, %q", failures.Raw, durations.Raw)
	}
}
