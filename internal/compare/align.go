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
}

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
		a.join("kind", 0.85, a.unscopedKey)
		a.rest()
		a.sortRows()
		return
	}
	a.join("logical", 0.98, a.logicalKey)
	a.join("generated", 0.95, a.stemKey)
	for _, method := range []string{"tracking", "release", "app"} {
		a.join(method, 0.9, a.identityKey(method))
	}
	a.join("kind", 0.85, a.renamedScopeKey)
	a.similar()
	a.join("kinds", 0.85, a.familyKey)
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

// keyFunc gives the key that a subject joins by; ok is false where it has none.
type keyFunc func(c *column, i int) (key string, ok bool)

// join pairs what is left by key: subjects of different columns whose key is
// the same and unique in each column are one row; a subject joins an existing
// row that its column lacks. A key that several subjects of one column share
// decides nothing here.
func (a *aligner) join(method string, confidence float64, key keyFunc) {
	type seat struct {
		row   int // an existing row, or -1
		index []int
		count []int
	}
	seats := map[string]*seat{}
	var order []string
	get := func(k string) *seat {
		s := seats[k]
		if s == nil {
			s = &seat{row: -1, index: make([]int, len(a.cols)), count: make([]int, len(a.cols))}
			seats[k] = s
			order = append(order, k)
		}
		return s
	}
	for _, c := range a.cols {
		for i, w := range c.rows {
			if w >= 0 && a.rows[w].full {
				continue
			}
			k, ok := key(c, i)
			if !ok {
				continue
			}
			s := get(k)
			if s.count[c.index]++; s.count[c.index] == 1 {
				s.index[c.index] = i
			}
		}
	}
	for _, k := range order {
		a.seat(method, confidence, seats[k].index, seats[k].count)
	}
}

// seat makes one row of the subjects that share a key, if they are free and
// unique in their column. Where a column's subject sits in a row already, the
// others join that row.
func (a *aligner) seat(method string, confidence float64, index, count []int) {
	target, free := -1, 0
	for _, c := range a.cols {
		switch n := count[c.index]; {
		case n > 1 && method != "exact":
			return
		case n == 0:
		case c.rows[index[c.index]] >= 0:
			if target >= 0 && target != c.rows[index[c.index]] {
				return
			}
			target = c.rows[index[c.index]]
		default:
			free++
		}
	}
	if free == 0 || free == 1 && target < 0 {
		return
	}
	for _, c := range a.cols {
		if count[c.index] == 0 || c.rows[index[c.index]] >= 0 {
			continue
		}
		if target >= 0 && a.rows[target].aligned.Sides[c.index] != nil {
			continue
		}
		if target < 0 {
			target = a.newRow(method, confidence)
		}
		a.put(target, c, index[c.index], method, confidence)
	}
}

func (a *aligner) newRow(method string, confidence float64) int {
	a.rows = append(a.rows, &row{aligned: parity.Aligned{
		Alignment: parity.Alignment{Method: method, Confidence: confidence},
		Sides:     make([]*parity.SubjectFacts, len(a.cols)),
	}})
	return len(a.rows) - 1
}

// put seats a subject. The row keeps the least sure of its methods.
func (a *aligner) put(target int, c *column, i int, method string, confidence float64) {
	w := a.rows[target]
	w.aligned.Sides[c.index] = &c.snap.Subjects[i]
	c.rows[i] = target
	w.full = !slices.Contains(w.aligned.Sides, nil)
	if confidence < w.aligned.Alignment.Confidence {
		w.aligned.Alignment.Method, w.aligned.Alignment.Confidence = method, confidence
	}
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
	if c.rows[i] >= 0 {
		return "", false
	}
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
		if c.rows[i] >= 0 {
			return "", false
		}
		for _, id := range s.IDs {
			if id.Method == method {
				k := a.logical[c.index][i]
				return joinKey(k.Kind, k.Group, "", c.withoutWords(id.Value)), true
			}
		}
		return "", false
	}
}

// renamedScopeKey joins by kind and name alone what is left of a kind in a
// scope in which the other side has none of that kind: the reference for a
// column, and any column for the reference.
func (a *aligner) renamedScopeKey(c *column, i int) (string, bool) {
	k := a.logical[c.index][i]
	if c.rows[i] >= 0 || !a.newScope(c, [2]string{k.Kind, k.Scope}) {
		return "", false
	}
	return joinKey(k.Kind, k.Group, "", k.Name), true
}

// unscopedKey joins what the reference declares without a namespace to the one
// subject of that kind and name, wherever it is.
func (a *aligner) unscopedKey(c *column, i int) (string, bool) {
	k := c.snap.Subjects[i].Subject.Key
	if c.rows[i] >= 0 || (c == a.ref) != (k.Scope == "") {
		return "", false
	}
	return joinKey(k.Kind, k.Group, "", k.Name), true
}

func (a *aligner) newScope(c *column, scope [2]string) bool {
	if c != a.ref {
		return !a.scopes[a.ref.index][scope]
	}
	for i := range a.cols {
		if i != c.index && !a.scopes[i][scope] {
			return true
		}
	}
	return false
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
