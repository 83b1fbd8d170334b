package junit

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// most is how many members of a group a test tells.
const most = 20

// surfaceCase is the test of one surface of one environment.
func surfaceCase(r *parity.Result, column *parity.ClassCount, surface parity.Surface, g gate) testcase {
	c := testcase{Name: surface.String(), Class: "parity." + view.Line(column.Column) + ".surface", Time: "0"}
	var blocking, others strings.Builder
	failed := 0
	var kind parity.Class
	for i := range r.Groups {
		group := &r.Groups[i]
		if !group.Counts {
			continue
		}
		block, rest := members(group, column.Column, surface, g)
		if len(block) > 0 && failed == 0 {
			kind = group.Class
		}
		failed += len(block)
		tell(&blocking, group, block)
		tell(&others, group, rest)
	}
	switch {
	case failed > 0:
		c.Failure = &trouble{Message: view.Count(failed, "difference blocks", "differences block"), Type: kind.String(), Text: blocking.String()}
	case unknown(column.Surfaces[surface]):
		c.Skipped = &skipped{"nothing on this surface could be compared"}
	}
	c.Output = said(others.String())
	return c
}

// unknown reports whether nothing on the surface could be compared.
func unknown(counts map[parity.Class]int) bool {
	any := false
	for class, n := range counts {
		if n > 0 && !class.LowersConfidence() {
			return false
		}
		any = any || n > 0
	}
	return any
}

// members gives a group's differences that this environment has on the
// surface: those that block, and the others.
func members(group *parity.Group, column string, surface parity.Surface, g gate) (block, rest []*parity.Difference) {
	for i := range group.Differences {
		d := &group.Differences[i]
		switch {
		case d.Surface != surface || !slices.Contains(d.Columns, column):
		case g.differences[d.Fingerprint]:
			block = append(block, d)
		default:
			rest = append(rest, d)
		}
	}
	return block, rest
}

// tell writes a group with its members as text.
func tell(b *strings.Builder, group *parity.Group, ds []*parity.Difference) {
	if len(ds) == 0 {
		return
	}
	b.WriteString(strings.ToUpper(group.Severity.String()) + " group " + view.GroupID(group) + " " + view.GroupKind(group) + ": " + view.Cut(view.Line(group.Summary), 400) + "\n")
	for i, d := range ds {
		if i == most {
			b.WriteString("  and " + view.Int(len(ds)-most) + " more\n")
			break
		}
		b.WriteString("  " + view.Short(d.Fingerprint) + " " + view.Title(d) + "\n")
		b.WriteString("    " + view.Sides(d) + "\n")
		if place := view.Place(d); place != "" {
			b.WriteString("    " + place + "\n")
		}
		for _, note := range view.Notes(d) {
			b.WriteString("    " + note + "\n")
		}
	}
}
