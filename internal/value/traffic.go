package value

import (
	"strconv"
	"strings"
)

// Traffic is one tuple of a cloud's network rules.
type Traffic struct {
	// Direction is "ingress" or "egress".
	Direction string
	// Order is the rule's place among others where that decides; empty where
	// it does not.
	Order string
	// Verdict is "allow" or "deny"; empty is allow.
	Verdict string
	// Protocol is "all", or "tcp", "udp", "icmp" or another's name or number.
	Protocol string
	// Ports are "443", "8080-8090", "any", or "8/0" for a type and code of
	// ICMP; empty where the protocol is all.
	Ports string
	// Peer is a network, or the name of another group.
	Peer string
	// At is what of a group's own the rule is for; empty is all of it.
	At string
}

// String writes the tuple as people read it, and as ParseTraffic reads it:
// "ingress tcp 443 from 10.0.0.0/16".
func (t Traffic) String() string {
	b := []byte(t.Direction)
	for _, w := range [...]string{t.Order, t.Verdict, t.Protocol, t.Ports} {
		if w != "" {
			b = append(append(b, ' '), w...)
		}
	}
	if t.Direction == "egress" {
		b = append(b, " to "...)
	} else {
		b = append(b, " from "...)
	}
	b = appendItem(b, t.Peer)
	if t.At != "" {
		b = appendItem(append(b, " at "...), t.At)
	}
	return string(b)
}

// ParseTraffic reads what String writes.
func ParseTraffic(s string) (t Traffic, ok bool) {
	r := &tupleReader{rest: s}
	if t.Direction = r.plain(); t.Direction != "ingress" && t.Direction != "egress" {
		return t, false
	}
	var words []string
	for len(words) < 5 && r.rest != "" && !r.word("from") && !r.word("to") {
		w := r.plain()
		if w == "" {
			return t, false
		}
		words = append(words, w)
	}
	if len(words) > 1 && isDigits(words[0]) {
		t.Order, words = words[0], words[1:]
	}
	if len(words) > 1 && (words[0] == "allow" || words[0] == "deny") {
		t.Verdict, words = words[0], words[1:]
	}
	if len(words) == 0 || len(words) > 2 {
		return t, false
	}
	t.Protocol = words[0]
	if len(words) == 2 {
		t.Ports = words[1]
	}
	peer, ok := r.patterns()
	if !ok || len(peer.Items) != 1 {
		return t, false
	}
	t.Peer = peer.Items[0]
	if r.word("at") {
		at, ok := r.patterns()
		if !ok || len(at.Items) != 1 {
			return t, false
		}
		t.At = at.Items[0]
	}
	return t, r.rest == ""
}

func isDigits(s string) bool { return allOf(s, isDigit) }

// Covers reports whether all traffic that q speaks of is among that which t
// speaks of, with the same verdict at the same place.
func (t Traffic) Covers(q Traffic) bool {
	return t.Direction == q.Direction && t.Order == q.Order && t.Verdict == q.Verdict &&
		(t.At == q.At || t.At == "") && (t.Peer == "any" || withinNetwork(q.Peer, t.Peer)) &&
		(t.Protocol == "all" || t.Protocol == q.Protocol && withinPorts(q.Ports, t.Ports))
}

// withinPorts reports whether ports are all among others.
func withinPorts(narrow, wide string) bool {
	if narrow == wide || wide == "any" {
		return true
	}
	a, b, ok := PortRange(narrow)
	c, d, okWide := PortRange(wide)
	return ok && okWide && c <= a && b <= d
}

// PortRange reads "443" or "8080-8090".
func PortRange(s string) (from, to int, ok bool) {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	from, err := strconv.Atoi(first)
	if err != nil || from < 0 {
		return 0, 0, false
	}
	to, err = strconv.Atoi(last)
	return from, to, err == nil && from <= to && to <= 65535
}
