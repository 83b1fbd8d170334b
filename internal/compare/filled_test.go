package compare

import (
	"maps"
	"testing"

	"github.com/envparity/parity"
)

// An empty list against one with items is as many differences as there are
// items, and none for being empty; against nothing at all it is missing.
func TestAnEmptyStructureMeetsAStructure(t *testing.T) {
	empty := func(e *env, v parity.Value) *env {
		return e.add("ConfigMap", "shop", "c", "/data/other", "1").fact(parity.Fact{Path: "/data/x", Value: v, Surface: parity.Config})
	}
	list := parity.Value{Kind: parity.Null, Raw: "[]", Canon: "null"}
	items := func(e *env) *env {
		return e.add("ConfigMap", "shop", "c", "/data/other", "1", "/data/x[name=a]/name", "a", "/data/x[name=a]/size", "1")
	}
	nothing := func(e *env) *env { return e.add("ConfigMap", "shop", "c", "/data/other", "1") }
	for _, c := range []struct {
		name               string
		staging, reference *env
		want               map[parity.Class]int
	}{
		{"empty and items", empty(staging(), list), items(production()), map[parity.Class]int{parity.Equal: 1, parity.Equivalent: 1, parity.Missing: 2}},
		{"items and empty", items(staging()), empty(production(), list), map[parity.Class]int{parity.Equal: 1, parity.Equivalent: 1, parity.Extra: 2}},
		{"solid", items(staging()), empty(production(), parity.Value{Kind: parity.Text, Raw: "[]"}), map[parity.Class]int{parity.Equal: 1, parity.Equivalent: 1, parity.Extra: 2}},
		{"empty and nothing", empty(staging(), list), nothing(production()), map[parity.Class]int{parity.Equal: 1, parity.Extra: 1}},
		{"nothing and empty", nothing(staging()), empty(production(), list), map[parity.Class]int{parity.Equal: 1, parity.Missing: 1}},
		{"a text is no structure", items(staging()), empty(production(), parity.Value{Kind: parity.Text, Raw: "none"}), map[parity.Class]int{parity.Equal: 1, parity.Missing: 1, parity.Extra: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Snapshots: []*parity.Snapshot{c.staging.snapshot(), c.reference.snapshot()}}
			if got := compareInput(t, in).counts(in, 0); !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
