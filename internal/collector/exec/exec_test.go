//go:build unix

package exec

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
)

func sh(script, format string) *Config {
	return &Config{Command: []string{"/bin/sh", "-c", script}, Format: format}
}

func TestConformance(t *testing.T) {
	c := New()
	collectortest.Run(t,
		collectortest.Case{
			Name: "settings", Collector: c, NoFiles: true,
			Files:  map[string]string{"out.yaml": "replicas: 2\npassword: '%SECRET_WORD%'\n"},
			Config: sh("cat out.yaml; echo '%SECRET_WORD%' >&2", "yaml"),
			Facts:  []string{"/replicas", "/password"},
			Broken: []collectortest.Broken{
				{Name: "exit code", Config: sh("cat out.yaml; cat out.yaml >&2; exit 3", "yaml"), Reason: "sh ended with exit code 3"},
				{Name: "killed", Config: sh("kill -9 $$", "yaml"), Reason: "sh was killed"},
				{Name: "not there", Config: &Config{Command: []string{"no-such-command-here", "hunter2MARKER9x"}, Format: "yaml"}, Reason: "no-such-command-here is not there"},
				{Name: "not executable", Config: &Config{Command: []string{"./out.yaml"}, Format: "yaml"}, Reason: "out.yaml may not be run"},
				{Name: "not parseable", Config: sh("cat out.yaml; echo '  - %SECRET_WORD%'", "yaml"), Reason: "cannot be read as yaml: line"},
				{Name: "a single value", Config: sh("echo hunter2MARKER9x", "yaml"), Reason: "single value"},
				{Name: "nothing", Config: sh("true", "json"), Reason: "wrote nothing"},
				{Name: "too slow", Config: &Config{Command: []string{"/bin/sh", "-c", "sleep 60"}, Format: "yaml", Timeout: 1}, Reason: "has not ended after 1s"},
				{Name: "too much", Config: sh("yes", "yaml"), Reason: "writes more than"},
				{Name: "no command", Config: &Config{Format: "yaml"}, Reason: "no command"},
				{Name: "no format", Config: &Config{Command: []string{"true"}}, Reason: "not known"},
				{Name: "no directory", Config: &Config{Command: []string{"true"}, Format: "yaml", Dir: "gone"}, Reason: "no such"},
			},
		},
		collectortest.Case{
			Name: "kubernetes", Collector: c, NoFiles: true,
			Files: map[string]string{"out.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {LEVEL: info}\n" +
				"---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {x: '%SECRET_WORD%'}\n"},
			Config: &Config{Command: []string{"cat", "out.yaml"}, Format: Kubernetes},
			Facts:  []string{"/data/LEVEL"},
			Broken: []collectortest.Broken{
				{Name: "no object", Files: map[string]string{"out.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\na: '%SECRET_WORD%'\n"}, Keeps: true, Reason: "no kind"},
			},
		},
	)
}

// sink keeps what a collector hands over, as it is.
type sink struct {
	facts map[string]string
	gaps  []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	for i := range facts {
		s.facts[subject.Key.String()+" "+facts[i].Path] = facts[i].Value.Raw + " from " + facts[i].Source()
	}
}
func (s *sink) Gap(g parity.Gap)    { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(string, string) {}

func collectIn(ctx context.Context, dir string, cfg *Config) (*sink, error) {
	out := &sink{facts: map[string]string{}}
	err := New().Collect(ctx, collector.Input{Root: place.Dir(dir), Log: slog.New(slog.DiscardHandler)}, cfg, out)
	return out, err
}

func TestEnvironment(t *testing.T) {
	t.Setenv("PARITY_LISTED", "yes")
	t.Setenv("PARITY_UNLISTED", "no")
	cfg := sh(`echo "a: ${PARITY_LISTED}${PARITY_UNLISTED}"; echo "path: '${PATH:+set}'"`, "yaml")
	cfg.Env = []string{"PARITY_LISTED", "PARITY_NOT_SET"}
	out, err := collectIn(t.Context(), t.TempDir(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"values top-level /a": "yes from exec:sh (rendered by sh)", "values top-level /path": "set from exec:sh (rendered by sh)",
	} {
		if got := out.facts[key]; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func TestDirAndScope(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o750); err != nil {
		t.Fatal(err)
	}
	cfg := sh(`echo "{\"dir\": \"$(basename "$PWD")\"} {\"dir\": 2}"`, "json")
	cfg.Dir, cfg.Name = "sub", "x"
	out, err := collectIn(t.Context(), dir, cfg)
	if err != nil || len(out.gaps) > 0 {
		t.Fatal(err, out.gaps)
	}
	if got := fmt.Sprint(out.facts); got != "map[values x#2/top-level /dir:2 from exec:sh (rendered by sh) values x/top-level /dir:sub from exec:sh (rendered by sh)]" {
		t.Error(got)
	}
}

// TestCancelEndsTheGroup holds that a command that ignores its end, and what
// it started, are gone soon after the context is done.
func TestCancelEndsTheGroup(t *testing.T) {
	dir := t.TempDir()
	pidFile := filepath.Join(dir, "pid")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := collectIn(ctx, dir, sh("trap '' TERM INT; sleep 300 & echo $! > pid.new; mv pid.new pid; wait", "yaml"))
		done <- err
	}()
	pid := 0
	for deadline := time.Now().Add(20 * time.Second); pid == 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(pidFile); err == nil {
			pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		}
	}
	if pid == 0 {
		t.Fatal("the command did not begin")
	}
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it did not end")
	}
	for deadline := time.Now().Add(10 * time.Second); running(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a process that the command started is still there")
		}
	}
}

// running reports whether a process is there and has not merely not been waited
// for.
func running(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

// TestLeftBehind holds that a process left behind does not hold the collector.
func TestLeftBehind(t *testing.T) {
	begin := time.Now()
	_, err := collectIn(t.Context(), t.TempDir(), sh("echo 'a: 1'; sleep 300 &", "yaml"))
	if err == nil || !strings.Contains(err.Error(), "still writes") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

// FuzzOutput holds, for any output in any format, that reading it gives facts
// or says why not, and quotes nothing of it.
func FuzzOutput(f *testing.F) {
	for i, seed := range []string{"a: 1\nb: {c: [x]}\n", `{"a": 1}`, "[a]\nb = 1\n", "a=1\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n", ""} {
		f.Add(uint8(i), []byte(seed))
	}
	formats := []string{Kubernetes, "yaml", "json", "toml", "ini", "properties", "dotenv"}
	f.Fuzz(func(t *testing.T, format uint8, output []byte) {
		out := &sink{facts: map[string]string{}}
		w := &reading{ctx: t.Context(), name: "tool", cfg: Config{Format: formats[int(format)%len(formats)]}, out: out}
		w.limits.Nodes, w.limits.Depth, w.limits.Bytes = 5000, 50, 1<<16
		if err := w.read(output); err != nil && !strings.Contains(err.Error(), "wrote nothing") {
			t.Fatal(err)
		}
		for _, g := range out.gaps {
			if g.Reason == "" || strings.ContainsFunc(g.Reason, func(c rune) bool { return c < ' ' }) {
				t.Fatalf("%+v", g)
			}
		}
	})
}

// Output of what runs speaks of the live side, and says who wrote what.
func TestRole(t *testing.T) {
	for role, want := range map[string]parity.Role{"": parity.Desired, "desired": parity.Desired, "live": parity.Live} {
		cfg := &Config{Role: role}
		if got := New().Roles(cfg); len(got) != 1 || got[0] != want {
			t.Errorf("role %q: %v", role, got)
		}
	}
}
