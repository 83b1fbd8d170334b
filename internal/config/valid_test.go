package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func load(t *testing.T, name string) *config.Config {
	t.Helper()
	path := filepath.Join("testdata", "valid", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(name, data, kinds())
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestLoadKeepsWhatIsWritten(t *testing.T) {
	cfg := load(t, "full.yaml")
	exec := cfg.Environments[2].Instances[1].Sources[0]
	want := &execKind{
		Command: []string{"helmfile", "template", "-e", "us"}, Format: "kubernetes",
		Extra: map[string]any{"a": []any{1, "two", map[string]any{"three": 3.5}}},
	}
	if diff := cmp.Diff(want, exec.Config); diff != "" {
		t.Errorf("exec (-want +got):\n%s", diff)
	}
	if exec.Collector != "exec" || exec.Where != "full.yaml:33:13" {
		t.Errorf("source is %q at %s", exec.Collector, exec.Where)
	}
	if got := cfg.Environments[0].Sources[1]; got.Path != ".env" || got.Collector != "" || got.Config != nil {
		t.Errorf("bare path: %+v", got)
	}
	merged := cfg.Environments[1].Sources[0].Config.(*manifests)
	if merged.Path != "overlays/staging" {
		t.Errorf("merged source: %+v", merged)
	}
	if got := cfg.Environments[1].Bindings["account"]; got != "111122223333" {
		t.Errorf("an account without quotes is %q", got)
	}
	if got := cfg.Rules.Kubernetes; got != "1.30" {
		t.Errorf("a version without quotes is %q", got)
	}
	e := cfg.Exceptions[0]
	if !e.Expires.Equal(time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)) || e.Expires.End().Day() != 1 {
		t.Errorf("expires %v, ends %v", e.Expires, e.Expires.End())
	}
	if *e.Match[0].Surface != parity.Dependency || e.Match[0].Path != "[name=redis]/image" {
		t.Errorf("match: %+v", e.Match[0])
	}
	if diff := cmp.Diff(map[parity.Surface]string{parity.Telemetry: "ignore", parity.Flag: "report-only"}, cfg.Gate.Surfaces); diff != "" {
		t.Error(diff)
	}
	if row := cfg.Severities[0]; row.Severity != parity.Critical || row.Change[0] != parity.ToggleChange || row.Class[0] != parity.Changed {
		t.Errorf("severity row: %+v", row)
	}
}

func TestDefaults(t *testing.T) {
	cfg := load(t, "small.yaml")
	g := cfg.Gate
	if g.Mode != "report-only" || g.FailOn == nil || *g.FailOn != parity.Medium || g.MinConfidence != 0.5 {
		t.Errorf("gate: %+v", g)
	}
	if cfg.Secrets.KeyEnv != "PARITY_KEY" || cfg.Secrets.KeyFile != ".parity/key" {
		t.Errorf("secrets: %+v", cfg.Secrets)
	}
	for i, want := range []bool{false, true} {
		if e := cfg.Environments[i]; *e.Rank != i || e.Reference != want {
			t.Errorf("%s: rank %d, reference %v", e.Name, *e.Rank, e.Reference)
		}
	}
	if diff := cmp.Diff(cfg.Gate, config.Default().Gate); diff != "" {
		t.Errorf("Default is not what a file without a gate gives:\n%s", diff)
	}
	full := load(t, "full.yaml")
	if got := full.Services; got[0].Criticality != parity.Critical || got[1].Criticality != parity.Info || got[2].Criticality != parity.Medium {
		t.Errorf("criticalities: %+v", got)
	}
	if full.Gate.MinConfidence != 0 {
		t.Error("a confidence of 0 that is written is not 0")
	}
	if got := full.Surfaces[parity.Network].Within; got != 0.05 {
		t.Errorf("within is %v", got)
	}
	if *full.Environments[2].Rank != 11 {
		t.Errorf("the rank after 10 is %d", *full.Environments[2].Rank)
	}
}

func TestMerges(t *testing.T) {
	cfg := load(t, "merges.yaml")
	if cfg.Environments[1].Name != "qa" || cfg.Environments[1].Sources[0].Path != "shared" {
		t.Errorf("merged environment: %+v", cfg.Environments[1])
	}
	a, b := cfg.Exceptions[0], cfg.Exceptions[1]
	if a.Owner != "team-a" || a.Reason != "the migration of 2026" || b.Reason != "its own" || b.Match[0].Kind != "Deployment" {
		t.Errorf("merged exceptions: %+v, %+v", a, b)
	}
}

func TestPositions(t *testing.T) {
	cfg := load(t, "small.yaml")
	for want, path := range map[string][]string{
		"small.yaml:1:1":  nil,
		"small.yaml:3:11": {"environments", "0", "name"},
		"small.yaml:6:5":  {"environments", "1"},
		"small.yaml:8:15": {"environments", "1", "sources", "0", "path"},
		"small.yaml:3:5":  {"environments", "0", "nothing", "there"},
	} {
		if got := cfg.Pos(path...); got != want {
			t.Errorf("%v is at %s, want %s", path, got, want)
		}
	}
}

func TestColumns(t *testing.T) {
	columns := config.Columns(load(t, "full.yaml"))
	var names []string
	for _, c := range columns {
		name := c.Column.String()
		if c.Column.Reference {
			name += "!"
		}
		names = append(names, name)
	}
	if got := strings.Join(names, " "); got != "dev staging production/us production/eu!" {
		t.Errorf("columns: %s", got)
	}
	us, eu := columns[2], columns[3]
	if len(us.Sources) != 2 || us.Sources[0].Path != "shared" || us.Sources[1].Collector != "exec" {
		t.Errorf("an instance has the environment's sources before its own: %+v", us.Sources)
	}
	want := map[string]string{"account": "444455556666", "domain": "eu.example.com"}
	if diff := cmp.Diff(want, eu.Bindings); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
	if us.Bindings["domain"] != "example.com" || us.Namespaces["shop-us"] != "shop" || eu.Namespaces != nil {
		t.Errorf("us: %+v, eu: %+v", us, eu)
	}
}

// TestReferenceInstance: the instance that is marked is the reference, and else
// what the instances hold decides.
func TestReferenceInstance(t *testing.T) {
	for mark, want := range map[string]string{"": "a! b c", "a": "a! b c", "b": "a b! c"} {
		text := "version: 1\nenvironments:\n- {name: dev, sources: [{path: x}]}\n- name: production\n  instances:\n"
		for _, name := range []string{"a", "b", "c"} {
			text += "  - {name: " + name + ", reference: " + strconv.FormatBool(name == mark) + ", sources: [{path: x}]}\n"
		}
		cfg, err := config.Load("parity.yaml", []byte(text), kinds())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range config.Columns(cfg)[1:] {
			name := c.Column.Instance
			if c.Column.Reference {
				name += "!"
			}
			names = append(names, name)
			if c.Candidate != (mark == "") {
				t.Errorf("with %q marked, %s is a candidate: %v", mark, name, c.Candidate)
			}
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != want {
			t.Errorf("with %q marked: %s, want %s", mark, got, want)
		}
	}
}

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	zero := map[string]any{}
	for name, kind := range kinds() {
		zero[name] = kind()
	}
	text, err := config.JSONSchema(zero)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(config.SchemaURL, parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(config.SchemaURL) // against the metaschema, too
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance gives a YAML text as JSON Schema sees it.
func instance(data []byte) (any, error) {
	var tree any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	text, err := json.Marshal(days(tree))
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// days turns the dates that YAML knows back into text.
func days(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format("2006-01-02")
	case map[string]any:
		for k := range v {
			v[k] = days(v[k])
		}
	case []any:
		for i := range v {
			v[i] = days(v[i])
		}
	}
	return v
}

func TestSchemaTakesWhatLoads(t *testing.T) {
	s := compiled(t)
	files, err := filepath.Glob(filepath.Join("testdata", "valid", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		load(t, filepath.Base(file))
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, err := instance(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := compiled(t)
	const head = "version: 1\nenvironments:\n  - name: a\n    sources:\n"
	for name, text := range map[string]string{
		"unknown key":          head + "      - path: x\ncolour: red\n",
		"unknown key below":    head + "      - path: x\ngate: {colour: red}\n",
		"unknown collector":    head + "      - collector: terraform\n",
		"key of another":       head + "      - {collector: compose, files: [a], values: [b]}\n",
		"path and a key":       head + "      - {path: a, values: [b]}\n",
		"missing of collector": head + "      - {collector: compose}\n",
		"unknown surface":      head + "      - path: x\nsurfaces: {confg: {criticality: high}}\n",
		"unknown severity":     head + "      - path: x\ngate: {failOn: urgent}\n",
		"mode":                 head + "      - path: x\ngate: {mode: blocking}\n",
		"exception":            head + "      - path: x\nexceptions: [{name: a, match: [{kind: b}]}]\n",
		"version":              strings.Replace(head, "1", "2", 1) + "      - path: x\n",
		"no version":           strings.TrimPrefix(head, "version: 1\n") + "      - path: x\n",
	} {
		v, err := instance([]byte(text))
		if err != nil {
			t.Fatal(name, err)
		}
		if s.Validate(v) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
		if _, err := config.Load("parity.yaml", []byte(text), kinds()); err == nil {
			t.Errorf("%s: it loads", name)
		}
	}
}

// TestEveryKeyIsDescribed sees that an editor has something to show.
func TestEveryKeyIsDescribed(t *testing.T) {
	text, err := config.JSONSchema(nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := config.JSONSchema(nil)
	if err != nil || !bytes.Equal(text, again) {
		t.Error("the schema is not the same twice")
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	keys := 0
	var visit func(v any, path string)
	visit = func(v any, path string) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		properties, _ := m["properties"].(map[string]any)
		for name, p := range properties {
			keys++
			if p, ok := p.(map[string]any); !ok || p["description"] == nil {
				t.Errorf("%s/%s has no description", path, name)
			}
		}
		for name, below := range m {
			visit(below, path+"/"+name)
		}
	}
	visit(tree, "")
	if keys < 60 {
		t.Errorf("only %d keys were seen", keys)
	}
}

func TestManyFaults(t *testing.T) {
	var text strings.Builder
	text.WriteString("version: 1\nenvironments: [{name: a, sources: [{path: a}]}]\nservices:\n")
	for i := range 500 {
		fmt.Fprintf(&text, "  - {name: x%d, nme%d: x}\n", i, i)
	}
	_, err := config.Load("parity.yaml", []byte(text.String()), kinds())
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 101 || !strings.Contains(lines[100], "more faults") {
		t.Errorf("%d lines, the last one %q", len(lines), lines[len(lines)-1])
	}
}
