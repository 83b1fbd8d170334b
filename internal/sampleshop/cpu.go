package sampleshop

import (
	"context"
	"crypto/sha512"
	"runtime"
	"sync"
	"time"
)

// quotaPeriod is the period of a CPU quota, as the scheduler of Linux has it
// for containers.
const quotaPeriod = 100 * time.Millisecond

// slice is how much CPU time is taken of the quota at once.
const slice = 500 * time.Microsecond

// quota lets work run for a share of each period only: what has used up its
// share waits for the next period.
type quota struct {
	limit time.Duration // of CPU time in a period
	begin time.Time

	mu     sync.Mutex
	period int64 // the one that left is of
	left   time.Duration
	waits  int // how often work had to wait
}

func newQuota(limit time.Duration) *quota {
	return &quota{limit: limit, begin: time.Now(), left: limit}
}

// use does work that takes this much CPU time of the thread. More than the
// quota's share of a period takes several periods.
func (q *quota) use(ctx context.Context, work time.Duration) error {
	for work > 0 {
		part, err := q.take(ctx, min(work, slice))
		if err != nil {
			return err
		}
		burn(part)
		work -= part
	}
	return nil
}

// take gives a part of what is wanted, as soon as there is some.
func (q *quota) take(ctx context.Context, want time.Duration) (time.Duration, error) {
	for {
		q.mu.Lock()
		since := time.Since(q.begin)
		if now := int64(since / quotaPeriod); now != q.period {
			q.period, q.left = now, q.limit
		}
		if q.left > 0 {
			part := min(want, q.left)
			q.left -= part
			q.mu.Unlock()
			return part, nil
		}
		q.waits++
		next := time.Duration(q.period+1)*quotaPeriod - since
		q.mu.Unlock()
		if err := pause(ctx, next); err != nil {
			return 0, err
		}
	}
}

// burn computes until the thread has used this much CPU time, however long
// that takes on a busy machine. Hashing is written in assembly, so the race
// detector does not change what it costs.
func burn(d time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var block [4096]byte
	for end := threadTime() + d; threadTime() < end; {
		sum := sha512.Sum512(block[:])
		copy(block[:], sum[:])
	}
}
