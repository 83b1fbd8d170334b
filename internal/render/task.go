package render

import (
	"context"
)

// Task is one thing that can be rendered. Both processes have the same list.
type Task struct {
	Name string
	// Run renders a request. It may be stopped at any time by the end of its
	// process. Where ask is used, it returns what Job.Answer does.
	Run func(request []byte, ask func(question []byte) ([]byte, error)) ([]byte, error)
}

// Job is one rendering that is asked for.
type Job struct {
	// Task names the task; Request is what it is given.
	Task    string
	Request []byte
	// Answer answers what the task asks while it runs, such as for a file. It is
	// called from the goroutine that waits for the result. Nil answers nothing.
	Answer func(question []byte) ([]byte, error)
	Limits Limits
}

// Renderer does jobs. It may be used from several goroutines.
type Renderer interface {
	// Render returns what the task returns. Where the job meets a bound, or the
	// process that does it ends, Exceeded reports so of the error. When ctx is
	// done the error is the context's.
	Render(ctx context.Context, job Job) ([]byte, error)
}

// failure is an error of a task that came from another process.
type failure string

func (f failure) Error() string { return string(f) }

// errPanic says that a library failed by a panic.
const errPanic = failure("the library that reads this failed on it")

// maxFailureText bounds what an error of a task says.
const maxFailureText = 64 << 10

// run does a job in this process. An error says no more than a failure does
// that came from another process.
func run(tasks []Task, name string, request []byte, ask func([]byte) ([]byte, error)) (out []byte, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, errPanic
		}
	}()
	for _, t := range tasks {
		if t.Name != name {
			continue
		}
		out, err := t.Run(request, ask)
		if err != nil {
			text := err.Error()
			return nil, failure(text[:min(len(text), maxFailureText)])
		}
		return out, nil
	}
	return nil, failure("there is no task " + name)
}
