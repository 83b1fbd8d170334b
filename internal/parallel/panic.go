package parallel

import (
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
)

// PanicError is a panic that was recovered. Neither its text nor its stack
// holds the value that was given to panic, which may hold a secret.
type PanicError struct {
	// Kind is the text of an error of the Go runtime, such as "runtime error:
	// index out of range [3] with length 3", or the type of any other value.
	Kind string
	// Stack is that of the goroutine that panicked.
	Stack []byte
}

// Error says that the program is at fault, and how.
func (e *PanicError) Error() string { return "a fault of the program itself: " + e.Kind }

// Log writes the fault with its stack.
func (e *PanicError) Log(log *slog.Logger, message string, args ...any) {
	log.Error(message, append(args, "panic", e.Kind, "stack", string(e.Stack))...)
}

// Do calls fn, and returns a panic in it, or its end by runtime.Goexit, as a
// *PanicError.
func Do(fn func() error) (err error) {
	finished := false
	defer func() {
		if !finished {
			err = &PanicError{Kind: kind(recover()), Stack: debug.Stack()}
		}
	}()
	err = fn()
	finished = true
	return err
}

// kind describes what was given to panic without its value.
func kind(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}
