package compare

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

// withFlags adds a workload whose one flag is given with each value.
func withFlags(e *env, list string, values ...string) *env {
	e.add("Deployment", "shop", "web")
	for i, v := range values {
		path := list
		if i > 0 {
			path += fmt.Sprintf("#%d", i+1)
		}
		e.fact(parity.Fact{Path: path, Value: parity.Value{Kind: parity.Text, Raw: v}, Surface: parity.Config})
	}
	return e
}

// Repeated flags meet by their values: what was put first is one difference.
func TestRepeatedFlagsMeetByValue(t *testing.T) {
	const flags, variables = "/args[=--domain]", "/env[name=DOMAIN]"
	for _, c := range []struct {
		name, list         string
		staging, reference string
		want               map[parity.Class]int
	}{
		{"one put first", flags, "x a b", "a b", map[parity.Class]int{parity.Equivalent: 2, parity.Extra: 1}},
		{"the first one only", flags, "a", "b a", map[parity.Class]int{parity.Equivalent: 1, parity.Missing: 1}},
		{"another order", flags, "a b c", "c a b", map[parity.Class]int{parity.Equivalent: 3}},
		{"one of them changed", flags, "x b", "b y", map[parity.Class]int{parity.Equivalent: 1, parity.Changed: 1}},
		{"one value twice", flags, "a a b", "b a", map[parity.Class]int{parity.Equivalent: 1, parity.Equal: 1, parity.Extra: 1}},
		{"nothing in common", flags, "x", "a b", map[parity.Class]int{parity.Extra: 1, parity.Missing: 2}},
		{"the last variable wins", variables, "a b", "b a", map[parity.Class]int{parity.Changed: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Snapshots: []*parity.Snapshot{
				withFlags(staging(), c.list, strings.Fields(c.staging)...).snapshot(),
				withFlags(production(), c.list, strings.Fields(c.reference)...).snapshot(),
			}}
			if got := compareInput(t, in).counts(in, 0); !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// The order of repeated flags says nothing: what counts is the difference of
// two multisets.
func TestRepeatedFlagsAreAMultiset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 1, 6)
		mine, theirs := values.Draw(t, "mine"), values.Draw(t, "theirs")
		count := func(mine []string) map[parity.Class]int {
			in := Input{Snapshots: []*parity.Snapshot{
				withFlags(staging(), "/args[=-x]", mine...).snapshot(), withFlags(production(), "/args[=-x]", theirs...).snapshot(),
			}}
			counts := compareInput(t, in).counts(in, 0)
			counts[parity.Equal] += counts[parity.Equivalent]
			delete(counts, parity.Equivalent)
			return counts
		}
		common := 0
		left := slices.Clone(theirs)
		for _, v := range mine {
			if i := slices.Index(left, v); i >= 0 {
				left, common = slices.Delete(left, i, i+1), common+1
			}
		}
		got := count(mine)
		if got[parity.Equal] != common {
			t.Fatalf("%v and %v: %v, want %d that agree", mine, theirs, got, common)
		}
		if again := count(rapid.Permutation(mine).Draw(t, "again")); !maps.Equal(got, again) {
			t.Fatalf("%v and %v: %v in one order, %v in another", mine, theirs, got, again)
		}
	})
}
