package kube

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// paths of the facts that begin so, with their raw values.
func under(facts []parity.Fact, prefix string) map[string]string {
	out := map[string]string{}
	for _, f := range facts {
		if rest, ok := strings.CutPrefix(f.Path, prefix); ok {
			out[rest] = f.Value.Raw
		}
	}
	return out
}

func wantFacts(t *testing.T, got, want map[string]string) {
	t.Helper()
	for path, raw := range want {
		if g, ok := got[path]; !ok || g != raw {
			t.Errorf("%s = %q, want %q", path, g, raw)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d facts, want %d: %q", len(got), len(want), got)
	}
}

func TestPermissionsAreReadable(t *testing.T) {
	all, _ := read(t, Options{}, object("rbac.authorization.k8s.io/v1", "ClusterRole", `
rules:
- {apiGroups: [apps], resources: [deployments/scale], verbs: [get], resourceNames: [web]}
- {nonResourceURLs: [/metrics], verbs: [get]}
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {b: c, a: b}}]}`))
	wantFacts(t, under(all["ClusterRole o"].Facts, "/rules"), map[string]string{
		"[=apps/deployments/scale(web):get]": "get apps/deployments/scale named web",
		"[=url /metrics:get]":                "get url /metrics",
		"[=*/*:*]":                           "* */*",
	})
	wantFacts(t, under(all["ClusterRole o"].Facts, "/aggregationRule/clusterRoleSelectors"), map[string]string{
		"[=a=b,b=c]": "aggregates roles with a=b,b=c",
	})
}

func TestBindings(t *testing.T) {
	all, _ := read(t, Options{}, object("rbac.authorization.k8s.io/v1", "RoleBinding", `
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web, namespace: o}, {kind: ServiceAccount, name: web, namespace: n}, {kind: Group, name: devs, apiGroup: rbac.authorization.k8s.io}]`))
	facts := all["RoleBinding n/o"].Facts
	for path, target := range map[string]string{
		"/subjects[name=web,kind=ServiceAccount,namespace=o]/name": parity.RefTarget("ServiceAccount", "o", "web"),
		"/roleRef/name":            parity.RefTarget("ClusterRole", "", "view"),
		"/subjects[name=web]/name": parity.RefTarget("ServiceAccount", "n", "web"),
	} {
		if f := find(facts, path); f == nil || f.Value.Kind != parity.Reference || f.Value.Canon != target || f.Surface != parity.IdentitySurface {
			t.Errorf("%s: %+v", path, f)
		}
	}
	if f := find(facts, "/subjects[name=devs]/apiGroup"); f == nil || !f.Rules.Has(parity.DefaultValue) {
		t.Errorf("%+v", f)
	}
}

func TestTrafficIsReadable(t *testing.T) {
	all, _ := read(t, Options{}, policy(`podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [
  {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ui}}, podSelector: {}}], ports: [{port: 80, endPort: 90}, {protocol: UDP}]},
  {ports: [{port: http}]}],
 egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]`))
	facts := all["NetworkPolicy n/o"].Facts
	wantFacts(t, under(facts, "/spec/"), map[string]string{
		"podSelector/matchLabels/app": "web",
		"policyTypes[=Ingress]":       "Ingress", "policyTypes[=Egress]": "Egress",
		"ingress[=namespaces(kubernetes.io/metadata.name=ui) pods(*) TCP/80-90]": "ingress from namespaces(kubernetes.io/metadata.name=ui) pods(*) TCP/80-90",
		"ingress[=namespaces(kubernetes.io/metadata.name=ui) pods(*) UDP/any]":   "ingress from namespaces(kubernetes.io/metadata.name=ui) pods(*) UDP/any",
		"ingress[=anyone TCP/http]":                             "ingress from anyone TCP/http",
		"egress[=0.0.0.0/0 except 169.254.169.254/32 any port]": "egress to 0.0.0.0/0 except 169.254.169.254/32 any port",
	})
}

func TestKeysOfLists(t *testing.T) {
	all, _ := read(t, Options{}, object("autoscaling/v2", "HorizontalPodAutoscaler", `
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics: [{type: External, external: {metric: {name: queue}, target: {type: Value, value: 10}}}, {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 70}}}]`)+
		"---\n"+object("networking.k8s.io/v1", "Ingress", `
spec:
  tls: [{hosts: [b.example, a.example], secretName: cert}, {hosts: [c.example]}]
  rules: [{host: a.example, http: {paths: [{path: /x, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {http: {paths: []}}]`)+
		"---\n"+object("v1", "LimitRange", `
spec: {limits: [{type: Container, max: {cpu: 1}, default: {cpu: 1000m}, defaultRequest: {cpu: 500m}}, {type: Pod, max: {cpu: 2}}]}`)+
		"---\n"+object("v1", "Service", `
spec: {ports: [{port: 80}, {port: 53, protocol: UDP}]}`))
	has := func(subject string, paths ...string) {
		t.Helper()
		for _, p := range paths {
			if find(all[subject].Facts, p) == nil {
				t.Errorf("%s has no %s: %q", subject, p, under(all[subject].Facts, ""))
			}
		}
	}
	has("HorizontalPodAutoscaler n/o", "/spec/metrics[type=External,name=queue]/external/target/value", "/spec/metrics[type=Resource,name=memory]/resource/target/averageUtilization")
	has("Ingress n/o", "/spec/tls[secretName=cert]/hosts[=a.example]", "/spec/tls[hosts=c.example]/hosts[=c.example]",
		"/spec/rules[host=a.example]/http/paths[path=/x]/backend/service/port/number", "/spec/rules[host=]/http/paths")
	has("LimitRange n/o", "/spec/limits[type=Container]/default/cpu", "/spec/limits[type=Pod]/max/cpu")
	has("Service n/o", "/spec/ports[port=80]/port", "/spec/ports[port=53,protocol=UDP]/protocol")
	if f := find(all["LimitRange n/o"].Facts, "/spec/limits[type=Container]/default/cpu"); !f.Rules.Has(parity.DefaultValue) {
		t.Errorf("the limit is the most where it is not given: %+v", f)
	}
	if f := find(all["LimitRange n/o"].Facts, "/spec/limits[type=Container]/defaultRequest/cpu"); f.Rules.Has(parity.DefaultValue) {
		t.Errorf("half the limit is no default: %+v", f)
	}
	if f := find(all["HorizontalPodAutoscaler n/o"].Facts, "/spec/scaleTargetRef/name"); f.Value.Canon != parity.RefTarget("Deployment", "", "web") {
		t.Errorf("%+v", f)
	}
}

func TestArguments(t *testing.T) {
	all, _ := read(t, Options{}, container(`command: [/bin/x, "a b"], args: [serve, --port=80, --host, 0.0.0.0, -v, --label=a, --label=b, --, --not=a-flag]`))
	wantFacts(t, under(all["Pod n/p"].Facts, "/spec/containers[name=c]/args"), map[string]string{
		"[=--port]": "--port=80", "[=--host]": "--host 0.0.0.0", "[=-v]": "-v", "[=--label]": "--label=a", "[=--label]#2": "--label=b",
		"": `["serve","--","--not=a-flag"]`,
	})
	if f := find(all["Pod n/p"].Facts, "/spec/containers[name=c]/command"); f.Value.Kind != parity.List || f.Value.Raw != `["/bin/x","a b"]` {
		t.Errorf("%+v", f)
	}
}

func TestPodTemplatesOfOtherKinds(t *testing.T) {
	for _, head := range []string{
		"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n", "apiVersion: serving.knative.dev/v1\nkind: Service\n", "apiVersion: example.org/v1\nkind: Worker\n",
	} {
		all, _ := read(t, Options{}, head+`metadata: {name: o}
spec: {template: {spec: {containers: [{name: c, image: nginx, imagePullPolicy: Always, env: [{name: A, value: b}], resources: {limits: {cpu: 1000m}}}]}}}`)
		for _, s := range all {
			f := find(s.Facts, "/spec/template/spec/containers[name=c]/image")
			if f == nil || f.Value.Kind != parity.Image || f.Value.Canon != "docker.io/library/nginx:latest" {
				t.Errorf("%s: %+v", head, f)
			}
			if f := find(s.Facts, "/spec/template/spec/containers[name=c]/imagePullPolicy"); !f.Rules.Has(parity.DefaultValue) {
				t.Errorf("%s: defaults hold in a pod template: %+v", head, f)
			}
			if f := find(s.Facts, "/spec/template/spec/containers[name=c]/resources/limits/cpu"); f.Value.Canon != "1" {
				t.Errorf("%s: %+v", head, f)
			}
		}
	}
}

func TestCustomResourcesKeepTheOrderOfCommands(t *testing.T) {
	all, _ := read(t, Options{}, object("tekton.dev/v1", "Task", "spec: {steps: [{name: s, command: [b, a], args: [--x=1]}], args: {y: 2}, hosts: [b, a]}"))
	facts := all["Task n/o"].Facts
	if f := find(facts, "/spec/steps[name=s]/command"); f == nil || f.Value.Raw != `["b","a"]` {
		t.Errorf("%+v", f)
	}
	if find(facts, "/spec/steps[name=s]/args[=--x]") == nil || find(facts, "/spec/args/y") == nil || find(facts, "/spec/hosts[=a]") == nil {
		t.Errorf("%q", under(facts, "/spec"))
	}
}

func TestMirrors(t *testing.T) {
	all, _ := read(t, Options{Mirrors: map[string]string{"mirror.example/hub": "docker.io/library"}}, pod("containers: [{name: c, image: 'mirror.example/hub/nginx:1'}]"))
	if f := find(all["Pod n/p"].Facts, "/spec/containers[name=c]/image"); f.Value.Canon != "docker.io/library/nginx:1" {
		t.Errorf("%+v", f)
	}
}

func TestCertificates(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "shop"}, DNSNames: []string{"b.example", "a.example"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text := "# which\n" + string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	r := NewReader(Options{})
	str := func(s string) *doc.Node { return &doc.Node{Kind: doc.String, Text: s} }
	obj := func(f ...doc.Field) *doc.Node { return &doc.Node{Kind: doc.Map, Fields: f} }
	r.Add(obj(doc.Field{Key: "apiVersion", Value: str("v1")}, doc.Field{Key: "kind", Value: str("ConfigMap")},
		doc.Field{Key: "metadata", Value: obj(doc.Field{Key: "name", Value: str("c")})},
		doc.Field{Key: "data", Value: obj(doc.Field{Key: "ca.crt", Value: str(text)})}), nil)
	r.Finish(func(_ parity.Subject, facts []parity.Fact) {
		got := under(facts, "/data/ca.crt[subject=CN=shop]")
		if len(got["/fingerprint"]) != 64 {
			t.Errorf("fingerprint %q", got["/fingerprint"])
		}
		for i := range facts {
			issue := strings.HasSuffix(facts[i].Path, "/fingerprint") || strings.HasSuffix(facts[i].Path, "/expires")
			if issue != facts[i].Rules.Has(parity.Circumstances) {
				t.Errorf("%s: what a renewal changes is not compared, and nothing else", facts[i].Path)
			}
		}
		delete(got, "/fingerprint")
		wantFacts(t, got, map[string]string{"/subject": "CN=shop", "/expires": "2030-01-02T03:04:05Z", "/names[=a.example]": "a.example", "/names[=b.example]": "b.example"})
	})
}

// TestRulesThatExpandTooFar are read as they are written.
func TestRulesThatExpandTooFar(t *testing.T) {
	all, _ := read(t, Options{}, object("rbac.authorization.k8s.io/v1", "Role", "rules: [{apiGroups: ["+numbered(300)+"], resources: ["+numbered(300)+"], verbs: [get]}]"))
	if n := len(all["Role n/o"].Facts); n != 602 {
		t.Errorf("%d facts, want one for each name as it is written", n)
	}
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a" + strings.Repeat("b", i) + ",")
	}
	return b.String()
}

func TestItemsThatAreNamedInSeveralWays(t *testing.T) {
	all, _ := read(t, Options{}, object("monitoring.coreos.com/v1", "PrometheusRule", `
spec: {groups: [{name: g, rules: [{alert: Down, expr: up == 0}, {record: 'a:b', expr: b}]}]}`)+
		"---\n"+object("v1", "Service", "spec: {ports: [{port: 80, name: http}, {port: 81}]}"))
	if find(all["PrometheusRule n/o"].Facts, "/spec/groups[name=g]/rules[alert=Down]/expr") == nil || find(all["PrometheusRule n/o"].Facts, "/spec/groups[name=g]/rules[record=a:b]/expr") == nil {
		t.Errorf("%q", under(all["PrometheusRule n/o"].Facts, "/spec"))
	}
	if find(all["Service n/o"].Facts, "/spec/ports[name=http]/port") == nil || find(all["Service n/o"].Facts, "/spec/ports[port=81]/port") == nil {
		t.Errorf("%q", under(all["Service n/o"].Facts, "/spec"))
	}
}

func TestEncryptedValuesAreNeverShown(t *testing.T) {
	const enc = "'ENC[AES256_GCM,data:blob,type:str]'"
	for _, text := range []string{
		container("args: [--a=x, " + enc + "], env: [{name: A, value: " + enc + "}], resources: {limits: {cpu: " + enc + "}}, ports: [{containerPort: " + enc + "}]"),
		object("e.org/v1", "Thing", "spec: {list: ["+enc+"], text: "+enc+", secretName: "+enc+"}"),
		pod("containers: [{name: c, image: " + enc + "}], serviceAccountName: " + enc),
	} {
		all, _ := read(t, Options{}, text)
		for _, s := range all {
			for _, f := range s.Facts {
				if f.Value.Kind != parity.List && f.Value.Kind != parity.Reference && strings.Contains(f.Path+f.Value.Raw+f.Value.Canon, "blob") && !strings.Contains(f.Path, "ports[") {
					t.Errorf("%s = %+v", f.Path, f.Value)
				}
			}
		}
	}
}
