package files

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

func TestConformance(t *testing.T) {
	c := New()
	collectortest.Run(t,
		collectortest.Case{
			Name: "one yaml file", Collector: c,
			Files:  map[string]string{"values.yaml": "replicaCount: 2\ndb:\n  password: '%SECRET_WORD%'\n  url: postgres://u:%SECRET_URL%@db/x\napps:\n- name: web\n  args: [--token=%SECRET_WORD%, -v]\n  config.yaml: |\n    password: %SECRET_WORD%\n    level: info\n"},
			Config: &Config{Paths: []string{"values.yaml"}},
			Facts:  []string{"/replicaCount", "/password", "/args", "/config.yaml/level"},
			Broken: []collectortest.Broken{
				{Name: "syntax", Files: map[string]string{"values.yaml": "a: 1\n---\nb: [%SECRET_WORD%\n"}, Keeps: true, Reason: "brackets"},
				{Name: "duplicate key", Files: map[string]string{"values.yaml": "%SECRET_WORD%: 1\n%SECRET_WORD%: 2\n"}, Reason: "twice"},
				{Name: "no settings", Files: map[string]string{"values.yaml": "%SECRET_WORD%\n"}, Reason: "single value"},
				{Name: "gone", Remove: []string{"values.yaml"}, Reason: "no such file"},
				{Name: "format", Config: &Config{Paths: []string{"values.yaml"}, Format: "xml"}, Reason: "not known"},
				{Name: "no paths", Config: &Config{}, Reason: "no paths"},
				{Name: "pattern", Config: &Config{Paths: []string{"*.toml"}}, Reason: "no file fits"},
				{Name: "open bracket", Config: &Config{Paths: []string{"[a.toml"}}, Reason: "not closed"},
			},
		},
		collectortest.Case{
			Name: "a directory of all formats", Collector: c,
			Files: map[string]string{
				"config/a.yaml":       "token: %SECRET_WORD%\nx: 1\n",
				"config/b.json":       `{"s": {"apiKey": "%SECRET_JSON%", "x": 1}}`,
				"config/c.toml":       "[s]\npassword = '%SECRET_WORD%'\nx = 1\n",
				"config/d.ini":        "[s]\npassword = %SECRET_WORD%\ny = 1\n",
				"config/e.properties": "db.password=%SECRET_WORD%\nz=1\n",
				"config/f.env":        "TOKEN=%SECRET_WORD%\nW=1\n",
				"config/README.md":    "not settings",
			},
			Config: &Config{Paths: []string{"config"}},
			Facts:  []string{"/x", "/y", "/z", "/W"},
			Broken: []collectortest.Broken{
				{Name: "toml", Files: map[string]string{"config/c.toml": "a = 1\na = '%SECRET_WORD%'\n"}, Keeps: true, Reason: "twice"},
				{Name: "json", Files: map[string]string{"config/b.json": `{"a": %SECRET_WORD%}`}, Keeps: true, Reason: "JSON"},
				{Name: "ini", Files: map[string]string{"config/d.ini": "the password is %SECRET_WORD%"}, Keeps: true, Reason: "neither"},
				{Name: "dotenv", Files: map[string]string{"config/f.env": "TOKEN='%SECRET_WORD%"}, Keeps: true, Reason: "quote"},
				{Name: "properties", Files: map[string]string{"config/e.properties": "a=%SECRET_WORD%\\u00\n"}, Keeps: true, Reason: `\u`},
			},
		},
	)
}

// read collects a project of the files and gives "kind scope/name path = value
// (source)" for each fact, and the gaps.
func read(t *testing.T, root place.Root, cfg Config) (facts []string, snap *parity.Snapshot) {
	t.Helper()
	snap, err := collector.Run(t.Context(), collector.RunInput{
		Column:   parity.Column{Environment: "staging", Role: parity.Desired},
		Sources:  []collector.Configured{{Collector: New(), Config: &cfg, Name: "s"}},
		Root:     root,
		Redactor: redact.New([]byte("k"), nil, nil),
		Now:      time.Unix(0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range snap.Subjects {
		sf := &snap.Subjects[i]
		for j := range sf.Facts {
			f := &sf.Facts[j]
			facts = append(facts, fmt.Sprintf("%s %s = %s %s (%s)", sf.Subject.Key, f.Path, f.Value.Kind, f.Value, f.Source()))
		}
	}
	return facts, snap
}

func project(t *testing.T, files map[string]string) place.Root {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return place.Dir(dir)
}

func TestFacts(t *testing.T) {
	root := project(t, map[string]string{"v.yaml": `top: 1
empty: {}
hosts: [b, a]
command: [run, --fast]
section:
  image: {repository: registry.example.com/web, tag: v1.2.3}
  resources: {limits: {memory: 1Gi}}
  env:
  - name: A
    value: "1"
apps:
- name: web
  timeout: 30s
  deep: [[1], {x: y}]
- name: worker
  text: |
    a: 1
    b: {c: 2}
unnamed: [{a: 1}, {b: 2}]
`})
	got, snap := read(t, root, Config{Paths: []string{"v.yaml"}})
	want := []string{
		"apps web /deep[0][=1] = set 1 (v.yaml:14:11)",
		"apps web /deep[1]/x = text y (v.yaml:14:19)",
		"apps web /name = text web (v.yaml:12:9)",
		"apps web /timeout = duration 30s (v.yaml:13:12)",
		"apps worker /name = text worker (v.yaml:15:9)",
		"apps worker /text/a = number 1 (v.yaml:16:9)",
		"apps worker /text/b/c = number 2 (v.yaml:16:9)",
		"section section /env[name=A]/name = text A (v.yaml:9:11)",
		"section section /env[name=A]/value = number 1 (v.yaml:10:12)",
		"section section /image/repository = text registry.example.com/web (v.yaml:6:23)",
		"section section /image/tag = version v1.2.3 (v.yaml:6:54)",
		"section section /resources/limits/memory = quantity 1Gi (v.yaml:7:32)",
		`values top-level /command = list ["run","--fast"] (v.yaml:4:10)`,
		"values top-level /empty = null null (v.yaml:2:8)",
		"values top-level /hosts[=a] = set a (v.yaml:3:12)",
		"values top-level /hosts[=b] = set b (v.yaml:3:9)",
		"values top-level /top = number 1 (v.yaml:1:6)",
		"values top-level /unnamed[0]/a = number 1 (v.yaml:19:15)",
		"values top-level /unnamed[1]/b = number 2 (v.yaml:19:23)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(snap.Gaps) > 0 {
		t.Error(snap.Gaps)
	}
}

func TestScopes(t *testing.T) {
	root := project(t, map[string]string{
		"staging/app.yaml": "a: 1\n---\na: 2\n", "staging/db/main.toml": "a = 3\n", "staging/.hidden.yaml": "a: 4\n",
		"staging/tags/web": "tag: 5\n", "staging/note.md": "text", "literal[1].json": `{"a": 6}`,
	})
	tests := []struct {
		name string
		cfg  Config
		want []string
	}{
		{"one file", Config{Paths: []string{"staging/app.yaml"}}, []string{"values top-level", "values #2/top-level"}},
		{"two files", Config{Paths: []string{"staging/app.yaml", "staging/db/main.toml"}}, []string{"values app/top-level", "values app#2/top-level", "values main/top-level"}},
		{"a directory", Config{Paths: []string{"staging"}}, []string{"values app/top-level", "values app#2/top-level", "values db/main/top-level"}},
		{"a pattern", Config{Paths: []string{"staging/**/*.{toml,json}"}}, []string{"values db/main/top-level"}},
		{"a pattern at the top", Config{Paths: []string{"*/db/*"}}, []string{"values staging/db/main/top-level"}},
		{"no extension", Config{Paths: []string{"staging/tags/*"}, Format: "yaml"}, []string{"values web/top-level"}},
		{"a name", Config{Paths: []string{"staging/db"}, Name: "x"}, []string{"values x/top-level"}},
		{"a file named as a pattern", Config{Paths: []string{"literal[1].json"}}, []string{"values top-level"}},
		{"dotfiles when asked", Config{Paths: []string{"staging/.*.yaml"}}, []string{"values .hidden/top-level"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, snap := read(t, root, tt.cfg)
			var got []string
			for i := range snap.Subjects {
				got = append(got, snap.Subjects[i].Subject.Key.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(snap.Gaps) > 0 {
				t.Error(diff, snap.Gaps)
			}
		})
	}
}

func TestGaps(t *testing.T) {
	files := map[string]string{"many/bad.yaml": "a: 1\n---\nb: [x\n", "odd.conf": "x"}
	for i := range 500 {
		files[fmt.Sprintf("many/f%03d.yaml", i)] = "a: 1\n"
	}
	root := project(t, files)
	t.Run("one of 500 files is broken", func(t *testing.T) {
		facts, snap := read(t, root, Config{Paths: []string{"many/*.yaml"}})
		if len(facts) != 501 {
			t.Errorf("%d facts", len(facts))
		}
		if len(snap.Gaps) != 2 || snap.Gaps[0].Scope != "bad" || snap.Gaps[1].Scope != "bad#*" || snap.Gaps[0].Where != "many/bad.yaml:3" {
			t.Errorf("%+v", snap.Gaps)
		}
		for _, g := range snap.Gaps {
			if g.Covers(parity.Key{Kind: "section", Scope: "f001", Name: "x"}, "/a") {
				t.Error("the gap covers another file")
			}
		}
	})
	t.Run("a path that is not there leaves the others", func(t *testing.T) {
		facts, snap := read(t, root, Config{Paths: []string{"gone.yaml", "many/f001.yaml"}})
		if len(facts) != 1 || len(snap.Gaps) != 1 || !strings.Contains(snap.Gaps[0].Reason, "no such file") || snap.Gaps[0].Where != "gone.yaml" {
			t.Errorf("%v %+v", facts, snap.Gaps)
		}
	})
	t.Run("unknown format", func(t *testing.T) {
		_, snap := read(t, root, Config{Paths: []string{"odd.conf"}})
		if len(snap.Gaps) != 1 || !strings.Contains(snap.Gaps[0].Reason, "format") {
			t.Errorf("%+v", snap.Gaps)
		}
	})
}

func TestDetect(t *testing.T) {
	root := project(t, map[string]string{"d/a.yaml": "a: 1", "e/main.go": "package e", ".env": "A=1", "x.txt": "x"})
	for name, want := range map[string]int{"d/a.yaml": 20, "d": 3, "e": 0, ".env": 5, "x.txt": 0} {
		p, err := root.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := detect(p); got != want {
			t.Errorf("%s fits with %d, want %d", name, got, want)
		}
	}
}

// What git-crypt encrypted is there, and nothing in it is to be corrected.
func TestGitCrypt(t *testing.T) {
	for _, name := range []string{"v.yaml", "v.json", "v.env", "v.toml", "v.ini", "v.properties"} {
		root := project(t, map[string]string{name: "\x00GITCRYPT\x00\x8a\x01\xff"})
		got, snap := read(t, root, Config{Paths: []string{name}})
		if want := []string{"values top-level /(encrypted) = secret [secret] (" + name + ")"}; !cmp.Equal(got, want) {
			t.Errorf("%s: %s", name, cmp.Diff(want, got))
		}
		if len(snap.Gaps) != 1 || snap.Gaps[0].Reason != "the file is encrypted by git-crypt" || !strings.Contains(snap.Gaps[0].Hint, "git-crypt unlock") {
			t.Errorf("%s: %+v", name, snap.Gaps)
		}
	}
}
