package acceptance

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/realdata"
)

// The files that hold what people said of differences: repository, fingerprint,
// judgement and why, separated by tabs.
const (
	judgedFile       = "../../docs/proofs/judged.tsv"
	judgedFirstFiles = "../../docs/proofs/judged-init*.tsv"
)

// The most of a sample that may be wrong, noise, and intended once what check
// proposes is accepted. At most 0.40 intended are wanted; what is held there is
// what was measured, so that it gets no worse.
const (
	maxWrong    = 0.02
	maxNoise    = 0.03
	maxIntended = 0.80
)

// sampleSize is how many differences of a report are judged at most.
const sampleSize = 30

// judgements are what can be said of a difference (docs/proofs/judged.md).
var judgements = []string{"real", "intended", "noise", "wrong"}

// opinion is what one person said of one difference.
type opinion struct{ judgement, why string }

// opinions are what was said of differences, by repository and fingerprint.
type opinions map[[2]string]opinion

// TestJudgedDifferences holds that of the differences that a reader meets first in
// repositories that Parity was not written for, few are noise and nearly none is
// untrue, and that most of what remains after check's own proposals are accepted
// is worth correcting. PARITY_JUDGE=DIR writes what is to be judged.
func TestJudgedDifferences(t *testing.T) {
	all := readJudged(t, judgedFile)
	before, after := map[string]int{}, map[string]int{}
	for _, repository := range judgedRepositories(t) {
		dir := handProject(t, repository)
		sample := sampleOf(result(t, dir, "check"))
		writeSample(t, repository, sample)
		acceptProposals(t, dir)
		left := countingPrints(result(t, dir, "check"))
		remaining := slices.DeleteFunc(slices.Clone(sample), func(d *parity.Difference) bool { return !left[d.Fingerprint] })
		addCounts(before, logCounts(t, repository, all.count(repository, sample)))
		addCounts(after, all.count(repository, remaining))
	}
	logCounts(t, "all", before)
	logCounts(t, "after accepting proposals", after)
	holdJudged(t, "all", before)
	holdShare(t, after, "intended", maxIntended)
}

// count returns how many differences of a sample have each judgement.
func (o opinions) count(repository string, sample []*parity.Difference) map[string]int {
	counts := map[string]int{}
	for _, d := range sample {
		j := o[[2]string{repository, d.Fingerprint}].judgement
		if j == "" {
			j = "not judged"
		}
		counts[j]++
	}
	return counts
}

func addCounts(to, from map[string]int) {
	for j, n := range from {
		to[j] += n
	}
}

func logCounts(t *testing.T, name string, counts map[string]int) map[string]int {
	t.Helper()
	t.Logf("%-30s %v", name, counts)
	return counts
}

// holdJudged holds that a sample has few differences that are wrong, noise, or
// not judged.
func holdJudged(t *testing.T, name string, counts map[string]int) {
	t.Helper()
	holdShare(t, counts, "wrong", maxWrong)
	holdShare(t, counts, "noise", maxNoise)
	holdEnoughJudged(t, name, counts)
}

// holdEnoughJudged holds that at least three quarters of a sample are judged.
func holdEnoughJudged(t *testing.T, name string, counts map[string]int) {
	t.Helper()
	if all, open := total(counts)+counts["not judged"], counts["not judged"]; 4*open > all {
		t.Errorf("%s: %d of %d differences are not judged", name, open, all)
	}
}

// holdShare holds that the share of a judgement among those judged is small.
func holdShare(t *testing.T, counts map[string]int, judgement string, most float64) {
	t.Helper()
	if share := float64(counts[judgement]) / float64(max(total(counts), 1)); share > most {
		t.Errorf("%.1f %% are %s, at most %.0f %% wanted", 100*share, judgement, 100*most)
	}
}

func total(counts map[string]int) int {
	n := 0
	for _, j := range judgements {
		n += counts[j]
	}
	return n
}

// readJudged reads all files that match a pattern. A difference is judged once.
func readJudged(t *testing.T, pattern string) opinions {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no judgements in %s: %v", pattern, err)
	}
	out := opinions{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			f := strings.Split(line, "\t")
			if len(f) != 4 || !slices.Contains(judgements, f[2]) || f[3] == "" {
				t.Fatalf("%s:%d: want repository, fingerprint, one of %q and why", file, i+1, judgements)
			}
			out[[2]string{f[0], f[1]}] = opinion{f[2], f[3]}
		}
	}
	return out
}

// judgedRepositories are those that have a configuration by hand.
func judgedRepositories(t *testing.T) []string {
	t.Helper()
	return repositoriesWith(t, "parity.yaml")
}

// repositoriesWith returns the repositories that have a file beside their tree.
func repositoriesWith(t *testing.T, file string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(realdata.Path(t, "repos"), "*", file))
	if err != nil || len(files) == 0 {
		t.Fatalf("no repository with %s: %v", file, err)
	}
	for i, f := range files {
		files[i] = filepath.Base(filepath.Dir(f))
	}
	return files
}

// handProject copies a repository's tree and its configuration by hand.
func handProject(t *testing.T, repository string) string {
	t.Helper()
	dir := treeProject(t, repository)
	config, err := os.ReadFile(realdata.Path(t, "repos", repository, "parity.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "parity.yaml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// treeProject copies a repository's tree, links as they are.
func treeProject(t *testing.T, repository string) string {
	t.Helper()
	dir := t.TempDir()
	if err := copyTree(realdata.Path(t, "repos", repository, "tree"), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		at := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(at, 0o750)
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(target, at)
		default:
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(at, data, 0o600)
		}
	})
}

// sampleOf takes the counting differences that a reader meets first: one of each
// group in the report's order, then the second of each, and so on.
func sampleOf(r *parity.Result) []*parity.Difference {
	var out []*parity.Difference
	seen := map[string]bool{}
	for round, more := 0, true; more; round++ {
		more = false
		for i := range r.Groups {
			g := &r.Groups[i]
			if !g.Counts || round >= len(g.Differences) {
				continue
			}
			more = true
			if d := &g.Differences[round]; !seen[d.Fingerprint] {
				seen[d.Fingerprint] = true
				if out = append(out, d); len(out) == sampleSize {
					return out
				}
			}
		}
	}
	return out
}

func countingPrints(r *parity.Result) map[string]bool {
	out := map[string]bool{}
	for i := range r.Groups {
		for j := range r.Groups[i].Differences {
			if r.Groups[i].Counts {
				out[r.Groups[i].Differences[j].Fingerprint] = true
			}
		}
	}
	return out
}

// acceptProposals accepts all that check proposes.
func acceptProposals(t *testing.T, dir string) {
	t.Helper()
	args := []string{"accept", "--reason", "proposed"}
	proposals := result(t, dir, "check").Proposals
	for _, p := range proposals {
		args = append(args, p.ID)
	}
	if len(proposals) == 0 {
		return
	}
	if code, _, stderr := command(t, dir, args...); code != 0 {
		t.Fatalf("parity %v: exit %d: %s", args, code, stderr)
	}
}

// writeSample writes what is to be judged of a repository, for a person, where
// PARITY_JUDGE names a directory.
func writeSample(t *testing.T, repository string, sample []*parity.Difference) {
	t.Helper()
	dir := os.Getenv("PARITY_JUDGE")
	if dir == "" {
		return
	}
	var b strings.Builder
	for _, d := range sample {
		fmt.Fprintf(&b, "%s\t%s\t%s %s %s/%s %s\n", repository, d.Fingerprint, d.Class, d.Subject.Kind, d.Subject.Scope, d.Subject.Name, d.Path)
		for i := range d.Sides {
			side, err := json.Marshal(d.Sides[i])
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "\t\t%s\n", side)
		}
		if d.Note != "" {
			fmt.Fprintf(&b, "\t\tnote: %s\n", d.Note)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, repository+".txt"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSampleIsWhatAReaderMeetsFirst holds the order of the sample.
func TestSampleIsWhatAReaderMeetsFirst(t *testing.T) {
	group := func(counts bool, prints ...string) parity.Group {
		g := parity.Group{Counts: counts}
		for _, p := range prints {
			g.Differences = append(g.Differences, parity.Difference{Fingerprint: p})
		}
		return g
	}
	r := &parity.Result{Groups: []parity.Group{group(true, "a1", "a2", "a3"), group(true, "b1", "a1"), group(false, "x")}}
	var got []string
	for _, d := range sampleOf(r) {
		got = append(got, d.Fingerprint)
	}
	if want := []string{"a1", "b1", "a2", "a3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if want := slices.Sorted(maps.Keys(countingPrints(r))); !slices.Equal(want, []string{"a1", "a2", "a3", "b1"}) {
		t.Errorf("%q", want)
	}
}
