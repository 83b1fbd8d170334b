package manifests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/collectortest"
)

// gapOf reads the overlay of a tree in txtar form and returns the gap of its
// remote base.
func gapOf(t *testing.T, tree string) parity.Gap {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(tree)).Files {
		at := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := collectortest.Snapshot(t, New(), dir, &Config{Path: "overlay"})
	for _, g := range s.Gaps {
		if g.Remote != "" {
			return g
		}
	}
	t.Fatalf("there is no gap of a remote source: %+v", s.Gaps)
	return parity.Gap{}
}

const remoteTree = `
-- base/kustomization.yaml --
resources: ["github.com/example/base//deploy?ref=v1.2.3", web.yaml]
-- base/web.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {A: "1"}
-- overlay/more.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: more}
-- overlay/kustomization.yaml --
resources: [../base, more.yaml]
`

// The use of a remote base is what is done to its objects: not what is declared
// beside it, and not a patch that is aimed at an object of the tree itself.
func TestUseOfARemoteBase(t *testing.T) {
	want := gapOf(t, remoteTree)
	if want.Use == "" || want.Revision != "v1.2.3" || want.Remote != "base github.com/example/base/deploy" || want.Hides != parity.HidesObjects || want.Place != "overlay" {
		t.Fatalf("%+v", want)
	}
	tests := []struct {
		name, from, to, more string
		same, unknown        bool
	}{
		{name: "other objects beside it", from: "name: more}", to: "name: another}", same: true},
		{name: "a patch of an object of the tree", more: "patches: [{path: p.yaml}]\n-- overlay/p.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {A: \"2\"}\n", same: true},
		{name: "a patch of what fits", more: "patches: [{target: {kind: ConfigMap}, patch: '[{\"op\": \"add\", \"path\": \"/data/X\", \"value\": \"y\"}]'}]\n"},
		{name: "a patch of what is not here", more: "patches: [{path: p.yaml}]\n-- overlay/p.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: far}\ndata: {A: \"2\"}\n"},
		{name: "another revision", from: "v1.2.3", to: "v1.2.4"},
		{name: "a namespace", more: "namespace: shop\n"},
		{name: "a prefix", more: "namePrefix: staging-\n"},
		{name: "an image", more: "images: [{name: a, newTag: '2'}]\n"},
		{name: "labels", more: "labels: [{pairs: {a: b}}]\n"},
		{name: "replicas", more: "replicas: [{name: far, count: 2}]\n"},
		{name: "a transformer", more: "transformers: [t.yaml]\n-- overlay/t.yaml --\napiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: x}\nprefix: a-\nfieldSpecs: [{path: metadata/name}]\n"},
		{name: "a component", more: "components: [../part]\n-- part/kustomization.yaml --\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: [{pairs: {a: b}}]\n"},
		{name: "a branch", from: "v1.2.3", to: "main", unknown: true},
		{name: "no revision", from: "?ref=v1.2.3", to: "", unknown: true},
		{name: "a component that is not here", more: "components: ['github.com/example/part?ref=v1.0.0']\n", unknown: true},
		{name: "a generator that changes objects", more: "configMapGenerator: [{name: web, behavior: merge, literals: [A=2]}]\n", unknown: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := remoteTree
			if tt.from != "" {
				tree = strings.Replace(tree, tt.from, tt.to, 1)
			}
			g := gapOf(t, tree+tt.more)
			if (g.Use == want.Use) != tt.same || (g.Use == "") != tt.unknown {
				t.Errorf("use %q, that of the plain tree %q", g.Use, want.Use)
			}
		})
	}
}

// The namespace of a remote base is the one that the outermost kustomization puts
// all into, and none where something above may put it elsewhere.
func TestNamespaceOfARemoteBase(t *testing.T) {
	for more, want := range map[string]string{
		"":                  "",
		"namespace: shop\n": "shop",
		"namespace: shop\npatches: [{target: {kind: ConfigMap}, patch: '[{\"op\": \"add\", \"path\": \"/data/X\", \"value\": \"y\"}]'}]\n":                        "shop",
		"namespace: shop\ntransformers: [t.yaml]\n-- overlay/t.yaml --\napiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: x, namespace: other}\n": "",
	} {
		if g := gapOf(t, remoteTree+more); g.Scope != want {
			t.Errorf("with %q the namespace is %q, want %q", more, g.Scope, want)
		}
	}
	within := strings.Replace(remoteTree, "-- base/web.yaml --", "namespace: inner\n-- base/web.yaml --", 1)
	for more, want := range map[string]string{
		"":                   "inner",
		"namespace: outer\n": "outer",
		"patches: [{target: {kind: ConfigMap}, patch: '[{\"op\": \"add\", \"path\": \"/metadata/namespace\", \"value\": \"y\"}]'}]\n": "",
	} {
		if g := gapOf(t, within+more); g.Scope != want {
			t.Errorf("within, with %q the namespace is %q, want %q", more, g.Scope, want)
		}
	}
}
