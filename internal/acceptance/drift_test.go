package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// externalSecrets is the kind of the shop that Kubernetes itself does not
// serve.
const externalSecrets = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: externalsecrets.external-secrets.io}
spec:
  group: external-secrets.io
  names: {kind: ExternalSecret, plural: externalsecrets, singular: externalsecret}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// runningShop is a cluster that runs the example's production, and a project
// that declares it.
func runningShop(t *testing.T, opts ...component.Option) (c *component.Cluster, dir string) {
	t.Helper()
	c = component.Kubernetes(t, opts...)
	c.Apply(externalSecrets)
	c.Kubectl("wait", "--for=condition=Established", "crd/externalsecrets.external-secrets.io", "--timeout=30s")
	c.Kubectl("create", "namespace", "shop-production")
	overlay, err := filepath.Abs("../../examples/shop/deploy/overlays/production")
	if err != nil {
		t.Fatal(err)
	}
	c.Apply(c.Kubectl("kustomize", overlay))
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../examples/shop")); err != nil {
		t.Fatal(err)
	}
	declare(t, dir, c.Kubeconfig, "gate: {mode: block, failOn: info}\n")
	return c, dir
}

// declare writes the project's parity.yaml.
func declare(t *testing.T, dir, kubeconfig, gate string) {
	t.Helper()
	config := fmt.Sprintf(`version: 1
project: shop
environments:
  - name: production
    reference: true
    sources:
      - path: deploy/overlays/production
      - path: system.yaml
      - {collector: kubernetes, kubeconfig: %s}
%s`, kubeconfig, gate)
	for name, text := range map[string]string{"parity.yaml": config, "system.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-production}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// driftOf runs parity drift and gives its exit code and its one instance.
func driftOf(t *testing.T, dir string, args ...string) (int, *parity.DriftInstance) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "drift.json")
	code, stdout, stderr := command(t, dir, append([]string{"drift", "production", "--output", "terminal", "--output", "json=" + file}, args...)...)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("parity drift: exit %d: %s", code, stderr)
	}
	r := new(parity.DriftResult)
	if err := json.Unmarshal(b, r); err != nil {
		t.Fatal(err)
	}
	if len(r.Instances) != 1 {
		t.Fatalf("%d instances", len(r.Instances))
	}
	if t.Failed() {
		t.Log(stdout)
	}
	return code, &r.Instances[0]
}

func driftLine(d *parity.Drift) string {
	s := fmt.Sprintf("%s %s/%s %s", d.Kind, d.Subject.Kind, d.Subject.Name, d.Path)
	if len(d.Items) > 0 {
		s += " " + strings.Join(d.Items, ", ")
	}
	if d.Writer != nil {
		s += " by " + d.Writer.Manager
	}
	return s
}

// What was applied as it is declared does not drift, whatever the server fills
// in. Of five edits by hand four are drift, and the fifth is the autoscaler's.
func TestDriftOfARealCluster(t *testing.T) {
	c, dir := runningShop(t)
	code, x := driftOf(t, dir)
	if code != 0 || len(x.Drifts)+len(x.Owned)+len(x.Added)+len(x.Unknown) > 0 {
		t.Fatalf("exit %d, drift of what was just applied: %+v %+v %+v %+v", code, x.Drifts, x.Owned, x.Added, x.Unknown)
	}
	if x.Counts.Equal < 250 || x.NotSet == 0 {
		t.Errorf("too little was compared: %+v, %d not set", x.Counts, x.NotSet)
	}

	c.Kubectl("-n", "shop-production", "set", "image", "deployment/catalog", "app=registry.shop.example/catalog@sha256:"+strings.Repeat("1f", 32))
	c.Kubectl("-n", "shop-production", "set", "env", "deployment/orders", "LOG_LEVEL=debug")
	c.Kubectl("-n", "shop-production", "delete", "networkpolicy", "default-deny")
	c.Kubectl("-n", "shop-production", "patch", "role", "orders", "--type=json", "-p",
		`[{"op": "add", "path": "/rules/-", "value": {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}}]`)
	c.Kubectl("-n", "shop-production", "scale", "deployment/storefront", "--replicas=9")

	code, x = driftOf(t, dir)
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	var got []string
	for i := range x.Drifts {
		got = append(got, driftLine(&x.Drifts[i]))
	}
	slices.Sort(got)
	want := []string{
		"changed Deployment/catalog /spec/template/spec/containers[name=app]/image by kubectl-set",
		"changed Deployment/orders /spec/template/spec/containers[name=app]/env[name=LOG_LEVEL]/value by kubectl-set",
		"missing NetworkPolicy/default-deny ",
		"widened Role/orders /rules get core/secrets, list core/secrets by kubectl-patch",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("drift (-want +got):\n%s", diff)
	}
	if len(x.Owned) != 1 || x.Owned[0].Owner != "HorizontalPodAutoscaler shop-production/storefront" || len(x.Owned[0].Differences) != 1 ||
		driftLine(&x.Owned[0].Differences[0]) != "changed Deployment/storefront /spec/replicas by kubectl" {
		t.Errorf("owned: %+v", x.Owned)
	}
}

// Pods that run, with their digests, restarts and what controllers write, are
// no drift; nor is what the autoscaler does.
func TestControllersAreNoDrift(t *testing.T) {
	c, dir := runningShop(t, component.WithControllers(), component.WithNodes(2, nil))
	c.Kubectl("-n", "shop-production", "create", "secret", "generic", "orders", "--from-literal=DATABASE_PASSWORD=x")
	c.Kubectl("-n", "shop-production", "wait", "--for=condition=Available", "deployment/storefront", "--timeout=90s")
	code, x := driftOf(t, dir)
	if code != 0 || len(x.Drifts)+len(x.Owned)+len(x.Unknown) > 0 {
		t.Errorf("exit %d: %+v %+v %+v", code, x.Drifts, x.Owned, x.Unknown)
	}
	c.Kubectl("-n", "shop-production", "set", "image", "deployment/storefront", "app=registry.shop.example/storefront:0.0.1")
	c.Kubectl("-n", "shop-production", "rollout", "status", "deployment/storefront", "--timeout=90s")
	code, x = driftOf(t, dir)
	if code != 1 || len(x.Drifts) != 1 || x.Drifts[0].Change != parity.VersionChange || x.Drifts[0].Writer.Manager != "kubectl-set" {
		t.Errorf("exit %d: %+v", code, x.Drifts)
	}
}

// What is added beside what is declared is named, and does not count.
func TestAdditionsToARealCluster(t *testing.T) {
	c, dir := runningShop(t)
	c.Kubectl("-n", "shop-production", "set", "env", "deployment/orders", "DEBUG=1")
	c.Kubectl("-n", "shop-production", "label", "deployment/orders", "team=payments")
	c.Kubectl("-n", "shop-production", "patch", "service", "catalog", "--type=json", "-p", `[{"op": "add", "path": "/spec/ports/-", "value": {"name": "metrics", "port": 9000}}]`)
	code, x := driftOf(t, dir)
	if code != 0 || len(x.Drifts) > 0 {
		t.Errorf("exit %d: %+v", code, x.Drifts)
	}
	var got []string
	for _, a := range x.Added {
		got = append(got, fmt.Sprintf("%s %s by %s", a.Subject.Kind, a.Path, a.Writer.Manager))
	}
	want := []string{
		"Deployment /spec/template/spec/containers[name=app]/env[name=DEBUG] by kubectl-set",
		"Service /spec/ports[name=metrics] by kubectl-patch",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
}

// What the source of the cluster leaves out by choice is not missing.
func TestWhatIsLeftOutIsNotMissing(t *testing.T) {
	_, dir := runningShop(t)
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: kube-system}\ndata: {a: b}\n"
	if err := os.WriteFile(filepath.Join(dir, "system.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, x := driftOf(t, dir)
	if code != 0 || len(x.Drifts) > 0 || len(x.Unknown) != 1 || !strings.Contains(x.Unknown[0].Reason, "leaves the namespace kube-system out") {
		t.Errorf("exit %d: %+v, unknown %+v", code, x.Drifts, x.Unknown)
	}
}

// Whoever may not read roles and policies is told so: nothing is missing, and
// where the gate asks for it, it cannot be told.
func TestDriftWithFewRights(t *testing.T) {
	c, dir := runningShop(t)
	c.Apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: few}
rules:
  - {apiGroups: ["", apps, autoscaling, external-secrets.io], resources: [namespaces, configmaps, services, serviceaccounts, deployments, statefulsets, horizontalpodautoscalers, externalsecrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: few}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: few}
subjects: [{kind: ServiceAccount, namespace: default, name: few}]
`)
	kubeconfig := c.KubeconfigFor("few", c.WithToken(c.Token("default", "few")))
	declare(t, dir, kubeconfig, "gate: {mode: block, failOn: info, require: [network, identity], minConfidence: 0.9}\n")
	code, x := driftOf(t, dir)
	if code != 3 {
		t.Errorf("exit %d, want 3", code)
	}
	if len(x.Drifts) > 0 {
		t.Errorf("drift under a gap: %+v", x.Drifts)
	}
	var kinds []string
	for _, u := range x.Unknown {
		kinds = append(kinds, u.Kind)
		if !strings.Contains(u.Reason, "forbid") && !strings.Contains(u.Reason, "may not") {
			t.Errorf("%s is unknown: %s", u.Kind, u.Reason)
		}
	}
	slices.Sort(kinds)
	if diff := cmp.Diff([]string{"Ingress", "NetworkPolicy", "Role", "RoleBinding"}, slices.Compact(kinds)); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
}
