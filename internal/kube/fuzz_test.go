package kube

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// FuzzReader: whatever is read, nothing panics, no path of a subject is there
// twice, no fact is without a path, and what an object holds ends in a subject
// or a gap.
func FuzzReader(f *testing.F) {
	for _, p := range pairs {
		f.Add(p.a)
		f.Add(p.b)
	}
	for _, s := range []string{
		"kind: List\nitems: [{kind: Pod}]", "kind: PodList\napiVersion: v1\nitems: [{metadata: {name: a}}]",
		"a: [b]", "kind: Secret\nmetadata: {name: s}\ndata: x", "kind: Role\nmetadata: {name: r}\nrules: [{verbs: x}]",
		"kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata: {a/b: x, a: {b: y}}", "kind: Pod\nmetadata: x",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: {a: b}, volumes: [x, {name: y}]}",
		"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {ingress: {a: b}, podSelector: x}",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, env: [{name: A, valueFrom: {configMapKeyRef: {name: x}}}], envFrom: [x]}]}",
		"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {metrics: [{type: ''}, {}, {type: Pods, pods: x}]}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader(Options{Namespace: "n", Mirrors: map[string]string{"m.example": "docker.io"}})
		objects := 0
		_ = doc.ParseYAML(strings.NewReader(text), doc.Limits{Nodes: 20_000, Depth: 50, Bytes: 1 << 20}, func(n *doc.Node, _ int) error {
			objects++
			r.Add(n, nil)
			return nil
		})
		subjects := 0
		r.Finish(func(s parity.Subject, facts []parity.Fact) {
			subjects++
			seen := map[string]bool{}
			for i := range facts {
				if facts[i].Path == "" || seen[facts[i].Path] {
					t.Errorf("%v: the path %q is empty or there twice", s.Key, facts[i].Path)
				}
				seen[facts[i].Path] = true
			}
		})
		if objects > 0 && subjects+len(r.Gaps()) == 0 && strings.Contains(text, "kind") && !strings.Contains(text, "List") {
			t.Error("objects left no trace")
		}
	})
}
