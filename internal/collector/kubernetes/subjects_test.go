package kubernetes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// standings are objects that are subjects and objects that are none.
const standings = `
apiVersion: v1
kind: Namespace
metadata: {name: standing}
---
apiVersion: v1
kind: Namespace
metadata: {name: standing-other}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: standing}
data: {a: b}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: elsewhere, namespace: standing-other}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: inside, namespace: kube-system}
---
apiVersion: v1
kind: Secret
metadata: {name: sh.helm.release.v1.shop.v3, namespace: standing, labels: {owner: helm}}
type: helm.sh/release.v1
data: {release: aGk=}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: plain, namespace: standing}
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: standing, annotations: {kubernetes.io/service-account.name: plain}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: standing}
stringData: {a: b}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: standing-other}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: standing-reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: standing}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:1"}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: standing}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "registry.example/db:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: standing}
spec: {containers: [{name: main, image: "registry.example/web:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: standing}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: standing-high}
value: 1000
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: standing-made, annotations: {pv.kubernetes.io/provisioned-by: disk.example}}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /a}, storageClassName: none}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: standing-own}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /a}, storageClassName: none}
`

// settleStandings makes the objects, and one that a controller owns.
func settleStandings(t *testing.T, c *component.Cluster) {
	t.Helper()
	c.Apply(standings)
	c.Kubectl("-n", "standing", "rollout", "status", "deployment/web", "--timeout=60s")
	c.Kubectl("-n", "standing", "rollout", "status", "statefulset/db", "--timeout=60s")
	uid := c.Kubectl("-n", "standing", "get", "deployment", "web", "-o", "jsonpath={.metadata.uid}")
	const owned = `
apiVersion: v1
kind: %s
metadata:
  name: made
  namespace: standing
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: %s, controller: true}]
`
	c.Apply(fmt.Sprintf(owned, "ConfigMap", uid) + "---" + fmt.Sprintf(owned, "Secret", uid) + "---" + fmt.Sprintf(owned, "ServiceAccount", uid))
}

// TestSubjects holds what is a subject and what is not.
func TestSubjects(t *testing.T) {
	c := shared.Cluster(t)
	settleStandings(t, c)
	all := &Config{Kubeconfig: c.Kubeconfig}
	for _, test := range []struct {
		name string
		cfg  *Config
		are  []string
		not  []string
	}{
		{
			"all", all,
			[]string{
				"ConfigMap standing/settings", "ConfigMap standing-other/elsewhere", "ConfigMap standing/made", "Secret standing/made",
				"Secret standing/login", "ServiceAccount standing/plain", "ServiceAccount standing-other/default",
				"ClusterRole standing-reader", "Deployment standing/web", "StatefulSet standing/db", "Pod standing/alone",
				"Service standing/web", "PriorityClass standing-high", "PersistentVolume standing-own", "Namespace standing",
			},
			[]string{
				"ConfigMap standing/kube-root-ca.crt", "ConfigMap kube-system/inside", "Secret standing/sh.helm.release.v1.shop.v3",
				"Secret standing/token", "ServiceAccount standing/default", "ServiceAccount standing/made", "ClusterRole cluster-admin",
				"ClusterRole view", "ClusterRoleBinding cluster-admin", "Role kube-system/extension-apiserver-authentication-reader",
				"Pod standing/db-0", "Service default/kubernetes", "PriorityClass system-node-critical", "PersistentVolume standing-made",
				"Namespace kube-system", "Node node-0", "Lease kube-node-lease/node-0", "FlowSchema exempt", "PriorityLevelConfiguration exempt",
				"APIService v1.apps",
			},
		},
		{
			"names", admin(c, "standing"),
			[]string{"ConfigMap standing/settings", "Namespace standing", "ClusterRole standing-reader"},
			[]string{"ConfigMap standing-other/elsewhere", "Namespace standing-other", "ConfigMap kube-system/inside"},
		},
		{
			"patterns", admin(c, "standing-*", "kube-s*"),
			[]string{"ConfigMap standing-other/elsewhere", "ConfigMap kube-system/inside", "Namespace standing-other"},
			[]string{"ConfigMap standing/settings", "Namespace standing"},
		},
		{
			"excluded names", &Config{Kubeconfig: c.Kubeconfig, ExcludeNamespaces: []string{"standing"}},
			[]string{"ConfigMap standing-other/elsewhere", "ConfigMap kube-system/inside"},
			[]string{"ConfigMap standing/settings", "Namespace standing"},
		},
		{
			"excluded patterns", &Config{Kubeconfig: c.Kubeconfig, Namespaces: []string{"standing*"}, ExcludeNamespaces: []string{"*-other"}},
			[]string{"ConfigMap standing/settings"},
			[]string{"ConfigMap standing-other/elsewhere", "ConfigMap kube-system/inside"},
		},
		{
			"included kinds", &Config{Kubeconfig: c.Kubeconfig, Kinds: Kinds{Include: []string{"Deployment", "core/Node", "apiregistration.k8s.io/*"}}},
			[]string{"Deployment standing/web", "Node node-0", "APIService v1.apps"},
			[]string{"ConfigMap standing/settings", "StatefulSet standing/db", "Namespace standing"},
		},
		{
			"excluded kinds", &Config{Kubeconfig: c.Kubeconfig, Kinds: Kinds{Exclude: []string{"core/ConfigMap", "Stateful*", "rbac.authorization.k8s.io/*"}}},
			[]string{"Deployment standing/web", "Namespace standing"},
			[]string{"ConfigMap standing/settings", "StatefulSet standing/db", "ClusterRole standing-reader"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			snap := read(t, test.cfg)
			for _, g := range snap.Gaps {
				// Without config maps variables that come from one are not known.
				if !strings.HasSuffix(g.Path, "/effectiveEnv") {
					t.Errorf("a gap: %+v", g)
				}
			}
			have := map[string]bool{}
			for i := range snap.Subjects {
				k := snap.Subjects[i].Subject.Key
				have[strings.TrimPrefix(k.Kind+" "+k.Scope+"/"+k.Name, k.Kind+" /")] = true
				if k.Scope == "" {
					have[k.Kind+" "+k.Name] = true
				}
			}
			for _, want := range test.are {
				if !have[want] {
					t.Errorf("%s is no subject", want)
				}
			}
			for _, not := range test.not {
				if have[not] {
					t.Errorf("%s is a subject", not)
				}
			}
		})
	}
	t.Run("nothing is lost", func(t *testing.T) { nothingLost(t, c) })
}

// nothingLost holds that what is a subject and what is counted as none are all
// objects of the kinds that are read.
func nothingLost(t *testing.T, c *component.Cluster) {
	for _, cfg := range []*Config{{Kubeconfig: c.Kubeconfig}, admin(c), admin(c, "standing", "standing-other"), admin(c, "stand*")} {
		snap := readWell(t, cfg)
		got := map[string]int{}
		for i := range snap.Subjects {
			if k := snap.Subjects[i].Subject.Key; k.Group != "parity.dev" {
				got["subjects"]++
			}
		}
		for _, f := range find(snap, ClusterKind, "cluster").Facts {
			if why, ok := strings.CutPrefix(f.Path, "/notCompared/"); ok {
				n, err := strconv.Atoi(f.Value.Raw)
				if err != nil || f.Rules&parity.SetOf(parity.ServerMetadata) == 0 {
					t.Errorf("%s is %q, with the rules %s", f.Path, f.Value.Raw, f.Rules)
				}
				got[why] = n
			}
		}
		sum := 0
		for _, n := range got {
			sum += n
		}
		if want := listed(t, cfg); sum != want {
			t.Errorf("%v are %d objects, and there are %d", got, sum, want)
		}
		reasons := 4
		if len(cfg.Namespaces) == 2 {
			reasons = 3 // no other namespace is asked for
		}
		if len(cfg.Namespaces) == 0 && cfg.ExcludeNamespaces != nil {
			reasons = 3
		}
		for why, n := range got {
			if n == 0 {
				t.Errorf("there is no %s: %v", why, got)
			}
		}
		if len(got) != reasons+1 && !slices.Contains(cfg.Namespaces, "standing") {
			t.Errorf("the reasons are %v", got)
		}
	}
}

// listed counts the objects of the kinds that are subjects, in whole lists.
func listed(t *testing.T, cfg *Config) int {
	t.Helper()
	conn, err := connect(input(t), *cfg)
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
	count := 0
	for _, task := range s.tasks() {
		if !task.subject {
			continue
		}
		var list struct {
			Items []json.RawMessage `json:"items"`
		}
		raw, err := conn.rest.Get().AbsPath(task.path(task.namespace)).DoRaw(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		count += len(list.Items)
	}
	return count
}

// TestFingerprint holds when a cluster is as it was.
func TestFingerprint(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: printed}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: printed}\n")
	c.Kubectl("-n", "printed", "create", "deployment", "web", "--image=registry.example/web:1")
	c.Kubectl("-n", "printed", "rollout", "status", "deployment/web", "--timeout=60s")
	p := c.Proxy()
	cfg := *through(c, p.Through(c.Admin()), "printed")
	cfg.PageSize = 10
	print := func() string {
		t.Helper()
		text, err := fingerprint(t.Context(), input(t), cfg)
		if err != nil || text == "" {
			t.Fatalf("%q, %v", text, err)
		}
		return text
	}
	whole := func() string {
		t.Helper()
		var sink tracking
		if err := collect(t.Context(), input(t), cfg, &sink); err != nil {
			t.Fatal(err)
		}
		return sink.print
	}
	last := ""
	eventually(t, func() string { // the controllers are done
		before := print()
		if last = print(); before != last {
			return "the cluster does not come to rest"
		}
		return ""
	})
	p.Reset()
	if got := whole(); got != last {
		t.Errorf("(-fingerprint +whole reading)\n%s", cmp.Diff(last, got))
	}
	lists := func() component.Traffic {
		return component.Sum(slices.DeleteFunc(p.Requests(), func(r component.Request) bool { return !r.IsList() }))
	}
	full := lists()
	p.Reset()
	print()
	if brief := lists(); brief.Bytes >= full.Bytes || brief.Requests > full.Requests {
		t.Errorf("to ask whether anything changed takes %+v, and to read all %+v", brief, full)
	}
	if unpaged := component.Unpaged(p.Requests()); len(unpaged) > 0 {
		t.Errorf("lists without a limit: %v", unpaged)
	}
	change := func(what string, want bool, args ...string) {
		t.Helper()
		c.Kubectl(args...)
		next := print()
		if (next != last) != want {
			t.Errorf("%s: changed is %t", what, next != last)
		}
		last = next
	}
	change("nothing", false, "version")
	change("a config map", true, "-n", "printed", "annotate", "configmap", "a", "x=y")
	change("a new object", true, "-n", "printed", "create", "configmap", "b")
	change("an object that goes", true, "-n", "printed", "delete", "configmap", "b")
	change("a cluster role", true, "create", "clusterrole", "printed", "--verb=get", "--resource=pods")
	change("a node that says something else", true, "patch", "node", "node-0", "--subresource=status", "--type=merge", "-p", `{"status":{"nodeInfo":{"kernelVersion":"7.0"}}}`)
	change("a node that gives a sign of life", false, "patch", "node", "node-0", "--subresource=status", "--type=merge", "-p", `{"status":{"images":[{"names":["a"],"sizeBytes":1}]}}`)
	change("a lease", false, "-n", "kube-node-lease", "annotate", "lease", "node-0", "x=y")
	change("an object elsewhere", false, "-n", "default", "create", "configmap", "printed")
	cfg = *through(c, p.Through(c.Admin()))
	cfg.ExcludeNamespaces = nil
	last = print()
	if got := whole(); got != last {
		t.Errorf("all namespaces (-fingerprint +whole reading)\n%s", cmp.Diff(last, got))
	}
	change("an object in a namespace that is not read", false, "-n", "kube-system", "annotate", "serviceaccount", "default", "printed=y")
	change("an object in one that is", true, "-n", "default", "annotate", "configmap", "printed", "printed=y")
	p.Inject("GET /api/v1/configmaps$", component.Status(403, "Forbidden"))
	if text, err := fingerprint(t.Context(), input(t), cfg); text != "" || err == nil {
		t.Errorf("with a gap the fingerprint is %q, and the error %v", text, err)
	}
	if got := whole(); got != "" {
		t.Errorf("with a gap the whole reading hands over %q", got)
	}
}

// tracking is a sink that keeps the fingerprint.
type tracking struct {
	nowhere
	print string
}

func (t *tracking) Fingerprint(text string) { t.print = text }
