package compare

import (
	"slices"

	"github.com/envparity/parity"
)

// keyFunc gives the key that a subject joins by; ok is false where it has none.
type keyFunc func(c *column, i int) (key string, ok bool)

// keyed is what the columns have under one key.
type keyed struct {
	index []int // by column, the first subject
	count []int // by column, how many subjects
}

// join pairs what is left by key: subjects of different columns whose key is
// the same are one row. A subject that some columns have met already brings
// its row, so that it meets those of the columns that the row lacks. A key that
// several subjects of a column share says nothing about that column.
func (a *aligner) join(method string, confidence float64, key keyFunc) {
	places := map[string]*keyed{}
	var order []string
	for _, c := range a.cols {
		for i := range c.rows {
			if w := a.rowOf(c, i); w >= 0 && a.rows[w].full {
				continue
			}
			k, ok := key(c, i)
			if !ok {
				continue
			}
			s := places[k]
			if s == nil {
				s = &keyed{index: make([]int, len(a.cols)), count: make([]int, len(a.cols))}
				places[k] = s
				order = append(order, k)
			}
			if s.count[c.index]++; s.count[c.index] == 1 {
				s.index[c.index] = i
			}
		}
	}
	for _, k := range order {
		a.seat(method, confidence, places[k].index, places[k].count)
	}
}

// seat makes one row of the subjects that share a key and are unique in their
// column, with the rows that they are in. Rows that both have a subject of some
// column stay apart: the reference's row takes the others, or else the one that
// most columns share.
func (a *aligner) seat(method string, confidence float64, index, count []int) {
	a.seated = a.seated[:0]
	free := 0
	for _, c := range a.cols {
		switch n := count[c.index]; {
		case n == 0 || n > 1 && method != "exact":
			continue
		case c.rows[index[c.index]] < 0:
			free++
		default:
			if w := a.rowOf(c, index[c.index]); !slices.Contains(a.seated, w) {
				a.seated = append(a.seated, w)
			}
		}
	}
	if free+len(a.seated) < 2 {
		return
	}
	target := a.widest(a.seated)
	for _, w := range a.seated {
		if w != target {
			a.merge(target, w, method, confidence)
		}
	}
	if free == 0 {
		return
	}
	for _, c := range a.cols {
		n, i := count[c.index], index[c.index]
		if n == 0 || n > 1 && method != "exact" || c.rows[i] >= 0 {
			continue
		}
		if target < 0 {
			target = a.newRow(method, confidence)
		}
		if a.rows[target].aligned.Sides[c.index] == nil {
			a.put(target, c, i, method, confidence)
		}
	}
}

// widest is the row that has a subject of the reference, or else the first of
// those with most subjects; -1 where there is none.
func (a *aligner) widest(rows []int) int {
	best, most := -1, 0
	for _, w := range rows {
		n := 0
		for _, s := range a.rows[w].aligned.Sides {
			if s != nil {
				n++
			}
		}
		if a.rows[w].aligned.Sides[a.ref.index] != nil {
			n += len(a.cols)
		}
		if n > most {
			best, most = w, n
		}
	}
	return best
}

// merge moves the subjects of a row to another one, unless both have one of the
// same column. The row keeps the least sure of all methods.
func (a *aligner) merge(target, from int, method string, confidence float64) {
	w, other := a.rows[target], a.rows[from]
	for i, s := range other.aligned.Sides {
		if s != nil && w.aligned.Sides[i] != nil {
			return
		}
	}
	for i, s := range other.aligned.Sides {
		if s != nil {
			w.aligned.Sides[i] = s
		}
	}
	w.full = !slices.Contains(w.aligned.Sides, nil)
	w.least(other.aligned.Alignment.Method, other.aligned.Alignment.Confidence)
	w.least(method, confidence)
	w.moved, w.renamed = w.moved || other.moved, w.renamed || other.renamed
	other.into = target
}

// least notes a method by which subjects of the row met.
func (w *row) least(method string, confidence float64) {
	w.moved, w.renamed = w.moved || method == "kind", w.renamed || method == "content" || method == "similar"
	if confidence < w.aligned.Alignment.Confidence {
		w.aligned.Alignment.Method, w.aligned.Alignment.Confidence = method, confidence
	}
}

// rowOf is the row that a subject is in, or -1.
func (a *aligner) rowOf(c *column, i int) int {
	n := c.rows[i]
	if n < 0 || a.rows[n].into < 0 {
		return n
	}
	for a.rows[n].into >= 0 {
		n = a.rows[n].into
	}
	c.rows[i] = n
	return n
}

func (a *aligner) newRow(method string, confidence float64) int {
	w := &row{into: -1, aligned: parity.Aligned{
		Alignment: parity.Alignment{Method: method, Confidence: confidence},
		Sides:     make([]*parity.SubjectFacts, len(a.cols)),
	}}
	w.least(method, confidence)
	a.rows = append(a.rows, w)
	return len(a.rows) - 1
}

// put seats a subject. The row keeps the least sure of its methods.
func (a *aligner) put(target int, c *column, i int, method string, confidence float64) {
	w := a.rows[target]
	w.aligned.Sides[c.index] = &c.snap.Subjects[i]
	c.rows[i] = target
	w.full = !slices.Contains(w.aligned.Sides, nil)
	w.least(method, confidence)
}

// compact leaves out the rows that were merged into others.
func (a *aligner) compact() {
	if !slices.ContainsFunc(a.rows, func(w *row) bool { return w.into >= 0 }) {
		return
	}
	for _, c := range a.cols {
		for i := range c.rows {
			a.rowOf(c, i)
		}
	}
	where := make([]int, len(a.rows))
	kept := a.rows[:0]
	for n, w := range a.rows {
		if w.into >= 0 {
			continue
		}
		where[n] = len(kept)
		kept = append(kept, w)
	}
	clear(a.rows[len(kept):])
	a.rows = kept
	for _, c := range a.cols {
		for i, n := range c.rows {
			if n >= 0 {
				c.rows[i] = where[n]
			}
		}
	}
}
