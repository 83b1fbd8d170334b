package markdown

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// ledgerTitle is the title of the table of where every fact ended.
const ledgerTitle = "Every fact, once"

// aside writes what is to be known beside the differences: the ledger, then what
// is most urgent.
func (p *page) aside(ledger string) {
	if !p.add(ledger) {
		p.cut.sections = append(p.cut.sections, "“"+ledgerTitle+"”")
	}
	p.list("Meant to differ?", p.proposals())
	p.behaviours()
	p.list("Not looked at", p.gaps())
	p.list("Policy", p.findings())
	p.list("Ambiguous", p.ambiguities())
	p.list("Bindings", p.bindings())
	p.list("Shared", p.shared())
}

// folded is a section that is folded up; empty where it has no body.
func folded(title, body string) string {
	if body == "" {
		return ""
	}
	return "\n<details><summary><b>" + title + "</b></summary>\n\n" + body + "\n</details>\n"
}

// most is how many lines a list has.
const most = 20

// list writes a section of lines, as many as fit.
func (p *page) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	start := "\n<details><summary><b>" + title + "</b> (" + view.Int(len(lines)) + ")</summary>\n\n"
	const finish, more = "\n</details>\n", "- and 1,000,000 more\n"
	wanted := len(lines)
	if !p.o.Verbose {
		wanted = min(wanted, most)
	}
	size, shown := len(start)+len(finish)+len(more), 0
	for shown < wanted && size+len(lines[shown]) <= p.room() {
		size += len(lines[shown])
		shown++
	}
	if shown == 0 {
		p.cut.sections = append(p.cut.sections, "“"+title+"”")
		return
	}
	body := strings.Join(lines[:shown], "")
	if hidden := len(lines) - shown; hidden > 0 {
		body += "- and " + view.Int(hidden) + " more\n"
	}
	p.cut.lines += wanted - shown
	p.add(start + body + finish)
}

func (p *page) gaps() []string {
	var out []string
	for _, g := range p.r.Gaps {
		s := "- **" + text(g.Column, nameLength) + "**: " + text(g.Reason, 300)
		if notes := view.Hidden(g); len(notes) > 0 {
			s += " (" + text(strings.Join(notes, "; "), 500) + ")"
		}
		if g.Where != "" {
			s += " at " + code(g.Where, pathLength)
		}
		if g.Hint != "" {
			s += " → " + text(g.Hint, 300)
		}
		out = append(out, s+"\n")
	}
	return out
}

func (p *page) findings() []string {
	var out []string
	for _, f := range p.r.Findings {
		s := "- **" + f.Severity.String() + "** " + text(f.Kind, 40) + " “" + text(f.Name, nameLength) + "”: " + text(f.Message, 300)
		if f.Where != "" {
			s += " at " + code(f.Where, pathLength)
		}
		out = append(out, s+"\n")
	}
	return out
}

func (p *page) ambiguities() []string {
	var out []string
	for _, a := range p.r.Ambiguities {
		out = append(out, "- **"+text(a.Column, nameLength)+"**: "+text(view.Ambiguity(a), 2*pathLength)+"\n")
	}
	return out
}

func (p *page) bindings() []string {
	var out []string
	for _, b := range p.r.Bindings {
		out = append(out, "- "+text(b.Role, 60)+": "+code(view.Spellings(b.Spellings), pathLength)+" ("+text(view.Support(b), 100)+")\n")
	}
	return out
}

func (p *page) shared() []string {
	var out []string
	for _, s := range p.r.Shared {
		if len(s.Columns) > 0 {
			out = append(out, "- "+text(view.SharedSecret(s), valueLength)+" ("+view.Count(s.Facts, "fact", "facts")+")\n")
			continue
		}
		out = append(out, "- "+text(s.Owner, 60)+"'s "+code(s.Token, 80)+" in "+code(s.Example, valueLength)+" ("+view.Count(s.Facts, "fact", "facts")+")\n")
	}
	return out
}

// classes is the table of where every fact ended, with its sums.
func (p *page) classes() string {
	if len(p.r.Classes) == 0 {
		return ""
	}
	var b strings.Builder
	row := func(label string, number func(i int, c parity.ClassCount) int) {
		b.WriteString("| " + label + " |")
		for i, c := range p.r.Classes {
			b.WriteString(" " + view.Int(number(i, c)) + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("| |")
	for _, c := range p.r.Classes {
		b.WriteString(" " + text(c.Column, 60) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("--:|", len(p.r.Classes)) + "\n")
	rows, sums := view.ClassRows(p.r)
	for _, r := range rows {
		label := r.Class.String()
		if r.Class.Counts() {
			label = "**" + label + "**"
		}
		row(label, func(i int, _ parity.ClassCount) int { return r.Counts[i] })
	}
	reference := text(view.Reference(p.r), 60)
	row("sum", func(i int, _ parity.ClassCount) int { return sums[i] })
	row("= on both sides", func(_ int, c parity.ClassCount) int { return c.Paired })
	row("&#43; only here", func(_ int, c parity.ClassCount) int { return c.OnlyHere })
	row("&#43; only in "+reference, func(_ int, c parity.ClassCount) int { return c.OnlyReference })
	row("read here", func(_ int, c parity.ClassCount) int { return c.Facts })
	row("read in "+reference, func(_ int, c parity.ClassCount) int { return c.Reference })
	if rules := view.RuleList(p.r); rules != "" {
		b.WriteString("\nequivalent by rule: " + text(rules, 1000) + "\n")
	}
	return b.String()
}
