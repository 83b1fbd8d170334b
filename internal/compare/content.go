package compare

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Subjects of one kind that lack a counterpart are the same under another name
// where most of what they state is the same.
const (
	contentEnough = 0.75
	// contentMargin is how much less alike any other pair must be.
	contentMargin = 0.1
	// contentLeast is how many telling statements that no other subject makes a
	// pair must share. One is enough from contentSame on, under names that are
	// half the same.
	contentLeast = 2
	contentSame  = 0.95
	// contentPostings is from how many subjects on a statement tells nothing
	// about which of them is meant.
	contentPostings = 64
	// contentSample bounds the aligned subjects of a kind that are looked at to
	// tell what all of them state.
	contentSample = 128
	// contentStatements bounds what is read of one subject.
	contentStatements = 4096
)

// telling is set in the hashes of statements that can tell one object from
// another: not in those of numbers, switches and single words.
const telling = 1

// content is what a subject states, as sorted hashes of its statements.
type content struct {
	index      int
	statements []uint64
	tokens     []string // of its name
}

// contents joins subjects by content, each column's with the reference's,
// within a kind and a namespace.
func (a *aligner) contents() {
	for _, c := range a.cols {
		if c == a.ref {
			continue
		}
		own := a.unmet(c, a.ref)
		if len(own) == 0 {
			continue
		}
		ref := a.unmet(a.ref, c)
		for _, k := range sortedKinds(own) {
			if len(ref[k]) > 0 {
				a.contentsOfKind(c, k, own[k], ref[k])
			}
		}
	}
}

// kindGroup is a kind of object in its API group.
type kindGroup struct{ kind, group string }

func sortedKinds(m map[kindGroup][]int) []kindGroup {
	kinds := make([]kindGroup, 0, len(m))
	for k := range m {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b kindGroup) int {
		return strings.Compare(joinKey(a.kind, a.group), joinKey(b.kind, b.group))
	})
	return kinds
}

// unmet are the subjects of a column that lack a counterpart in another one and
// may have one of another name, by kind.
func (a *aligner) unmet(c, other *column) map[kindGroup][]int {
	out := map[kindGroup][]int{}
	for i := range c.rows {
		s := &c.snap.Subjects[i]
		if !a.lacks(c, i, other) || !a.renameable(&s.Subject) || i > 0 && s.Subject.Key == c.snap.Subjects[i-1].Subject.Key {
			continue
		}
		k := kindGroup{s.Subject.Kind, s.Subject.Group}
		out[k] = append(out[k], i)
	}
	return out
}

// renameable reports whether a subject can have another name in another
// environment and stay what it is. What was measured or built is its name; a
// workload with an image is told by its traits.
func (r *run) renameable(s *parity.Subject) bool {
	switch r.opt.Kinds.Format(s) {
	case "kubernetes", "compose", "terraform", "files":
		return !slices.ContainsFunc(s.Traits, func(t parity.Trait) bool { return t.Kind == "image" })
	}
	return false
}

// contentsOfKind joins the subjects of one kind.
func (a *aligner) contentsOfKind(c *column, k kindGroup, own, ref []int) {
	m := newContentIndex(a, k)
	for _, i := range ref {
		m.add(a.contentOf(a.ref, i), false)
	}
	m.addAligned(c, ref)
	var pairs []contentPair
	for _, i := range own {
		mine := a.contentOf(c, i)
		pairs = append(pairs, m.pairs(&mine, func(j int) bool {
			return a.logical[c.index][i].Scope == a.logical[a.ref.index][j].Scope
		})...)
	}
	for _, x := range outstanding(pairs) {
		if a.free(c, x) {
			a.meet(c, x, "content", 0.6+0.35*x.score)
		}
	}
}

// contentPair is two subjects that are alike. One that is not eligible only
// rivals others.
type contentPair struct {
	candidate
	eligible bool
}

// outstanding are the eligible pairs of which each subject has no other that is
// nearly as alike, best first.
func outstanding(pairs []contentPair) []candidate {
	type side struct {
		ref   bool
		index int
	}
	best, second := map[side]float64{}, map[side]float64{}
	for _, x := range pairs {
		for _, k := range [...]side{{false, x.own}, {true, x.ref}} {
			if x.score > best[k] {
				best[k], second[k] = x.score, best[k]
			} else {
				second[k] = max(second[k], x.score)
			}
		}
	}
	var out []candidate
	for _, x := range pairs {
		alone := x.eligible && x.score >= contentEnough
		for _, k := range [...]side{{false, x.own}, {true, x.ref}} {
			alone = alone && x.score == best[k] && x.score-second[k] >= contentMargin
		}
		if alone {
			out = append(out, x.candidate)
		}
	}
	slices.SortStableFunc(out, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	return out
}

// contentOf reads what a subject states, without its own name, its
// environment's words, positions in lists, and what is so by default.
func (a *aligner) contentOf(c *column, i int) content {
	s := &c.snap.Subjects[i]
	name := a.logical[c.index][i].Name
	out := content{index: i, tokens: nameTokens(name, s.Subject.Kind)}
	plain := func(text string) string {
		if len(s.Subject.Name) > 2 && strings.Contains(text, s.Subject.Name) {
			text = strings.ReplaceAll(text, s.Subject.Name, "{name}")
		}
		if short(text) {
			text = c.withoutWords(text)
		}
		if len(name) > 2 && strings.Contains(text, name) {
			text = strings.ReplaceAll(text, name, "{name}")
		}
		return text
	}
	for j := range s.Facts {
		f := &s.Facts[j]
		if f.DerivedFrom != nil || f.Value.Kind.Measured() || absentEquals(f) != 0 {
			continue
		}
		path := fingerprintOf(fnvOffset, withoutPositions(plain(f.Path)))
		for line := range strings.SplitSeq(f.Value.Canonical(), "\n") {
			if line = strings.TrimSpace(line); line != "" || len(out.statements) == 0 {
				out.statements = append(out.statements, statement(path, plain(line)))
			}
			if len(out.statements) >= contentStatements {
				break
			}
		}
		if len(out.statements) >= contentStatements {
			break
		}
	}
	slices.Sort(out.statements)
	return out
}

// statement is the hash of a value at a path.
func statement(path uint64, text string) uint64 {
	h := fingerprintOf(path, text) &^ telling
	const least = 6 // bytes
	if len(text) >= least && strings.ContainsAny(text, "-./:_=@ ") && strings.ContainsAny(lower(text), "abcdefghijklmnopqrstuvwxyz") {
		h |= telling
	}
	return h
}

// withoutPositions takes the numbers out of the brackets of a path.
func withoutPositions(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		b.WriteByte(path[i])
		if path[i] == '[' {
			for i+1 < len(path) && path[i+1] >= '0' && path[i+1] <= '9' {
				i++
			}
		}
	}
	return b.String()
}

const fnvOffset uint64 = 14695981039346656037

// fingerprintOf continues a hash (FNV-1a) with a text.
func fingerprintOf(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return (h ^ 0xff) * 1099511628211
}

// nameTokens are the parts of a name that are no part of its kind's.
func nameTokens(name, kind string) []string {
	kind = lower(kind)
	var out []string
	for _, s := range segments(lower(name)) {
		if len(s.text) > 1 && (s.text[0] < '0' || s.text[0] > '9') && !strings.Contains(kind, s.text) {
			out = append(out, s.text)
		}
	}
	return out
}
