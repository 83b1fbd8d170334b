package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestInForceUpToTheEndOfTheDay(t *testing.T) {
	e := config.Exception{Expires: date("2026-11-23")}
	for _, c := range []struct {
		now  string
		want bool
	}{
		{"2026-11-22T23:59:59Z", true},
		{"2026-11-23T00:00:00Z", true},
		{"2026-11-23T23:59:59.999999999Z", true},
		{"2026-11-24T00:00:00Z", false},
		{"2026-11-24T01:30:00+02:00", true},
		{"2026-11-23T20:00:00-05:00", false},
	} {
		now, err := time.Parse(time.RFC3339Nano, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := InForce(e, now); got != c.want {
			t.Errorf("at %s: %t, want %t", c.now, got, c.want)
		}
	}
}

// Whether an exception is in force is asked of InForce and of nothing else.
func TestOnlyInForceLooksAtExpiry(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (name == "testdata" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		if filepath.ToSlash(rel) == "internal/policy/exceptions.go" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return nil // another test's matter
		}
		files++
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Expires" {
				t.Errorf("%s looks at Expires by itself; call policy.InForce", rel)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files were looked at", files)
	}
}

func excepting(e config.Exception) *config.Config {
	e.Name, e.Reason, e.Owner, e.Approver = "later", "there was no time", "web team", "lead"
	if e.Expires.IsZero() {
		e.Expires = date("2026-12-01")
	}
	return &config.Config{Exceptions: []config.Exception{e}}
}

func TestExceptionCovers(t *testing.T) {
	const unused, expired = "exception-unused", "exception-expired"
	web := subject("Deployment", "web", "web", "web")
	changed := text(web, "/a", "1", "2")
	print := only(t, judge(t, nil, two, changed)).Fingerprint
	leak := text(web, "/a", "1", "2")
	leak.Cells[0].Class = parity.Leak
	any := []config.Match{{Kind: "Deployment"}}
	for _, c := range []struct {
		name    string
		e       config.Exception
		fact    *parity.Joined
		class   parity.Class
		finding string
	}{
		{"by match", config.Exception{Match: any}, changed, parity.Excepted, ""},
		{"by path", config.Exception{Match: []config.Match{{Path: "a"}}}, changed, parity.Excepted, ""},
		{"by another path", config.Exception{Match: []config.Match{{Path: "b"}}}, changed, parity.Changed, unused},
		{"by surface", config.Exception{Match: []config.Match{{Surface: ptr(parity.Config)}}}, changed, parity.Excepted, ""},
		{"by fingerprint", config.Exception{Fingerprints: []string{print}}, changed, parity.Excepted, ""},
		{"by another fingerprint", config.Exception{Fingerprints: []string{"0123456789abcdef"}}, changed, parity.Changed, unused},
		{"in its environment", config.Exception{Match: any, Environments: []string{"staging"}}, changed, parity.Excepted, ""},
		{"in another environment", config.Exception{Match: any, Environments: []string{"dev"}}, changed, parity.Changed, unused},
		{"of its class", config.Exception{Match: any, Classes: []string{"changed"}}, changed, parity.Excepted, ""},
		{"of another class", config.Exception{Match: any, Classes: []string{"missing"}}, changed, parity.Changed, unused},
		{"no leak by the way", config.Exception{Match: any}, leak, parity.Leak, unused},
		{"a leak by name", config.Exception{Match: any, Classes: []string{"leak"}}, leak, parity.Excepted, ""},
		{"on its last day", config.Exception{Match: any, Expires: date("2026-11-23")}, changed, parity.Excepted, ""},
		{"after its last day", config.Exception{Match: any, Expires: date("2026-11-22")}, changed, parity.Changed, expired},
		{"ended and idle", config.Exception{Match: any, Expires: date("2026-11-22")}, text(web, "/a", "1", "1"), parity.Equal, expired},
		{"nothing to cover", config.Exception{Match: any}, text(web, "/a", "1", "1"), parity.Equal, unused},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(t, excepting(c.e), two, c.fact)
			if j.Classes[0].Counts[c.class] != 1 {
				t.Errorf("counts %v, want %s", j.Classes[0].Counts, c.class)
			}
			got := ""
			for _, f := range j.Findings {
				got += f.Kind
				if f.Kind == expired && f.Severity != parity.High {
					t.Errorf("%+v", f)
				}
			}
			if got != c.finding {
				t.Errorf("findings %q, want %q", got, c.finding)
			}
			if c.class != parity.Excepted {
				return
			}
			d := only(t, j)
			if d.Fingerprint != print && c.fact == changed {
				t.Error("the exception moved the fingerprint")
			}
			if x := d.Decision; x.Kind != "exception" || x.Owner != "web team" || x.Approver != "lead" || x.Until == "" || x.Reason == "" {
				t.Errorf("decision %+v", x)
			}
		})
	}
}

func TestExpectationMakesAnExceptionNeedless(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	cfg := excepting(config.Exception{Match: []config.Match{{Kind: "*"}}})
	cfg.Expectations = []config.Expectation{{Name: "e", Match: []config.Match{{Kind: "*"}}}}
	j := judge(t, cfg, two, text(web, "/a", "1", "2"))
	if d := only(t, j); d.Class != parity.Expected || len(j.Findings) != 1 || j.Findings[0].Kind != "exception-unused" {
		t.Errorf("%+v %+v", d, j.Findings)
	}
}

func TestColumnsWithOtherDecisionsAreApart(t *testing.T) {
	web := subject("Deployment", "web", "web", "web", "web")
	cell := func(class parity.Class) parity.Cell { return here(class, parity.Text, "1") }
	both := fact(web, parity.Config, "/a", cell(parity.Changed), cell(parity.Changed), cell(parity.Equal))
	any := []config.Match{{Kind: "*"}}
	cfg := &config.Config{Exceptions: []config.Exception{
		{Name: "one", Match: any, Environments: []string{"dev"}, Expires: date("2026-12-01")},
		{Name: "two", Match: any, Environments: []string{"staging"}, Expires: date("2026-12-01")},
	}}
	j := judge(t, cfg, three, both)
	if len(j.Differences) != 2 || j.Differences[0].Decision.Name != "one" || j.Differences[1].Decision.Name != "two" {
		t.Errorf("%+v", j.Differences)
	}
	if j.Differences[0].Fingerprint != j.Differences[1].Fingerprint {
		t.Error("one difference has two fingerprints")
	}
}
