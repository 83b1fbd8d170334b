package main

import "testing"

func TestGCPercentBoundsGarbage(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		live uint64
		want int
	}{{0, 800}, {4 * mib, 800}, {8 * mib, 400}, {16 * mib, 200}, {100 * mib, 200}, {384 * mib, 200}, {768 * mib, 100}, {1536 * mib, 50}, {8192 * mib, 50}} {
		if got := gcPercentFor(c.live); got != c.want {
			t.Errorf("gcPercentFor(%d MiB) = %d, want %d", c.live/mib, got, c.want)
		}
	}
	before := 0
	for live := uint64(mib); live < 1<<40; live += live / 7 {
		garbage := int(live/100) * gcPercentFor(live)
		if rounding := int(live/100) + 100*maxGCPercent; garbage < before-rounding-1 {
			t.Errorf("at %d MiB alive there may be %d MiB of garbage, less than the %d MiB of a smaller heap", live/mib, garbage/mib, before/mib)
		}
		before = garbage
	}
}
