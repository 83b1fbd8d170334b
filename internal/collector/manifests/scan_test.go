package manifests

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/envparity/parity/internal/collector/collectortest"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/render"
)

func TestLooksRemote(t *testing.T) {
	for _, entry := range []string{
		"https://github.com/a/b//c?ref=v1", "HTTP://example.com/x.yaml", "github.com/a/b", "GitHub.com/a/b/c", "github.com:a/b",
		"git@github.com:a/b.git", "git::https://example.com/a/b", "ssh://git@example.com/a/b", "file:///tmp/repo", "user@host:a/b",
		"org-123@github.com:a/b", "git@ssh.dev.azure.com:v3/a/b", "app@v1/base/dev",
	} {
		if !looksRemote(entry) {
			t.Errorf("%s is taken for a local path", entry)
		}
	}
	for _, entry := range []string{"../base", "./github.com/a/b", "web.yaml", "a@b.yaml", "components/x", "v1@2"} {
		if looksRemote(entry) {
			t.Errorf("%s is taken for a remote one", entry)
		}
	}
}

func TestRemoteRef(t *testing.T) {
	for entry, want := range map[string][2]string{
		"https://github.com/a/b//c/d?ref=v1.2.3":                     {"github.com/a/b/c/d", "v1.2.3"},
		"git@github.com:a/b.git//c?ref=main&timeout=5":               {"github.com/a/b/c", "main"},
		"github.com/a/b?version=x":                                   {"github.com/a/b", "x"},
		"https://raw.githubusercontent.com/a/b/v1/x/y.yaml":          {"raw.githubusercontent.com/a/b/x/y.yaml", "v1"},
		"https://raw.githubusercontent.com/a/b/refs/tags/v1/y.yaml":  {"raw.githubusercontent.com/a/b/refs/tags/y.yaml", "v1"},
		"https://github.com/a/b/releases/download/v0.5/install.yaml": {"github.com/a/b/releases/download/install.yaml", "v0.5"},
		"https://example.com/x.yaml":                                 {"example.com/x.yaml", ""},
		"https://u:hunter2@example.com/x.yaml":                       {"example.com/x.yaml", ""},
	} {
		name, ref := remoteRef(entry)
		if name != want[0] || ref != want[1] {
			t.Errorf("%s is %s at %s, want %s at %s", entry, name, ref, want[0], want[1])
		}
	}
}

// TestNothingRemoteIsLeft holds what kustomize is given against every field
// through which it could fetch something.
func TestNothingRemoteIsLeft(t *testing.T) {
	const u = "https://example.com/x"
	text := `resources: [` + u + `, "github.com/a/b", local@x:y/z/w]
bases: [` + u + `]
components: [` + u + `, "git@example.com:a/b/c"]
crds: [` + u + `]
configurations: [` + u + `]
generators: [` + u + `, "github.com/a/b"]
transformers: [` + u + `]
validators: [` + u + `]
patches: [{path: ` + u + `}]
patchesStrategicMerge: [` + u + `]
patchesJson6902: [{path: ` + u + `, target: {kind: A, name: b, version: v1}}]
replacements: [{path: ` + u + `}]
configMapGenerator: [{name: a, files: [` + u + `, "k=` + u + `"], envs: [` + u + `], env: ` + u + `}]
secretGenerator: [{name: a, files: [` + u + `]}]
openapi: {path: ` + u + `}
helmCharts: [{name: a, repo: ` + u + `}]
helmChartInflationGenerator: [{chartName: a, chartRepoUrl: ` + u + `}]
`
	sc := scanOf(map[string]string{"k/kustomization.yaml": text})
	k, err := sc.load("k", nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(k.spec)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "example.com") || strings.Contains(string(data), "github.com") {
		t.Errorf("kustomize is left with %s", data)
	}
	if _, ok := sc.over.replaced["k/kustomization.yaml"]; !ok || !k.lost {
		t.Error("kustomize is not given what is left")
	}
	if len(sc.losses) < 20 {
		t.Errorf("%d losses", len(sc.losses))
	}
}

func TestLocalNamesThatLookRemote(t *testing.T) {
	sc := scanOf(map[string]string{
		"k/kustomization.yaml":                "resources: [github.com/a/b, app@v1/base/dev.yaml]\n",
		"k/github.com/a/b/kustomization.yaml": "resources: []\n",
		"k/app@v1/base/dev.yaml":              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
	})
	k, err := sc.load("k", nil)
	if err != nil || len(sc.losses) > 0 {
		t.Fatalf("%v %+v", err, sc.losses)
	}
	for _, r := range k.spec.Resources {
		if looksRemote(r) {
			t.Errorf("kustomize is left with %s", r)
		}
	}
}

func scanOf(files map[string]string) *scan {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return newScan(m, func(p string) string { return p }, doc.Limits{Nodes: 100_000, Depth: 100, Bytes: 1 << 20}, true)
}

func TestVersionsAreThoseOfTheModules(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for module, want := range map[string]string{
		"sigs.k8s.io/kustomize/api": kustomizeVersion, "helm.sh/helm/v3": helmVersion,
		"k8s.io/client-go": regexp.MustCompile(`^v1\.(\d+)\..*`).ReplaceAllString(kubeVersion, "v0.$1"),
	} {
		m := regexp.MustCompile(regexp.QuoteMeta(module) + ` (v\S+)`).FindSubmatch(data)
		if m == nil || !strings.HasPrefix(string(m[1]), want) {
			t.Errorf("%s is at %s, and %s is written here", module, m, want)
		}
	}
}

func TestRevisionIsReadAsTheDiskIs(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no git, and CI must have it")
		}
		t.Skip("SKIPPED: there is no git")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("base/kustomization.yaml", "resources: [cm.yaml]\n")
	write("base/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {A: first}\n")
	write("over/kustomization.yaml", "resources: [../base]\nnamePrefix: x-\n")
	write("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
	write("chart/templates/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {A: {{ .Values.a }}}\n")
	write("chart/values.yaml", "a: first\n")
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x"}, {"tag", "one"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	write("base/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {A: second}\n")
	write("chart/values.yaml", "a: second\n")
	for path, want := range map[string]string{
		"over": "second", "git:one:over": "first", "chart": "second", "git:one:chart": "first", "git:one:base/cm.yaml": "first",
	} {
		s := collectortest.Snapshot(t, New(), dir, &Config{Path: path})
		if len(s.Subjects) != 1 || len(s.Gaps) > 0 {
			t.Fatalf("%s: %d subjects, gaps %+v", path, len(s.Subjects), s.Gaps)
		}
		for _, f := range s.Subjects[0].Facts {
			if f.Path == "/data/A" && f.Value.Raw != want {
				t.Errorf("%s holds %s, want %s", path, f.Value.Raw, want)
			}
			if strings.HasPrefix(path, "git:") != strings.HasPrefix(f.Origin.File, "git:one:") {
				t.Errorf("%s is shown as read from %s", path, f.Origin.File)
			}
		}
	}
}

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"k/kustomization.yml": "", "c/Chart.yaml": "", "m/below/a.yaml": "# x\n---\napiVersion: v1\nkind: ConfigMap\n",
		"v/values.yaml": "a: 1\n", "compose.yaml": "services: {}\n", "a.json": `{"kind": "List", "apiVersion": "v1"}`, "e/x.txt": "",
	}
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root := place.Dir(dir)
	defer root.Close()
	for path, want := range map[string]int{
		"k": 90, "k/kustomization.yml": 90, "c": 85, "m": 80, "m/below/a.yaml": 80, "v": 0, "v/values.yaml": 0,
		"compose.yaml": 0, "a.json": 80, "e": 0,
	} {
		p, err := root.Resolve(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := New().Detect(p); got != want {
			t.Errorf("%s fits %d, want %d", path, got, want)
		}
	}
}

// FuzzKustomization renders foreign kustomizations over a small tree. Nothing
// may panic, quote a secret, or leave something to fetch.
func FuzzKustomization(f *testing.F) {
	for _, seed := range []string{
		"resources: [web.yaml, ../base]\n", "resources: [https://example.com/a, .., ., /, \"\"]\n",
		"bases: [../base]\ncommonLabels: {a: b}\npatchesStrategicMerge: [web.yaml, 'a: b']\n",
		"generators: [web.yaml, 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [https://example.com]\n']\n",
		"openapi: {path: web.yaml}\nhelmCharts: [{name: a}]\nreplicas: [{name: a, count: 3}]\n",
		"a: &a [*a]\n", "kind: Component\n", "resources: [\n", "{}", "configMapGenerator: [{name: a, behavior: merge}]\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fsys := fstest.MapFS{
			"over/kustomization.yaml": &fstest.MapFile{Data: []byte(text)},
			"over/web.yaml":           &fstest.MapFile{Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {P: hunter2MARKER}\n")},
			"base/kustomization.yaml": &fstest.MapFile{Data: []byte("resources: [cm.yaml]\n")},
			"base/cm.yaml":            &fstest.MapFile{Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n")},
		}
		limits := doc.Limits{Nodes: 10_000, Depth: 50, Bytes: 1 << 16}
		sc := newScan(fsys, func(p string) string { return p }, limits, true)
		root, err := sc.load("over", nil)
		if err != nil {
			if strings.Contains(err.Error(), "hunter2MARKER") {
				t.Errorf("the error quotes what was read: %v", err)
			}
			return
		}
		for _, r := range append(root.spec.Resources, root.spec.Components...) {
			if looksRemote(r) {
				t.Fatalf("kustomize is left with %q", r)
			}
		}
		s := &session{ctx: context.Background(), shared: &renderers{inProcess: render.InProcess(Tasks())}, in: collector.Input{Limits: collector.DefaultLimits()}}
		_, err = (&rendering{s: s, sc: sc, root: root}).render()
		if err != nil && strings.Contains(reasonOf(err), "hunter2MARKER") {
			t.Errorf("the reason quotes what was read: %v", err)
		}
		for _, l := range sc.losses {
			if strings.Contains(l.reason, "hunter2MARKER") {
				t.Errorf("a gap quotes what was read: %s", l.reason)
			}
		}
	})
}

func FuzzManifestFile(f *testing.F) {
	f.Add("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n")
	f.Add("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {helm: {values: \"a: 1\\na: 2\"}}}\n")
	f.Add("kind: List\napiVersion: v1\nitems: [{kind: List, apiVersion: v1, items: []}, null, 1]\n")
	f.Fuzz(func(t *testing.T, text string) {
		kind, name := soleObject([]byte(text))
		if (kind == "") != (name == "") {
			t.Errorf("only one of kind and name: %q %q", kind, name)
		}
		_ = sniffYAML([]byte(text))
		n := lenient(text, doc.Limits{Nodes: 10_000, Depth: 50})
		if n != nil {
			expandValues(n, doc.Limits{Nodes: 10_000, Depth: 50})
		}
		_, _ = remoteRef(text)
		for _, d := range documentsOf([]byte(text)) {
			if strings.TrimSpace(d) == "" {
				t.Errorf("an empty document")
			}
		}
	})
}

// TestRenderingsAtOnce renders with one collector from several goroutines, one
// of which brings a schema of its own: kustomize's schema is global.
func TestRenderingsAtOnce(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/kustomization.yaml": "resources: [d.yaml]\npatches:\n  - patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers: [{name: b, image: b2}]}}}}'\n",
		"a/d.yaml":             "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: a, image: a1}, {name: b, image: b1}]}}}\n",
		"b/kustomization.yaml": "resources: [d.yaml]\nopenapi: {path: s.json}\npatches:\n  - patch: '{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}, spec: {list: [{id: b, v: 2}]}}'\n",
		"b/d.yaml":             "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: {list: [{id: a, v: 1}, {id: b, v: 1}]}\n",
		"b/s.json":             `{"definitions": {"v1.Thing": {"type": "object", "properties": {"spec": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "object"}, "x-kubernetes-patch-merge-key": "id", "x-kubernetes-patch-strategy": "merge"}}}}, "x-kubernetes-group-version-kind": [{"group": "example.com", "kind": "Thing", "version": "v1"}]}}}`,
	} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root := place.Dir(dir)
	defer root.Close()
	c := New()
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			path, want := "a", "/spec/template/spec/containers[name=b]/image=b2"
			if i%2 == 1 {
				path, want = "b", "/spec/list[id=b]/v=2"
			}
			got := &recorder{}
			err := c.Collect(context.Background(), collector.Input{Root: root, Limits: collector.DefaultLimits(), Log: slog.New(slog.DiscardHandler)}, &Config{Path: path}, got)
			if err != nil || len(got.gaps) > 0 || !slices.Contains(got.facts, want) {
				t.Errorf("%s: %v, gaps %+v, want %s among %v", path, err, got.gaps, want, got.facts)
			}
		})
	}
	all.Wait()
}

// recorder is a sink that keeps facts as text.
type recorder struct {
	facts []string
	gaps  []parity.Gap
}

func (r *recorder) Subject(_ parity.Subject, facts []parity.Fact) {
	for _, f := range facts {
		r.facts = append(r.facts, f.Path+"="+f.Value.Raw)
	}
}
func (r *recorder) Gap(g parity.Gap)    { r.gaps = append(r.gaps, g) }
func (r *recorder) Tool(string, string) {}
