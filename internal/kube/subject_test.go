package kube

import (
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/google/go-cmp/cmp"
)

func TestStem(t *testing.T) {
	for _, c := range []struct{ kind, name, want string }{
		{"ConfigMap", "cfg-2f5b8g9hkm", "cfg"},
		{"ConfigMap", "cfg-production", ""}, // letters that no hash has
		{"ConfigMap", "cfg-2f5b8g9hk", ""},  // too short
		{"Secret", "db-7t4c6d9bfh", "db"},
		{"Secret", "sh.helm.release.v1.shop.v12", "sh.helm.release.v1.shop"},
		{"Secret", "sh.helm.release.v1.shop.vx", ""},
		{"ReplicaSet", "web-6b7f8d9c5b", "web"},
		{"Pod", "web-6b7f8d9c5b-x2x9z", "web"},
		{"Pod", "db-0", "db"},
		{"Pod", "web", ""},
		{"Job", "backup-28333440", "backup"},
		{"Job", "backup-2", ""},
		{"Deployment", "cfg-2f5b8g9hkm", ""},
	} {
		group := map[string]string{"ReplicaSet": "apps", "Job": "batch", "Deployment": "apps"}[c.kind]
		if got := stem(group, c.kind, c.name, nil); got != c.want {
			t.Errorf("stem(%s %s) = %q, want %q", c.kind, c.name, got, c.want)
		}
	}
}

func TestSubject(t *testing.T) {
	all, gaps := read(t, Options{}, `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {helm.sh/chart: web-chart-1.2.3, app.kubernetes.io/name: web, app.kubernetes.io/part-of: shop, argocd.argoproj.io/instance: shop-app}
  annotations: {parity.dev/subject: the-web, meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: shop, argocd.argoproj.io/tracking-id: 'shop:apps/Deployment:shop/web'}
spec:
  template:
    metadata: {labels: {app: web, pod-template-hash: abc}}
    spec:
      volumes: [{name: data, emptyDir: {}}]
      containers:
      - {name: istio-proxy, image: istio/proxyv2:1}
      - {name: web, image: nginx, ports: [{containerPort: 80}], env: [{name: A, value: b}]}
`)
	if len(gaps) > 0 {
		t.Error(gaps)
	}
	got := all["Deployment shop/web"].Subject
	want := parity.Subject{
		Key: parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"},
		Labels: []parity.Label{
			{Name: "app.kubernetes.io/name", Value: "web"},
			{Name: "app.kubernetes.io/part-of", Value: "shop"},
			{Name: "argocd.argoproj.io/instance", Value: "shop-app"},
			{Name: "helm.sh/chart", Value: "web-chart-1.2.3"},
		},
		IDs: []parity.Identity{
			{Method: "declared", Value: "the-web"},
			{Method: "tracking", Value: "shop:apps/Deployment:shop/web"},
			{Method: "tracking", Value: "shop-app"},
			{Method: "release", Value: "shop/web web-chart"},
			{Method: "app", Value: "shop/web/"},
		},
		Traits: []parity.Trait{
			{Kind: "label", Value: "app=web"},
			{Kind: "volume", Value: "data"},
			{Kind: "image", Value: "docker.io/istio/proxyv2"},
			{Kind: "container", Value: "web"},
			{Kind: "port", Value: "80"},
			{Kind: "image", Value: "docker.io/library/nginx"},
			{Kind: "variable", Value: "A"},
		},
		Line: 2, Col: 1,
	}
	got.Origin = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f := find(all["Deployment shop/web"].Facts, "/spec/template/spec/containers[name=istio-proxy]/image"); f == nil || f.Surface != parity.Platform || !f.Rules.Has(parity.Sidecar) {
		t.Errorf("an injected container is the platform's: %+v", f)
	}
	if f := find(all["Deployment shop/web"].Facts, "/spec/template/spec/containers[name=web]/image"); f == nil || f.Surface != parity.Artifact || f.Rules.Has(parity.Sidecar) || f.Line != 16 {
		t.Errorf("an own container is not: %+v", f)
	}
}

func TestScopesAndLists(t *testing.T) {
	all, gaps := read(t, Options{Namespace: "shop"}, `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- {apiVersion: v1, kind: Namespace, metadata: {name: x, namespace: odd}}
- apiVersion: v1
  kind: PodList
  items: [{metadata: {generateName: run-}}]
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: w.e.org}, spec: {group: e.org, scope: Cluster, names: {kind: Widget}}}
---
{apiVersion: e.org/v1, kind: Widget, metadata: {name: w}}
---
{apiVersion: e.org/v1, kind: Gadget, metadata: {name: g}}
---
{apiVersion: v1, kind: Service}
---
{apiVersion: v1, metadata: {name: q}}
---
just text
`)
	var got []string
	for k := range all {
		got = append(got, k)
	}
	want := map[string]bool{"ConfigMap shop/a": true, "Namespace x": true, "Pod shop/run": true, "CustomResourceDefinition w.e.org": true, "Widget w": true, "Gadget shop/g": true}
	for _, k := range got {
		if !want[k] {
			t.Errorf("unexpected %s", k)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %q", got)
	}
	if len(gaps) != 3 || gaps[0].Kind != "Service" || gaps[0].Where != "a.yaml:17:1" {
		t.Errorf("an object without name, one without kind and a text are gaps: %+v", gaps)
	}
	if s := all["Pod shop/run"].Subject; s.Stem != "run" {
		t.Errorf("stem %q", s.Stem)
	}
}

func TestOriginWithoutLines(t *testing.T) {
	r := NewReader(Options{})
	n := &doc.Node{Kind: doc.Map, Line: 3, Col: 1, Fields: []doc.Field{
		{Key: "kind", Value: &doc.Node{Kind: doc.String, Text: "Service"}},
		{Key: "metadata", Value: &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: "name", Value: &doc.Node{Kind: doc.String, Text: "s"}}}}},
		{Key: "spec", Value: &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: "type", Value: &doc.Node{Kind: doc.String, Text: "NodePort", Line: 9, Col: 9}}}}},
	}}
	r.Add(n, &parity.Origin{File: "k", Precision: parity.AtObject})
	r.Finish(func(s parity.Subject, facts []parity.Fact) {
		if s.Line != 0 || facts[0].Line != 0 || facts[0].Col != 0 {
			t.Errorf("rendered text has no true lines: %+v %+v", s, facts)
		}
	})
}

func TestEveryDefaultStandsInTheSchema(t *testing.T) {
	s := builtin()
	attached := 0
	for _, ty := range s.types {
		for _, f := range ty.fields {
			attached += len(f.defaults)
			if f.typ == nil {
				t.Errorf("%s has a field without a type", ty.name)
			}
		}
	}
	if rows := tableRows(defaultsTable); attached < rows-4 || rows < 100 {
		t.Errorf("%d of %d rows of the table of defaults have a field", attached, rows)
	}
}

func tableRows(table string) int {
	n := 0
	for i, c := range table {
		if (i == 0 || table[i-1] == '\n') && c != '#' {
			n++
		}
	}
	return n
}

func TestMinorVersions(t *testing.T) {
	for in, want := range map[string]int{"1.30": 30, "v1.28.4": 28, "": newestMinor, "latest": newestMinor} {
		if got := minorOf(in); got != want {
			t.Errorf("minorOf(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestDefaultsOfOlderVersions(t *testing.T) {
	text := object("apps/v1", "StatefulSet", "spec: {updateStrategy: {rollingUpdate: {partition: 0, maxUnavailable: 1}}}")
	for minor, want := range map[string]bool{"1.31": false, "1.37": true, "": true} {
		all, _ := read(t, Options{Kubernetes: minor}, text)
		facts := all["StatefulSet n/o"].Facts
		if f := find(facts, "/spec/updateStrategy/rollingUpdate/maxUnavailable"); f.Rules.Has(parity.DefaultValue) != want {
			t.Errorf("%q: %v", minor, f.Rules)
		}
		if f := find(facts, "/spec/updateStrategy/rollingUpdate/partition"); !f.Rules.Has(parity.DefaultValue) {
			t.Errorf("%q: %v", minor, f.Rules)
		}
	}
}
