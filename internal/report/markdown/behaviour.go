package markdown

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// behaviours writes what behaves otherwise with its suspects, and what cannot be
// told yet.
func (p *page) behaviours() {
	different, open, alike := view.Behaviours(p.r)
	var lines []string
	for _, b := range different {
		lines = append(lines, "- **different** "+behaviour(b))
		for _, s := range b.Suspects[:min(len(b.Suspects), 3)] {
			lines = append(lines, "  - suspect "+view.SuspectScore(s)+": "+text(view.SuspectLine(s), 2*pathLength)+"\n")
		}
	}
	for _, b := range open {
		lines = append(lines, "- not tellable yet: "+behaviour(b))
	}
	if len(alike) > 0 {
		lines = append(lines, "- "+view.Count(len(alike), "measurement was", "measurements were")+" shown to be alike\n")
	}
	if read := view.InstrumentsSentence(p.r); read != "" {
		lines = append(lines, "- "+text(read, 400)+"\n")
	}
	p.list("Behaviour", lines)
}

func behaviour(b parity.Judged) string {
	return text(view.BehaviourName(b), 2*nameLength) + " in " + text(b.Column, nameLength) + ": " + text(view.BehaviourSentence(b), 400) + "\n"
}
