// Package terminal writes a result for people at a terminal: the verdict,
// then what differs in groups of one cause, then what was set aside and why.
package terminal

import (
	"bytes"
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// Write writes the report. No line is wider than the options say, and no
// character of the result reaches the terminal that could steer it.
func Write(w io.Writer, r *parity.Result, o view.Options) error {
	p := &page{r: r, o: o, style: style{o.Color}, width: o.Columns()}
	p.verdict()
	for _, s := range view.Untrusted(r.Untrusted) {
		p.lines(0, s, nil)
	}
	p.environments()
	p.indicators()
	p.surfaces()
	p.behaviours()
	p.groups()
	p.proposals()
	p.classes()
	p.bindings()
	p.shared()
	p.identifiers()
	p.gaps()
	p.ambiguities()
	p.findings()
	p.last()
	_, err := w.Write(p.buf.Bytes())
	return err
}

// page is a report in the making.
type page struct {
	style
	buf   bytes.Buffer
	r     *parity.Result
	o     view.Options
	width int
}

// line writes one line, which is at most the page's width.
func (p *page) line(text string) {
	p.buf.WriteString(strings.TrimRight(text, " "))
	p.buf.WriteByte('\n')
}

// lines writes text wrapped at an indent, painted line by line.
func (p *page) lines(indent int, text string, paint func(string) string) {
	for _, l := range wrap(text, p.width-indent) {
		if paint != nil {
			l = paint(l)
		}
		p.line(strings.Repeat(" ", indent) + l)
	}
}

// heading begins a section; note is set beside it.
func (p *page) heading(text, note string) {
	p.line("")
	if note != "" && width(text)+2+width(note) <= p.width {
		p.line(p.bold(text) + "  " + p.dim(note))
		return
	}
	p.lines(0, text, p.bold)
	if note != "" {
		p.lines(0, note, p.dim)
	}
}

// labelSize is the width of a label in front of a line of a list.
const labelSize = 12

// item writes a line of a list with a label in front, and wraps the text
// under itself.
func (p *page) item(label, text string) {
	const size = labelSize
	room := p.width - 2 - size - 2
	if room < 20 {
		p.lines(2, label, nil)
		p.lines(4, text, nil)
		return
	}
	for i, l := range wrap(text, room) {
		if i > 0 {
			label = ""
		}
		p.line("  " + pad(end(label, size), size) + "  " + l)
	}
}

// some tells how many of n list lines to show.
func (p *page) some(n, limit int) int {
	if p.o.Verbose || n <= limit {
		return n
	}
	return limit
}

// more says how many lines of a list are not shown.
func (p *page) more(indent, hidden int) {
	if hidden > 0 {
		p.line(strings.Repeat(" ", indent) + p.dim("and "+view.Int(hidden)+" more"))
	}
}
