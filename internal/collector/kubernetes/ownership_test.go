package kubernetes

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// rich has lists of every kind that managed fields know: by key, by several
// keys, as sets, as a whole.
const rich = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: rich, namespace: owned, labels: {app: rich}, annotations: {example.com/team: web}, finalizers: [example.com/a]}
spec:
  selector: {matchLabels: {app: rich}}
  replicas: 1
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: rich}, annotations: {example.com/note: a}}
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      hostAliases: [{ip: 10.0.0.1, hostnames: [a.example, b.example]}]
      imagePullSecrets: [{name: pull}]
      tolerations: [{key: a, operator: Exists}, {key: b, operator: Equal, value: c, effect: NoSchedule}]
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: rich}}}]
      securityContext: {runAsUser: 1000, supplementalGroups: [1, 2], sysctls: [{name: net.core.somaxconn, value: "1"}]}
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - {weight: 1, podAffinityTerm: {topologyKey: zone, labelSelector: {matchLabels: {app: rich}}}}
      initContainers:
      - {name: init, image: "registry.example/init:1", command: [sh, -c, "true"]}
      containers:
      - name: web
        image: registry.example/web:1
        args: [--level, info]
        ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP, name: dns}, {containerPort: 80, name: http}]
        env:
        - {name: LEVEL, value: info}
        - {name: REGION, value: eu}
        - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: SETTING, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
        envFrom: [{configMapRef: {name: settings}}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
        securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}, readOnlyRootFilesystem: true}
        volumeMounts: [{name: data, mountPath: /data}, {name: settings, mountPath: /etc/app, readOnly: true}]
        livenessProbe: {httpGet: {path: /live, port: http, httpHeaders: [{name: X-A, value: b}]}, periodSeconds: 7}
        readinessProbe: {exec: {command: [ready]}}
        lifecycle: {preStop: {sleep: {seconds: 5}}}
      - {name: side, image: "registry.example/web:2"}
      volumes:
      - {name: data, emptyDir: {sizeLimit: 1Gi}}
      - {name: settings, configMap: {name: settings, items: [{key: a, path: a.txt}]}}
      - name: all
        projected: {sources: [{secret: {name: pull, optional: true}}, {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}
---
apiVersion: v1
kind: Service
metadata: {name: rich, namespace: owned}
spec:
  selector: {app: rich}
  externalIPs: [10.1.1.1]
  ports: [{name: http, port: 80, targetPort: http}, {name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: rich, namespace: owned}
data: {LEVEL: info, app.yaml: "a: 1\nb: {c: 2}\n"}
binaryData: {x: AAEC}
---
apiVersion: v1
kind: Secret
metadata: {name: rich, namespace: owned}
data: {a: aGk=, b: aGk=}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: rich, namespace: owned}
spec:
  ingressClassName: nginx
  tls: [{hosts: [a.example], secretName: tls}]
  rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: rich, port: {name: http}}}}]}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: rich, namespace: owned}
spec:
  podSelector: {matchLabels: {app: rich}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: rich, namespace: owned}
rules: [{apiGroups: [""], resources: [pods, configmaps], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rich, namespace: owned}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: rich}
subjects: [{kind: ServiceAccount, name: default, namespace: owned}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: rich, namespace: owned}
secrets: [{name: a}]
imagePullSecrets: [{name: pull}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: rich, namespace: owned}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: none}
  minReplicas: 1
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
  behavior: {scaleDown: {stabilizationWindowSeconds: 100, policies: [{type: Pods, value: 1, periodSeconds: 60}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: rich, namespace: owned}
spec: {minAvailable: 1, selector: {matchLabels: {app: rich}}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: rich, namespace: owned}
spec: {hard: {requests.cpu: "4", pods: "10"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: rich, namespace: owned}
spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: 10m}}]}
---
apiVersion: owned.example/v1
kind: Thing
metadata: {name: rich, namespace: owned}
spec: {level: info, list: [{name: a, value: 1}, {name: b, value: 2}], plain: [x, y], deep: {a: {b: c}}}
`

const ownedKinds = `
apiVersion: v1
kind: Namespace
metadata: {name: owned}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: owned}
data: {a: b}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.owned.example}
spec:
  group: owned.example
  names: {kind: Thing, plural: things, singular: thing}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// byServer are facts that the server or a controller made, or that follow from
// other objects: no manager wrote them.
var byServer = []string{
	"/apiVersion", "/status", "/metadata/uid", "/metadata/resourceVersion", "/metadata/generation", "/metadata/creationTimestamp",
	"/metadata/managedFields", "/effective", "/running", "/history", "/metadata/annotations/deployment.kubernetes.io", "/spec/clusterIP", "/spec/ipFamil",
}

// TestOwnership holds that every fact of an object says who wrote it: the first
// manager, until another writes some of it.
func TestOwnership(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply(ownedKinds)
	c.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd/things.owned.example")
	if out, err := c.TryKubectl(rich, "create", "--save-config=false", "--field-manager=first", "-f", "-"); err != nil {
		t.Fatal(out)
	}
	c.Kubectl("-n", "owned", "wait", "--for=condition=Progressing", "--timeout=60s", "deployment/rich")
	cfg := admin(c, "owned")
	writtenBy := func(snap *parity.Snapshot, kind, manager string) []string {
		got := []string{}
		for _, f := range find(snap, kind, "owned/rich").Facts {
			w := f.Origin.Writer
			if slices.ContainsFunc(byServer, func(p string) bool { return strings.HasPrefix(f.Path, p) }) || strings.Contains(f.Path, "/effectiveEnv[") {
				continue
			}
			if w != nil && w.Manager == manager {
				got = append(got, f.Path)
			}
			if w == nil || w.Manager != "first" && w.Manager != "other" || w.Operation != "Update" || w.Time.IsZero() {
				t.Errorf("%s %s is written by %+v", kind, f.Path, w)
			}
		}
		return got
	}
	before := readWell(t, cfg)
	for _, kind := range []string{
		"Deployment", "Service", "ConfigMap", "Secret", "Ingress", "NetworkPolicy", "Role", "RoleBinding", "ServiceAccount",
		"HorizontalPodAutoscaler", "PodDisruptionBudget", "ResourceQuota", "LimitRange", "Thing",
	} {
		if got := writtenBy(before, kind, "other"); len(got) > 0 || len(writtenBy(before, kind, "first")) == 0 {
			t.Errorf("%s: %v", kind, got)
		}
	}
	time.Sleep(1100 * time.Millisecond) // managers are ordered by the second
	for _, test := range otherWrites {
		c.Kubectl("-n", "owned", "patch", strings.ToLower(test.kind), "rich", "--field-manager=other", "--type="+test.how, "-p", test.patch)
	}
	after := readWell(t, cfg)
	for _, test := range otherWrites {
		if diff := cmp.Diff(test.want, writtenBy(after, test.kind, "other")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.kind, diff)
		}
	}
}

// otherWrites are what another manager patches, and all that it has written then.
var otherWrites = []struct {
	kind, how, patch string
	want             []string
}{
	{"Deployment", "strategic", `{"metadata":{"labels":{"new":"x"},"annotations":{"example.com/team":"b"},"finalizers":["example.com/b"]},
		"spec":{"replicas":3,"strategy":{"rollingUpdate":{"maxSurge":2}},"template":{"metadata":{"labels":{"tier":"a"}},"spec":{
		"nodeSelector":{"disk":"ssd"},"terminationGracePeriodSeconds":7,
		"tolerations":[{"key":"z","operator":"Exists"}],"imagePullSecrets":[{"name":"more"}],"hostAliases":[{"ip":"10.0.0.2","hostnames":["c.example"]}],
		"containers":[{"name":"web","image":"registry.example/web:2","args":["--level","debug"],
			"ports":[{"containerPort":53,"protocol":"UDP","name":"dns2"},{"containerPort":81}],
			"env":[{"name":"LEVEL","value":"debug"},{"name":"NEW","value":"x"}],
			"resources":{"limits":{"memory":"256Mi"}},"volumeMounts":[{"mountPath":"/data","name":"data","subPath":"x"}],
			"securityContext":{"capabilities":{"add":["CHOWN"]}},"livenessProbe":{"periodSeconds":9}}],
		"volumes":[{"name":"settings","configMap":{"defaultMode":256}},{"name":"more","emptyDir":{}}]}}}}`, []string{
		"/metadata/annotations/example.com/team",
		"/metadata/finalizers[=example.com/b]",
		"/metadata/labels/new",
		"/spec/replicas",
		"/spec/strategy/rollingUpdate/maxSurge",
		"/spec/template/metadata/labels/tier",
		"/spec/template/spec/containers[name=web]/args[=--level]",
		"/spec/template/spec/containers[name=web]/env[name=LEVEL]/value",
		"/spec/template/spec/containers[name=web]/env[name=NEW]/value",
		"/spec/template/spec/containers[name=web]/image",
		"/spec/template/spec/containers[name=web]/livenessProbe/periodSeconds",
		"/spec/template/spec/containers[name=web]/ports[containerPort=53,protocol=UDP]/containerPort",
		"/spec/template/spec/containers[name=web]/ports[containerPort=53,protocol=UDP]/name",
		"/spec/template/spec/containers[name=web]/ports[containerPort=53,protocol=UDP]/protocol",
		"/spec/template/spec/containers[name=web]/ports[containerPort=81]/containerPort",
		"/spec/template/spec/containers[name=web]/ports[containerPort=81]/protocol",
		"/spec/template/spec/containers[name=web]/resources/limits/memory",
		"/spec/template/spec/containers[name=web]/securityContext/capabilities/add[=CHOWN]",
		"/spec/template/spec/containers[name=web]/volumeMounts[mountPath=/data]/subPath",
		"/spec/template/spec/hostAliases[ip=10.0.0.2]/hostnames[=c.example]",
		"/spec/template/spec/hostAliases[ip=10.0.0.2]/ip",
		"/spec/template/spec/imagePullSecrets[name=more]/name",
		"/spec/template/spec/nodeSelector/disk",
		"/spec/template/spec/nodeSelector/kubernetes.io/os",
		"/spec/template/spec/terminationGracePeriodSeconds",
		"/spec/template/spec/tolerations[key=z]/key",
		"/spec/template/spec/tolerations[key=z]/operator",
		"/spec/template/spec/volumes[name=more]/emptyDir",
		"/spec/template/spec/volumes[name=more]/name",
		"/spec/template/spec/volumes[name=settings]/configMap/defaultMode",
	}},
	{"Service", "strategic", `{"spec":{"externalIPs":["10.1.1.2"],"ports":[{"port":53,"protocol":"UDP","name":"dns2","targetPort":5353}],"sessionAffinity":"ClientIP"}}`, []string{
		"/spec/externalIPs[=10.1.1.2]",
		"/spec/ports[name=dns2]/name",
		"/spec/ports[name=dns2]/targetPort",
		"/spec/sessionAffinity",
		"/spec/sessionAffinityConfig/clientIP/timeoutSeconds",
	}},
	{"ConfigMap", "merge", `{"data":{"app.yaml":"a: 2\nb: {c: 2}\n","NEW":"x"}}`, []string{
		"/data/NEW",
		"/data/app.yaml/a",
		"/data/app.yaml/b/c",
	}},
	{"Secret", "merge", `{"stringData":{"b":"other"}}`, []string{
		"/data/b",
	}},
	{"Ingress", "merge", `{"spec":{"rules":[{"host":"b.example","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"rich","port":{"number":80}}}}]}}]}}`, []string{
		"/spec/rules[host=b.example]/host",
		"/spec/rules[host=b.example]/http/paths[path=/]/backend/service/name",
		"/spec/rules[host=b.example]/http/paths[path=/]/backend/service/port/number",
		"/spec/rules[host=b.example]/http/paths[path=/]/path",
		"/spec/rules[host=b.example]/http/paths[path=/]/pathType",
	}},
	{"NetworkPolicy", "merge", `{"spec":{"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}}`, []string{
		"/spec/egress[=10.0.0.0/8 any port]",
	}},
	{"Role", "merge", `{"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}`, []string{
		"/rules[=core/secrets:get]",
	}},
	{"RoleBinding", "merge", `{"subjects":[{"kind":"ServiceAccount","name":"more","namespace":"owned"}]}`, []string{
		"/subjects[name=more]/kind",
		"/subjects[name=more]/name",
		"/subjects[name=more]/namespace",
	}},
	{"ServiceAccount", "strategic", `{"automountServiceAccountToken":false,"imagePullSecrets":[{"name":"more"}]}`, []string{
		"/automountServiceAccountToken",
		"/imagePullSecrets[name=more]/name",
	}},
	{"HorizontalPodAutoscaler", "merge", `{"spec":{"maxReplicas":7,"metrics":[{"type":"Resource","resource":{"name":"memory","target":{"type":"Utilization","averageUtilization":50}}}]}}`, []string{
		"/spec/maxReplicas",
		"/spec/metrics[type=Resource,name=memory]/resource/name",
		"/spec/metrics[type=Resource,name=memory]/resource/target/averageUtilization",
		"/spec/metrics[type=Resource,name=memory]/resource/target/type",
		"/spec/metrics[type=Resource,name=memory]/type",
	}},
	{"PodDisruptionBudget", "merge", `{"spec":{"minAvailable":2}}`, []string{
		"/spec/minAvailable",
	}},
	{"ResourceQuota", "merge", `{"spec":{"hard":{"pods":"20"}}}`, []string{
		"/spec/hard/pods",
	}},
	{"LimitRange", "merge", `{"spec":{"limits":[{"type":"Pod","max":{"cpu":"2"}}]}}`, []string{
		"/spec/limits[type=Pod]/max/cpu",
		"/spec/limits[type=Pod]/type",
	}},
	{"Thing", "merge", `{"spec":{"list":[{"name":"b","value":3}],"plain":["z"],"deep":{"a":{"d":"e"}}}}`, []string{
		"/spec/deep/a/d",
		"/spec/list[name=b]/name",
		"/spec/list[name=b]/value",
		"/spec/plain[=z]",
	}},
}

// TestWriters holds whom common tools leave as the writer, the latest first.
func TestWriters(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: written}\n")
	const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: written, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:1", env: [{name: LEVEL, value: info}, {name: REGION, value: eu}]}]}
`
	if out, err := c.TryKubectl(deployment, "apply", "-f", "-"); err != nil {
		t.Fatal(out)
	}
	pause := func() { time.Sleep(1100 * time.Millisecond) } // managers are ordered by the second
	pause()
	c.Kubectl("-n", "written", "set", "env", "deployment/web", "LEVEL=debug")
	c.Kubectl("-n", "written", "scale", "deployment/web", "--replicas=2")
	pause()
	c.Kubectl("-n", "written", "patch", "deployment", "web", "--field-manager=kubectl-edit", "-p",
		`{"metadata":{"labels":{"app":"other"}},"spec":{"template":{"spec":{"containers":[{"name":"web","image":"registry.example/web:2"}]}}}}`)
	const settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: written}\ndata: {both: a, one: b}\n"
	for manager, text := range map[string]string{"gitops": settings, "other": strings.Replace(settings, ", one: b", "", 1)} {
		if out, err := c.TryKubectl(text, "apply", "--server-side", "--field-manager="+manager, "-f", "-"); err != nil {
			t.Fatal(out)
		}
		pause()
	}
	c.Kubectl("-n", "written", "rollout", "status", "deployment/web", "--timeout=60s")
	snap := readWell(t, admin(c, "written"))
	const container = "/spec/template/spec/containers[name=web]"
	for _, test := range []struct{ kind, path, want string }{
		{"Deployment web", container + "/image", "kubectl-edit Update"},
		{"Deployment web", container + "/env[name=LEVEL]/value", "kubectl-set Update"},
		{"Deployment web", container + "/env[name=REGION]/value", "kubectl-client-side-apply Update"},
		{"Deployment web", container + "/terminationMessagePath", "kubectl-client-side-apply Update"},
		{"Deployment web", "/spec/replicas", "kubectl Update scale"},
		{"Deployment web", "/metadata/labels/app", "kubectl-edit Update"},
		{"Deployment web", "/spec/template/metadata/labels/app", "kubectl-client-side-apply Update"},
		{"ConfigMap settings", "/data/one", "gitops Apply"},
	} {
		kind, name, _ := strings.Cut(test.kind, " ")
		path, want := test.path, test.want
		f := fact(snap, kind, "written/"+name, path)
		if f == nil {
			t.Errorf("there is no %s", path)
			continue
		}
		var got []string
		for w := f.Origin.Writer; w != nil; w = w.Also {
			got = append(got, strings.TrimSpace(w.Manager+" "+w.Operation+" "+w.Subresource))
			if w.Also != nil && w.Time.Before(w.Also.Time) {
				t.Errorf("%s: an earlier writer comes first", path)
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
	both := fact(snap, "ConfigMap", "written/settings", "/data/both").Origin.Writer
	if both.Also == nil || both.Also.Also != nil || both.Time.Before(both.Also.Time) || both.Manager == both.Also.Manager {
		t.Errorf("what two apply is written by %+v", both)
	}
}
