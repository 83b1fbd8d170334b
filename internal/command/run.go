// Package command runs a command for its output: without a shell, within a time
// and a number of bytes, with few variables, and with what it started ended when
// it is ended before its time.
package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/envparity/parity"
)

// Run is one run of a command.
type Run struct {
	// Command is the program and its arguments. They may hold secrets: no error
	// names more than the program.
	Command []string
	Dir     string
	// Env are the names of variables that it may see, besides those that any
	// command does.
	Env     []string
	Most    int64 // bytes of its output
	Timeout time.Duration
}

// patience is how long the command's pipes may stay open once it has ended or
// was killed.
const patience = 2 * time.Second

// always are the variables that a command gets without being listed.
var always = []string{"PATH", "HOME", "USER", "LANG", "TMPDIR", "SYSTEMROOT"}

// markName is a variable that every command gets, with a value of its own. What
// it starts inherits it, and is known by it when all of it has to end.
const markName = "PARITY_COMMAND"

// Output runs the command and gives what it wrote. When ctx is done the error
// is the context's. No error holds anything that the command wrote.
func (r *Run) Output(ctx context.Context) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	out := &bounded{most: r.Most, full: cancel}
	cmd := osexec.CommandContext(limited, r.Command[0], r.Command[1:]...)
	mark := markName + "=" + rand.Text()
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.WaitDelay = r.Dir, append(r.environment(), mark), out, patience
	ownGroup(cmd, mark)
	err := cmd.Run()
	if limited.Err() != nil || errors.Is(err, osexec.ErrWaitDelay) {
		killAll(cmd, mark, false) // what the command left behind, where it ended before it was ended
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.over:
		return nil, r.fault(fmt.Sprintf("writes more than %d bytes", r.Most), "")
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return nil, r.fault(fmt.Sprintf("has not ended after %s", r.Timeout), "give it more time with timeout, or make it faster")
	case errors.Is(err, osexec.ErrWaitDelay):
		return nil, r.fault("has ended, but a process that it started still writes", "let it wait for what it starts")
	case err != nil:
		return nil, r.failure(err)
	}
	return out.buf.Bytes(), nil
}

func (r *Run) environment() []string {
	env := []string{}
	for _, name := range append(always[:len(always):len(always)], r.Env...) {
		if text, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+text)
		}
	}
	return env
}

// failure says why the command did not succeed.
func (r *Run) failure(err error) error {
	var exit *osexec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return r.fault(fmt.Sprintf("ended with exit code %d", exit.ExitCode()), "run it yourself to see what it says")
	case errors.As(err, &exit):
		return r.fault("was killed", "run it yourself to see what it says")
	case errors.Is(err, osexec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return r.fault("is not there", "install it, or name it with its path")
	case errors.Is(err, fs.ErrPermission):
		return r.fault("may not be run", "make the file executable")
	default:
		return r.fault("cannot be run", "run it yourself to see what it says")
	}
}

func (r *Run) fault(what, hint string) error {
	return &parity.Error{Code: parity.CodeUnavailable, Where: r.Name(), What: "the command " + r.Name() + " " + what, Hint: hint}
}

// Name is what messages call the command.
func (r *Run) Name() string {
	return strings.TrimSuffix(filepath.Base(r.Command[0]), ".exe")
}

// bounded keeps up to a number of bytes, and ends the command at the next. It
// has no other way in than Write.
type bounded struct {
	buf  bytes.Buffer
	most int64
	full context.CancelFunc
	over bool
}

// Write refuses what is too much.
func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.buf.Len()+len(p)) > b.most {
		b.over = true
		b.full()
		return 0, errors.New("too much output")
	}
	return b.buf.Write(p)
}
