//go:build unix

package atomicfile_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/envparity/parity/internal/atomicfile"
)

const child = "PARITY_TEST_WRITE"

func TestMain(m *testing.M) {
	if file := os.Getenv(child); file != "" {
		os.Exit(writeLimited(file))
	}
	os.Exit(m.Run())
}

// writeLimited writes more than its process may, as on a full disk.
func writeLimited(file string) int {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 4096, Max: 4096}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return 2
	}
	if err := atomicfile.Replace(file, "a", bytes.Repeat([]byte("x"), 1<<20), 0o600); err != nil {
		_, _ = os.Stdout.WriteString(err.Error())
		return 1
	}
	return 0
}

func TestAFullDiskLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), child+"="+file)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasPrefix(string(out), "a: cannot write: ") {
		t.Fatalf("the write ended with %v: %s", err, out)
	}
	if got := content(t, file); got != "old" {
		t.Errorf("the file holds %d bytes", len(got))
	}
	if got := names(t, dir); got != "a" {
		t.Errorf("the directory holds %s", got)
	}
}

func TestWriteOutputToAPipe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(file, "pipe", []byte("x"), 0o600); err == nil {
		t.Error("a pipe was replaced")
	}
	read := make(chan string)
	go func() {
		f, err := os.Open(file)
		if err != nil {
			read <- err.Error()
			return
		}
		text, _ := io.ReadAll(f)
		_ = f.Close()
		read <- string(text)
	}()
	if err := atomicfile.WriteOutput(file, "pipe", []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "text" {
		t.Errorf("the pipe gave %q", got)
	}
	if info, err := os.Lstat(file); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v now: %v", info.Mode(), err)
	}
}
