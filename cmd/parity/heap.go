package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// The garbage collector trades memory for time. A comparison keeps most of its
// input, so collecting early frees little. A very large one must still not use
// three times the memory that it keeps.
const (
	maxGCPercent = 200
	minGCPercent = 50
	// heapRoom is how much garbage a heap may hold while minGCPercent of what
	// is alive is not more.
	heapRoom = 768 << 20
	// smallHeap is how much garbage any heap may hold: a run that reads little
	// ends before it collects, which would cost it a tenth of its time. It is
	// smallGCPercent of the least heap that the runtime counts with, 4 MiB.
	smallHeap      = 32 << 20
	smallGCPercent = 800
)

// gcPercentFor returns how much may be allocated before the next collection, in
// percent of what the last one left.
func gcPercentFor(live uint64) int {
	if live < smallHeap*100/maxGCPercent {
		return int(min(smallHeap*100/max(live, 1), smallGCPercent))
	}
	if live <= heapRoom*100/maxGCPercent {
		return maxGCPercent
	}
	return int(max(heapRoom*100/live, minGCPercent))
}

// cycle is unreachable as soon as it is made, so that its finalizer runs after
// the next collection. It has a pointer, which keeps it apart from other small
// objects.
type cycle struct{ _ *cycle }

// tuneHeap sets the percentage now and after each collection.
func tuneHeap() {
	percent := smallGCPercent
	debug.SetGCPercent(percent)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var after func(*cycle)
	after = func(*cycle) {
		if metrics.Read(live); live[0].Value.Kind() == metrics.KindUint64 {
			if want := gcPercentFor(live[0].Value.Uint64()); want != percent {
				percent = want
				debug.SetGCPercent(percent)
			}
		}
		runtime.SetFinalizer(&cycle{}, after)
	}
	runtime.SetFinalizer(&cycle{}, after)
}
