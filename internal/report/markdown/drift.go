package markdown

import (
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// DriftMarker begins the first line of every report of drift, as Marker does
// that of a comparison.
const DriftMarker = "<!-- parity-drift"

// WriteDrift writes a result of drift. It is valid UTF-8 and no longer than
// Options.MaxBytes.
func WriteDrift(w io.Writer, r *parity.DriftResult, o view.Options) error {
	p := &driftPage{page: page{r: &parity.Result{Tool: r.Tool, Time: r.Time, Findings: r.Findings}, o: o}, d: r}
	p.limit = max(o.Bytes()-reserve, 0)
	p.head()
	p.counts()
	for i := range r.Instances {
		x := &r.Instances[i]
		p.drifts(x)
		p.owned(x)
		p.added(x)
		p.notCompared(x)
		p.weeks(x)
	}
	p.list("Policy", p.findings())
	p.close()
	_, err := io.WriteString(w, fit(p.b.String(), o.Bytes()))
	return err
}

// driftPage is a report of drift in the making.
type driftPage struct {
	page
	d *parity.DriftResult
}

func (p *driftPage) head() {
	v := p.d.Verdict
	sign := map[parity.Outcome]string{parity.Pass: "✅", parity.Fail: "❌"}[v.Outcome]
	if sign == "" {
		sign = "⚠️"
	}
	title := "Drift of " + text(p.d.Environment, 80) + ": " + strings.ToLower(view.Heading(v))
	if p.d.Project != "" {
		title += " – " + text(p.d.Project, 80)
	}
	p.b.WriteString(DriftMarker + project(p.d.Project+" "+p.d.Environment) + " -->\n### " + sign + " " + title + "\n\n")
	p.unseen(v)
	p.b.WriteString("**" + text(view.DriftSentence(p.d), 200) + "**\n")
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

func (p *driftPage) counts() {
	var rows []string
	for i := range p.d.Instances {
		x := &p.d.Instances[i]
		c := x.Counts
		rows = append(rows, "| "+text(x.Name, 60)+" | **"+view.Int(len(x.Drifts))+"** | "+view.Int(c.Drifted)+" | "+view.Int(c.Equal+c.Equivalent)+
			" | "+view.Int(c.Owned)+" | "+view.Int(c.Unknown)+" | "+view.Int(c.Derived+c.NotApplicable)+" | "+view.Int(c.Set)+" | "+view.Int(x.NotSet)+" |\n")
	}
	p.table("| Instance | Drift | Facts | Same | Owned | Unknown | Other | Declared | Not set here |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n", rows)
	for i, in := range p.d.Indicators {
		sign := map[bool]string{true: " ✅", false: " ❌"}[in.Met != nil && *in.Met]
		if in.Met == nil {
			sign = ""
		}
		line := "- " + text(view.DriftIndicator(in), 200) + sign + "\n"
		if i == 0 {
			line = "\n" + line
		}
		if !p.add(line) {
			p.cut.lines++
		}
	}
}

func (p *driftPage) title(s string, x *parity.DriftInstance) string {
	if len(p.d.Instances) < 2 {
		return "\n#### " + s + "\n"
	}
	return "\n#### " + s + " in " + text(x.Name, 60) + "\n"
}

// drifts writes each drift folded up, as far as they fit.
func (p *driftPage) drifts(x *parity.DriftInstance) {
	if len(x.Drifts) == 0 {
		return
	}
	if !p.add(p.title("Drift", x) + "\n") {
		p.cut.members += len(x.Drifts)
		return
	}
	for i := range x.Drifts {
		if !p.add(driftText(&x.Drifts[i])) {
			p.cut.members += len(x.Drifts) - i
			return
		}
	}
}

func driftText(d *parity.Drift) string {
	var b strings.Builder
	b.WriteString("<details><summary><b>" + strings.ToUpper(d.Severity.String()) + "</b> " + text(view.SubjectName(d.Subject), 160) + " ")
	b.WriteString(code(d.Path, 200) + " " + text(view.DriftKind(d), 60) + "</summary>\n\n")
	b.WriteString("| | | |\n|---|---|---|\n")
	b.WriteString(sideRow("declared", d, d.Desired) + sideRow("runs", d, d.Live) + "\n")
	if by := view.Writer(d.Writer, d.Age); by != "" {
		b.WriteString("- By " + text(by, 300) + "\n")
	}
	b.WriteString("- Writing the declared value again is " + text(view.Reapply(d.Reapply), 300) + "\n")
	for _, note := range view.DriftNotes(d) {
		b.WriteString("- " + text(note, 300) + "\n")
	}
	b.WriteString("- " + code(view.Short(d.Fingerprint), 40) + ", " + text(d.Why, 300) + "\n\n</details>\n")
	return b.String()
}

func sideRow(name string, d *parity.Drift, s parity.Side) string {
	held := view.DriftHolds(d, s)
	shown := text(held.Text, 400)
	if held.Plain {
		shown = code(held.Text, 400)
	}
	return "| " + name + " | " + shown + " | " + text(s.Source, 160) + " |\n"
}

func (p *driftPage) owned(x *parity.DriftInstance) {
	var rows []string
	for i := range x.Owned {
		o := &x.Owned[i]
		for j := range o.Differences {
			d := &o.Differences[j]
			rows = append(rows, "| "+text(string(o.Kind), 30)+" | "+text(view.Owner(o), 120)+" | "+text(view.SubjectName(d.Subject), 120)+" "+code(d.Path, 160)+
				" | "+code(view.DriftHolds(d, d.Desired).Text, 120)+" | "+code(view.DriftHolds(d, d.Live).Text, 120)+" |\n")
		}
	}
	p.section(p.title("Owned by others, which does not count", x), "| By | Owner | Where | Declared | Runs |\n|---|---|---|---|---|\n", rows)
}

func (p *driftPage) added(x *parity.DriftInstance) {
	var rows []string
	for i := range x.Added {
		a := &x.Added[i]
		rows = append(rows, "| "+text(view.SubjectName(a.Subject), 120)+" | "+code(a.Path, 200)+" | "+text(view.Writer(a.Writer, a.Age), 200)+" |\n")
	}
	p.section(p.title("Added beside what is declared, which does not count", x), "| Where | Item | By |\n|---|---|---|\n", rows)
}

func (p *driftPage) notCompared(x *parity.DriftInstance) {
	var rows []string
	for i := range x.Unknown {
		rows = append(rows, "| "+text(x.Unknown[i].Kind, 60)+" | "+text(view.Unknown(&x.Unknown[i]), 500)+" |\n")
	}
	for _, g := range view.DriftGaps(x) {
		rows = append(rows, "| gap, "+text(g.Column, 20)+" | "+text(strings.Join(append([]string{g.Reason}, view.Hidden(g)...), "; "), 600)+" |\n")
	}
	p.section(p.title("Not compared", x), "| | |\n|---|---|\n", rows)
}

func (p *driftPage) weeks(x *parity.DriftInstance) {
	if x.History == nil {
		return
	}
	var rows []string
	for _, w := range x.History.Weeks {
		rows = append(rows, "| "+text(w.Week, 20)+" | "+view.Int(w.Appeared)+" | "+view.Int(w.Before)+" | "+view.Int(w.Snapshots)+" |\n")
	}
	p.section(p.title("By week", x), "| Week | Appeared | There before | Snapshots |\n|---|--:|--:|--:|\n", rows)
}

// section writes a title with a table, if there is something to write.
func (p *driftPage) section(title, head string, rows []string) {
	if len(rows) > 0 && p.add(title) {
		p.table(head, rows)
		return
	}
	p.cut.lines += len(rows)
}
