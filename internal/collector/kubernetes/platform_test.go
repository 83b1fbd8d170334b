package kubernetes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

const platformObjects = `
apiVersion: v1
kind: Namespace
metadata:
  name: platform
  labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: restricted}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: platform-fast}
provisioner: disk.example
parameters: {type: ssd}
reclaimPolicy: Retain
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: platform}
spec: {hard: {requests.cpu: "4"}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: platform-replicas}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [platform.example], apiVersions: [v1], operations: [CREATE], resources: [nothings]}]}
  validations: [{expression: "object.spec.replicas <= 5"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: platform-replicas}
spec: {policyName: platform-replicas, validationActions: [Deny]}
---
CRDS
`

// crd is a custom resource definition of anything.
func crd(group, kind, plural, scope string) string {
	return strings.NewReplacer("GROUP", group, "KIND", kind, "PLURAL", plural, "SINGULAR", strings.ToLower(kind), "SCOPE", scope).Replace(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: PLURAL.GROUP}
spec:
  group: GROUP
  names: {kind: KIND, plural: PLURAL, singular: SINGULAR}
  scope: SCOPE
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
`)
}

const policies = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: signed}
spec: {validationFailureAction: Enforce, rules: [{name: check, match: {any: [{resources: {kinds: [Pod]}}]}, verifyImages: [{imageReferences: ["registry.example/*"]}]}]}
---
apiVersion: constraints.gatekeeper.sh/v1
kind: K8sRequiredLabels
metadata: {name: team}
spec: {enforcementAction: deny, match: {kinds: [{apiGroups: [""], kinds: [Namespace]}]}, parameters: {labels: [team]}}
`

// TestPlatform holds what is told of the cluster itself, and of its policies.
func TestPlatform(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply(strings.Replace(platformObjects, "CRDS", crd("kyverno.io", "ClusterPolicy", "clusterpolicies", "Cluster")+
		crd("constraints.gatekeeper.sh", "K8sRequiredLabels", "k8srequiredlabels", "Cluster"), 1))
	c.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd/clusterpolicies.kyverno.io", "crd/k8srequiredlabels.constraints.gatekeeper.sh")
	c.Apply(policies)
	snap := readWell(t, admin(c, "platform"))
	const anySurface = parity.Surface(255)
	for _, test := range []struct {
		kind, name, path, want string
		on                     parity.Surface
	}{
		{ClusterKind, "cluster", "/nodes/kubelet[=v1.37.2]", "v1.37.2", parity.Platform},
		{ClusterKind, "cluster", "/nodes/containerRuntime[=containerd://2.2.0]", "containerd://2.2.0", parity.Platform},
		{ClusterKind, "cluster", "/nodes/architecture[=amd64]", "amd64", parity.Platform},
		{ClusterKind, "cluster", "/apis[=apps/v1]", "apps/v1", parity.Platform},
		{ClusterKind, "cluster", "/apis[=kyverno.io/v1]", "kyverno.io/v1", parity.Platform},
		{"StorageClass", "platform-fast", "/reclaimPolicy", "Retain", anySurface},
		{"StorageClass", "platform-fast", "/parameters/type", "ssd", anySurface},
		{"ResourceQuota", "platform/quota", "/spec/hard/requests.cpu", "4", anySurface},
		{"ValidatingAdmissionPolicyBinding", "platform-replicas", "/spec/validationActions[=Deny]", "Deny", anySurface},
		{"Namespace", "platform", "/metadata/labels/pod-security.kubernetes.io/enforce", "restricted", anySurface},
		{"ClusterPolicy", "signed", "/spec/validationFailureAction", "Enforce", anySurface},
		{"K8sRequiredLabels", "team", "/spec/enforcementAction", "deny", anySurface},
		{"CustomResourceDefinition", "clusterpolicies.kyverno.io", "/spec/scope", "Cluster", anySurface},
	} {
		f := fact(snap, test.kind, test.name, test.path)
		if f == nil || f.Value.Raw != test.want || test.on != anySurface && f.Surface != test.on {
			t.Errorf("%s %s %s is %+v, want %s", test.kind, test.name, test.path, f, test.want)
		}
	}
	version := fact(snap, ClusterKind, "cluster", "/version")
	if !strings.HasPrefix(version.Value.Raw, "v1.") || version.Value.Kind != parity.Version {
		t.Errorf("the version is %+v", version.Value)
	}
	if got := facts(t, snap, "ValidatingAdmissionPolicy", "platform-replicas", "/spec/validations"); len(got) == 0 {
		t.Error("a policy's expressions are no facts")
	}
	if len(snap.Tools) != 1 {
		t.Errorf("the tools are %v", snap.Tools)
	}
}

// TestAggregatedAPI holds that an API group whose server is down is a gap for
// that group, and no more; and none where its kinds would not be read.
func TestAggregatedAPI(t *testing.T) {
	c := component.Kubernetes(t)
	c.Apply(`
apiVersion: v1
kind: Service
metadata: {name: gone, namespace: default}
spec: {ports: [{port: 443}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.down.example}
spec: {group: down.example, version: v1, service: {name: gone, namespace: default}, insecureSkipTLSVerify: true, groupPriorityMinimum: 1000, versionPriority: 10}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec: {group: metrics.k8s.io, version: v1beta1, service: {name: gone, namespace: default}, insecureSkipTLSVerify: true, groupPriorityMinimum: 1000, versionPriority: 10}
`)
	cfg := admin(c)
	var got []string
	eventually(t, func() string {
		snap := read(t, cfg)
		if find(snap, "Service", "default/gone") == nil {
			t.Fatal("the rest was not read")
		}
		got = briefGaps(snap)
		if len(got) == 0 {
			return "there is no gap"
		}
		return ""
	})
	want := []string{"[A-Z]*|down.example|||: the kinds of down.example/v1 are not known: the server is not available"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got)\n%s", diff)
	}
	if print, err := fingerprint(t.Context(), input(t), *cfg); print != "" || err != nil {
		t.Errorf("with a gap the fingerprint is %q, and the error %v", print, err)
	}
	cfg.Kinds.Exclude = []string{"down.example/*"}
	readWell(t, cfg)
	if print, err := fingerprint(t.Context(), input(t), *cfg); print == "" || err != nil {
		t.Errorf("without a gap the fingerprint is %q, and the error %v", print, err)
	}
}
