package terminal

import (
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// WriteDrift writes a result of drift in the manner of Write: the verdict,
// each drift with who wrote it, then what does not count and why.
func WriteDrift(w io.Writer, r *parity.DriftResult, o view.Options) error {
	p := &driftPage{page: page{r: &parity.Result{Findings: r.Findings}, o: o, style: style{o.Color}, width: o.Columns()}, d: r}
	p.verdict()
	p.counts()
	for i := range r.Instances {
		x := &r.Instances[i]
		p.drifts(x)
		p.owned(x)
		p.added(x)
		p.notCompared(x)
		p.weeks(x)
	}
	p.findings()
	p.line("")
	p.line(p.outcome(r.Verdict.Outcome, view.Heading(r.Verdict)))
	_, err := w.Write(p.buf.Bytes())
	return err
}

// driftPage is a report of drift in the making.
type driftPage struct {
	page
	d *parity.DriftResult
}

// verdict writes the answer, and what decided it.
func (p *driftPage) verdict() {
	v := p.d.Verdict
	head := view.Heading(v)
	stamp := p.d.Time.UTC().Format("2006-01-02 15:04 UTC")
	title := strings.TrimSpace(view.Line(p.d.Project) + "  drift of " + view.Line(p.d.Environment))
	title = end(title, p.width-width(head)-width(stamp)-6)
	used := width(head) + 2 + width(title)
	p.line(p.outcome(v.Outcome, head) + "  " + p.bold(title) + strings.Repeat(" ", max(p.width-used-width(stamp), 2)) + p.dim(stamp))
	p.unseen(v)
	p.lines(0, view.DriftSentence(p.d), nil)
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

// counts writes where each declared fact ended up, an instance a line.
func (p *driftPage) counts() {
	if len(p.d.Instances) == 0 {
		return
	}
	p.heading("Declared facts, once each", "drift is what M2 counts")
	rows := [][]cell{p.header("", "drift", "facts", "same", "owned", "unknown", "other", "sum")}
	for i := range p.d.Instances {
		x := &p.d.Instances[i]
		c := x.Counts
		red := func(s string) string { return p.unless(len(x.Drifts) == 0, red, s) }
		yellow := func(s string) string { return p.unless(c.Unknown == 0, yellow, s) }
		rows = append(rows, []cell{
			plain(view.Line(x.Name)),
			{text: view.Int(len(x.Drifts)), paint: red},
			plain(view.Int(c.Drifted)),
			plain(view.Int(c.Equal + c.Equivalent)),
			plain(view.Int(c.Owned)),
			{text: view.Int(c.Unknown), paint: yellow},
			plain(view.Int(c.Derived + c.NotApplicable)),
			{text: view.Int(c.Set), paint: p.bold},
		})
	}
	for _, l := range table(rows, p.width-2) {
		p.line("  " + l)
	}
	for i := range p.d.Instances {
		x := &p.d.Instances[i]
		text := view.Count(x.NotSet, "fact", "facts") + " more run and are not set here, which is no drift"
		if len(p.d.Instances) > 1 {
			text = view.Line(x.Name) + ": " + text
		}
		p.lines(2, text, p.dim)
	}
	for _, in := range p.d.Indicators {
		p.lines(2, view.DriftIndicator(in)+mark(in.Met), func(s string) string { return p.met(in.Met, s) })
	}
}

// where names the instance in a heading, where there are several.
func (p *driftPage) where(text string, x *parity.DriftInstance) string {
	if len(p.d.Instances) < 2 {
		return text
	}
	return text + " in " + end(view.Line(x.Name), 30)
}

func (p *driftPage) drifts(x *parity.DriftInstance) {
	if len(x.Drifts) == 0 {
		return
	}
	p.heading(p.where("Drift", x), view.Int(len(x.Drifts))+", the most severe first")
	shown := p.some(len(x.Drifts), 20)
	for i := range x.Drifts[:shown] {
		p.drift(&x.Drifts[i])
	}
	p.hidden(len(x.Drifts) - shown)
}

// drift writes one drift: where, both sides, who wrote it and what writing it
// again would do.
func (p *driftPage) drift(d *parity.Drift) {
	p.line("")
	label := strings.ToUpper(d.Severity.String())
	about := []string{view.DriftKind(d), d.Surface.String()}
	if d.Subject.Service != "" {
		about = append(about, "service "+view.Cut(view.Line(d.Subject.Service), 60))
	}
	name := end(view.SubjectName(d.Subject), p.width-gutter)
	p.line("  " + p.severity(d.Severity, label) + strings.Repeat(" ", max(gutter-2-width(label), 1)) + p.bold(name))
	p.lines(gutter, strings.Join(about, " · ")+" · "+end(view.Short(d.Fingerprint), view.ShortLength), p.dim)
	if d.Path != "" {
		p.line(strings.Repeat(" ", gutter) + p.paint(shortPath(view.Line(d.Path), p.width-gutter), cyan))
	}
	p.both(d, gutter)
	if by := view.Writer(d.Writer, d.Age); by != "" {
		p.labelled("by", by)
	}
	p.labelled("redo", view.Reapply(d.Reapply))
	for _, note := range view.DriftNotes(d) {
		p.labelled("", note)
	}
}

// labelled writes a line below a drift, wrapped under itself.
func (p *driftPage) labelled(label, text string) {
	const indent, size = gutter + 2, 9
	for i, l := range wrap(text, p.width-indent-size) {
		if i > 0 {
			label = ""
		}
		p.line(strings.Repeat(" ", indent) + p.dim(pad(label, size)) + l)
	}
}

// both writes the two sides of a drift.
func (p *driftPage) both(d *parity.Drift, indent int) {
	const names = 9
	room := max(p.width-indent-2-names, 16)
	sides := []parity.Side{d.Desired, d.Live}
	held := []view.Held{view.DriftHolds(d, d.Desired), view.DriftHolds(d, d.Live)}
	texts := []string{held[0].Text, held[1].Text}
	if held[0].Plain && held[1].Plain {
		texts = view.Window(texts, room)
	}
	for i, name := range []string{"declared", "runs"} {
		sign, paint := "  ", func(s string) string { return s }
		if i == 1 {
			sign, paint = "≠ ", func(s string) string { return p.paint(s, red) }
		}
		if !held[i].Plain {
			paint = p.dim
		}
		start := strings.Repeat(" ", indent) + sign + pad(name, names)
		more := strings.Repeat(" ", indent+2+names)
		source := view.Line(sides[i].Source)
		text := texts[i]
		if len(d.Items) > 0 && !held[i].Plain && width(text) > room {
			for k, l := range wrap(view.Cut(text, 600), room) {
				if k > 0 {
					start = more
				}
				p.line(start + paint(l))
			}
			text = ""
		} else {
			text = end(text, room)
		}
		switch {
		case text == "" && source == "":
		case text == "":
			p.line(more + p.dim(shortPath(shortSource(source), room)))
		case source == "":
			p.line(start + paint(text))
		case width(text)+2+width(source) <= room:
			p.line(start + paint(text) + "  " + p.dim(source))
		default:
			p.line(start + paint(text))
			p.line(more + p.dim(shortPath(shortSource(source), room)))
		}
	}
}

// owned writes what somebody else decides.
func (p *driftPage) owned(x *parity.DriftInstance) {
	if len(x.Owned) == 0 {
		return
	}
	n := 0
	for i := range x.Owned {
		n += len(x.Owned[i].Differences)
	}
	p.heading(p.where("Owned by others", x), view.Count(n, "difference", "differences")+", which do not count")
	shown := p.some(len(x.Owned), most)
	for i := range x.Owned[:shown] {
		o := &x.Owned[i]
		p.item(view.Line(string(o.Kind)), view.Owner(o)+": "+view.Line(o.Why)+" ("+view.Count(len(o.Differences), "difference", "differences")+")")
		members := len(o.Differences)
		if !p.o.All {
			members = min(members, 3)
		}
		for j := range o.Differences[:members] {
			d := &o.Differences[j]
			parts := []cell{plain(view.SubjectName(d.Subject))}
			if d.Path != "" {
				parts = append(parts, cell{text: view.Line(d.Path), paint: func(s string) string { return p.paint(s, cyan) }})
			}
			parts = append(parts, cell{text: view.DriftHolds(d, d.Desired).Text + " → " + view.DriftHolds(d, d.Live).Text, paint: p.dim})
			p.flow(16, strings.Repeat(" ", 16), parts)
		}
		if rest := len(o.Differences) - members; rest > 0 {
			p.line(strings.Repeat(" ", 16) + p.dim("and "+view.Int(rest)+" more; --all shows them"))
		}
	}
	p.more(2, len(x.Owned)-shown)
}

// added writes the items beside those that are declared.
func (p *driftPage) added(x *parity.DriftInstance) {
	if len(x.Added) == 0 {
		return
	}
	p.heading(p.where("Added beside what is declared", x), view.Int(len(x.Added))+", which do not count")
	shown := p.some(len(x.Added), most)
	for i := range x.Added[:shown] {
		a := &x.Added[i]
		p.flow(4, "  ", []cell{plain(view.SubjectName(a.Subject)), {text: view.Line(a.Path), paint: func(s string) string { return p.paint(s, cyan) }}})
		if by := view.Writer(a.Writer, a.Age); by != "" {
			p.lines(4, "by "+by, p.dim)
		}
	}
	p.more(2, len(x.Added)-shown)
}

// notCompared writes what is unknown, and the gaps behind it.
func (p *driftPage) notCompared(x *parity.DriftInstance) {
	if len(x.Unknown) == 0 && len(x.Gaps) == 0 {
		return
	}
	p.heading(p.where("Not compared", x), "what is unknown is never equal")
	shown := p.some(len(x.Unknown), most)
	for i := range x.Unknown[:shown] {
		p.item(view.Line(x.Unknown[i].Kind), view.Unknown(&x.Unknown[i]))
	}
	p.more(2, len(x.Unknown)-shown)
	gaps := view.DriftGaps(x)
	shown = p.some(len(gaps), most)
	for _, g := range gaps[:shown] {
		text := view.Cut(view.Line(g.Reason), 400)
		if notes := view.Hidden(g); len(notes) > 0 {
			text += " (" + strings.Join(notes, "; ") + ")"
		}
		p.item("gap, "+view.Line(g.Column), text)
		if g.Hint != "" {
			p.lines(16, "→ "+view.Cut(view.Line(g.Hint), 300), nil)
		}
	}
	p.more(2, len(gaps)-shown)
}

// weeks writes how many drifts appeared in each week.
func (p *driftPage) weeks(x *parity.DriftInstance) {
	h := x.History
	if h == nil {
		return
	}
	p.heading(p.where("By week", x), view.Count(h.Snapshots, "snapshot", "snapshots")+" against what is declared today")
	first := len(h.Weeks) - p.some(len(h.Weeks), most)
	rows := [][]cell{p.header("", "appeared", "there before", "snapshots")}
	for _, w := range h.Weeks[first:] {
		before := ""
		if w.Before > 0 {
			before = view.Int(w.Before)
		}
		rows = append(rows, []cell{plain(view.Line(w.Week)), plain(view.Int(w.Appeared)), plain(before), plain(view.Int(w.Snapshots))})
	}
	for _, l := range table(rows, p.width-2) {
		p.line("  " + l)
	}
	if first > 0 {
		p.line("  " + p.dim(view.Count(first, "week", "weeks")+" before that; --long shows them"))
	}
	gone := 0
	for i := range h.Followed {
		if !h.Followed[i].Open {
			gone++
		}
	}
	if gone > 0 {
		p.lines(2, view.Count(gone, "drift", "drifts")+" came and went; the JSON report lists them", p.dim)
	}
	for _, g := range h.Gaps {
		p.item("gap", view.Cut(view.Line(g.Where)+": "+view.Line(g.Reason), 300))
	}
}
