package component_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/envparity/parity/internal/component"
)

func TestIsList(t *testing.T) {
	for request, want := range map[string]bool{
		"/api/v1/pods":                                         true,
		"/api/v1/namespaces":                                   true,
		"/api/v1/namespaces/shop/pods":                         true,
		"/apis/apps/v1/deployments":                            true,
		"/apis/apps/v1/namespaces/shop/deployments":            true,
		"/apis/apps/v1/deployments?limit=500":                  true,
		"/api/v1/pods?watch=true":                              false,
		"/api/v1/namespaces/shop":                              false,
		"/api/v1/nodes/one":                                    false,
		"/api/v1/namespaces/shop/pods/one":                     false,
		"/apis/apps/v1/namespaces/shop/deployments/web":        false,
		"/apis/apps/v1/namespaces/shop/deployments/web/status": false,
		"/api":                     false,
		"/apis":                    false,
		"/api/v1":                  false,
		"/apis/apps":               false,
		"/apis/apps/v1":            false,
		"/version":                 false,
		"/openapi/v3/apis/apps/v1": false,
	} {
		u, err := url.Parse(request)
		if err != nil {
			t.Fatal(err)
		}
		r := component.Request{Method: http.MethodGet, Path: u.Path, Query: u.Query()}
		if got := r.IsList(); got != want {
			t.Errorf("IsList of %s is %v", request, got)
		}
		if got, want := len(component.Unpaged([]component.Request{r})) == 1, want && u.Query().Get("limit") == ""; got != want {
			t.Errorf("Unpaged of %s is %v", request, got)
		}
	}
}
