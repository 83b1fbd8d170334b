package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// fleet adds n subjects, each with one value made from its number.
func fleet(e *env, n int, path, format string) *env {
	for i := range n {
		e.add("App", "", fmt.Sprintf("svc-%d", i), path, fmt.Sprintf(format, i))
	}
	return e
}

func TestLearnedBindings(t *testing.T) {
	tests := []struct {
		name, path, own, ref string
		bound                bool
	}{
		{"environment's word", "/x", "app-%d-staging", "app-%d-production", true},
		{"empty spelling in a host", "/x", "s%d.staging.example.com", "s%d.example.com", true},
		{"empty spelling in a name", "/x", "app%d-staging", "app%d", true},
		{"account number", "/x", "arn:aws:iam::111122223333:role/app-%d", "arn:aws:iam::444455556666:role/app-%d", true},
		{"domain", "/x", "https://s%d.blue.example.net/", "https://s%d.green.example.org/", true},
		{"label of a host", "/x", "s%d.alpha.internal.example.com", "s%d.omega.internal.example.com", true},
		{"level", "/LOG_LEVEL", "debug", "info", false},
		{"size", "/x", "cache%d-small", "cache%d-large", false},
		{"number", "/x", "pool-%d-10", "pool-%d-20", false},
		{"version", "/x", "1.2.%d", "1.3.%d", false},
		{"switch", "/x", "true", "false", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := compareAll(t, Options{}, fleet(staging(), 4, tt.path, tt.own), fleet(production(), 4, tt.path, tt.ref))
			for i := range 4 {
				cell := c.class(t, "App", fmt.Sprintf("svc-%d", i), tt.path)
				if bound := cell.Class == parity.Bound; bound != tt.bound {
					t.Errorf("svc-%d is %v %v", i, cell.Class, cell.Note)
				}
			}
		})
	}
}

// TestSupport: two subjects teach nothing, three do; and a frozen comparison
// learns nothing.
func TestSupport(t *testing.T) {
	const own, ref = "arn:aws:iam::111122223333:role/app-%d", "arn:aws:iam::444455556666:role/app-%d"
	for n, want := range map[int]bool{2: false, 3: true} {
		c := compareAll(t, Options{}, fleet(staging(), n, "/x", own), fleet(production(), n, "/x", ref))
		if got := c.class(t, "App", "svc-0", "/x").Class == parity.Bound; got != want {
			t.Errorf("with %d subjects bound is %v", n, got)
		}
	}
	c := compareAll(t, Options{Frozen: true}, fleet(staging(), 5, "/x", own), fleet(production(), 5, "/x", ref))
	if c.class(t, "App", "svc-0", "/x").Class == parity.Bound {
		t.Error("a frozen comparison learned")
	}
	declared := parity.Binding{ID: "account", Role: "account", Origin: "frozen", Spellings: []parity.Spelling{
		{Column: "staging", Text: "111122223333"}, {Column: "production", Text: "444455556666"},
	}}
	c = compareAll(t, Options{Frozen: true, Declared: []parity.Binding{declared}}, fleet(staging(), 1, "/x", own), fleet(production(), 1, "/x", ref))
	if cell := c.class(t, "App", "svc-0", "/x"); cell.Class != parity.Bound || len(cell.Bindings) != 1 || cell.Bindings[0] != "account" {
		t.Errorf("declared: %v %v", cell.Class, cell.Bindings)
	}
}

// TestInconsistent: a token that stands for several things on both sides binds
// nothing.
func TestInconsistent(t *testing.T) {
	s, p := staging(), production()
	for i := range 8 {
		s.add("App", "", fmt.Sprintf("svc-%d", i), "/x", fmt.Sprintf("s%d.alpha.internal.example.com", i))
		p.add("App", "", fmt.Sprintf("svc-%d", i), "/x", fmt.Sprintf("s%d.%s.internal.example.com", i, []string{"omega", "alpha"}[i%2]))
	}
	for i := range 4 {
		s.add("App", "", fmt.Sprintf("o-%d", i), "/x", fmt.Sprintf("o%d.omega.internal.example.com", i))
		p.add("App", "", fmt.Sprintf("o-%d", i), "/x", fmt.Sprintf("o%d.omega.internal.example.com", i))
	}
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "App", "svc-0", "/x"); cell.Class == parity.Bound {
		t.Errorf("bound by %v", cell.Bindings)
	}
}

// TestUnknownNames: an environment whose name is no known word binds nothing
// by itself.
func TestUnknownNames(t *testing.T) {
	a := (&env{name: "a"}).add("App", "", "x", "/v", "db-a-main")
	b := (&env{name: "b", reference: true}).add("App", "", "x", "/v", "db-b-main")
	c := compareAll(t, Options{}, a, b)
	if cell := c.cells["a App x /v"]; cell.Class != parity.Changed {
		t.Errorf("got %v", cell.Class)
	}
}

func TestIdentifiers(t *testing.T) {
	const one, two, three = "350c0e9c-6d40-419b-b5f7-ce2f92e64bfe", "d9033e40-69e8-4bbc-a61a-cd3c50254d04", "c9585984-e065-462b-8e78-601aae0cabd8"
	s := staging().add("App", "", "a", "/id", one).add("App", "", "b", "/id", one).add("App", "", "c", "/id", three)
	p := production().add("App", "", "a", "/id", two).add("App", "", "b", "/id", two).add("App", "", "c", "/id", two)
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "App", "a", "/id"); cell.Class != parity.IdentifierClass {
		t.Errorf("one to one: %v", cell.Class)
	}
	if cell := c.class(t, "App", "c", "/id"); cell.Class != parity.Changed || cell.Change != parity.IdentifierChange {
		t.Errorf("two to one: %v %v", cell.Class, cell.Change)
	}
	const shaA, shaB = "5b89509cb7b60f7594b76f364fc2caa3fd5a389f", "7fdd5035064ffb27d1337ecffce42752f2e23f48"
	c = compareAll(t, Options{}, staging().add("App", "", "a", "/image/tag", shaA, "/image", "q.io/a/b:"+shaA), production().add("App", "", "a", "/image/tag", shaB, "/image", "q.io/a/b:"+shaB))
	for _, path := range []string{"/image/tag", "/image"} {
		if cell := c.class(t, "App", "a", path); cell.Class != parity.Changed || cell.Change != parity.VersionChange {
			t.Errorf("a version that is a hash, at %s: %v %v", path, cell.Class, cell.Change)
		}
	}
}

// TestShared: one environment's spelling that is the same everywhere is shared,
// and each is listed once.
func TestShared(t *testing.T) {
	s, p := fleet(staging(), 3, "/db", "app_production_%d"), fleet(production(), 3, "/db", "app_production_%d")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "App", "svc-0", "/db"); cell.Class != parity.Shared {
		t.Errorf("got %v %s", cell.Class, cell.Note)
	}
	if len(c.Shared) != 1 || c.Shared[0].Facts != 3 || c.Shared[0].Owner != "production" {
		t.Errorf("shared: %+v", c.Shared)
	}
}
