package kubernetes

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// template is a pod template with a container that migrates and one that serves.
const template = `
  template:
    metadata: {labels: {app: %[1]s}}
    spec:
      initContainers: [{name: init, image: "registry.example/init:1"}]
      containers: [{name: web, image: "registry.example/web:1"}]
`

const workloads = `
apiVersion: v1
kind: Namespace
metadata: {name: running}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: deployment, namespace: running}
spec:
  replicas: 2
  selector: {matchLabels: {app: deployment}}
DEPLOYMENT
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: set, namespace: running}
spec:
  serviceName: set
  selector: {matchLabels: {app: set}}
SET
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: daemon, namespace: running}
spec:
  selector: {matchLabels: {app: daemon}}
DAEMON
---
apiVersion: batch/v1
kind: Job
metadata: {name: job, namespace: running}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers: [{name: init, image: "registry.example/init:1"}]
      containers: [{name: web, image: "registry.example/web:1"}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: cron, namespace: running}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          initContainers: [{name: init, image: "registry.example/init:1"}]
          containers: [{name: web, image: "registry.example/web:1"}]
---
apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: running}
spec:
  initContainers: [{name: init, image: "registry.example/init:1"}]
  containers: [{name: web, image: "registry.example/web:1"}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: fleets.running.example}
spec:
  group: running.example
  names: {kind: Fleet, plural: fleets, singular: fleet}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// fleet is an object of a custom controller, and a pod that it made.
const fleet = `
apiVersion: running.example/v1
kind: Fleet
metadata: {name: custom, namespace: running}
spec: {replicas: 1}
`

const fleetPod = `
apiVersion: v1
kind: Pod
metadata:
  name: custom-1
  namespace: running
  ownerReferences: [{apiVersion: running.example/v1, kind: Fleet, name: custom, uid: %s, controller: true}]
spec: {containers: [{name: web, image: "registry.example/web:1"}]}
`

func settleWorkloads(t *testing.T, c *component.Cluster) {
	t.Helper()
	text := workloads
	for name, app := range map[string]string{"DEPLOYMENT": "deployment", "SET": "set", "DAEMON": "daemon"} {
		text = strings.Replace(text, "\n"+name+"\n", fmt.Sprintf(template, app), 1)
	}
	c.Apply(text)
	c.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd/fleets.running.example")
	c.Apply(fleet)
	c.Apply(fmt.Sprintf(fleetPod, c.Kubectl("-n", "running", "get", "fleet", "custom", "-o", "jsonpath={.metadata.uid}")))
	c.Kubectl("-n", "running", "create", "job", "by-hand", "--from=cronjob/cron")
	c.Kubectl("-n", "running", "rollout", "status", "deployment/deployment", "--timeout=60s")
	c.Kubectl("-n", "running", "rollout", "status", "statefulset/set", "--timeout=60s")
	c.Kubectl("-n", "running", "rollout", "status", "daemonset/daemon", "--timeout=60s")
	c.Kubectl("-n", "running", "wait", "--for=condition=Complete", "--timeout=60s", "job/job", "job/by-hand")
	c.Kubectl("-n", "running", "wait", "--for=condition=Ready", "--timeout=60s", "pod/alone", "pod/custom-1")
}

// status patches the status of a pod as its kubelet would.
func status(c *component.Cluster, pod, patch string) {
	c.Kubectl("-n", "running", "patch", "pod", pod, "--subresource=status", "--type=json", "-p", patch)
}

// podsOf gives the names of pods by label.
func podsOf(c *component.Cluster, app string) []string {
	return strings.Fields(c.Kubectl("-n", "running", "get", "pods", "-l", "app="+app, "-o", "jsonpath={.items[*].metadata.name}"))
}

// warn makes a warning as a kubelet or a controller would.
func warn(t *testing.T, c *component.Cluster, name, apiVersion, kind, object, reason string, count int) {
	t.Helper()
	event, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Event", "metadata": map[string]string{"name": name, "namespace": "running"},
		"involvedObject": map[string]string{"apiVersion": apiVersion, "kind": kind, "name": object, "namespace": "running"},
		"reason":         reason, "type": "Warning", "count": count, "message": "as it was",
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Apply(string(event))
}

// TestRunning holds what is told of what runs.
func TestRunning(t *testing.T) {
	c := shared.Cluster(t)
	settleWorkloads(t, c)
	cfg := admin(c, "running")
	web, migrate := "registry.example/web:1@"+digest("1"), "registry.example/init:1@"+digest("2")

	t.Run("digests", func(t *testing.T) {
		snap := readWell(t, cfg)
		for _, test := range []struct{ kind, name, spec string }{
			{"Deployment", "deployment", "/spec/template/spec"},
			{"StatefulSet", "set", "/spec/template/spec"},
			{"DaemonSet", "daemon", "/spec/template/spec"},
			{"Job", "job", "/spec/template/spec"},
			{"CronJob", "cron", "/spec/jobTemplate/spec/template/spec"},
			{"Pod", "alone", "/spec"},
		} {
			for path, want := range map[string]string{"/containers[name=web]/image": web, "/initContainers[name=init]/image": migrate} {
				f := fact(snap, test.kind, "running/"+test.name, test.spec+path)
				if f == nil || f.Value.Raw != want || !f.Rules.Has(parity.RunningDigest) {
					t.Errorf("%s %s is %+v, want %s", test.kind, test.spec+path, f, want)
				}
			}
			// What is well says nothing more.
			// The controller of CronJobs warns of jobs made by hand.
			if got := facts(t, snap, test.kind, "running/"+test.name, "/running/"); len(got) > 0 && test.kind != "CronJob" {
				t.Errorf("%s: %v", test.kind, got)
			}
		}
		want := []string{"/running/containers[name=web]/image = " + web}
		if diff := cmp.Diff(want, facts(t, snap, "Fleet", "running/custom", "/running/")); diff != "" {
			t.Errorf("a custom controller's pods (-want +got)\n%s", diff)
		}
		for i := range snap.Subjects {
			if k := snap.Subjects[i].Subject.Key; k.Kind == "ReplicaSet" || k.Name == "custom-1" || k.Name == "by-hand" {
				t.Errorf("%s is a subject", k)
			}
		}
	})

	t.Run("containers that are not declared", func(t *testing.T) {
		pod := podsOf(c, "deployment")[0]
		patch := `{"spec":{"ephemeralContainers":[{"name":"debug","image":"registry.example/debug:1"}]}}`
		c.Kubectl("-n", "running", "patch", "pod", pod, "--subresource=ephemeralcontainers", "-p", patch)
		status(c, pod, `[{"op":"add","path":"/status/ephemeralContainerStatuses","value":[{"name":"debug","image":"registry.example/debug:1","imageID":"registry.example/debug@`+digest("4")+`","ready":false,"restartCount":0}]}]`)
		got := facts(t, readWell(t, cfg), "Deployment", "running/deployment", "/running/")
		want := []string{"/running/ephemeralContainers[name=debug]/image = registry.example/debug:1@" + digest("4")}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		c.Kubectl("-n", "running", "delete", "pod", pod, "--wait=true")
		c.Kubectl("-n", "running", "rollout", "status", "deployment/deployment", "--timeout=60s")
	})

	t.Run("several digests under one tag", func(t *testing.T) {
		pod := podsOf(c, "deployment")[0]
		status(c, pod, `[{"op":"replace","path":"/status/containerStatuses/0/imageID","value":"registry.example/web@`+digest("5")+`"}]`)
		snap := readWell(t, cfg)
		want := []string{
			"/running/containers[name=web]/digests[=" + digest("1") + "] = " + digest("1"),
			"/running/containers[name=web]/digests[=" + digest("5") + "] = " + digest("5"),
		}
		if diff := cmp.Diff(want, facts(t, snap, "Deployment", "running/deployment", "/running/")); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		f := fact(snap, "Deployment", "running/deployment", "/spec/template/spec/containers[name=web]/image")
		if f == nil || f.Value.Raw != "registry.example/web:1" || f.Rules.Has(parity.RunningDigest) {
			t.Errorf("the image is %+v", f)
		}
		status(c, pod, `[{"op":"replace","path":"/status/containerStatuses/0/imageID","value":"registry.example/web@`+digest("1")+`"}]`)
	})

	t.Run("what happened", func(t *testing.T) { whatHappened(t, c, cfg) })

	t.Run("history", func(t *testing.T) {
		for _, name := range []string{"deployment/deployment", "statefulset/set", "daemonset/daemon"} {
			c.Kubectl("-n", "running", "set", "image", name, "web=registry.example/web:2")
		}
		for _, name := range []string{"deployment/deployment", "statefulset/set", "daemonset/daemon"} {
			c.Kubectl("-n", "running", "rollout", "status", name, "--timeout=60s")
		}
		snap := readWell(t, cfg)
		for kind, name := range map[string]string{"Deployment": "deployment", "StatefulSet": "set", "DaemonSet": "daemon"} {
			f := fact(snap, kind, "running/"+name, "/spec/template/spec/containers[name=web]/image")
			if want := "registry.example/web:2@" + digest("3"); f == nil || f.Value.Raw != want {
				t.Errorf("%s: the image is %+v, want %s", kind, f, want)
			}
			past := fact(snap, kind, "running/"+name, "/history/images[=registry.example/web:1]")
			if past == nil || !past.Rules.Has(parity.History) || past.Value.Kind != parity.Image {
				t.Errorf("%s: the image before is %+v", kind, past)
			}
		}
	})
}

// whatHappened holds that restarts, reasons and warnings are told, and that what
// passes is not.
func whatHappened(t *testing.T, c *component.Cluster, cfg *Config) {
	pods := podsOf(c, "deployment")
	status(c, pods[0], `[{"op":"replace","path":"/status/containerStatuses/0/restartCount","value":7},
		{"op":"replace","path":"/status/containerStatuses/0/state","value":{"waiting":{"reason":"CrashLoopBackOff"}}},
		{"op":"add","path":"/status/containerStatuses/0/lastState","value":{"terminated":{"reason":"OOMKilled","exitCode":137}}}]`)
	status(c, "alone", `[{"op":"replace","path":"/status/containerStatuses/0/restartCount","value":2},
		{"op":"add","path":"/status/containerStatuses/0/lastState","value":{"terminated":{"reason":"Error","exitCode":1}}}]`)
	sets := podsOf(c, "set")
	status(c, sets[0], `[{"op":"replace","path":"/status/containerStatuses/0/state","value":{"waiting":{"reason":"ContainerCreating"}}},
		{"op":"replace","path":"/status/initContainerStatuses/0/restartCount","value":31}]`)
	replicaSet := c.Kubectl("-n", "running", "get", "replicasets", "-l", "app=deployment", "-o", "jsonpath={.items[0].metadata.name}")
	warn(t, c, "probe", "v1", "Pod", pods[1], "Unhealthy", 5)
	warn(t, c, "quota", "apps/v1", "ReplicaSet", replicaSet, "FailedCreate", 3)
	warn(t, c, "direct", "apps/v1", "Deployment", "deployment", "ProgressDeadlineExceeded", 4)
	warn(t, c, "once", "v1", "Pod", pods[1], "BackOff", 2)
	warn(t, c, "gone", "v1", "Pod", "gone", "Unhealthy", 9)
	snap := readWell(t, cfg)
	for _, test := range []struct {
		kind, name string
		want       []string
	}{
		{"Deployment", "deployment", []string{
			"/running/containers[name=web]/ended[=OOMKilled] = OOMKilled",
			"/running/containers[name=web]/restarts = 7",
			"/running/containers[name=web]/waiting[=CrashLoopBackOff] = CrashLoopBackOff",
			"/running/warnings[=FailedCreate] = FailedCreate",
			"/running/warnings[=ProgressDeadlineExceeded] = ProgressDeadlineExceeded",
			"/running/warnings[=Unhealthy] = Unhealthy",
		}},
		{"Pod", "alone", []string{}},
		{"StatefulSet", "set", []string{"/running/initContainers[name=init]/restarts = 31"}},
	} {
		got := facts(t, snap, test.kind, "running/"+test.name, "/running/")
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.kind, diff)
		}
	}
	for _, path := range []string{"/running/containers[name=web]/restarts", "/running/warnings[=Unhealthy]"} {
		if f := fact(snap, "Deployment", "running/deployment", path); f.Surface != parity.Incident {
			t.Errorf("%s is of the surface %s", path, f.Surface)
		}
	}
	if f := fact(snap, "StatefulSet", "running/set", "/running/initContainers[name=init]/restarts"); f.Value.Canonical() != "constant" || !f.Rules.Has(parity.RunningState) {
		t.Errorf("31 restarts of one pod are %+v", f.Value)
	}
}
