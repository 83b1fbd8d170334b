package app

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// beginFunc is told the name of a source that is about to be read, and returns
// what is told how long that took.
type beginFunc func(source string) (end func(took time.Duration))

// reading tells which source is being read, and which took longest. Of several
// that are read at once the one that began first is named: it takes longest.
type reading struct {
	mu       sync.Mutex
	progress func(what string)
	all      int // sources
	done     int
	running  []string
	slowest  string
	took     time.Duration
}

func newReading(p *plan, progress func(what string)) *reading {
	r := &reading{progress: progress}
	for i := range p.columns {
		r.all += len(p.columns[i].sources)
	}
	return r
}

// begin notes that a source is being read.
func (r *reading) begin(source string) func(took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = append(r.running, source)
	r.tell()
	return func(took time.Duration) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if i := slices.Index(r.running, source); i >= 0 {
			r.running = slices.Delete(r.running, i, i+1)
		}
		r.done++
		if took > r.took {
			r.slowest, r.took = source, took
		}
		r.tell()
	}
}

func (r *reading) tell() {
	if len(r.running) > 0 {
		r.progress(fmt.Sprintf("reading %s (%d of %d sources are read)", r.running[0], r.done, r.all))
	}
}

// log says which source took longest.
func (r *reading) log(to *slog.Logger) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.slowest != "" {
		to.Debug("all sources are read", "sources", r.done, "slowest", r.slowest, "took", r.took)
	}
}
