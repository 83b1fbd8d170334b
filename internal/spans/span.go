// Package spans is one model of traces for all sources: spans, the trees that
// they make, and what a service's spans tell of it, gathered by streaming.
package spans

import (
	"encoding/base64"
	"encoding/hex"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity/internal/naming"
)

// TraceID names a trace.
type TraceID [16]byte

// ID names a span. Zero is none.
type ID uint64

// Span is what is kept of a span. Of attributes only the names are.
type Span struct {
	ID, Parent ID
	Kind       naming.SpanKind
	Service    string
	// Name is the span's, with identifiers folded.
	Name string
	// Endpoint is what a span serves, Peer what it calls, as the span itself
	// has it.
	Endpoint, Peer string
	PeerIsService  bool
	Start          int64 // nanoseconds since 1970
	Duration       time.Duration
	Failed         bool
	// Attributes and Resource are names, sorted; spans share them.
	Attributes, Resource []string
	// Sampling is how the span came to be kept.
	Sampling Sampling
}

// Operation is the span's kind and name.
func (s *Span) Operation() string { return s.Kind.String() + " " + s.Name }

// Weight is how many spans there were for the one that was kept, at least 1.
func (s *Span) Weight() float64 { return s.Sampling.Weight() }

// Trace is the spans of one trace, in any order.
type Trace struct {
	ID    TraceID
	Spans []Span
}

// ParseTraceID reads an identity in hexadecimal or base64; another text gives
// an identity of its own.
func ParseTraceID(s string) TraceID {
	var id TraceID
	if b, ok := bytesOf(s, len(id)); ok {
		copy(id[len(id)-len(b):], b)
		return id
	}
	h := fnv.New128a()
	_, _ = h.Write([]byte(s))
	copy(id[:], h.Sum(nil))
	return id
}

// ParseID reads the identity of a span, as ParseTraceID.
func ParseID(s string) ID {
	if s == "" {
		return 0
	}
	var id ID
	b, ok := bytesOf(s, 8)
	if !ok {
		h := fnv.New64a()
		_, _ = h.Write([]byte(s))
		return ID(h.Sum64())
	}
	for _, x := range b {
		id = id<<8 | ID(x)
	}
	return id
}

// bytesOf decodes at most size bytes. Base64 of 8 and of 16 bytes has 12 and
// 24 characters, hexadecimal 16 and 32, or fewer where zeros are left out.
func bytesOf(s string, size int) ([]byte, bool) {
	if len(s) == base64.StdEncoding.EncodedLen(size) || len(s) == base64.StdEncoding.EncodedLen(8) && strings.HasSuffix(s, "=") {
		if b, err := base64.StdEncoding.DecodeString(s); err == nil && len(b) <= size {
			return b, true
		}
	}
	if len(s) > 2*size {
		return nil, false
	}
	if len(s)%2 == 1 {
		s = "0" + s
	}
	b, err := hex.DecodeString(s)
	return b, err == nil
}

// Names makes lists of names that spans share.
type Names struct {
	lists map[string][]string
	texts map[string]string
}

// maxShared bounds what is shared; beyond it each span has its own.
const maxShared = 100_000

// List gives the sorted list of the names, each once. names is put in order and
// not kept.
func (n *Names) List(names []string) []string {
	slices.Sort(names)
	names = slices.Compact(names)
	key := strings.Join(names, "\x00")
	if list, ok := n.lists[key]; ok {
		return list
	}
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = n.Text(name)
	}
	if n.lists == nil {
		n.lists = map[string][]string{}
	}
	if len(n.lists) < maxShared {
		n.lists[key] = list
	}
	return list
}

// Text gives one copy of equal texts.
func (n *Names) Text(s string) string {
	if t, ok := n.texts[s]; ok {
		return t
	}
	if n.texts == nil {
		n.texts = map[string]string{}
	}
	s = strings.Clone(s)
	if len(n.texts) < maxShared {
		n.texts[s] = s
	}
	return s
}

// Named fills what a span's names say. from has the texts of attributes.
func (n *Names) Named(s *Span, c naming.Config, from naming.Span) {
	names := c.Span(from)
	s.Kind, s.Failed, s.PeerIsService = from.Kind, names.Failed, names.PeerIsService
	s.Service = n.Text(names.Service)
	s.Name = n.Text(strings.TrimPrefix(names.Operation, from.Kind.String()+" "))
	s.Endpoint, s.Peer = n.Text(names.Endpoint), n.Text(names.Peer)
}

// longest bounds durations: what lasts longer is a clock that was set.
const longest = 30 * 24 * time.Hour

// Lasting is the time between two times in nanoseconds, within bounds.
func Lasting(start, end int64) time.Duration {
	if end <= start || start < 0 {
		return 0
	}
	return min(time.Duration(end-start), longest)
}
