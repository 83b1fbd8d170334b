package collector

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/envparity/parity"
)

// budget counts what one column holds. Its sources share it.
type budget struct {
	limits        Limits
	facts, memory atomic.Int64
}

// factBytes is what a fact takes besides its texts, and subjectBytes what a
// subject does.
const (
	factBytes    = 128
	subjectBytes = 256
)

// sharedPath is how long a path may be to count nothing: most are those of many
// facts, and kept once.
const sharedPath = 256

// Size gives what a subject with these facts counts towards Limits.Memory.
func Size(facts []parity.Fact) int64 {
	size := int64(subjectBytes)
	for i := range facts {
		v := &facts[i].Value
		size += factBytes + int64(len(v.Raw)) + int64(len(v.Canon)) + int64(max(0, len(facts[i].Path)-sharedPath))
	}
	return size
}

// take counts facts, and gives the bound that they do not fit below; empty where
// they do.
func (b *budget) take(facts []parity.Fact) (bound string) {
	size, count := Size(facts), int64(len(facts))
	if b.facts.Add(count) > b.limits.Facts {
		b.facts.Add(-count)
		return fmt.Sprintf("%d facts", b.limits.Facts)
	}
	if b.memory.Add(size) > b.limits.Memory {
		b.facts.Add(-count)
		b.memory.Add(-size)
		return fmt.Sprintf("%d MiB of facts", b.limits.Memory>>20)
	}
	return ""
}

// errFull ends a source that has more than its column may hold.
var errFull = errors.New("the environment holds as much as it may")

// holds reports whether the column may hold the facts too. Where it may not, the
// source ends, and its gap covers all that it has not yielded.
func (s *sink) holds(facts []parity.Fact) bool {
	if s.full {
		return false
	}
	bound := s.budget.take(facts)
	if bound == "" {
		return true
	}
	s.full = true
	s.stop(errFull)
	s.Gap(parity.Gap{
		Reason: "the environment has more than " + bound + ", and what this source says beyond that was not read",
		Hint:   "raise limits.facts or limits.memoryMiB in parity.yaml, or narrow the source",
	})
	return false
}

// Held counts the facts that a source holds until it has read all of them, as one
// object may refer to another. They must not be more than the whole column may
// have: a source hands over what it holds where Full says so, upon which the sink
// ends it. Not safe for concurrent use.
type Held struct {
	limits        Limits
	facts, memory int64
}

// NewHeld returns a count of nothing. A limit of 0 is none.
func NewHeld(limits Limits) *Held { return &Held{limits: limits} }

// Add counts facts.
func (h *Held) Add(facts []parity.Fact) {
	h.facts += int64(len(facts))
	h.memory += Size(facts)
}

// Full reports whether more is held than may be. If so, it counts from nothing
// again.
func (h *Held) Full() bool {
	facts, memory := h.limits.Facts, h.limits.Memory
	full := facts > 0 && h.facts > facts || memory > 0 && h.memory > memory
	if full {
		h.facts, h.memory = 0, 0
	}
	return full
}
