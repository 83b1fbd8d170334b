package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/envparity/parity/internal/parallel"
)

// grace is how long what is under way has to end after a signal. What listens
// to its context ends within milliseconds.
const grace = 3 * time.Second

// exitInterrupted is the exit code of what could not be told.
const exitInterrupted = 3

// interruptible returns a context that ends at SIGINT or SIGTERM. Where the
// process is still there after grace, as it waits for something that does not
// listen, or where there is a second signal, it exits at once.
func interruptible() context.Context {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancelCause(context.Background())
	parallel.Start(func() error {
		first := <-signals
		cancel(fmt.Errorf("%w: %s", context.Canceled, first))
		late := time.NewTimer(grace)
		select {
		case <-signals:
		case <-late.C:
		}
		endNow()
		return nil
	})
	return ctx
}

// endNow exits. Nobody may read standard error, so that it does not wait long
// for the message to be taken.
func endNow() {
	said := parallel.Start(func() error {
		_, err := fmt.Fprintln(os.Stderr, "parity: interrupted")
		return err
	})
	select {
	case <-said: //nolint:errcheck // nothing is left to do about it
	case <-time.After(100 * time.Millisecond):
	}
	os.Exit(exitInterrupted)
}
