package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// twoWorkloads declares the same two workloads in every environment.
const twoWorkloads = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "registry.example/web:1.2"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers: [{name: app, image: "registry.example/api:API"}]
`

// TestImagesThatRun: what pods run tells a rebuild under one tag, and what a
// cluster remembers of earlier versions tells that an environment had an image
// before: M1 counts both as they are.
func TestImagesThatRun(t *testing.T) {
	digest := func(c string) string { return "sha256:" + strings.Repeat(c, 64) }
	api := map[string]string{"registry.example/api:2.0": digest("c"), "registry.example/api:2.1": digest("d")}
	environment := func(web string) *component.Cluster {
		digests := map[string]string{"registry.example/web:1.2": web}
		for ref, d := range api {
			digests[ref] = d
		}
		return component.Kubernetes(t, component.WithNodes(1, digests))
	}
	staging, production := environment(digest("a")), environment(digest("b"))
	for _, c := range []*component.Cluster{staging, production} {
		c.Apply(strings.ReplaceAll(twoWorkloads, "API", "2.0"))
		c.Kubectl("-n", "shop", "wait", "--for=condition=Available", "deployment", "--all", "--timeout=60s")
	}
	staging.Kubectl("-n", "shop", "set", "image", "deployment/api", "app=registry.example/api:2.1")
	staging.Kubectl("-n", "shop", "rollout", "status", "deployment/api", "--timeout=60s")

	config := func(mode string) string {
		return fmt.Sprintf(`version: 1
environments:
  - name: staging
    sources: [{collector: kubernetes, kubeconfig: %s, namespaces: [shop]}]
  - name: production
    sources: [{collector: kubernetes, kubeconfig: %s, namespaces: [shop]}]
indicators: {M1: {target: 100, mode: %s}}
`, staging.Kubeconfig, production.Kubeconfig, mode)
	}
	r := checkJSON(t, project(t, config("promoted")))
	states := map[string]parity.ImageState{}
	for _, d := range differences(r) {
		if d.Image != nil {
			states[d.Subject.Name] = d.Image.State
		}
	}
	if len(states) != 2 || states["web"] != parity.ImageRebuild || states["api"] != parity.ImagePending {
		t.Errorf("the images are %v, want web rebuilt and api pending", states)
	}
	if m := indicatorOf(t, r, "M1"); m.Numerator != 1 || m.Denominator != 2 || m.Unknown != 0 {
		t.Errorf("promoted: %d of %d images match and %d are unknown, want 1 of 2: staging had api 2.0", m.Numerator, m.Denominator, m.Unknown)
	}
	if m := indicatorOf(t, checkJSON(t, project(t, config("digest"))), "M1"); m.Numerator != 0 || m.Denominator != 2 {
		t.Errorf("by digest: %d of %d images match, want 0 of 2", m.Numerator, m.Denominator)
	}
}

func indicatorOf(t *testing.T, r *parity.Result, id string) parity.Indicator {
	t.Helper()
	for _, x := range r.Indicators {
		if x.ID == id {
			return x
		}
	}
	t.Fatalf("there is no indicator %s", id)
	return parity.Indicator{}
}
