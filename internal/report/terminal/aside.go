package terminal

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// most is how many lines a list of what was set aside has.
const most = 12

// classes writes where every fact ended, with sums that a reader can check.
func (p *page) classes() {
	if len(p.r.Classes) == 0 {
		return
	}
	p.heading("Every fact, once", "✗ counts against parity, ? lowers confidence")
	perTable := p.classColumns()
	for from := 0; from < len(p.r.Classes); from += perTable {
		if from > 0 {
			p.line("")
		}
		p.classTable(from, min(from+perTable, len(p.r.Classes)))
	}
	if rules := view.RuleList(p.r); rules != "" {
		p.lines(2, "equivalent by rule: "+rules, p.dim)
	}
}

// nameWidth is the most of an environment's name above a column of numbers.
const nameWidth = 16

// classColumns is how many environments fit beside each other.
func (p *page) classColumns() int {
	longest := 9
	for _, c := range p.r.Classes {
		longest = max(longest, min(width(view.Line(c.Column)), nameWidth))
	}
	return max((p.width-2-classLabel)/(longest+2), 1)
}

// classLabel is the width of the labels of the table of classes.
const classLabel = 30

func (p *page) classTable(from, to int) {
	columns := p.r.Classes[from:to]
	row := func(label string, paint func(string) string, number func(i int) int) []cell {
		cells := []cell{{text: label, paint: paint}}
		for i := range columns {
			cells = append(cells, cell{text: view.Int(number(i)), paint: paint})
		}
		return cells
	}
	head := []cell{plain(pad("", classLabel))}
	names := p.columnNames(nameWidth)
	for _, c := range columns {
		head = append(head, cell{text: names[c.Column], paint: p.dim})
	}
	all := [][]cell{head}
	rows, sums := view.ClassRows(p.r)
	for _, r := range rows {
		all = append(all, row(classSign(r.Class)+r.Class.String(), func(s string) string { return p.class(r.Class, s) }, func(i int) int { return r.Counts[from+i] }))
	}
	reference := middle(view.Reference(p.r), nameWidth)
	all = append(all,
		row("  sum", p.bold, func(i int) int { return sums[from+i] }),
		row("    on both sides", p.dim, func(i int) int { return columns[i].Paired }),
		row("    only here", p.dim, func(i int) int { return columns[i].OnlyHere }),
		row("    only in "+reference, p.dim, func(i int) int { return columns[i].OnlyReference }),
		row("  read here: both + here", p.dim, func(i int) int { return columns[i].Facts }),
		row("  read in "+reference, p.dim, func(i int) int { return columns[i].Reference }),
		row("  derived, explain only", p.dim, func(i int) int { return view.Derived(columns[i]) }),
	)
	for _, l := range table(all, p.width-2) {
		p.line("  " + l)
	}
}

func classSign(c parity.Class) string {
	switch {
	case c.Counts():
		return "✗ "
	case c.LowersConfidence():
		return "? "
	default:
		return "  "
	}
}

// bindings writes each binding once, with what it rests on.
func (p *page) bindings() {
	if len(p.r.Bindings) == 0 {
		return
	}
	p.heading("Bindings", "an environment's own names for the same thing")
	shown := p.some(len(p.r.Bindings), most)
	for _, b := range p.r.Bindings[:shown] {
		p.item(view.Line(b.Role), view.Cut(view.Spellings(b.Spellings), 300)+" ("+view.Support(b)+")")
	}
	p.more(2, len(p.r.Bindings)-shown)
}

func (p *page) shared() {
	if len(p.r.Shared) == 0 {
		return
	}
	p.heading("Shared", "the same everywhere, though a secret or of one environment's name")
	shown := p.some(len(p.r.Shared), most)
	for _, s := range p.r.Shared[:shown] {
		if len(s.Columns) > 0 {
			p.item(view.Line(s.Owner), view.Cut(view.SharedSecret(s), 300)+" ("+view.Count(s.Facts, "fact", "facts")+")")
			continue
		}
		p.item(view.Line(s.Owner), view.Cut(view.Line(s.Example), 200)+" ("+view.Count(s.Facts, "fact", "facts")+" with “"+view.Cut(view.Line(s.Token), 60)+"”)")
	}
	p.more(2, len(p.r.Shared)-shown)
}

// identifiers says how many identifiers stand for each other, and lists them
// on request.
func (p *page) identifiers() {
	if len(p.r.IDs) == 0 {
		return
	}
	p.heading("Identifiers", view.Count(len(p.r.IDs), "pair", "pairs")+" that stand for each other, one to one")
	if !p.o.All {
		return
	}
	shown := p.some(len(p.r.IDs), most)
	for _, id := range p.r.IDs[:shown] {
		p.item(view.Line(id.Shape), view.Cut(view.Spellings(id.Spellings), 300)+" ("+view.Count(id.Facts, "fact", "facts")+")")
	}
	p.more(2, len(p.r.IDs)-shown)
}

// gaps writes what could not be looked at, and what to do about it.
func (p *page) gaps() {
	if len(p.r.Gaps) == 0 {
		return
	}
	p.heading("Not looked at", "what is unknown is never equal")
	shown := p.some(len(p.r.Gaps), most)
	for _, g := range p.r.Gaps[:shown] {
		text := view.Cut(view.Line(g.Reason), 400)
		if notes := view.Hidden(g); len(notes) > 0 {
			text += " (" + strings.Join(notes, "; ") + ")"
		}
		p.item(view.Line(g.Column), text)
		if where := view.Line(g.Where); where != "" {
			p.line(strings.Repeat(" ", 16) + p.dim(shortPath(where, p.width-16)))
		}
		if g.Hint != "" {
			p.lines(16, "→ "+view.Cut(view.Line(g.Hint), 300), nil)
		}
	}
	p.more(2, len(p.r.Gaps)-shown)
}

func (p *page) ambiguities() {
	if len(p.r.Ambiguities) == 0 {
		return
	}
	p.heading("Ambiguous", "more than one counterpart is possible; parity.yaml can say which")
	shown := p.some(len(p.r.Ambiguities), most)
	for _, a := range p.r.Ambiguities[:shown] {
		p.item(view.Line(a.Column), view.Cut(view.Ambiguity(a), 400))
	}
	p.more(2, len(p.r.Ambiguities)-shown)
}

// findings writes what is wrong with the policy itself.
func (p *page) findings() {
	if len(p.r.Findings) == 0 {
		return
	}
	p.heading("Policy", "what parity.yaml says that is not so")
	shown := p.some(len(p.r.Findings), most)
	for _, f := range p.r.Findings[:shown] {
		text := view.Line(f.Kind) + " “" + view.Line(f.Name) + "”: " + view.Line(f.Message)
		if f.Where != "" {
			text += " (" + view.Line(f.Where) + ")"
		}
		p.item(strings.ToUpper(f.Severity.String()), view.Cut(text, 500))
	}
	p.more(2, len(p.r.Findings)-shown)
}

// last repeats the verdict where a reader's eye rests, with the next step.
func (p *page) last() {
	p.line("")
	counting, _ := view.Groups(p.r)
	head := view.Heading(p.r.Verdict)
	next := ""
	if len(counting) > 0 && len(counting[0].Differences) > 0 {
		id := end(view.Short(counting[0].Differences[0].Fingerprint), view.ShortLength)
		next = "  parity explain " + id + " tells the whole story of the first one"
		if p.r.Project == "" { // paths were compared, not a project
			next = "  parity explain --of PATH --of PATH " + id + " tells the whole story"
		}
	}
	if width(head)+width(next) > p.width {
		next = ""
	}
	p.line(p.outcome(p.r.Verdict.Outcome, head) + p.dim(next))
}
