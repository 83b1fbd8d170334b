package terminal

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// gutter is the width of the column with the severities.
const gutter = 12

// groups writes what counts against parity, then, on request, what does not.
func (p *page) groups() {
	counting, others := view.Groups(p.r)
	if len(counting) > 0 {
		p.heading("Differences", view.Int(view.Members(counting))+" in "+view.Count(len(counting), "group", "groups")+", by cause")
		for i := range counting {
			p.group(&counting[i])
		}
	}
	if len(others) > 0 && !p.o.All {
		p.line("")
		p.lines(2, "Set aside: "+view.Count(len(others), "group that does", "groups that do")+" not count; --all shows what.", p.dim)
	}
	if len(others) == 0 || !p.o.All {
		return
	}
	p.heading("Set aside", view.Int(view.Members(others))+" in "+view.Count(len(others), "group", "groups")+", which do not count")
	for i := range others {
		p.group(&others[i])
	}
}

func (p *page) group(g *parity.Group) {
	p.line("")
	label := strings.ToUpper(g.Severity.String())
	first := p.severity(g.Severity, label)
	if !g.Counts {
		first = p.dim(label)
	}
	first = "  " + first + strings.Repeat(" ", max(gutter-2-width(label), 1))
	for i, l := range wrap(view.Cut(view.Line(g.Summary), 400), p.width-gutter) {
		if i > 0 {
			first = strings.Repeat(" ", gutter)
		}
		p.line(first + p.bold(l))
	}
	p.lines(gutter, p.about(g), p.dim)
	if len(g.Blocks) > 1 && !p.o.Verbose {
		p.blocks(g)
		return
	}
	if len(g.Blocks) > 1 {
		for i := range g.Blocks {
			p.block(g, i)
			p.members(g.MembersOf(i))
		}
		return
	}
	p.members(g.Differences)
}

// blocks writes a line for each block of a group, with the fingerprint of its
// first member and where that stands.
func (p *page) blocks(g *parity.Group) {
	shown := p.o.Shown(len(g.Blocks))
	for i := range g.Blocks[:shown] {
		p.block(g, i)
	}
	p.hidden(len(g.Blocks) - shown)
}

func (p *page) block(g *parity.Group, i int) {
	b, members := &g.Blocks[i], g.MembersOf(i)
	if len(members) == 0 {
		return
	}
	first, text := &members[0], b.Text
	if b.Object != g.Blocks[0].Object || !view.SameSubject(g.Differences) {
		text = b.Title()
	}
	id := end(view.Short(first.Fingerprint), view.ShortLength)
	indent := gutter + view.ShortLength + 2
	for n, l := range wrap(view.Cut(view.Line(text), 300), p.width-indent) {
		start := strings.Repeat(" ", indent)
		if n == 0 {
			start = strings.Repeat(" ", gutter) + p.dim(pad(id, view.ShortLength)) + "  "
		}
		p.line(start + p.class(b.Class, l))
	}
	if source := view.Place(first); source != "" {
		p.line(strings.Repeat(" ", indent) + p.dim(shortPath(shortSource(source), p.width-indent)))
	}
	if b.Class == parity.Leak {
		return // its text is its note
	}
	for _, note := range view.Notes(first) {
		p.lines(indent, note, p.dim)
	}
}

// members writes the members of a group or of a block.
func (p *page) members(ds []parity.Difference) {
	if each, ok := view.Alike(ds); ok {
		p.alike(ds, each)
		return
	}
	shown := p.o.Shown(len(ds))
	own := !p.commonPath(ds)
	for i := range ds[:shown] {
		p.member(&ds[i], own)
	}
	p.hidden(len(ds) - shown)
}

// about says what kind of group it is, where, and how large.
func (p *page) about(g *parity.Group) string {
	parts := []string{"group " + view.GroupID(g), view.GroupKind(g), g.Surface.String()}
	if len(g.Columns) > 0 {
		parts = append(parts, "in "+view.Columns(g.Columns))
	}
	if n := len(g.Differences); n > 1 {
		parts = append(parts, view.Int(n)+" places")
	}
	if g.Facts > len(g.Differences) {
		parts = append(parts, view.Int(g.Facts)+" facts")
	}
	switch n := len(g.Services); {
	case n == 0:
	case n <= 3:
		parts = append(parts, "service "+view.Cut(view.Line(strings.Join(g.Services, ", ")), 80))
	default:
		parts = append(parts, view.Int(n)+" services")
	}
	return strings.Join(parts, " · ")
}

// alike writes a group whose members one table of sides speaks for: the sides
// once, then what all members share, then each member.
func (p *page) alike(ds []parity.Difference, each int) {
	p.sides(&ds[0], gutter, false, each)
	shown := p.o.Shown(len(ds))
	show := parts{subject: !view.SameSubject(ds), source: true, each: each}
	if !show.subject {
		p.line(strings.Repeat(" ", gutter) + middle(view.SubjectName(ds[0].Subject), p.width-gutter))
	}
	show.path = !p.commonPath(ds)
	for i := range ds[:shown] {
		if i > 0 && ds[i].Fingerprint == ds[i-1].Fingerprint {
			continue // other columns of the same fact, which the sides show
		}
		p.subject(&ds[i], gutter, show)
	}
	p.hidden(len(ds) - shown)
}

// commonPath writes the path that all of several members have, and tells
// whether there is one.
func (p *page) commonPath(ds []parity.Difference) bool {
	if len(ds) < 2 {
		return false
	}
	path := ds[0].Path
	for i := range ds {
		if ds[i].Path != path {
			return false
		}
	}
	if path != "" {
		p.line(strings.Repeat(" ", gutter) + p.paint(shortPath(view.Line(path), p.width-gutter), cyan))
	}
	return true
}

// parts are what of a member is written on its own line.
type parts struct {
	subject, path, source bool
	each                  int // the side whose value is; -1 for none
}

// subject writes a member's fingerprint with the parts that are wanted.
func (p *page) subject(d *parity.Difference, indent int, show parts) {
	id := end(view.Short(d.Fingerprint), view.ShortLength)
	var parts []cell
	if show.subject {
		parts = append(parts, plain(view.SubjectName(d.Subject)))
	}
	if show.path && d.Path != "" {
		parts = append(parts, cell{text: view.Line(d.Path), paint: func(s string) string { return p.paint(s, cyan) }})
	}
	if show.each >= 0 {
		parts = append(parts, plain(view.Holds(d, d.Sides[show.each]).Text))
	}
	if source := view.Place(d); show.source && source != "" {
		parts = append(parts, cell{text: source, paint: p.dim})
	}
	p.flow(indent+view.ShortLength+2, strings.Repeat(" ", indent)+p.dim(pad(id, view.ShortLength))+"  ", parts)
}

// flow writes parts beside each other, or under each other where they do not
// fit; a part that is wider than a line is shortened in its middle.
func (p *page) flow(indent int, first string, parts []cell) {
	room := p.width - indent
	line, used := first, 0
	for _, part := range parts {
		text := part.text
		if width(text) > room {
			text = shortPath(shortSource(text), room)
		}
		switch {
		case used == 0:
		case used+2+width(text) <= room:
			line += "  "
			used += 2
		default:
			p.line(line)
			line, used = strings.Repeat(" ", indent), 0
		}
		used += width(text)
		if part.paint != nil {
			text = part.paint(text)
		}
		line += text
	}
	p.line(line)
}

func (p *page) hidden(n int) {
	if n > 0 {
		p.line(strings.Repeat(" ", gutter) + p.dim("and "+view.Int(n)+" more; --long shows them"))
	}
}
