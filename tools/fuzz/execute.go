package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// maxSilence is how long a target may go without an execution before it is
// taken for one that does not end.
const maxSilence = 2 * time.Minute

var progress = regexp.MustCompile(`execs: (\d+) `)

// execute runs a target for about n executions and returns how many there
// were.
func (s *session) execute(ctx context.Context, binary string, t target, n int64) (int64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, binary, "-test.run=^$", "-test.fuzz=^"+t.name+"$",
		fmt.Sprintf("-test.fuzztime=%dx", n), "-test.fuzzminimizetime=5s", fmt.Sprintf("-test.parallel=%d", s.workers),
		"-test.fuzzcachedir="+s.inputs(t))
	cmd.Dir = t.dir
	cmd.WaitDelay = 10 * time.Second
	endGroup(cmd)
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	w := &watch{alarm: time.AfterFunc(maxSilence, func() { cancel(errors.New("no execution ended for " + maxSilence.String())) })}
	var reading sync.WaitGroup
	reading.Go(func() { w.read(out) })
	err := cmd.Wait()
	in.Close()
	reading.Wait()
	w.alarm.Stop()
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		err = fmt.Errorf("%w\n%s", err, bytes.TrimSpace(w.tail))
	}
	return w.executions, err
}

// inputs is where the interesting inputs of a target are kept between runs.
func (s *session) inputs(t target) string {
	return filepath.Join(s.cache, "inputs", filepath.FromSlash(t.pkg))
}

// watch follows what a target prints.
type watch struct {
	executions int64
	tail       []byte
	alarm      *time.Timer
}

func (w *watch) read(r io.Reader) {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadSlice('\n')
		w.line(line)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// line takes the number of executions from a line of progress and keeps the
// last few thousand bytes of all others.
func (w *watch) line(line []byte) {
	m := progress.FindSubmatch(line)
	if m == nil {
		w.tail = append(w.tail, line...)
		w.tail = w.tail[max(0, len(w.tail)-4000):]
		return
	}
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err == nil && n != w.executions {
		w.executions = n
		w.alarm.Reset(maxSilence)
	}
}
