package component_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// observed runs f with a testing.TB that records how f ends.
type observed struct {
	testing.TB
	end, message string
	cleanups     []func()
}

func (o *observed) Helper() {}

func (o *observed) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

func (o *observed) Fatal(args ...any) { o.stop("fatal", fmt.Sprint(args...)) }

func (o *observed) Fatalf(format string, args ...any) { o.stop("fatal", fmt.Sprintf(format, args...)) }

func (o *observed) Skipf(format string, args ...any) { o.stop("skip", fmt.Sprintf(format, args...)) }

func (o *observed) stop(end, message string) {
	o.end, o.message = end, message
	runtime.Goexit()
}

func observe(t *testing.T, f func(tb testing.TB)) *observed {
	t.Helper()
	o := &observed{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(o)
	}()
	<-done
	return o
}

// TestMissingBinary holds that a machine without the servers skips and says so,
// and that CI fails.
func TestMissingBinary(t *testing.T) {
	t.Setenv("PARITY_TIER", "")
	starters := map[string]func(testing.TB){
		"registry":     func(tb testing.TB) { component.Registry(tb) },
		"prometheus":   func(tb testing.TB) { component.Prometheus(tb, component.PrometheusOptions{}) },
		"alertmanager": func(tb testing.TB) { component.Alertmanager(tb, "") },
		"loki":         func(tb testing.TB) { component.Loki(tb) },
		"jaeger":       func(tb testing.TB) { component.Jaeger(tb) },
	}
	for _, dir := range []string{"", t.TempDir()} {
		for ci, want := range map[string]string{"": "skip", "true": "fatal"} {
			t.Setenv("PARITY_COMPONENTS", dir)
			t.Setenv("CI", ci)
			for name, start := range starters {
				o := observe(t, start)
				if o.end != want || !strings.Contains(o.message, name+" is not here") || !strings.Contains(o.message, "make components") {
					t.Errorf("%s, directory %q, CI %q: %s with %q, want %s", name, dir, ci, o.end, o.message, want)
				}
			}
		}
	}
}

// TestServerThatDoesNotStart holds that the reason is in the message: the end of
// the server's log.
func TestServerThatDoesNotStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the broken server is a shell script")
	}
	t.Setenv("PARITY_TIER", "")
	dir := t.TempDir()
	for _, name := range []string{"etcd", "kube-apiserver", "kubectl"} {
		script := "#!/bin/sh\necho broken for a reason >&2\nexit 1\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PARITY_COMPONENTS", dir)
	t.Setenv("TMPDIR", t.TempDir())
	o := observe(t, func(tb testing.TB) { component.Kubernetes(tb) })
	if o.end != "fatal" || !strings.Contains(o.message, "etcd ended before it was ready") || !strings.Contains(o.message, "broken for a reason") {
		t.Errorf("%s with %q", o.end, o.message)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestKilledTest holds that servers end with a test binary that is killed, as
// happens after a timeout. It runs itself as the one that is killed.
func TestKilledTest(t *testing.T) {
	const variable = "PARITY_TEST_STARTS_A_REGISTRY"
	if os.Getenv(variable) != "" {
		fmt.Println("listens on", component.Registry(t).Host)
		time.Sleep(time.Minute)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends processes with the one that started them")
	}
	component.Binary(t, "registry")
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledTest$")
	cmd.Env = append(os.Environ(), variable+"=1", "TMPDIR="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var host string
	for lines := bufio.NewScanner(out); host == "" && lines.Scan(); {
		_, host, _ = strings.Cut(lines.Text(), "listens on ")
	}
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatalf("the registry does not listen on %q: %v", host, err)
	}
	conn.Close()
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for range 100 {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			return
		}
		conn.Close()
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("the registry still listens after its test was killed")
}
