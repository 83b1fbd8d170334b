package stats

import (
	"errors"
	"math"
)

// EProcess is a test that may be looked at after every event: it rejects a true
// null share with a chance of at most alpha, however often it is looked at
// (Ville's inequality). For a canary, events are errors, and one counts where it
// is the canary's: null is the canary's share of all errors if nothing changed.
//
// The evidence is ln E = lnB(a+S, b+n-S) - lnB(a, b) - S ln p0 - (n-S) ln(1-p0)
// for S of n events (Lindon, Sanden and Shirikian, arXiv 2205.14762): the mixture
// of all shares by Beta(a, b) against the null. It tells any departure, up or
// down; Share says which.
//
// Events are taken to be independent. Errors that come in bursts are to be
// counted once a burst, or alarms are more frequent.
type EProcess struct {
	null, a, b  float64
	counts, all float64
}

// NullShare is the canary's share of all errors if its rate is ratio times the
// baseline's, by the load (requests) of each.
func NullShare(ratio, canary, baseline float64) float64 {
	return finite(ratio * canary / (ratio*canary + baseline))
}

// NewEProcess starts a test of the null share with the mixture Beta(a, b), 10
// and 10 where nothing is known. It fails where those are no shares or weights.
func NewEProcess(null, a, b float64) (*EProcess, error) {
	switch {
	case !(null > 0 && null < 1):
		return nil, errors.New("the null share lies between 0 and 1")
	case !(a > 0 && b > 0 && a < 1e9 && b < 1e9):
		return nil, errors.New("the weights of the mixture are positive numbers")
	}
	return &EProcess{null: null, a: a, b: b}, nil
}

// Update takes one more event in; counts tells that it is the canary's.
func (e *EProcess) Update(counts bool) {
	if counts {
		e.counts++
	}
	e.all++
}

// Add takes more events in: the canary's and the baseline's. What is no number
// of events is none.
func (e *EProcess) Add(canary, baseline float64) {
	if counted(canary) {
		e.counts += canary
		e.all += canary
	}
	if counted(baseline) {
		e.all += baseline
	}
}

// LogE is the logarithm of the evidence against the null; 0 before any event.
func (e *EProcess) LogE() float64 {
	s, f := e.counts, e.all-e.counts
	return finite(logBeta(e.a+s, e.b+f) - logBeta(e.a, e.b) - s*math.Log(e.null) - f*math.Log1p(-e.null))
}

// Decide reports whether the null is to be rejected at alpha. Once true it stays
// so for the caller who acts on it; more events may lower the evidence again.
func (e *EProcess) Decide(alpha float64) bool { return e.LogE() >= -math.Log(alpha) }

// Share is the canary's share of the events so far, 0 before any.
func (e *EProcess) Share() float64 { return share(e.counts, e.all) }
