package helmfile

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/collector/manifests"
	"github.com/envparity/parity/internal/doc"
)

const chartFiles = `-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 0.1.0
-- charts/web/values.yaml --
replicas: 1
password: ""
-- charts/web/templates/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web:{{ .Values.tag | default "1.0" }}
          env:
            - {name: DB_PASSWORD, value: {{ .Values.password | quote }}}
            - {name: REGION, value: {{ .Values.region | default "none" | quote }}}
`

func filesOf(t *testing.T, text string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		out[f.Name] = string(f.Data)
	}
	return out
}

func TestConformance(t *testing.T) {
	files := filesOf(t, chartFiles)
	files["helmfile.yaml"] = "environments: {staging: {values: [s.yaml]}}\n---\nreleases: [{name: web, chart: ./charts/web, values: [{password: '{{ .Values.password }}'}]}]\n"
	files["s.yaml"] = "password: '%SECRET%'\n"
	collectortest.Run(t, collectortest.Case{
		Name: "helmfile", Collector: New(manifests.NewShared()), Config: &Config{Path: "helmfile.yaml", Environment: "staging"}, Files: files,
		Facts: []string{"/spec/template/spec/containers[name=web]/image"},
		Broken: []collectortest.Broken{
			{Name: "its syntax", Files: map[string]string{"helmfile.yaml": "releases: [\npassword: \"%SECRET_JSON%\n"}, Reason: "cannot be read"},
			{Name: "a template", Files: map[string]string{"helmfile.yaml": "releases: {{ \"%SECRET_WORD%\" \n"}, Reason: "cannot be evaluated"},
			{Name: "values", Files: map[string]string{"s.yaml": "password: \"%SECRET_JSON%\n"}, Reason: "values of the environment cannot be read"},
		},
	})
}

// read returns what is read of the files of a txtar text.
func read(t *testing.T, text string, cfg *Config) *parity.Snapshot {
	t.Helper()
	dir := t.TempDir()
	for name, data := range filesOf(t, text) {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return collectortest.Snapshot(t, New(manifests.NewShared()), dir, cfg)
}

// value returns a fact's value.
func value(s *parity.Snapshot, key, path string) (string, bool) {
	for i := range s.Subjects {
		if s.Subjects[i].Subject.Key.String() != key {
			continue
		}
		for _, f := range s.Subjects[i].Facts {
			if f.Path == path {
				return f.Value.Canonical(), true
			}
		}
	}
	return "", false
}

// What depends on the environment variables of whoever runs helmfile is unknown,
// where it is stated and in what a chart makes of it, and never another value.
func TestWhatIsNotKnownIsAGap(t *testing.T) {
	s := read(t, chartFiles+`-- helmfile.yaml.gotmpl --
environments: {production: {}}
---
releases:
  - {name: web, namespace: shop, chart: ./charts/web, values: [{region: {{ env "REGION" }}, replicas: 3}]}
  - {name: cache, namespace: shop, chart: oci://registry.example.com/redis, version: 1.2.3, values: [{auth: {{ requiredEnv "AUTH" }}, kept: 1}]}
`, &Config{Path: ".", Environment: "production"})
	if got, _ := value(s, "Deployment shop/web", "/spec/replicas"); got != "3" {
		t.Errorf("replicas %q in %+v", got, s.Subjects)
	}
	env := "/spec/template/spec/containers[name=web]/env[name=REGION]/value"
	if got, ok := value(s, "Deployment shop/web", env); ok {
		t.Errorf("REGION is %q", got)
	}
	if got, ok := value(s, "HelmChart shop/cache", "/values/auth"); ok {
		t.Errorf("auth is %q", got)
	}
	if got, _ := value(s, "HelmChart shop/cache", "/values/kept"); got != "1" {
		t.Errorf("kept is %q", got)
	}
	for _, k := range []struct {
		key  parity.Key
		path string
	}{
		{parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"}, env},
		{parity.Key{Kind: "HelmChart", Scope: "shop", Name: "cache"}, "/values/auth"},
	} {
		if !slices.ContainsFunc(s.Gaps, func(g parity.Gap) bool { return g.CoversPart(k.key, k.path) }) {
			t.Errorf("no gap covers %s%s: %+v", k.key, k.path, s.Gaps)
		}
	}
}

// Where a template decides by what is not known, neither side of the decision is
// taken.
func TestWhatIsDecidedByTheUnknownIsAGap(t *testing.T) {
	for name, text := range map[string]string{
		"if":       `{{ if env "X" }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"eq":       `{{ if eq (env "X") "prod" }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"and":      `{{ if and (env "X") true }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"or":       `{{ if or false (env "X") }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"not":      `{{ if not (env "X") }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"variable": `{{ $x := printf "%s-a" (env "X") }}{{ if hasPrefix "p" $x }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"range":    `{{ range splitList "," (env "X") }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"values":   "environments: {default: {values: [{x: {{ env \"X\" }}}]}}\n---\n{{ if .Values.x }}releases: [{name: a, chart: ./charts/web}]{{ end }}",
		"exec":     `{{ if contains "a" (exec "echo" (list "a")) }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"with":     `{{ with env "X" }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"has":      `{{ if has "a" (list (env "X")) }}releases: [{name: a, chart: ./charts/web}]{{ end }}`,
		"ternary":  `releases: [{name: a, chart: ./charts/web, installed: {{ ternary "true" "false" (eq (env "X") "y") }}}]`,
		"lookup":   `releases: [{name: a, chart: ./charts/web, condition: x.enabled}]`,
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, chartFiles+"-- helmfile.yaml.gotmpl --\n"+text+"\n", &Config{Path: "."})
			if len(s.Subjects) > 0 {
				t.Errorf("a side was taken: %+v", s.Subjects)
			}
			if len(s.Gaps) != 1 || s.Gaps[0].Hides == parity.HidesNothing || s.Gaps[0].Kind != "" {
				t.Errorf("the gaps are %+v", s.Gaps)
			}
		})
	}
}

// A variable that parity.yaml gives a value is known.
func TestVariables(t *testing.T) {
	s := read(t, chartFiles+"-- helmfile.yaml.gotmpl --\nreleases: [{name: web, namespace: {{ requiredEnv \"NS\" }}, chart: ./charts/web, installed: {{ eq (env \"ON\") \"yes\" }}}]\n",
		&Config{Path: ".", Variables: map[string]string{"NS": "shop", "ON": "yes"}})
	if diff := cmp.Diff([]string{"Deployment shop/web"}, keysOf(s)); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("%s %+v", diff, s.Gaps)
	}
}

func TestNothingOutsideIsReadOrRun(t *testing.T) {
	t.Setenv("CANARY", "canary-value")
	for name, text := range map[string]string{
		"readFile":  `releases: [{name: a, chart: ./charts/web, values: [{tag: {{ readFile "../../../etc/hostname" | quote }}}]}]`,
		"absolute":  `releases: [{name: a, chart: ./charts/web, values: [{tag: {{ readFile "/etc/hostname" | quote }}}]}]`,
		"bases":     `bases: [../../../etc/passwd]`,
		"helmfiles": `helmfiles: [../../../etc/passwd, "git::https://example.com/x.git@helmfile.yaml?ref=1"]`,
		"values":    `releases: [{name: a, chart: ./charts/web, values: [/etc/passwd]}]`,
		"env":       `releases: [{name: a, chart: ./charts/web, values: [{tag: {{ env "CANARY" }}}]}]`,
		"exec":      `releases: [{name: a, chart: ./charts/web, values: [{tag: {{ exec "printenv" (list "CANARY") }}}]}]`,
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, chartFiles+"-- helmfile.yaml.gotmpl --\n"+text+"\n", &Config{Path: "."})
			if len(s.Gaps) == 0 {
				t.Error("there is no gap")
			}
			for i := range s.Subjects {
				for _, f := range s.Subjects[i].Facts {
					if strings.Contains(f.Value.Raw, "canary-value") || strings.Contains(f.Value.Raw, "root:") {
						t.Errorf("%s is %s", f.Path, f.Value.Raw)
					}
				}
			}
		})
	}
}

func TestAnEnvironmentThatIsNotDeclared(t *testing.T) {
	s := read(t, chartFiles+"-- helmfile.yaml --\nenvironments: {staging: {}}\nreleases: [{name: a, chart: ./charts/web}]\n", &Config{Path: ".", Environment: "stagin"})
	if len(s.Subjects) > 0 || len(s.Gaps) != 1 || !strings.Contains(s.Gaps[0].Reason, "no environment stagin") {
		t.Errorf("%+v %+v", s.Gaps, s.Subjects)
	}
}

func keysOf(s *parity.Snapshot) []string {
	var out []string
	for i := range s.Subjects {
		out = append(out, s.Subjects[i].Subject.Key.String())
	}
	slices.Sort(out)
	return out
}

func TestHelmfilesOfAHelmfile(t *testing.T) {
	s := read(t, chartFiles+`-- helmfile.yaml --
environments: {staging: {values: [{all: {tag: "2"}}]}}
---
helmfiles:
  - apps/*/helmfile.yaml
  - path: more
    values: [{tag: "9"}]
-- apps/a/helmfile.yaml --
environments: {staging: {values: [{tag: "3"}]}}
---
releases: [{name: a, namespace: n, chart: ../../charts/web, values: [{tag: "{{ .Values.tag }}"}]}]
-- apps/b/helmfile.yaml --
environments: {production: {}}
---
releases: [{name: b, namespace: n, chart: ../../charts/web}]
-- more/helmfile.yaml.gotmpl --
environments: {staging: {values: [{tag: "1"}]}}
---
releases: [{name: m, namespace: n, chart: ../charts/web, values: [{tag: {{ .Values.tag | quote }}}]}]
`, &Config{Path: ".", Environment: "staging"})
	if diff := cmp.Diff([]string{"Deployment n/a", "Deployment n/m"}, keysOf(s)); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("%s %+v", diff, s.Gaps)
	}
	for key, want := range map[string]string{"Deployment n/a": "registry.example.com/web:3", "Deployment n/m": "registry.example.com/web:9"} {
		if got, _ := value(s, key, "/spec/template/spec/containers[name=web]/image"); got != want {
			t.Errorf("%s has %s, want %s", key, got, want)
		}
	}
}

// What is made of a helmfile is what helmfile itself makes of it.
func TestAgreesWithHelmfile(t *testing.T) {
	text, err := os.ReadFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, environment := range []string{"staging", "production"} {
		data, err := os.ReadFile("testdata/" + environment + ".want")
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		err = doc.ParseYAML(bytes.NewReader(data), doc.Limits{Nodes: 10_000, Depth: 50, Bytes: 1 << 20}, func(n *doc.Node, _ int) error {
			want[n.At("metadata", "namespace").Str()+"/"+n.At("metadata", "name").Str()] = n.At("data", "values").Str()
			return nil
		})
		if err != nil || len(want) < 3 {
			t.Fatalf("%v %v", want, err)
		}
		s := read(t, string(text), &Config{Path: ".", Environment: environment, Variables: map[string]string{"REGION": "eu"}})
		got := map[string]string{}
		for _, x := range s.Subjects {
			for _, f := range x.Facts {
				if f.Path == "/data/values" {
					got[x.Subject.Scope+"/"+x.Subject.Name] = f.Value.Raw
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(s.Gaps) > 0 {
			t.Errorf("%s (-helmfile +ours)\n%s%+v", environment, diff, s.Gaps)
		}
	}
}
