package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/envparity/parity/internal/report/view"
)

// quietTime is how long work may take before progress is shown.
const quietTime = time.Second

// clearLine returns to the line's begin and clears it.
const clearLine = "\r\x1b[K"

// watch runs work and shows what it is doing on standard error, once it takes
// longer than quietTime and only where standard error is a terminal.
func (c *command) watch(work func(progress func(what string)) error) error {
	if !c.Progress {
		return work(func(string) {})
	}
	p := &progress{out: c.Stderr, begin: time.Now()} //nolint:forbidigo // how long the work takes is no input of it
	p.mu.Lock()
	p.timer = time.AfterFunc(quietTime, p.show)
	p.mu.Unlock()
	defer p.clear()
	return work(p.set)
}

// progress is one line that is rewritten, with the seconds since the work began.
type progress struct {
	mu      sync.Mutex
	out     io.Writer
	begin   time.Time
	timer   *time.Timer
	what    string
	visible bool
	ended   bool
}

func (p *progress) set(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = view.Line(what)
	p.print()
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.visible = true
	p.print()
	p.timer.Reset(quietTime)
}

func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.visible {
		fmt.Fprint(p.out, clearLine)
	}
	p.visible, p.ended = false, true
	p.timer.Stop()
}

func (p *progress) print() {
	if p.visible && p.what != "" {
		fmt.Fprintf(p.out, "%sparity: %s ... %d s", clearLine, p.what, int(time.Since(p.begin).Seconds())) //nolint:forbidigo // as above
	}
}
