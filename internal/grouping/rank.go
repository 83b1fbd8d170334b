package grouping

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/envname"
	"github.com/envparity/parity/internal/kinds"
)

// The weights of a difference: how likely it is that engineers repair one like
// it, by what they repaired. docs/grouping.md says where they come from.
var (
	surfaceWeights = map[parity.Surface]int{
		parity.Network: 4, parity.Delivery: 4, parity.Security: 4, parity.IdentitySurface: 4,
		parity.Dependency: 2, parity.Artifact: 2, parity.Data: 2,
		parity.Platform: 0,
	}
	classWeights  = map[parity.Class]int{parity.Missing: 2, parity.Changed: 1}
	changeWeights = map[parity.Change]int{
		parity.VersionChange: 1, parity.KindChange: 1, parity.ToggleChange: -1, parity.SecretChange: -1, parity.AddressChange: -2,
	}
	severityWeights = map[parity.Severity]int{parity.Critical: 6, parity.High: 1, parity.Low: -1, parity.Info: -5}
)

const (
	// otherSurface is the weight of a surface that is not in the table.
	otherSurface = 1
	// variableWeight is that of a variable that a program reads.
	variableWeight = 1
	// oddWeight is that of a value that no peer has; slightlyOdd that of one that
	// two peers do not have.
	oddWeight, slightlyOdd = 3, 1
	// leftWeight is that of a value that an environment shares with a lower one.
	leftWeight = 2
	// ownWeight is that of a value of which each environment has its own.
	ownWeight = -2
	// loneWeight is that of what differs alone in a subject that is the same
	// otherwise.
	loneWeight = 3
	// danglingWeight is that of a reference to what the environment lacks.
	danglingWeight = 2
	// wholeWeight is that of a whole subject on one side, which is seldom so by
	// mistake.
	wholeWeight = -1
	// largeWeight is that of a group of more than maxMistake blocks: what is left
	// out at such length is left out on purpose.
	largeWeight, maxMistake = -2, 20
	// exposed is how many subjects make a group weigh one more.
	exposed = 3
)

// ranker weighs the differences of a comparison among all others.
type ranker struct {
	// places are, by subject, the places at which it differs.
	places map[string]map[string]bool
	// weights are by difference.
	weights []int
	kinds   *kinds.Set
}

func newRanker(all []parity.Difference, homes []home, known *kinds.Set) *ranker {
	r := &ranker{kinds: known, places: map[string]map[string]bool{}, weights: make([]int, len(all))}
	for i := range all {
		d := &all[i]
		if !d.Class.Counts() || d.Path == "" {
			continue
		}
		key := subjectKey(d)
		if r.places[key] == nil {
			r.places[key] = map[string]bool{}
		}
		if len(r.places[key]) <= maxLone {
			r.places[key][d.Cause.Place] = true
		}
	}
	for i := range all {
		r.weights[i] = weight(&all[i])
		if homes[i].kind == "parent" && r.lone(&all[i]) {
			r.weights[i] += loneWeight
		}
		if homes[i].twin {
			r.weights[i] += oddWeight
		}
	}
	return r
}

// heaviest is the weight of the heaviest of some differences.
func (r *ranker) heaviest(members []int) int {
	most := r.weights[members[0]]
	for _, i := range members[1:] {
		most = max(most, r.weights[i])
	}
	return most
}

// group is the weight of a group: that of its heaviest member, and how much it
// reaches.
func (r *ranker) group(g *parity.Group, members []int) int {
	most := r.heaviest(members)
	subjects := map[string]bool{}
	for i := range g.Differences {
		if len(subjects) <= exposed {
			subjects[subjectKey(&g.Differences[i])] = true
		}
	}
	if len(subjects) >= exposed && g.Severity > parity.Info {
		most++
	}
	if len(g.Blocks) > maxMistake {
		most += largeWeight
	}
	return most
}

// discount lowers the rank of groups of which there are many of one sort: what is
// common is a convention and no accident.
func discount(groups []parity.Group) {
	sort := func(g *parity.Group) string {
		return join(g.Cause, g.Class.String(), string(g.Change), g.Surface.String())
	}
	count := map[string]int{}
	for i := range groups {
		count[sort(&groups[i])]++
	}
	for i := range groups {
		const common = 2 // steps of doubling that cost nothing
		if n := bits.Len(uint(count[sort(&groups[i])])) - common; n > 0 {
			groups[i].Rank -= n
		}
	}
}

// weight says how likely it is that somebody repairs a difference.
func weight(d *parity.Difference) int {
	w, ok := surfaceWeights[d.Surface]
	if !ok {
		w = otherSurface
	}
	w += classWeights[d.Class] + severityWeights[d.Severity]
	if d.Class == parity.Changed {
		w += changeWeights[d.Change]
	}
	if d.Path == "" {
		w += wholeWeight
	}
	if d.Cause.Kind == "variable" {
		w += variableWeight
	}
	if d.Class == parity.Missing && d.Cause.Linked != "" {
		w += danglingWeight
	}
	return w + oddness(d)
}

// maxLone is how many places a subject may differ at for them to be lone.
const maxLone = 2

// lone reports whether a difference stands at one of very few places of a subject
// that is the same otherwise.
func (r *ranker) lone(d *parity.Difference) bool {
	if d.Aligned == nil || d.Path == "" || !d.Class.Counts() || d.Change == parity.AddressChange || d.Change == parity.SecretChange {
		return false // each environment has addresses and secrets of its own
	}
	const same = 10 // facts for each place that differs
	facts := 0
	for _, s := range d.Aligned.Sides {
		if s != nil {
			facts = max(facts, len(s.Facts))
		}
	}
	n := len(r.places[subjectKey(d)])
	return n <= maxLone && facts >= same*n
}

// oddness is how odd the values of a difference are among those of their peers.
func oddness(d *parity.Difference) int {
	const few, many = 3, 8
	switch {
	case d.OddOneOut != "" && len(d.Sides) > few || foreignWord(d):
		return oddWeight
	case d.Class != parity.Changed || d.Image != nil:
		return 0
	}
	values, columns := map[string]int{}, 0
	for _, s := range d.Sides {
		if s.Value != nil && s.Kind != parity.Secret {
			values[*s.Value]++
			columns++
		}
	}
	switch {
	case columns >= few && len(values) == columns, columns >= many && 4*len(values) >= 3*columns:
		return ownWeight
	case d.Change == parity.TextChange && leftBehind(d):
		return leftWeight
	case d.OddOneOut != "":
		return slightlyOdd
	}
	return 0
}

// foreignWord reports whether a column's value is a word for an environment that
// is compared nowhere.
func foreignWord(d *parity.Difference) bool {
	if d.Class != parity.Changed {
		return false
	}
	for _, s := range d.Sides {
		if s.Value == nil || s.Kind == parity.Secret || !s.Class.Counts() {
			continue
		}
		f, ok := envname.Of(strings.ToLower(*s.Value))
		if ok && !slices.ContainsFunc(d.Sides, func(o parity.Side) bool { return isOf(o.Environment, f) }) {
			return true
		}
	}
	return false
}

// isOf reports whether the name of an environment is of a family.
func isOf(environment string, f envname.Family) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(environment), func(r rune) bool { return strings.ContainsRune("-_./", r) }) {
		if x, ok := envname.Of(word); ok && x.Name == f.Name {
			return true
		}
	}
	return false
}

// leftBehind reports whether two environments hold one value and the reference
// another: the higher of the two may have been left with what it began with.
func leftBehind(d *parity.Difference) bool {
	seen := map[string]bool{}
	for _, s := range d.Sides {
		if s.Value == nil || s.Kind == parity.Secret || s.Class != parity.Changed {
			continue
		}
		if seen[*s.Value] {
			return true
		}
		seen[*s.Value] = true
	}
	return false
}
