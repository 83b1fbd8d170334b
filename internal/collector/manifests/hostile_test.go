//go:build unix

package manifests

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/render"
)

// tight are bounds that a hostile input meets soon.
var tight = render.Limits{Time: time.Second, Memory: 256 << 20, Output: 8 << 20}

// libraryBytes is what the process that renders has in memory besides the heap:
// the program itself.
const libraryBytes = 192 << 20

// hostileTemplates never end, or take gigabytes.
var hostileTemplates = map[string]string{
	"tpl recursion":       `{{ define "f" }}{{ tpl .t . }}{{ end }}{{ tpl "{{ include \"f\" . }}" (dict "t" "{{ include \"f\" . }}" "Template" .Template) }}`,
	"range until":         `{{ range until 1000000000 }}x{{ end }}`,
	"untilStep":           `{{ untilStep 0 2000000000 1 }}`,
	"nested range":        `{{ range until 100000 }}{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}{{ end }}`,
	"range over a number": `{{ range 100000000000 }}{{ end }}`,
	"print doubling":      `{{ $s := "xxxxxxxxxxxxxxxx" }}{{ range until 60 }}{{ $s = print $s $s }}{{ end }}{{ $s }}`,
	"concat doubling":     `{{ $l := list 1 2 3 4 5 6 7 8 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}{{ len $l }}`,
	"indent":              `{{ "x" | indent 1000000000 }}`,
	"repeat":              `{{ repeat 1000000000 "xyz" }}`,
	"randAlphaNum":        `{{ randAlphaNum 1000000000 }}`,
	"genPrivateKey":       `{{ range until 100000 }}{{ genPrivateKey "rsa" }}{{ end }}`,
	"derivePassword":      `{{ range until 1000000 }}{{ derivePassword 1 "long" "password" "user" "example.com" }}{{ end }}`,
	"output":              `{{ range until 10000000 }}k{{ . }}: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{ "\n" }}{{ end }}`,
}

// apart runs the test in a process of its own and reports whether it did. A
// process counts what its parent had in memory when it was started among its own
// peak, and the tests before this one may have had much.
func apart(t *testing.T) bool {
	t.Helper()
	const variable = "PARITY_TEST_APART"
	if os.Getenv(variable) != "" {
		return false
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), variable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
	return true
}

func TestHostileCharts(t *testing.T) {
	if apart(t) {
		return
	}
	for name, template := range hostileTemplates {
		t.Run(name, func(t *testing.T) {
			survives(t, "hostile", map[string]string{
				"hostile/Chart.yaml":         "apiVersion: v2\nname: hostile\nversion: 1.0.0\n",
				"hostile/templates/bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndata:\n  k: |\n    " + template + "\n",
			})
		})
	}
}

// helmfiles is a collector of helmfiles.
func helmfiles() collector.Collector {
	shared := NewShared()
	return collector.New(shared.Collector().Manifest, func(ctx context.Context, in collector.Input, cfg Helmfile, out collector.Sink) error {
		return shared.Helmfile(ctx, in, cfg, out)
	})
}

func TestHostileHelmfiles(t *testing.T) {
	if apart(t) {
		return
	}
	for _, name := range []string{"range until", "untilStep", "nested range", "range over a number", "print doubling", "concat doubling", "indent", "repeat"} {
		t.Run(name, func(t *testing.T) {
			survivesIn(t, collector.Configured{Collector: helmfiles(), Config: &Helmfile{Path: "hostile"}, Name: "hostile"}, map[string]string{
				"hostile/helmfile.yaml.gotmpl": "releases:\n  - name: |\n      " + hostileTemplates[name] + "\n",
			})
		})
	}
}

// What is large or nested deeply is read or refused, within the bounds.
func TestLargeHelmfiles(t *testing.T) {
	var environments strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&environments, "  env%d: {values: [{n: %d}]}\n", i, i)
	}
	deep := strings.Repeat("{a: ", 5000) + "1" + strings.Repeat("}", 5000)
	bomb := "a0: &a0 [x]\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	chart := map[string]string{"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {n: '{{ .Values.n }}'}\n"}
	for _, c := range []struct {
		name, text, reason string
	}{
		{"10000 environments", "environments:\n" + environments.String() + "---\nreleases: [{name: r, chart: ./c, values: [{n: '{{ .Values.n }}'}]}]\n", ""},
		{"deep values", "releases: [{name: r, chart: ./c, values: [" + deep + "]}]\n", "cannot be read"},
		{"aliases", bomb + "releases: [{name: r, chart: ./c}]\n", "cannot be read"},
		{"bases of itself", "bases: [helmfile.yaml]\nreleases: []\n", "too many files"},
		{"helmfiles of itself", "helmfiles: [helmfile.yaml]\nreleases: []\n", "too many files"},
		{"a template of itself", "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}\n", "cannot be evaluated"},
		{"an include of itself", "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}\n", "cannot be evaluated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			files := maps.Clone(chart)
			files["helmfile.yaml"] = c.text
			for name, text := range files {
				at := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s := collectortest.Snapshot(t, helmfiles(), dir, &Helmfile{Path: ".", Environment: environmentIf(c.reason)})
			if c.reason == "" {
				if len(s.Gaps) > 0 || !strings.Contains(objectsOf(s), "/data/n = 9999") {
					t.Errorf("%s %+v", objectsOf(s), s.Gaps)
				}
				return
			}
			if len(s.Gaps) == 0 || !strings.Contains(s.Gaps[0].Reason, c.reason) {
				t.Errorf("want %q in %+v", c.reason, s.Gaps)
			}
		})
	}
}

func environmentIf(reason string) string {
	if reason == "" {
		return "env9999"
	}
	return ""
}

func TestHostileKustomizations(t *testing.T) {
	if apart(t) {
		return
	}
	t.Run("diamond", func(t *testing.T) {
		files := map[string]string{
			"hostile/kustomization.yaml": "resources: [../d0a, ../d0b]\n",
			"end/kustomization.yaml":     "resources: [cm.yaml]\n",
			"end/cm.yaml":                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: end}\n",
		}
		for i := range 23 {
			for _, side := range []string{"a", "b"} {
				next := fmt.Sprintf("[../d%da, ../d%db]", i+1, i+1)
				if i == 22 {
					next = "[../end]"
				}
				files[fmt.Sprintf("d%d%s/kustomization.yaml", i, side)] = fmt.Sprintf("namePrefix: %s%d-\nresources: %s\n", side, i, next)
			}
		}
		survives(t, "hostile", files)
	})
	t.Run("copy bomb", func(t *testing.T) {
		var patch strings.Builder
		for i := range 60 {
			fmt.Fprintf(&patch, "- {op: copy, from: /data, path: /data/c%d}\n", i)
		}
		survives(t, "hostile", map[string]string{
			"hostile/kustomization.yaml": "resources: [cm.yaml]\npatches: [{path: p.yaml, target: {kind: ConfigMap}}]\n",
			"hostile/cm.yaml":            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n",
			"hostile/p.yaml":             patch.String(),
		})
	})
}

// survives holds that a hostile source is one gap that names a bound, that the
// source beside it is read, and that the process that rendered stayed below its
// bound of memory.
func survives(t *testing.T, hostile string, files map[string]string) {
	t.Helper()
	survivesIn(t, collector.Configured{Collector: New(), Config: &Config{Path: hostile}, Name: "hostile"}, files)
}

// survivesIn is survives for any source.
func survivesIn(t *testing.T, hostile collector.Configured, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	files["good/cm.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\ndata: {k: v}\n"
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pool := render.NewPool([]string{exe, render.Argument})
	root := place.Dir(dir)
	defer root.Close()
	c := New()
	snap, err := collector.Run(t.Context(), collector.RunInput{
		Column: parity.Column{Environment: "staging", Role: parity.Desired}, Root: root, Redactor: redact.New(make([]byte, 32), nil, nil),
		Sources: []collector.Configured{
			hostile,
			{Collector: c, Config: &Config{Path: "good"}, Name: "good"},
		},
		Limits: collector.Limits{Render: tight}, Renderer: pool,
	})
	pool.Close()
	if err != nil {
		t.Fatal(err)
	}
	if len(snap.Gaps) != 1 || snap.Gaps[0].Source != "hostile" || !namesBound(snap.Gaps[0].Reason) || snap.Gaps[0].Hint == "" {
		t.Errorf("gaps %+v", snap.Gaps)
	}
	if !slices.ContainsFunc(snap.Subjects, func(s parity.SubjectFacts) bool { return s.Subject.Name == "good" }) {
		t.Error("the source beside it is not read")
	}
	if peak := peakOfChildren(t); peak > (tight.Memory+libraryBytes)*detector {
		t.Errorf("a process that renders had %d MiB in memory", peak>>20)
	}
}

func namesBound(reason string) bool {
	return strings.Contains(reason, "rendering took longer than 1 s") ||
		strings.Contains(reason, "rendering took more than 256 MiB of memory") ||
		strings.Contains(reason, "rendering gave more than 8 MiB of output") ||
		strings.Contains(reason, "a template goes into itself without end")
}

// peakOfChildren returns the largest memory that an ended process of this one
// had.
func peakOfChildren(t *testing.T) int64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "darwin" {
		return u.Maxrss
	}
	return u.Maxrss << 10
}
