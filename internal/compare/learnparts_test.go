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
