package settings

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// readText parses YAML and reads it; each fact becomes "kind scope/name path =
// kind canonical [rules]".
func readText(t testing.TB, text string, o Options) []string {
	t.Helper()
	var got []string
	err := doc.ParseYAML(strings.NewReader(text), doc.Limits{}, func(n *doc.Node, _ int) error {
		Read(n, o, nil, func(s parity.Subject, facts []parity.Fact) {
			for i := range facts {
				f := &facts[i]
				line := fmt.Sprintf("%s %s = %s %s", s.Key, f.Path, f.Value.Kind, f.Value.Canonical())
				if f.Rules != 0 {
					line += " [" + f.Rules.String() + "]"
				}
				got = append(got, line)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"top-level values", "a: x\nb: 2\nc: ~\n", []string{"values top-level /a = text x", "values top-level /b = number 2", "values top-level /c = null null [empty]"}},
		{"sections", "a: {b: x}\nc: {d: {e: y}}\n", []string{"section a /b = text x", "section c /d/e = text y"}},
		{"named items", "apps:\n- {name: w, v: 1}\n- {name: x, v: 2}\n", []string{"apps w /name = text w", "apps w /v = number 1", "apps x /name = text x", "apps x /v = number 2"}},
		{"items without names", "apps: [{v: 1}, {v: 2}]", []string{"values top-level /apps[0]/v = number 1", "values top-level /apps[1]/v = number 2"}},
		{"items with no name of their own", "ports: [{port: 1}, {port: 2}]", []string{"values top-level /ports[port=1]/port = number 1", "values top-level /ports[port=2]/port = number 2"}},
		{"a list at the top", "- {id: w, v: x}\n", []string{"item w /id = text w", "item w /v = text x"}},
		{"a list of texts at the top", "[b, a]", []string{"values top-level [=b] = set b [set]", "values top-level [=a] = set a [set]"}},
		{"empty is absent", "a: {}\nb: []\n", []string{"values top-level /a = null null [empty]", "values top-level /b = null null [empty]"}},
		{"but not where it says something", "s: {podSelector: {}, ingress: []}", []string{"section s /podSelector = text {}", "section s /ingress = text []"}},
		{"command lines keep their order", "s: {args: [b, a], other: [a, b]}", []string{`section s /args = list ["b","a"]`, "section s /other[=a] = set a", "section s /other[=b] = set b"}},
		{"members that are there twice", "a: [x, x]", []string{"values top-level /a[=x] = set x", "values top-level /a[=x]#2 = set x"}},
		{"the whole path decides what a value is", "resources: {limits: {cpu: 500m}}\nimage: {tag: v1.2.0}", []string{"section resources /limits/cpu = quantity 0.5 [quantity]", "section image /tag = version 1.2.0 [version]"}},
		{"text within", "s:\n  app.yaml: |\n    b: 1\n    a: [x]\n", []string{"section s /app.yaml/b = number 1 [embedded-text]", "section s /app.yaml/a[=x] = set x [embedded-text]"}},
		{"text that is no structure", "s:\n  run.sh: |\n    echo a\n    echo b\n", []string{"section s /run.sh = text echo a\necho b [text]"}},
		{"lines that end alike", "s: {a: \"x\\r\\ny\\n\\n\"}", []string{"section s /a = text x\ny [text]"}},
		{"a single value says nothing", "just text", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, readText(t, tt.in, Options{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadScopeAndSurface(t *testing.T) {
	root, err := doc.ParseDotenv([]byte("LOG_LEVEL=info\nB=1\n"), doc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	origin := &parity.Origin{File: "x", Precision: parity.AtFile}
	calls := 0
	Read(root, Options{Scope: "s", Surface: VariableSurface}, origin, func(s parity.Subject, facts []parity.Fact) {
		calls++
		if s.Key != (parity.Key{Kind: "values", Scope: "s", Name: "top-level"}) || s.Line != 0 || s.Origin != origin {
			t.Errorf("%+v", s)
		}
		if len(facts) != 2 || facts[0].Line != 0 || facts[0].Col != 0 || facts[0].Origin != origin {
			t.Errorf("a file's origin has lines: %+v", facts)
		}
	})
	if calls != 1 {
		t.Errorf("%d subjects", calls)
	}
	Read(nil, Options{}, nil, func(parity.Subject, []parity.Fact) { t.Error("nothing gives a subject") })
}

// FuzzRead holds that every leaf of a document becomes one fact, whatever the
// document, but for text that is read as structure.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: 1\nb: {c: [x, {d: e}]}\n", "- name: x\n", "a: |\n  b: 1\n  c: 2\n", "args: [a]\ncommand: []", "a: [[], {}, [[x]]]", "{}"} {
		f.Add([]byte(seed))
	}
	limits := doc.Limits{Nodes: 2000, Depth: 30, Bytes: 1 << 16}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = doc.ParseYAML(strings.NewReader(string(data)), limits, func(n *doc.Node, _ int) error {
			facts, within := 0, false
			Read(n, Options{Limits: limits}, nil, func(s parity.Subject, list []parity.Fact) {
				if s.Kind == "" && n.Kind == doc.Map && n.Get("") == nil {
					t.Fatalf("a subject without a kind: %+v", s.Key)
				}
				facts += len(list)
				for i := range list {
					within = within || list[i].Rules.Has(parity.EmbeddedText)
					if list[i].Line < 1 || list[i].Value.Kind == parity.Secret {
						t.Fatalf("%+v", list[i])
					}
				}
			})
			if want := leaves(n, ""); facts != want && !within {
				t.Fatalf("%d facts of %d leaves", facts, want)
			}
			return nil
		})
	})
}

// leaves counts what must become a fact, on its own terms. key is "" for the
// document, and ends in a NUL for all below it.
func leaves(n *doc.Node, key string) int {
	switch {
	case key == "" && n.Kind != doc.Map && n.Kind != doc.List:
		return 0
	case len(n.Fields)+len(n.Items) == 0:
		if key == "" {
			return 0 // an empty document
		}
		return 1
	}
	name := strings.TrimSuffix(key, "\x00")
	line := n.Kind == doc.List && (name == "args" || name == "argv" || name == "cmd" || name == "command" || name == "entrypoint")
	total := 0
	for _, f := range n.Fields {
		total += leaves(f.Value, f.Key+"\x00")
	}
	for _, item := range n.Items {
		line = line && item.Kind != doc.Map && item.Kind != doc.List
		total += leaves(item, "\x00")
	}
	if line {
		return 1
	}
	return total
}
