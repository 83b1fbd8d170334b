package compare

import (
	"sort"

	"github.com/envparity/parity"
)

// Similarity is the last resort of alignment: a weighted Jaccard index over
// what makes a workload what it is.
const (
	similarEnough = 0.6
	similarMargin = 0.15
	// similarMost bounds the pairs of one block that are tried.
	similarMost = 40_000
)

var traitWeights = map[string]float64{
	"image": 4, "container": 3, "port": 2, "variable": 2, "label": 1, "volume": 1,
}

// candidate is a pair of free subjects with its likeness.
type candidate struct {
	own, ref int
	score    float64
}

// lacks reports whether a subject is without a counterpart in another column.
func (a *aligner) lacks(c *column, i int, other *column) bool {
	n := a.rowOf(c, i)
	return n < 0 || a.rows[n].aligned.Sides[other.index] == nil
}

// meet makes one row of a column's subject and one of the reference, with the
// rows that they are in, unless these exclude each other.
func (a *aligner) meet(c *column, x candidate, method string, confidence float64) {
	own, ref := a.rowOf(c, x.own), a.rowOf(a.ref, x.ref)
	switch {
	case own >= 0 && ref >= 0:
		a.merge(ref, own, method, confidence)
	case ref >= 0:
		a.put(ref, c, x.own, method, confidence)
	default:
		if own < 0 {
			own = a.newRow(method, confidence)
			a.put(own, c, x.own, method, confidence)
		}
		a.put(own, a.ref, x.ref, method, confidence)
	}
}

// similar pairs what is left of each column with what is left of the
// reference, within a kind and an image repository, where one pair stands out.
func (a *aligner) similar() {
	for _, c := range a.cols {
		if c == a.ref {
			continue
		}
		blocks := map[string][2][]int{}
		a.block(blocks, c, a.ref, 0)
		a.block(blocks, a.ref, c, 1)
		names := make([]string, 0, len(blocks))
		for name := range blocks {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			a.pairBlock(c, blocks[name])
		}
	}
}

// block sorts the subjects with traits that lack a counterpart in the other
// column by kind and image repositories.
func (a *aligner) block(blocks map[string][2][]int, c, other *column, side int) {
	for i := range c.rows {
		s := &c.snap.Subjects[i].Subject
		if len(s.Traits) == 0 || !a.lacks(c, i, other) || i > 0 && s.Key == c.snap.Subjects[i-1].Subject.Key {
			continue
		}
		for _, t := range s.Traits {
			if t.Kind == "image" {
				name := joinKey(s.Kind, s.Group, t.Value)
				b := blocks[name]
				b[side] = append(b[side], i)
				blocks[name] = b
			}
		}
	}
}

func (a *aligner) pairBlock(c *column, block [2][]int) {
	if len(block[0])*len(block[1]) > similarMost {
		return
	}
	var all []candidate
	for _, i := range block[0] {
		for _, j := range block[1] {
			score := likeness(&c.snap.Subjects[i].Subject, &a.ref.snap.Subjects[j].Subject)
			all = append(all, candidate{i, j, score})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	byOwn, byRef := map[int][]candidate{}, map[int][]candidate{}
	for _, x := range all {
		byOwn[x.own], byRef[x.ref] = append(byOwn[x.own], x), append(byRef[x.ref], x)
	}
	for _, x := range all {
		if x.score < similarEnough {
			return
		}
		if !a.free(c, x) {
			continue
		}
		if rival, ok := a.rival(x, c, byOwn[x.own], byRef[x.ref]); ok {
			a.ambiguous(c, x, rival)
			continue
		}
		a.meet(c, x, "similar", 0.6+0.35*x.score)
	}
}

// free reports whether neither subject of a pair has a counterpart yet.
func (a *aligner) free(c *column, x candidate) bool {
	return a.lacks(c, x.own, a.ref) && a.lacks(a.ref, x.ref, c)
}

// rival finds another free pair with one of x's subjects that is too near.
func (a *aligner) rival(x candidate, c *column, lists ...[]candidate) (candidate, bool) {
	for _, list := range lists {
		for _, y := range list {
			if y != x && a.free(c, y) && x.score-y.score < similarMargin {
				return y, true
			}
		}
	}
	return candidate{}, false
}

func (a *aligner) ambiguous(c *column, x, rival candidate) {
	s := &c.snap.Subjects[x.own]
	first, second := a.ref.snap.Subjects[x.ref].Subject.Key, a.ref.snap.Subjects[rival.ref].Subject.Key
	candidates := []parity.Key{first}
	if second != first {
		candidates = append(candidates, second)
	}
	a.found.ambiguous(c, s, candidates, x.score, "two subjects are nearly as alike")
}

// likeness is the weighted Jaccard index of two subjects' traits, in 0 to 1.
func likeness(a, b *parity.Subject) float64 {
	var both, either float64
	has := map[parity.Trait]bool{}
	for _, t := range a.Traits {
		if !has[t] {
			has[t] = true
			either += traitWeights[t.Kind]
		}
	}
	seen := map[parity.Trait]bool{}
	for _, t := range b.Traits {
		switch {
		case seen[t]:
		case has[t]:
			both += traitWeights[t.Kind]
		default:
			either += traitWeights[t.Kind]
		}
		seen[t] = true
	}
	if either == 0 {
		return 0
	}
	return both / either
}
