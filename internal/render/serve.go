package render

import (
	"bufio"
	"io"
	"os"
	"time"

	"github.com/envparity/parity/internal/parallel"
)

// Argument is the only argument of the process that renders. It is no command
// of the program: whoever calls it by hand gets a process that waits for frames.
const Argument = "internal-render"

// IsWorker reports whether arguments, the program's name first, are those of
// the process that renders.
func IsWorker(args []string) bool { return len(args) == 2 && args[1] == Argument }

// The codes with which the process that renders ends.
const (
	exitClosed = 0
	exitBroken = 80 // the frames that it reads are none
	exitMemory = 81
	exitTime   = 82
)

// maxRequest bounds a request and an answer: what is in them was bounded
// where it was read.
const maxRequest = 1 << 30

// Serve is the process that renders: it does one job after the other until in
// ends, and then ends the process. It confines the process first.
func Serve(in io.Reader, out io.Writer, tasks []Task) {
	s := &server{out: bufio.NewWriterSize(out, 64<<10), tasks: tasks, frames: make(chan frame)}
	parallel.Start(func() error {
		defer close(s.frames) // only where it panics: it ends the process itself
		s.receive(in)
		return nil
	})
	for f := range s.frames {
		if f.kind != kindJob || !s.job(f.payload) {
			os.Exit(exitBroken)
		}
	}
	os.Exit(exitBroken)
}

type frame struct {
	kind    kind
	payload []byte
}

// server is the state of the process that renders.
type server struct {
	out    *bufio.Writer
	tasks  []Task
	frames chan frame
	guard  guard
}

// receive reads frames, also while a job runs: the end of the input is the end
// of the process that would take the result.
func (s *server) receive(in io.Reader) {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		k, payload, err := readFrame(r, maxRequest)
		switch {
		case err == io.EOF: //nolint:errorlint // readFrame returns it as it is
			os.Exit(exitClosed)
		case err != nil:
			os.Exit(exitBroken)
		}
		s.frames <- frame{k, payload}
	}
}

// job does one job, and reports whether it could be read.
func (s *server) job(payload []byte) bool {
	d := NewDecoder(payload)
	limits := Limits{Time: time.Duration(d.Uint()), Memory: int64(d.Uint()), Output: int64(d.Uint())}.filled()
	task, request := d.String(), d.Bytes()
	if d.Err() != nil {
		return false
	}
	s.guard.begin(limits)
	result, err := run(s.tasks, task, request, s.ask)
	k := kindResult
	if err != nil {
		k, result = kindFailure, []byte(err.Error())
	}
	if int64(len(result)) > limits.Output {
		// The length alone says that it is too much.
		result = result[:limits.Output+1]
	}
	sent := s.send(k, result)
	s.guard.end()
	return sent
}

func (s *server) send(k kind, payload []byte) bool {
	return writeFrame(s.out, k, payload) == nil && s.out.Flush() == nil
}

// ask sends a question and waits for its answer.
func (s *server) ask(question []byte) ([]byte, error) {
	if !s.send(kindQuestion, question) {
		os.Exit(exitBroken)
	}
	f := <-s.frames
	switch f.kind {
	case kindAnswer:
		return f.payload, nil
	case kindRefusal:
		return nil, errNoAnswer
	}
	os.Exit(exitBroken)
	return nil, nil
}

// encode writes the frame's payload for a job.
func (j *Job) encode(l Limits) []byte {
	var e Encoder
	e.Uint(uint64(l.Time))
	e.Uint(uint64(l.Memory))
	e.Uint(uint64(l.Output))
	e.String(j.Task)
	e.Bytes(j.Request)
	return e.Data()
}
