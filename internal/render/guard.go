package render

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/envparity/parity/internal/parallel"
)

// How the bound of memory is divided: the collector works harder from the
// first share on, and the process ends at the second. The rest is for what is
// allocated between two looks.
const (
	softShare = 0.75
	hardShare = 0.9
)

// look is the time between two looks at the memory in use.
const look = 10 * time.Millisecond

// grace is how much longer than its bound a job may run before the process
// ends by itself, without being told to.
const grace = time.Second

// Below so much memory garbage is collected seldom: most processes that render
// end before they have used it. Above it garbage is collected as it is elsewhere.
const (
	calmBytes = 96 << 20
	collected = 100 // percent of what is alive
)

// guard ends this process where a job goes past its bounds. It works on every
// system; where the system has limits of its own, these hold as well.
type guard struct {
	once sync.Once
	stop chan struct{}
	// collects is set once garbage is collected.
	collects sync.Once
}

// begin watches over a job.
func (g *guard) begin(l Limits) {
	g.once.Do(func() { confine(l) })
	debug.SetMemoryLimit(int64(float64(l.Memory) * softShare))
	debug.SetMaxStack(int(l.Memory / 4))
	stop := make(chan struct{})
	g.stop = stop
	parallel.Start(func() error { g.watch(l, stop); return nil })
}

// end watches no more, and gives back what a large job had: the next is held to
// the bound for itself.
func (g *guard) end() {
	close(g.stop)
	if inUse() > calmBytes {
		debug.FreeOSMemory()
	}
}

func (g *guard) watch(l Limits, stop <-chan struct{}) {
	deadline := time.NewTimer(l.Time + grace)
	defer deadline.Stop()
	tick := time.NewTicker(look)
	defer tick.Stop()
	most := uint64(float64(l.Memory) * hardShare)
	for {
		select {
		case <-stop:
			return
		case <-deadline.C:
			os.Exit(exitTime)
		case <-tick.C:
			used := inUse()
			if used > most {
				os.Exit(exitMemory)
			}
			g.collect(used)
		}
	}
}

// collect begins to collect garbage once there may be much.
func (g *guard) collect(used uint64) {
	if used > calmBytes {
		g.collects.Do(func() { debug.SetGCPercent(collected) })
	}
}

// inUse returns the bytes that the runtime has and has not given back.
func inUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	total, released := samples[0].Value.Uint64(), samples[1].Value.Uint64()
	return total - min(released, total)
}
