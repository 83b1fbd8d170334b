package compare

import (
	"context"
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// BenchmarkAlign prints what alignment costs where names do not help: it grows
// with the number of objects, not with its square.
func BenchmarkAlign(b *testing.B) {
	cases := map[string]func(e *env, side, n int){
		// Every object has another name in the other column.
		"renamed": func(e *env, side, n int) {
			for i := range n {
				rule(e, "Policy", fmt.Sprintf("side%d-part%d", side, i), fmt.Sprint("seed", i), 10)
			}
		},
		// Every object states the same, and none has a counterpart.
		"template": func(e *env, side, n int) {
			for i := range n {
				rule(e, "Policy", fmt.Sprintf("tenant-side%d-part%d", side, i), "seed", 10)
			}
		},
		"exact": func(e *env, _, n int) {
			for i := range n {
				rule(e, "Policy", fmt.Sprint("part", i), fmt.Sprint("seed", i), 10)
			}
		},
	}
	for _, columns := range []int{2, 10} {
		for _, name := range sortedKeys(cases) {
			for _, n := range []int{500, 2000, 8000} {
				if columns > 2 && n > 2000 {
					continue
				}
				b.Run(fmt.Sprintf("%s/columns=%d/objects=%d", name, columns, n), func(b *testing.B) {
					var all []*parity.Snapshot
					for c := range columns {
						e := &env{name: "production", instance: fmt.Sprint(c), reference: c == columns-1}
						cases[name](e, min(c, 1), n)
						all = append(all, e.snapshot())
					}
					for b.Loop() {
						if _, err := Run(context.Background(), Input{Snapshots: all, Options: Options{Kinds: declaredKinds()}}, func(*parity.Joined) error { return nil }); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n*columns), "ns/object")
				})
			}
		}
	}
}
