package markdown

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/excerpt"
	"github.com/envparity/parity/internal/report/view"
)

// Lengths of texts, in runes.
const (
	valueLength   = 200
	summaryLength = 240
	pathLength    = 300
	nameLength    = 120
)

// groups writes the groups that count, then, on request, the others.
func (p *page) groups() {
	counting, others := view.Groups(p.r)
	p.section("#### Differences\n", counting)
	if p.o.All {
		p.section("#### Set aside\n", others)
		return
	}
	if len(others) > 0 {
		p.add("\n" + view.Count(len(others), "group that does", "groups that do") + " not count " + "against parity: left out, as `--all` was not asked for.\n")
	}
}

// section writes groups one after another. A group that does not fit with all
// the members that it should have is tried with fewer; where not one of them
// fits, it and those after it are cut and counted.
func (p *page) section(title string, groups []parity.Group) {
	if len(groups) == 0 {
		return
	}
	title = "\n" + title
	for i := range groups {
		if !p.group(title, &groups[i]) {
			p.cut.groups += len(groups) - i
			p.cut.inGroups += view.Members(groups[i:])
			return
		}
		title = ""
	}
}

// group writes one group with as many members as wanted and as fit.
func (p *page) group(title string, g *parity.Group) bool {
	wanted := p.o.Shown(len(g.Differences))
	for shown := wanted; ; shown /= 2 {
		if p.add(title + block(g, shown, p.o.Verbose)) {
			p.cut.members += wanted - shown
			return true
		}
		if shown == 0 {
			return false
		}
	}
}

// block is one group, folded up; one line where there is no room for members.
func block(g *parity.Group, shown int, whole bool) string {
	title := "<b>" + g.Severity.String() + "</b> · " + text(g.Summary, summaryLength)
	if shown == 0 {
		return "\n" + title + " · " + about(g) + "\n"
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>" + title + "</summary>\n\n")
	b.WriteString(about(g) + "\n")
	hidden := len(g.Differences) - shown
	switch each, ok := view.Alike(g.Differences); {
	case ok:
		alike(&b, g, shown, each)
	case len(g.Blocks) > 1 && !whole:
		hidden = blocks(&b, g, shown)
	default:
		for i := range g.Differences[:shown] {
			member(&b, &g.Differences[i])
		}
	}
	if hidden > 0 {
		b.WriteString("\nand " + view.Int(hidden) + " more\n")
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// blocks writes a line for each block, and gives how many were left out.
func blocks(b *strings.Builder, g *parity.Group, shown int) (hidden int) {
	b.WriteString("\n")
	for i := range g.Blocks {
		if i == shown {
			return len(g.Blocks) - shown
		}
		members := g.MembersOf(i)
		if len(members) == 0 {
			continue
		}
		b.WriteString("- " + text(g.Blocks[i].Title(), summaryLength))
		if place := view.Place(&members[0]); place != "" {
			b.WriteString(" at " + code(place, pathLength))
		}
		b.WriteString(" · " + code(view.Short(members[0].Fingerprint), 20) + "\n")
	}
	return 0
}

func about(g *parity.Group) string {
	parts := []string{"group " + code(view.GroupID(g), 20), text(view.GroupKind(g), 60), g.Surface.String()}
	if len(g.Columns) > 0 {
		parts = append(parts, "in "+text(view.Columns(g.Columns), nameLength))
	}
	if n := len(g.Differences); n > 1 {
		parts = append(parts, view.Int(n)+" places")
	}
	if g.Facts > len(g.Differences) {
		parts = append(parts, view.Int(g.Facts)+" facts")
	}
	if n := len(g.Services); n > 3 {
		parts = append(parts, view.Int(n)+" services")
	} else if n > 0 {
		parts = append(parts, "service "+text(strings.Join(g.Services, ", "), nameLength))
	}
	return strings.Join(parts, " · ")
}

// alike writes the sides once, and then the places that they speak for, with
// a place's own value where the side each holds one.
func alike(b *strings.Builder, g *parity.Group, shown, each int) {
	if shown == 0 {
		return
	}
	sides(b, &g.Differences[0], false, each)
	b.WriteString("\n")
	for i := range g.Differences[:shown] {
		d := &g.Differences[i]
		b.WriteString("- " + code(view.SubjectName(d.Subject), nameLength) + " " + code(d.Path, pathLength))
		if each >= 0 {
			b.WriteString(" = " + code(view.Holds(d, d.Sides[each]).Text, valueLength))
		}
		if place := view.Place(d); place != "" {
			b.WriteString(" at " + code(place, pathLength))
		}
		b.WriteString(" · " + code(view.Short(d.Fingerprint), 20) + "\n")
	}
}

func member(b *strings.Builder, d *parity.Difference) {
	b.WriteString("\n" + code(view.SubjectName(d.Subject), nameLength) + " " + code(d.Path, pathLength) + " · " + code(view.Short(d.Fingerprint), 20) + "\n")
	sides(b, d, true, -1)
}

// sides writes a table of what each column holds.
func sides(b *strings.Builder, d *parity.Difference, sources bool, each int) {
	if sources {
		b.WriteString("\n| | Environment | Value | Source |\n|---|---|---|---|\n")
	} else {
		b.WriteString("\n| | Environment | Value |\n|---|---|---|\n")
	}
	values := make([]string, len(d.Sides))
	for i, s := range d.Sides {
		values[i] = view.Holds(d, s).Text
	}
	values = excerpt.Contrast(values, valueLength)
	for _, g := range view.SideGroups(d) {
		i := g.Index
		value := code(values[i], valueLength)
		if i == each {
			value = "<i>" + view.OneEach + "</i>"
		} else if !view.Holds(d, d.Sides[i]).Plain {
			value = "<i>" + text(values[i], valueLength) + "</i>"
		}
		b.WriteString(sideRowOf(d, g, value, sources))
	}
	for _, note := range view.Notes(d) {
		b.WriteString("\n" + text(note, 300) + "\n")
	}
}

// sideRowOf is one row of a table of sides: what one column holds, or several
// alike.
func sideRowOf(d *parity.Difference, g view.SideGroup, value string, sources bool) string {
	s := d.Sides[g.Index]
	sign := ""
	switch {
	case view.Differs(s):
		sign = "≠"
	case s.Class.LowersConfidence():
		sign = "?"
	}
	name := text(g.Name, nameLength)
	if apart := view.Apart(d, s); apart != "" && g.Sides == 1 {
		name += " (" + apart + ")"
	}
	row := "| " + sign + " | " + name + " | " + value + " |"
	switch {
	case sources && g.Sides == 1:
		row += " " + code(view.SourceOf(s), pathLength) + " |"
	case sources:
		row += " |"
	}
	return row + "\n"
}
