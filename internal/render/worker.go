package render

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"time"
)

// worker is a process that renders, seen from the one that started it.
type worker struct {
	cmd    *osexec.Cmd
	in     io.WriteCloser
	frames *bufio.Reader
	errors *head
	limits Limits
	served time.Duration
	gone   bool // the process has ended
}

// start starts a process. Its environment is empty but for what the runtime
// reads: no collection before the heap has 32 MiB, since most processes end
// before they have used more, and one processor, since there are as many
// processes as processors.
func start(command []string, limits Limits) (*worker, error) {
	cmd := osexec.Command(command[0], command[1:]...)
	cmd.Env = append(needed(), "GOGC=800", "GOMAXPROCS=1", "GOTRACEBACK=none")
	cmd.Dir = filepath.VolumeName(command[0]) + string(filepath.Separator)
	w := &worker{cmd: cmd, errors: &head{}, limits: limits}
	cmd.Stderr, cmd.WaitDelay = w.errors, time.Second
	apart(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w.in, w.frames = in, bufio.NewReaderSize(out, 64<<10)
	return w, nil
}

// do has a job done. After an error that Exceeded knows, or that of ctx, the
// process has ended.
func (w *worker) do(ctx context.Context, job *Job) ([]byte, error) {
	begin := time.Now() //nolint:forbidigo // how long a job takes is no input of it
	limited, cancel := context.WithTimeout(ctx, w.limits.Time)
	defer cancel()
	// The pipes know no context: the end of the process is what ends a read.
	killed := make(chan struct{})
	stop := context.AfterFunc(limited, func() {
		kill(w.cmd)
		close(killed)
	})
	out, err := w.exchange(job)
	w.served += time.Since(begin) //nolint:forbidigo // as above
	if !stop() {
		<-killed
	} else if err == nil || !broken(err) {
		return out, err
	}
	kill(w.cmd)
	w.wait()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, errFrameTooLarge):
		return nil, w.limits.tooMuchOutput()
	case limited.Err() != nil:
		return nil, w.limits.tooLong()
	}
	return nil, w.ended()
}

// brokenPipe is an error of the connection to the process: it cannot go on.
type brokenPipe struct{ error }

func (b brokenPipe) Unwrap() error { return b.error }

func broken(err error) bool {
	var b brokenPipe
	return errors.As(err, &b)
}

// exchange sends a job, answers its questions, and returns its result.
func (w *worker) exchange(job *Job) ([]byte, error) {
	if err := writeFrame(w.in, kindJob, job.encode(w.limits)); err != nil {
		return nil, brokenPipe{err}
	}
	for {
		k, payload, err := readFrame(w.frames, max(w.limits.Output, maxFailureText))
		if err != nil {
			return nil, brokenPipe{err}
		}
		switch k {
		case kindResult:
			if int64(len(payload)) > w.limits.Output {
				return nil, brokenPipe{errFrameTooLarge}
			}
			return payload, nil
		case kindFailure:
			return nil, failure(payload)
		case kindQuestion:
			if err := w.reply(job, payload); err != nil {
				return nil, brokenPipe{err}
			}
		default:
			return nil, brokenPipe{errFrameKind}
		}
	}
}

func (w *worker) reply(job *Job, question []byte) error {
	k := kindAnswer
	answer, err := job.answer(question)
	if err != nil {
		k, answer = kindRefusal, nil
	}
	return writeFrame(w.in, k, answer)
}

// ended says why a process ended that nobody killed.
func (w *worker) ended() error {
	state := w.cmd.ProcessState
	text := w.errors.String()
	switch {
	case state == nil:
		return errEnded("it cannot be waited for")
	case state.ExitCode() == exitMemory,
		strings.Contains(text, "out of memory"), strings.Contains(text, "cannot allocate memory"):
		return w.limits.tooMuchMemory()
	case state.ExitCode() == exitTime:
		return w.limits.tooLong()
	case strings.Contains(text, "stack overflow"):
		return errEnded("a template goes into itself without end")
	case signalled(state.Sys()):
		return errEnded("the system ended it, which does so where memory or processor time runs out")
	default:
		return errEnded("it failed through a fault of its own")
	}
}

// wait waits until the process has ended.
func (w *worker) wait() {
	_ = w.in.Close()
	_ = w.cmd.Wait()
	w.gone = true
}

// close ends a process that has nothing to do.
func (w *worker) close() {
	kill(w.cmd)
	w.wait()
}

// head keeps the beginning of what a process writes to standard error. It is
// looked at for what the runtime says, and never shown.
type head struct{ kept bytes.Buffer }

const maxHead = 4 << 10

// Write takes all, and keeps what there is room for.
func (h *head) Write(p []byte) (int, error) {
	h.kept.Write(p[:min(len(p), maxHead-h.kept.Len())])
	return len(p), nil
}

func (h *head) String() string { return h.kept.String() }
