package terminal

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// behaviours writes what behaves otherwise with its suspects, what cannot be
// told yet, and how much is alike.
func (p *page) behaviours() {
	if len(p.r.Behaviours) == 0 {
		return
	}
	different, open, alike := view.Behaviours(p.r)
	p.heading("Behaviour", view.Int(len(alike))+" shown to be alike, "+view.Int(len(different))+" different, "+view.Int(len(open))+" not tellable yet")
	if text := view.InstrumentsSentence(p.r); text != "" {
		p.lines(2, text, p.dim)
	}
	shown := p.some(len(different), most)
	for _, b := range different[:shown] {
		p.behaviour("≠ ", b)
		p.suspects(b)
	}
	p.more(2, len(different)-shown)
	shown = p.some(len(open), most)
	for _, b := range open[:shown] {
		p.behaviour("? ", b)
	}
	p.more(2, len(open)-shown)
	if !p.o.All {
		return
	}
	shown = p.some(len(alike), most)
	for _, b := range alike[:shown] {
		p.behaviour("= ", b)
	}
	p.more(2, len(alike)-shown)
}

func (p *page) behaviour(sign string, b parity.Judged) {
	head := "  " + sign + view.BehaviourName(b) + " in " + view.Line(b.Column)
	p.line(end(head, p.width))
	p.lines(6, view.BehaviourSentence(b), nil)
	if p.o.Verbose {
		for _, e := range b.Evidence {
			for _, line := range view.EvidenceLines(e) {
				p.lines(6, line, p.dim)
			}
		}
	}
}

// suspects writes the likeliest causes, the first of them with its reasons.
func (p *page) suspects(b parity.Judged) {
	if len(b.Suspects) == 0 {
		return
	}
	p.line(strings.Repeat(" ", 6) + p.dim("suspects, the likeliest first:"))
	shown := p.some(len(b.Suspects), 3)
	for _, s := range b.Suspects[:shown] {
		for i, l := range wrap(view.SuspectLine(s), max(p.width-14, 20)) {
			label := "      "
			if i == 0 {
				label = view.SuspectScore(s) + "  "
			}
			p.line(strings.Repeat(" ", 8) + label + l)
		}
	}
}
