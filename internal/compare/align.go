package compare

import (
	"slices"
	"sort"

	"github.com/envparity/parity"
)

// row is one subject across all columns.
type row struct {
	aligned parity.Aligned
	// kinds is set where the columns' subjects are of different kinds.
	kinds bool
	// alike tells, by column, whether all its facts are spelled as the
	// reference's; nil where that was found of no column.
	alike []bool
	// full is set where every column has the subject.
	full bool
	// doubles are further subjects of a column that would belong here too.
	doubles []double
	// moved is set where subjects met though their namespaces differ, renamed
	// where they met by their content though their names differ.
	moved, renamed bool
	// into is the row that this one was merged into, or -1.
	into int
}

func (w *row) markAlike(col, columns int) {
	if w.alike == nil {
		w.alike = make([]bool, columns)
	}
	w.alike[col] = true
}

func (w *row) isAlike(col int) bool { return w.alike != nil && w.alike[col] }

type double struct {
	col, index int
}

// refKey finds a subject by what a reference names.
type refKey struct{ kind, scope, name string }

// aligner builds the rows: step by step, each for what the earlier ones left.
type aligner struct {
	*run
	logical [][]parity.Key // by column and subject
	// scopes are the logical scopes by column and kind.
	scopes []map[[2]string]bool
	// seated are the rows of the subjects that share a key; reused.
	seated []int
}

// movedConfidence is that of subjects that met in namespaces of other names.
const movedConfidence = 0.85

// align pairs subjects, in the order of the alignment rules.
func (r *run) align() {
	a := &aligner{run: r}
	for _, c := range r.cols {
		for i := range c.rows {
			c.rows[i] = -1
		}
		a.logical = append(a.logical, c.logicalKeys())
	}
	for i := range r.cols {
		scopes := map[[2]string]bool{}
		for _, k := range a.logical[i] {
			scopes[[2]string{k.Kind, k.Scope}] = true
		}
		a.scopes = append(a.scopes, scopes)
	}
	a.declared()
	a.exact()
	if r.opt.OneEnvironment {
		a.join("generated", 0.95, a.stemKey)
		a.join("kind", movedConfidence, a.unscopedKey)
		a.compact()
		a.rest()
		a.sortRows()
		return
	}
	a.join("logical", 0.98, a.logicalKey)
	a.join("generated", 0.95, a.stemKey)
	for _, method := range []string{"tracking", "release", "app"} {
		a.join(method, 0.9, a.identityKey(method))
	}
	a.renamedScopes()
	a.unscopedPairs()
	a.similar()
	a.join("kinds", 0.85, a.familyKey)
	a.contents()
	a.compact()
	a.rest()
	a.sortRows()
}

// exact pairs subjects of the same key, with mapped namespaces: by merging the
// columns, which are sorted, or by hash where a map changes their order.
func (a *aligner) exact() {
	for _, c := range a.cols {
		if len(c.namespaces) > 0 {
			a.join("exact", 1, a.exactKey)
			return
		}
	}
	at, index, count := make([]int, len(a.cols)), make([]int, len(a.cols)), make([]int, len(a.cols))
	for {
		least, ok := a.least(at)
		if !ok {
			return
		}
		for _, c := range a.cols {
			i, n := at[c.index], 0
			for i+n < len(c.rows) && c.snap.Subjects[i+n].Subject.Key == least {
				n++
			}
			index[c.index], count[c.index] = i, n
			at[c.index] = i + n
		}
		a.seat("exact", 1, index, count)
	}
}

// least is the smallest key that columns have at their places.
func (a *aligner) least(at []int) (least parity.Key, ok bool) {
	for _, c := range a.cols {
		if i := at[c.index]; i < len(c.rows) {
			if k := c.snap.Subjects[i].Subject.Key; !ok || k.Compare(least) < 0 {
				least, ok = k, true
			}
		}
	}
	return least, ok
}

// exactKey joins by the key as it is, with mapped namespaces.
func (a *aligner) exactKey(c *column, i int) (string, bool) {
	k := c.snap.Subjects[i].Subject.Key
	return joinKey(k.Kind, k.Group, c.scope(k.Scope), k.Name), true
}

// logicalKey joins by the key without environments' spellings.
func (a *aligner) logicalKey(c *column, i int) (string, bool) {
	k := a.logical[c.index][i]
	return joinKey(k.Kind, k.Group, k.Scope, k.Name), true
}

// stemKey joins by the name without its generated suffix.
func (a *aligner) stemKey(c *column, i int) (string, bool) {
	s := &c.snap.Subjects[i].Subject
	stem := s.Stem
	if stem == "" {
		stem = s.Name
	}
	k := a.logical[c.index][i]
	return joinKey(k.Kind, k.Group, k.Scope, c.withoutWords(stem)), true
}

func (a *aligner) identityKey(method string) keyFunc {
	return func(c *column, i int) (string, bool) {
		s := &c.snap.Subjects[i].Subject
		for _, id := range s.IDs {
			if id.Method == method {
				k := a.logical[c.index][i]
				return joinKey(k.Kind, k.Group, "", c.withoutWords(id.Value)), true
			}
		}
		return "", false
	}
}

// familyKey joins across kinds by logical name.
func (a *aligner) familyKey(c *column, i int) (string, bool) {
	k := a.logical[c.index][i]
	family := a.opt.Kinds.Of(&c.snap.Subjects[i].Subject).Family
	if family == "" {
		return "", false
	}
	return joinKey(family, "", "", k.Name), true
}

// declared seats what parity.yaml's map and the annotation parity.dev/subject
// name.
func (a *aligner) declared() {
	for n, m := range a.opt.Maps {
		a.join("map", 1, func(c *column, i int) (string, bool) {
			if c.index >= len(m.Names) || m.Names[c.index] == "" {
				return "", false
			}
			k := c.snap.Subjects[i].Subject.Key
			named := m.Names[c.index] == k.Name || m.Names[c.index] == k.Scope+"/"+k.Name
			return joinKey(k.Kind, "", "", string(rune('0'+n%10))), named && (m.Kind == "" || m.Kind == k.Kind)
		})
	}
	a.join("declared", 1, a.identityKey("declared"))
}

// rest gives every subject that met no other a row of its own; one that its
// column has twice joins the row as a double.
func (a *aligner) rest() {
	for _, c := range a.cols {
		subjects := c.snap.Subjects
		for i := range subjects {
			if c.rows[i] >= 0 {
				continue
			}
			if i > 0 && subjects[i].Subject.Key == subjects[i-1].Subject.Key && c.rows[i-1] >= 0 {
				w := a.rows[c.rows[i-1]]
				w.doubles = append(w.doubles, double{c.index, i})
				c.rows[i] = c.rows[i-1]
				continue
			}
			a.put(a.newRow("none", 1), c, i, "none", 1)
		}
	}
}

func (a *aligner) sortRows() {
	for _, w := range a.rows {
		a.name(w)
	}
	byKey := func(x, y *row) int { return x.aligned.Key.Compare(y.aligned.Key) }
	if slices.IsSortedFunc(a.rows, byKey) {
		return
	}
	order := make([]int, len(a.rows))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool {
		return a.rows[order[i]].aligned.Key.Compare(a.rows[order[j]].aligned.Key) < 0
	})
	where := make([]int, len(order))
	sorted := make([]*row, len(order))
	for to, from := range order {
		sorted[to], where[from] = a.rows[from], to
	}
	a.rows = sorted
	for _, c := range a.cols {
		for i, w := range c.rows {
			c.rows[i] = where[w]
		}
	}
}

// name gives a row the reference's key, or that of the first column that has
// it, and notes the columns' own names where they differ.
func (a *aligner) name(w *row) {
	first := w.aligned.Sides[a.ref.index]
	col := a.ref
	for i, s := range w.aligned.Sides {
		if first == nil && s != nil {
			first, col = s, a.cols[i]
		}
	}
	w.aligned.Key = first.Subject.Key
	w.aligned.Logical = col.logicalKey(&first.Subject)
	if stem := first.Subject.Stem; stem != "" && w.aligned.Alignment.Method == "generated" {
		w.aligned.Logical.Name = col.withoutWords(stem)
	}
	for i, s := range w.aligned.Sides {
		if s == nil || s.Subject.Key == w.aligned.Key {
			continue
		}
		if w.aligned.Alignment.Names == nil {
			w.aligned.Alignment.Names = map[string]string{col.name: w.aligned.Key.String()}
		}
		w.aligned.Alignment.Names[a.cols[i].name] = s.Subject.Key.String()
		w.kinds = w.kinds || s.Subject.Kind != w.aligned.Key.Kind
	}
}
