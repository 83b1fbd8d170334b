package render

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/envparity/parity"
)

// Pool renders in processes of their own, of which there are at most as many
// as processors. The first is started when there is something to render. Close
// ends them.
type Pool struct {
	command []string
	// slots are the processes that may run; idle are those that have nothing
	// to do.
	slots chan struct{}
	idle  chan *worker
	mu    sync.Mutex
	done  bool
	// left is how long jobs may wait for an idle process before another is
	// started.
	left time.Duration
	jobs sync.WaitGroup
}

// NewPool returns a pool whose processes are started by the command: this
// program, with Argument.
func NewPool(command []string) *Pool {
	n := runtime.GOMAXPROCS(0)
	return &Pool{command: command, slots: make(chan struct{}, n), idle: make(chan *worker, n), left: patience}
}

// patience is how long jobs wait, all of them together, for processes that are
// busy before another is started: a start costs more than most jobs do, and on a
// machine with much else to do it makes them later still.
const patience = time.Second

// Render implements Renderer.
func (p *Pool) Render(ctx context.Context, job Job) ([]byte, error) {
	if !p.enter() {
		return nil, &parity.Error{Code: parity.CodeInternal, What: "rendering has been closed"}
	}
	defer p.jobs.Done()
	w, err := p.take(ctx, job.Limits.filled())
	if err != nil {
		return nil, err
	}
	out, err := w.do(ctx, &job)
	p.give(w)
	return out, err
}

func (p *Pool) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return false
	}
	p.jobs.Add(1)
	return true
}

// take returns a process with the limits: an idle one, or a new one.
func (p *Pool) take(ctx context.Context, limits Limits) (*worker, error) {
	w, err := p.free(ctx)
	if err != nil {
		return nil, err
	}
	if w != nil && w.limits == limits {
		return w, nil
	}
	if w != nil {
		w.close()
	}
	if w, err = start(p.command, limits); err != nil {
		<-p.slots
		return nil, &parity.Error{
			Code: parity.CodeUnavailable, What: "the process that renders cannot be started",
			Hint: "see whether the program may run itself again, and how many processes are allowed", Err: err,
		}
	}
	return w, nil
}

// free returns an idle process, or nil with a slot for a new one.
func (p *Pool) free(ctx context.Context) (*worker, error) {
	select {
	case w := <-p.idle:
		return w, nil
	default:
	}
	if p.first() {
		return nil, nil
	}
	if w, err := p.wait(ctx); w != nil || err != nil {
		return w, err
	}
	select {
	case w := <-p.idle:
		return w, nil
	case p.slots <- struct{}{}:
		p.waited(-patience)
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// wait returns a process that becomes idle, or nil once jobs have waited for long
// enough.
func (p *Pool) wait(ctx context.Context) (*worker, error) {
	begin := time.Now()                            //nolint:forbidigo // how long a job waits is no input of it
	defer func() { p.waited(time.Since(begin)) }() //nolint:forbidigo // as above
	soon := time.NewTimer(p.waited(0))
	defer soon.Stop()
	select {
	case w := <-p.idle:
		return w, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-soon.C:
		return nil, nil
	}
}

// waited takes a time off what jobs may still wait, and returns what is left.
func (p *Pool) waited(d time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = min(max(p.left-d, 0), patience)
	return p.left
}

// first takes a slot where no process runs, and reports whether it did.
func (p *Pool) first() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.slots) > 0 {
		return false
	}
	p.slots <- struct{}{}
	return true
}

// give takes a process back. One that has ended, or that has worked for as
// long as a job may, makes room for another.
func (p *Pool) give(w *worker) {
	switch {
	case w.gone:
		<-p.slots
	case w.served >= w.limits.Time:
		w.close()
		<-p.slots
	default:
		p.idle <- w
	}
}

// Close waits for the jobs, whose contexts should be done, and ends the
// processes.
func (p *Pool) Close() {
	p.mu.Lock()
	p.done = true
	p.mu.Unlock()
	p.jobs.Wait()
	for {
		select {
		case w := <-p.idle:
			w.close()
		default:
			return
		}
	}
}
