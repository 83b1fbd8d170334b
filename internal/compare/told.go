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

// columnNames names columns for people: an environment of which all instances
// are among them by its own name.
func columnNames(g *parity.Group, columns []string) []string {
	sides := g.Differences[0].Sides
	nameOf := func(s *parity.Side) string {
		return parity.Column{Environment: s.Environment, Instance: s.Instance}.String()
	}
	var out []string
	for _, c := range columns {
		at := slices.IndexFunc(sides, func(s parity.Side) bool { return nameOf(&s) == c })
		name := c
		if at >= 0 {
			whole := true
			for i := range sides {
				whole = whole && (sides[i].Environment != sides[at].Environment || slices.Contains(columns, nameOf(&sides[i])))
			}
			if whole {
				name = sides[at].Environment
			}
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// oneSidedHow says who lacks what others have, or has what others lack: from the
// side of a minority where there is one.
func oneSidedHow(g *parity.Group, label string, few []string, theirs bool) string {
	if len(few) == 0 {
		where := strings.Join(columnNames(g, g.Columns), ", ")
		if g.Class == parity.Missing {
			return label + " missing in " + where
		}
		return label + " only in " + where
	}
	few = columnNames(g, few)
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
