package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// preview has n subjects in a namespace, and an application with a host.
func preview(n int, scope, host string) *env {
	e := &env{name: "preview"}
	for i := range n {
		e.add("ConfigMap", scope, fmt.Sprintf("c%d", i), "/data/x", "1")
	}
	return e.add("App", scope, "web", "/host", host, "/url", "https://"+host+"/v1", "/image", "shop/web:pr-12-abc", "/db", "db-replica")
}

func live(n int, host string) *env {
	e := production()
	for i := range n {
		e.add("ConfigMap", "shop", fmt.Sprintf("c%d", i), "/data/x", "1")
	}
	return e.add("App", "shop", "web", "/host", host, "/url", "https://"+host+"/v1", "/image", "shop/web:1.2", "/db", "db")
}

// TestOwnPartOfNames: the part that an environment's namespace carries, and the
// reference lacks, is the environment's own name, in hosts too.
func TestOwnPartOfNames(t *testing.T) {
	tests := []struct {
		name, scope, host, refHost string
		subjects                   int
		bound                      bool
	}{
		{"namespace and host", "shop-pr-12", "api-pr-12.example.com", "api.example.com", 3, true},
		{"beside the word", "preview-pr-12", "api-pr-12.preview.example.com", "api.example.com", 3, true},
		{"a label of its own", "shop-pr-12", "pr-12.api.example.com", "api.example.com", 3, true},
		{"too few subjects", "shop-pr-12", "api-pr-12.example.com", "api.example.com", 1, false},
		{"namespace without it", "shop", "api-pr-12.example.com", "api.example.com", 3, false},
		{"another part", "shop-pr-12", "api-pr-13.example.com", "api.example.com", 3, false},
		{"another host", "shop-pr-12", "api-pr-12.example.com", "web.example.com", 3, false},
		{"a version", "shop-v2", "api-v2.example.com", "api.example.com", 3, false},
		{"a number", "shop-12", "api-12.example.com", "api.example.com", 3, false},
		{"a plain word", "shop-internal", "api-internal.example.com", "api.example.com", 3, false},
		{"another environment's", "shop-staging2-dev", "api-staging-2.example.com", "api.example.com", 3, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := Options{Namespaces: []map[string]string{{tt.scope: "shop"}, nil}}
			c := compareAll(t, opt, preview(tt.subjects, tt.scope, tt.host), live(tt.subjects, tt.refHost))
			for _, path := range []string{"/host", "/url"} {
				cell := c.cells["preview App web "+path]
				if bound := cell.Class == parity.Bound; bound != tt.bound {
					t.Errorf("%s is %v", path, cell.Class)
				}
			}
			for _, path := range []string{"/image", "/db"} {
				if cell := c.cells["preview App web "+path]; cell.Class != parity.Changed {
					t.Errorf("%s is %v", path, cell.Class)
				}
			}
		})
	}
}

// TestOwnPartHidesNothing: a part that the reference has too is not learned, and
// one that is learned takes no other environment's word with it.
func TestOwnPartHidesNothing(t *testing.T) {
	opt := Options{Namespaces: []map[string]string{{"shop-pr-12": "shop"}, nil}}
	cell := func(own, ref *env, name string) parity.Cell {
		return compareAll(t, opt, own, ref).cells["preview App "+name+" /host"]
	}
	host, refHost := "api-pr-12.example.com", "api.example.com"
	if got := cell(preview(3, "shop-pr-12", host), live(3, refHost), "web").Class; got != parity.Bound {
		t.Fatalf("a part that only the preview has: %v", got)
	}
	ref := live(3, refHost).add("App", "shop", "other", "/host", "cache-pr-12.example.com")
	if got := cell(preview(3, "shop-pr-12", host), ref, "web").Class; got != parity.Changed {
		t.Errorf("a part that the reference has too: %v", got)
	}
	for _, theirs := range []string{"db-pr-12.staging.example.com", "db-pr-12.production.example.com"} {
		own := preview(3, "shop-pr-12", host).add("App", "shop-pr-12", "db", "/host", theirs)
		if got := cell(own, live(3, refHost).add("App", "shop", "db", "/host", "db.example.com"), "db").Class; !got.Counts() {
			t.Errorf("%s: %v", theirs, got)
		}
	}
}

// TestOwnPartOfThreeNames: three different names speak for a part as a namespace
// does; two do not.
func TestOwnPartOfThreeNames(t *testing.T) {
	for n, want := range map[int]parity.Class{2: parity.Changed, 3: parity.Bound} {
		own, ref := &env{name: "preview"}, production()
		for i := range n {
			name := fmt.Sprintf("%c-app", 'a'+i)
			own.add("App", "", name, "/host", name+"-pr-12.example.com")
			ref.add("App", "", name, "/host", name+".example.com")
		}
		if got := compareAll(t, Options{}, own, ref).cells["preview App a-app /host"].Class; got != want {
			t.Errorf("%d names: %v", n, got)
		}
	}
}
