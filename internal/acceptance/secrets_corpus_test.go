package acceptance

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/envparity/parity/internal/cli"
)

// What the corpus holds at least. It only grows.
const (
	minPlanted  = 2485
	minFormats  = 1460
	minHarmless = 373
)

// The targets: how much of what is planted must not leak, and how much of what
// is harmless may be hidden.
const (
	structuredTarget = 0.99
	restTarget       = 0.95
	harmlessTarget   = 0.02
)

// TestSecretsCorpus plants secrets in every kind of source, runs every command
// with every report, looks for them in everything that was written, and prints
// what leaked.
func TestSecretsCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a large project many times")
	}
	c := newCorpus(t)
	broken := c.plantBroken(t)
	mistakes := c.plantMistakes(t)
	live, environ := c.plantLive(t)
	objects := c.plantCluster(t)
	others := c.plantOthers(t)

	s := &sweep{finder: newFinder(c.plants), leaks: map[*plantedSecret]map[string]bool{}, environ: environ, key: c.match(`[a-f0-9]{64}`)}
	s.project(t, c.files, c.files.config(), true)
	s.project(t, broken, broken["parity.yaml"], false)
	s.project(t, tree{}, live, false)
	if cached := s.project(t, objects, objects["parity.yaml"], false); cached == 0 {
		t.Error("the run on a cluster kept nothing in the cache: the cache was not searched")
	}
	s.init(t, c.files)
	s.compareTraces(t, others.traces)
	s.project(t, others.images, others.images["parity.yaml"], false)
	for _, config := range mistakes {
		s.project(t, tree{}, config, false)
	}

	blind, plants := splitBlind(shownControls(t, c.plants, s.leaks))
	report := table(plants, s.leaks)
	expectations(t, &report)
	hidden, of := harmlessHidden(t, "harmless.tsv")
	fmt.Fprintf(&report, "\nharmless settings: %d planted, %d hidden (%.1f %%, at most %.0f %%)\n", of, len(hidden),
		100*float64(len(hidden))/float64(of), 100*harmlessTarget)
	for _, name := range hidden {
		fmt.Fprintf(&report, "  hidden: %s\n", name)
	}
	for _, p := range plants {
		if s.leaks[p]["traces"] {
			t.Errorf("%s | %s: traces prints it", p.class, p.format)
		}
	}
	blindly := measureBlind(t, blind, s.leaks)
	blindly.print(&report)
	t.Log("\n" + report.String())
	judge(t, plants, s.leaks, len(hidden), of)
	blindly.judge(t)
}

// shownControls takes the controls out of the plants, each of which must have
// been found.
func shownControls(t *testing.T, plants []*plantedSecret, leaks map[*plantedSecret]map[string]bool) []*plantedSecret {
	t.Helper()
	return slices.DeleteFunc(plants, func(p *plantedSecret) bool {
		if p.class == control && !leaks[p]["report.json"] {
			t.Errorf("%s: a value that is no secret is not in the report: the place was not read", p.place)
		}
		return p.class == control
	})
}

// judge holds the sizes of the corpus and the targets.
func judge(t *testing.T, plants []*plantedSecret, leaks map[*plantedSecret]map[string]bool, hidden, harmless int) {
	t.Helper()
	formats := formatsOf(plants)
	var planted, leaked [2]int
	for _, p := range plants {
		i := 0
		if p.structured {
			i = 1
		}
		planted[i]++
		if len(leaks[p]) > 0 {
			leaked[i]++
		}
	}
	if n := planted[0] + planted[1]; n < minPlanted || len(formats) < minFormats || harmless < minHarmless {
		t.Errorf("%d planted of %d formats and %d harmless settings; at least %d, %d and %d are needed",
			n, len(formats), harmless, minPlanted, minFormats, minHarmless)
	}
	for i, target := range []float64{restTarget, structuredTarget} {
		if recall := 1 - float64(leaked[i])/float64(planted[i]); recall < target {
			t.Errorf("%s: %.2f %% stay hidden, at least %.2f %% must", []string{"the rest", "structured tokens"}[i], 100*recall, 100*target)
		}
	}
	if share := float64(hidden) / float64(harmless); share > harmlessTarget {
		t.Errorf("%.2f %% of harmless settings are hidden, at most %.2f %% may be", 100*share, 100*harmlessTarget)
	}
}

// formatsOf names the formats of plants, each once.
func formatsOf(plants []*plantedSecret) map[string]bool {
	formats := map[string]bool{}
	for _, p := range plants {
		formats[p.class+"/"+p.format] = true
	}
	return formats
}

// sweep looks for secrets in everything that runs write.
type sweep struct {
	finder *finder
	leaks  map[*plantedSecret]map[string]bool
	// key is the project's key.
	key string
	// environ are variables that runs see.
	environ map[string]string
}

// look searches one output.
func (s *sweep) look(output, text string) {
	s.finder.find(text, func(p *plantedSecret) {
		if s.leaks[p] == nil {
			s.leaks[p] = map[string]bool{}
		}
		s.leaks[p][output] = true
	})
}

// run runs one command and looks at what it prints.
func (s *sweep) run(t *testing.T, dir, output string, args ...string) (code int, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(context.Background(), args, cli.Process{
		Dir: dir, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &errs,
		Lookup: func(name string) (string, bool) {
			switch name {
			case "PARITY_KEY":
				return s.key, true
			case "PATH":
				return os.Getenv("PATH"), true
			}
			v, ok := s.environ[name]
			return v, ok
		},
		Now: func() time.Time { return today }, Random: rand.Reader, Version: "test",
	})
	s.look(output, out.String())
	s.look("stderr", errs.String())
	return code, errs.String()
}

// project runs the commands on a project and looks at everything they write. It
// returns how many files they wrote into the project.
func (s *sweep) project(t *testing.T, files tree, config string, whole bool) (written int) {
	t.Helper()
	dir, out := t.TempDir(), t.TempDir()
	files.write(t, dir)
	tree{"parity.yaml": config}.write(t, dir)
	before := filesOf(t, dir)

	args := []string{"check", "-v", "--all", "--long", "--width", "200"}
	for _, format := range []string{"terminal", "json", "markdown", "html", "sarif", "junit"} {
		args = append(args, "--output", format+"="+filepath.Join(out, "report."+format))
	}
	args = append(args, "--write-baseline", filepath.Join(out, "baseline"))
	if code, stderr := s.run(t, dir, "terminal", args...); code == 2 && whole {
		t.Fatalf("the project of the corpus is refused: %s", stderr)
	}
	s.run(t, dir, "terminal, narrow", "check", "--width", "60")
	if whole {
		s.others(t, dir, out)
	}
	for name, text := range filesOf(t, out) {
		s.look(filepath.Base(name), text)
	}
	return s.written(t, "cache and project files", dir, before)
}

// others runs the commands beside check.
func (s *sweep) others(t *testing.T, dir, out string) {
	t.Helper()
	for _, env := range secretEnvs {
		s.run(t, dir, "stdout of snapshot", "snapshot", env, "-o", filepath.Join(out, "snapshot-"+env))
	}
	s.run(t, dir, "diff", "diff", "--all", "--long", secretEnvs[0]+"/k8s", secretEnvs[1]+"/k8s")
	s.run(t, dir, "align", "align")
	s.run(t, dir, "bindings", "bindings")
	s.run(t, dir, "bindings", "bindings", "--write")
	for _, env := range secretEnvs {
		s.run(t, dir, "drift", "drift", env, "--all", "--long")
	}
	report, err := os.ReadFile(filepath.Join(out, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fingerprint := range fingerprints(string(report), explained) {
		s.run(t, dir, "explain", "explain", fingerprint)
	}
}

// filesOf reads all files below a directory, decompressed.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		out[path] = string(b) + decompressed(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// decompressed is what stands in a file that zstd compressed, or nothing.
func decompressed(b []byte) string {
	z, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return ""
	}
	defer z.Close()
	text, _ := io.ReadAll(z)
	return string(text)
}

// table prints what was planted and what leaked, by class, place and output.
func table(plants []*plantedSecret, leaks map[*plantedSecret]map[string]bool) (report bytes.Buffer) {
	classes, places, outputs := tally{}, tally{}, map[string]int{}
	var leaked []string
	for _, p := range plants {
		hit := len(leaks[p]) > 0
		kind := "the rest"
		if p.structured {
			kind = "structured tokens"
		}
		classes.count(kind+": "+p.class, hit)
		classes.count(kind, hit)
		places.count(p.place, hit)
		for output := range leaks[p] {
			outputs[output]++
		}
		if hit && !p.heldOut { // what is held out is counted, not told
			leaked = append(leaked, fmt.Sprintf("  %s | %s | %s", p.class, p.format, p.place))
		}
	}
	fmt.Fprintf(&report, "%d secrets of %d formats\n\n", len(plants), len(formatsOf(plants)))
	classes.print(&report, "class")
	places.print(&report, "place")
	fmt.Fprintln(&report, "leaked by output:")
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		fmt.Fprintf(&report, "%6d  %s\n", outputs[name], name)
	}
	sort.Strings(leaked)
	fmt.Fprintf(&report, "leaked:\n%s\n", strings.Join(slices.Compact(leaked), "\n"))
	return report
}

// tally counts planted and leaked by a name.
type tally map[string]*[2]int

func (c tally) count(name string, leaked bool) {
	if c[name] == nil {
		c[name] = new([2]int)
	}
	c[name][0]++
	if leaked {
		c[name][1]++
	}
}

func (c tally) print(out io.Writer, title string) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "planted\tleaked\trecall\t  %s\n", title)
	for _, name := range slices.Sorted(maps.Keys(c)) {
		n := c[name]
		fmt.Fprintf(w, "%d\t%d\t%.1f %%\t  %s\n", n[0], n[1], 100-100*float64(n[1])/float64(n[0]), name)
	}
	w.Flush()
	fmt.Fprintln(out)
}
