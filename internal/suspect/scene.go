package suspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/word"
)

// scene is what is known of how services hang together and of what else behaves
// otherwise.
type scene struct {
	calls map[string][]string
	// names are all services and peers that are known, lower case.
	names map[string]bool
	seen  map[place]*sight
}

type place struct{ column, service string }

// sight is what was seen of a service in a column: how many of its endpoints
// were judged and differ, and its calls, by peer.
type sight struct {
	judged, different int
	calls             []*calls
	traffic           traffic
}

// to is what was seen of the calls of a peer.
func (s *sight) to(peer string) *calls {
	i, found := slices.BinarySearchFunc(s.calls, peer, func(c *calls, name string) int { return strings.Compare(c.peer, name) })
	if !found {
		s.calls = slices.Insert(s.calls, i, &calls{peer: peer, often: 1})
	}
	return s.calls[i]
}

func newScene(in Input) *scene {
	s := &scene{calls: map[string][]string{}, names: map[string]bool{}, seen: map[place]*sight{}}
	for from, to := range in.Calls {
		from = strings.ToLower(from)
		s.names[from] = true
		for _, peer := range to {
			peer = host(peer)
			s.names[peer] = true
			s.calls[from] = append(s.calls[from], peer)
		}
	}
	for i := range in.Behaviours {
		b := &in.Behaviours[i]
		at := placeOf(b)
		s.names[at.service] = true
		if s.seen[at] == nil {
			s.seen[at] = &sight{traffic: traffic{endpoints: map[string]parity.Requests{}, peers: map[string]parity.Requests{}}}
		}
		s.seen[at].add(b)
	}
	for _, seen := range s.seen {
		for _, c := range seen.calls {
			c.often = seen.traffic.often(c.peer)
		}
	}
	return s
}

func placeOf(b *parity.Judged) place {
	if b.Subject.Kind == parity.WholeService {
		return place{b.Column, strings.ToLower(b.Subject.Name)}
	}
	return place{b.Column, strings.ToLower(b.Subject.Scope)}
}

func (s *sight) add(b *parity.Judged) {
	switch b.Subject.Kind {
	case parity.EndpointKind:
		s.traffic.add(b)
		// One that differs by itself, and may be chance among many, is none
		// beside others that differ too.
		different := b.Answer == parity.AnswerDifferent || b.Reason == "list"
		if b.Path == parity.LatencyPath && (different || b.Answer == parity.AnswerEquivalent) {
			s.judged++
			if different {
				s.different++
			}
		}
	case parity.IntegrationKind:
		s.traffic.add(b)
		c := s.to(host(b.Subject.Name))
		if b.Path == parity.ErrorsPath {
			c.errors = b
		} else {
			c.latency = b
		}
	}
}

// host is the first label of what is called, as services are named: of
// "payments.shop.svc:8080" it is payments.
func host(peer string) string {
	peer = strings.ToLower(peer)
	if _, rest, ok := strings.Cut(peer, "://"); ok {
		peer = rest
	}
	if i := strings.IndexAny(peer, ":/ "); i > 0 {
		peer = peer[:i]
	}
	if strings.Trim(peer, "0123456789.") == "" {
		return peer // an address has no labels
	}
	label, _, _ := strings.Cut(peer, ".")
	return label
}

// effect is what is seen.
type effect uint8

const (
	slower effect = iota
	faster
	moreErrors
	fewerErrors
)

// effectOf is which way a behaviour is off.
func effectOf(b *parity.Judged) effect {
	more := b.Estimate != nil && (b.Effect == "ratio" && *b.Estimate > 1 || b.Effect == "difference" && *b.Estimate > 0)
	switch {
	case b.Path == parity.ErrorsPath && more:
		return moreErrors
	case b.Path == parity.ErrorsPath:
		return fewerErrors
	case more:
		return slower
	}
	return faster
}

// failing reports whether it is about errors, and not about durations.
func (e effect) failing() bool { return e == moreErrors || e == fewerErrors }

// symptom is a behaviour that differs, as suspects are asked about it.
type symptom struct {
	effect
	// size is how much is to be explained (sizeOf), requests how many were judged.
	size, requests float64
	service        string
	// peer is what is called, of an integration.
	peer string
	// words are those of the endpoint's name.
	words []string
	// calls are those of the service, by peer.
	calls []*calls
	// wide is set where all endpoints of the service differ, narrow where some
	// were shown to be alike.
	wide, narrow bool
	known        map[string]bool
}

func (s *scene) symptom(b *parity.Judged) symptom {
	at := placeOf(b)
	seen := s.seen[at]
	e := effectOf(b)
	x := symptom{
		effect: e, size: e.sizeOf(b), requests: e.worse(b.Requests.Column, b.Requests.Reference), service: at.service, known: s.names, calls: seen.calls,
		wide: seen.judged > 1 && seen.different == seen.judged, narrow: seen.different < seen.judged,
	}
	switch b.Subject.Kind {
	case parity.IntegrationKind:
		x.peer = host(b.Subject.Name)
	case parity.EndpointKind:
		x.words = word.Split(b.Subject.Name)
	}
	return x
}

// relation is how near a candidate is to the service that shows a symptom: its
// own, or one of the peer that it calls.
type relation struct {
	point
	own  bool
	peer string // the service's own peer by way of which the candidate acts
}

// relate says how near a candidate is to the service that shows the symptom.
// One of a service that has nothing to do with it is none.
func (s *scene) relate(x symptom, c *clue) (relation, bool) {
	for _, owner := range c.owners {
		if owner == x.service || strings.HasPrefix(owner, x.service+"-") {
			return relation{point{2.5, "it is of " + x.service + " itself"}, true, ""}, true
		}
	}
	for _, owner := range c.owners {
		if owner != "" && owner == x.peer {
			return relation{point{2.5, fmt.Sprintf("it is of %s, which is what is called", x.peer)}, false, owner}, true
		}
	}
	direct := s.calls[x.service]
	if x.peer != "" {
		direct = []string{x.peer} // what else is called has no part in it
	}
	for _, owner := range c.owners {
		if slices.Contains(direct, owner) {
			return relation{point{1.5, fmt.Sprintf("it is of %s, which %s calls", owner, x.service)}, false, owner}, true
		}
	}
	for _, peer := range direct {
		for _, owner := range c.owners {
			if slices.Contains(s.calls[peer], owner) {
				return relation{point{0.5, fmt.Sprintf("it is of %s, which %s calls by way of %s", owner, x.service, peer)}, false, peer}, true
			}
		}
	}
	// A policy or a quota of the namespace has no owner, and may name the service.
	if c.ownerless() && (slices.Contains(c.words, x.service) || x.peer != "" && slices.Contains(c.words, x.peer)) {
		return relation{point{1.5, "it names " + x.service}, true, ""}, true
	}
	return relation{}, false
}
