package parallel_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/envparity/parity/internal/parallel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestForEachCallsEachItemOnceWithinTheLimit(t *testing.T) {
	for _, limit := range []int{0, 1, 3, 100} {
		items := make([]int, 50)
		var running, highest atomic.Int64
		err := parallel.ForEach(t.Context(), limit, items, func(_ context.Context, i int, _ int) error {
			now := running.Add(1)
			defer running.Add(-1)
			for old := highest.Load(); now > old && !highest.CompareAndSwap(old, now); old = highest.Load() {
			}
			items[i]++
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		for i, n := range items {
			if n != 1 {
				t.Errorf("limit %d: item %d was given %d times", limit, i, n)
			}
		}
		if limit > 0 && highest.Load() > int64(limit) {
			t.Errorf("limit %d: %d calls ran at the same time", limit, highest.Load())
		}
	}
}

func TestForEachRunsAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		err := parallel.ForEach(t.Context(), 2, make([]int, 4), func(context.Context, int, int) error {
			time.Sleep(time.Second)
			return nil
		})
		if took := time.Since(begin); err != nil || took != 2*time.Second {
			t.Errorf("four calls of a second each, two at once, take %s, %v", took, err)
		}
	})
}

func TestForEachReturnsTheFirstCause(t *testing.T) {
	cause := errors.New("the cause")
	begun := make(chan struct{})
	var calls atomic.Int64
	err := parallel.ForEach(t.Context(), 2, make([]int, 100), func(ctx context.Context, i int, _ int) error {
		calls.Add(1)
		if i == 1 {
			<-begun
			return cause
		}
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, cause) {
		t.Errorf("the error is %v, not what led to the others", err)
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls, though the second one failed", calls.Load())
	}
}

func TestForEachTurnsPanicsIntoErrors(t *testing.T) {
	for name, test := range map[string]struct {
		do   func()
		kind string
	}{
		"value":   {func() { panic("hunter2") }, "string"},
		"error":   {func() { panic(errors.New("hunter2")) }, "*errors.errorString"},
		"runtime": {func() { _ = make([]int, 3)[len(t.Name()):] }, "slice bounds out of range"},
		"nil":     {func() { panic(nil) }, "panic called with nil argument"},
	} {
		err := parallel.ForEach(t.Context(), 2, make([]int, 4), func(context.Context, int, int) error {
			test.do()
			return nil
		})
		var fault *parallel.PanicError
		if !errors.As(err, &fault) || !strings.Contains(fault.Kind, test.kind) {
			t.Errorf("%s: the error is %v", name, err)
			continue
		}
		log := &strings.Builder{}
		fault.Log(slog.New(slog.NewTextHandler(log, nil)), "work panicked", "source", "s")
		for _, want := range []string{"work panicked", "source=s", "parallel_test.go", test.kind} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%s: the log lacks %q:\n%s", name, want, log)
			}
		}
		if strings.Contains(log.String()+err.Error(), "hunter2") {
			t.Errorf("%s: the value is shown: %v\n%s", name, err, log)
		}
	}
}

func TestForEachEndsWithItsContext(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	err := parallel.ForEach(ctx, 1, make([]int, 3), func(ctx context.Context, i int, _ int) error {
		if i > 0 {
			t.Errorf("item %d began after the end", i)
		}
		cancel(cause)
		return nil
	})
	if !errors.Is(err, cause) {
		t.Errorf("the error is %v", err)
	}
	if err := parallel.ForEach(ctx, 1, []int{}, func(context.Context, int, int) error { return nil }); err != nil {
		t.Errorf("nothing was to be done, and the error is %v", err)
	}
}

func TestForEachIsDoneWhenAllItemsAre(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := parallel.ForEach(ctx, 1, make([]int, 1), func(context.Context, int, int) error { cancel(); return nil }); err != nil {
		t.Errorf("all items were done, and the error is %v", err)
	}
}

func TestStart(t *testing.T) {
	want := errors.New("x")
	if err := <-parallel.Start(func() error { return want }); !errors.Is(err, want) {
		t.Error(err)
	}
	var fault *parallel.PanicError
	if err := <-parallel.Start(func() error { panic("hunter2") }); !errors.As(err, &fault) {
		t.Error(err)
	}
	parallel.Start(func() error { return nil }) // nobody listens
}
