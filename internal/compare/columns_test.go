package compare

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

// drawTraits gives drawn subjects what alignment goes by beside names:
// identities, generated suffixes, images.
func drawTraits(t *rapid.T, e *env) {
	for i := range e.subjects {
		s := &e.subjects[i].Subject
		if stem, _, ok := strings.Cut(s.Name, "-2f5b"); ok {
			s.Stem = stem
		}
		if rapid.IntRange(0, 3).Draw(t, "identity") == 0 {
			s.IDs = append(s.IDs, parity.Identity{Method: "app", Value: rapid.SampledFrom([]string{"shop/web", "shop/db"}).Draw(t, "id")})
		}
		if s.Kind == "Deployment" {
			s.Traits = append(s.Traits, parity.Trait{Kind: "image", Value: "shop/web"})
			for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"80", "81", "82"}), 0, 3, rapid.ID[string]).Draw(t, "ports") {
				s.Traits = append(s.Traits, parity.Trait{Kind: "port", Value: p})
			}
		}
	}
}

// TestCopiesOfColumns: two instances each of two environments, which are copies,
// give what the two environments give, whatever the order of the columns.
func TestCopiesOfColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawEnv(t, "staging", false), drawEnv(t, "production", true)
		drawTraits(t, a)
		drawTraits(t, b)
		a.subjects, b.subjects = unique(a.subjects), unique(b.subjects)
		two := Input{Snapshots: []*parity.Snapshot{a.snapshot(), b.snapshot()}}
		var four Input
		for _, e := range []*env{a, a, b, b} {
			c := *e
			c.instance, c.reference = fmt.Sprintf("i%d", len(four.Snapshots)), len(four.Snapshots) == 3
			four.Snapshots = append(four.Snapshots, c.snapshot())
		}
		four.Snapshots = rapid.Permutation(four.Snapshots).Draw(t, "order")
		at := func(name string) int {
			return slices.IndexFunc(four.Snapshots, func(s *parity.Snapshot) bool { return s.Column.Instance == name })
		}
		want := describeColumn(compareIn(t, two), 0, 1)
		got := compareIn(t, four)
		for _, copied := range []string{"i0", "i1"} {
			if have := describeColumn(got, at(copied), at("i3")); have != want {
				t.Fatalf("column %s:\n%s\nwith two columns:\n%s", copied, have, want)
			}
		}
		if m, x, c := counting(got, four, at("i2")); m+x+c != 0 {
			t.Fatalf("against its copy: missing %d, extra %d, changed %d", m, x, c)
		}
	})
}

// describeColumn lists what a column has against the reference.
func describeColumn(c compared, col, ref int) string {
	var all []string
	for _, j := range c.joined {
		own, theirs := &j.Cells[col], &j.Cells[ref]
		if own.Fact == nil && theirs.Fact == nil {
			continue
		}
		key := j.Subject.Key
		all = append(all, fmt.Sprintf("%s %s %v %v %v %v %q %v %v", key, j.Path, j.Surface, own.State, own.Class, own.Change, own.Rules, own.Bindings, j.Synthetic))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
