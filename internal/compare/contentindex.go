package compare

import (
	"slices"
	"sort"

	"github.com/envparity/parity"
)

// contentIndex finds subjects of the reference by what they state. Its cost
// grows with the statements of the subjects that lack a counterpart and of a
// bounded sample of the others.
type contentIndex struct {
	*aligner
	kind kindGroup
	held []heldContent
	// postings are the subjects by what they state.
	postings map[uint64][]int32
	// common counts the aligned subjects that state something, and those that
	// have a token in their name.
	common map[uint64]int
	tokens map[string]int
	sample int
	counts []int32 // reused
}

type heldContent struct {
	content
	aligned bool
}

func newContentIndex(a *aligner, k kindGroup) *contentIndex {
	return &contentIndex{aligner: a, kind: k, postings: map[uint64][]int32{}, common: map[uint64]int{}, tokens: map[string]int{}}
}

func (m *contentIndex) add(x content, aligned bool) {
	n := int32(len(m.held))
	m.held = append(m.held, heldContent{x, aligned})
	last := uint64(0)
	for i, h := range x.statements {
		if i > 0 && h == last {
			continue
		}
		last = h
		if p := m.postings[h]; len(p) <= contentPostings {
			m.postings[h] = append(p, n)
		}
		if aligned {
			m.common[h]++
		}
	}
	if !aligned {
		return
	}
	m.sample++
	for _, t := range x.tokens {
		m.tokens[t]++
	}
}

// addAligned adds a sample of the reference's subjects of the kind that have a
// counterpart in the column.
func (m *contentIndex) addAligned(c *column, free []int) {
	all := m.ref.snap.Subjects
	at := func(k kindGroup, after bool) int {
		return sort.Search(len(all), func(i int) bool {
			x := &all[i].Subject.Key
			d := parity.Key{Kind: x.Kind, Group: x.Group}.Compare(parity.Key{Kind: k.kind, Group: k.group})
			return d > 0 || d == 0 && !after
		})
	}
	first, end := at(m.kind, false), at(m.kind, true)
	step := max(1, (end-first-len(free))/contentSample)
	for i, n := first, 0; i < end; i++ {
		if m.lacks(m.ref, i, c) {
			continue
		}
		if n%step == 0 {
			m.add(m.contentOf(m.ref, i), true)
		}
		n++
	}
}

// pairs are the most alike of the reference's subjects that share a part of the
// name and rare content, and of all others, which only rival them.
func (m *contentIndex) pairs(own *content, allowed func(ref int) bool) []contentPair {
	m.counts = slices.Grow(m.counts[:0], len(m.held))[:len(m.held)]
	clear(m.counts)
	var hits []int32
	for i, h := range own.statements {
		p := m.postings[h]
		if len(p) > contentPostings || i > 0 && h == own.statements[i-1] {
			continue
		}
		for _, n := range p {
			if m.counts[n]++; m.counts[n] == 1 {
				hits = append(hits, n)
			}
		}
	}
	slices.SortFunc(hits, func(a, b int32) int {
		if m.counts[a] != m.counts[b] {
			return int(m.counts[b] - m.counts[a])
		}
		return int(a - b)
	})
	const most = 8
	var out []contentPair
	for _, n := range hits[:min(len(hits), most)] {
		x := &m.held[n]
		score, told := m.alikeness(own.statements, x.statements)
		names := m.related(own.tokens, x.tokens)
		out = append(out, contentPair{
			candidate{own: own.index, ref: x.index, score: score},
			!x.aligned && allowed(x.index) && names > 0 && (told >= contentLeast || told > 0 && score > contentSame && names > contentSame/2),
		})
	}
	return out
}

// alikeness is the share of what two subjects state that both state, in 0 to 1;
// what others state too weighs less. told counts what tells which object it is
// and is stated by no other.
func (m *contentIndex) alikeness(a, b []uint64) (score float64, told int) {
	var both, all, plainBoth float64
	weight := func(h uint64) float64 { return 1 / float64(1+m.common[h]) }
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			all += weight(a[i])
			i++
		case i == len(a) || b[j] < a[i]:
			all += weight(b[j])
			j++
		default:
			both += 2 * weight(a[i])
			all += 2 * weight(a[i])
			plainBoth += 2
			if m.common[a[i]] == 0 && a[i]&telling != 0 {
				told++
			}
			i, j = i+1, j+1
		}
	}
	if all == 0 {
		return 0, 0
	}
	return min(both/all, plainBoth/float64(len(a)+len(b))), told
}

// related is the share of two names that both have, in 0 to 1: of the parts
// that do not stand in most names of the kind.
func (m *contentIndex) related(a, b []string) float64 {
	both, all := 0, 0
	for _, t := range a {
		all += len(t)
		if contains(b, t) && (m.sample < 4 || 2*m.tokens[t] < m.sample) {
			both += 2 * len(t)
		}
	}
	for _, t := range b {
		all += len(t)
	}
	return float64(both) / float64(max(all, 1))
}
