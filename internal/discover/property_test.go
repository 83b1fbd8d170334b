package discover_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/discover"
)

// sourcesOf are the sources of each environment, as text.
func sourcesOf(t interface{ Fatal(...any) }, fsys fstest.MapFS) map[string][]string {
	plan, err := discover.Discover(fsys, every)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, e := range plan.Environments {
		for _, s := range e.Sources {
			out[e.Name] = append(out[e.Name], fmt.Sprint(s))
		}
		for _, in := range e.Instances {
			for _, s := range in.Sources {
				out[e.Name] = append(out[e.Name], in.Name+" "+fmt.Sprint(s))
			}
		}
		slices.Sort(out[e.Name])
	}
	return out
}

// layoutsOf are ways to lay one environment's files out: %s stands for its
// name.
var layoutsOf = []map[string]string{
	{"deploy/overlays/%s/kustomization.yaml": "resources: [../../base]\n", "deploy/base/kustomization.yaml": "resources: []\n"},
	{"chart/Chart.yaml": "name: a\n", "values-%s.yaml": "a: 1\nb: 2\n"},
	{"config/%s.env": "A=1\nB=2\n"},
	{"env/%s/values.yaml": "a: 1\nb: 2\n"},
}

func laidOut(which []int, words []string) fstest.MapFS {
	out := fstest.MapFS{}
	for _, i := range which {
		for form, text := range layoutsOf[i] {
			for _, w := range words {
				out[strings.ReplaceAll(form, "%s", w)] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
			}
		}
	}
	return out
}

var someLayouts = rapid.SliceOfNDistinct(rapid.IntRange(0, len(layoutsOf)-1), 1, len(layoutsOf), rapid.ID[int])

// unknownWord gives words in which nobody sees an environment, a region or
// what environments have in common.
var unknownWord = rapid.StringMatching(`q[b-df-hj-np-tv-z]{4,7}`)

// TestRenamedEnvironments: what an unknown environment is called changes
// nothing but its name.
func TestRenamedEnvironments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		which := someLayouts.Draw(t, "layouts")
		words := rapid.SliceOfNDistinct(unknownWord, 2, 2, rapid.ID[string]).Draw(t, "words")
		first := sourcesOf(t, laidOut(which, []string{"staging", "production", words[0]}))
		second := sourcesOf(t, laidOut(which, []string{"staging", "production", words[1]}))
		if len(first[words[0]]) == 0 {
			t.Fatalf("%s was not found: %v", words[0], first)
		}
		for name, sources := range first {
			renamed := slices.Clone(sources)
			for i := range renamed {
				renamed[i] = strings.ReplaceAll(renamed[i], words[0], words[1])
			}
			slices.Sort(renamed)
			if other := second[strings.ReplaceAll(name, words[0], words[1])]; !slices.Equal(renamed, other) {
				t.Fatalf("%s: %v, renamed %v", name, renamed, other)
			}
		}
	})
}

// TestUnrelatedDirectory: a directory of code changes nothing, whatever words
// its names contain.
func TestUnrelatedDirectory(t *testing.T) {
	word := rapid.SampledFrom([]string{"dev", "prod", "test", "staging", "qa", "main", "util"})
	rapid.Check(t, func(t *rapid.T) {
		which := someLayouts.Draw(t, "layouts")
		fsys := laidOut(which, []string{"dev", "staging", "production"})
		before := sourcesOf(t, fsys)
		for i := range rapid.IntRange(1, 6).Draw(t, "files") {
			name := fmt.Sprintf("code/%s-%s/%s_%d%s", unknownWord.Draw(t, "dir"), word.Draw(t, "word"), word.Draw(t, "file"), i,
				rapid.SampledFrom([]string{".go", ".py", ".md", ".sh", ".sql"}).Draw(t, "ext"))
			fsys[name] = &fstest.MapFile{Data: []byte("text\n"), Mode: 0o644}
		}
		after := sourcesOf(t, fsys)
		if fmt.Sprint(before) != fmt.Sprint(after) {
			t.Fatalf("before %v, after %v", before, after)
		}
	})
}

// TestManyIsShort: fifty services of three environments with four clusters are
// still a file that a person reads.
func TestManyIsShort(t *testing.T) {
	fsys := fstest.MapFS{}
	for s := range 50 {
		base := fmt.Sprintf("apps/service%02d/", s)
		fsys[base+"base/kustomization.yaml"] = &fstest.MapFile{Data: []byte("resources: []\n")}
		for _, env := range []string{"dev", "staging", "prod"} {
			for _, cluster := range []string{"alpha", "beta", "gamma", "delta"} {
				at := base + "overlays/" + env + "/" + cluster + "/kustomization.yaml"
				fsys[at] = &fstest.MapFile{Data: []byte("resources: [../../../base]\n")}
			}
		}
	}
	plan, err := discover.Discover(fsys, every)
	if err != nil {
		t.Fatal(err)
	}
	text := plan.YAML("https://example.com/schema.json")
	loads(t, text)
	if n := strings.Count(string(text), "\n"); n >= 60 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	for _, e := range plan.Environments {
		if len(e.Instances) != 4 {
			t.Errorf("%s has %d instances", e.Name, len(e.Instances))
		}
	}
	if want := `path: "apps/*/overlays/prod/alpha"`; !strings.Contains(string(text), want) {
		t.Errorf("no %s in\n%s", want, text)
	}
}

// TestLinks: a link to a file is a file, one to a directory is followed once,
// and one out of the repository or back up ends the walk.
func TestLinks(t *testing.T) {
	link := func(to string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(to), Mode: 0o777 | fs.ModeSymlink}
	}
	fsys := fstest.MapFS{
		"overlays/staging/kustomization.yaml": &fstest.MapFile{Data: []byte("resources: []\n")},
		"overlays/production":                 link("staging"),
		"overlays/staging/up":                 link("../.."),
		"overlays/staging/out":                link("../../../elsewhere"),
	}
	got := sourcesOf(t, fsys)
	if len(got) != 2 || len(got["production"]) != 1 {
		t.Errorf("%v", got)
	}
}

// FuzzContents: whatever the files hold, the walk ends and what is written
// loads.
func FuzzContents(f *testing.F) {
	f.Add("resources: [../../base, x.yaml]\nkind: Component\n", "environments: {a: {}}\nbases: [x]\n")
	f.Add("kind: ApplicationSet\napiVersion: argoproj.io/v1\nspec: {path: charts/web, helm: {valueFiles: ['{{a}}/b']}}\n", "environment: x\n")
	f.Add("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ../..}\n", "COMPOSE_FILE=a:b\n")
	f.Add("a: &a [*a]\n", "\x00: {{\n")
	f.Fuzz(func(t *testing.T, object, other string) {
		fsys := fstest.MapFS{}
		for _, name := range []string{
			"overlays/staging/kustomization.yaml", "overlays/prod/kustomization.yaml", "apps/a.yaml", "charts/web/Chart.yaml",
			"charts/web/values-staging.yaml", "charts/web/values-prod.yaml", "clusters/prod/b.yaml", "clusters/staging/b.yaml",
		} {
			fsys[name] = &fstest.MapFile{Data: []byte(object)}
		}
		for _, name := range []string{".env.staging", ".env.prod", "helmfile.yaml", ".github/workflows/a.yml", "docker-compose.yml", "docker/prod.yml", "a/main.tf", "a/prod.tfvars"} {
			fsys[name] = &fstest.MapFile{Data: []byte(other)}
		}
		plan, err := discover.Discover(fsys, every)
		if err != nil {
			return
		}
		if _, err := config.Load("parity.yaml", plan.YAML("x"), kinds()); err != nil {
			t.Fatalf("%v\n%s", err, plan.YAML("x"))
		}
	})
}

// FuzzWorkflows: whatever a workflow writes into .env, what is written loads, and
// says of no variable what only a shell or a secret store knows.
func FuzzWorkflows(f *testing.F) {
	const head = "jobs: {a: {steps: [{run: 'echo \"COMPOSE_FILE=docker-compose.yml:docker/prod.yml\" > .env'}"
	f.Add(head + "]}}\n")
	f.Add(head + ", {run: 'echo \"A=${{ secrets.A }}\" >> .env'}, {run: 'echo B=$(x) >> .env'}]}}\n")
	f.Add(head + ", {if: x, with: {script: 'echo \"C=1\" >> $GITHUB_ENV'}}, {run: 'echo \"D=${{ env.C }}\" >> .env'}]}}\n")
	f.Add("env: [a]\njobs: {a: &a {steps: *a}}\n")
	f.Fuzz(func(t *testing.T, workflow string) {
		fsys := fstest.MapFS{
			".github/workflows/a.yml": &fstest.MapFile{Data: []byte(workflow)},
			"docker-compose.yml":      &fstest.MapFile{Data: []byte("services: {web: {image: web}}\n")},
			"docker/dev.yml":          &fstest.MapFile{Data: []byte("services: {web: {build: .}}\n")},
			"docker/prod.yml":         &fstest.MapFile{Data: []byte("services: {web: {restart: always}}\n")},
		}
		plan, err := discover.Discover(fsys, every)
		if err != nil {
			return
		}
		if _, err := config.Load("parity.yaml", plan.YAML("x"), kinds()); err != nil {
			t.Fatalf("%v\n%s", err, plan.YAML("x"))
		}
		for _, e := range plan.Environments {
			for _, s := range e.Sources {
				for _, k := range s.Keys {
					for name, text := range k.Map {
						if strings.ContainsAny(strings.ReplaceAll(text, "${{", ""), "$`\n") {
							t.Errorf("%s is said to be %q", name, text)
						}
					}
				}
			}
		}
	})
}
