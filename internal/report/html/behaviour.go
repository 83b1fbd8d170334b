package html

import (
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

type behaviour struct {
	Name, Column, Answer, Text string
	Suspects, Evidence         []string
}

// behaviours lists the judgements: different ones, those that cannot be told
// yet, and on request those that are alike.
func (p *page) behaviours(r *parity.Result) {
	different, open, alike := view.Behaviours(r)
	if len(r.Behaviours) == 0 {
		return
	}
	p.BehaviourCounts = view.Int(len(alike)) + " alike, " + view.Int(len(different)) + " different, " + view.Int(len(open)) + " not tellable yet"
	p.Instruments = view.InstrumentsSentence(r)
	shown := slices.Concat(different, open)
	if p.All {
		shown = append(shown, alike...)
	}
	for _, b := range shown {
		p.Behaviours = append(p.Behaviours, behaviourOf(b))
	}
}

func behaviourOf(b parity.Judged) behaviour {
	out := behaviour{Name: view.BehaviourName(b), Column: view.Line(b.Column), Answer: view.Line(string(b.Answer)), Text: view.BehaviourSentence(b)}
	for _, s := range b.Suspects {
		out.Suspects = append(out.Suspects, view.SuspectScore(s)+" "+view.SuspectLine(s))
	}
	for _, e := range b.Evidence {
		out.Evidence = append(out.Evidence, view.EvidenceLines(e)...)
	}
	return out
}
