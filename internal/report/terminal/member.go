package terminal

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/excerpt"
	"github.com/envparity/parity/internal/report/view"
)

// member writes one difference with all its sides; withPath, with its path.
func (p *page) member(d *parity.Difference, withPath bool) {
	p.subject(d, gutter, parts{subject: true, path: withPath, each: -1})
	p.sides(d, gutter+2, true, -1)
}

// sides writes what each column holds, one under the other, and what is to be
// known of it; with sources, where each stands. Of the side each, values are
// told elsewhere.
func (p *page) sides(d *parity.Difference, indent int, sources bool, each int) {
	groups := view.SideGroups(d)
	if p.o.Verbose {
		groups = view.EachSide(d)
	}
	names := make([]string, len(groups))
	for i := range groups {
		names[i] = groups[i].Name
	}
	const most = 24
	names = excerpt.Names(names, most)
	longest := 0
	for _, name := range names {
		longest = max(longest, width(name))
	}
	room := max(p.width-indent-2-longest-2, 16)
	texts := p.excerpts(d, room)
	if each >= 0 {
		texts[each] = view.OneEach
	}
	for i := range groups {
		at := groups[i].Index
		p.side(d, d.Sides[at], sideText{names[i], texts[at], indent, longest, room, groups[i].Sides > 1}, sources)
	}
	for _, note := range view.Notes(d) {
		p.lines(indent+2, note, p.dim)
	}
}

// sideText is where and how one side is written.
type sideText struct {
	name, text           string
	indent, column, room int
	several              bool // columns hold it, not one
}

func (p *page) side(d *parity.Difference, s parity.Side, t sideText, sources bool) {
	sign := "  "
	switch {
	case view.Differs(s):
		sign = "≠ "
	case s.Class.LowersConfidence():
		sign = "? "
	}
	text := t.text
	painted := p.class(s.Class, text)
	if !view.Holds(d, s).Plain || text == view.OneEach {
		painted = p.dim(text)
	}
	used := width(text)
	if apart := view.Apart(d, s); apart != "" && !t.several {
		odd := "  ← " + apart
		if used+width(odd) <= t.room {
			painted += p.dim(odd)
			used += width(odd)
		}
	}
	start := strings.Repeat(" ", t.indent) + p.class(s.Class, sign) + pad(t.name, t.column) + "  "
	source := view.SourceOf(s)
	if t.several {
		source = "" // each has its own
	}
	if !sources || source == "" {
		p.line(start + painted)
		return
	}
	if used+2+width(source) <= t.room {
		p.line(start + painted + "  " + p.dim(source))
		return
	}
	p.line(start + painted)
	p.line(strings.Repeat(" ", t.indent+2+t.column+2) + p.dim(shortPath(shortSource(source), t.room)))
}

// excerpts gives the sides' values in the room there is, cut so that what
// differs is in sight.
func (p *page) excerpts(d *parity.Difference, room int) []string {
	texts := make([]string, len(d.Sides))
	var values []string
	for i, s := range d.Sides {
		held := view.Holds(d, s)
		texts[i] = held.Text
		if held.Plain {
			values = append(values, held.Text)
		}
	}
	values = excerpt.Contrast(values, room)
	next := 0
	for i, s := range d.Sides {
		if view.Holds(d, s).Plain {
			texts[i] = values[next]
			next++
		}
		texts[i] = end(texts[i], room)
	}
	return texts
}
