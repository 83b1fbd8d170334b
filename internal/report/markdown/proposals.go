package markdown

import (
	"strings"

	"github.com/envparity/parity/internal/report/view"
)

// proposals are the families of differences that look meant, each with the command
// that accepts it and with the lines to paste.
func (p *page) proposals() []string {
	var out []string
	for _, x := range view.Proposals(p.r) {
		s := "- " + text(view.Proposal(x), 200) + ": " + code(view.AcceptCommand(x), pathLength) + ", or under " + code("expectations", 20) + "\n\n"
		out = append(out, s+"  <pre>"+preformatted(x.Lines)+"</pre>\n")
	}
	return out
}

// preformatted escapes lines for a pre element.
func preformatted(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(codeEscapes.Replace(view.Cut(view.Line(strings.TrimSuffix(line, "\n")), pathLength)) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
