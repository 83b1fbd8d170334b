package kubernetes

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// forbidden is the reason of what may not be listed.
const forbidden = "the identity may not list these"

// roleFile is what ships with Parity.
func roleFile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../deploy/kubernetes/clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bound gives the access of a service account that is bound to a cluster role.
func bound(t *testing.T, c *component.Cluster, account, role string) component.Access {
	t.Helper()
	token := c.Token("rights", account)
	c.Apply(fmt.Sprintf(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: %[1]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %[2]s}
subjects: [{kind: ServiceAccount, name: %[1]s, namespace: rights}]
`, account, role))
	return c.WithToken(token)
}

// TestClusterRole holds that the role that ships is enough, and that no right of
// it is of no use.
func TestClusterRole(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply(`
apiVersion: v1
kind: Namespace
metadata: {name: rights}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.rights.example}
spec:
  group: rights.example
  names: {kind: Widget, plural: widgets, singular: widget}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
` + roleFile(t))
	c.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd/widgets.rights.example")
	c.Apply("apiVersion: rights.example/v1\nkind: Widget\nmetadata: {name: one, namespace: rights}\n")

	t.Run("parity-reader", func(t *testing.T) {
		c := c.For(t)
		p := c.Proxy()
		snap := readWell(t, through(c, p.Through(bound(t, c, "reader", "parity-reader"))))
		if find(snap, "Widget", "rights/one") == nil {
			t.Error("custom resources are not read")
		}
		for _, r := range p.Requests() {
			if r.Method != http.MethodGet || r.Query.Get("watch") != "" || r.Status != 200 {
				t.Errorf("%s %s %v: %d", r.Method, r.Path, r.Query, r.Status)
			}
		}
		everything := readWell(t, admin(c))
		if diff := cmp.Diff(keysOf(everything), keysOf(snap)); diff != "" {
			t.Errorf("(-administrator +reader)\n%s", diff)
		}
	})
	t.Run("parity-reader-without-secrets", func(t *testing.T) {
		c := c.For(t)
		snap := read(t, through(c, bound(t, c, "without-secrets", "parity-reader-without-secrets")))
		want := []string{"Secret||||: Secret: " + forbidden}
		for _, crd := range strings.Fields(c.Kubectl("get", "crd", "-o", "jsonpath={range .items[*]}{.spec.names.kind}/{.spec.group} {end}")) {
			kind, group, _ := strings.Cut(crd, "/")
			want = append(want, kind+"|"+group+"|||: "+kind+"."+group+": "+forbidden)
		}
		slices.Sort(want)
		got := briefGaps(snap)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("gaps (-want +got)\n%s", diff)
		}
	})
	t.Run("without any one", func(t *testing.T) { withoutAnyOne(t, c.For(t)) })
}

func keysOf(s *parity.Snapshot) []string {
	var out []string
	for i := range s.Subjects {
		out = append(out, s.Subjects[i].Subject.Key.String())
	}
	return out
}

// withoutAnyOne reads with all rights but those on one kind, for each kind.
func withoutAnyOne(t *testing.T, c *component.Cluster) {
	conn, err := connect(input(t), *admin(c))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.close()
	found, err := conn.discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(conn, nowhere{}, found)
	s.settle()
	access := bound(t, c, "all-but-one", "all-but-one")
	cfg := through(c, access)
	for _, left := range s.tasks() {
		c.Apply(roleWithout(found.resources, left.resource))
		var got []string
		eventually(t, func() string { // the authoriser learns of it a moment later
			got = slices.DeleteFunc(briefGaps(read(t, cfg)), func(g string) bool {
				return strings.Contains(g, "effectiveEnv: ") // of workloads whose variables are not known for it
			})
			if len(got) == 0 {
				return "there is no gap without " + left.id()
			}
			for _, g := range got {
				if kind, _, _ := strings.Cut(g[strings.Index(g, ": ")+2:], ":"); kind != left.kind && kind != left.kind+"."+left.group {
					return "without " + left.id() + ": " + g
				}
			}
			return ""
		})
		own := 0
		for _, g := range got {
			if strings.HasPrefix(g, left.kind+"|"+left.group+"|||: ") && strings.HasSuffix(g, ": "+forbidden) {
				own++
			}
		}
		want := 1
		if !left.subject {
			want = 0
		}
		if most := 2; own != want || len(got) > most {
			t.Errorf("without %s the gaps are %v", left.id(), got)
		}
	}
}

// roleWithout is a role that may list all but one kind.
func roleWithout(all []resource, left resource) string {
	var b strings.Builder
	b.WriteString("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all-but-one}\nrules:\n")
	b.WriteString("- {nonResourceURLs: [/version, /api, /api/*, /apis, /apis/*], verbs: [get]}\n")
	for _, r := range all {
		if r.id() != left.id() {
			fmt.Fprintf(&b, "- {apiGroups: [%q], resources: [%s], verbs: [list]}\n", r.group, r.name)
		}
	}
	return b.String()
}

// TestSomeNamespaces holds that rights in some namespaces are enough for these.
func TestSomeNamespaces(t *testing.T) {
	c := shared.Cluster(t)
	var b strings.Builder
	for _, name := range []string{"some-a", "some-b", "some-c"} {
		fmt.Fprintf(&b, `
apiVersion: v1
kind: Namespace
metadata: {name: %[1]s}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: %[1]s}
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: %[1]s}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: %[1]s}
rules:
- {apiGroups: [""], resources: [configmaps, SECRETS, pods], verbs: [list]}
- {apiGroups: [apps], resources: ["*"], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: %[1]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: reader, namespace: some-a}]
---
`, name)
	}
	// In the second namespace secrets may not be listed.
	text := strings.Replace(b.String(), "SECRETS", "secrets", 1)
	c.Apply(strings.ReplaceAll(text, "SECRETS, ", ""))
	access := c.WithToken(c.Token("some-a", "reader"))

	cfg := through(c, access, "some-a", "some-b")
	cfg.Kinds.Include = []string{"ConfigMap", "Secret", "Deployment", "ClusterRole", "StorageClass", "Namespace"}
	cfg.Kinds.Exclude = []string{"core/Event", "core/Node", "batch/Job"}
	var got []string
	eventually(t, func() string {
		got = briefGaps(read(t, cfg))
		if len(got) > 4 {
			return strings.Join(got, "\n")
		}
		return ""
	})
	want := []string{
		"ClusterRole|rbac.authorization.k8s.io|||: ClusterRole.rbac.authorization.k8s.io: " + forbidden,
		"Namespace||||: Namespace: " + forbidden,
		"Secret||some-b||: Secret in namespace some-b: " + forbidden,
		"StorageClass|storage.k8s.io|||: StorageClass.storage.k8s.io: " + forbidden,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got)\n%s", diff)
	}
	snap := read(t, cfg)
	for name, there := range map[string]bool{"some-a/settings": true, "some-b/settings": true, "some-c/settings": false} {
		if (find(snap, "ConfigMap", name) != nil) != there {
			t.Errorf("ConfigMap %s is a subject: %t", name, !there)
		}
	}
	if find(snap, "Secret", "some-a/login") == nil {
		t.Error("the secret that may be read was not")
	}
}
