package kube

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

const knative = `apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata:
      annotations: {autoscaling.knative.dev/minScale: "1", autoscaling.knative.dev/max-scale: "4"}
    spec:
      containerConcurrency: 80
      timeoutSeconds: 300
      containers:
      - name: api
        image: example.com/api:1
        env: [{name: LOG_LEVEL, value: info}]
        resources: {limits: {memory: 512Mi, cpu: 1000m}}
`

// TestFunctionShape: a Knative Service has the shape of a cloud's function, and
// every part of it follows from a fact that is there.
func TestFunctionShape(t *testing.T) {
	all, gaps := read(t, Options{}, knative)
	if len(gaps) > 0 {
		t.Fatalf("%+v", gaps)
	}
	facts := all["Service shop/api"].Facts
	got := map[string]string{}
	for _, f := range facts {
		if len(f.Path) < len("/function/") || f.Path[:len("/function/")] != "/function/" {
			continue
		}
		got[f.Path[len("/function/"):]] = f.Value.Kind.String() + " " + f.Value.Canonical() + " " + f.Surface.String()
		if f.DerivedFrom == nil || find(facts, f.DerivedFrom.Path) == nil || f.Line == 0 {
			t.Errorf("%s follows from %+v, which is not there", f.Path, f.DerivedFrom)
		}
	}
	want := map[string]string{
		"memory": "quantity 536870912 resource", "cpu": "quantity 1 resource", "timeout": "duration 5m resource", "concurrency": "number 80 resource",
		"minInstances": "number 1 resource", "maxInstances": "number 4 resource",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	plain, _ := read(t, Options{}, "apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {template: {spec: {timeoutSeconds: 3}}}\n")
	for _, f := range plain["Service shop/api"].Facts {
		if f.DerivedFrom != nil && f.DerivedFrom.Subject.Kind == "Service" && f.Value.Kind == parity.Duration {
			t.Errorf("a plain Service has %s", f.Path)
		}
	}
}
