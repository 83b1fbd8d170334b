package manifests

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/realdata"

	"github.com/envparity/parity"
)

func TestGOVUKChartRenders(t *testing.T) {
	dir := realdata.Path(t, "govuk")
	for _, env := range []string{"integration", "staging", "production"} {
		s := collectortest.Snapshot(t, New(), dir, &Config{Path: "app-config", Values: []string{"app-config/values-" + env + ".yaml"}, Release: "app-config"})
		apps := 0
		for _, x := range s.Subjects {
			if x.Subject.Kind == "Application" {
				apps++
			}
		}
		if apps < 40 || s.Facts() < 2000 || len(s.Gaps) > 0 {
			t.Errorf("%s: %d Applications, %d facts, gaps %+v", env, apps, s.Facts(), s.Gaps)
		}
		structured := slices.ContainsFunc(s.Subjects, func(x parity.SubjectFacts) bool {
			return slices.ContainsFunc(x.Facts, func(f parity.Fact) bool { return strings.Contains(f.Path, "/helm/values/") })
		})
		if !structured {
			t.Errorf("%s: the values of the Applications are not read as structure", env)
		}
	}
}

func TestHistoryParses(t *testing.T) {
	dir := realdata.Path(t, "history")
	cases, err := os.ReadDir(dir)
	if err != nil || len(cases) != 12 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, c := range cases {
		for _, env := range []string{"staging.yaml", "production.yaml"} {
			s := collectortest.Snapshot(t, New(), dir, &Config{Path: filepath.Join(c.Name(), env)})
			if s.Facts() == 0 || len(s.Gaps) > 0 {
				t.Errorf("%s/%s: %d facts, gaps %+v", c.Name(), env, s.Facts(), s.Gaps)
			}
		}
	}
}

func TestOneBrokenFileOfFiveHundred(t *testing.T) {
	dir := t.TempDir()
	for i := range 500 {
		text := fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c%d\ndata:\n  A: \"%d\"\n", i, i)
		if i == 250 {
			text += "  B: \"hunter2\n C: [\n"
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d.yaml", i)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := collectortest.Snapshot(t, New(), dir, &Config{Path: "."})
	if len(s.Subjects) != 499 {
		t.Errorf("%d subjects, want 499", len(s.Subjects))
	}
	if len(s.Gaps) != 1 {
		t.Fatalf("gaps: %+v", s.Gaps)
	}
	g := s.Gaps[0]
	if !strings.HasPrefix(g.Where, "250.yaml:") || strings.Contains(g.Reason, "hunter2") || g.Kind != "ConfigMap" || g.Name != "c250" {
		t.Errorf("the gap is %+v", g)
	}
	if g.Covers(parity.Key{Kind: "ConfigMap", Name: "c1"}, "/data/A") || !g.Covers(parity.Key{Kind: "ConfigMap", Name: "c250"}, "/data/A") {
		t.Errorf("the gap does not cover its object, and no other: %+v", g)
	}
}

func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("a file of 50 MiB")
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "all.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	filler := strings.Repeat("x", 4000)
	n := 0
	for size := 0; size < 50<<20; n++ {
		size += must(fmt.Fprintf(w, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d}\ndata:\n  A: %s\n---\n", n, filler))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	peak := watchHeap()
	s := collectortest.Snapshot(t, New(), dir, &Config{Path: "all.yaml"})
	if len(s.Subjects) != n || len(s.Gaps) > 0 {
		t.Errorf("%d subjects of %d, gaps %+v", len(s.Subjects), n, s.Gaps)
	}
	if got := peak() >> 20; got > 400 {
		t.Errorf("the heap grew to %d MiB", got)
	}

	if err := os.Truncate(filepath.Join(dir, "all.yaml"), 65<<20); err != nil {
		t.Fatal(err)
	}
	s = collectortest.Snapshot(t, New(), dir, &Config{Path: "all.yaml"})
	if len(s.Subjects) != 0 || len(s.Gaps) != 1 || !strings.Contains(s.Gaps[0].Reason, "larger than") {
		t.Errorf("a file over the limit gives %d subjects, gaps %+v", len(s.Subjects), s.Gaps)
	}
}

func must(n int, err error) int {
	if err != nil {
		panic(err)
	}
	return n
}

// watchHeap gives the most bytes that the heap held until its result is
// called.
func watchHeap() func() uint64 {
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-done
	}
}

func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkExample reads the two overlays of the example with one collector,
// as one command does.
func BenchmarkExample(b *testing.B) {
	dir := filepath.Join("..", "..", "..", "examples", "shop")
	if _, err := os.Stat(dir); err != nil {
		b.Skip("the example is not there")
	}
	for b.Loop() {
		start := cpu()
		for _, p := range overlays(b, dir) {
			collectortest.Snapshot(b, New(), dir, &Config{Path: p})
		}
		b.ReportMetric(float64((cpu()-start).Microseconds())/1000, "cpu-ms/op")
	}
}

func overlays(b *testing.B, dir string) []string {
	var found []string
	for _, pattern := range []string{"*/overlays/*/kustomization.yaml", "overlays/*/kustomization.yaml", "*/*/overlays/*/kustomization.yaml"} {
		m, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			b.Fatal(err)
		}
		for _, p := range m {
			rel, err := filepath.Rel(dir, filepath.Dir(p))
			if err != nil {
				b.Fatal(err)
			}
			found = append(found, rel)
		}
	}
	return found
}
