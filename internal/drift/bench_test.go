package drift_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/drift"
)

// BenchmarkRun compares 10,000 declared workloads with a live side that has
// them and as many others, and of which one in a hundred was edited.
func BenchmarkRun(b *testing.B) {
	const n = 10_000
	one, edited := snapshot(b, web), snapshot(b, strings.Replace(web, "value: a", "value: c", 1))
	side := func(count int, live bool) *parity.Snapshot {
		s := &parity.Snapshot{Column: one.Column, Time: now}
		for i := range count {
			x := one.Subjects[0]
			if live && i%100 == 0 && i < n {
				x = edited.Subjects[0]
			}
			x.Subject.Name = fmt.Sprintf("web-%06d", i)
			s.Subjects = append(s.Subjects, x)
		}
		return s
	}
	desired, live := side(n, false), side(2*n, true)
	b.ReportAllocs()
	for b.Loop() {
		x, err := drift.Run(context.Background(), desired, live, drift.Options{Now: now, Kinds: declaredKinds})
		if err != nil {
			b.Fatal(err)
		}
		if len(x.Drifts) != n/100 {
			b.Fatalf("%d drifts", len(x.Drifts))
		}
	}
	b.ReportMetric(float64(desired.Facts()), "facts/op")
}
