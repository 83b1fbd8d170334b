package view

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Heading is the verdict in capitals: "PASS", "FAIL" or "COULD NOT TELL".
func Heading(v parity.Verdict) string {
	switch v.Outcome {
	case parity.Pass:
		return "PASS"
	case parity.Fail:
		return "FAIL"
	default:
		return "COULD NOT TELL"
	}
}

// Sentence says what the verdict's outcome means.
func Sentence(v parity.Verdict) string {
	switch {
	case v.Outcome == parity.Pass && len(v.Unseen) > 0:
		return "Parity holds for all that was read."
	case v.Outcome == parity.Pass:
		return "Parity holds."
	case v.Outcome == parity.Fail:
		return "Parity does not hold."
	case len(v.Unseen) > 0:
		return "Whether parity holds cannot be told."
	default:
		return "Too little could be compared to tell."
	}
}

// Unseen says what was not seen, in front of what the verdict says; empty where
// everything was.
func Unseen(v parity.Verdict) string {
	texts := make([]string, len(v.Unseen))
	for i, s := range v.Unseen {
		texts[i] = Line(s)
	}
	return strings.Join(texts, " ")
}

// Nothing says that no difference counts.
func Nothing(v parity.Verdict) string {
	if len(v.Unseen) > 0 {
		return "Nothing else counts against it."
	}
	return "Nothing counts against it."
}

// Hidden says what a gap leaves unknown, how much it may hide, and what the
// verdict makes of it, as short notes.
func Hidden(g parity.ColumnGap) []string {
	var out []string
	if g.Facts > 0 {
		out = append(out, Count(g.Facts, "fact", "facts")+" unknown")
	}
	switch {
	case g.Hides == parity.HidesNothing || g.Idle:
	case g.Estimate != nil && g.Estimate.Facts > g.Facts:
		out = append(out, "may hide about "+Count(g.Estimate.Facts, "fact", "facts")+", by "+Line(g.Estimate.From))
	case g.Estimate == nil && g.Facts > 0:
		out = append(out, "what else it may hide is not known")
	case g.Estimate == nil:
		out = append(out, "what it may hide is not known")
	}
	switch {
	case g.Idle && g.Use != "":
		out = append(out, "what it is compared with takes the same, in the same way")
	case g.Idle:
		out = append(out, "nothing that is compared can be under it")
	}
	if d := g.Allowed; d != nil {
		out = append(out, "accepted until "+Line(d.Until)+" by gate.allow: "+Line(d.Reason)+"; owner "+Line(d.Owner)+", approved by "+Line(d.Approver))
	}
	return out
}

// Mode says what the verdict does to the command; empty where it blocks.
func Mode(v parity.Verdict) string {
	if v.Mode == "block" {
		return ""
	}
	return Line(v.Mode)
}

// Groups splits the groups into those that count against parity and others.
func Groups(r *parity.Result) (counting, others []parity.Group) {
	for _, g := range r.Groups {
		if g.Counts {
			counting = append(counting, g)
		} else {
			others = append(others, g)
		}
	}
	return counting, others
}

// GroupID is the identifier that a person types to name a group.
func GroupID(g *parity.Group) string { return Short(g.ID) }

// GroupKind is the class of a group with its kind of change; the classes of its
// blocks where they differ.
func GroupKind(g *parity.Group) string {
	var kinds []string
	for i := range g.Blocks {
		if kind := g.Blocks[i].Class.String(); !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) > 1 {
		return strings.Join(kinds, ", ")
	}
	return Kind(g.Class, g.Change)
}

// Columns lists names of columns: a few of many.
func Columns(names []string) string { return Line(someNames(names)) }

// Members counts the differences of all groups.
func Members(gs []parity.Group) int {
	n := 0
	for i := range gs {
		n += len(gs[i].Differences)
	}
	return n
}

// ScoreOf finds a column's score; scope and name are as in parity.Score.
func ScoreOf(r *parity.Result, column, scope, name string) (parity.Score, bool) {
	for _, s := range r.Scores {
		if s.Column == column && s.Scope == scope && s.Name == name {
			return s, true
		}
	}
	return parity.Score{}, false
}

// Reference is the name of the reference column; "the reference" if there is
// none.
func Reference(r *parity.Result) string {
	for _, e := range r.Environments {
		if e.Reference {
			return Line(e.Name)
		}
	}
	return "the reference"
}

// ClassRow is one line of the table of classes: a class with its count in
// each compared column.
type ClassRow struct {
	Class  parity.Class
	Counts []int
}

// ClassRows gives the table of classes, without those that are empty
// everywhere, and the sums.
func ClassRows(r *parity.Result) (rows []ClassRow, sums []int) {
	sums = make([]int, len(r.Classes))
	for _, class := range parity.Classes() {
		row := ClassRow{Class: class, Counts: make([]int, len(r.Classes))}
		any := false
		for i, c := range r.Classes {
			row.Counts[i] = c.Counts[class]
			sums[i] += row.Counts[i]
			any = any || row.Counts[i] != 0
		}
		if any {
			rows = append(rows, row)
		}
	}
	return rows, sums
}

// Derived sums the derived facts of one column.
func Derived(c parity.ClassCount) int {
	n := 0
	for _, v := range c.Derived {
		n += v
	}
	return n
}

// CountingOn sums what counts on one surface of one column.
func CountingOn(c parity.ClassCount, s parity.Surface) int {
	n := 0
	for class, v := range c.Surfaces[s] {
		if class.Counts() {
			n += v
		}
	}
	return n
}

// RuleList lists the rules by how many facts each made equivalent, most
// first: "quantity 120, default 88".
func RuleList(r *parity.Result) string {
	rules := slices.Clone(r.Rules)
	slices.SortStableFunc(rules, func(a, b parity.RuleCount) int { return b.Facts - a.Facts })
	var parts []string
	for _, rc := range rules {
		if rc.Facts > 0 {
			parts = append(parts, rc.Rule.String()+" "+Int(rc.Facts))
		}
	}
	return strings.Join(parts, ", ")
}

// Spellings writes what each column calls a thing: "staging=a · production=b,
// c".
func Spellings(ss []parity.Spelling) string {
	var b strings.Builder
	for i, s := range ss {
		switch {
		case i > 0 && ss[i-1].Column == s.Column:
			b.WriteString(", ")
		case i > 0:
			b.WriteString(" · ")
			fallthrough
		default:
			b.WriteString(Line(s.Column) + "=")
		}
		b.WriteString(quoteEdges(Line(s.Text)))
	}
	return b.String()
}

// Support says what a binding rests on: "learned from 46 subjects, 1 against,
// 310 facts".
func Support(b parity.Binding) string {
	s := Line(b.Origin)
	if s == "known" {
		s = "known words"
	}
	if b.Support > 0 {
		s += " from " + Count(b.Support, "subject", "subjects")
	}
	if b.Against > 0 {
		s += ", " + Int(b.Against) + " against"
	}
	s += ", " + Count(b.Facts, "fact", "facts")
	if b.Note != "" {
		s += ": " + Line(b.Note)
	}
	return s
}

// Where is what a gap hides, in words: "staging: deploy/overlays/staging".
func Where(g parity.ColumnGap) string {
	s := Line(g.Column)
	if g.Where != "" {
		return s + ": " + Line(g.Where)
	}
	if g.Source != "" {
		return s + ": " + Line(g.Source)
	}
	return s
}

// ShortLength is the length of Short.
const ShortLength = 8

// Short is the part of a fingerprint that a person types and that parity
// explain takes.
func Short(id string) string {
	id = Line(id)
	if i := strings.IndexByte(id, ':'); i >= 0 && i < 10 {
		id = id[i+1:]
	}
	for i := range id {
		if i >= ShortLength {
			return id[:i]
		}
	}
	return id
}
