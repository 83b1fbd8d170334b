package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// minority are the columns that stand apart from all others in every difference
// of a group. theirs reports whether they are the group's columns: else it is
// the group's columns that agree, and the reference that does not.
func minority(g *parity.Group) (few []string, theirs bool) {
	few = minorityOf(&g.Differences[0])
	for i := range g.Differences {
		if !slices.Equal(few, minorityOf(&g.Differences[i])) {
			return nil, false
		}
	}
	return few, slices.Equal(few, g.Columns)
}

func minorityOf(d *parity.Difference) []string {
	if d.OddOneOut != "" {
		return []string{d.OddOneOut}
	}
	return d.Minority
}

// oneSidedHow says who lacks what others have, or has what others lack: from the
// side of a minority where there is one.
func oneSidedHow(g *parity.Group, label string, few []string, theirs bool) string {
	if len(few) == 0 {
		if g.Class == parity.Missing {
			return label + " missing in " + strings.Join(g.Columns, ", ")
		}
		return label + " only in " + strings.Join(g.Columns, ", ")
	}
	verb := "has"
	if lacks := (g.Class == parity.Missing) == theirs; lacks {
		verb = "lacks"
	}
	if len(few) > 1 {
		verb = map[string]string{"has": "have", "lacks": "lack"}[verb]
	}
	return strings.Join(few, ", ") + " alone " + verb + " " + label
}

// withinOf is the environment whose instances alone differ in every difference
// of a group; empty where environments differ.
func withinOf(g *parity.Group) string {
	within := g.Differences[0].Within
	for i := range g.Differences {
		if g.Differences[i].Within != within {
			return ""
		}
	}
	return within
}
