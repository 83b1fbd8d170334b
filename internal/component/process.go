package component

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

const (
	// grace is how long a server may take to end by itself. What it keeps is
	// thrown away, so there is nothing to wait for.
	grace = 300 * time.Millisecond
	// startTimeout is how long a server may take to be ready on a loaded machine.
	startTimeout = 90 * time.Second
	// tail is how much of a log a failed test shows.
	tail = 8 << 10
)

// process is one running server.
type process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{}
}

// start runs a server with its log in dir.
func start(dir, path string, args ...string) (*process, error) {
	p := &process{name: filepath.Base(path), done: make(chan struct{})}
	p.log = filepath.Join(dir, p.name+".log")
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	p.cmd = exec.Command(path, args...)
	p.cmd.Dir = dir
	// A server reads no settings of the person who runs the test.
	p.cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "OTEL_TRACES_EXPORTER=none"}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	endWithTest(p.cmd)
	started := make(chan error)
	go func() {
		// The system ends the server when the thread that started it ends, so
		// this goroutine keeps the thread for as long as the server runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		defer log.Close()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	return p, nil
}

// stop asks the server to end, and ends it after the grace.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return
	case <-time.After(grace):
	}
	_ = p.cmd.Process.Kill()
	<-p.done
}

// wait polls until ready says nil.
func (p *process) wait(ready func() error) error {
	deadline := time.Now().Add(startTimeout)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it was ready: %w\n%s", p.name, errEnded, p.tail())
		case <-time.After(25 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is not ready after %s: %w\n%s", p.name, startTimeout, err, p.tail())
		}
	}
}

// errEnded says that a server ended by itself. The usual reason is that another
// process took the port between the choice and the start, so the start is tried
// again.
var errEnded = errors.New("ended by itself")

// tail gives the end of the log.
func (p *process) tail() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	if len(text) > tail {
		text = text[len(text)-tail:]
		text = text[bytes.IndexByte(text, '\n')+1:]
	}
	return fmt.Sprintf("the end of the log of %s:\n%s", p.name, text)
}

// group is what a test started: processes in the order of their start, and
// their directory.
type group struct {
	dir       string
	processes []*process
	ends      []func() // of what is no process
}

// newGroup makes the directory of a group.
func newGroup() (*group, error) {
	dir, err := os.MkdirTemp("", "parity-component-")
	return &group{dir: dir}, err
}

// run starts a server and waits until it is ready. Ports are chosen anew with
// each try: args gives the arguments of one.
func (g *group) run(path string, args func() []string, ready func() error) error {
	var err error
	for range 3 {
		var p *process
		if p, err = start(g.dir, path, args()...); err != nil {
			return err
		}
		if err = p.wait(ready); err == nil {
			g.processes = append(g.processes, p)
			return nil
		}
		p.stop()
		if !errors.Is(err, errEnded) {
			return err
		}
	}
	return err
}

// close ends everything, the last started first, and removes the directory.
func (g *group) close() {
	for i := len(g.processes) - 1; i >= 0; i-- {
		g.processes[i].stop()
	}
	g.processes = nil
	for _, end := range g.ends {
		end()
	}
	g.ends = nil
	_ = os.RemoveAll(g.dir)
}

// closeWith ends the group with the test. A failed test shows the logs.
func (g *group) closeWith(tb testing.TB) {
	tb.Cleanup(func() {
		g.showIfFailed(tb)
		g.close()
	})
}

func (g *group) showIfFailed(tb testing.TB) {
	if !tb.Failed() {
		return
	}
	for _, p := range g.processes {
		tb.Log(p.tail())
	}
}
