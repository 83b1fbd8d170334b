package compare

import "github.com/envparity/parity"

// trait is something that aligned subjects can differ in and that no source
// states as a fact.
type trait struct {
	path   string
	change parity.Change
	of     func(*parity.Subject) string
	// note adds to a cell that differs; nil where there is nothing to add.
	note func(c *column, own, ref *parity.SubjectFacts) string
	// differs reports whether a column's subject differs from the reference's.
	differs func(c *column, own, ref *parity.SubjectFacts) bool
}

// traitDiffers visits the difference that a row's subjects differ in a trait,
// if they do.
func (j *joiner) traitDiffers(n int, t trait) error {
	w := j.rows[n]
	out := &parity.Joined{
		Subject: &w.aligned, Path: t.path, LogicalPath: t.path, Surface: parity.Platform,
		Cells: make([]parity.Cell, len(j.cols)), Synthetic: true,
	}
	differs := false
	ref := w.aligned.Sides[j.ref.index]
	for _, c := range j.cols {
		own := w.aligned.Sides[c.index]
		if own == nil {
			out.Cells[c.index] = parity.Cell{State: parity.Absent, Class: parity.Equal}
			continue
		}
		s := &own.Subject
		fact := &parity.Fact{
			Path: t.path, Value: parity.Value{Kind: parity.Text, Raw: t.of(s)}, Surface: out.Surface,
			Origin: s.Origin, Line: s.Line, Col: s.Col,
		}
		out.Cells[c.index] = parity.Cell{State: parity.Present, Fact: fact, Class: parity.Equal}
		if c != j.ref && ref != nil && t.differs(c, own, ref) {
			out.Cells[c.index].Class, out.Cells[c.index].Change = parity.Changed, t.change
			if t.note != nil {
				out.Cells[c.index].Note = t.note(c, own, ref)
			}
			differs = true
		}
	}
	if !differs {
		return nil
	}
	j.explain(w, out)
	return j.visit(out)
}

// kindPath is where a row says that its subjects are of several kinds.
const kindPath = "/kind"

// kind is the kind of a subject: within one format it counts; a Compose
// service and a Deployment are of different kinds by their nature.
func (j *joiner) kind() trait {
	return trait{
		path: kindPath, change: parity.KindChange,
		of: func(s *parity.Subject) string { return s.Kind },
		differs: func(_ *column, own, ref *parity.SubjectFacts) bool {
			return own.Subject.Kind != ref.Subject.Kind && !foreign(j.opt.Kinds, own, ref)
		},
	}
}

// namespace is the namespace of a Kubernetes object. Where enough other
// subjects moved in the same way, that is what the environment calls the
// namespace, and no difference.
func (j *joiner) namespace(w *row) trait {
	path := j.opt.Kinds.OfRow(&w.aligned).ScopePath
	return trait{
		path: path, change: parity.TextChange,
		of: func(s *parity.Subject) string { return s.Scope },
		differs: func(c *column, own, ref *parity.SubjectFacts) bool {
			a, b := &own.Subject, &ref.Subject
			return path != "" && c.logicalKey(a).Scope != j.ref.logicalKey(b).Scope &&
				j.moved()[move{c.index, a.Scope, b.Scope}] < j.opt.MinSupport
		},
	}
}

// move is a namespace that subjects of a column stand in where the reference's
// stand in another.
type move struct {
	col      int
	own, ref string
}

// moved counts the subjects that each move took.
func (j *joiner) moved() map[move]int {
	if j.moves != nil {
		return j.moves
	}
	j.moves = map[move]int{}
	for _, w := range j.rows {
		ref := w.aligned.Sides[j.ref.index]
		for i, own := range w.aligned.Sides {
			if own != nil && ref != nil && w.moved && own.Subject.Scope != ref.Subject.Scope {
				j.moves[move{i, own.Subject.Scope, ref.Subject.Scope}]++
			}
		}
	}
	return j.moves
}
