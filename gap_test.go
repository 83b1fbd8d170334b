package parity

import (
	"path"
	"testing"
)

func FuzzLiteralPattern(f *testing.F) {
	for _, name := range []string{"web", `a*b?c[d]\e`, "{a}", "a/b/c.x", ""} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if ok, err := path.Match(LiteralPattern(name), name); err != nil || !ok {
			t.Fatalf("the literal of %q does not fit it: %v", name, err)
		}
		if ok, err := path.Match(LiteralPattern(name), name+"x"); err != nil || ok {
			t.Fatalf("the literal of %q fits a longer name: %v", name, err)
		}
		if text, ok := LiteralText(LiteralPattern(name)); name != "" && (!ok || text != name) {
			t.Fatalf("the literal of %q is taken for %q (%v)", name, text, ok)
		}
	})
}
