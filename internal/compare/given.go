package compare

import (
	"regexp"

	"github.com/envparity/parity"
)

// given is what is told of a remote source that is not there by the subject that
// states what it is given.
type given struct {
	// differ counts, by column, the facts that are not as in the reference.
	differ []int
	// other says, by column, that another source is taken, or another version.
	other []bool
}

// Of charts that could be rendered, with values of two environments each, a
// value that differed was found at 2.2 places of the objects on the mean. One of
// these is the value itself, which is seen.
const (
	followNumerator   = 5
	followDenominator = 4
)

// noteGiven finds the rows of the subjects that gaps name as what their remote
// sources are given, and returns visit such that it counts what differs there.
func (r *run) noteGiven(visit func(*parity.Joined) error) func(*parity.Joined) error {
	for _, c := range r.cols {
		for i := range c.gaps {
			if n, ok := c.givenRow(i); ok {
				if r.given == nil {
					r.given = map[*parity.Aligned]*given{}
				}
				r.given[&r.rows[n].aligned] = &given{differ: make([]int, len(r.cols)), other: make([]bool, len(r.cols))}
			}
		}
	}
	if r.given == nil {
		return visit
	}
	return func(j *parity.Joined) error {
		if g := r.given[j.Subject]; g != nil {
			g.count(j)
		}
		return visit(j)
	}
}

func (g *given) count(j *parity.Joined) {
	for i := range j.Cells {
		if class := j.Cells[i].Class; class.Counts() || class.LowersConfidence() {
			g.differ[i]++
			g.other[i] = g.other[i] || j.Path == "/version" || j.Path == "/repository" || j.Path == "/chart"
		}
	}
}

// givenRow returns the row of the subject that a gap names as what its remote
// source is given.
func (c *column) givenRow(gap int) (row int, ok bool) {
	name := c.gaps[gap].Given
	if name == "" {
		return 0, false
	}
	if c.keys == nil {
		c.keys = make(map[string]int, len(c.snap.Subjects))
		for i := range c.snap.Subjects {
			c.keys[c.snap.Subjects[i].Subject.Key.String()] = i
		}
	}
	i, ok := c.keys[name]
	if !ok {
		return 0, false
	}
	return c.rows[i], true
}

// estimateGiven adds to the estimates of a column what follows, in the objects
// that a remote source would add, from the values that differ: the source itself
// is the same on both sides. Where that is not known all that it is given may
// have come to something else. What two columns cannot see together is counted
// once, in the column that is compared.
func (r *run) estimateGiven(c *column, out []*parity.Estimate) {
	for i := range c.gaps {
		n, ok := c.givenRow(i)
		if !ok {
			continue
		}
		w, most, beyond := r.rows[n], 0, 0
		for _, o := range r.cols {
			switch {
			case o == r.ref || c != r.ref && o != c:
			case w.aligned.Sides[o.index] == nil || w.aligned.Sides[r.ref.index] == nil:
				beyond = max(beyond, len(c.snap.Subjects[c.keys[c.gaps[i].Given]].Facts))
			default:
				most = max(most, r.follows(w, o)+unknownOf(c, c.gaps[i].Given))
			}
		}
		if c != r.ref {
			beyond = max(beyond, most)
		}
		most = max(most, beyond)
		if out[i] == nil {
			out[i] = &parity.Estimate{From: parity.EstimateGiven}
		}
		out[i].Facts += most
		out[i].Beyond += beyond
	}
}

// unknownOf counts the values that a remote source is given and that are not
// known.
func unknownOf(c *column, key string) int {
	n := 0
	for i := range c.gaps {
		g := &c.gaps[i]
		if g.Hides != parity.HidesParts || g.Path == "" {
			continue
		}
		kind, a := parity.LiteralText(g.Kind)
		name, b := parity.LiteralText(g.Name)
		scope, _ := parity.LiteralText(g.Scope)
		if a && b && (parity.Key{Kind: kind, Scope: scope, Name: name}).String() == key {
			n++
		}
	}
	return n
}

// exact reports whether a remote source is one version of one chart. One that is
// not named is presumed to be the same everywhere.
func exact(s *parity.SubjectFacts) bool {
	named := false
	for i := range s.Facts {
		switch f := &s.Facts[i]; f.Path {
		case "/chart":
			named = true
		case "/version":
			return exactVersion.MatchString(f.Value.Raw)
		}
	}
	return !named
}

var exactVersion = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$`)

// follows estimates how many facts of a remote source's objects differ.
func (r *run) follows(w *row, c *column) int {
	g := r.given[&w.aligned]
	n := g.differ[c.index]
	if g.other[c.index] || !exact(w.aligned.Sides[c.index]) {
		n = max(n, len(w.aligned.Sides[c.index].Facts), len(w.aligned.Sides[r.ref.index].Facts))
	}
	return max(1, (n*followNumerator+followDenominator-1)/followDenominator)
}
