package policy

import (
	"github.com/envparity/parity"
)

// A score says how much of what could be compared is as in the reference:
//
//	score of a surface = 100 · agreeing / (agreeing + loss)
//	score of a column, or of a service in it = mean over its surfaces
//
// A fact that agrees (equal, equivalent, bound, identifier, shared, expected
// or excepted) weighs 10. A fact that counts against parity weighs by its
// severity, from 1 for info to 300 for critical, and is loss. So a leak weighs
// what thirty agreeing facts do, and a label a tenth of one.
//
// Surfaces weigh alike, however many facts they have: a thousand variables
// that agree do not hide that the one network policy is missing. A surface of
// which nothing could be compared takes no part: it lowers confidence, not the
// score; and where nothing was compared at all there is no score.
//
// A counting difference more never raises a score: on a surface that was
// compared it adds to the loss, or turns agreement into loss; on one that was
// not, the surface joins the mean with 0. Weights are whole numbers, so that
// the order of facts does not matter.
//
// Facts of pairs that are not sure are in no score, whatever their class: they
// lower confidence.
const agreement = 10

// weights are by severity.
var weights = [...]int64{parity.Info: 1, parity.Low: 10, parity.Medium: 30, parity.High: 100, parity.Critical: 300}

// sum adds up parts for one score.
type sum struct {
	agreeing [surfaces]int64
	loss     [surfaces]int64
	// compared and hidden are facts; counting those that count.
	compared, hidden, counting int
}

// add adds one surface of a part.
func (x *sum) add(p *part, s int) {
	for _, class := range parity.Classes() {
		n, unsure := p.byClass[s][class], p.unsure[s][class]
		switch {
		case class.LowersConfidence():
			x.hidden += n
		case class.Counts():
			x.counting += n
			x.compared += n - unsure
			x.hidden += unsure
		default:
			x.agreeing[s] += int64(n-unsure) * agreement
			x.compared += n - unsure
			x.hidden += unsure
		}
	}
	x.hidden -= p.notApplicable[s]
	x.counting += p.synthetic[s]
	x.loss[s] += p.loss[s]
}

// value gives the score; nil where nothing was compared.
func (x *sum) value() *float64 {
	total, n := 0.0, 0
	for s := range x.agreeing {
		weight := x.agreeing[s] + x.loss[s]
		if weight == 0 {
			continue
		}
		total += 100 * float64(x.agreeing[s]) / float64(weight)
		n++
	}
	if n == 0 {
		return nil
	}
	v := total / float64(n)
	return &v
}

// score gives the finished score.
func (x *sum) score(column, scope, name string) parity.Score {
	out := parity.Score{Column: column, Scope: scope, Name: name, Value: x.value(), Facts: x.compared + x.hidden, Counting: x.counting}
	if out.Facts > 0 {
		out.Confidence = float64(x.compared) / float64(out.Facts)
	}
	return out
}

// scores gives each column's score, then those of its services, then those of
// its surfaces.
func (g *Judge) scores(cov Coverage) []parity.Score {
	var out []parity.Score
	for _, c := range g.compared {
		var all sum
		var bySurface [surfaces]sum
		var services []parity.Score
		for i := range g.parts {
			var own sum
			if g.parts[i] != nil {
				p := &g.parts[i][c]
				for s := range surfaces {
					all.add(p, s)
					own.add(p, s)
					bySurface[s].add(p, s)
				}
			}
			if i > 0 {
				services = append(services, own.score(g.names[c], "service", g.services.all[i].name))
			}
		}
		all.hidden += g.blind(cov, c)
		out = append(out, all.score(g.names[c], "environment", ""))
		out = append(out, services...)
		for s := range bySurface {
			if x := bySurface[s].score(g.names[c], "surface", parity.Surface(s).String()); x.Facts > 0 || x.Counting > 0 {
				out = append(out, x)
			}
		}
	}
	return out
}

// blind counts the facts that the gaps of a column and of the reference may
// hide, beyond those that are counted as unknown already. Where nothing tells
// how many that are, a gap is taken for one fact, so that confidence is less
// than whole; that the number is not known is a doubt of its own.
func (g *Judge) blind(cov Coverage, column int) int {
	n := 0
	var places map[[5]string]bool
	shared := g.sharedUnset(cov, column)
	for i := range cov.Gaps {
		gap := &cov.Gaps[i]
		if gap.Column != g.names[column] && gap.Column != g.names[g.ref] {
			continue
		}
		hidden := hiddenBy(gap)
		if hidden == 1 && gap.Path != "" && gap.Name != "" {
			// A place that neither column tells of is one joined fact.
			if places == nil {
				places = map[[5]string]bool{}
			}
			at := placeOf(&gap.Gap)
			if shared[unsetAt{gap.Unset, at}] {
				// Both are told the same: it is one doubt, of the variable.
				at = [5]string{"", "", "", "", gap.Unset}
			}
			if places[at] {
				continue
			}
			places[at] = true
		}
		n += hidden
	}
	return n
}

func placeOf(g *parity.Gap) [5]string { return [5]string{g.Kind, g.Group, g.Scope, g.Name, g.Path} }

// unsetAt is a variable that is not set, and a place whose value it is.
type unsetAt struct {
	variable string
	place    [5]string
}

// sharedUnset returns the places that a column and the reference both have from
// one variable, which neither of them sets.
func (g *Judge) sharedUnset(cov Coverage, column int) map[unsetAt]bool {
	sides := map[unsetAt][2]bool{}
	shared := map[unsetAt]bool{}
	for i := range cov.Gaps {
		gap := &cov.Gaps[i]
		own, ref := gap.Column == g.names[column], gap.Column == g.names[g.ref]
		if gap.Unset == "" || !own && !ref {
			continue
		}
		at := unsetAt{gap.Unset, placeOf(&gap.Gap)}
		seen := sides[at]
		seen[0], seen[1] = seen[0] || own, seen[1] || ref
		if sides[at] = seen; seen[0] && seen[1] {
			shared[at] = true
		}
	}
	return shared
}

// hiddenBy counts the facts that a gap hides beyond those that it leaves
// unknown.
func hiddenBy(gap *parity.ColumnGap) int {
	switch {
	case gap.Hides == parity.HidesNothing || gap.Idle:
		return 0
	case gap.Estimate != nil:
		return max(gap.Estimate.Beyond-gap.Facts, 0)
	case gap.Facts == 0:
		return 1
	default:
		return 0
	}
}
