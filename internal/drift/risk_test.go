package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

const settings = `
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop, labels: {team: a}}
data: {LEVEL: info}
`

// withFrom makes the web deployment read the ConfigMap.
func withFrom(text string) string {
	return strings.Replace(web, "        ports", text+"        ports", 1) + "---" + settings
}

func TestReapply(t *testing.T) {
	service := "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, annotations: {a: b}}\nspec: {selector: {app: web}, ports: [{port: 80, name: http}]}\n"
	for _, c := range []struct {
		name, desired, old, new string
		low                     bool
		why                     string
	}{
		{"a template", web, "web:1.0", "web:1.1", false, "it rolls 3 pods: the template changes"},
		{"a label", web, "labels: {app: web}}\nspec", "labels: {app: x}}\nspec", true, "one field; a label of the object itself: nothing restarts"},
		{"fewer replicas run", web, "replicas: 3", "replicas: 1", true, "one field; it starts 2 more and stops none"},
		{"more replicas run", web, "replicas: 3", "replicas: 5", false, "it stops 2 of 5 pods"},
		{"a Service's selector", service, "app: web", "app: x", false, "it changes where traffic goes, at once"},
		{"a Service's annotation", service, "a: b", "a: c", true, "one field; an annotation of the object itself: nothing restarts"},
		{"a role that was widened", reader, "[get, list]", "[get, list, create]", false, "it takes rights away that something may rely on by now"},
		{"a role that was narrowed", reader, "[get, list]", "[get]", false, "it changes who may do what"},
		{"traffic let in", policy, "ingress: [", "ingress: [{from: [{namespaceSelector: {}}]}, ", false, "it cuts off traffic that something may rely on by now"},
		{"settings that nobody reads", settings, "LEVEL: info", "LEVEL: debug", true, "one field; nothing restarts, and no workload that was seen reads it"},
		{
			"settings as variables", withFrom("        envFrom: [{configMapRef: {name: web}}]\n"), "LEVEL: info", "LEVEL: debug",
			true, "one field; nothing restarts; Deployment shop/web reads it at the next start",
		},
		{
			"settings as files", strings.Replace(web, "      tolerations", "      volumes: [{name: c, configMap: {name: web}}]\n      tolerations", 1) + "---" + settings, "LEVEL: info", "LEVEL: debug",
			false, "nothing restarts, but the files change under Deployment shop/web",
		},
		{"a label of settings", settings, "team: a", "team: b", true, "one field; a label of the object itself: nothing restarts"},
		{"an autoscaler", autoscaler, "minReplicas: 2", "minReplicas: 1", false, "the autoscaler acts on it at once: pods start or stop"},
		{"a schedule", "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a, namespace: shop}\nspec: {schedule: '1 * * * *', jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: 'a:1'}]}}}}}\n", "1 * * * *", "2 * * * *", true, "one field; it takes effect at the next run"},
		{"a namespace's label", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n", "a: b", "a: c", false, "labels of namespaces and nodes decide what is admitted, injected and placed"},
		{"a custom resource", "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: shop}\nspec: {a: b}\n", "a: b", "a: c", false, "what the controller of Thing does with it is not known"},
		{"an object", policy, policy, "", false, "a whole object is made: traffic that it does not allow is cut off at once"},
		{"a strategy", strings.Replace(web, "  replicas: 3", "  replicas: 3\n  minReadySeconds: 5", 1), "minReadySeconds: 5", "minReadySeconds: 6", true, "one field; it takes effect at the next rollout"},
		{"a selector", web, "matchLabels: {app: web}", "matchLabels: {app: x}", false, "a selector cannot be changed: the workload would have to be made anew"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(c.desired, c.old) {
				t.Fatalf("%q is not in it", c.old)
			}
			x := run(t, snapshot(t, c.desired), snapshot(t, strings.Replace(c.desired, c.old, c.new, 1)+"\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n"))
			if len(x.Drifts) != 1 {
				t.Fatalf("%v", lines(x))
			}
			if got := x.Drifts[0].Reapply; got != (parity.Reapply{LowRisk: c.low, Why: c.why}) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A field that another tool applies is nobody's alone.
func TestReapplyOfASharedField(t *testing.T) {
	live := snapshot(t, strings.Replace(settings, "LEVEL: info", "LEVEL: debug", 1))
	wrote(live, "/data", parity.Writer{Manager: "kubectl-edit", Operation: "Update", Also: &parity.Writer{Manager: "flux", Operation: "Apply"}})
	x := run(t, snapshot(t, settings), live)
	if got := x.Drifts[0].Reapply; got.LowRisk || !strings.HasPrefix(got.Why, "flux applies the field") {
		t.Errorf("%+v", got)
	}
}

// A drift says who wrote the value, when, and how long ago that was.
func TestWriter(t *testing.T) {
	at := now.Add(-2*time.Hour - 3*time.Minute - 4*time.Second)
	for _, c := range []struct {
		name string
		time time.Time
		age  string
	}{
		{"hours", at, "2h3m"},
		{"seconds", now.Add(-4 * time.Second), "4s"},
		{"days", now.Add(-50 * time.Hour), "2d"},
		{"unknown", time.Time{}, ""},
		{"a clock that is ahead", now.Add(time.Hour), ""},
	} {
		live := snapshot(t, strings.Replace(web, "value: a", "value: c", 1))
		w := parity.Writer{Manager: "kubectl-edit", Operation: "Update", Time: c.time}
		wrote(live, "/spec/template", w)
		d := run(t, snapshot(t, web), live).Drifts[0]
		if *d.Writer != w || d.Age != c.age || d.Live.Source != "kind/shop" {
			t.Errorf("%s: %+v %q from %q", c.name, d.Writer, d.Age, d.Live.Source)
		}
		if d.Desired.Source != "a.yaml:15:32" || d.Desired.Line != 15 {
			t.Errorf("declared at %s, line %d", d.Desired.Source, d.Desired.Line)
		}
	}
}

// A name that says nothing is pointed out, and counts.
func TestVagueWriter(t *testing.T) {
	live := snapshot(t, strings.Replace(settings, "LEVEL: info", "LEVEL: debug", 1))
	wrote(live, "/data", parity.Writer{Manager: "manager", Operation: "Update"})
	x := run(t, snapshot(t, settings), live)
	if len(x.Drifts) != 1 || !strings.Contains(x.Drifts[0].Note, "may be a controller") {
		t.Errorf("%+v", x.Drifts)
	}
}

// What was taken away has no writer; the object has.
func TestWriterOfWhatIsGone(t *testing.T) {
	live := snapshot(t, strings.Replace(web, "        readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 7}\n", "", 1))
	wrote(live, "/spec", parity.Writer{Manager: "kubectl-edit", Operation: "Update", Time: now})
	d := run(t, snapshot(t, web), live).Drifts[0]
	if d.Desired.State != parity.Present || d.Desired.Value != nil || d.Facts != 2 || d.Desired.Line == 0 {
		t.Errorf("declared: %+v, %d facts", d.Desired, d.Facts)
	}
	if d.Writer != nil || d.Note != "the object was last written by kubectl-edit, on 2026-03-04 12:00 UTC" {
		t.Errorf("%+v %q", d.Writer, d.Note)
	}
}
