package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// judgeGaps says of each gap whether it is a doubt: something that sees
// everything could find a difference under it that fails the verdict. One that
// an entry of gate.allow in force names is not. Check and drift both ask here.
func judgeGaps(gate *Gate, declared *kinds.Set, all []*allowance, gaps []parity.ColumnGap) {
	for i := range gaps {
		g := &gaps[i]
		g.Allowed = allow(all, &g.Gap)
		g.Doubt = g.Allowed == nil && !g.Idle && gate.concerns(declared, g)
	}
}

// concerns reports whether a gap may be about a surface that decides.
func (x *Gate) concerns(declared *kinds.Set, g *parity.ColumnGap) bool {
	on, known := surfacesUnder(declared, g)
	if !known {
		return slices.Contains(x.surfaces[:], x.mode)
	}
	return slices.ContainsFunc(on, x.decides)
}

// surfacesUnder returns the surfaces that a gap can be about; known is false
// where that may be any.
func surfacesUnder(declared *kinds.Set, g *parity.ColumnGap) (on []parity.Surface, known bool) {
	if len(g.Surfaces) > 0 {
		return g.Surfaces, true
	}
	kind, name, named := declared.OfGap(&g.Gap)
	if g.Hides == parity.HidesNothing || !named {
		return nil, false
	}
	return kind.PossibleSurfaces(name, g.Path)
}

// weighGaps makes doubts of gaps, and says what was not seen. name is what the
// sentences call the column of a gap.
func (v *judging) weighGaps(gaps []parity.ColumnGap, name func(column string) string) {
	v.doubts = append(v.doubts, someOf(doubtsOf(gaps, name))...)
	v.Unseen = append(v.Unseen, unseenSentences(gaps, name, false)...)
	v.Unseen = append(v.Unseen, unseenSentences(gaps, name, true)...)
}

// doubtsOf makes a sentence of each doubt. What one column could not be read for
// one reason is one sentence, however many places that concerns: a variable that
// nothing sets may be in all of them. What several columns have in the same words
// is one sentence too.
func doubtsOf(gaps []parity.ColumnGap, name func(column string) string) []string {
	type doubt struct {
		gap   *parity.ColumnGap // the first
		names map[string]bool
	}
	var doubts []*doubt
	by := map[[2]string]*doubt{}
	for i := range gaps {
		g := &gaps[i]
		if !g.Doubt {
			continue
		}
		key := [2]string{g.Column, g.Reason}
		d := by[key]
		if d == nil {
			d = &doubt{gap: g, names: map[string]bool{}}
			by[key] = d
			doubts = append(doubts, d)
		}
		d.names[GapName(g)] = true
	}
	var texts []string
	columns := map[string][]string{}
	for _, d := range doubts {
		what := GapName(d.gap)
		if more := len(d.names) - 1; more > 0 {
			what += fmt.Sprintf(" and %d more", more)
		}
		text := what + ": " + d.gap.Reason
		if columns[text] == nil {
			texts = append(texts, text)
		}
		columns[text] = append(columns[text], name(d.gap.Column))
	}
	for i, text := range texts {
		texts[i] = "not all of " + listed(columns[text]) + " was read: " + text
	}
	return texts
}

// maxDoubts bounds the doubts of one kind that are told one by one.
const maxDoubts = 5

func someOf(doubts []string) []string {
	if len(doubts) <= maxDoubts {
		return doubts
	}
	return append(doubts[:maxDoubts:maxDoubts], fmt.Sprintf("and %d more gaps", len(doubts)-maxDoubts))
}

// maxUnseenColumns bounds the columns of which each has sentences of its own.
const maxUnseenColumns = 4

// unseenSentences makes a sentence for each column and kind of the gaps that are
// doubts, or of those that gate.allow accepts. Of many columns it makes one
// sentence for each kind.
func unseenSentences(gaps []parity.ColumnGap, name func(column string) string, allowed bool) []string {
	kinds := []func(*parity.ColumnGap) bool{isWhole, isPart, isUnproven}
	var columns []string
	unseen := map[string]*[3]unseenGaps{}
	for i := range gaps {
		g := &gaps[i]
		if allowed && g.Allowed == nil || !allowed && !g.Doubt {
			continue
		}
		if unseen[g.Column] == nil {
			columns = append(columns, g.Column)
			unseen[g.Column] = &[3]unseenGaps{}
		}
		k := slices.IndexFunc(kinds, func(of func(*parity.ColumnGap) bool) bool { return of(g) })
		unseen[g.Column][k].add(g)
	}
	if len(columns) > maxUnseenColumns {
		return unseenOfMany(columns, unseen, name, allowed)
	}
	var out []string
	for _, column := range columns {
		for k := range kinds {
			if u := &unseen[column][k]; len(u.names) > 0 {
				out = append(out, u.sentence(name(column), allowed))
			}
		}
	}
	return out
}

// unseenOfMany makes one sentence for each kind of gap.
func unseenOfMany(columns []string, unseen map[string]*[3]unseenGaps, name func(column string) string, allowed bool) []string {
	var out []string
	for k := range len(unseen[columns[0]]) {
		var all unseenGaps
		var of []string
		for _, column := range columns {
			if u := &unseen[column][k]; len(u.names) > 0 {
				of = append(of, name(column))
				all.join(u)
			}
		}
		if len(of) > 0 {
			out = append(out, all.sentence(listed(of), allowed))
		}
	}
	return out
}

func isUnproven(g *parity.ColumnGap) bool { return g.Hides == parity.HidesNothing }
func isWhole(g *parity.ColumnGap) bool    { return !isUnproven(g) && overSource(g) }
func isPart(g *parity.ColumnGap) bool     { return !isUnproven(g) && !overSource(g) }

// overSource reports whether a gap names neither subjects nor a path, so that a
// person knows it by its source or by the place where it arose. A namespace
// alone names no subject.
func overSource(g *parity.ColumnGap) bool {
	return g.Whole() || g.Hides == parity.HidesObjects && g.Kind == "" && g.Group == "" && g.Name == "" && g.Path == ""
}

// unseenGaps are gaps of one kind in one column.
type unseenGaps struct {
	first     *parity.ColumnGap
	names     []string
	estimated int // facts that the estimates add up to
	open      bool
	until     string // the earliest end of what accepts them
}

func (u *unseenGaps) add(g *parity.ColumnGap) {
	if u.first == nil {
		u.first = g
	}
	if name := GapName(g); !slices.Contains(u.names, name) {
		u.names = append(u.names, name)
	}
	if g.Estimate != nil {
		u.estimated += g.Estimate.Facts
	} else {
		u.open = true
	}
	if g.Allowed != nil && (u.until == "" || g.Allowed.Until < u.until) {
		u.until = g.Allowed.Until
	}
}

// join adds the gaps of another column.
func (u *unseenGaps) join(o *unseenGaps) {
	if u.first == nil {
		u.first = o.first
	}
	for _, name := range o.names {
		if !slices.Contains(u.names, name) {
			u.names = append(u.names, name)
		}
	}
	u.estimated, u.open = u.estimated+o.estimated, u.open || o.open
	if o.until != "" && (u.until == "" || o.until < u.until) {
		u.until = o.until
	}
}

func (u *unseenGaps) sentence(column string, allowed bool) string {
	n := len(u.names)
	names := listed(u.names)
	var s string
	switch {
	case isUnproven(u.first):
		s = fmt.Sprintf("What was read of %s is not certain (%s): %s", column, names, strings.TrimSuffix(u.first.Reason, "."))
	case isWhole(u.first):
		s = fmt.Sprintf("%s of %s %s not read in full (%s): %s", counted(n, "source"), column, verb(n, "was", "were"), names, u.hidden(n))
	default:
		s = fmt.Sprintf("%s of %s %s not read (%s): %s", counted(n, "part"), column, verb(n, "was", "were"), names, u.hidden(n))
	}
	if allowed {
		s += fmt.Sprintf("; gate.allow accepts that until %s", u.until)
	}
	return s + "."
}

// hidden says how much n gaps may hide.
func (u *unseenGaps) hidden(n int) string {
	it := verb(n, "it", "they")
	switch {
	case u.estimated == 0:
		return fmt.Sprintf("what %s may hide is not known", it)
	case u.open:
		return fmt.Sprintf("%s may hide about %s, and more that nothing tells of", it, counted(u.estimated, "fact"))
	default:
		return fmt.Sprintf("%s may hide about %s", it, counted(u.estimated, "fact"))
	}
}

// GapName names what a gap is over, as a person would: the collector with the
// file or address, or the subjects and the path.
func GapName(g *parity.ColumnGap) string {
	if g.Unset != "" {
		return "the variable " + g.Unset
	}
	if overSource(g) {
		_, name, ok := strings.Cut(g.Source, ": ")
		if !ok {
			name = g.Source
		}
		collector, rest, _ := strings.Cut(name, " ")
		switch {
		case g.Where != "" && collector != "":
			return collector + " " + g.Where
		case rest != "":
			return collector + " " + rest
		default:
			return name + g.Where
		}
	}
	var parts []string
	if g.Kind != "" {
		parts = append(parts, plain(g.Kind))
	}
	if name := plain(g.Name); name != "" || g.Scope != "" {
		if g.Scope != "" {
			name = plain(g.Scope) + "/" + name
		}
		parts = append(parts, strings.TrimSuffix(name, "/"))
	}
	if g.Path != "" {
		parts = append(parts, g.Path)
	}
	return strings.Join(parts, " ")
}

// plain returns a selector without the signs that make it a literal.
func plain(selector string) string {
	if text, ok := parity.LiteralText(selector); ok {
		return text
	}
	return selector
}
