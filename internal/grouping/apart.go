package grouping

import (
	"slices"

	"github.com/envparity/parity"
)

// minorityOf are the columns that stand apart from all others in a difference.
func minorityOf(d *parity.Difference) []string {
	if d.OddOneOut != "" {
		return []string{d.OddOneOut}
	}
	return d.Minority
}

// wholes names columns for people: an environment of which all instances are
// among them by its own name.
func wholes(d *parity.Difference, columns []string) []string {
	var out []string
	for _, c := range columns {
		name := c
		if at := slices.IndexFunc(d.Sides, func(s parity.Side) bool { return columnOf(s) == c }); at >= 0 && wholly(d, d.Sides[at].Environment, columns) {
			name = d.Sides[at].Environment
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// wholly reports whether all instances of an environment are among columns.
func wholly(d *parity.Difference, environment string, columns []string) bool {
	for _, s := range d.Sides {
		if s.Environment == environment && !slices.Contains(columns, columnOf(s)) {
			return false
		}
	}
	return true
}

// withinOf is the environment whose instances alone differ in every difference
// of a group; empty where environments differ.
func withinOf(ds []parity.Difference) string {
	for i := range ds {
		if ds[i].Within != ds[0].Within {
			return ""
		}
	}
	return ds[0].Within
}
