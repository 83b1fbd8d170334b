package view

import (
	"strings"

	"github.com/envparity/parity"
)

// manySides is how many sides are each told of; of more, those that hold the same
// are told once.
const manySides = 3

// SideGroup is what several columns hold alike.
type SideGroup struct {
	// Name is the column's name, or what stands for several.
	Name string
	// Index is the first of them among the sides.
	Index int
	// Sides are how many there are.
	Sides int
}

// SideGroups puts the sides of a difference together that are in one class and
// hold the same where there are more than three: those of most columns last. Up to
// three sides are one group each.
func SideGroups(d *parity.Difference) []SideGroup {
	type key struct {
		class parity.Class
		text  string
		ours  bool
	}
	var groups []SideGroup
	var columns [][]string
	at := map[key]int{}
	for i, s := range d.Sides {
		k := key{s.Class, Holds(d, s).Text, Differs(s)}
		n, ok := at[k]
		if len(d.Sides) <= manySides || !ok {
			n = len(groups)
			at[k] = n
			groups = append(groups, SideGroup{Index: i})
			columns = append(columns, nil)
		}
		groups[n].Sides++
		columns[n] = append(columns[n], ColumnOf(s))
	}
	most := -1
	for i := range groups {
		groups[i].Name = someNames(columns[i])
		if most < 0 || groups[i].Sides > groups[most].Sides {
			most = i
		}
	}
	if len(d.Sides) > manySides && len(groups) > 1 && groups[most].Sides > 1 {
		rest := groups[most]
		rest.Name = "the other " + Int(rest.Sides)
		groups = append(append(groups[:most:most], groups[most+1:]...), rest)
	}
	return groups
}

// EachSide gives each side of a difference as a group of its own.
func EachSide(d *parity.Difference) []SideGroup {
	groups := make([]SideGroup, len(d.Sides))
	for i, s := range d.Sides {
		groups[i] = SideGroup{Name: ColumnOf(s), Index: i, Sides: 1}
	}
	return groups
}

// someNames names a few columns, and says how many others there are. Instances of
// one environment in a row name it once: "production/p4, p5".
func someNames(names []string) string {
	const few = 3
	n, rest := len(names), ""
	if n > few+1 {
		names, rest = names[:few], " and "+Int(n-few)+" more"
	}
	var out []string
	before := ""
	for _, name := range names {
		environment, instance, ok := strings.Cut(name, "/")
		if ok && environment == before {
			name = instance
		}
		before = environment
		out = append(out, name)
	}
	return strings.Join(out, ", ") + rest
}

// minConfidence is the least confidence with which a score is shown as a number.
const minConfidence = 0.5

// Tells reports whether a score rests on enough to be shown as a number.
func Tells(s parity.Score) bool { return s.Value != nil && s.Confidence >= minConfidence }

// Score writes a score for people: one that rests on less than half of what there
// is to compare is no number.
func Score(s parity.Score) string {
	if s.Value != nil && !Tells(s) {
		return "cannot tell yet"
	}
	return Points(s.Value)
}

// ScoreShare is a score in whole percent, for a bar: 0 where there is none to
// show. It never rounds up.
func ScoreShare(s parity.Score) int {
	if !Tells(s) {
		return 0
	}
	return int(*s.Value)
}
