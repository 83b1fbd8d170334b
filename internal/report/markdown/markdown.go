// Package markdown writes a result as a comment for a pull request: the
// verdict, the environments, and the groups of differences folded up. It fits
// the size limit of a comment and says exactly what it left out for that.
package markdown

import (
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// Marker begins the first line of every report, an invisible comment by which
// an earlier one is found and replaced. What follows it is the project.
const Marker = "<!-- parity-report"

// Write writes the report. It is valid UTF-8 and no longer than
// Options.MaxBytes.
func Write(w io.Writer, r *parity.Result, o view.Options) error {
	p := &page{r: r, o: o}
	p.limit = max(o.Bytes()-reserve, 0)
	p.head()
	p.untrusted()
	p.environments()
	p.indicators()
	ledger := folded(ledgerTitle, p.classes())
	p.limit -= len(ledger) // it is kept whatever else is cut
	p.groups()
	p.limit += len(ledger)
	p.aside(ledger)
	p.close()
	_, err := io.WriteString(w, fit(p.b.String(), o.Bytes()))
	return err
}

// reserve is the room kept for saying what was cut.
const reserve = 600

// fit is the last resort for a limit that not even the verdict fits in.
func fit(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:max(n, 0)], "")
}

// page is a report in the making.
type page struct {
	r     *parity.Result
	o     view.Options
	b     strings.Builder
	limit int
	cut   cut
}

// cut counts what did not fit.
type cut struct {
	groups   int // whole ones,
	inGroups int // with so many differences
	members  int // of groups that are there
	lines    int
	sections []string
}

// room is how many bytes are left.
func (p *page) room() int { return p.limit - p.b.Len() }

// add writes s whole or not at all.
func (p *page) add(s string) bool {
	if len(s) > p.room() {
		return false
	}
	p.b.WriteString(s)
	return true
}

// table writes a table as far as it fits, row by row.
func (p *page) table(head string, rows []string) {
	if len(rows) == 0 {
		return
	}
	if !p.add("\n" + head) {
		p.cut.lines += len(rows)
		return
	}
	for i, row := range rows {
		if !p.add(row) {
			p.cut.lines += len(rows) - i
			return
		}
	}
}

// head writes the marker and the verdict.
func (p *page) head() {
	v := p.r.Verdict
	sign := map[parity.Outcome]string{parity.Pass: "✅", parity.Fail: "❌"}[v.Outcome]
	if sign == "" {
		sign = "⚠️"
	}
	title := "Parity: " + strings.ToLower(view.Heading(v))
	if p.r.Project != "" {
		title += " – " + text(p.r.Project, 80)
	}
	p.b.WriteString(Marker + project(p.r.Project) + " -->\n### " + sign + " " + title + "\n\n")
	p.unseen(v)
	p.b.WriteString(sum(p.r) + "\n")
	if mode := view.Mode(v); mode != "" {
		p.b.WriteString("Mode " + text(mode, 40) + ": the verdict does not fail the check.\n")
	}
	if len(v.Reasons) > 0 {
		p.b.WriteString("\n")
	}
	for i, reason := range v.Reasons {
		if i == 8 || !p.add("- "+text(reason, 300)+"\n") {
			p.cut.lines += len(v.Reasons) - i
			break
		}
	}
}

// untrusted says what was not obeyed, run and looked at.
func (p *page) untrusted() {
	for i, s := range view.Untrusted(p.r.Untrusted) {
		if i == 0 {
			s = "\n" + text(s, 300)
		} else {
			s = "- " + text(s, 1500)
		}
		if !p.add(s + "\n") {
			p.cut.lines++
		}
	}
}

// unseen writes what was not seen, in front of the verdict's sentence.
func (p *page) unseen(v parity.Verdict) {
	if len(v.Unseen) > 0 {
		p.b.WriteString(text(view.Unseen(v), 1000) + "\n")
	}
}

// project is the project's name as far as it can stand in a comment.
func project(name string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '/':
			return r
		default:
			return '_' // no hyphen either: two of them would end the comment
		}
	}, view.Cut(name, 80))
	if safe == "" {
		return ""
	}
	return ": " + safe
}

func sum(r *parity.Result) string {
	v := r.Verdict
	counting, _ := view.Groups(r)
	s := "**" + view.Sentence(v) + "**"
	if v.Counting == 0 {
		return s + " " + view.Nothing(v)
	}
	s += " " + view.Count(v.Counting, "difference", "differences") + " in " + view.Count(len(counting), "group", "groups") + " against it"
	if v.Blocking > 0 && v.Mode == "block" {
		s += "; " + view.Int(v.Blocking) + " of them block"
	}
	return s + "."
}

// environments writes the table of what was compared.
func (p *page) environments() {
	var rows []string
	for _, e := range p.r.Environments {
		if e.Reference {
			rows = append(rows, "| "+text(e.Name, 60)+" | reference | | "+view.Int(e.Facts)+" | | | "+view.Int(e.Gaps)+" |\n")
			continue
		}
		score, _ := view.ScoreOf(p.r, e.Name, "environment", "")
		confidence, unknown := "–", 0
		if score.Facts > 0 {
			confidence = view.Percent(score.Confidence)
		}
		for _, c := range p.r.Classes {
			if c.Column == e.Name {
				unknown = c.Counts[parity.Unknown] + c.Counts[parity.Ambiguous]
			}
		}
		rows = append(rows, "| "+text(e.Name, 60)+" | **"+view.Score(score)+"** | "+confidence+" | "+view.Int(e.Facts)+
			" | "+view.Int(score.Counting)+" | "+view.Int(unknown)+" | "+view.Int(e.Gaps)+" |\n")
	}
	p.table("| Environment | Parity | Confidence | Facts | Differ | Unknown | Gaps |\n|---|--:|--:|--:|--:|--:|--:|\n", rows)
}

// indicators writes one row for each indicator and environment.
func (p *page) indicators() {
	var rows []string
	for _, in := range p.r.Indicators {
		value, target, counted := "–", "", "nothing"
		if in.Value != nil {
			value = view.Percent(*in.Value)
			counted = view.Int(in.Numerator) + " of " + view.Int(in.Denominator)
		}
		if in.Target != nil {
			target = view.Percent(*in.Target)
		}
		switch {
		case in.Met == nil:
		case *in.Met:
			target += " ✅"
		default:
			target += " ❌"
		}
		rows = append(rows, "| "+text(in.ID+" "+in.Name, 80)+" | "+text(in.Column, 60)+" | "+value+" | "+target+" | "+counted+" |\n")
	}
	p.table("| Indicator | Environment | Value | Target | Counted |\n|---|---|--:|--:|--:|\n", rows)
}

// close says what was cut, and where the rest is.
func (p *page) close() {
	var parts []string
	if p.cut.groups > 0 {
		parts = append(parts, view.Count(p.cut.groups, "whole group", "whole groups")+" with "+view.Count(p.cut.inGroups, "difference", "differences"))
	}
	if p.cut.members > 0 {
		parts = append(parts, view.Count(p.cut.members, "difference", "differences")+" of the groups above")
	}
	if p.cut.lines > 0 {
		parts = append(parts, view.Count(p.cut.lines, "line", "lines")+" of tables and lists")
	}
	if len(p.cut.sections) > 0 {
		parts = append(parts, "the sections "+strings.Join(p.cut.sections, ", "))
	}
	if len(parts) > 0 {
		p.b.WriteString("\n> [!NOTE]\n> Cut to fit " + view.Int(p.o.Bytes()) + " bytes: " + strings.Join(parts, "; ") + ". The HTML and JSON reports hold everything.\n")
	}
	p.b.WriteString("\n<sub>" + text(p.r.Tool, 60) + " · " + p.r.Time.UTC().Format("2006-01-02 15:04 UTC") + "</sub>\n")
}
