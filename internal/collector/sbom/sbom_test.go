package sbom

import (
	"encoding/json"
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
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
)

const bom = `{"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:1", "metadata": {"component": {"name": "web", "version": "1.4.0"}},
 "components": [
  {"type": "library", "name": "lodash", "version": "4.17.21", "purl": "pkg:npm/lodash@4.17.21", "licenses": [{"license": {"name": "token=%SECRET_WORD%"}}]},
  {"type": "library", "name": "a", "version": "v1", "purl": "pkg:golang/example.com/a@v1.0.0?vcs_url=https%3A%2F%2Fu%3A%SECRET_WORD%%40example.com%2Fa"}
 ]}
`

func TestConformance(t *testing.T) {
	collectortest.Run(t,
		collectortest.Case{
			Name: "a bill of materials and lock files", Collector: New(),
			Files: map[string]string{
				"web.cdx.json":     bom,
				"api/go.sum":       "example.com/a v1.0.0 h1:wk8382ETsv4JYUZwIsn6YpYiWiBsYLSJiTsyBybVuN8=\n",
				"requirements.txt": "--index-url https://u:%SECRET_URL%@pypi.example.com/simple\nrequests==2.32.3\n",
			},
			Config: &Config{Path: "*.cdx.json", Paths: []string{"api", "requirements.txt"}, Name: "web"},
			Facts:  []string{"/packages[purl=pkg:npm/lodash]", "/packages[purl=pkg:golang/example.com/a]", "/packages[purl=pkg:pypi/requests]", "/version", "/document/serial"},
			Broken: []collectortest.Broken{
				{Name: "JSON", Files: map[string]string{"web.cdx.json": `{"bomFormat": "%SECRET_WORD%`}, Keeps: true, Reason: "JSON"},
				{Name: "another format", Files: map[string]string{"web.cdx.json": `{"%SECRET_WORD%": 1}`}, Keeps: true, Reason: "neither CycloneDX"},
				{Name: "a package URL", Files: map[string]string{"web.cdx.json": strings.Replace(bom, "pkg:npm/lodash", "%SECRET_WORD%", 1)}, Keeps: true, Reason: "not valid"},
				{Name: "no version", Files: map[string]string{"requirements.txt": "requests @ https://u:%SECRET_WORD%@example.com/x\n"}, Keeps: true, Reason: "not pinned"},
				{Name: "a line", Files: map[string]string{"api/go.sum": "%SECRET_WORD%\n"}, Keeps: true, Reason: "not of the form"},
				{Name: "gone", Remove: []string{"requirements.txt"}, Keeps: true, Reason: "no such file"},
				{Name: "an empty directory", Config: &Config{Path: "api/none/*"}, Reason: "no such file"},
				{Name: "nothing named", Config: &Config{}, Reason: "no paths"},
				{Name: "an unknown format", Config: &Config{Path: "api", Format: "x"}, Reason: "format is not known"},
				{Name: "syft about nothing", Config: &Config{Syft: true}, Reason: "what to ask syft"},
				{Name: "an image without syft", Config: &Config{Path: "api", Image: "x"}, Reason: "syft, which is not asked"},
			},
		},
	)
}

// sink keeps what a collector hands over, as it is.
type sink struct {
	subjects []parity.SubjectFacts
	gaps     []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	s.subjects = append(s.subjects, parity.SubjectFacts{Subject: subject, Facts: facts})
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

func run(t *testing.T, root place.Root, cfg Config) *sink {
	t.Helper()
	out := &sink{}
	err := New().Collect(t.Context(), collector.Input{Root: root, Limits: collector.DefaultLimits(), Log: slog.New(slog.DiscardHandler)}, &cfg, out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNames(t *testing.T) {
	m := fstest.MapFS{}
	for name, text := range map[string]string{
		"svc/api/go.sum": "a.com/b v1.0.0 h1:x\n", "svc/api/go.mod": "module example.com/api\nrequire a.com/b v1.0.0\n",
		"svc/web/node_modules/x/package-lock.json": "{}", "web-staging.spdx.json": `{"spdxVersion":"SPDX-2.3"}`, "odd": "a==1\n",
	} {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range []struct {
		cfg  Config
		want []parity.Key
	}{
		{Config{Path: "svc"}, []parity.Key{{Kind: Kind, Name: "example.com/api"}, {Kind: Kind, Name: "api/go.sum"}}},
		{Config{Path: "svc", Name: "api"}, []parity.Key{{Kind: Kind, Scope: "api", Name: "example.com/api"}, {Kind: Kind, Scope: "api", Name: "api/go.sum"}}},
		{Config{Path: "web-*.spdx.json"}, []parity.Key{{Kind: Kind, Name: "web-staging"}}},
		{Config{Path: "svc/api/go.sum", Name: "api"}, []parity.Key{{Kind: Kind, Name: "api"}}},
		{Config{Path: "odd", Format: "requirements"}, []parity.Key{{Kind: Kind, Name: "odd"}}},
	} {
		out := run(t, memory{m}, c.cfg)
		var got []parity.Key
		for _, s := range out.subjects {
			got = append(got, s.Subject.Key)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(out.gaps) > 0 {
			t.Errorf("%+v: gaps %v (-want +got)\n%s", c.cfg, out.gaps, diff)
		}
	}
}

// TestBinaryInPlace reads this very test's executable, on disk and as a whole.
func TestBinaryInPlace(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	root := place.Dir(filepath.Dir(exe))
	t.Cleanup(func() { _ = root.Close() })
	out := run(t, root, Config{Path: filepath.Base(exe), Name: "api"})
	found := false
	for _, s := range out.subjects {
		for _, f := range s.Facts {
			found = found || strings.HasPrefix(f.Path, "/packages[purl=pkg:golang/stdlib]")
			if f.Line != 0 {
				t.Fatalf("a binary has no lines: %+v", f)
			}
		}
	}
	if !found {
		t.Errorf("%+v", out)
	}
}

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"go.sum", "x.cdx.json", "requirements-dev.txt", "x.json", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root := place.Dir(dir)
	t.Cleanup(func() { _ = root.Close() })
	for name, want := range map[string]int{"go.sum": 85, "x.cdx.json": 85, "requirements-dev.txt": 60, "x.json": 0, "notes.txt": 0, ".": 0} {
		p, err := root.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := detect(p); got != want {
			t.Errorf("%s fits with %d, want %d", name, got, want)
		}
	}
}

func TestSyftAbsent(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	root := place.Dir(t.TempDir())
	t.Cleanup(func() { _ = root.Close() })
	out := run(t, root, Config{Syft: true, Image: "registry:registry.example.com/shop/web:1.4.0"})
	if len(out.subjects) != 0 || len(out.gaps) != 1 || out.gaps[0].Name != "shop/web" || !strings.Contains(out.gaps[0].Reason, "syft is not there") || !strings.Contains(out.gaps[0].Hint, "install syft") {
		t.Errorf("%+v", out)
	}
}

// TestSyft asks the real syft about a directory with a lock file.
func TestSyft(t *testing.T) {
	t.Setenv("PATH", filepath.Dir(component.Binary(t, "syft")))
	dir := t.TempDir()
	lock, err := json.Marshal(map[string]any{
		"name": "web", "lockfileVersion": 3, "packages": map[string]any{
			"": map[string]any{"name": "web"}, "node_modules/lodash": map[string]any{"version": "4.17.21"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package-lock.json"), lock, 0o600); err != nil {
		t.Fatal(err)
	}
	root := place.Dir(dir)
	t.Cleanup(func() { _ = root.Close() })
	out := run(t, root, Config{Syft: true, Dir: ".", Name: "web"})
	if len(out.subjects) != 1 || out.subjects[0].Subject.Key != (parity.Key{Kind: Kind, Name: "web"}) {
		t.Fatalf("%+v", out)
	}
	// syft lists the project itself, too, which states no version.
	if len(out.gaps) != 1 || out.gaps[0].Path != "/packages[purl=pkg:npm/web]" {
		t.Errorf("gaps %+v", out.gaps)
	}
	for _, f := range out.subjects[0].Facts {
		if f.Path == "/packages[purl=pkg:npm/lodash]" && f.Value.Raw == "4.17.21" && f.Origin.Renderer == "syft" {
			return
		}
	}
	t.Errorf("%+v", out.subjects[0].Facts)
}
