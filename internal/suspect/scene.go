package suspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// scene is what is known of how services hang together and of what else behaves
// otherwise.
type scene struct {
	calls map[string][]string
	// names are all services and peers that are known, lower case.
	names map[string]bool
	// endpoints count, by column and service, the endpoints that were judged and
	// those that differ; peers are the integrations that differ.
	endpoints map[place]tally
	peers     map[place][]string
}

type place struct{ column, service string }

type tally struct{ judged, different int }

func newScene(in Input) *scene {
	s := &scene{calls: map[string][]string{}, names: map[string]bool{}, endpoints: map[place]tally{}, peers: map[place][]string{}}
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
		at := place{b.Column, strings.ToLower(b.Subject.Scope)}
		s.names[at.service] = true
		switch {
		case b.Subject.Kind == parity.EndpointKind && b.Path == parity.LatencyPath && b.Answer != parity.AnswerInconclusive:
			t := s.endpoints[at]
			t.judged++
			if b.Answer == parity.AnswerDifferent {
				t.different++
			}
			s.endpoints[at] = t
		case b.Subject.Kind == parity.IntegrationKind && b.Answer == parity.AnswerDifferent:
			if peer := host(b.Subject.Name); !slices.Contains(s.peers[at], peer) {
				s.peers[at] = append(s.peers[at], peer)
			}
		}
	}
	return s
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

// symptom is a behaviour that differs, as suspects are asked about it.
type symptom struct {
	effect
	service string
	// peer is what is called, of an integration.
	peer string
	// words are those of the endpoint's name.
	words []string
	// failing are the peers of the service whose calls behave otherwise too.
	failing []string
	// wide is set where all endpoints of the service differ, narrow where some
	// were shown to be alike.
	wide, narrow bool
	known        map[string]bool
}

func (s *scene) symptom(b *parity.Judged) symptom {
	at := place{b.Column, strings.ToLower(b.Subject.Scope)}
	x := symptom{service: at.service, failing: s.peers[at], known: s.names}
	if b.Subject.Kind == "service" {
		x.service = strings.ToLower(b.Subject.Name)
	}
	more := b.Estimate != nil && (b.Effect == "ratio" && *b.Estimate > 1 || b.Effect == "difference" && *b.Estimate > 0)
	switch {
	case b.Path == parity.ErrorsPath && more:
		x.effect = moreErrors
	case b.Path == parity.ErrorsPath:
		x.effect = fewerErrors
	case more:
		x.effect = slower
	default:
		x.effect = faster
	}
	switch b.Subject.Kind {
	case parity.IntegrationKind:
		x.peer = host(b.Subject.Name)
	case parity.EndpointKind:
		x.words = words(b.Subject.Name)
	}
	t := s.endpoints[at]
	x.wide = t.judged > 1 && t.different == t.judged
	x.narrow = t.different < t.judged
	return x
}

// relate says how near a candidate is to the service that shows the symptom.
// One of a service that has nothing to do with it is none.
func (s *scene) relate(x symptom, c *clue) (point, bool) {
	for _, owner := range c.owners {
		if owner == x.service || strings.HasPrefix(owner, x.service+"-") {
			return point{2.5, "it is of " + x.service + " itself"}, true
		}
	}
	direct := s.calls[x.service]
	for _, owner := range c.owners {
		if owner != "" && owner == x.peer {
			return point{2.5, fmt.Sprintf("it is of %s, which is what is called", x.peer)}, true
		}
	}
	for _, owner := range c.owners {
		if slices.Contains(direct, owner) {
			return point{1.5, fmt.Sprintf("it is of %s, which %s calls", owner, x.service)}, true
		}
	}
	for _, peer := range direct {
		for _, owner := range c.owners {
			if slices.Contains(s.calls[peer], owner) {
				return point{0.5, fmt.Sprintf("it is of %s, which %s calls by way of %s", owner, x.service, peer)}, true
			}
		}
	}
	// A policy or a quota of the namespace has no owner, and may name the service.
	if c.ownerless() && (slices.Contains(c.words, x.service) || x.peer != "" && slices.Contains(c.words, x.peer)) {
		return point{1.5, "it names " + x.service}, true
	}
	return point{}, false
}
