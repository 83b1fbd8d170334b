package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// gapCounts returns the gaps of all columns with the facts that each leaves
// unknown, an estimate of what it may hide, and the secrets that could not
// be compared.
func (r *run) gapCounts() []parity.ColumnGap {
	var out []parity.ColumnGap
	for _, c := range r.cols {
		estimates := r.estimate(c)
		for i, g := range c.gaps {
			out = append(out, parity.ColumnGap{Column: c.name, Gap: g, Facts: c.gapHits[i], Estimate: estimates[i]})
		}
		if g, ok := r.keyGap(c); ok {
			out = append(out, g)
		}
		if g, ok := unreadGap(c); ok {
			out = append(out, g)
		}
	}
	r.noteTwins(out)
	return out
}

// noteUndecided counts a secret whose digest would have decided, by the surface
// of the reference's fact, at the column that has none or another key.
func (c *column) noteUndecided(x *ruling, fact *parity.Fact) {
	s := min(int(fact.Surface), surfaces-1)
	switch {
	case x.note == otherKeys.note:
		c.otherKeys[s]++
	case x.lacks != nil && x.lacks.lastUnread != fact: // several columns may ask for the reference's
		x.lacks.unread[s]++
		x.lacks.lastUnread = fact
	}
}

// keyGap is the gap of the secrets that could not be compared because their
// digests were made under different keys.
func (r *run) keyGap(c *column) (parity.ColumnGap, bool) {
	return secretGap(c, &c.otherKeys,
		fmt.Sprintf("of its secrets and those of %s were digested under different keys, so they could not be compared", r.ref.name),
		"read both with one key: give the project's key in PARITY_KEY or .parity/key wherever snapshots are taken")
}

// unreadGap is the gap of the secrets that compare by their digests and have
// none in a column.
func unreadGap(c *column) (parity.ColumnGap, bool) {
	return secretGap(c, &c.unread,
		"of its secrets that compare by value could not be read, so they could not be compared",
		"read them from a source that has the value, and with the project's key in PARITY_KEY or .parity/key")
}

// secretGap is a gap over what is counted by surface. reason says what is so of
// that many secrets.
func secretGap(c *column, counts *[surfaces]int, reason, hint string) (parity.ColumnGap, bool) {
	n := 0
	var on []parity.Surface
	for s, facts := range counts {
		if facts > 0 {
			n += facts
			on = append(on, parity.Surface(s))
		}
	}
	if n == 0 {
		return parity.ColumnGap{}, false
	}
	return parity.ColumnGap{Column: c.name, Facts: n, Surfaces: on, Gap: parity.Gap{
		Source: c.name + ": secrets", Hides: parity.HidesNothing, Reason: fmt.Sprintf("%d %s", n, reason), Hint: hint,
	}}, true
}

// tally counts the facts that a gap may hide, and of them those that no gap
// before it may hide as well.
type tally struct{ facts, beyond int }

// estimate says for each gap of a column how many facts it may hide, by what
// the other columns have under it and the column lacks, or else by what the
// column had there in an earlier run. It is nil where neither tells anything.
func (r *run) estimate(c *column) []*parity.Estimate {
	out := make([]*parity.Estimate, len(c.gaps))
	if len(c.gaps) == 0 {
		return out
	}
	counts := make([][]tally, len(r.cols)) // by column and gap
	for _, o := range r.cols {
		counts[o.index] = make([]tally, len(c.gaps))
	}
	for n, w := range r.rows {
		if w.aligned.Sides[c.index] != nil {
			continue
		}
		for _, o := range r.cols {
			if side := w.aligned.Sides[o.index]; side != nil {
				c.tallyUnder(r.shadeOf(n, c, o).hiding, side, counts[o.index])
			}
		}
	}
	for i := range out {
		var most tally
		for _, of := range counts {
			most = tally{max(most.facts, of[i].facts), max(most.beyond, of[i].beyond)}
		}
		if len(r.cols) == 2 || most.facts == 0 {
			// Parts of subjects that the column has.
			most = tally{max(most.facts, c.gapHits[i]), max(most.beyond, c.gapHits[i])}
		}
		if most.facts > 0 {
			out[i] = &parity.Estimate{Facts: most.facts, Beyond: most.beyond, From: parity.EstimateOthers}
		}
	}
	r.estimateEarlier(c, out)
	r.estimateGiven(c, out)
	return out
}

// tallyUnder adds the facts of a subject that the column lacks to those that
// each of the gaps may hide.
func (c *column) tallyUnder(gaps []int, s *parity.SubjectFacts, counts []tally) {
	taken := false
	for _, gap := range gaps {
		g := &c.gaps[gap]
		n := factsUnder(g, s)
		counts[gap].facts += n
		if !taken {
			counts[gap].beyond += n
		}
		taken = taken || g.Path == ""
	}
}

// estimateEarlier adds what the column had in an earlier run and has no more.
func (r *run) estimateEarlier(c *column, out []*parity.Estimate) {
	earlier := r.earlier[c.name]
	if earlier == nil {
		return
	}
	have := make(map[parity.Key]bool, len(c.snap.Subjects))
	for i := range c.snap.Subjects {
		have[c.snap.Subjects[i].Subject.Key] = true
	}
	counts := make([]tally, len(out))
	var over []int
	for i := range earlier.Subjects {
		s := &earlier.Subjects[i]
		if have[s.Subject.Key] {
			continue
		}
		over = over[:0]
		for gap := range c.gaps {
			if g := &c.gaps[gap]; g.Hides != parity.HidesParts && g.CoversSubject(s.Subject.Key) && r.gapSpeaks(c, gap, &s.Subject) {
				over = append(over, gap)
			}
		}
		c.tallyUnder(over, s, counts)
	}
	for i, n := range counts {
		if n.facts > 0 && (out[i] == nil || n.facts > out[i].Facts) {
			out[i] = &parity.Estimate{Facts: n.facts, Beyond: n.beyond, From: parity.EstimateEarlier}
		}
	}
}

// factsUnder counts the facts of a subject at the paths that a gap is over.
func factsUnder(g *parity.Gap, s *parity.SubjectFacts) int {
	n := 0
	for i := range s.Facts {
		if f := &s.Facts[i]; f.DerivedFrom == nil && strings.HasPrefix(f.Path, g.Path) {
			n++
		}
	}
	return n
}

// formats are those that a source states; known is false where nothing tells.
type formats struct {
	names []string
	known bool
}

// noteGaps notes the formats of the sources that have gaps.
func (r *run) noteGaps(c *column) {
	c.gapFormats = make([]formats, len(c.gaps))
	for i := range c.gaps {
		f := &c.gapFormats[i]
		f.names, f.known = r.opt.Kinds.SpokenBy(&c.gaps[i])
	}
}

// gapSpeaks reports whether the source of a gap could have stated a subject, as
// far as the name of its collector tells.
func (r *run) gapSpeaks(c *column, gap int, s *parity.Subject) bool {
	return c.gaps[gap].Kind != "" || !c.gapFormats[gap].known || r.gapStates(c, gap, s)
}

// gapStates reports whether the source of a gap is known to state subjects of
// such a format.
func (r *run) gapStates(c *column, gap int, s *parity.Subject) bool {
	names := c.gapFormats[gap].names
	return len(names) > 0 && slices.ContainsFunc(r.opt.Kinds.Formats(s), func(f string) bool { return slices.Contains(names, f) })
}

// noteTwins marks the gaps that nothing can be under because each column that
// is compared has the same: what they hide is alike.
func (r *run) noteTwins(all []parity.ColumnGap) {
	byColumn := map[string][]int{}
	for i := range all {
		byColumn[all[i].Column] = append(byColumn[all[i].Column], i)
	}
	for _, c := range r.cols {
		for i := range c.gaps {
			all[byColumn[c.name][i]].Idle = r.alikeEverywhere(c, i)
		}
	}
}

// alikeEverywhere reports whether what a gap hides is the same in every column
// that its own is compared with.
func (r *run) alikeEverywhere(c *column, gap int) bool {
	if c.gaps[gap].Use == "" || c != r.ref {
		return c.gaps[gap].Use != "" && r.sightOf(c, r.ref).twins[gap] == sameUse
	}
	return !slices.ContainsFunc(r.cols, func(o *column) bool {
		return o != c && r.sightOf(c, o).twins[gap] != sameUse
	})
}
