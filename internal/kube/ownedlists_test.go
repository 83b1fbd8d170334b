package kube

import (
	"testing"

	"github.com/envparity/parity"
)

// service is what kubectl get service --show-managed-fields gave after
// kubectl apply, and then kubectl patch of one port and of another's number.
const service = `
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  managedFields:
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1:
      f:spec:
        f:ports:
          .: {}
          k:{"port":53,"protocol":"UDP"}:
            .: {}
            f:name: {}
            f:port: {}
            f:protocol: {}
        f:selector: {}
    manager: kubectl-client-side-apply
    operation: Update
    time: "2026-07-30T03:52:41Z"
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1:
      f:spec:
        f:ports:
          k:{"port":9000,"protocol":"TCP"}:
            .: {}
            f:name: {}
            f:port: {}
            f:targetPort: {}
    manager: kubectl-patch
    operation: Update
    time: "2026-07-30T04:10:41Z"
spec:
  selector: {app: web}
  ports:
  - {name: dns, port: 53, protocol: UDP}
  - {name: metrics, port: 9000, protocol: TCP, targetPort: 9000}
  - {name: nobody, port: 7, protocol: TCP}
`

// A port is its last writer's, though facts know it by its name; one that
// nobody owns is nobody's, and not its list's.
func TestWritersOfPorts(t *testing.T) {
	all, gaps := read(t, Options{Live: true}, service)
	if len(gaps) > 0 {
		t.Fatal(gaps)
	}
	facts := all["Service shop/web"].Facts
	for path, want := range map[string]string{
		"/spec/ports[name=dns]/port":           "kubectl-client-side-apply",
		"/spec/ports[name=metrics]/port":       "kubectl-patch",
		"/spec/ports[name=metrics]/targetPort": "kubectl-patch",
		"/spec/ports[name=nobody]/port":        "",
		"/spec/selector/app":                   "kubectl-client-side-apply",
	} {
		f := find(facts, path)
		if f == nil {
			t.Errorf("no fact at %s", path)
			continue
		}
		var w parity.Writer
		if f.Origin.Writer != nil {
			w = *f.Origin.Writer
		}
		if w.Manager != want {
			t.Errorf("%s is by %q, want %q", path, w.Manager, want)
		}
	}
}
