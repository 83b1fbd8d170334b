package discover_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/discover"
)

var update = flag.Bool("update", false, "rewrite golden files")

const golden = "parity.yaml.golden"

// every lets all layouts look, whatever collectors there are.
func every(string, string) bool { return true }

// kinds have the keys that discover writes.
func kinds() config.Kinds {
	return config.Kinds{
		"kubernetes-manifests": func() any {
			return new(struct {
				Path   string   `yaml:"path" required:"true"`
				Values []string `yaml:"values"`
				Follow bool     `yaml:"follow"`
			})
		},
		"compose": func() any {
			return new(struct {
				Files       []string          `yaml:"files" required:"true"`
				EnvFiles    []string          `yaml:"envFiles"`
				Environment map[string]string `yaml:"environment"`
			})
		},
		"dotenv": func() any {
			return new(struct {
				Files []string `yaml:"files" required:"true"`
				Name  string   `yaml:"name"`
			})
		},
		"helmfile": func() any {
			return new(struct {
				Path        string `yaml:"path" required:"true"`
				Environment string `yaml:"environment"`
			})
		},
		"terraform-config": func() any {
			return new(struct {
				Path     string   `yaml:"path" required:"true"`
				VarFiles []string `yaml:"varFiles"`
				Name     string   `yaml:"name"`
			})
		},
		"files": func() any {
			return new(struct {
				Paths []string `yaml:"paths" required:"true"`
				Name  string   `yaml:"name"`
			})
		},
	}
}

// tree makes a file system of an archive's files. "object" stands for the text
// of some Kubernetes object.
func tree(files []txtar.File) fstest.MapFS {
	out := fstest.MapFS{}
	for _, f := range files {
		data := f.Data
		if strings.TrimSpace(string(data)) == "object" {
			data = []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")
		}
		out[f.Name] = &fstest.MapFile{Data: data, Mode: 0o644}
	}
	return out
}

// TestTrees holds what is written for each tree in testdata against its golden
// part: a parity.yaml, or the error.
func TestTrees(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no trees", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			last := len(ar.Files) - 1
			if ar.Files[last].Name != golden {
				t.Fatalf("the last file is not %s", golden)
			}
			got := written(t, tree(ar.Files[:last]))
			if *update {
				ar.Files[last].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(ar.Files[last].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// written gives the parity.yaml for a tree up to its hints, after it has seen
// that it loads with them and without; or the error.
func written(t *testing.T, fsys fs.FS) string {
	t.Helper()
	plan, err := discover.Discover(fsys, every)
	if err != nil {
		var e *parity.Error
		if !errors.As(err, &e) || e.Code != parity.CodeConfig || e.Hint == "" {
			t.Errorf("an error without code or hint: %v", err)
		}
		return "error: " + err.Error() + "\n"
	}
	plan.Project = "shop"
	text := plan.YAML("https://example.com/schema.json")
	loads(t, text)
	loads(t, uncomment(text))
	loads(t, []byte(strings.ReplaceAll(string(text), "\n  # - {", "\n  - {")))
	body, _, _ := strings.Cut(string(text), "\n# Who owns what")
	return body
}

var hint = regexp.MustCompile(`(?m)^#([a-z]|  )`)

// uncomment takes the # off the hints.
func uncomment(text []byte) []byte {
	return hint.ReplaceAllFunc(text, func(m []byte) []byte { return m[1:] })
}

func loads(t *testing.T, text []byte) {
	t.Helper()
	cfg, err := config.Load("parity.yaml", text, kinds())
	if err != nil {
		t.Fatalf("what was written does not load:\n%v\n%s", err, text)
	}
	columns := config.Columns(cfg)
	if len(columns) < 2 || !columns[len(columns)-1].Column.Reference {
		t.Errorf("%d columns, the last one no reference", len(columns))
	}
}

func TestHintsAreThere(t *testing.T) {
	plan, err := discover.Discover(tree([]txtar.File{{Name: ".env.staging"}, {Name: ".env.production"}}), every)
	if err != nil {
		t.Fatal(err)
	}
	text := uncomment(plan.YAML(""))
	cfg, err := config.Load("parity.yaml", text, kinds())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(cfg.Services) != 1 || len(cfg.Expectations) != 1 || len(cfg.Exceptions) != 1 {
		t.Errorf("the hints without their # are %d services, %d expectations, %d exceptions",
			len(cfg.Services), len(cfg.Expectations), len(cfg.Exceptions))
	}
	if strings.Contains(string(plan.YAML("")), "yaml-language-server") || !strings.HasPrefix(string(plan.YAML("x")), "# yaml-language-server: $schema=x\n") {
		t.Error("the schema's line")
	}
}

// FuzzNames sees that whatever a path is called, the file says
// the same path.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"a", "a b", "yes", "1.5", "#x", "a: b", "- a", "é", `"`, "\x01", "null", "~", "{a}", "a#b", "*a", ".5", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if strings.ToValidUTF8(name, "") != name || strings.ContainsRune(name, 0) || strings.TrimSpace(name) == "" {
			return
		}
		source := func(p string) []discover.Source {
			return []discover.Source{{Collector: "kubernetes-manifests", Keys: []discover.Key{{Name: "path", Text: p}, {Name: "values", List: []string{p}}}}}
		}
		plan := discover.Plan{Project: name, Notes: []string{name}, Environments: []discover.Environment{
			{Name: "staging", Sources: source(name)}, {Name: "production", Sources: source("b")},
		}}
		cfg, err := config.Load("parity.yaml", plan.YAML("x"), kinds())
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if cfg.Project != name {
			t.Errorf("%q became %q", name, cfg.Project)
		}
	})
}

func TestBoundedWalk(t *testing.T) {
	big := fstest.MapFS{}
	deep := strings.Repeat("d/", 200)
	big[deep+".env.staging"] = &fstest.MapFile{}
	big[deep+".env.production"] = &fstest.MapFile{}
	for _, dir := range []string{"node_modules/x", ".git/x", "vendor/x"} {
		big[dir+"/.env.staging"] = &fstest.MapFile{}
		big[dir+"/.env.production"] = &fstest.MapFile{}
	}
	if plan, err := discover.Discover(big, every); err == nil {
		t.Errorf("it looked where it should not: %+v", plan)
	}
}
