package naming

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestFormOfAnyMetrics holds of any metrics that what is recognised is among them,
// is named by labels that are there, and does not depend on their order.
func TestFormOfAnyMetrics(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom(slices.Concat(requestNouns(), stores(), routeWords(), []string{
		"http", "grpc", "client", "server", "total", "seconds", "duration", "code", "status", "success", "service", "type", "", "é",
	})), rapid.StringN(0, 4, 8))
	name := rapid.Custom(func(t *rapid.T) string {
		out := ""
		for _, w := range rapid.SliceOfN(word, 1, 5).Draw(t, "words") {
			out += rapid.SampledFrom([]string{"_", ".", ""}).Draw(t, "between") + w
		}
		return out
	})
	family := rapid.Custom(func(t *rapid.T) Family {
		return Family{
			Name: name.Draw(t, "name"), Type: rapid.SampledFrom([]string{"histogram", "summary", "counter", "gauge", ""}).Draw(t, "type"),
			Labels: rapid.SliceOfNDistinct(name, 0, 5, rapid.ID).Draw(t, "labels"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		families := rapid.SliceOfNDistinct(family, 0, 6, func(f Family) string { return f.Name }).Draw(t, "families")
		found := ByForm(families)
		for _, k := range found {
			i := slices.IndexFunc(families, func(f Family) bool { return f.Name == k.Metric })
			if i < 0 {
				t.Fatalf("%s is none of the metrics", k.Metric)
			}
			if k.Client() == (len(k.Endpoint) > 0) || k.Client() != (len(k.Peer) > 0) {
				t.Fatalf("%s has endpoints %q and peers %q", k.Metric, k.Endpoint, k.Peer)
			}
			for _, item := range slices.Concat(k.Endpoint, k.Peer) {
				for _, l := range Alternatives(item) {
					if !slices.Contains(families[i].Labels, l) && k.Group != "" && !k.Client() {
						t.Fatalf("%s has no label %q of %q", k.Metric, l, item)
					}
				}
			}
		}
		slices.Reverse(families)
		again := ByForm(families)
		if !slices.EqualFunc(found, again, func(a, b Known) bool { return a.Metric == b.Metric && slices.Equal(a.Endpoint, b.Endpoint) }) {
			t.Fatalf("in another order %v are %v", found, again)
		}
	})
}
