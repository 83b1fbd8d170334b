package compose

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

var update = flag.Bool("update", false, "write the golden files")

// caseConfig is the head of a case: the source's config, and which facts the
// case shows, by the beginnings of their paths.
type caseConfig struct {
	Config `yaml:",inline"`
	Show   []string `yaml:"show"`
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c caseConfig
			if err := yaml.Unmarshal(a.Comment, &c); err != nil {
				t.Fatal(err)
			}
			want, dir := "", t.TempDir()
			for i, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
					a.Files = slices.Delete(a.Files, i, i+1)
					break
				}
			}
			if err := txtar.Write(a, dir); err != nil {
				t.Fatal(err)
			}
			got := dump(snapshot(t, dir, c.Config), c.Show)
			if again := dump(snapshot(t, dir, c.Config), c.Show); again != got {
				t.Errorf("a second reading says something else:\n%s", cmp.Diff(got, again))
			}
			if *update {
				a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func snapshot(t testing.TB, dir string, cfg Config) *parity.Snapshot {
	t.Helper()
	root := place.Dir(dir)
	t.Cleanup(func() { root.Close() })
	snap, err := collector.Run(context.Background(), collector.RunInput{
		Column:   parity.Column{Environment: "staging", Role: parity.Desired},
		Sources:  []collector.Configured{{Collector: New(), Config: &cfg, Name: "staging"}},
		Root:     root,
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil),
		Now:      time.Unix(0, 0).UTC(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// dump writes what a case is about: gaps, subjects, where they are from, and
// the facts it asks for.
func dump(s *parity.Snapshot, show []string) string {
	var b bytes.Buffer
	for _, g := range s.Gaps {
		fmt.Fprintf(&b, "gap %q %q %q %q\n  %s\n  at %s\n", g.Kind, g.Scope, g.Name, g.Path, g.Reason, g.Where)
		if g.Hint != "" {
			fmt.Fprintf(&b, "  hint %s\n", g.Hint)
		}
	}
	for _, x := range s.Subjects {
		fmt.Fprintf(&b, "%s\n  from %s\n", x.Subject.Key, chain(x.Subject.Origin, x.Subject.Line))
		for _, f := range x.Facts {
			if slices.ContainsFunc(show, func(end string) bool { return strings.HasPrefix(f.Path, end) }) {
				fmt.Fprintf(&b, "  %s = %s %s", f.Path, f.Value.Kind, f.Value)
				if f.Value.Canon != "" && f.Value.Kind != parity.Reference {
					fmt.Fprintf(&b, " = %s", f.Value.Canon)
				}
				fmt.Fprintf(&b, "  (%s)\n", f.Source())
			}
		}
	}
	for _, name := range slices.Sorted(mapKeys(s.Tools)) {
		fmt.Fprintf(&b, "tool %s %s\n", name, s.Tools[name])
	}
	return b.String()
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func chain(o *parity.Origin, line int32) string {
	var parts []string
	for ; o != nil; o = o.From {
		p := string(o.Precision) + " " + o.File
		if o.Precision == parity.AtLine && line > 0 {
			p += fmt.Sprintf(":%d", line)
		}
		if o.Renderer != "" {
			p += " by " + o.Renderer
		}
		if o.Object != "" {
			p += " (" + o.Object + ")"
		}
		parts = append(parts, p)
	}
	return strings.Join(parts, " < ")
}
