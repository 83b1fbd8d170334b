package policy

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// stream makes facts as compare hands them over: n subjects of 15 facts, of
// which one in diff differs.
func stream(n, diff int) []*parity.Joined {
	var out []*parity.Joined
	for i := range n {
		name := fmt.Sprintf("svc-%d", i)
		a := subject("Deployment", name, name, name)
		for k := range 15 {
			path := fmt.Sprintf("/spec/template/spec/containers[name=web]/env[name=VAR_%d]/value", k)
			if k == 0 {
				path = "/spec/replicas"
			}
			have := "2"
			if diff > 0 && (i*15+k)%diff == 0 {
				have = "1"
			}
			out = append(out, sized(a, path, parity.Number, have, "2"))
		}
	}
	return out
}

func BenchmarkAdd(b *testing.B) {
	replicas := &config.Config{Expectations: []config.Expectation{{
		Name: "replicas", Match: []config.Match{{Kind: "Deployment", Path: "/spec/replicas"}},
		Expect: "production >= staging",
	}}}
	for name, c := range map[string]struct {
		cfg  *config.Config
		diff int
	}{
		"equal": {nil, 0}, "one-in-20-differs": {nil, 20}, "equal-with-expectation": {replicas, 0},
	} {
		b.Run(name, func(b *testing.B) {
			facts := stream(1000, c.diff)
			b.ReportAllocs()
			b.ResetTimer()
			g, err := New(c.cfg, two, day, Options{Kinds: declaredKinds()})
			if err != nil {
				b.Fatal(err)
			}
			for i := range b.N {
				if err := g.Add(facts[i%len(facts)]); err != nil {
					b.Fatal(err)
				}
				if len(g.records) > 100_000 {
					g.records = g.records[:0]
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	cfg := &config.Config{Expectations: []config.Expectation{{
		Name: "replicas", Match: []config.Match{{Kind: "Deployment"}}, Expect: "production >= 2 * staging",
	}}}
	for name, c := range map[string]*config.Config{"plain": nil, "with-expression": cfg} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := New(c, two, day, Options{Kinds: declaredKinds()}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLone(b *testing.B) {
	a := subject("Deployment", "web", "", "web")
	var facts []*parity.Joined
	for k := range 15 {
		facts = append(facts, fact(a, parity.Config, fmt.Sprintf("/spec/a%d", k), absent(parity.Missing), here(parity.Equal, parity.Text, "x")))
	}
	g, err := New(nil, two, day, Options{Kinds: declaredKinds()})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, j := range facts {
			if err := g.Add(j); err != nil {
				b.Fatal(err)
			}
		}
		g.leave()
		g.records = g.records[:0]
	}
}
