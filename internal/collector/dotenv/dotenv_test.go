package dotenv

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
)

func TestConformance(t *testing.T) {
	collectortest.Run(t, collectortest.Case{
		Name: "two files", Collector: New(),
		Files: map[string]string{
			".env":         "# note\nHOST=db\nexport API_TOKEN='%SECRET_WORD%'\nURL=postgres://u:%SECRET_URL%@${HOST}/x\nTIMEOUT=30s\n",
			".env.staging": "HOST=db.staging.example.com\nPRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\n%SECRET_BASE64%\n-----END PRIVATE KEY-----\"\n",
		},
		Config: &Config{Files: []string{".env", ".env.staging"}, Name: "web"},
		Facts:  []string{"/HOST", "/API_TOKEN", "/URL", "/PRIVATE_KEY", "/TIMEOUT"},
		Broken: []collectortest.Broken{
			{Name: "syntax", Files: map[string]string{".env.staging": "TOKEN='%SECRET_WORD%"}, Reason: "quote"},
			{Name: "prose", Files: map[string]string{".env": "the token is %SECRET_WORD%"}, Keeps: true, Reason: "name"},
			{Name: "gone", Remove: []string{".env"}, Keeps: true, Reason: "no such file"},
			{Name: "no files", Config: &Config{}, Reason: "no files"},
			{Name: "a directory", Config: &Config{Files: []string{"."}}, Reason: "directory"},
		},
	})
}

// sink keeps what a collector hands over, as it is.
type sink struct {
	subjects []parity.Subject
	facts    []parity.Fact
	gaps     []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	s.subjects = append(s.subjects, subject)
	s.facts = append(s.facts, facts...)
}
func (s *sink) Gap(g parity.Gap)    { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(string, string) {}

// memory is a Root in memory.
type memory struct{ fs fs.FS }

func (m memory) Resolve(path string) (place.Place, error) {
	if _, err := fs.Stat(m.fs, path); err != nil {
		return place.Place{}, err
	}
	return place.Place{FS: m.fs, Path: path, Display: func(p string) string { return p }}, nil
}

func run(t *testing.T, files map[string]string, cfg Config) *sink {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	out := &sink{}
	err := New().Collect(t.Context(), collector.Input{
		Root: memory{m}, Limits: collector.DefaultLimits(), Log: slog.New(slog.DiscardHandler),
	}, &cfg, out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOrder(t *testing.T) {
	out := run(t, map[string]string{
		"a": "HOST=one\nKEEP=a\nNULL\nNULL2\nURL=http://$HOST/\n",
		"b": "\nHOST=two\nNULL=now set\nKEEP\nBOTH=${HOST}-${KEEP}-${NONE}\n",
		"c": "HOST=three\n",
	}, Config{Files: []string{"a", "b", "c"}, Name: "web"})
	var got []string
	for i := range out.facts {
		f := &out.facts[i]
		line := fmt.Sprintf("%s = %s %s (%s)", f.Path, f.Value.Kind, f.Value, f.Source())
		for o := f.Origin.From; o != nil; o = o.From {
			line += " over " + o.File
		}
		got = append(got, line)
	}
	want := []string{
		"/HOST = text three (c:1:6) over b over a",
		"/KEEP = text a (a:2:6)",
		"/NULL = text now set (b:3:6) over a",
		"/NULL2 = null null (a:4:1)",
		"/URL = url http://one/ (a:5:5)",
		"/BOTH = text two-a-${NONE} (b:5:6)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(out.subjects) != 1 || out.subjects[0].Key != (parity.Key{Kind: "environment", Name: "web"}) {
		t.Errorf("%+v", out.subjects)
	}
}

func TestKinds(t *testing.T) {
	out := run(t, map[string]string{".env": "DEBUG=false\nPORT=8080\nREQUEST_TIMEOUT=60s\nIMAGE=nginx:1.2\nEMPTY=\n"}, Config{Files: []string{".env"}})
	want := map[string]parity.ValueKind{
		"/DEBUG": parity.Bool, "/PORT": parity.Number, "/REQUEST_TIMEOUT": parity.Duration, "/IMAGE": parity.Image, "/EMPTY": parity.Text,
	}
	for i := range out.facts {
		if f := &out.facts[i]; f.Value.Kind != want[f.Path] {
			t.Errorf("%s is %s, want %s", f.Path, f.Value.Kind, want[f.Path])
		}
		delete(want, out.facts[i].Path)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if out.subjects[0].Name != "default" {
		t.Errorf("the subject is %s", out.subjects[0].Key)
	}
}

func TestGap(t *testing.T) {
	out := run(t, map[string]string{"a": "A=1\n", "b": "X=1\nB='open\n", "c": "C=1\nD=$A\nE\n"}, Config{Files: []string{"a", "b", "c"}, Name: "we*b"})
	if len(out.gaps) != 1 || len(out.facts) != 1 || out.facts[0].Path != "/C" {
		t.Fatalf("%+v, facts %+v", out.gaps, out.facts)
	}
	g := out.gaps[0]
	if g.Where != "b:2:3" || !strings.Contains(g.Reason, "quote") {
		t.Errorf("%+v", g)
	}
	if !g.Covers(parity.Key{Kind: "environment", Name: "we*b"}, "/B") || g.Covers(parity.Key{Kind: "environment", Name: "weeb"}, "/B") {
		t.Error("the gap covers something else")
	}
}

func TestEmptyFile(t *testing.T) {
	out := run(t, map[string]string{".env": "# nothing\n"}, Config{Files: []string{".env"}})
	if len(out.subjects) != 1 || len(out.facts) != 0 || len(out.gaps) != 0 {
		t.Errorf("%+v", out)
	}
}

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".env", "prod.env", "x.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]int{".env": 90, "prod.env": 90, "x.yaml": 0, ".": 0} {
		p, err := place.Dir(dir).Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := detect(p); got != want {
			t.Errorf("%s fits with %d, want %d", name, got, want)
		}
	}
}

// FuzzCollect holds, for any two files: no panic, and either a gap or a fact
// for each name, at a line of one of the files.
func FuzzCollect(f *testing.F) {
	f.Add("A=1\nB=$A\n", "A=2\n")
	f.Add("A='", "B=\"${A:-${B}}\"")
	f.Add("A\nexport A\n", "A: x # y\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		out := run(t, map[string]string{"a": a, "b": b}, Config{Files: []string{"a", "b"}})
		if len(out.gaps) < 2 && len(out.subjects) != 1 {
			t.Fatalf("%d gaps, %d subjects", len(out.gaps), len(out.subjects))
		}
		seen := map[string]bool{}
		for i := range out.facts {
			fact := &out.facts[i]
			text := a
			if fact.Origin.File == "b" {
				text = b
			}
			if seen[fact.Path] || fact.Line < 1 || int(fact.Line) > 1+strings.Count(text, "\n") {
				t.Fatalf("%+v", fact)
			}
			seen[fact.Path] = true
		}
	})
}
