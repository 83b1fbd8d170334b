package kube

import (
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

const runningDeployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers: [{name: migrate, image: "reg.io/web:1"}]
      containers: [{name: app, image: "nginx:1.2"}, {name: pinned, image: "reg.io/p@sha256:PINNED"}]
`

// TestRunning lifts what pods run to the facts of their workload.
func TestRunning(t *testing.T) {
	digest := func(c string) string { return "sha256:" + strings.Repeat(c, 64) }
	a, b := digest("a"), digest("b")
	container := func(list, name string, images map[string][]string) RunningContainer {
		return RunningContainer{List: list, Name: name, Images: images}
	}
	for _, tt := range []struct {
		name string
		run  Running
		want []string
	}{
		{"one digest", Running{Pods: 2, Containers: []RunningContainer{
			container("containers", "app", map[string][]string{"nginx:1.2": {a}}),
			container("initContainers", "migrate", map[string][]string{"reg.io/web:1": {b}}),
			container("containers", "pinned", map[string][]string{"reg.io/p@" + digest("c"): {a}}),
		}}, []string{
			"/spec/template/spec/containers[name=app]/image = nginx:1.2@" + a + " (docker.io/library/nginx:1.2@" + a + ") by image,running-digest",
			"/spec/template/spec/initContainers[name=migrate]/image = reg.io/web:1@" + b + " (reg.io/web:1@" + b + ") by running-digest",
		}},
		{"several digests of one name", Running{Pods: 2, Containers: []RunningContainer{
			container("containers", "app", map[string][]string{"nginx:1.2": {a, b}}),
		}}, []string{
			"/running/containers[name=app]/digests[=" + a + "] = " + a + " by ",
			"/running/containers[name=app]/digests[=" + b + "] = " + b + " by ",
		}},
		{"another image than the declared one", Running{Pods: 2, Containers: []RunningContainer{
			container("containers", "app", map[string][]string{"docker.io/library/nginx:1.2": {a}, "mirror.io/nginx:1.2": {a}}),
		}}, []string{"/running/containers[name=app]/others[=mirror.io/nginx:1.2] = mirror.io/nginx:1.2 by "}},
		{"a container that is not declared", Running{Pods: 1, Containers: []RunningContainer{
			container("containers", "istio-proxy", map[string][]string{"istio/proxyv2:1": {a}}),
			container("ephemeralContainers", "debugger", map[string][]string{"busybox": {}}),
		}}, []string{
			"/running/containers[name=istio-proxy]/image = istio/proxyv2:1@" + a + " (docker.io/istio/proxyv2:1@" + a + ") by image,sidecar",
			"/running/ephemeralContainers[name=debugger]/image = busybox (docker.io/library/busybox:latest) by image",
		}},
		{"what is well says nothing", Running{Pods: 4, Containers: []RunningContainer{{List: "containers", Name: "app", Restarts: 4}}}, nil},
		{"what is not", Running{
			Pods: 2, Warnings: []string{"Unhealthy"},
			Containers: []RunningContainer{{List: "containers", Name: "app", Restarts: 80, Waiting: []string{"CrashLoopBackOff"}, Ended: []string{"OOMKilled"}}},
		}, []string{
			"/running/containers[name=app]/ended[=OOMKilled] = OOMKilled by ",
			"/running/containers[name=app]/restarts = 80 (constant) by running-state",
			"/running/containers[name=app]/waiting[=CrashLoopBackOff] = CrashLoopBackOff by ",
			"/running/warnings[=Unhealthy] = Unhealthy by ",
		}},
		{"what ran before", Running{Past: []string{"nginx:1.1"}}, []string{"/history/images[=nginx:1.1] = nginx:1.1 (docker.io/library/nginx:1.1) by history"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(runningDeployment, "sha256:PINNED", digest("c"), 1)
			before := runningFacts(t, text, Running{})
			var got []string
			for _, f := range runningFacts(t, text, tt.run) {
				if !slices.Contains(before, f) {
					got = append(got, f)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// runningFacts reads one workload, and gives its facts once it runs.
func runningFacts(t *testing.T, text string, run Running) []string {
	t.Helper()
	r := NewReader(Options{Live: true})
	if err := doc.ParseYAML(strings.NewReader(text), doc.Limits{}, func(n *doc.Node, _ int) error {
		r.Add(n, nil)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r.Running(parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"}, run)
	var out []string
	r.Finish(func(_ parity.Subject, facts []parity.Fact) {
		for _, f := range facts {
			canon := ""
			if f.Value.Canon != "" {
				canon = " (" + f.Value.Canon + ")"
			}
			out = append(out, f.Path+" = "+f.Value.Raw+canon+" by "+f.Rules.String())
		}
	})
	return out
}
