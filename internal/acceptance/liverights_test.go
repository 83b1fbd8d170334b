package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// half may list everything but secrets and what grants rights.
func half(t *testing.T, c *component.Cluster) component.Access {
	t.Helper()
	token := c.Token("kube-system", "half")
	var rules strings.Builder
	for _, group := range []string{
		"apps", "batch", "autoscaling", "policy", "networking.k8s.io", "storage.k8s.io", "apiextensions.k8s.io", "external-secrets.io",
		"argoproj.io", "scheduling.k8s.io", "node.k8s.io", "admissionregistration.k8s.io", "resource.k8s.io",
	} {
		fmt.Fprintf(&rules, "- {apiGroups: [%s], resources: ['*'], verbs: [list]}\n", group)
	}
	c.Apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: half}
rules:
- nonResourceURLs: [/version, /api, /api/*, /apis, /apis/*]
  verbs: [get]
- apiGroups: [""]
  resources: [configmaps, events, limitranges, namespaces, nodes, persistentvolumeclaims, persistentvolumes, pods, podtemplates, replicationcontrollers, resourcequotas, serviceaccounts, services]
  verbs: [list]
` + rules.String() + `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: half}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: half}
subjects: [{kind: ServiceAccount, name: half, namespace: kube-system}]
`)
	t.Cleanup(func() {
		c.Kubectl("delete", "clusterrole/half", "clusterrolebinding/half")
	})
	return c.WithToken(token)
}

// exitAndResult gives the result of a check and its exit code.
func exitAndResult(t *testing.T, dir, only string) (int, *parity.Result) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "result.json")
	code, _, stderr := command(t, dir, "check", "--only", only, "--all", "--output", "json="+file)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	r := new(parity.Result)
	if err := json.Unmarshal(b, r); err != nil {
		t.Fatal(err)
	}
	return code, r
}

// TestSecretsAndRolesForbidden holds that what may not be read is a gap and
// never a difference, that it lowers the confidence, and that a gate that asks
// for it cannot tell.
func TestSecretsAndRolesForbidden(t *testing.T) {
	staging := deploy(t, stagingCluster.Cluster(t), "staging")
	production := deploy(t, productionCluster.Cluster(t), "production")
	production.Kubectl("-n", "shop-production", "create", "secret", "generic", "shared", "--from-literal=a=b")
	staging.Kubectl("-n", "shop-staging", "create", "secret", "generic", "shared", "--from-literal=a=b")
	t.Cleanup(func() {
		production.Kubectl("-n", "shop-production", "delete", "secret", "shared")
		staging.Kubectl("-n", "shop-staging", "delete", "secret", "shared")
	})
	granted := map[string]bool{"Role": true, "RoleBinding": true, "ClusterRole": true, "ClusterRoleBinding": true, "Secret": true}

	t.Run("different clusters", func(t *testing.T) {
		c := staging.For(t)
		read := func(kubeconfig string) *parity.Result {
			dir := liveShop(t, map[string]string{"staging": source(kubeconfig), "production": source(production.Kubeconfig)})
			_, r := exitAndResult(t, dir, "staging")
			return r
		}
		full, less := read(c.Kubeconfig), read(c.KubeconfigFor("half", half(t, c)))
		before := brief(full)
		for id, text := range brief(less) {
			if before[id] == "" {
				t.Errorf("because of what may not be read: %s", text)
			}
		}
		for _, d := range differences(less) {
			if granted[d.Subject.Kind] {
				t.Errorf("what may not be read differs: %s %s %s", d.Class, d.Subject.Kind, d.Path)
			}
		}
		for id, text := range before {
			if brief(less)[id] == "" && !strings.Contains(text, "Role ") {
				t.Errorf("no longer told: %s", text)
			}
		}
		forbiddenGaps(t, less, granted)
		if a, b := overall(full, "staging"), overall(less, "staging"); b.Confidence >= a.Confidence {
			t.Errorf("the confidence is %v, and was %v", b.Confidence, a.Confidence)
		}
	})

	// One cluster, read as two environments: nothing differs, so that the gate
	// has nothing but what was not read to go by. The names of the environments
	// are no words that the cluster's names carry: its secrets would be leaks.
	t.Run("gate", func(t *testing.T) {
		c := production.For(t)
		half := c.KubeconfigFor("half", half(t, c))
		for _, test := range []struct {
			kubeconfig, require string
			want                int
		}{
			{c.Kubeconfig, "[secret, identity]", 0},
			{half, "[secret, identity]", 3},
			{half, "[secret]", 3},
			{half, "[identity]", 3},
			{half, "[network]", 3}, // what is not required may differ as well
		} {
			dir := project(t, fmt.Sprintf(`
version: 1
project: rights
environments:
  - name: one
    sources: [{collector: kubernetes, kubeconfig: %q}]
  - name: two
    reference: true
    sources: [{collector: kubernetes, kubeconfig: %q}]
gate: {mode: block, require: %s}
`, test.kubeconfig, c.Kubeconfig, test.require))
			code, r := exitAndResult(t, dir, "one")
			if code != test.want || len(differences(r)) > 0 {
				t.Errorf("with %s required the exit code is %d, want %d: %+v, %v", test.require, code, test.want, r.Verdict, brief(r))
			}
		}
	})
}

// forbiddenGaps holds that exactly the kinds have a gap.
func forbiddenGaps(t *testing.T, r *parity.Result, kinds map[string]bool) {
	t.Helper()
	seen := map[string]bool{}
	for _, g := range r.Gaps {
		if !strings.Contains(g.Reason, "the identity may not list these") {
			continue
		}
		if !kinds[g.Kind] || seen[g.Kind] {
			t.Errorf("a gap: %+v", g)
		}
		seen[g.Kind] = true
	}
	if len(seen) != len(kinds) {
		t.Errorf("the gaps are over %v, want %v", seen, kinds)
	}
}

// TestTwoProductions holds that of two production clusters and a staging the one
// that is not as the others is named.
func TestTwoProductions(t *testing.T) {
	staging := deploy(t, stagingCluster.Cluster(t), "staging")
	eu := deploy(t, productionCluster.Cluster(t), "production")
	us := deploy(t, component.Kubernetes(t), "production")
	dir := project(t, fmt.Sprintf(`
version: 1
project: shop
environments:
  - name: staging
    namespaces: {shop-staging: shop}
    sources: [{collector: kubernetes, kubeconfig: %q}]
  - name: production
    reference: true
    namespaces: {shop-production: shop}
    instances:
      - {name: eu, sources: [{collector: kubernetes, kubeconfig: %q}]}
      - {name: us, sources: [{collector: kubernetes, kubeconfig: %q}]}
`, staging.Kubeconfig, eu.Kubeconfig, us.Kubeconfig))
	before := result(t, dir, "check")
	for _, d := range differences(before) {
		if slices.Contains(d.Columns, "production/us") {
			t.Errorf("two clusters that hold the same differ: %s %s %s", d.Class, d.Subject.Name, d.Path)
		}
	}
	us.Kubectl("-n", "shop-production", "set", "env", "deployment/storefront", "LOG_LEVEL=debug")
	after := result(t, dir, "check")
	had := brief(before)
	var found []parity.Difference
	for _, d := range differences(after) {
		if had[d.Fingerprint] == "" {
			found = append(found, d)
		}
	}
	if len(found) != 1 || found[0].OddOneOut != "production/us" || !strings.HasSuffix(found[0].Path, "/env[name=LOG_LEVEL]/value") {
		t.Errorf("the change is told as %+v", found)
	}
}

// overall is the score of a column as a whole.
func overall(r *parity.Result, column string) parity.Score {
	for _, s := range r.Scores {
		if s.Column == column && s.Scope == "environment" {
			return s
		}
	}
	return parity.Score{}
}
