package render

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

// tasks are those of the process that renders in these tests.
func tasks() []Task {
	return []Task{
		{Name: "echo", Run: func(request []byte, _ func([]byte) ([]byte, error)) ([]byte, error) { return request, nil }},
		{Name: "ask", Run: func(request []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
			var all []byte
			for range 3 {
				answer, err := ask(request)
				if err != nil {
					return nil, err
				}
				all = append(all, answer...)
			}
			return all, nil
		}},
		{Name: "fail", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) { return nil, errors.New("it is broken") }},
		{Name: "panic", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) { panic("hunter2") }},
		{Name: "loop", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) {
			for n := 0; ; n++ {
				_ = n
			}
		}},
		{Name: "grow", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) {
			kept := [][]byte{}
			for len(kept) < 1<<20 {
				kept = append(kept, bytes.Repeat([]byte("x"), 1<<20))
			}
			return kept[0], nil
		}},
		{Name: "large", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) {
			kept := make([][]byte, 60)
			for i := range kept {
				kept[i] = bytes.Repeat([]byte("x"), 1<<20)
			}
			return kept[0][:1], nil
		}},
		{Name: "leap", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) {
			return bytes.Repeat([]byte("x"), 8<<30), nil
		}},
		{Name: "recurse", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) { return []byte{byte(deep(1))}, nil }},
		{Name: "exit", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) { os.Exit(1); return nil, nil }},
		{Name: "flood", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) { return make([]byte, 2<<20), nil }},
		{Name: "environment", Run: func([]byte, func([]byte) ([]byte, error)) ([]byte, error) {
			return []byte(strings.Join(os.Environ(), "\n")), nil
		}},
	}
}

func deep(n int) int {
	if n < 0 {
		return n
	}
	return deep(n+1) + 1
}

func TestMain(m *testing.M) {
	if IsWorker(os.Args) {
		Serve(os.Stdin, os.Stdout, tasks())
	}
	os.Exit(m.Run())
}

// small are bounds that are met soon. The time is long beside what a job needs
// that is to be done, and short beside the patience of whoever runs the tests.
var small = Limits{Time: 5 * time.Second, Memory: 128 << 20, Output: 1 << 20}

func newPool(t *testing.T) *Pool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := NewPool([]string{exe, Argument})
	t.Cleanup(p.Close)
	return p
}

// TestBounds holds each bound to an error of its own, after which the same pool
// goes on.
func TestBounds(t *testing.T) {
	p := newPool(t)
	for _, c := range []struct {
		task, want string
		limits     Limits
	}{
		{"loop", "rendering took longer than 0.2 s", Limits{Time: 200 * time.Millisecond, Memory: small.Memory, Output: small.Output}},
		{"grow", "rendering took more than 128 MiB of memory", small},
		{"leap", "rendering took more than 128 MiB of memory", small},
		{"recurse", "the process that renders ended before it was done: a template goes into itself without end", small},
		{"flood", "rendering gave more than 1 MiB of output", small},
		{"exit", "the process that renders ended before it was done: it failed through a fault of its own", small},
	} {
		out, err := p.Render(t.Context(), Job{Task: c.task, Limits: c.limits})
		if err == nil || err.Error() != c.want || !Exceeded(err) || parity.CodeOf(err) != parity.CodeUnavailable || parity.HintOf(err) == "" {
			t.Errorf("%s: %d bytes, %v, want %q", c.task, len(out), err, c.want)
		}
		if out, err := p.Render(t.Context(), Job{Task: "echo", Request: []byte("alive"), Limits: small}); err != nil || string(out) != "alive" {
			t.Errorf("after %s: %q, %v", c.task, out, err)
		}
	}
}

// TestTasks runs what ends by itself, apart and in this process alike.
func TestTasks(t *testing.T) {
	for name, r := range map[string]Renderer{"apart": newPool(t), "in process": InProcess(tasks())} {
		out, err := r.Render(t.Context(), Job{Task: "ask", Request: []byte("a"), Limits: small, Answer: func(q []byte) ([]byte, error) {
			return append(q, 'b'), nil
		}})
		if err != nil || string(out) != "ababab" {
			t.Errorf("%s: %q, %v", name, out, err)
		}
		for task, want := range map[string]string{
			"fail": "it is broken", "panic": errPanic.Error(), "ask": errNoAnswer.Error(), "nothing": "there is no task nothing",
		} {
			if _, err := r.Render(t.Context(), Job{Task: task, Limits: small}); err == nil || err.Error() != want || Exceeded(err) {
				t.Errorf("%s: %s: %v, want %q", name, task, err, want)
			}
		}
		if _, err := r.Render(t.Context(), Job{Task: "flood", Limits: small}); !Exceeded(err) {
			t.Errorf("%s: flood: %v", name, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Render(ctx, Job{Task: "echo", Limits: small}); !errors.Is(err, context.Canceled) && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEachJobHasTheBoundForItself has many jobs that each take most of what one
// may.
func TestEachJobHasTheBoundForItself(t *testing.T) {
	p := newPool(t)
	for i := range 10 {
		if _, err := p.Render(t.Context(), Job{Task: "large", Limits: small}); err != nil {
			t.Fatalf("job %d: %v", i, err)
		}
	}
}

// TestEnvironmentIsEmpty holds the process that renders to see nothing of the
// environment but what the runtime reads.
func TestEnvironmentIsEmpty(t *testing.T) {
	t.Setenv("PARITY_SECRET", "hunter2")
	out, err := newPool(t).Render(t.Context(), Job{Task: "environment", Limits: small})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "GO") && !strings.HasPrefix(line, "SYSTEMROOT=") {
			t.Errorf("it sees %s", line)
		}
	}
}

// TestCancel ends a job that would never end.
func TestCancel(t *testing.T) {
	p := newPool(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := p.Render(ctx, Job{Task: "loop"})
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestProgramIsMissing has one error that says what to do.
func TestProgramIsMissing(t *testing.T) {
	p := NewPool([]string{"/nowhere/parity", Argument})
	defer p.Close()
	for range 2 * cap(p.slots) {
		if _, err := p.Render(t.Context(), Job{Task: "echo"}); err == nil || parity.HintOf(err) == "" {
			t.Error(err)
		}
	}
}

// TestSecondProcess holds a pool to start another process only after jobs have
// waited for one.
func TestSecondProcess(t *testing.T) {
	p := newPool(t)
	if cap(p.slots) < 2 {
		t.Skip("SKIPPED: one processor has one process")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun, ended := make(chan struct{}, 1), make(chan error)
	go func() {
		_, err := p.Render(ctx, Job{Task: "ask", Answer: func([]byte) ([]byte, error) {
			begun <- struct{}{}
			<-ctx.Done()
			return nil, nil
		}})
		ended <- err
	}()
	<-begun
	p.waited(patience - time.Millisecond)
	if _, err := p.Render(ctx, Job{Task: "echo"}); err != nil || len(p.slots) != 2 {
		t.Errorf("%d processes, %v", len(p.slots), err)
	}
	if left := p.waited(0); left != patience {
		t.Errorf("after the start of another, jobs may wait for %v", left)
	}
	cancel()
	<-ended
}
