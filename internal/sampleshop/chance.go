package sampleshop

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// dice are a seeded source of chance that many requests share.
type dice struct {
	mu  sync.Mutex
	rnd *rand.Rand
}

// newDice gives dice; stream tells those of one copy apart.
func newDice(seed, stream uint64) *dice {
	return &dice{rnd: rand.New(rand.NewPCG(seed, stream))} //nolint:gosec // chance must be repeatable
}

// lognormal gives a time with a median and a spread of its logarithm.
func (d *dice) lognormal(median time.Duration, sigma float64) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(float64(median) * math.Exp(sigma*d.rnd.NormFloat64()))
}

// chance is true with a probability.
func (d *dice) chance(p float64) bool {
	if p <= 0 {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rnd.Float64() < p
}

func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rnd.IntN(n)
}

func (d *dice) bits() (hi, lo uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rnd.Uint64(), d.rnd.Uint64() | 1
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tick is the resolution of timers.
const tick = 1200 * time.Microsecond

// linger waits to within microseconds: the last moment is spent looking at the
// clock, for timers are too coarse for a share of a short time.
func linger(ctx context.Context, d time.Duration) {
	end := time.Now().Add(d)
	if d > tick && pause(ctx, d-tick) != nil {
		return
	}
	for time.Now().Before(end) {
		continue
	}
}
