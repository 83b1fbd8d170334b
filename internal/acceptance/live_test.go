package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// The clusters of the tests of this package.
var stagingCluster, productionCluster = component.NewShared(), component.NewShared()

// customKinds are what the shop needs and no API server has.
const customKinds = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: externalsecrets.external-secrets.io}
spec:
  group: external-secrets.io
  names: {kind: ExternalSecret, plural: externalsecrets, singular: externalsecret}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: applications.argoproj.io}
spec:
  group: argoproj.io
  names: {kind: Application, plural: applications, singular: application}
  scope: Namespaced
  versions: [{name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
---
apiVersion: v1
kind: Namespace
metadata: {name: argocd}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-ENVIRONMENT}
`

const shopDir = "../../examples/shop"

// deploy puts the shop, as an environment's files declare it, into a cluster.
func deploy(t *testing.T, c *component.Cluster, environment string) *component.Cluster {
	t.Helper()
	c.Apply(strings.ReplaceAll(customKinds, "ENVIRONMENT", environment))
	c.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all")
	c.Apply(c.Kubectl("kustomize", filepath.Join(shopDir, "deploy/overlays", environment)))
	app, err := os.ReadFile(filepath.Join(shopDir, "apps/search-"+environment+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c.Apply(string(app))
	return c
}

// liveShop is the shop's project with clusters in place of the files, by
// environment.
func liveShop(t *testing.T, sources map[string]string, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(shopDir)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "parity.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	config := string(text)
	for environment, source := range sources {
		declared := fmt.Sprintf("    sources:\n      - path: deploy/overlays/%s\n      - path: apps/search-%[1]s.yaml\n", environment)
		if !strings.Contains(config, declared) {
			t.Fatalf("the shop does not declare %s as it did", environment)
		}
		config = strings.Replace(config, declared, source, 1)
	}
	if len(more) > 0 {
		config = strings.Replace(config, "gate:\n  mode: block\n", "gate:\n  mode: block\n"+strings.Join(more, ""), 1)
	}
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// source reads a cluster as an environment.
func source(kubeconfig string) string {
	return fmt.Sprintf("    sources:\n      - {collector: kubernetes, kubeconfig: %q}\n", kubeconfig)
}

// brief gives the differences that count, by fingerprint.
func brief(r *parity.Result) map[string]string {
	out := map[string]string{}
	for _, d := range differences(r) {
		out[d.Fingerprint] = fmt.Sprintf("%s %s %s %s in %s", d.Class, d.Subject.Kind, d.Subject.Name, d.Path, strings.Join(d.Columns, ","))
	}
	return out
}

// TestLiveIsWhatIsDeclared holds that two clusters that hold what the files
// declare differ exactly as the files do, and then by each change that someone
// makes by hand and by nothing else.
func TestLiveIsWhatIsDeclared(t *testing.T) {
	staging := deploy(t, stagingCluster.Cluster(t), "staging")
	production := deploy(t, productionCluster.Cluster(t), "production")
	check := func(dir string) map[string]string {
		return brief(result(t, dir, "check", "--only", "staging"))
	}
	files := check(liveShop(t, nil))
	if len(files) == 0 {
		t.Fatal("the files do not differ")
	}
	live := liveShop(t, map[string]string{"staging": source(staging.Kubeconfig), "production": source(production.Kubeconfig)})
	if diff := cmp.Diff(files, check(live)); diff != "" {
		t.Fatalf("(-files +clusters)\n%s", diff)
	}
	for _, test := range byHand {
		t.Run(test.name, func(t *testing.T) {
			c := staging.For(t)
			on := []string{"-n", "shop-staging"}
			before := c.Kubectl(append(on, append([]string{"get", "-o", "json"}, test.object...)...)...)
			c.Kubectl(append(slices.Clone(on), test.do...)...)
			var extra []string
			after := check(live)
			for id, text := range after {
				if files[id] == "" {
					extra = append(extra, text)
				}
			}
			for id, text := range files {
				if after[id] == "" {
					t.Errorf("no longer there: %s", text)
				}
			}
			slices.Sort(extra)
			if diff := cmp.Diff(test.want, extra); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			restore(t, c, before, test.made)
			if diff := cmp.Diff(files, check(live)); diff != "" {
				t.Fatalf("it is not as it was (-before +after)\n%s", diff)
			}
		})
	}
}

// restore puts an object back as it was, and removes what was made.
func restore(t *testing.T, c *component.Cluster, before, made string) {
	t.Helper()
	if made != "" {
		c.Kubectl("-n", "shop-staging", "delete", made)
		return
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(before), &object); err != nil {
		t.Fatal(err)
	}
	meta, _ := object["metadata"].(map[string]any)
	for _, key := range []string{"resourceVersion", "uid", "managedFields", "creationTimestamp", "generation"} {
		delete(meta, key)
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.TryKubectl(string(text), "replace", "-f", "-"); err != nil {
		c.Apply(string(text))
	}
}

// byHand are changes that people make with kubectl.
var byHand = []struct {
	name   string
	object []string // what is put back afterwards
	do     []string
	made   string // what is removed afterwards
	want   []string
}{
	{"a label", []string{"deployment", "catalog"}, []string{"label", "deployment", "catalog", "team=other"}, "", []string{"extra Deployment catalog /metadata/labels/team in staging"}},
	{"a variable", []string{"deployment", "catalog"}, []string{"set", "env", "deployment/catalog", "DEBUG=1"}, "", []string{
		"extra Deployment catalog /spec/template/spec/containers[name=app]/env[name=DEBUG]/value in staging",
	}},
	{"an image", []string{"deployment", "accounts"}, []string{"set", "image", "deployment/accounts", "app=registry.shop.example/accounts:1.19.0"}, "", []string{
		"changed Deployment accounts /spec/template/spec/containers[name=app]/image in staging",
	}},
	{"a policy that goes", []string{"networkpolicy", "default-deny"}, []string{"delete", "networkpolicy", "default-deny"}, "", []string{"missing NetworkPolicy default-deny  in staging"}},
	{"a permission", []string{"role", "orders"}, []string{"patch", "role", "orders", "--type=json", "-p", `[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["pods/exec"],"verbs":["create"]}}]`}, "", []string{
		"extra Role orders /rules[=core/pods/exec:create] in staging",
	}},
	{"replicas", []string{"deployment", "checkout"}, []string{"scale", "deployment/checkout", "--replicas=50"}, "", []string{"changed Deployment checkout /spec/replicas in staging"}},
	{"a config map", []string{"namespace", "shop-staging"}, []string{"create", "configmap", "by-hand", "--from-literal=a=b"}, "configmap/by-hand", []string{"extra ConfigMap by-hand  in staging"}},
	{"a secret", []string{"namespace", "shop-staging"}, []string{"create", "secret", "generic", "by-hand", "--from-literal=a=b"}, "secret/by-hand", []string{"extra Secret by-hand  in staging"}},
	{"a memory limit", []string{"deployment", "accounts"}, []string{"set", "resources", "deployment/accounts", "-c", "app", "--limits=memory=7Gi"}, "", []string{
		"changed Deployment accounts /spec/template/spec/containers[name=app]/resources/limits/memory in staging",
	}},
	{"a pod that runs alone", []string{"namespace", "shop-staging"}, []string{"run", "debug", "--image=busybox:1", `--overrides={"spec":{"serviceAccountName":"catalog"}}`}, "pod/debug", []string{"extra Pod debug  in staging"}},
}

// TestWriterIsTold holds that reports and explanations say who wrote a value
// that runs.
func TestWriterIsTold(t *testing.T) {
	staging := deploy(t, stagingCluster.Cluster(t), "staging")
	production := deploy(t, productionCluster.Cluster(t), "production")
	dir := liveShop(t, map[string]string{"staging": source(staging.Kubeconfig), "production": source(production.Kubeconfig)})
	staging.Kubectl("-n", "shop-staging", "set", "env", "deployment/catalog", "DEBUG=1")
	t.Cleanup(func() { staging.Kubectl("-n", "shop-staging", "set", "env", "deployment/catalog", "DEBUG-") })
	var id string
	for _, d := range differences(result(t, dir, "check", "--only", "staging")) {
		if !strings.HasSuffix(d.Path, "/env[name=DEBUG]/value") {
			continue
		}
		id = d.Fingerprint
		if w := d.Sides[0].Writer; w == nil || w.Manager != "kubectl-set" || w.Operation != "Update" || w.Time.IsZero() {
			t.Errorf("the side's writer is %+v", w)
		}
	}
	_, report, _ := command(t, dir, "check", "--only", "staging")
	if !strings.Contains(report, "cluster admin, by kubectl-set") {
		t.Errorf("the report does not say who wrote the variable:\n%s", report)
	}
	code, story, stderr := command(t, dir, "explain", id)
	if code != 0 || !regexp.MustCompile(`written by +kubectl-set \(Update\) on 20\d\d-\d\d-\d\d \d\d:\d\d UTC`).MatchString(story) {
		t.Errorf("exit code %d: %s%s", code, story, stderr)
	}
}
