package tfconfig

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity/internal/component"
)

// unpack writes the files of an archive and returns the arguments in it.
func unpack(t *testing.T, name string) (dir string, args []string) {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range a.Files {
		if f.Name == "args" {
			args = strings.Fields(string(f.Data))
			continue
		}
		full := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, args
}

// plan is what OpenTofu plans for a directory.
func plan(t *testing.T, tofu, dir string, varFiles []string) map[string]any {
	t.Helper()
	settings := filepath.Join(t.TempDir(), "tofurc") // none of the machine's own
	if err := os.WriteFile(settings, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) []byte {
		cmd := exec.CommandContext(t.Context(), tofu, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+settings)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s%s", args, err, out, stderr.Bytes())
		}
		return out
	}
	run("init", "-no-color", "-backend=false")
	args := []string{"plan", "-no-color", "-out", "plan.bin"}
	for _, f := range varFiles {
		args = append(args, "-var-file", f)
	}
	run(args...)
	var out map[string]any
	if err := json.Unmarshal(run("show", "-json", "plan.bin"), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// planned gathers the inputs of the resources of a plan by address, and its
// outputs.
func planned(t *testing.T, p map[string]any) map[string]any {
	t.Helper()
	out := map[string]any{}
	values, _ := p["planned_values"].(map[string]any)
	outputs, _ := values["outputs"].(map[string]any)
	for name, o := range outputs {
		out["output "+name] = o.(map[string]any)["value"]
	}
	var visit func(m map[string]any)
	visit = func(m map[string]any) {
		resources, _ := m["resources"].([]any)
		for _, r := range resources {
			r := r.(map[string]any)
			out[r["address"].(string)] = r["values"].(map[string]any)["input"]
		}
		children, _ := m["child_modules"].([]any)
		for _, c := range children {
			visit(c.(map[string]any))
		}
	}
	root, _ := values["root_module"].(map[string]any)
	visit(root)
	return out
}

// evaluated gathers the same of what was read here.
func evaluated(t *testing.T, c *Config) map[string]any {
	t.Helper()
	out := map[string]any{}
	decode := func(text string) any {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		return v
	}
	for _, m := range c.Modules {
		for _, r := range m.Resources {
			out[join(m.Address, r.Type+"."+r.Name)] = decode(jsonText(r.Attributes.Get("input")))
		}
		for i := range m.Outputs {
			out["output "+m.Outputs[i].Name] = decode(jsonText(m.Outputs[i].Node))
		}
	}
	return out
}

// TestEvaluationIsOpenTofus: what is evaluated here is what OpenTofu plans.
func TestEvaluationIsOpenTofus(t *testing.T) {
	tofu := component.Binary(t, "tofu")
	files, err := filepath.Glob("testdata/truth/*.txtar")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir, args := unpack(t, name)
			c := Read(Files{FS: os.DirFS(dir)}, ".", Options{VarFiles: args})
			if len(c.Problems) > 0 {
				t.Fatalf("%+v", c.Problems)
			}
			if diff := cmp.Diff(planned(t, plan(t, tofu, dir, args)), evaluated(t, c)); diff != "" {
				t.Errorf("-OpenTofu +here\n%s", diff)
			}
		})
	}
}

// TestEvaluation holds what the archives give, where OpenTofu is not at hand: each
// is wholly known.
func TestEvaluation(t *testing.T) {
	files, err := filepath.Glob("testdata/truth/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir, args := unpack(t, name)
			c := Read(Files{FS: os.DirFS(dir)}, ".", Options{VarFiles: args})
			if len(c.Problems) > 0 {
				t.Fatalf("%+v", c.Problems)
			}
			got, err := json.MarshalIndent(evaluated(t, c), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if _, found, _ := Expressions(string(got)); found {
				t.Errorf("not wholly known: %s", got)
			}
			golden := strings.TrimSuffix(name, ".txtar") + ".json"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !slices.Equal(bytes.TrimSpace(want), got) {
				t.Errorf("-want +got %v\n%s", err, cmp.Diff(string(bytes.TrimSpace(want)), string(got)))
			}
		})
	}
}
