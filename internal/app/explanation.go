package app

import (
	"cmp"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// Explanation is the whole story of one path of one subject, or of the subject
// as a whole, whose path is empty.
type Explanation struct {
	Subject     parity.SubjectRef `json:"subject"`
	Path        string            `json:"path"`
	LogicalPath string            `json:"logicalPath,omitempty"`
	Surface     parity.Surface    `json:"surface"`
	// Sides are by column, the reference last.
	Sides []ExplainedSide `json:"sides"`
	// Differences are what policy made of it; empty where nothing differs.
	Differences []parity.Difference `json:"differences"`
	// Bindings are those that took part.
	Bindings []parity.Binding `json:"bindings"`
	// Identifiers are those that stand for each other.
	Identifiers []parity.IdentifierPair `json:"identifiers"`
	// Gaps are what could not be looked at, where that is why it is unknown.
	Gaps []parity.ColumnGap `json:"gaps"`
}

// ExplainedSide is what one column holds, and how it came to its class.
type ExplainedSide struct {
	Column    string `json:"column"`
	Reference bool   `json:"reference,omitempty"`
	// Subject is the column's own subject; nil where it has none.
	Subject *parity.Key  `json:"subject,omitempty"`
	State   parity.State `json:"state"`
	// Class is against the reference. It says nothing where neither has it.
	Class  parity.Class  `json:"class"`
	Change parity.Change `json:"change,omitempty"`
	// Facts counts the facts of a whole subject, Classes those of the column
	// and the reference by class.
	Facts   int                  `json:"facts,omitempty"`
	Classes map[parity.Class]int `json:"classes,omitempty"`
	// Path is the column's own where it is not the explanation's.
	Path string `json:"path,omitempty"`
	// Kind, Raw and Canonical are the value's. A secret's raw value only says
	// that it is one, and its canonical form is left out.
	Kind      parity.ValueKind `json:"kind"`
	Raw       string           `json:"raw,omitempty"`
	Canonical string           `json:"canonical,omitempty"`
	// Secret says why the value is hidden, and what it is compared by; empty
	// where it is shown.
	Secret string `json:"secret,omitempty"`
	// Target is the subject that the value names; nil where it names none.
	Target *parity.Key `json:"target,omitempty"`
	// Sources is where it was read, then what that was made from.
	Sources []string `json:"sources"`
	// SetBy is where a kustomization set the value: its patches, images and
	// replica counts, the one that counts first.
	SetBy []string `json:"setBy,omitempty"`
	// Writer is who wrote it last, where the server that holds it says so.
	Writer *parity.Writer `json:"writer,omitempty"`
	// Shaped are the rules that gave the value its canonical form, Equated
	// those that made it equivalent to the reference's, or that paired the two
	// where their paths differ.
	Shaped  []parity.Rule `json:"shaped,omitempty"`
	Equated []parity.Rule `json:"equated,omitempty"`
	// Bindings are the IDs of those that bound it, or that it breaks.
	Bindings []string        `json:"bindings,omitempty"`
	Note     string          `json:"note,omitempty"`
	Derived  *parity.FactRef `json:"derivedFrom,omitempty"`
}

// Compared reports whether the side's class says anything: it is not the
// reference's own, and one of the two has the fact.
func (e *Explanation) Compared(s *ExplainedSide) bool {
	if s.Reference {
		return false
	}
	return s.State != parity.Absent || s.Class != parity.Equal
}

// explainer tells of joined facts what the comparison and policy say.
type explainer struct {
	columns     []parity.Column
	subjects    []map[parity.Key]parity.Key // by column, without the group
	off         parity.RuleSet
	contents    bool // known secrets compare by digest, too
	outcome     *compare.Outcome
	differences map[parity.Key][]*parity.Difference
	// facts are those that were told of; nil where nobody asks for them again.
	facts map[heldFact]*parity.Fact
}

// heldFact is what a column holds at a path of a subject.
type heldFact struct {
	column  string
	subject parity.Key
	path    string
}

func newExplainer(s *session, o *compare.Outcome, ds []parity.Difference) *explainer {
	x := &explainer{columns: s.columns(), off: s.options.Off, contents: s.options.SecretContents, outcome: o, differences: map[parity.Key][]*parity.Difference{}}
	for i := range ds {
		k := ds[i].Subject.Key()
		x.differences[k] = append(x.differences[k], &ds[i])
	}
	for _, snap := range s.snapshots {
		named := make(map[parity.Key]parity.Key, len(snap.Subjects))
		for i := range snap.Subjects {
			k := snap.Subjects[i].Subject.Key
			named[ungrouped(k)] = k
		}
		x.subjects = append(x.subjects, named)
	}
	return x
}

func ungrouped(k parity.Key) parity.Key {
	k.Group = ""
	return k
}

// fact explains one joined fact.
func (x *explainer) fact(j *parity.Joined) *Explanation {
	e := x.begin(j.Subject)
	e.Path, e.LogicalPath, e.Surface = j.Path, j.LogicalPath, j.Surface
	for i := range j.Cells {
		x.cell(&e.Sides[i], &j.Cells[i], i, j)
	}
	x.complete(e)
	return e
}

// begin makes an explanation with what its subject is in every column.
func (x *explainer) begin(a *parity.Aligned) *Explanation {
	k := a.Key
	e := &Explanation{
		Subject:     parity.SubjectRef{Kind: k.Kind, Group: k.Group, Scope: k.Scope, Name: k.Name, Alignment: a.Alignment},
		Differences: []parity.Difference{}, Bindings: []parity.Binding{},
		Identifiers: []parity.IdentifierPair{}, Gaps: []parity.ColumnGap{},
	}
	for i, c := range x.columns {
		side := ExplainedSide{Column: c.String(), Reference: c.Reference, Sources: []string{}}
		if s := a.Sides[i]; s != nil {
			key := s.Subject.Key
			side.Subject = &key
		}
		e.Sides = append(e.Sides, side)
	}
	return e
}

func (x *explainer) cell(side *ExplainedSide, c *parity.Cell, col int, j *parity.Joined) {
	side.State, side.Class, side.Change = c.State, c.Class, c.Change
	side.Equated, side.Bindings, side.Note = c.Rules.List(), slices.Clone(c.Bindings), c.Note
	f := c.Fact
	if f == nil {
		return
	}
	if x.facts != nil {
		x.facts[heldFact{side.Column, j.Subject.Key, j.Path}] = f
	}
	if f.Path != j.Path {
		side.Path = f.Path
	}
	side.Kind, side.Raw = f.Value.Kind, f.Value.String()
	if f.Rules.Effects(parity.Shapes)&x.off == 0 {
		side.Canonical = f.Value.Canon
	}
	if side.Kind == parity.Secret {
		side.Canonical, side.Secret = "", x.hiddenBecause(f)
	}
	if side.Kind == parity.Reference {
		side.Canonical = ""
		side.Target = x.target(f, col, side.Subject)
	}
	side.Shaped, side.Derived = (f.Rules &^ x.off).List(), f.DerivedFrom
	side.Sources = sources(f.Origin, f.Line, f.Col)
	if f.Origin != nil {
		side.Writer = f.Origin.Writer
	}
}

// hiddenBecause says why a secret is one, and what it is compared by.
func (x *explainer) hiddenBecause(f *parity.Fact) string {
	switch {
	case f.Value.Suspected && f.Value.Canon == "":
		return "suspected, by its name or by how random it looks; its value was not read"
	case f.Value.Suspected:
		return "suspected, by its name or by how random it looks; compared by keyed digest"
	case f.Value.Canon == "":
		return "known, by where it stands; its value was not read"
	}
	if x.contents || x.off.Has(parity.SecretForm) {
		return "known, by where it stands or by its form; compared by keyed digest"
	}
	return "known, by where it stands or by its form; compared by presence, and one in two environments is told"
}

// sources is where something was read, then what that was made from.
func sources(o *parity.Origin, line, col int32) []string {
	if o == nil {
		return []string{}
	}
	all := []string{o.Source(line, col)}
	for o = o.From; o != nil; o = o.From {
		all = append(all, o.Source(0, 0))
	}
	return all
}

// target is the subject that a reference names: in the scope of the subject
// that refers, or in none.
func (x *explainer) target(f *parity.Fact, col int, home *parity.Key) *parity.Key {
	kind, scope, name, ok := parity.ParseRefTarget(f.Value.Canon)
	if !ok || home == nil {
		return nil
	}
	for _, in := range []string{cmp.Or(scope, home.Scope), scope} {
		if k, ok := x.subjects[col][parity.Key{Kind: kind, Scope: in, Name: name}]; ok {
			return &k
		}
	}
	return nil
}

// complete adds what policy and the whole comparison say.
func (x *explainer) complete(e *Explanation) {
	for _, d := range x.differences[e.Subject.Key()] {
		e.Subject.Service, e.Subject.Owner = d.Subject.Service, d.Subject.Owner
		if d.Path == e.Path || d.Path == "" && x.stands(e, d) {
			e.Differences = append(e.Differences, *d)
		}
	}
	for _, b := range x.outcome.Bindings {
		if slices.ContainsFunc(e.Sides, func(s ExplainedSide) bool { return slices.Contains(s.Bindings, b.ID) }) {
			e.Bindings = append(e.Bindings, b)
		}
	}
	for i := range e.Sides {
		s := &e.Sides[i]
		if s.Class == parity.IdentifierClass {
			e.Identifiers = append(e.Identifiers, x.identifiers(e, s)...)
		}
		if s.Class == parity.Unknown {
			for _, g := range x.gaps(e, s) {
				if !slices.ContainsFunc(e.Gaps, func(told parity.ColumnGap) bool { return told.Column == g.Column && told.Gap == g.Gap }) {
					e.Gaps = append(e.Gaps, g)
				}
			}
		}
	}
}

// stands reports whether a difference of the subject as a whole stands for what
// is explained.
func (x *explainer) stands(e *Explanation, d *parity.Difference) bool {
	return slices.ContainsFunc(e.Sides, func(s ExplainedSide) bool {
		return slices.Contains(d.Columns, s.Column) && (s.Class == d.Class || d.Decision != nil && s.Class.Counts())
	})
}

// identifiers are the pairs that stand in the side's value and in the
// reference's.
func (x *explainer) identifiers(e *Explanation, s *ExplainedSide) []parity.IdentifierPair {
	ref := e.reference()
	var all []parity.IdentifierPair
	for _, p := range x.outcome.IDs {
		own, other := p.Spellings[0], p.Spellings[1]
		if own.Column == s.Column && holds(s, own.Text) && holds(ref, other.Text) {
			all = append(all, p)
		}
	}
	return all
}

// gaps are those that cover the fact: in the column, or where the column has
// it, in the reference.
func (x *explainer) gaps(e *Explanation, s *ExplainedSide) []parity.ColumnGap {
	blind, key := s, e.Subject.Key()
	if s.State == parity.Present {
		blind = e.reference()
	} else if s.Subject != nil {
		key = *s.Subject
	}
	var all []parity.ColumnGap
	for _, g := range x.outcome.Gaps {
		covers := g.CoversPart
		if blind.Subject == nil {
			covers = g.CoversWhole
		}
		if g.Column == blind.Column && covers(key, e.Path) {
			all = append(all, g)
		}
	}
	return all
}

func (e *Explanation) reference() *ExplainedSide {
	for i := range e.Sides {
		if e.Sides[i].Reference {
			return &e.Sides[i]
		}
	}
	return &e.Sides[len(e.Sides)-1]
}
