package kube

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity/internal/realdata"

	"github.com/envparity/parity"
	"github.com/google/go-cmp/cmp"
)

// meeting is what two readings of one environment have to say of each other.
type meeting struct {
	rules   parity.RuleSet // of all facts that are not the same to the letter
	differ  []string       // subject and path of what no rule explains
	derived int
}

// meet joins two readings by kind, stem and path, as compare does in the end:
// equal canonical forms are equivalent, and the rules say what may be absent
// or ignored.
func meet(a, b map[string]parity.SubjectFacts) meeting {
	var m meeting
	left, right := byPath(a), byPath(b)
	for path, f := range left {
		m.one(path, f, right[path])
	}
	for path, f := range right {
		if left[path] == nil {
			m.one(path, nil, f)
		}
	}
	slices.Sort(m.differ)
	return m
}

func byPath(subjects map[string]parity.SubjectFacts) map[string]*parity.Fact {
	all := map[string]*parity.Fact{}
	for _, s := range subjects {
		name := s.Subject.Stem
		if name == "" {
			name = s.Subject.Name
		}
		for i := range s.Facts {
			all[s.Subject.Kind+"."+s.Subject.Group+" "+s.Subject.Scope+"/"+name+" "+s.Facts[i].Path] = &s.Facts[i]
		}
	}
	return all
}

// expanding are rules after which two spellings have the same facts to the
// letter.
var expanding = parity.SetOf(parity.RBACTuples, parity.NetworkTuples, parity.EmbeddedText)

func (m *meeting) one(path string, a, b *parity.Fact) {
	if a != nil && a.DerivedFrom != nil || b != nil && b.DerivedFrom != nil {
		m.derived++
		return
	}
	ignore := parity.SetOf(parity.ServerMetadata, parity.Allocated, parity.ControllerNotes, parity.Derived, parity.CABundle)
	absent := ignore | parity.SetOf(parity.DefaultValue, parity.EmptyIsAbsent)
	switch {
	case a != nil && b != nil:
		m.rules |= (a.Rules & b.Rules) & expanding
		if a.Value == b.Value && a.Rules == b.Rules {
			return
		}
		m.rules |= a.Rules | b.Rules
		if meaning(a.Value) != meaning(b.Value) && (a.Rules|b.Rules)&ignore == 0 {
			m.differ = append(m.differ, path)
		}
	default:
		f := a
		if f == nil {
			f = b
		}
		m.rules |= f.Rules
		if f.Rules&absent == 0 {
			m.differ = append(m.differ, path)
		}
	}
}

// meaning is the canonical form; a reference to a generated name means its
// stem, as subjects align.
func meaning(v parity.Value) string {
	if v.Kind == parity.Reference {
		kind, scope, name, _ := parity.ParseRefTarget(v.Canon)
		return kind + " " + scope + "/" + withoutHash(name)
	}
	return v.Canonical()
}

// pod and the like write the object around what a case is about.
func pod(spec string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n}\nspec: {" + spec + "}\n"
}

func container(fields string) string {
	return pod("containers: [{name: c, image: 'r.example/x:1', " + fields + "}]")
}

func object(version, kind, rest string) string {
	return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: o, namespace: n}\n" + rest + "\n"
}

func checksum(sum string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: n}\nspec: {template: {metadata: {annotations: {checksum/config: '" + sum + "'}}}}\n"
}

func config(data string) string { return object("v1", "ConfigMap", "data: {"+data+"}") }
func permissions(rules string) string {
	return object("rbac.authorization.k8s.io/v1", "Role", "rules: ["+rules+"]")
}

func policy(spec string) string {
	return object("networking.k8s.io/v1", "NetworkPolicy", "spec: {"+spec+"}")
}

// pairs hold for each rule what it must equate, and a near miss.
var pairs = []struct {
	name       string
	rule       parity.Rule
	a, b, miss string
}{
	{
		"server metadata", parity.ServerMetadata,
		object("v1", "Service", "spec: {type: NodePort}"),
		"apiVersion: v1\nkind: Service\nmetadata: {name: o, namespace: n, uid: x, resourceVersion: '1', managedFields: [{manager: m, operation: Apply}]}\nspec: {type: NodePort}\nstatus: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: o, namespace: n, labels: {uid: x}}\nspec: {type: NodePort}\n",
	},
	{
		"last applied", parity.ServerMetadata,
		object("v1", "ServiceAccount", ""),
		"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: o, namespace: n, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}}\n",
		"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: o, namespace: n, annotations: {eks.amazonaws.com/role-arn: a}}\n",
	},
	{
		"cluster address", parity.Allocated,
		object("v1", "Service", "spec: {ports: [{port: 80}]}"),
		object("v1", "Service", "spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ports: [{port: 80, nodePort: 30001}]}"),
		object("v1", "Service", "spec: {clusterIP: None, ports: [{port: 80}]}"),
	},
	{
		"controller notes", parity.ControllerNotes,
		object("apps/v1", "Deployment", "spec: {template: {metadata: {labels: {a: b}}}}"),
		object("apps/v1", "Deployment", "spec: {template: {metadata: {labels: {a: b}, annotations: {kubectl.kubernetes.io/restartedAt: '2026-01-01T00:00:00Z'}}}}"),
		object("apps/v1", "Deployment", "spec: {template: {metadata: {labels: {a: b}, annotations: {sidecar.istio.io/inject: 'false'}}}}"),
	},
	{
		"version label follows the image", parity.Derived,
		"apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app.kubernetes.io/version: '1'}}\nspec: {containers: [{name: c, image: x}]}\n",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app.kubernetes.io/version: '2'}}\nspec: {containers: [{name: c, image: x}]}\n",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app.kubernetes.io/version: '1'}}\nspec: {containers: [{name: c, image: y}]}\n",
	},
	{
		"version label of what has no image", parity.Derived,
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {app.kubernetes.io/part-of: shop}}\nspec: {template: {spec: {containers: [{name: c, image: x}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {app.kubernetes.io/part-of: shop, app.kubernetes.io/version: '1'}}\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, labels: {app.kubernetes.io/part-of: shop}}\nspec: {template: {spec: {containers: [{name: c, image: x}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {app.kubernetes.io/part-of: shop, app.kubernetes.io/version: '2'}}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {app.kubernetes.io/part-of: shop, app.kubernetes.io/version: '2'}}\n",
	},
	{
		"checksum of configuration", parity.Derived,
		checksum("1") + "---\n" + config("k: v"), checksum("2") + "---\n" + config("k: v"), checksum("1") + "---\n" + config("k: w"),
	},
	{
		"checksum of configuration that was not read", parity.Derived,
		checksum("1") + "---\n" + config("k: v"), checksum("2") + "---\n" + config("k: v"), checksum("2"),
	},
	{
		"quantity", parity.QuantityForm,
		container("resources: {limits: {cpu: '1', memory: 1Gi}}"),
		container("resources: {limits: {cpu: 1000m, memory: 1024Mi}}"),
		container("resources: {limits: {cpu: 1000m, memory: 1000Mi}}"),
	},
	{
		"quantity in a custom resource", parity.QuantityForm,
		object("example.org/v1", "Thing", "spec: {resources: {requests: {cpu: 0.1}}, other: 100m}"),
		object("example.org/v1", "Thing", "spec: {resources: {requests: {cpu: 100m}}, other: 100m}"),
		object("example.org/v1", "Thing", "spec: {resources: {requests: {cpu: 100m}}, other: 0.1}"),
	},
	{
		"duration by name", parity.DurationForm,
		object("example.org/v1", "Thing", "spec: {timeout: 60s, size: 60s}"),
		object("example.org/v1", "Thing", "spec: {timeout: 1m, size: 60s}"),
		object("example.org/v1", "Thing", "spec: {timeout: 60s, size: 1m}"),
	},
	{
		"number or text", parity.ScalarForm,
		container("livenessProbe: {httpGet: {port: 8080}}"),
		container("livenessProbe: {httpGet: {port: '8080'}}"),
		container("livenessProbe: {httpGet: {port: '808'}}"),
	},
	{
		"file mode", parity.ScalarForm,
		pod("volumes: [{name: v, secret: {secretName: s, defaultMode: 0400}}]"),
		pod("volumes: [{name: v, secret: {secretName: s, defaultMode: 256}}]"),
		pod("volumes: [{name: v, secret: {secretName: s, defaultMode: 400}}]"),
	},
	{
		"empty", parity.EmptyIsAbsent,
		pod("nodeSelector: {}, tolerations: [], affinity: null"), pod(""), pod("volumes: [{name: v, emptyDir: {}}]"),
	},
	{
		"empty in a custom resource", parity.EmptyIsAbsent,
		object("example.org/v1", "Thing", "spec: {a: null}"), object("example.org/v1", "Thing", ""),
		object("example.org/v1", "Thing", "spec: {selfSigned: {}}"),
	},
	{
		"defaults", parity.DefaultValue,
		container("imagePullPolicy: IfNotPresent, readinessProbe: {exec: {command: [x]}, periodSeconds: 10}"),
		container("readinessProbe: {exec: {command: [x]}}"),
		container("imagePullPolicy: Always, readinessProbe: {exec: {command: [x]}}"),
	},
	{
		"requests from limits", parity.DefaultValue,
		container("resources: {limits: {cpu: 1}, requests: {cpu: 1000m}}"), container("resources: {limits: {cpu: 1}}"),
		container("resources: {limits: {cpu: 1}, requests: {cpu: 500m}}"),
	},
	{
		"target port from port", parity.DefaultValue,
		object("v1", "Service", "spec: {ports: [{port: 80, targetPort: 80}]}"), object("v1", "Service", "spec: {ports: [{port: 80}]}"),
		object("v1", "Service", "spec: {ports: [{port: 80, targetPort: 8080}]}"),
	},
	{
		"false is the zero value", parity.DefaultValue, pod("hostNetwork: false"), pod(""), pod("automountServiceAccountToken: false"),
	},
	{
		"the default of an autoscaler's metrics", parity.DefaultValue,
		object("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}"),
		object("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {maxReplicas: 3}"),
		object("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]}"),
	},
	{
		"variables in another order", parity.ListKey,
		container("env: [{name: A, value: '1'}, {name: B, value: '2'}]"), container("env: [{name: B, value: '2'}, {name: A, value: '1'}]"),
		container("env: [{name: B, value: '1'}, {name: A, value: '2'}]"),
	},
	{
		"ports by number and protocol", parity.ListKey,
		container("ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]"), container("ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, protocol: TCP}]"),
		container("ports: [{containerPort: 53, protocol: UDP}]"),
	},
	{
		"tolerations", parity.ListKey,
		pod("tolerations: [{key: a, operator: Exists}, {key: b, effect: NoSchedule}]"), pod("tolerations: [{key: b, effect: NoSchedule, operator: Equal}, {key: a, operator: Exists}]"),
		pod("tolerations: [{key: b, effect: NoExecute}, {key: a, operator: Exists}]"),
	},
	{
		"claim templates", parity.QuantityForm,
		object("apps/v1", "StatefulSet", "spec: {volumeClaimTemplates: [{metadata: {name: a}}, {metadata: {name: b}, spec: {resources: {requests: {storage: 1Gi}}}}]}"),
		object("apps/v1", "StatefulSet", "spec: {volumeClaimTemplates: [{metadata: {name: b}, spec: {resources: {requests: {storage: 1024Mi}}}}, {metadata: {name: a}}]}"),
		object("apps/v1", "StatefulSet", "spec: {volumeClaimTemplates: [{metadata: {name: a}}, {metadata: {name: b}, spec: {resources: {requests: {storage: 2Gi}}}}]}"),
	},
	{
		"sets", parity.SetOrder,
		container("securityContext: {capabilities: {drop: [ALL, NET_RAW]}}"), container("securityContext: {capabilities: {drop: [NET_RAW, ALL]}}"),
		container("securityContext: {capabilities: {drop: [NET_RAW]}}"),
	},
	{
		"permissions", parity.RBACTuples,
		permissions("{apiGroups: [''], resources: [pods, services], verbs: [get, list]}"),
		permissions("{apiGroups: [''], resources: [services], verbs: [list, get]}, {apiGroups: [''], resources: [pods], verbs: [get]}, {apiGroups: [''], resources: [pods], verbs: [list]}"),
		permissions("{apiGroups: [''], resources: [pods, services], verbs: [get, list]}, {apiGroups: [''], resources: [pods], resourceNames: [x], verbs: [delete]}"),
	},
	{
		"traffic", parity.NetworkTuples,
		policy("podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {a: b}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.2.0.0/16, 10.1.0.0/16]}}], ports: [{port: 80}, {port: 53, protocol: UDP}]}]"),
		policy("policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}], ports: [{port: 80, protocol: TCP}, {port: 53, protocol: UDP}]}, {from: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}}], ports: [{port: 53, protocol: UDP}, {port: 80}]}]"),
		policy("ingress: [{from: [{podSelector: {matchLabels: {a: b}}, ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}], ports: [{port: 80}, {port: 53, protocol: UDP}]}]"),
	},
	{
		"no rules and any rule", parity.NetworkTuples,
		policy("podSelector: {}, policyTypes: [Ingress]"), policy("ingress: []"), policy("ingress: [{}]"),
	},
	{
		"image names", parity.ImageForm,
		pod("containers: [{name: c, image: nginx}]"), pod("containers: [{name: c, image: 'docker.io/library/nginx:latest'}]"),
		pod("containers: [{name: c, image: 'quay.io/library/nginx:latest'}]"),
	},
	{
		"stringData", parity.SecretForm,
		object("v1", "Secret", "data: {k: dg==}"), object("v1", "Secret", "data: {k: b3RoZXI=}\nstringData: {k: v}\ntype: Opaque"), object("v1", "Secret", "data: {k: dg==, l: dg==}"),
	},
	{
		"structured text", parity.EmbeddedText,
		config(`app.yaml: "a: 1\nb: {c: 2}\n"`), config(`app.yaml: "# note\nb:\n  c: 2\na: 1\n"`), config(`app.yaml: "a: 1\nb: {c: '3'}\n"`),
	},
	{
		"line ends of files", parity.TextForm,
		config(`run.sh: "a\nb\n"`), config(`run.sh: "a\r\nb"`), config(`run.sh: "a\nb c\n"`),
	},
	{
		"certificate authorities", parity.CABundle,
		object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "webhooks: [{name: a, clientConfig: {url: 'https://a/'}}]"),
		object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "webhooks: [{name: a, clientConfig: {url: 'https://a/', caBundle: eA==}}]"),
		object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "webhooks: [{name: a, clientConfig: {url: 'https://b/'}}]"),
	},
	{
		"references to generated names", parity.ReferenceName,
		container("envFrom: [{configMapRef: {name: cfg-2f5b8g9hkm}}]"), container("envFrom: [{configMapRef: {name: cfg-7t4c6d9bfh}}]"), container("envFrom: [{configMapRef: {name: other-7t4c6d9bfh}}]"),
	},
	{
		"autoscaler versions", parity.APIVersion,
		object("autoscaling/v1", "HorizontalPodAutoscaler", "spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 60}"),
		object("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]}"),
		object("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {maxReplicas: 3, metrics: [{type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 60}}}]}"),
	},
	{
		"ingress versions", parity.APIVersion,
		object("extensions/v1beta1", "Ingress", "spec: {rules: [{host: a.example, http: {paths: [{path: /, backend: {serviceName: s, servicePort: 80}}]}}]}"),
		object("networking.k8s.io/v1", "Ingress", "spec: {rules: [{host: a.example, http: {paths: [{path: /, pathType: ImplementationSpecific, backend: {service: {name: s, port: {number: 80}}}}]}}]}"),
		object("networking.k8s.io/v1", "Ingress", "spec: {rules: [{host: a.example, http: {paths: [{path: /, backend: {service: {name: s, port: {name: http}}}}]}}]}"),
	},
	{
		"flags", parity.FlagForm,
		container("args: [--a=1, --b, --c, x y]"), container("args: [--c, x y, --b=true, --a, '1']"), container("args: [--a=2, --b, --c, x y]"),
	},
	{
		"versions of URLs", parity.URLForm,
		config("u: 'https://a.example:443/x'"), config("u: 'https://a.example/x'"), config("u: 'https://a.example:444/x'"),
	},
}

func TestRulesEquateTheirPairs(t *testing.T) {
	for _, p := range pairs {
		t.Run(p.name, func(t *testing.T) {
			a, _ := read(t, Options{}, p.a)
			b, _ := read(t, Options{}, p.b)
			miss, _ := read(t, Options{}, p.miss)
			if m := meet(a, b); len(m.differ) > 0 || !m.rules.Has(p.rule) {
				t.Errorf("the pair differs in %q by rules %v", m.differ, m.rules)
			}
			if m := meet(b, a); len(m.differ) > 0 {
				t.Errorf("the pair differs the other way round in %q", m.differ)
			}
			if m := meet(a, miss); len(m.differ) == 0 {
				t.Errorf("the near miss counts as the same by rules %v", m.rules)
			}
		})
	}
}

// TestEveryRuleOfAnObjectHasAPair keeps the table complete.
func TestEveryRuleOfAnObjectHasAPair(t *testing.T) {
	elsewhere := parity.SetOf(parity.BindingRule, parity.Sizing, parity.ListAlignment, parity.KeyTokens, parity.VersionForm, parity.Sidecar,
		parity.RunningDigest, parity.RunningState, parity.History, parity.PolicyTuples, parity.Circumstances, parity.RegistryDigest,
		parity.Rare, parity.EquivalenceTest, parity.IncludedFile, parity.Expression, parity.OpenExpression)
	var have parity.RuleSet
	for _, p := range pairs {
		have = have.With(p.rule)
	}
	for _, r := range parity.Rules() {
		if !have.Has(r) && !elsewhere.Has(r) {
			t.Errorf("rule %s has no pair", r)
		}
	}
}

func TestNoisePair(t *testing.T) {
	dir := filepath.Join(realdata.Path(t), "noise")
	side := func(name string) map[string]parity.SubjectFacts {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		s, gaps := read(t, Options{}, string(b))
		if len(gaps) > 0 || len(s) != 3 {
			t.Fatalf("%s: %d subjects, gaps %v", name, len(s), gaps)
		}
		return s
	}
	if m := meet(side("a.yaml"), side("b.yaml")); len(m.differ) > 0 {
		t.Errorf("a and b differ in %q", m.differ)
	}
	m := meet(side("b.yaml"), side("c.yaml"))
	if len(m.differ) != 2 || !strings.HasSuffix(m.differ[0], "/rules[=core/pods:delete]") || !strings.HasSuffix(m.differ[1], "/rules[=core/services:delete]") {
		t.Errorf("b and c differ in %q, want two permissions", m.differ)
	}
}

// TestScalePair: of the generator's two sides nothing differs but hosts,
// replica counts and what drifted.
func TestScalePair(t *testing.T) {
	generate := filepath.Join(realdata.Path(t), "scale", "generate.py")
	side := func(env, seed, shuffle string) map[string]parity.SubjectFacts {
		out, err := exec.Command("python3", generate, "500", env, seed, shuffle).Output()
		if err != nil && os.Getenv("CI") != "" {
			t.Fatal("python3 cannot run the generator: ", err)
		}
		if err != nil {
			t.Skip("python3 cannot run the generator: ", err)
		}
		s, gaps := read(t, Options{}, string(out))
		if len(gaps) > 0 || len(s) != 500 {
			t.Fatalf("%d subjects, gaps %v", len(s), gaps)
		}
		return s
	}
	m := meet(side("staging", "3", "0"), side("prod", "4", "1"))
	count := map[string]int{}
	for _, path := range m.differ {
		count[path[strings.LastIndex(path, " ")+1:]]++
	}
	const c = "/spec/template/spec/containers[name=main]/"
	want := map[string]int{"/spec/replicas": 100, c + "env[name=DB_HOST]/value": 100, c + "image": 2, c + "env[name=FEATURE_X]/value": 2}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}
