package manifests

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/realdata"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/render"
)

func TestMain(m *testing.M) {
	if render.IsWorker(os.Args) {
		render.Serve(os.Stdin, os.Stdout, Tasks())
	}
	os.Exit(m.Run())
}

// TestApartIsAsInProcess holds that it makes no difference where something is
// rendered.
func TestApartIsAsInProcess(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pool := render.NewPool([]string{exe, render.Argument})
	defer pool.Close()
	shop, err := filepath.Abs("../../../examples/shop")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dir string
		cfg Config
	}{
		"kustomization": {shop, Config{Path: "deploy/overlays/staging"}},
		"tree":          {shop, Config{Path: ".", FollowApplications: true}},
		"chart with values of every type": {chartOfTypes(t), Config{Path: ".", ValuesInline: map[string]any{
			"int": 1000000, "large": int64(1 << 53), "float": 1.5, "list": []any{1, "a", nil}, "none": nil,
		}}},
		"a real chart": {realdata.Path(t, "govuk"), Config{
			Path: "app-config", Values: []string{"app-config/values-staging.yaml"}, Release: "app-config",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			apart, here := snapshotBy(t, c.dir, c.cfg, pool), snapshotBy(t, c.dir, c.cfg, nil)
			if apart.Facts() == 0 || apart.Digest != here.Digest {
				t.Errorf("%d facts, and %d in process: %s", apart.Facts(), here.Facts(), cmp.Diff(here.Subjects, apart.Subjects))
			}
			if diff := cmp.Diff(here.Gaps, apart.Gaps); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// chartOfTypes prints each value as a template does, which depends on its type.
func chartOfTypes(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Chart.yaml":  "{apiVersion: v2, name: types, version: 1.0.0}\n",
		"values.yaml": "own: 1000000\n",
		"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n" +
			"  a: {{ .Values.int | quote }}\n  b: {{ .Values.large | quote }}\n  c: {{ .Values.float | quote }}\n" +
			"  d: {{ printf \"%v %T\" .Values.list .Values.list | quote }}\n  e: {{ .Values.own | quote }}\n  f: {{ kindOf .Values.none | quote }}\n",
	} {
		if name == "a.yaml" {
			name = filepath.Join("templates", name)
		}
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func snapshotBy(t *testing.T, dir string, cfg Config, r render.Renderer) *parity.Snapshot {
	t.Helper()
	root := place.Dir(dir)
	defer root.Close()
	in := collector.RunInput{
		Column: parity.Column{Environment: "staging", Role: parity.Desired}, Root: root, Redactor: redact.New(make([]byte, 32), nil, nil),
		Sources: []collector.Configured{{Collector: New(), Config: &cfg, Name: "source"}},
	}
	if r != nil {
		in.Renderer = r
	}
	s, err := collector.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
