//go:build unix

package command

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

func TestOutput(t *testing.T) {
	t.Setenv("SEEN", "yes")
	t.Setenv("UNSEEN", "no")
	out, err := (&Run{Command: []string{"sh", "-c", `echo "$SEEN$UNSEEN"; pwd`}, Dir: "/", Env: []string{"SEEN"}, Most: 100, Timeout: time.Minute}).Output(t.Context())
	if err != nil || string(out) != "yes\n/\n" {
		t.Errorf("%q, %v", out, err)
	}
}

// TestFailures holds every failure to a reason that names the program and
// nothing that it was given or wrote.
func TestFailures(t *testing.T) {
	for want, r := range map[string]Run{
		"is not there":            {Command: []string{"/nowhere/hunter-tool", "hunter2"}},
		"ended with exit code 3":  {Command: []string{"sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"}},
		"was killed":              {Command: []string{"sh", "-c", "kill -9 $$ # hunter2"}},
		"writes more than 10 byt": {Command: []string{"sh", "-c", "while :; do echo hunter2; done"}},
		"has not ended after 50m": {Command: []string{"sh", "-c", "sleep 60 # hunter2"}, Timeout: 50 * time.Millisecond},
		"may not be run":          {Command: []string{"/etc/passwd", "hunter2"}},
	} {
		r.Most = 10
		if r.Timeout == 0 {
			r.Timeout = time.Minute
		}
		_, err := r.Output(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") || parity.CodeOf(err) != parity.CodeUnavailable {
			t.Errorf("want %q: %v", want, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&Run{Command: []string{"sleep", "60"}, Most: 10, Timeout: time.Minute}).Output(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
