package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/sampleshop"
)

// planted is a case with its files and its running copies.
type planted struct {
	sampleshop.Case
	dir string
}

// TestSuspectsUnderLoad runs the ten cases under real load before a real Prometheus, and
// holds that the planted cause is among the first three suspects in nine.
func TestSuspectsUnderLoad(t *testing.T) {
	underLoad(t)
	if found, cases := suspected(t, sampleshop.Cases()); found < 9 {
		t.Errorf("%d of %d causes are among the first three suspects, want 9", found, cases)
	}
}

// TestSuspectsElsewhereUnderLoad measures the ranks on causes that they were not made
// with.
func TestSuspectsElsewhereUnderLoad(t *testing.T) {
	underLoad(t)
	if found, cases := suspected(t, sampleshop.Others()); found < cases/2 {
		t.Errorf("%d of %d causes are among the first three suspects", found, cases)
	}
}

// atOnce is how many cases run at the same time, with two copies each.
const atOnce = 5

// suspected gives in how many of the cases the planted cause is found.
func suspected(t *testing.T, cases []sampleshop.Case) (found, all int) {
	t.Helper()
	const window = 90 * time.Second
	lists, in := 0, 0
	for batch := range slices.Chunk(cases, atOnce) {
		var list []planted
		var copies []sampleshop.Copy
		for i, c := range batch {
			p := planted{c, t.TempDir()}
			if err := c.Write(p.dir); err != nil {
				t.Fatal(err)
			}
			list, copies = append(list, p), append(copies, p.start(t, uint64(i))...)
		}
		o := sampleshop.Observe(t, copies...)
		w := o.Run(t, window, nil, sampleshop.DefaultMix(), 40, 1)
		quiet(t, w)
		for _, p := range list {
			hits, of := p.check(t, o.URL.String(), window, w.End)
			lists, in = lists+of, in+hits
			if hits*2 > of {
				found++
			}
			t.Logf("%s: the cause is among the first three suspects of %d of %d behaviours that differ", p.Name, hits, of)
		}
	}
	t.Logf("found in %d of %d cases, in %d of %d lists", found, len(cases), in, lists)
	return found, len(cases)
}

// start starts the copies of both environments.
func (p planted) start(t *testing.T, seed uint64) (copies []sampleshop.Copy) {
	t.Helper()
	for k, env := range sampleshop.Environments() {
		s, err := sampleshop.ReadSettings(filepath.Join(p.dir, env))
		if err != nil {
			t.Fatal(err)
		}
		s.Seed = 100*seed + uint64(k)
		copies = append(copies, sampleshop.Copy{Env: p.Name + "-" + env, Service: sampleshop.Start(t, s)})
	}
	return copies
}

// check compares the two environments with what Prometheus saw of them. Of is
// how many endpoints and integrations differ, hits for how many of those the
// planted cause is among the first three suspects.
func (p planted) check(t *testing.T, prometheus string, window time.Duration, end time.Time) (hits, of int) {
	t.Helper()
	more := map[string][]string{}
	for _, env := range sampleshop.Environments() {
		more[env] = []string{fmt.Sprintf(`{collector: prometheus, url: %q, match: ["env=\"%s-%s\""], window: %s, step: 2s}`, prometheus, p.Name, env, window)}
	}
	if err := os.WriteFile(filepath.Join(p.dir, "parity.yaml"), []byte(p.Config(more)), 0o600); err != nil {
		t.Fatal(err)
	}
	r := resultAt(t, end, p.dir, "check")
	others := 0
	for _, d := range differences(r) {
		if !all.Collectors().Kinds().Named(d.Subject.Kind).Telemetry && !p.Planted.Matches(d.Subject.Kind, d.Subject.Name, d.Path) {
			others++
		}
	}
	if others < 30 || len(r.Gaps) > 0 {
		t.Errorf("%s: %d unrelated differences, want 30; gaps %+v", p.Name, others, r.Gaps)
	}
	for _, b := range r.Behaviours {
		if b.Answer != parity.AnswerDifferent {
			continue
		}
		of++
		first := b.Suspects[:min(3, len(b.Suspects))]
		rank := slices.IndexFunc(first, func(s parity.Suspect) bool { return p.Planted.Matches(s.Subject.Kind, s.Subject.Name, s.Path) })
		if rank >= 0 {
			hits++
			continue
		}
		t.Logf("%s: not a suspect of %s %s: %s", p.Name, b.Subject, b.Path, b.Note)
		for _, s := range b.Suspects {
			t.Logf("\t%.3f %s: %s", s.Score, s.Summary, s.Reasons)
		}
	}
	return hits, of
}
