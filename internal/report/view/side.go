package view

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// ColumnOf is the name of the column that a side belongs to, as
// parity.Column.String gives it.
func ColumnOf(s parity.Side) string {
	return Line(parity.Column{Environment: s.Environment, Instance: s.Instance, Role: s.Role}.String())
}

// Held is what a side holds, in words.
type Held struct {
	Text string
	// Plain is set where Text is the value itself rather than words about it.
	Plain bool
}

// Holds says what a side of a difference holds, on one line. The value of a
// secret is never shown, not even where a result carries one.
func Holds(d *parity.Difference, s parity.Side) Held {
	switch {
	case s.State == parity.Absent:
		return Held{Text: "(absent)"}
	case s.State == parity.UnknownState:
		return Held{Text: "(unknown)"}
	case s.State == parity.NotApplicable:
		return Held{Text: "(not applicable)"}
	case s.Kind == parity.Secret && s.Suspected:
		return Held{Text: "(hidden, taken for a secret)"}
	case s.Kind == parity.Secret:
		return Held{Text: "(secret, set)"}
	case d.Path == "" && (s.Value == nil || *s.Value == ""):
		if d.Facts > 1 {
			return Held{Text: "present, with " + Count(d.Facts, "fact", "facts")}
		}
		return Held{Text: "present"}
	case s.Value == nil:
		return Held{Text: "(present)"}
	default:
		return Held{Text: quoteEdges(Line(*s.Value)), Plain: true}
	}
}

// quoteEdges puts quotes around a text whose ends would not be seen.
func quoteEdges(s string) string {
	if s == "" || strings.TrimSpace(s) != s {
		return `"` + s + `"`
	}
	return s
}

// Differs reports whether a side is one of those that make the difference.
func Differs(s parity.Side) bool {
	return s.Class.Counts() || s.Class == parity.Excepted || s.Class == parity.Expected
}

// SourceOf says where a side's value was read, and who wrote it last where the
// server says so.
func SourceOf(s parity.Side) string {
	source := Line(s.Source)
	if s.Writer != nil && source != "" {
		source += ", by " + Line(s.Writer.Manager)
	}
	return source
}

// SubjectName is "Kind scope/name" of a subject.
func SubjectName(s parity.SubjectRef) string {
	return Line(parity.Key{Kind: s.Kind, Scope: s.Scope, Name: s.Name}.String())
}

// OneEach stands in a table of sides for a column in which each member of a
// group has its own value.
const OneEach = "(one value each)"

// Apart says how a side stands apart from the others of its difference; empty
// where it does not.
func Apart(d *parity.Difference, s parity.Side) string {
	column := ColumnOf(s)
	if d.OddOneOut != "" && Line(d.OddOneOut) == column {
		return "the odd one out"
	}
	for _, c := range d.Minority {
		if Line(c) == column {
			return "apart"
		}
	}
	return ""
}

// Alike reports whether one table of sides, with its notes, speaks for all
// members of a group: they hold the same, or only one column holds anything and each member has
// its own value there. Then each is that side's index; otherwise it is -1.
func Alike(ds []parity.Difference) (each int, ok bool) {
	each = -1
	if len(ds) < 2 {
		return each, false
	}
	held := 0
	for _, s := range ds[0].Sides {
		if s.State == parity.Present {
			held++
		}
	}
	for i := 1; i < len(ds); i++ {
		a, b := &ds[0], &ds[i]
		if len(a.Sides) != len(b.Sides) || a.OddOneOut != b.OddOneOut || !slices.Equal(a.Minority, b.Minority) || !slices.Equal(Notes(a), Notes(b)) {
			return -1, false
		}
		for j := range a.Sides {
			same, inValue := alikeSides(a, b, j)
			if !same || inValue && held != 1 {
				return -1, false
			}
			if inValue {
				each = j
			}
		}
	}
	return each, true
}

// alikeSides compares one side of two differences. inValue is set where they
// are the same but for the value.
func alikeSides(a, b *parity.Difference, j int) (same, inValue bool) {
	x, y := a.Sides[j], b.Sides[j]
	if ColumnOf(x) != ColumnOf(y) || x.Class != y.Class || x.State != y.State {
		return false, false
	}
	hx, hy := Holds(a, x), Holds(b, y)
	if hx == hy {
		return true, false
	}
	return x.State == parity.Present && (a.Path == "") == (b.Path == ""), true
}

// SameSubject reports whether all members are about one subject.
func SameSubject(ds []parity.Difference) bool {
	for i := 1; i < len(ds); i++ {
		if SubjectName(ds[i].Subject) != SubjectName(ds[0].Subject) {
			return false
		}
	}
	return true
}

// Place is where to look at a difference first: the source of the first side
// that differs and has one, else that of the last side that has one, which is
// the reference.
func Place(d *parity.Difference) string {
	last := ""
	for _, s := range d.Sides {
		if s.Source == "" {
			continue
		}
		if Differs(s) {
			return Line(s.Source)
		}
		last = s.Source
	}
	return Line(last)
}

// Kind is the class with its kind of change: "changed (version)".
func Kind(class parity.Class, change parity.Change) string {
	if change == "" {
		return class.String()
	}
	return class.String() + " (" + Line(string(change)) + ")"
}
