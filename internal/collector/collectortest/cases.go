package collectortest

import (
	"context"
	"fmt"
	"maps"
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

// Cases runs the cases of testdata/cases/*.txtar: the head is the source's
// config and, under "show", the beginnings or ends of the paths of the facts
// that the case is about; the files are the project; "want" is what must be
// read. With update the wants are written.
func Cases(t *testing.T, c collector.Collector, update bool) {
	t.Helper()
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, c, file, update) })
	}
}

func runCase(t *testing.T, c collector.Collector, file string, update bool) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var head struct {
		Show []string `yaml:"show"`
	}
	cfg := c.NewConfig()
	for _, into := range []any{&head, cfg} {
		if err := yaml.Unmarshal(a.Comment, into); err != nil {
			t.Fatal(err)
		}
	}
	want, dir := "", t.TempDir()
	if i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" }); i >= 0 {
		want = string(a.Files[i].Data)
		a.Files = slices.Delete(a.Files, i, i+1)
	}
	if err := txtar.Write(a, dir); err != nil {
		t.Fatal(err)
	}
	got := dump(Snapshot(t, c, dir, cfg), head.Show)
	if again := dump(Snapshot(t, c, dir, cfg), head.Show); again != got {
		t.Errorf("a second reading says something else:\n%s", cmp.Diff(got, again))
	}
	if update {
		a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Snapshot runs one source of a project. cfg is a pointer to the collector's
// config.
func Snapshot(t testing.TB, c collector.Collector, dir string, cfg any) *parity.Snapshot {
	t.Helper()
	root := place.Dir(dir)
	t.Cleanup(func() {
		if err := root.Close(); err != nil {
			t.Error(err)
		}
	})
	snap, err := collector.Run(context.Background(), collector.RunInput{
		Column:   parity.Column{Environment: "staging", Role: parity.Desired},
		Sources:  []collector.Configured{{Collector: c, Config: cfg, Name: "staging"}},
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
	var b strings.Builder
	for _, g := range s.Gaps {
		fmt.Fprintf(&b, "gap %q %q %q %q\n  %s\n  at %s\n", g.Kind, g.Scope, g.Name, g.Path, g.Reason, g.Where)
		if g.Hint != "" {
			fmt.Fprintf(&b, "  hint %s\n", g.Hint)
		}
		if g.Hides != parity.HidesAnything {
			fmt.Fprintf(&b, "  hides %s", g.Hides)
			if g.Remote != "" {
				fmt.Fprintf(&b, " of %s %s, use known %v", g.Remote, g.Revision, g.Use != "")
			}
			b.WriteByte('\n')
		}
	}
	for _, x := range s.Subjects {
		fmt.Fprintf(&b, "%s\n  from %s\n", x.Subject.Key, chain(x.Subject.Origin, x.Subject.Line))
		for i := range x.Facts {
			dumpFact(&b, &x.Facts[i], show)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Tools)) {
		fmt.Fprintf(&b, "tool %s %s\n", name, s.Tools[name])
	}
	return b.String()
}

func dumpFact(b *strings.Builder, f *parity.Fact, show []string) {
	shown := func(part string) bool { return strings.HasPrefix(f.Path, part) || strings.HasSuffix(f.Path, part) }
	if !slices.ContainsFunc(show, shown) {
		return
	}
	fmt.Fprintf(b, "  %s = %s %s", f.Path, f.Value.Kind, f.Value)
	if f.Value.Canon != "" && f.Value.Kind != parity.Reference {
		fmt.Fprintf(b, " = %s", f.Value.Canon)
	}
	fmt.Fprintf(b, "  (%s)\n", f.Source())
}

// chain writes a provenance, link by link.
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
