package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

// TestMedoid: the reference is never the instance that stands apart, and does
// not depend on the order of the file.
func TestMedoid(t *testing.T) {
	instance := func(name string, pairs ...string) *env {
		return (&env{name: "production", instance: name}).add("App", "shop", "web", pairs...)
	}
	a, b, odd := instance("c", "/x", "1", "/y", "1"), instance("b", "/x", "1", "/y", "1"), instance("a", "/x", "2", "/z", "1")
	stage := (&env{name: "staging"}).add("App", "shop", "web", "/x", "2")
	tests := []struct {
		name       string
		envs       []*env
		candidates int
		want       string
	}{
		{"not the odd one", []*env{odd, a, b}, 3, "b"},
		{"the one like other environments, of two", []*env{a, odd, stage}, 2, "a"},
		{"the first by name, of two alike", []*env{a, b}, 2, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var candidates []int
				var all []*parity.Snapshot
				for i, e := range rapid.Permutation(tt.envs).Draw(t, "order") {
					all = append(all, e.snapshot())
					if e.name == "production" {
						candidates = append(candidates, i)
					}
				}
				if got := all[Medoid(all, candidates)].Column.Instance; got != tt.want {
					t.Fatalf("got %s, want %s", got, tt.want)
				}
			})
		})
	}
}

// TestMedoidOfMany: a sample tells which of several large instances is apart.
func TestMedoidOfMany(t *testing.T) {
	var all []*parity.Snapshot
	for n := range 3 {
		e := &env{name: "production", instance: fmt.Sprint(n)}
		for i := range 300 {
			var pairs []string
			for k := range 100 {
				v := "same"
				if n == 0 && k == 0 {
					v = "other"
				}
				pairs = append(pairs, fmt.Sprintf("/p%d", k), v)
			}
			e.add("App", "shop", fmt.Sprint("web", i), pairs...)
		}
		all = append(all, e.snapshot())
	}
	if got := Medoid(all, []int{0, 1, 2}); got != 1 {
		t.Errorf("got %d", got)
	}
}
