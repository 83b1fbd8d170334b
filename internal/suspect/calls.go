package suspect

import (
	"fmt"
	"math"
	"slices"

	"github.com/envparity/parity"
)

// calls is what was seen of the calls that a service makes of one peer.
type calls struct {
	peer            string
	latency, errors *parity.Judged
	// often is how many times as often a request makes such a call as in the
	// reference, less what another mix of endpoints could do; 1 where that may
	// be all of it.
	often float64
}

// enough is the part of a symptom that calls must be able to explain.
const enough = 0.5

// shown says what is shown of calls beside a symptom: that they are off as it
// is, or that they cannot be what it comes from. Neither is true where too
// little is known of them.
func (x symptom) shown(c *calls) (same, cannot bool) {
	b := c.latency
	if x.failing() {
		b = c.errors
	}
	if b == nil {
		return false, false
	}
	if b.Answer == parity.AnswerDifferent && effectOf(b) == x.effect {
		return true, false
	}
	return false, b.Answer == parity.AnswerEquivalent || x.most(b) < enough*x.size
}

// most is how much of the symptom calls explain at most, by the end of their
// interval: seconds, or failed calls.
func (x symptom) most(b *parity.Judged) float64 {
	if b.Interval == nil || b.Reference == nil {
		return math.Inf(1)
	}
	calls := x.worse(b.Requests.Column, b.Requests.Reference)
	if x.failing() {
		return x.worse(b.Interval[1], -b.Interval[0]) * calls
	}
	// A request that makes several calls waits for all of them.
	return x.worse(b.Interval[1]-1, 1-b.Interval[0]) * *b.Reference * max(1, calls/max(1, x.requests))
}

// sizeOf is how much is to be explained: by how many seconds the quantile is
// off, or how many requests fail more on one side; 0 where it is not known.
func (e effect) sizeOf(b *parity.Judged) float64 {
	switch {
	case b.Estimate == nil || b.Value == nil || b.Reference == nil:
		return 0
	case b.Effect == "ratio":
		return math.Abs(*b.Value - *b.Reference)
	}
	return math.Abs(*b.Estimate) * e.worse(b.Requests.Column, b.Requests.Reference)
}

// worse gives what the side has that is slower or fails more: the column, or the
// reference.
func (e effect) worse(column, reference float64) float64 {
	if e == slower || e == moreErrors {
		return column
	}
	return reference
}

// outage is the share of failing calls from which none gets through.
const outage = 0.95

// out reports whether all calls fail on one side, and not on the other.
func (c *calls) out() bool {
	b := c.errors
	return b != nil && b.Answer == parity.AnswerDifferent && b.Value != nil && b.Reference != nil && max(*b.Value, *b.Reference) >= outage
}

// differs reports whether anything of the calls was shown to be otherwise.
func (c *calls) differs() bool {
	return c.latency != nil && c.latency.Answer == parity.AnswerDifferent || c.errors != nil && c.errors.Answer == parity.AnswerDifferent
}

// minBorne is the share of failing calls from which they are worth a thought.
const minBorne = 0.01

// borne reports whether calls fail in both environments: a service that fails only
// in one bears its peer's failures otherwise.
func (c *calls) borne() bool {
	b := c.errors
	return b != nil && b.Answer != parity.AnswerDifferent && b.Value != nil && b.Reference != nil && min(*b.Value, *b.Reference) > minBorne
}

// traffic counts requests of a service's endpoints and its calls, by name.
type traffic struct{ endpoints, peers map[string]parity.Requests }

func (t *traffic) add(b *parity.Judged) {
	list, name := t.endpoints, b.Subject.Name
	if b.Subject.Kind == parity.IntegrationKind {
		list, name = t.peers, host(name)
	}
	// Errors and durations count the same requests; one of them is enough.
	if have := list[name]; b.Requests.Reference > have.Reference {
		list[name] = b.Requests
	}
}

// surely is by how many standard deviations of independent counts two rates
// must be apart. Requests come in bursts, and so it is more than the usual two.
const surely = 4

// often gives by what factor a request makes more (above 1) or fewer calls of a
// peer than in the reference, beyond what the mix of endpoints can do: where
// each endpoint makes as many calls as before, the calls of an average request
// change at most as much as the share of some endpoint does.
func (t *traffic) often(peer string) float64 {
	var all parity.Requests
	for _, r := range t.endpoints {
		all.Reference += r.Reference
		all.Column += r.Column
	}
	n := t.peers[peer]
	if all.Reference <= 0 || all.Column <= 0 || n.Reference <= 0 || n.Column <= 0 {
		return 1
	}
	least, most := math.Inf(1), 0.0
	for _, r := range t.endpoints {
		share := math.Inf(1)
		if r.Reference > 0 {
			share = r.Column / all.Column / (r.Reference / all.Reference)
		}
		least, most = min(least, share), max(most, share)
	}
	ratio := n.Column / all.Column / (n.Reference / all.Reference)
	chance := math.Exp(surely * math.Sqrt(1/n.Column+1/n.Reference))
	switch {
	case ratio > most*chance:
		return ratio / most
	case ratio < least/chance:
		return ratio / least
	}
	return 1
}

// byCalls is what the calls of the service say of a candidate: a cause that
// works by way of a call shows there too.
func (x symptom) byCalls(c *clue, r relation) []point {
	switch {
	case x.peer != "" || len(x.calls) == 0:
		return nil
	case !r.own:
		return x.byCallsOf(r.peer)
	}
	var points []point
	if c.worksByCalls() && x.noneCan() {
		points = append(points, point{-2, "no call of " + x.service + " " + x.verb() + " so much"})
	}
	if !c.changesCalls() {
		return points
	}
	for _, seen := range x.calls {
		if seen.often > 1 && x.effect == slower || seen.often < 1 && x.effect == faster {
			return append(points, point{1.5, fmt.Sprintf("%s calls %s %.1f times as often for each request", x.service, seen.peer, seen.often)})
		}
	}
	return points
}

// byCallsOf weighs a candidate of a peer by the calls of that peer.
func (x symptom) byCallsOf(peer string) []point {
	for _, seen := range x.calls {
		if seen.peer != peer {
			continue
		}
		switch same, cannot := x.shown(seen); {
		case same:
			return []point{{1.5, fmt.Sprintf("a call of %s %s", peer, x.verb())}}
		case cannot:
			return []point{{-2.5, fmt.Sprintf("no call of %s %s so much", peer, x.verb())}}
		}
	}
	return nil
}

// noneCan reports whether no call can be what the symptom comes from.
func (x symptom) noneCan() bool {
	for _, seen := range x.calls {
		if _, cannot := x.shown(seen); !cannot {
			return false
		}
	}
	return true
}

// byOutage weighs a candidate that names or is of a peer of which no call gets
// through: too little of something mostly lets some through.
func (x symptom) byOutage(c *clue, r relation, named []string) []point {
	for _, seen := range x.calls {
		if !seen.out() || r.peer != seen.peer && !slices.Contains(named, seen.peer) {
			continue
		}
		switch c.Difference.Surface {
		case parity.Network, parity.Secrets, parity.IdentitySurface:
			return []point{{2, "all calls of " + seen.peer + " fail"}}
		}
		if c.mechanism != nil && c.mechanism.less != 0 && !c.mechanism.byCalls {
			return []point{{-1, "all calls of " + seen.peer + " fail, and not some"}}
		}
	}
	return nil
}

func (x symptom) verb() string {
	return [...]string{"takes longer", "takes less time", "fails more often", "fails less often"}[x.effect]
}

// worksByCalls reports whether a candidate changes how long calls take, or whether
// they fail.
func (c *clue) worksByCalls() bool {
	if c.Difference.Surface == parity.Network || c.Difference.Surface == parity.Data {
		return true
	}
	return c.mechanism != nil && c.mechanism.byCalls
}

// changesCalls reports whether a candidate may change how many calls are made.
func (c *clue) changesCalls() bool {
	switch c.Difference.Surface {
	case parity.Artifact, parity.Dependency, parity.Flag:
		return true
	}
	return c.mechanism != nil && c.mechanism.counts
}
