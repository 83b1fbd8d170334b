package sampleshop

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
)

// replica is one instance of the service, with all that an instance has of its
// own.
type replica struct {
	slots chan struct{}
	quota *quota
	cache *cache
	log   *logger
	// web holds connections to servers, pool those to the store.
	web, pool *http.Transport
}

func newReplica(p *plan, number int, dir string, n *network, logs *logShipper) (*replica, error) {
	log, err := newLogger(filepath.Join(dir, fmt.Sprintf("replica-%d.log", number)), p.level, logs)
	if err != nil {
		return nil, err
	}
	return &replica{
		slots: make(chan struct{}, p.concurrency), quota: newQuota(p.quota), cache: newCache(p.cache), log: log,
		web:  &http.Transport{DialContext: n.dial, MaxIdleConnsPerHost: 64, DisableCompression: true},
		pool: &http.Transport{DialContext: n.dial, MaxConnsPerHost: p.pool, MaxIdleConnsPerHost: p.pool, DisableCompression: true},
	}, nil
}

// enter waits until the instance has room for one more request.
func (r *replica) enter(ctx context.Context) error {
	select {
	case r.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *replica) leave() { <-r.slots }

func (r *replica) close() {
	r.web.CloseIdleConnections()
	r.pool.CloseIdleConnections()
	r.log.close()
}
