package compare

import (
	"fmt"
	"slices"

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

// estimate says for each gap of a column how many facts it may hide, by what
// the other columns have under it and the column lacks, or else by what the
// column had there in an earlier run. It is nil where neither tells anything.
func (r *run) estimate(c *column) []*parity.Estimate {
	out := make([]*parity.Estimate, len(c.gaps))
	if len(c.gaps) == 0 {
		return out
	}
	counts := make([][]int, len(c.gaps)) // by gap and column
	for i := range counts {
		counts[i] = make([]int, len(r.cols))
	}
	for _, w := range r.rows {
		if w.aligned.Sides[c.index] != nil {
			continue
		}
		for _, o := range r.cols {
			if side := w.aligned.Sides[o.index]; side != nil {
				r.countUnder(c, w.aligned.Key, side, func(gap, facts int) { counts[gap][o.index] += facts })
			}
		}
	}
	for i := range out {
		n := slices.Max(counts[i])
		if len(r.cols) == 2 || n == 0 {
			n = max(n, c.gapHits[i]) // parts of subjects that the column has
		}
		if n > 0 {
			out[i] = &parity.Estimate{Facts: n, From: parity.EstimateOthers}
		}
	}
	r.estimateEarlier(c, out)
	return out
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
	counts := make([]int, len(out))
	for i := range earlier.Subjects {
		if s := &earlier.Subjects[i]; !have[s.Subject.Key] {
			r.countUnder(c, s.Subject.Key, s, func(gap, facts int) { counts[gap] += facts })
		}
	}
	for i, n := range counts {
		if n > 0 && (out[i] == nil || n > out[i].Facts) {
			out[i] = &parity.Estimate{Facts: n, From: parity.EstimateEarlier}
		}
	}
}

// countUnder counts the facts of a subject that the column lacks for each of its
// gaps that may hide them.
func (r *run) countUnder(c *column, k parity.Key, s *parity.SubjectFacts, add func(gap, facts int)) {
	for i := range c.gaps {
		g := &c.gaps[i]
		if g.Hides == parity.HidesNothing || !r.sourceSpeaks(g, &s.Subject) {
			continue
		}
		n := 0
		for j := range s.Facts {
			if f := &s.Facts[j]; f.DerivedFrom == nil && g.Covers(k, f.Path) {
				n++
			}
		}
		if n > 0 {
			add(i, n)
		}
	}
}

// sourceSpeaks reports whether the source of a gap could have stated a subject,
// as far as the name of its collector tells.
func (r *run) sourceSpeaks(g *parity.Gap, s *parity.Subject) bool {
	_, known := r.opt.Kinds.SpokenBy(g)
	return g.Kind != "" || !known || r.spokenBy(g, s)
}

// spokenBy reports whether the source of a gap is known to state subjects of
// such a format.
func (r *run) spokenBy(g *parity.Gap, s *parity.Subject) bool {
	formats, _ := r.opt.Kinds.SpokenBy(g)
	return slices.ContainsFunc(r.opt.Kinds.Formats(s), func(f string) bool { return slices.Contains(formats, f) })
}
