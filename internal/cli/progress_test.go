package cli

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressShowsOnlyWhatTakesLong(t *testing.T) {
	tests := []struct {
		name     string
		terminal bool
		takes    time.Duration
		want     string
	}{
		{"quick work is quiet", true, quietTime - time.Millisecond, ""},
		{
			"long work shows what it does and for how long, and clears its line", true, 5 * quietTime / 2,
			clearLine + "parity: reading staging ... 1 s" + clearLine + "parity: reading staging ... 2 s" + clearLine + "parity: comparing ... 2 s" + clearLine,
		},
		{"no terminal, no progress", false, 2 * quietTime, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var stderr bytes.Buffer
				c := &command{Process: Process{Stderr: &stderr, Progress: tt.terminal}}
				err := c.watch(func(progress func(string)) error {
					progress("reading staging")
					time.Sleep(tt.takes)
					synctest.Wait()
					progress("comparing")
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := stderr.String(); got != tt.want {
					t.Errorf("standard error %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestProgressEndsWithTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stderr bytes.Buffer
		c := &command{Process: Process{Stderr: &stderr, Progress: true}}
		if err := c.watch(func(progress func(string)) error { progress("x"); return nil }); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * quietTime)
		synctest.Wait()
		if strings.TrimSpace(stderr.String()) != "" {
			t.Errorf("standard error holds %q after the work ended", stderr.String())
		}
	})
}
