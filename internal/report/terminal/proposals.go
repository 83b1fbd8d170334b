package terminal

import "github.com/envparity/parity/internal/report/view"

// proposals writes which families of differences look meant, and how to say so.
func (p *page) proposals() {
	list := view.Proposals(p.r)
	if len(list) == 0 {
		return
	}
	p.heading("Meant to differ?", "parity accept NAME --reason TEXT writes it to parity.yaml")
	for _, x := range list {
		p.item(view.Line(x.ID), view.Cut(view.Proposal(x), 200))
	}
}
