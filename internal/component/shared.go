package component

import (
	"sync"
	"testing"
)

// Shared is a cluster that the tests of one package use together, each in
// namespaces of its own. The first test that asks starts it. Close ends it:
//
//	var shared = component.NewShared(component.WithControllers())
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		shared.Close()
//		os.Exit(code)
//	}
type Shared struct {
	opts []Option

	mu    sync.Mutex
	plane *plane
	err   error
}

// NewShared describes a cluster and starts nothing.
func NewShared(opts ...Option) *Shared { return &Shared{opts: opts} }

// Cluster gives the running cluster to a test.
func (s *Shared) Cluster(tb testing.TB) *Cluster {
	tb.Helper()
	o, paths := choose(tb, s.opts)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plane == nil && s.err == nil {
		s.plane, s.err = startPlane(o, paths)
	}
	if s.err != nil {
		tb.Fatal(s.err)
	}
	logs := s.plane.group
	tb.Cleanup(func() { logs.showIfFailed(tb) })
	return s.plane.view(tb)
}

// Close ends the cluster, if a test started it.
func (s *Shared) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plane != nil {
		s.plane.close()
		s.plane = nil
	}
}
