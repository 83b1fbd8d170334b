package manifests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity"
)

// snapshotOf reads a source of the files of a txtar archive.
func snapshotOf(t *testing.T, archive string, cfg Config) *parity.Snapshot {
	t.Helper()
	dir := t.TempDir()
	if err := txtar.Write(txtar.Parse([]byte(archive)), dir); err != nil {
		t.Fatal(err)
	}
	return snapshotBy(t, dir, cfg, nil)
}

// factsOf lists the facts of a snapshot without where they are from. Those of
// some kinds are left out.
func factsOf(s *parity.Snapshot, but ...string) []string {
	var all []string
	for i := range s.Subjects {
		k := s.Subjects[i].Subject.Key
		if strings.Contains(strings.Join(but, " "), k.Kind) {
			continue
		}
		for _, f := range s.Subjects[i].Facts {
			all = append(all, fmt.Sprintf("%s %s = %s", k, f.Path, f.Value.Canonical()))
		}
	}
	return all
}

// TestFluxAsFluxBuilds holds that what a Kustomization brings is what Flux's own
// packages make of it, as tools/fluxbuild writes it.
func TestFluxAsFluxBuilds(t *testing.T) {
	dirs, err := filepath.Glob("testdata/flux/*.txtar")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range dirs {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			followed := snapshotOf(t, string(data), Config{Path: "sync.yaml", Follow: true})
			expected := snapshotOf(t, string(data), Config{Path: "expected.yaml"})
			if len(followed.Gaps) > 0 || expected.Facts() == 0 {
				t.Errorf("%d facts expected; gaps: %+v", expected.Facts(), followed.Gaps)
			}
			if diff := cmp.Diff(factsOf(expected), factsOf(followed, "Kustomization")); diff != "" {
				t.Errorf("(-Flux +Parity)\n%s", diff)
			}
		})
	}
}

const application = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: NAME, namespace: argocd}
spec:
  destination: {namespace: shop}
  source: {repoURL: https://git.example.com/org/fleet, path: PATH}
`

func applicationOf(name, path string) string {
	return strings.NewReplacer("NAME", name, "PATH", path).Replace(application)
}

// TestHostileDeployments holds that what is made to grow, to turn in circles or
// to lead out of the repository ends soon, with a gap that says so.
func TestHostileDeployments(t *testing.T) {
	elements := strings.Repeat("{a: b}, ", 999) + "{a: b}"
	set := func(generators, name string) string {
		return "-- sets/set.yaml --\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: grows}\nspec:\n  goTemplate: true\n  generators:\n" +
			generators + "  template:\n    metadata: {name: '" + name + "'}\n    spec:\n      destination: {namespace: x}\n" +
			"      source: {repoURL: https://git.example.com/org/fleet, path: sets}\n"
	}
	list := "{list: {elements: [" + elements + "]}}"
	nested := strings.Repeat("{matrix: {generators: [", 10) + strings.Repeat(list+", "+list+"]}}", 1) + strings.Repeat(", "+list+"]}}", 9)
	for name, c := range map[string]struct{ files, gap string }{
		"a million Applications by a matrix": {set("    - {matrix: {generators: ["+list+", "+list+"]}}\n", "x"), "would make more than"},
		"generators in generators":           {set("    - "+nested+"\n", "x"), "nested too deeply"},
		"a loop in a template":               {set("    - {list: {elements: [{a: b}]}}\n", `{{ range until 2000000 }}xxxxxxxxxxxxxxxx{{ end }}`), "not all Applications"},
		"a template that includes itself":    {set("    - {list: {elements: [{a: b}]}}\n", `{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}`), "not all Applications"},
		"functions that ask the machine":     {set("    - {list: {elements: [{a: b}]}}\n", `x-{{ env "HOME" }}`), "not all Applications"},
		"functions of chance":                {set("    - {list: {elements: [{a: b}]}}\n", `x-{{ randAlpha 5 }}`), "not all Applications"},
		"pull requests":                      {set("    - {pullRequest: {github: {owner: x, repo: y}}}\n", "x"), "comes and goes"},
		"another repository's directories":   {set("    - {git: {repoURL: https://git.example.com/org/other, directories: [{path: '*'}]}}\n", "x"), "of another repository"},
		"unknown clusters":                   {set("    - {clusters: {}}\n", "x"), "each cluster that Argo CD knows"},
		"a path out of the repository":       {"-- sets/app.yaml --\n" + applicationOf("out", "../../../../etc") + "---\n" + applicationOf("in", "sets"), "is not in this repository"},
		"values out of the repository": {"-- sets/app.yaml --\n" + applicationOf("a", "chart") + "    \n" +
			"-- sets/more.yaml --\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: b}\nspec:\n  source: {repoURL: https://git.example.com/org/fleet, path: chart, helm: {valueFiles: [../../../etc/passwd]}}\n" +
			"-- chart/Chart.yaml --\n{apiVersion: v2, name: x, version: 1.0.0}\n", "names a values file that is not in this repository"},
		"Kustomizations that bring one another": {"-- sets/a.yaml --\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {path: ./b}\n" +
			"-- b/b.yaml --\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: b}\nspec: {path: ./sets}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := snapshotOf(t, c.files, Config{Path: "sets", Follow: true})
			var reasons []string
			for _, g := range s.Gaps {
				reasons = append(reasons, g.Reason)
			}
			if all := strings.Join(reasons, "\n"); !strings.Contains(all, c.gap) || c.gap == "" && all != "" {
				t.Errorf("no gap says %q: %q", c.gap, all)
			}
		})
	}
}

// TestApplicationsThatBringThemselvesAnew holds that a chart which makes an
// Application of itself with other values each time is given up.
func TestApplicationsThatBringThemselvesAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("it renders a chart many times")
	}
	files := "-- root/app.yaml --\n" + applicationOf("a", "chart") +
		"-- chart/Chart.yaml --\n{apiVersion: v2, name: x, version: 1.0.0}\n-- chart/values.yaml --\nn: 0\n-- chart/templates/a.yaml --\n" +
		strings.Replace(applicationOf("a{{ .Values.n }}", "chart"), "path: chart}", "path: chart, helm: {valuesObject: {n: {{ add .Values.n 1 }}}}}", 1)
	s := snapshotOf(t, files, Config{Path: "root", Follow: true})
	for _, g := range s.Gaps {
		if strings.Contains(g.Reason, "bring one another") {
			return
		}
	}
	t.Errorf("no gap says that it was given up: %+v", s.Gaps)
}

// TestLinksOutOfTheRepository holds that a link does not lead a deployment out of
// the repository.
func TestLinksOutOfTheRepository(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.yaml"), []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: outside}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := txtar.Write(txtar.Parse([]byte("-- sets/app.yaml --\n"+applicationOf("a", "linked")+"---\n"+applicationOf("b", "sets"))), dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "linked")); err != nil {
		t.Skip("links cannot be made here")
	}
	s := snapshotBy(t, dir, Config{Path: "sets", Follow: true}, nil)
	for i := range s.Subjects {
		if s.Subjects[i].Subject.Name == "outside" {
			t.Error("an object outside of the repository was read")
		}
	}
	if len(s.Gaps) != 1 {
		t.Errorf("one gap is expected: %+v", s.Gaps)
	}
}
