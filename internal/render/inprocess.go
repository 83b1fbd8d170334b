package render

import (
	"context"
	"time"

	"github.com/envparity/parity/internal/parallel"
)

// inProcess renders in this process: for tests, and for programs that cannot
// run themselves again. Time and output are bounded, memory is not, and what
// takes too long goes on, unheard, until it ends.
type inProcess struct{ tasks []Task }

// InProcess returns a renderer that needs no other process. It does not bound
// memory, nor does it stop what takes too long: only Pool does.
func InProcess(tasks []Task) Renderer { return inProcess{tasks} }

// outcome is what a job ended with.
type outcome struct {
	out []byte
	err error
}

// Render implements Renderer. Questions are answered by the goroutine that
// waits, as those from another process are.
func (r inProcess) Render(ctx context.Context, job Job) ([]byte, error) {
	limits := job.Limits.filled()
	late := time.NewTimer(limits.Time)
	defer late.Stop()
	questions, done := make(chan question), make(chan struct{})
	defer close(done)
	var out []byte
	ended := parallel.Start(func() (err error) {
		out, err = run(r.tasks, job.Task, job.Request, func(text []byte) ([]byte, error) {
			return ask(questions, done, text)
		})
		return err
	})
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-late.C:
			return nil, limits.tooLong()
		case q := <-questions:
			out, err := job.answer(q.text)
			q.answer <- outcome{out, err}
		case err := <-ended:
			if int64(len(out)) > limits.Output {
				return nil, limits.tooMuchOutput()
			}
			return out, err
		}
	}
}

// question is one that a task asks in this process.
type question struct {
	text   []byte
	answer chan outcome
}

// ask hands a question to the goroutine that waits for the result. When that
// has gone there is no answer.
func ask(questions chan<- question, done <-chan struct{}, text []byte) ([]byte, error) {
	q := question{text, make(chan outcome, 1)}
	select {
	case questions <- q:
	case <-done:
		return nil, errNoAnswer
	}
	select {
	case o := <-q.answer:
		return o.out, o.err
	case <-done:
		return nil, errNoAnswer
	}
}

const errNoAnswer = failure("the question has no answer")

func (j *Job) answer(question []byte) ([]byte, error) {
	if j.Answer == nil {
		return nil, errNoAnswer
	}
	return j.Answer(question)
}
