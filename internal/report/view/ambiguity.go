package view

import (
	"strings"

	"github.com/envparity/parity"
)

// Ambiguity says what cannot be told of a subject, and why: "Deployment a could
// be Deployment b or Deployment c: two subjects are nearly as alike (12 facts)".
func Ambiguity(a parity.Ambiguity) string {
	text := Line(a.Subject.String())
	var names []string
	for _, c := range a.Candidates {
		names = append(names, Line(c.String()))
	}
	if len(names) > 0 {
		text += " could be " + strings.Join(names, " or ")
	}
	if len(a.Why) > 0 {
		text += ": " + Line(strings.Join(a.Why, ", "))
	}
	return text + " (" + Count(a.Facts, "fact", "facts") + ")"
}
