package terminal

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/excerpt"
	"github.com/envparity/parity/internal/report/view"
)

// verdict writes the answer, and what decided it.
func (p *page) verdict() {
	v := p.r.Verdict
	head := view.Heading(v)
	stamp := p.r.Time.UTC().Format("2006-01-02 15:04 UTC")
	project := end(view.Line(p.r.Project), p.width-width(head)-width(stamp)-6)
	left := p.outcome(v.Outcome, head)
	if project != "" {
		left += "  " + p.bold(project)
	}
	used := width(head) + 2 + width(project)
	p.line(left + strings.Repeat(" ", max(p.width-used-width(stamp), 2)) + p.dim(stamp))
	p.unseen(v)
	p.lines(0, p.sum(), nil)
	if mode := view.Mode(v); mode != "" {
		p.lines(0, "Mode "+mode+": the verdict does not fail the command.", p.dim)
	}
	shown := p.some(len(v.Reasons), 6)
	for _, reason := range v.Reasons[:shown] {
		for i, l := range wrap(view.Line(reason), p.width-4) {
			if i == 0 {
				p.line("  · " + l)
			} else {
				p.line("    " + l)
			}
		}
	}
	p.more(4, len(v.Reasons)-shown)
}

// unseen writes what was not seen, in front of the verdict's sentence.
func (p *page) unseen(v parity.Verdict) {
	for _, s := range v.Unseen {
		p.lines(0, view.Line(s), nil)
	}
}

// sum is the verdict in one or two sentences.
func (p *page) sum() string {
	v := p.r.Verdict
	counting, _ := view.Groups(p.r)
	s := view.Sentence(v)
	switch {
	case v.Counting == 0:
		s += " " + view.Nothing(v)
	case v.Counting == 1:
		s += " 1 difference counts against it"
	default:
		s += " " + view.Int(v.Counting) + " differences in " + view.Count(len(counting), "group", "groups") + " count against it"
	}
	if v.Counting == 0 {
		return s
	}
	if v.Blocking > 0 && v.Mode == "block" {
		s += "; " + view.Int(v.Blocking) + " of them block"
	}
	switch {
	case v.Known == v.Counting:
		s += "; the baseline knows all of them"
	case v.Known > 0:
		s += "; the baseline knows " + view.Int(v.Known)
	}
	return s + "."
}

// environments writes what was compared, and how near each is.
func (p *page) environments() {
	if len(p.r.Environments) == 0 {
		return
	}
	p.heading("Environments", "compared with "+view.Reference(p.r))
	rows := [][]cell{p.header("", "parity", "confidence", "facts", "differ", "unknown", "gaps")}
	for _, e := range p.r.Environments {
		if e.Reference {
			rows = append(rows, []cell{plain(view.Line(e.Name)), {text: "reference", paint: p.dim}, plain(""), plain(view.Int(e.Facts)), plain(""), plain(""), plain(view.Int(e.Gaps))})
			continue
		}
		rows = append(rows, p.environment(e))
	}
	for _, l := range table(rows, p.width-2) {
		p.line("  " + l)
	}
}

func (p *page) environment(e parity.EnvironmentResult) []cell {
	score, _ := view.ScoreOf(p.r, e.Name, "environment", "")
	unknown, confidence := 0, "–"
	for _, c := range p.r.Classes {
		if c.Column == e.Name {
			unknown = c.Counts[parity.Unknown] + c.Counts[parity.Ambiguous]
		}
	}
	if score.Facts > 0 {
		confidence = view.Percent(score.Confidence)
	}
	return []cell{
		plain(view.Line(e.Name)),
		{text: view.Score(score), paint: p.bold},
		plain(confidence),
		plain(view.Int(e.Facts)),
		{text: view.Int(score.Counting), paint: func(s string) string { return p.unless(score.Counting == 0, red, s) }},
		{text: view.Int(unknown), paint: func(s string) string { return p.unless(unknown == 0, yellow, s) }},
		{text: view.Int(e.Gaps), paint: func(s string) string { return p.unless(e.Gaps == 0, yellow, s) }},
	}
}

func (p *page) unless(quiet bool, code, text string) string {
	if quiet {
		return text
	}
	return p.paint(text, code)
}

func (p *page) header(titles ...string) []cell {
	cells := make([]cell, len(titles))
	for i, t := range titles {
		cells[i] = cell{text: t, paint: p.dim}
	}
	return cells
}

// indicators writes one line for each indicator and environment.
func (p *page) indicators() {
	if len(p.r.Indicators) == 0 {
		return
	}
	p.heading("Indicators", "")
	rows := [][]cell{p.header("", "", "value", "target", "counted", "unknown")}
	names := p.columnNames(nameWidth)
	const few = 3 // columns whose indicators are all listed
	nothing := 0
	for _, in := range p.r.Indicators {
		if in.Value == nil && in.Unknown == 0 && in.Target == nil && len(p.r.Classes) > few && !p.o.Verbose {
			nothing++
			continue
		}
		value, target, of, unknown := "–", "", "nothing", ""
		if in.Value != nil {
			value = view.Percent(*in.Value)
		}
		if in.Target != nil {
			target = view.Percent(*in.Target)
		}
		if in.Denominator > 0 {
			of = view.Int(in.Numerator) + " of " + view.Int(in.Denominator)
		}
		if in.Unknown > 0 {
			unknown = view.Int(in.Unknown)
		}
		rows = append(rows, []cell{
			plain(view.Line(in.ID) + " " + view.Line(in.Name)),
			left(names[in.Column]),
			{text: value, paint: func(s string) string { return p.met(in.Met, s) }},
			{text: target + mark(in.Met), paint: func(s string) string { return p.met(in.Met, s) }},
			plain(of), plain(unknown),
		})
	}
	if len(rows) > 1 {
		for _, l := range table(rows, p.width-2) {
			p.line("  " + l)
		}
	}
	if nothing > 0 {
		p.lines(2, view.Int(nothing)+" rows have nothing to count; --long shows them", p.dim)
	}
}

// mark says in a sign, not in colour only, whether a target is met.
func mark(met *bool) string {
	switch {
	case met == nil:
		return ""
	case *met:
		return " ✓"
	default:
		return " ✗"
	}
}

// surfaces writes the scores by surface, on request.
func (p *page) surfaces() {
	if !p.o.Verbose || len(p.r.Classes) == 0 {
		return
	}
	head := []cell{plain("")}
	names := p.columnNames(nameWidth)
	for _, c := range p.r.Classes {
		head = append(head, cell{text: names[c.Column], paint: p.dim})
	}
	rows := [][]cell{head}
	for _, s := range parity.Surfaces() {
		row, any := []cell{plain(s.String())}, false
		for _, c := range p.r.Classes {
			score, found := view.ScoreOf(p.r, c.Column, "surface", s.String())
			any = any || found
			row = append(row, plain(view.Points(score.Value)))
		}
		if any {
			rows = append(rows, row)
		}
	}
	if len(rows) == 1 {
		return
	}
	p.heading("Surfaces", "parity by surface")
	for _, l := range table(rows, p.width-2) {
		p.line("  " + l)
	}
}

// columnNames are the names of all columns, each cut to n cells; those that differ
// stay different.
func (p *page) columnNames(n int) map[string]string {
	var names []string
	for _, e := range p.r.Environments {
		names = append(names, e.Name)
	}
	for _, c := range p.r.Classes {
		names = append(names, c.Column)
	}
	for _, in := range p.r.Indicators {
		names = append(names, in.Column)
	}
	lines := make([]string, len(names))
	for i, name := range names {
		lines[i] = view.Line(name)
	}
	cut := map[string]string{}
	for i, short := range excerpt.Names(lines, n) {
		cut[names[i]] = short
	}
	return cut
}
