//go:build unix

package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary the program itself, and deaf one that waits
// for something that no signal ends.
const (
	asProgram = "PARITY_TEST_AS_PROGRAM"
	deaf      = "deaf"
)

// runAsProgram is main where the test binary was started to be the program.
func runAsProgram() {
	switch os.Getenv(asProgram) {
	case "":
	case deaf:
		interruptible()
		os.Stdout.WriteString("ready\n")
		select {}
	default:
		main()
	}
}

// program starts the program in a directory.
func program(t *testing.T, as, dir string, args ...string) (cmd *exec.Cmd, stdout io.Reader, stderr *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd, stderr = exec.Command(exe, args...), &bytes.Buffer{}
	cmd.Dir, cmd.Stderr = dir, stderr
	cmd.Env = append(os.Environ(), asProgram+"="+as, "PARITY_KEY="+rand.Text()+rand.Text())
	if stdout, err = cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, stdout, stderr
}

// ended waits for the program, and returns its exit code.
func ended(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// TestSignalsEndWhatDoesNotListen holds that one signal ends a process that
// waits for something else for ever, and that a second one does so at once.
func TestSignalsEndWhatDoesNotListen(t *testing.T) {
	for name, signals := range map[string][]os.Signal{
		"SIGINT": {os.Interrupt}, "SIGTERM": {syscall.SIGTERM}, "two": {os.Interrupt, syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, stdout, stderr := program(t, deaf, t.TempDir())
			if _, err := io.ReadFull(stdout, make([]byte, len("ready\n"))); err != nil {
				t.Fatal(err)
			}
			for _, s := range signals {
				_ = cmd.Process.Signal(s)
				time.Sleep(50 * time.Millisecond) // two at once may be one
			}
			if code := ended(t, cmd); code != exitInterrupted || stderr.String() != "parity: interrupted\n" {
				t.Errorf("exit code %d, standard error %q", code, stderr)
			}
		})
	}
}

// TestSignalEndsAProgramWhoseOutputNobodyReads holds that a full pipe is no
// reason to stay.
func TestSignalEndsAProgramWhoseOutputNobodyReads(t *testing.T) {
	cmd, stdout, _ := program(t, "program", t.TempDir(), "schema")
	if _, err := io.ReadFull(stdout, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	switch code := ended(t, cmd); code {
	case exitInterrupted:
	case 0:
		t.Skip("the whole schema fits into a pipe here")
	default:
		t.Errorf("exit code %d", code)
	}
}

// TestSignalEndsCommands holds that a command of the exec collector ends with
// the program, with what has left its process group where the system shows it.
func TestSignalEndsCommands(t *testing.T) {
	script := "trap '' TERM INT; sh -c 'echo $$ > pid.new; mv pid.new pid; exec sleep 300'"
	if _, err := exec.LookPath("setsid"); err == nil {
		script = strings.Replace(script, "sh -c", "setsid sh -c", 1)
	}
	dir := t.TempDir()
	config := `version: 1
environments:
- {name: staging, sources: [{collector: exec, command: [sh, -c, "` + script + `"], format: yaml}]}
- {name: production, reference: true, sources: [{path: p.yaml}]}
`
	for name, text := range map[string]string{"parity.yaml": config, "p.yaml": "a: 1\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd, _, stderr := program(t, "program", dir, "check")
	pid := 0
	for deadline := time.Now().Add(30 * time.Second); pid == 0; time.Sleep(10 * time.Millisecond) {
		text, _ := os.ReadFile(filepath.Join(dir, "pid"))
		pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		if time.Now().After(deadline) {
			t.Fatalf("the command did not begin: %s", stderr)
		}
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if code := ended(t, cmd); code != exitInterrupted || !strings.Contains(stderr.String(), "parity: interrupted") {
		t.Errorf("exit code %d, standard error %q", code, stderr)
	}
	for deadline := time.Now().Add(10 * time.Second); alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatal("the command survives")
		}
	}
}

// alive reports whether a process is there, and is not one that has ended and
// waits for its parent.
func alive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !bytes.Contains(stat, []byte(") Z "))
}
