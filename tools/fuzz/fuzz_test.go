package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// module writes a module with three targets, one of which fails at once.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":         "module example.com/parity\n\ngo 1.26\n",
		"good/good.go":   "package good\n\nfunc Length(s string) int { return len(s) }\n",
		"good/g_test.go": "package good\n\nimport \"testing\"\n\nfunc FuzzLength(f *testing.F) {\n\tf.Add(\"x\")\n\tf.Fuzz(func(t *testing.T, s string) { Length(s) })\n}\n\nfunc FuzzOther(f *testing.F) {\n\tf.Fuzz(func(t *testing.T, s string) {\n\t\tif len(s) > 3 && s[0] == 'a' {\n\t\t\tLength(s)\n\t\t}\n\t})\n}\n",
		"bad/bad.go":     "package bad\n",
		"bad/b_test.go":  "package bad\n\nimport \"testing\"\n\nfunc FuzzBad(f *testing.F) {\n\tf.Fuzz(func(t *testing.T, n int) { panic(\"found\") })\n}\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-q", "-m", "m"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	return dir
}

// TestProveGoesOn holds that a run adds what is lacking to what the log holds,
// that a failing target does not end the others, and that inputs are kept.
func TestProveGoesOn(t *testing.T) {
	dir := module(t)
	log := filepath.Join(t.TempDir(), "log.tsv")
	o := options{root: dir, log: log, cache: t.TempDir(), packages: "./...", renderers: "none", prove: true, executions: 300, slow: 10, chunk: 100, workers: 1, keep: 2}
	if err := run(context.Background(), o); !errors.Is(err, errFailed) {
		t.Fatalf("the first run: %v, want %v", err, errFailed)
	}
	first, err := readLog(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"FuzzLength", "FuzzOther"} {
		if n := first.executions("example.com/parity/good", name); n < 300 || n > 400 {
			t.Errorf("%s was executed %d times, want 300", name, n)
		}
	}
	if failing, err := os.ReadDir(filepath.Join(dir, "bad", "testdata", "fuzz", "FuzzBad")); err != nil || len(failing) == 0 {
		t.Errorf("the failing input was not kept: %v", err)
	}
	o.packages, o.executions = "./good", 500
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	second, err := readLog(log)
	if err != nil {
		t.Fatal(err)
	}
	if n := second.executions("example.com/parity/good", "FuzzLength"); n < 500 || n > 600 {
		t.Errorf("after the second run: %d executions, want 500", n)
	}
	o.total = second.total() + 700
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if third, err := readLog(log); err != nil || third.total() < o.total {
		t.Errorf("%d executions in all, want %d: %v", third.total(), o.total, err)
	}
}

func TestLogRefusesWhatItCannotRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log.tsv")
	for _, line := range []string{"a\tb\tc\n", "a\tb\tc\tmany\t1\tpassed\n", "a\tb\tc\t1\tlong\tpassed\n"} {
		if err := os.WriteFile(file, []byte(header+line), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readLog(file); err == nil || !strings.Contains(err.Error(), "log.tsv:2: ") {
			t.Errorf("%q: %v, want an error with its line", line, err)
		}
	}
}

func TestReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte("before\n"+beginMark+"old\n"+endMark+"\nafter\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var all entries
	all.add(entry{commit: "c1", pkg: "example.com/parity/internal/doc", target: "FuzzYAML", executions: 5, outcome: "passed"})
	all.add(entry{commit: "c2", pkg: "example.com/parity/internal/doc", target: "FuzzYAML", executions: 7, outcome: "passed"})
	all.add(entry{commit: "c2", pkg: "example.com/parity/internal/doc", target: "FuzzYAML", executions: 1, outcome: "failed"})
	all.add(entry{commit: "c2", pkg: "example.com/parity", target: "FuzzKey", executions: 2, outcome: "passed"})
	if err := writeReport(file, all, func(pkg string) bool { return strings.HasSuffix(pkg, "doc") }); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"before\n", "\nafter\n", "2 targets were executed 15 times in all", "1 runs found a fault",
		"| `doc` | `FuzzYAML` (renders) | 13 |", "| `(root)` | `FuzzKey` | 2 |", "| `c1` | 5 |", "| `c2` | 10 |",
	} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%q is not in the page:\n%s", want, text)
		}
	}
	if bytes.Contains(text, []byte("old")) {
		t.Error("the old report is still there")
	}
	if err := os.WriteFile(file, []byte("no marks"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writeReport(file, all, func(string) bool { return false }); err == nil {
		t.Error("a page without the marks was accepted")
	}
}

func TestWatch(t *testing.T) {
	w := &watch{alarm: time.NewTimer(time.Hour)}
	w.read(strings.NewReader("fuzz: elapsed: 0s, gathering baseline coverage: 0/3 completed\nfuzz: elapsed: 3s, execs: 1234 (411/sec), new interesting: 5 (total: 20)\n--- FAIL: FuzzX\n"))
	if w.executions != 1234 {
		t.Errorf("%d executions, want 1234", w.executions)
	}
	if !strings.Contains(string(w.tail), "--- FAIL: FuzzX") || strings.Contains(string(w.tail), "execs:") {
		t.Errorf("the tail is %q", w.tail)
	}
}
