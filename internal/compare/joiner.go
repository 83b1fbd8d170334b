package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// joiner turns a row into Joined values and hands them to visit.
type joiner struct {
	*run
	visit   func(*parity.Joined) error
	linkers []*linker
	links   []*links // by column; nil where the column lacks the subject
	out     parity.Joined
	quiet   []parity.Cell // reused while all cells are equal
	// standIns counts, by a column's address, the addresses of the reference
	// that it stands for.
	standIns map[standIn]int
	moves    map[move]int
	names    map[renaming]*renamed
	// lone is what was found of the reference's fact at hand, if its subject has
	// no counterpart.
	lone struct {
		fact  *parity.Fact
		note  string
		leaks bool
	}
	// stated are the tuples of each column's subject at hand, and behind them
	// those of the reference's, as each column's binder reads them.
	stated []wider
	// targets find what the references of each column name.
	targets []*targets
}

func newJoiner(r *run, visit func(*parity.Joined) error) *joiner {
	j := &joiner{run: r, visit: visit, links: make([]*links, len(r.cols)), standIns: r.standIns(), quiet: make([]parity.Cell, len(r.cols)), stated: make([]wider, 2*len(r.cols))}
	for _, c := range r.cols {
		j.linkers = append(j.linkers, &linker{off: r.opt.Off, kinds: r.opt.Kinds, b: r.binders[c.index]})
	}
	return j
}

// row visits all paths of one row.
func (j *joiner) row(n int) error {
	w := j.rows[n]
	ref := w.aligned.Sides[j.ref.index]
	if w.kinds {
		if err := j.traitDiffers(n, j.kind()); err != nil {
			return err
		}
	}
	if w.renamed {
		if err := j.traitDiffers(n, j.name(n)); err != nil {
			return err
		}
	}
	if w.moved {
		if err := j.traitDiffers(n, j.namespace(w)); err != nil {
			return err
		}
	}
	if ref != nil {
		j.linkAll(w, ref)
		for i := range ref.Facts {
			if err := j.refFact(n, i); err != nil {
				return err
			}
		}
		if err := j.misplacedArguments(n); err != nil {
			return err
		}
		if err := j.dangling(n); err != nil {
			return err
		}
	}
	if err := j.extras(n); err != nil {
		return err
	}
	return j.doubles(n)
}

func (j *joiner) linkAll(w *row, ref *parity.SubjectFacts) {
	for _, c := range j.cols {
		j.links[c.index] = nil
		if own := w.aligned.Sides[c.index]; own != nil && c != j.ref {
			j.linkers[c.index].link(own, ref, w.isAlike(c.index))
			j.links[c.index] = &j.linkers[c.index].links
		}
	}
}

// refFact visits one fact of the reference with what the columns have there.
func (j *joiner) refFact(n, i int) error {
	w := j.rows[n]
	fact := &w.aligned.Sides[j.ref.index].Facts[i]
	cells := j.quiet
	same := true
	for _, c := range j.cols {
		cell := j.cell(n, c, fact, i)
		cells[c.index] = cell
		same = same && cell.Class == parity.Equal
	}
	if len(cells) > 2 && fact.Value.Kind == parity.Secret {
		j.between(n, cells)
	}
	if same {
		j.out = parity.Joined{Subject: &w.aligned, Path: fact.Path, LogicalPath: fact.Path, Surface: fact.Surface, Cells: cells, Derived: fact.DerivedFrom}
		return j.visit(&j.out)
	}
	out := &parity.Joined{
		Subject: &w.aligned, Path: fact.Path, LogicalPath: j.logicalPath(fact.Path, j.ref), Surface: fact.Surface,
		Cells: append([]parity.Cell(nil), cells...), Derived: derived(cells),
	}
	j.explain(w, out)
	return j.visit(out)
}

// cell says what one column has for a fact of the reference.
func (j *joiner) cell(n int, c *column, fact *parity.Fact, i int) parity.Cell {
	if c == j.ref {
		return parity.Cell{State: parity.Present, Fact: fact, Class: parity.Equal}
	}
	l := j.links[c.index]
	if l == nil {
		return j.lack(n, c, fact)
	}
	at := l.toOwn[i]
	if at < 0 {
		return j.lack(n, c, fact)
	}
	own := &j.rows[n].aligned.Sides[c.index].Facts[at]
	if inclusion(&j.rows[n].aligned.Key) {
		x := j.judgeInclusion(c, j.rows[n], own)
		return parity.Cell{State: parity.Present, Fact: own, Class: x.class, Change: x.change, Rules: x.rules, Note: x.note}
	}
	x := j.judge(n, c.index, own, fact, l.rules[i])
	if x.class == parity.Equivalent || x.class == parity.Bound {
		x.rules |= l.rules[i]
	}
	if x.class == parity.Changed && x.change == parity.TextChange && x.note == "" {
		x.note = withinText(own.Value, fact.Value, c.name, j.ref.name)
	}
	j.found.countRules(x.rules)
	if fact.DerivedFrom == nil {
		c.noteUndecided(&x, fact)
	}
	x.rules |= l.rules[i]
	if l.rules[i].Has(parity.KeyTokens) {
		x.bindings = j.binders[c.index].citeTexts(x.bindings, own.Path, fact.Path)
	}
	return parity.Cell{State: parity.Present, Fact: own, Class: x.class, Change: x.change, Rules: x.rules, Bindings: x.bindings, Note: x.note}
}

// lack says what it means that a column has no counterpart for a fact of the
// reference.
func (j *joiner) lack(n int, c *column, fact *parity.Fact) parity.Cell {
	w := j.rows[n]
	own := w.aligned.Sides[c.index]
	if inclusion(&w.aligned.Key) {
		x := j.judgeInclusion(j.ref, w, fact)
		return parity.Cell{State: parity.Absent, Class: x.class, Change: x.change, Rules: x.rules, Note: x.note}
	}
	g, presumed := j.hiddenBy(n, c, j.ref, fact)
	switch {
	case own == nil && g >= 0 && j.lost(c, w.aligned.Key, &w.aligned.Sides[j.ref.index].Subject):
	case j.sayable(c, own, w.aligned.Sides[j.ref.index], fact):
	case own == nil && len(c.snap.Subjects) == 0:
		return parity.Cell{State: parity.UnknownState, Class: parity.Unknown, Note: "nothing was read in " + c.name}
	default:
		return parity.Cell{State: parity.NotApplicable, Class: parity.Unknown, Note: "the sources of " + c.name + " cannot say such a thing"}
	}
	// A default equals its absence only where the absence was seen.
	if g >= 0 && (own == nil || c.gaps[g].Path != "") {
		return c.hidden(g)
	}
	if rules := (absentEquals(fact) | filled(fact, own)) &^ j.opt.Off; rules != 0 {
		j.found.countRules(rules)
		return parity.Cell{State: parity.Absent, Class: parity.Equivalent, Rules: rules}
	}
	if own != nil && j.namesItself(j.ref, own.Subject.Kind, fact) {
		return j.selfNamed(parity.Cell{State: parity.Absent})
	}
	if own != nil && fact.Value.Kind == parity.Tuple {
		b := j.binders[c.index]
		if rule, ok := j.stated[c.index].holds(fact, own, b.ref, b.own); ok && !j.opt.Off.Has(rule) {
			return j.withinWider(rule)
		}
	}
	if g >= 0 {
		return c.hidden(g)
	}
	if fact.Value.Kind.Measured() {
		return silent(c)
	}
	if j.lone.fact != fact {
		j.lone.fact = fact
		j.lone.note, j.lone.leaks = j.loneLeak(w, j.ref, fact)
	}
	if note := j.lone.note; j.lone.leaks {
		return parity.Cell{State: parity.Absent, Class: parity.Leak, Change: parity.AddressChange, Note: note}
	}
	cell := parity.Cell{State: parity.Absent, Class: parity.Missing, Note: presumed, Presumed: presumed != ""}
	if where := askedFor(own, fact.Path); where != "" && presumed == "" {
		cell.Change, cell.Note = parity.AskedChange, where+" asks for it"
	}
	return cell
}

// hidden is the cell of a fact that a gap may hide.
func (c *column) hidden(gap int) parity.Cell {
	c.gapHits[gap]++
	return parity.Cell{State: parity.UnknownState, Class: parity.Unknown, Note: c.gaps[gap].Reason}
}

// withinWider is the cell of a permission or network rule that a wider one of
// the subject holds.
func (j *joiner) withinWider(rule parity.Rule) parity.Cell {
	rules := parity.SetOf(rule)
	j.found.countRules(rules)
	note := "a wider permission holds it"
	if rule == parity.NetworkTuples {
		note = "a wider rule holds it"
	}
	return parity.Cell{State: parity.Absent, Class: parity.Equivalent, Rules: rules, Note: note}
}

// selfNamed is the cell of a label that only names its own environment.
func (j *joiner) selfNamed(cell parity.Cell) parity.Cell {
	cell.Class, cell.Rules, cell.Note = parity.Equivalent, parity.SetOf(parity.BindingRule), "it only says which environment the object is in"
	j.found.countRules(cell.Rules)
	return cell
}

// sayable reports whether the column's sources could have stated the fact.
func (j *joiner) sayable(c *column, own, ref *parity.SubjectFacts, fact *parity.Fact) bool {
	if own == nil {
		return c.speaks(j.run, &ref.Subject)
	}
	if !foreign(j.opt.Kinds, own, ref) {
		return true
	}
	return commonPaths(j.opt.Kinds, ref)(fact.Path) != ""
}

// lost reports whether a gap is over a source that could have stated a subject
// that another column has as s: the gap names its kind, or the source's collector
// reads its format.
func (r *run) lost(c *column, k parity.Key, s *parity.Subject) bool {
	for i := range c.gaps {
		g := &c.gaps[i]
		switch {
		case g.Hides == parity.HidesNothing || g.Hides == parity.HidesParts:
		case g.Kind != "" && g.CoversWhole(k, ""), (g.Whole() || g.Hides == parity.HidesObjects) && r.gapStates(c, i, s):
			return true
		}
	}
	return false
}

// absentEquals are the rules by which a fact equals its absence.
func absentEquals(f *parity.Fact) parity.RuleSet {
	if f.Rules == 0 {
		return 0
	}
	return f.Rules.Effects(parity.AbsentEquals) | f.Rules.Effects(parity.Ignores)
}

// extras visits the facts that columns have and the reference has not. Columns
// that have the same one are visited together.
func (j *joiner) extras(n int) error {
	w := j.rows[n]
	type group struct {
		first *parity.Fact
		col   *column
		facts []*parity.Fact
	}
	groups := map[string]*group{}
	var order []string
	for _, c := range j.cols {
		own := w.aligned.Sides[c.index]
		if own == nil || c == j.ref {
			continue
		}
		for _, i := range j.freeOf(w, c, own) {
			f := &own.Facts[i]
			key := j.logicalPath(f.Path, c)
			g := groups[key]
			if g == nil || g.facts[c.index] != nil {
				if g != nil {
					key += "\x1f" + f.Path
				}
				g = &group{first: f, col: c, facts: make([]*parity.Fact, len(j.cols))}
				groups[key] = g
				order = append(order, key)
			}
			g.facts[c.index] = f
		}
	}
	sort.Strings(order)
	for _, key := range order {
		g := groups[key]
		if err := j.extra(n, g.first, g.facts, key); err != nil {
			return err
		}
	}
	return nil
}

// freeOf gives the indices of a column's facts that met none.
func (j *joiner) freeOf(w *row, c *column, own *parity.SubjectFacts) []int32 {
	if w.aligned.Sides[j.ref.index] != nil {
		return j.links[c.index].free
	}
	all := make([]int32, len(own.Facts))
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

// extra visits one fact that the reference has not.
func (j *joiner) extra(n int, first *parity.Fact, facts []*parity.Fact, logical string) error {
	w := j.rows[n]
	out := &parity.Joined{
		Subject: &w.aligned, Path: first.Path, LogicalPath: strings.TrimSuffix(logical, "\x1f"+first.Path),
		Surface: first.Surface, Cells: make([]parity.Cell, len(j.cols)),
	}
	for _, c := range j.cols {
		f := facts[c.index]
		if f == nil {
			out.Cells[c.index] = parity.Cell{State: parity.Absent, Class: parity.Equal}
			continue
		}
		out.Cells[c.index] = j.surplus(n, c, f)
		if c != j.ref && out.Cells[c.index].State == parity.UnknownState {
			out.Cells[j.ref.index].State = parity.UnknownState
		}
	}
	out.Derived = derived(out.Cells)
	j.explain(w, out)
	return j.visit(out)
}

// surplus says what it means that a column has what the reference has not.
func (j *joiner) surplus(n int, c *column, f *parity.Fact) parity.Cell {
	w := j.rows[n]
	cell := parity.Cell{State: parity.Present, Fact: f, Class: parity.Extra}
	ref, own := w.aligned.Sides[j.ref.index], w.aligned.Sides[c.index]
	if inclusion(&w.aligned.Key) {
		x := j.judgeInclusion(c, w, f)
		cell.Class, cell.Change, cell.Rules, cell.Note = x.class, x.change, x.rules, x.note
		return cell
	}
	gap, presumed := j.hiddenBy(n, j.ref, c, f)
	switch {
	case len(j.ref.snap.Subjects) == 0:
		cell.Class, cell.Note = parity.Unknown, "nothing was read in "+j.ref.name
		return cell
	case ref == nil && !j.ref.speaks(j.run, &own.Subject) && !(gap >= 0 && j.lost(j.ref, w.aligned.Key, &own.Subject)), ref != nil && foreign(j.opt.Kinds, own, ref) && commonPaths(j.opt.Kinds, own)(f.Path) == "":
		cell.Class, cell.Note = parity.Unknown, "the sources of "+j.ref.name+" cannot say such a thing"
		return cell
	}
	// A default equals its absence only where the absence was seen.
	if gap >= 0 && (ref == nil || j.ref.gaps[gap].Path != "") {
		j.ref.gapHits[gap]++
		cell.Class, cell.Note = parity.Unknown, j.ref.gaps[gap].Reason
		return cell
	}
	if rules := (absentEquals(f) | filled(f, ref)) &^ j.opt.Off; rules != 0 {
		j.found.countRules(rules)
		cell.Class, cell.Rules = parity.Equivalent, rules
		return cell
	}
	if ref != nil && j.namesItself(c, ref.Subject.Kind, f) {
		return j.selfNamed(cell)
	}
	if ref != nil && f.Value.Kind == parity.Tuple {
		b := j.binders[c.index]
		if rule, ok := j.stated[len(j.cols)+c.index].holds(f, ref, b.own, b.ref); ok && !j.opt.Off.Has(rule) {
			wider := j.withinWider(rule)
			cell.Class, cell.Rules, cell.Note = wider.Class, wider.Rules, wider.Note
			return cell
		}
	}
	if gap >= 0 {
		j.ref.gapHits[gap]++
		cell.Class, cell.Note = parity.Unknown, j.ref.gaps[gap].Reason
	} else if f.Value.Kind.Measured() {
		cell.Class, cell.Note = parity.Unknown, silent(j.ref).Note
	} else {
		cell.Note, cell.Presumed = presumed, presumed != ""
		if presumed == "" {
			cell.Note = extraNote(own, ref, f.Path, j.ref.name)
		}
		if note, ok := j.loneLeak(w, c, f); ok {
			cell.Class, cell.Change, cell.Note, cell.Presumed = parity.Leak, parity.AddressChange, note, false
		}
	}
	return cell
}

// doubles visits the facts of subjects that a column has twice: which of them
// is meant cannot be told.
func (j *joiner) doubles(n int) error {
	w := j.rows[n]
	for _, d := range w.doubles {
		c := j.cols[d.col]
		if inclusion(&w.aligned.Key) {
			continue // several sources of one column share the including file
		}
		s, first := &c.snap.Subjects[d.index], w.aligned.Sides[d.col]
		j.found.double(c, s)
		for i := range s.Facts {
			f := &s.Facts[i]
			out := &parity.Joined{
				Subject: &w.aligned, Path: f.Path, LogicalPath: j.logicalPath(f.Path, c), Surface: f.Surface,
				Cells: make([]parity.Cell, len(j.cols)), Derived: f.DerivedFrom,
			}
			j.markDouble(out.Cells, d.col, f)
			out.Cells[d.col].Undecided = f.DerivedFrom == nil && !(len(s.Facts) == len(first.Facts) && states(first, f))
			if err := j.visit(out); err != nil {
				return err
			}
		}
	}
	return nil
}

// states reports whether a subject states a fact in the same way.
func states(s *parity.SubjectFacts, f *parity.Fact) bool {
	i := sort.Search(len(s.Facts), func(i int) bool { return s.Facts[i].Path >= f.Path })
	return i < len(s.Facts) && s.Facts[i].Path == f.Path && s.Facts[i].Value.Kind == f.Value.Kind &&
		s.Facts[i].Value.Raw == f.Value.Raw && s.Facts[i].Value.Canonical() == f.Value.Canonical()
}

// markDouble gives a doubled fact its class: in its column, or against it in
// every column where it is the reference that has it twice.
func (j *joiner) markDouble(cells []parity.Cell, col int, f *parity.Fact) {
	const note = "declared more than once"
	for k := range cells {
		cells[k] = parity.Cell{State: parity.Absent, Class: parity.Equal}
		if col == j.ref.index {
			cells[k].Class, cells[k].Note = parity.Ambiguous, note
		}
	}
	cells[col] = parity.Cell{State: parity.Present, Fact: f, Class: parity.Ambiguous, Note: note}
	if col == j.ref.index {
		cells[col].Class, cells[col].Note = parity.Equal, ""
	}
}

// derived says whether every column that has the fact derives it.
func derived(cells []parity.Cell) *parity.FactRef {
	var from *parity.FactRef
	for i := range cells {
		if cells[i].Fact == nil {
			continue
		}
		if cells[i].Fact.DerivedFrom == nil {
			return nil
		}
		from = cells[i].Fact.DerivedFrom
	}
	return from
}

// logicalPath is a path without the column's environment words.
func (j *joiner) logicalPath(path string, c *column) string {
	out, used := c.matcher.abstract(path, nil)
	if used == nil {
		return path
	}
	out, _ = collapse(out)
	return strings.ReplaceAll(out, string([]byte{mark, 1, 1, 1}), "{env}")
}
