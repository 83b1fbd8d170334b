package app

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/collector"
)

// The source that has been read for longest is named, and the slowest one at the
// end.
func TestReadingNamesTheSlowestSource(t *testing.T) {
	var told []string
	p := &plan{columns: []planned{{sources: make([]collector.Configured, 2)}, {sources: make([]collector.Configured, 1)}}}
	r := newReading(p, func(what string) { told = append(told, what) })
	slow := r.begin("staging: files slow.yaml")
	r.begin("staging: files quick.yaml")(time.Second)
	last := r.begin("production: files last.yaml")
	slow(time.Minute)
	last(2 * time.Second)
	want := []string{
		"reading staging: files slow.yaml (0 of 3 sources are read)",
		"reading staging: files slow.yaml (0 of 3 sources are read)",
		"reading staging: files slow.yaml (1 of 3 sources are read)",
		"reading staging: files slow.yaml (1 of 3 sources are read)",
		"reading production: files last.yaml (2 of 3 sources are read)",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	var log bytes.Buffer
	r.log(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if text := log.String(); !strings.Contains(text, `slowest="staging: files slow.yaml" took=1m0s`) {
		t.Errorf("the log says %q", text)
	}
}
