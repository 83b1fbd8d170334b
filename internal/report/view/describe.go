package view

import (
	"strings"

	"github.com/envparity/parity"
)

// ValueLength is the most runes of one value in a sentence.
const ValueLength = 160

// Title says where a difference is: its subject and path.
func Title(d *parity.Difference) string {
	if d.Path == "" {
		return SubjectName(d.Subject)
	}
	return SubjectName(d.Subject) + " " + Line(d.Path)
}

// Sides says in one line what each column holds, each value cut to
// ValueLength: "staging: 1.2.2, production: 1.2.3".
func Sides(d *parity.Difference) string {
	parts := make([]string, len(d.Sides))
	for i, s := range d.Sides {
		parts[i] = ColumnOf(s) + ": " + Cut(Holds(d, s).Text, ValueLength)
	}
	return strings.Join(parts, ", ")
}

// Decided says which decision explains a difference: "exception “name”:
// reason (until 2026-06-30)".
func Decided(e *parity.Decision) string {
	s := e.Kind + " “" + e.Name + "”: " + e.Reason
	if e.Until != "" {
		s += " (until " + e.Until + ")"
	}
	return Cut(Line(s), 300)
}

// Notes are the sentences beside the sides of a difference: what class and
// values do not tell.
func Notes(d *parity.Difference) []string {
	var out []string
	if d.Note != "" {
		out = append(out, Cut(Line(d.Note), 300))
	}
	if a := d.Subject.Alignment; a.Confidence < 0.8 {
		out = append(out, "subjects paired by "+Line(a.Method)+", "+Percent(a.Confidence)+" sure: this never fails a gate")
	}
	if d.Baseline {
		out = append(out, "in the baseline")
	}
	if d.Decision != nil {
		out = append(out, Decided(d.Decision))
	}
	return out
}

// Meaning says what a class means, in a sentence for people who have not read
// the documentation.
func Meaning(c parity.Class) string {
	switch c {
	case parity.Equal:
		return "The same on both sides."
	case parity.Equivalent:
		return "The same by a named rule, though spelled differently."
	case parity.Bound:
		return "Differs only by an environment's own name for the same thing."
	case parity.IdentifierClass:
		return "One opaque identifier stands for another, one to one."
	case parity.Shared:
		return "The same everywhere, though it is a secret or carries one environment's name."
	case parity.Expected:
		return "An expectation in parity.yaml says that it differs so."
	case parity.Excepted:
		return "An exception in parity.yaml accepts it for a while."
	case parity.Missing:
		return "The reference has it, this environment does not, and it was looked at."
	case parity.Extra:
		return "This environment has it, the reference does not, and it was looked at."
	case parity.Changed:
		return "Both sides have it, with different meaning."
	case parity.Leak:
		return "One environment carries another environment's name, address or secret where its own belongs."
	case parity.Ambiguous:
		return "More than one counterpart is possible, so nothing can be said."
	default:
		return "It could not be looked at; unknown is never equal."
	}
}
