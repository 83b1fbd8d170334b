package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/cli"
)

// TestFaultIsOneMessage holds a panic outside of the collectors to one message
// and the exit code of what could not be told; its stack is for --verbose.
func TestFaultIsOneMessage(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		args := []string{"check"}
		if verbose {
			args = append(args, "--verbose")
		}
		stdout, stderr := &strings.Builder{}, &strings.Builder{}
		code := cli.Run(context.Background(), args, cli.Process{
			Dir: t.TempDir(), Stdout: stdout, Stderr: stderr,
			Lookup: func(string) (string, bool) { return "", false },
			Now:    func() time.Time { panic("hunter2") },
		})
		if code != 3 {
			t.Errorf("exit code %d", code)
		}
		text := stderr.String()
		if !strings.Contains(text, "parity: a fault of the program itself: string\n        please report it") || strings.Contains(text+stdout.String(), "hunter2") {
			t.Errorf("standard error is\n%s", text)
		}
		if traced := strings.Contains(text, "goroutine "); traced != verbose {
			t.Errorf("verbose %v: standard error is\n%s", verbose, text)
		}
	}
}
