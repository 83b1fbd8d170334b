package kubernetes

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
)

// prints sums up which objects were read, in which version: the same sum means
// that the same objects were there. The order in which they come does not
// matter.
type prints struct {
	mu  sync.Mutex
	sum [4]uint64
	n   int
}

func newPrints() *prints { return &prints{} }

// object adds one.
func (p *prints) object(r resource, uid, version string) {
	h := sha256.Sum256([]byte(r.group + "\x00" + r.name + "\x00" + uid + "\x00" + version))
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.sum {
		p.sum[i] += binary.LittleEndian.Uint64(h[8*i:])
	}
	p.n++
}

// String gives the sum as text.
func (p *prints) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%d-%016x%016x%016x%016x", p.n, p.sum[0], p.sum[1], p.sum[2], p.sum[3])
}
