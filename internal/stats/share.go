package stats

import "math"

// Margin is how much two shares may differ and count as equal: by no more than
// Relative times the reference's share, or by no more than Floor.
type Margin struct{ Relative, Floor float64 }

// fewEvents is the effective number of events below which a ratio is judged by
// the exact conditional form, and below which a side's design effect is not
// trusted to be smaller than the other's.
const fewEvents = 20

// estimate is a share with what it rests on.
type estimate struct {
	Side
	p float64
}

// CompareShares compares other's share with the reference's.
//
// Where the margin is surely the relative one, it tests the ratio: by the
// logarithms of Wilson's limits, or, of fewer than twenty effective events on a
// side, by the conditional exact form. Otherwise it tests the difference by
// Newcombe's method against Floor.
func CompareShares(ref, other Share, m Margin) Result {
	return compareShares(ref.estimate(), other.estimate(), m)
}

func (s Share) estimate() estimate {
	k, n := s.sum()
	if !(n > 0) {
		return estimate{}
	}
	i := indicate([]float64{1}, func(int) (n, k []float64) { return s.clean() })
	return newEstimate(i.p, k, n, i.depend(n))
}

// counted reports whether a number is a count of something, which need not be
// whole: what is smaller or larger than any is damage.
func counted(n float64) bool { return n > 1e-9 && n < 1e15 }

func newEstimate(p, k, n float64, d Dependence) estimate {
	e := estimate{p: p, Side: Side{Estimate: p, Events: k, Requests: n, Dependence: d}}
	e.Interval = wilson(p, d.Effective, d.z())
	return e
}

func (e *estimate) events() float64 { return e.p * e.Effective }

// lend gives a side with few events the other's design effect, where that is
// larger: with no event at all a side knows nothing about its own.
func (e *estimate) lend(from estimate) {
	rare := min(e.Events, e.Requests-e.Events)
	if rare >= fewEvents || from.DesignEffect <= e.DesignEffect {
		return
	}
	d := e.Dependence
	d.Effective *= d.DesignEffect / from.DesignEffect
	d.DesignEffect, d.DF = from.DesignEffect, from.DF
	*e = newEstimate(e.p, e.Events, e.Requests, d)
}

func compareShares(ref, other estimate, m Margin) Result {
	lent := ref
	ref.lend(other)
	other.lend(lent)
	r := Result{Ref: ref.Side, Other: other.Side, P: 1, Covered: 1}
	relative, floor := max(0, finite(m.Relative)), max(0, finite(m.Floor))
	if relative > 0 && relative*ref.Interval.Low >= floor {
		r.Scale = Ratio
		r.Margin = Interval{Low: max(0, 1-relative), High: 1 + relative}
	} else {
		r.Margin = Interval{Low: -floor, High: floor}
	}
	if reason := unusable(ref.Side, other.Side); reason != "" {
		r.Reason = reason
		return r
	}
	if r.Scale == Ratio {
		shareRatio(&r, ref, other)
	} else {
		shareDifference(&r, ref, other)
	}
	r.decide()
	if r.Verdict == Inconclusive {
		r.Reason = FewRequests
		r.Needed = needShare(&r, ref, other)
	}
	return r
}

// unusable says why two sides cannot be compared, empty where they can.
func unusable(ref, other Side) Reason {
	switch {
	case !(ref.Requests > 0 && other.Requests > 0):
		return Support
	case min(ref.Blocks, other.Blocks) < MinBlocks:
		return FewBlocks
	}
	return ""
}

// decide answers from the interval, the margin and P.
func (r *Result) decide() {
	switch {
	case r.Interval.Within(r.Margin):
		r.Verdict = Equivalent
	case r.Interval.Outside(r.Margin) && r.P <= Alpha:
		r.Verdict = Different
	}
}

func shareDifference(r *Result, ref, other estimate) {
	at := func(z float64) Interval {
		i := MOVER(other.p, wilson(other.p, other.Effective, z), ref.p, wilson(ref.p, ref.Effective, z))
		return Interval{Low: max(-1, i.Low), High: min(1, i.High)}
	}
	r.Estimate = other.p - ref.p
	r.Interval, r.P = judge(at, r.Margin, shareDF(ref, other))
}

// shareDF are the degrees of freedom of the difference.
func shareDF(ref, other estimate) float64 {
	v := func(e estimate) float64 { w := e.Interval.High - e.Interval.Low; return w * w }
	return jointDF(v(ref), ref.DF, v(other), other.DF)
}

func shareRatio(r *Result, ref, other estimate) {
	if ref.p > 0 {
		r.Estimate = finite(other.p / ref.p)
	}
	if min(ref.events(), other.events()) < fewEvents {
		level := 1 - 2*normalTail(studentQuantile(Level, shareDF(ref, other)))
		r.Interval = RateRatio(other.events(), other.Effective, ref.events(), ref.Effective, level)
		r.P = exactBeyond(r.Margin, ref, other)
		return
	}
	at := func(z float64) Interval {
		return expInterval(MOVER(math.Log(other.p), logInterval(wilson(other.p, other.Effective, z)),
			math.Log(ref.p), logInterval(wilson(ref.p, ref.Effective, z))))
	}
	r.Interval, r.P = judge(at, r.Margin, shareDF(ref, other))
}

func logInterval(i Interval) Interval { return Interval{Low: math.Log(i.Low), High: math.Log(i.High)} }

func expInterval(i Interval) Interval {
	if i.Unbounded {
		return bounded(math.Exp(i.Low), math.Inf(1))
	}
	return bounded(math.Exp(i.Low), math.Exp(i.High))
}

// exactBeyond is the p value of the conditional exact form: of a ratio beyond
// either end of the margin.
func exactBeyond(margin Interval, ref, other estimate) float64 {
	all := ref.events() + other.events()
	q := func(ratio float64) float64 {
		return ratio * other.Effective / (ratio*other.Effective + ref.Effective)
	}
	tail := func(k, q float64) float64 {
		if k > 0 {
			return betaTail(k, all-k+1, q)
		}
		return 1
	}
	// Twice the nearer tail bounds what lies as far out on both sides.
	return min(1, 2*min(tail(other.events(), q(margin.High)), tail(ref.events(), 1-q(margin.Low))))
}
