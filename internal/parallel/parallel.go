// Package parallel is the one place that starts goroutines. Work runs at the
// same time within a limit, a panic becomes an error in place of ending the
// process, and the first failure is the one that is reported.
package parallel

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// ForEach calls fn for every item, at most limit of them at the same time; a
// limit below 1 is the number of processors. It returns when all calls have
// returned, so that no goroutine outlives it.
//
// The first error, or the first panic as a *PanicError, ends the context that
// the other calls were given; no further call begins, and that error is
// returned. When ctx ends before all items are done the cause of that is
// returned.
func ForEach[T any](ctx context.Context, limit int, items []T, fn func(ctx context.Context, i int, item T) error) error {
	if limit < 1 {
		limit = runtime.GOMAXPROCS(0)
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(limit, len(items)) {
		workers.Go(func() {
			for inner.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				if err := Do(func() error { return fn(inner, i, items[i]) }); err != nil {
					cancel(err)
					return
				}
				done.Add(1)
			}
		})
	}
	workers.Wait()
	if int(done.Load()) == len(items) {
		return nil
	}
	return context.Cause(inner)
}

// Start calls fn in the background. Its error, or its panic as a *PanicError,
// can be received once from the channel; nobody has to. It is for work that the
// caller may have to leave behind because it does not end when it is told to;
// everything else belongs into ForEach.
func Start(fn func() error) <-chan error {
	result := make(chan error, 1)
	go func() { result <- Do(fn) }()
	return result
}
