package kube

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

const environmentText = `
apiVersion: v1
kind: ConfigMap
metadata: {name: base-2f5b8g9hkm, namespace: n}
data: {A: base, B: base, C: base, app.yaml: "x: 1\ny: 2\n"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: more, namespace: n}
data: {B: more, OPT_D: more}
---
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: n}
stringData: {C: hush}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: n}
spec:
  template:
    spec:
      containers:
      - name: c
        image: x
        envFrom:
        - {configMapRef: {name: base-2f5b8g9hkm}}
        - {configMapRef: {name: more}}
        - {secretRef: {name: keys}}
        - {prefix: P_, configMapRef: {name: more}}
        env:
        - {name: A, value: own}
        - {name: E, valueFrom: {configMapKeyRef: {name: more, key: B}}}
        - {name: F, valueFrom: {secretKeyRef: {name: keys, key: C}}}
        - {name: FILE, valueFrom: {configMapKeyRef: {name: base-2f5b8g9hkm, key: app.yaml}}}
        - {name: G, value: plain}
      - name: d
        envFrom: [{configMapRef: {name: elsewhere}}, {configMapRef: {name: maybe, optional: true}}]
`

func TestEffectiveEnvironment(t *testing.T) {
	all, gaps := read(t, Options{}, environmentText)
	facts := all["Deployment n/web"].Facts
	const at = "/spec/template/spec/containers[name=c]/effectiveEnv[name="
	for _, c := range []struct{ name, value, from, shadows string }{
		{"A", "own", "Deployment n/web /spec/template/spec/containers[name=c]/env[name=A]/value", "/data/A"},
		{"B", "more", "ConfigMap n/more /data/B", "/data/B"},
		{"C", "hush", "Secret n/keys /data/C", "/data/C"},
		{"OPT_D", "more", "ConfigMap n/more /data/OPT_D", ""},
		{"P_B", "more", "ConfigMap n/more /data/B", ""},
		{"E", "more", "ConfigMap n/more /data/B", ""},
		{"F", "hush", "Secret n/keys /data/C", ""},
		{"FILE", "x: 1\ny: 2\n", "ConfigMap n/base-2f5b8g9hkm /data/app.yaml", ""},
	} {
		f := find(facts, at+c.name+"]")
		if f == nil || f.DerivedFrom == nil {
			t.Errorf("%s: no derived fact: %+v", c.name, f)
			continue
		}
		var shadows []string
		for _, s := range f.DerivedFrom.Shadows {
			shadows = append(shadows, s.Path)
		}
		if got := f.DerivedFrom.Subject.String() + " " + f.DerivedFrom.Path; f.Value.Raw != c.value || got != c.from || strings.Join(shadows, " ") != c.shadows {
			t.Errorf("%s = %q from %q over %q, want %+v", c.name, f.Value.Raw, got, shadows, c)
		}
	}
	if f := find(facts, at+"G]"); f != nil {
		t.Error("a variable that overrides nothing follows from nothing")
	}
	if f := find(facts, at+"C]"); f.Value.Kind != parity.Secret || f.Surface != parity.Secrets {
		t.Errorf("what comes from a Secret is secret: %+v", f)
	}
	if f := find(facts, at+"C]/shadowed"); f == nil || f.DerivedFrom != nil || f.Value.Raw != "Secret keys hides ConfigMap base" {
		t.Errorf("a Secret that hides a ConfigMap's key is reported: %+v", f)
	}
	if len(gaps) != 1 || gaps[0].Path != "/spec/template/spec/containers[name=d]/effectiveEnv" || gaps[0].Name != "web" {
		t.Errorf("a ConfigMap that was not read is a gap, an optional one is none: %+v", gaps)
	}
	if f := find(facts, "/spec/template/spec/containers[name=c]/envFrom"); f == nil || f.Value.Kind != parity.List {
		t.Errorf("the order of sources is a fact: %+v", f)
	}
}

func TestVariablesAreTexts(t *testing.T) {
	a, _ := read(t, Options{}, container(`env: [{name: N, value: "01"}, {name: B, value: "True"}, {name: U, value: 'http://a/'}]`))
	for path, want := range map[string]string{"N": "01", "B": "True"} {
		if f := find(a["Pod n/p"].Facts, "/spec/containers[name=c]/env[name="+path+"]/value"); f == nil || f.Value.Canonical() != want {
			t.Errorf("%s: %+v", path, f)
		}
	}
}

func TestReferencesOfVariables(t *testing.T) {
	a, _ := read(t, Options{}, container(`env: [{name: N, valueFrom: {secretKeyRef: {name: s, key: k}}}]`))
	facts := a["Pod n/p"].Facts
	f := find(facts, "/spec/containers[name=c]/env[name=N]/valueFrom/secretKeyRef/name")
	if f == nil || f.Value.Kind != parity.Reference || f.Value.Canon != parity.RefTarget("Secret", "", "s") || f.Surface != parity.Secrets {
		t.Errorf("%+v", f)
	}
	if f := find(facts, "/spec/containers[name=c]/env[name=N]/valueFrom/secretKeyRef/key"); f == nil || f.Value.Raw != "k" {
		t.Errorf("%+v", f)
	}
}
