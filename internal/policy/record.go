package policy

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// record is a difference with what is needed of it later on.
type record struct {
	parity.Difference
	aligned *parity.Aligned
	columns []int
	// paths are the fact's paths by column where they are not all Path.
	paths []string
	// unsure is set where it rests on a pair that is not sure.
	unsure bool
	// values are those of the columns and of the reference, as a baseline holds
	// them; nil where none is asked for.
	values map[string]string
	notes  columnNotes
}

// record keeps the differences of one fact: one for each class that its
// columns are in. Columns of one class are apart where another decision, or
// none, explains them.
func (g *Judge) record(j *parity.Joined, s parity.Surface) {
	first := len(g.records)
	for _, c := range g.compared {
		r := &g.rulings[c]
		if g.cur.lone[c] || !g.keeps(r, &j.Cells[c]) {
			continue
		}
		at := slices.IndexFunc(g.records[first:], func(x *record) bool {
			first := &g.rulings[x.columns[0]]
			return x.Class == r.class && x.Decision == r.decision && first.raw == r.raw && sameStanding(first.image, r.image)
		})
		if at < 0 {
			g.records = append(g.records, g.newRecord(j, s, r))
			at = len(g.records) - 1 - first
		}
		g.addColumn(g.records[first+at], j, c)
	}
	for i := first; i < len(g.records); i++ {
		x := g.records[i]
		x.Note = x.notes.text()
		if i == first {
			g.standings(j)
		}
		g.tellApart(&x.Difference)
		if g.keepsValues() && x.Class.Counts() {
			x.values = g.knownValues(x, j.Cells)
		}
		if x.Image != nil {
			x.Note = joinNote(x.Note, standingNote(*x.Image, x.Columns, g.names[g.ref]))
		}
	}
}

func (g *Judge) newRecord(j *parity.Joined, s parity.Surface, r *ruling) *record {
	x := &record{aligned: g.cur.aligned, Difference: parity.Difference{
		Fingerprint: fingerprint(g.cur.aligned.Logical, s, logicalPath(j), r.raw),
		Subject:     g.cur.ref, Surface: s, Path: j.Path, Class: r.class, Facts: 1,
		Sides: g.sides(j), Cause: j.Cause, Decision: r.decision, Image: r.image, Aligned: g.cur.aligned,
	}}
	if x.Cause.Kind == "" {
		x.Cause = parity.Cause{Kind: "path", Key: j.Path, Label: j.Path, Place: j.Path}
	}
	for c := range j.Cells {
		if f := j.Cells[c].Fact; f != nil && f.Path != j.Path && x.paths == nil {
			x.paths = make([]string, len(j.Cells))
			for i := range j.Cells {
				if f := j.Cells[i].Fact; f != nil {
					x.paths[i] = f.Path
				}
			}
		}
	}
	return x
}

// addColumn adds one column to a difference.
func (g *Judge) addColumn(x *record, j *parity.Joined, column int) {
	r, cell := &g.rulings[column], &j.Cells[column]
	x.Columns = append(x.Columns, g.names[column])
	x.columns = append(x.columns, column)
	if x.Change == "" {
		x.Change = r.change
	}
	if len(x.columns) == 1 || r.severity > x.Severity {
		x.Severity, x.Why = r.severity, r.why
	}
	x.notes.add(r.note, g.names[column])
	x.unsure = g.cur.pairUnsure(column) && (len(x.columns) == 1 || x.unsure)
	set := cell.Rules
	for _, f := range []*parity.Fact{cell.Fact, j.Cells[g.ref].Fact} {
		if f != nil {
			set |= f.Rules
		}
	}
	for _, rule := range set.List() {
		if !slices.Contains(x.Rules, rule) {
			x.Rules = append(x.Rules, rule)
		}
	}
	for _, b := range cell.Bindings {
		if !slices.Contains(x.Bindings, b) {
			x.Bindings = append(x.Bindings, b)
		}
	}
}

// recordLone keeps the difference that stands for a subject as a whole.
func (g *Judge) recordLone(w *loneRuling) {
	x := &record{aligned: g.cur.aligned, columns: w.columns, unsure: w.presumed, Difference: parity.Difference{
		Fingerprint: fingerprint(g.cur.aligned.Logical, w.surface, "", w.raw),
		Subject:     g.cur.ref, Surface: w.surface, Class: w.class, Facts: w.facts,
		Severity: w.severity, Decision: w.decision, Note: w.note, Cause: w.cause,
		Sides: g.wholeSides(w), Aligned: g.cur.aligned, Presumed: w.presumed,
	}}
	if w.raw.Counts() {
		x.Why = g.why(w.source, w.asked, w.severity)
	}
	for _, c := range w.columns {
		x.Columns = append(x.Columns, g.names[c])
	}
	g.wholeStandings()
	g.tellApart(&x.Difference)
	g.records = append(g.records, x)
}

// side begins a column's side.
func (g *Judge) side(c int) parity.Side {
	column := g.columns[c]
	return parity.Side{Environment: column.Environment, Instance: column.Instance, Role: column.Role, State: parity.Absent}
}

// sides gives what every column holds of a fact.
func (g *Judge) sides(j *parity.Joined) []parity.Side {
	out := make([]parity.Side, len(g.columns))
	for c := range out {
		side, cell := g.side(c), &j.Cells[c]
		if cell.State != "" {
			side.State = cell.State
		}
		switch r := &g.rulings[c]; {
		case c == g.ref:
		case r.live:
			side.Class = r.class
		default:
			side.Class = cell.Class
		}
		if f := cell.Fact; f != nil {
			side.State = parity.Present
			text := g.display(f.Value)
			side.Value, side.Kind, side.Suspected, side.Source = &text, f.Value.Kind, f.Value.Suspected, f.Source()
			locate(&side, f.Origin, f.Line, f.Col)
		}
		out[c] = side
	}
	return out
}

// wholeSides gives which columns hold a subject.
func (g *Judge) wholeSides(w *loneRuling) []parity.Side {
	out := make([]parity.Side, len(g.columns))
	for c := range out {
		out[c] = g.side(c)
		if slices.Contains(w.columns, c) {
			out[c].Class = w.class
		}
		subject := g.cur.aligned.Sides[c]
		switch {
		case subject != nil:
			s := &subject.Subject
			out[c].State, out[c].Source = parity.Present, s.Origin.Source(s.Line, s.Col)
			locate(&out[c], s.Origin, s.Line, s.Col)
		case out[c].Class == parity.Unknown:
			out[c].State = parity.UnknownState
		}
	}
	return out
}

// locate fills in the file, and the line where it is true: a rendered text's
// lines are not those of the file behind it.
func locate(s *parity.Side, o *parity.Origin, line, col int32) {
	if o == nil {
		return
	}
	s.File, s.Writer = o.File, o.Writer
	if o.Precision == parity.AtLine && o.Renderer == "" {
		s.Line, s.Col = line, col
	}
}

// display gives a value for people. Where secrets are compared by content, one
// shows the beginning of its keyed digest: two can be told apart by it, and
// nothing can be found out.
func (g *Judge) display(v parity.Value) string {
	const shown = 8
	digest := v.Canon[strings.LastIndexByte(v.Canon, ':')+1:]
	if v.Kind != parity.Secret || !g.cfg.Rules.SecretContents || digest == "" {
		return v.String()
	}
	return v.String() + " " + digest[:min(shown, len(digest))]
}
