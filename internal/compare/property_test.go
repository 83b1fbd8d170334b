package compare

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

// drawEnv draws an environment from a small vocabulary, so that subjects and
// paths of two draws meet often, and rarely agree by chance.
func drawEnv(t *rapid.T, name string, reference bool) *env {
	e := &env{name: name, reference: reference}
	kinds := []string{"App", "ConfigMap", "Deployment"}
	names := []string{"web", "web-staging", "web-production", "db", "db-2f5b8g9hkm", "queue"}
	scopes := []string{"", "shop", "shop-staging", "production"}
	paths := []string{
		"/a", "/b/c", "/image", "/l[0]/x", "/l[1]/x", "/l[2]/x", "/m[=one]", "/m[=two-staging]", "/m[=two-production]",
		"/env[name=HOST]/value", "/env[name=URL]/value", "/resources/limits/cpu", "/k-staging/v", "/k-production/v",
	}
	values := []string{
		"", "1", "1000m", "true", "a", "b", "db.staging.example.com", "db.production.example.com", "db.example.com",
		"https://x.staging.example.com/", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::444455556666:role/x",
		"350c0e9c-6d40-419b-b5f7-ce2f92e64bfe", "d9033e40-69e8-4bbc-a61a-cd3c50254d04", "shop/web:1.2", "docker.io/shop/web:1.2", "staging", "production", "\x00\x01",
	}
	for range rapid.IntRange(0, 8).Draw(t, "subjects") {
		e.add(rapid.SampledFrom(kinds).Draw(t, "kind"), rapid.SampledFrom(scopes).Draw(t, "scope"), rapid.SampledFrom(names).Draw(t, "name"))
		for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(paths), 0, 8, rapid.ID[string]).Draw(t, "paths") {
			more := &env{}
			more.add("", "", "", p, rapid.SampledFrom(values).Draw(t, "value"))
			e.fact(more.last().Facts[0])
		}
	}
	return e
}

// counting sums a column's counting classes; a leak and a change are one here,
// since whose spelling leaked depends on the side.
func counting(c compared, in Input, col int) (missing, extra, changed int) {
	n := c.counts(in, col)
	return n[parity.Missing], n[parity.Extra], n[parity.Changed] + n[parity.Leak]
}

// TestSelfIsEmpty: a column against itself has no difference that counts.
func TestSelfIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawEnv(t, "staging", false)
		b := &env{name: "production", reference: true, subjects: a.subjects}
		in := Input{Snapshots: []*parity.Snapshot{a.snapshot(), b.snapshot()}}
		if m, x, c := counting(compareIn(t, in), in, 0); m+x+c != 0 {
			t.Fatalf("missing %d, extra %d, changed %d", m, x, c)
		}
	})
}

// TestSwapMirrors: the other way round, missing is extra and the rest stays.
func TestSwapMirrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawEnv(t, "staging", false), drawEnv(t, "production", true)
		a.subjects, b.subjects = unique(a.subjects), unique(b.subjects)
		in := Input{Snapshots: []*parity.Snapshot{a.snapshot(), b.snapshot()}}
		m1, x1, c1 := counting(compareIn(t, in), in, 0)
		a.reference, b.reference = true, false
		in = Input{Snapshots: []*parity.Snapshot{a.snapshot(), b.snapshot()}}
		m2, x2, c2 := counting(compareIn(t, in), in, 1)
		if m1 != x2 || x1 != m2 || c1 != c2 {
			t.Fatalf("missing %d, extra %d, changed %d; swapped %d, %d, %d", m1, x1, c1, m2, x2, c2)
		}
	})
}

// TestOrderDoesNotMatter: however subjects and facts were read, and however
// many environments are beside, the classes are the same.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		envs := []*env{drawEnv(t, "dev", false), drawEnv(t, "staging", false), drawEnv(t, "production", true)}
		describe := func() string {
			in := Input{}
			for _, e := range envs {
				in.Snapshots = append(in.Snapshots, e.snapshot())
			}
			c := compareIn(t, in)
			s := ""
			for _, j := range c.joined {
				s += fmt.Sprintf("%s %s", j.Subject.Key, j.Path)
				for _, cell := range j.Cells {
					s += fmt.Sprintf(" %v/%v/%v", cell.State, cell.Class, cell.Rules)
				}
				s += "\n"
			}
			return s
		}
		for _, e := range envs {
			e.subjects = unique(e.subjects)
		}
		first := describe()
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for _, e := range envs {
			random.Shuffle(len(e.subjects), func(i, j int) { e.subjects[i], e.subjects[j] = e.subjects[j], e.subjects[i] })
			for i := range e.subjects {
				f := e.subjects[i].Facts
				random.Shuffle(len(f), func(i, j int) { f[i], f[j] = f[j], f[i] })
			}
		}
		if second := describe(); first != second {
			t.Fatalf("shuffled:\n%s\nbefore:\n%s", second, first)
		}
	})
}

// unique drops subjects that are declared twice: which of them is meant is
// decided by their order, as an ambiguity says.
func unique(all []parity.SubjectFacts) []parity.SubjectFacts {
	seen := map[parity.Key]bool{}
	var kept []parity.SubjectFacts
	for _, s := range all {
		if !seen[s.Subject.Key] {
			seen[s.Subject.Key] = true
			kept = append(kept, s)
		}
	}
	return kept
}

// TestNothingIsLost: every fact of every column is in exactly one cell.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		envs := []*env{drawEnv(t, "dev", false), drawEnv(t, "staging", false), drawEnv(t, "production", true)}
		in := Input{}
		for _, e := range envs {
			in.Snapshots = append(in.Snapshots, e.snapshot())
		}
		seen := map[*parity.Fact]int{}
		for _, j := range compareIn(t, in).joined {
			for i, cell := range j.Cells {
				if cell.Fact != nil && !j.Synthetic {
					seen[cell.Fact]++
				}
				if (cell.Fact != nil) != (cell.State == parity.Present) {
					t.Fatalf("column %d at %s: state %v with fact %v", i, j.Path, cell.State, cell.Fact != nil)
				}
			}
		}
		for _, s := range in.Snapshots {
			for i := range s.Subjects {
				for k := range s.Subjects[i].Facts {
					if n := seen[&s.Subjects[i].Facts[k]]; n != 1 {
						t.Fatalf("%s: %s %s is in %d cells", s.Column, s.Subjects[i].Subject.Key, s.Subjects[i].Facts[k].Path, n)
					}
				}
			}
		}
	})
}

func compareIn(t *rapid.T, in Input) compared {
	t.Helper()
	return compareInput(t, in)
}
