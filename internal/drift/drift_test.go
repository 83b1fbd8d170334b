package drift_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example.com/web:1.0
        args: ["--port=80", "--verbose"]
        env: [{name: A, value: a}, {name: B, value: b}]
        ports: [{containerPort: 80, name: http}]
        readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 7}
      tolerations: [{key: a, operator: Exists}]
`

const reader = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`

const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: front}}}], ports: [{port: 80}]}]
`

const autoscaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {maxReplicas: 9, minReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`

// edit is a replacement of one text by another.
type edit struct{ old, new string }

// cases are a desired side, what was edited on the live side, and what comes
// of it.
var cases = []struct {
	name    string
	desired string
	edits   []edit
	also    string // objects of the live side besides
	path    string // the facts that the writer wrote
	writer  parity.Writer
	want    []string
}{
	{name: "the same", desired: web + "---" + reader + "---" + policy},
	{
		name: "what the server fills in", desired: web,
		edits: []edit{{"spec:\n  replicas", "spec:\n  revisionHistoryLimit: 3\n  replicas"}, {"labels: {app: web}}\nspec", "labels: {app: web, team: a}, uid: x}\nspec"}},
	},
	{
		name: "a value", desired: web, edits: []edit{{"value: a", "value: c"}},
		want: []string{"changed Deployment shop/web /spec/template/spec/containers[name=web]/env[name=A]/value a -> c"},
	},
	{
		name: "an image pinned in the spec", desired: web,
		edits: []edit{{"web:1.0", "web:1.0@sha256:" + strings.Repeat("a", 64)}},
		want:  []string{"changed Deployment shop/web /spec/template/spec/containers[name=web]/image example.com/web:1.0 -> example.com/web:1.0@sha256:" + strings.Repeat("a", 64)},
	},
	{
		name: "a variable and a probe that are gone", desired: web,
		edits: []edit{{"{name: A, value: a}, ", ""}, {"        readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 7}\n", ""}},
		want: []string{
			"removed Deployment shop/web /spec/template/spec/containers[name=web]/env[name=A]/value a -> absent",
			"removed Deployment shop/web /spec/template/spec/containers[name=web]/readinessProbe",
		},
	},
	{
		name: "a variable added beside others", desired: web, edits: []edit{{"[{name: A", "[{name: C, value: c}, {name: A"}},
		want: []string{"beside: Deployment shop/web /spec/template/spec/containers[name=web]/env[name=C]"},
	},
	{
		name: "lists that are set whole", desired: web,
		edits: []edit{{`"--verbose"`, `"--verbose", "--debug"`}, {"[{key: a, operator: Exists}]", "[{key: a, operator: Exists}, {key: b, operator: Exists}]"}},
		want: []string{
			"added Deployment shop/web /spec/template/spec/containers[name=web]/args {--debug}",
			"added Deployment shop/web /spec/template/spec/tolerations {key=b}",
		},
	},
	{
		name: "a role widened", desired: reader, edits: []edit{{"verbs: [get, list]", "verbs: [get, list, delete, create]"}},
		want: []string{"widened Role shop/reader /rules {create core/pods, delete core/pods}"},
	},
	{
		name: "a role narrowed", desired: reader, edits: []edit{{"verbs: [get, list]", "verbs: [get]"}},
		want: []string{"removed Role shop/reader /rules {list core/pods}"},
	},
	{
		name: "another subject of a binding", desired: reader,
		edits: []edit{{"name: web, namespace: shop}]", "name: web, namespace: shop}, {kind: User, name: eve, apiGroup: rbac.authorization.k8s.io}]"}},
		want:  []string{"widened RoleBinding shop/reader /subjects {name=eve}"},
	},
	{
		name: "traffic let in", desired: policy,
		edits: []edit{{"ingress: [", "ingress: [{from: [{namespaceSelector: {}}]}, "}},
		want:  []string{"widened NetworkPolicy shop/web /spec/ingress {ingress from namespaces(*) any port}"},
	},
	{
		name: "an object that is gone", desired: web + "---" + policy, edits: []edit{{policy, ""}},
		want: []string{"missing NetworkPolicy shop/web"},
	},
	{
		name: "replicas under an autoscaler", desired: web + "---" + autoscaler, edits: []edit{{"replicas: 3", "replicas: 7"}},
		path: "/spec/replicas", writer: parity.Writer{Manager: "kubectl-edit", Operation: "Update"},
		want: []string{"autoscaler (HorizontalPodAutoscaler shop/web): changed Deployment shop/web /spec/replicas 3 -> 7"},
	},
	{
		name: "replicas under an autoscaler that only runs", desired: web, edits: []edit{{"replicas: 3", "replicas: 7"}}, also: autoscaler,
		want: []string{"autoscaler (HorizontalPodAutoscaler shop/web): changed Deployment shop/web /spec/replicas 3 -> 7"},
	},
	{
		name: "replicas that switch the autoscaler off", desired: web + "---" + autoscaler, edits: []edit{{"replicas: 3", "replicas: 0"}},
		want: []string{"changed Deployment shop/web /spec/replicas 3 -> 0"},
	},
	{
		name: "replicas under KEDA, which scales to nothing", desired: web, edits: []edit{{"replicas: 3", "replicas: 0"}},
		also: "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: queue, namespace: shop}\nspec: {scaleTargetRef: {name: web}}\n---" + autoscaler,
		want: []string{"autoscaler (ScaledObject shop/queue): changed Deployment shop/web /spec/replicas 3 -> 0"},
	},
	{
		name: "replicas under an autoscaler of another workload", desired: web, edits: []edit{{"replicas: 3", "replicas: 7"}},
		also: strings.ReplaceAll(autoscaler, "web", "other"),
		want: []string{"changed Deployment shop/web /spec/replicas 3 -> 7"},
	},
	{
		name: "the autoscaler's own bounds", desired: web + "---" + autoscaler, edits: []edit{{"minReplicas: 2", "minReplicas: 1"}},
		want: []string{"changed HorizontalPodAutoscaler shop/web /spec/minReplicas 2 -> 1"},
	},
	{
		name: "a vertical autoscaler", desired: strings.Replace(web, "        ports", "        resources: {requests: {cpu: 1}}\n        ports", 1), edits: []edit{{"cpu: 1", "cpu: 2"}},
		also: "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: web, namespace: shop}\nspec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, updatePolicy: {updateMode: Auto}}\n",
		want: []string{"autoscaler (VerticalPodAutoscaler shop/web): changed Deployment shop/web /spec/template/spec/containers[name=web]/resources/requests/cpu 1 -> 2"},
	},
	{
		name: "a vertical autoscaler that only recommends", desired: strings.Replace(web, "        ports", "        resources: {requests: {cpu: 1}}\n        ports", 1), edits: []edit{{"cpu: 1", "cpu: 2"}},
		also: "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: web, namespace: shop}\nspec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, updatePolicy: {updateMode: 'Off'}}\n",
		want: []string{"changed Deployment shop/web /spec/template/spec/containers[name=web]/resources/requests/cpu 1 -> 2"},
	},
	{
		name: "a controller wrote last", desired: policy, edits: []edit{{"app: web}}\n  policy", "app: x}}\n  policy"}},
		path: "/spec/podSelector", writer: parity.Writer{Manager: "rollouts-controller", Operation: "Update"},
		want: []string{"controller (Argo Rollouts): changed NetworkPolicy shop/web /spec/podSelector/matchLabels/app web -> x"},
	},
	{
		name: "a person wrote last", desired: policy, edits: []edit{{"app: web}}\n  policy", "app: x}}\n  policy"}},
		path: "/spec/podSelector", writer: parity.Writer{Manager: "kubectl-edit", Operation: "Update", Also: &parity.Writer{Manager: "kube-controller-manager"}},
		want: []string{"changed NetworkPolicy shop/web /spec/podSelector/matchLabels/app web -> x"},
	},
	{
		name:    "the rules of an aggregated role",
		desired: "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\naggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\nrules: []\n",
		edits:   []edit{{"rules: []", "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]"}},
		want:    []string{"controller (clusterrole-aggregation-controller): widened ClusterRole all /rules {get core/pods}"},
	},
	{
		name: "an image that a mirror serves", desired: web, edits: []edit{{"example.com/web:1.0", "mirror.internal/example/web:1.0"}},
		also: "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: mirrors}\nwebhooks: []\n",
		want: []string{"admission (may be MutatingWebhookConfiguration mirrors): changed Deployment shop/web /spec/template/spec/containers[name=web]/image example.com/web:1.0 -> mirror.internal/example/web:1.0"},
	},
	{
		name: "an image of another registry, and nothing that rewrites", desired: web, edits: []edit{{"example.com/web:1.0", "mirror.internal/example/web:1.0"}},
		want: []string{"changed Deployment shop/web /spec/template/spec/containers[name=web]/image example.com/web:1.0 -> mirror.internal/example/web:1.0"},
	},
	{
		name: "an image that a mirror serves in another version", desired: web, edits: []edit{{"example.com/web:1.0", "mirror.internal/example/web:1.1"}},
		also: "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: mirrors}\nwebhooks: []\n",
		want: []string{"changed Deployment shop/web /spec/template/spec/containers[name=web]/image example.com/web:1.0 -> mirror.internal/example/web:1.1"},
	},
	{
		name: "what Kyverno says that it did", desired: web,
		edits: []edit{{"example.com/web:1.0", "example.com/web:1.2"}, {"labels: {app: web}}\nspec", "labels: {app: web}, annotations: {policies.kyverno.io/last-applied-patches: \"pin.images.kyverno.io: replaced /spec/template/spec/containers/0/image\\n\"}}\nspec"}},
		want:  []string{"admission (Kyverno pin.images.kyverno.io): changed Deployment shop/web /spec/template/spec/containers[name=web]/image example.com/web:1.0 -> example.com/web:1.2"},
	},
	{
		name: "a hook and a finished job", desired: "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, namespace: shop, annotations: {helm.sh/hook: pre-install}}\nspec: {}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: seed, namespace: shop}\nspec: {ttlSecondsAfterFinished: 60}\n",
		edits: []edit{{"kind: Job\nmetadata: {name: migrate", "kind: Job\nmetadata: {name: a"}, {"kind: Job\nmetadata: {name: seed", "kind: Job\nmetadata: {name: b"}},
		want:  []string{"lifecycle (Helm hook): missing Job shop/migrate", "lifecycle (may be ttl-after-finished controller): missing Job shop/seed"},
	},
	{
		name: "a ConfigMap by another generated name", desired: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg-2f5b8g9hkm, namespace: shop}\ndata: {a: b}\n",
		edits: []edit{{"cfg-2f5b8g9hkm", "cfg-7t4c6d9bfh"}, {"a: b", "a: c"}},
		want:  []string{"changed ConfigMap shop/cfg-2f5b8g9hkm /data/a b -> c"},
	},
	{
		name: "an object that is like another", desired: web, edits: []edit{{"{name: web, namespace: shop", "{name: web-old, namespace: shop"}},
		want: []string{"missing Deployment shop/web"},
	},
	{
		name: "no namespace is declared", desired: strings.Replace(web, ", namespace: shop", "", 1), edits: []edit{{"{name: web,", "{name: web, namespace: shop,"}, {"value: a", "value: c"}},
		want: []string{"changed Deployment web /spec/template/spec/containers[name=web]/env[name=A]/value a -> c"},
	},
	{
		name: "no namespace is declared, and two have one", desired: strings.Replace(policy, ", namespace: shop", "", 1), edits: []edit{{"{name: web}", "{name: web, namespace: shop}"}},
		also: strings.Replace(policy, "namespace: shop", "namespace: other", 1),
		want: []string{"unknown: 4 of NetworkPolicy: it is declared without a namespace, and several namespaces run one of its name"},
	},
}

func TestRun(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := c.desired
			for _, e := range c.edits {
				if !strings.Contains(text, e.old) {
					t.Fatalf("%q is not in it", e.old)
				}
				text = strings.Replace(text, e.old, e.new, 1)
			}
			live := snapshot(t, text+"\n---\n"+c.also)
			if c.path != "" {
				wrote(live, c.path, c.writer)
			}
			x := run(t, snapshot(t, c.desired), live)
			if diff := cmp.Diff(c.want, lines(x)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The digest that runs under the declared tag is no drift; one that is not the
// declared one, or under another tag, is.
func TestRunningDigest(t *testing.T) {
	a, b := "@sha256:"+strings.Repeat("a", 64), "@sha256:"+strings.Repeat("b", 64)
	for _, c := range []struct {
		declared, running string
		ruled             bool
		drifts            int
	}{
		{"example.com/web:1.0", "example.com/web:1.0" + a, true, 0},
		{"example.com/web:1.0", "example.com/web:1.1" + a, true, 1},
		{"example.com/web:1.0", "example.com/other:1.0" + a, true, 1},
		{"example.com/web:1.0" + a, "example.com/web:1.0" + a, true, 0},
		{"example.com/web:1.0" + a, "example.com/web:1.0" + b, true, 1},
		{"example.com/web", "example.com/web:latest" + a, true, 0},
		{"example.com/web:1.0", "example.com/web:1.0" + a, false, 1},
	} {
		live := snapshot(t, strings.Replace(web, "example.com/web:1.0", c.running, 1))
		for i := range live.Subjects[0].Facts {
			if f := &live.Subjects[0].Facts[i]; c.ruled && strings.HasSuffix(f.Path, "/image") {
				f.Rules = f.Rules.With(parity.RunningDigest)
			}
		}
		x := run(t, snapshot(t, strings.Replace(web, "example.com/web:1.0", c.declared, 1)), live)
		if len(x.Drifts) != c.drifts {
			t.Errorf("%s runs as %s: %v", c.declared, c.running, lines(x))
		}
	}
}

// A subject that is declared twice is unknown, and so is what a format that no
// live source speaks would state, which lowers no confidence.
func TestWhatCannotBeCompared(t *testing.T) {
	twice := snapshot(t, settings+"---"+strings.Replace(settings, "info", "debug", 1))
	x := run(t, twice, snapshot(t, settings))
	if x.Counts.Unknown == 0 || len(x.Drifts) > 0 {
		t.Errorf("%+v %v", x.Counts, lines(x))
	}
	files := snapshot(t, settings)
	files.Subjects = append(files.Subjects, parity.SubjectFacts{
		Subject: parity.Subject{Key: parity.Key{Kind: "section", Name: "a"}}, Facts: []parity.Fact{{Path: "/a", Value: parity.Value{Raw: "b"}}},
	})
	x = run(t, files, snapshot(t, settings))
	if x.Counts.NotApplicable != 1 || x.Counts.Unknown != 0 || len(x.Drifts) > 0 {
		t.Errorf("%+v %v", x.Counts, lines(x))
	}
}
