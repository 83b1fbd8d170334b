package compose

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func factAt(s *parity.Snapshot, name, path string) (parity.Fact, bool) {
	for _, x := range s.Subjects {
		if x.Subject.Name != name {
			continue
		}
		for _, f := range x.Facts {
			if f.Path == path {
				return f, true
			}
		}
	}
	return parity.Fact{}, false
}

// TestTheProcessEnvironmentIsNotRead sets a variable where Parity runs.
func TestTheProcessEnvironmentIsNotRead(t *testing.T) {
	t.Setenv("PARITY_TEST_TAG", "leaked")
	t.Setenv("COMPOSE_PROFILES", "debug")
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"compose.yaml": "services:\n  web:\n    image: web:${PARITY_TEST_TAG:-default}\n    environment: [PARITY_TEST_TAG]\n    env_file: a.env\n  tools: {image: t, profiles: [debug]}\n",
		"a.env":        "X=${PARITY_TEST_TAG}\n",
	})
	s := collectortest.Snapshot(t, New(), dir, &Config{Profiles: []string{}})
	if f, _ := factAt(s, "web", "/image"); f.Value.Raw != "web:default" {
		t.Errorf("the image is %s", f.Value.Raw)
	}
	if len(s.Gaps) != 2 {
		t.Errorf("want a gap for the variable that is passed through, and for the one in the env file: %+v", s.Gaps)
	}
	if _, off := factAt(s, "tools", "/inactive"); !off {
		t.Error("a profile was turned on from the process environment")
	}
}

// TestFormsThatMeanTheSame writes one service in two ways.
func TestFormsThatMeanTheSame(t *testing.T) {
	forms := []string{`
services:
  web:
    image: nginx:1.27
    command: serve --port 80
    ports: ["8080:80"]
    environment: ["A=1"]
    labels: ["x=y"]
    mem_limit: 1g
    cpus: 0.5
    healthcheck: {test: curl x, interval: 60s}
    depends_on: [db]
    env_file: a.env
  db: {image: db:1, deploy: {resources: {limits: {cpus: "1.0"}}}}
`, `
services:
  web:
    image: docker.io/library/nginx:1.27
    command: [serve, --port, "80"]
    ports: [{target: 80, published: "8080"}]
    environment: {A: "1"}
    labels: {x: y}
    deploy: {resources: {limits: {memory: 1024M, cpus: "0.50"}}}
    healthcheck: {test: [CMD-SHELL, curl x], interval: 1m}
    depends_on: {db: {condition: service_started}}
    env_file: [{path: a.env}]
  db: {image: db:1, cpus: 1}
`}
	var canon []map[string]string
	for _, text := range forms {
		dir := t.TempDir()
		write(t, dir, map[string]string{"compose.yaml": text, "a.env": "B=2\n"})
		s := collectortest.Snapshot(t, New(), dir, &Config{})
		if len(s.Gaps) > 0 {
			t.Fatalf("%+v", s.Gaps)
		}
		all := map[string]string{}
		for _, x := range s.Subjects {
			for _, f := range x.Facts {
				all[x.Subject.Name+f.Path] = f.Value.Canonical()
			}
		}
		canon = append(canon, all)
	}
	for path, v := range canon[0] {
		if other, ok := canon[1][path]; !ok || other != v {
			t.Errorf("%s is %q in one form and %q in the other", path, v, other)
		}
	}
	for path := range canon[1] {
		if _, ok := canon[0][path]; !ok {
			t.Errorf("%s is there in one form only", path)
		}
	}
	if len(canon[0]) < 12 {
		t.Errorf("only %d facts", len(canon[0]))
	}
}

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a/compose.yaml": "services: {}\n", "b/prod.yaml": "services:\n  web:\n    image: x\n", "c/values.yaml": "services:\n  web: 1\n",
		"d/k8s.yaml": "apiVersion: v1\nkind: X\nservices:\n  a:\n    image: x\n",
	})
	root := place.Dir(dir)
	defer root.Close()
	for path, want := range map[string]int{"a": 75, "a/compose.yaml": 90, "b": 0, "b/prod.yaml": 80, "c/values.yaml": 0, "d/k8s.yaml": 0} {
		p, err := root.Resolve(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := New().Detect(p); got != want {
			t.Errorf("%s fits %d, want %d", path, got, want)
		}
	}
}

func TestVersionIsThatOfTheModule(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`github.com/compose-spec/compose-go/v2 (v\S+)`).FindSubmatch(data)
	if m == nil || string(m[1]) != libraryVersion {
		t.Errorf("the module is at %s, and %s is written here", m, libraryVersion)
	}
}

// FuzzCompose loads foreign Compose files. Nothing may panic, and no gap may
// quote what was read.
func FuzzCompose(f *testing.F) {
	f.Add("services: {web: {image: 'a:${X:-1}', ports: ['${P}:80'], environment: [A, B=hunter2MARKER]}}\n")
	f.Add("include: [compose.yaml]\nservices: {a: {extends: {file: compose.yaml, service: a}}}\n")
	f.Add("x: &a [*a]\nservices: null\n")
	f.Add("services: {a: {build: {args: {x: !reset null}}, volumes: [a:b:c], secrets: [s], command: 'a \"b'}}\n")
	f.Add(bomb)
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		write(t, dir, map[string]string{"compose.yaml": text})
		s := collectortest.Snapshot(t, New(), dir, &Config{})
		for _, g := range s.Gaps {
			if strings.Contains(g.Reason+g.Hint, "hunter2MARKER") {
				t.Errorf("a gap quotes what was read: %+v", g)
			}
		}
		if s.Facts() == 0 && len(s.Gaps) == 0 && strings.Contains(text, "image: a") && strings.HasPrefix(text, "services: {") {
			t.Errorf("nothing came of it, and nobody says so")
		}
	})
}
