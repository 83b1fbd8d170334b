// Package suspect ranks the differences that may be the cause of another
// behaviour: those of the same service and of what it calls, by what they are
// able to cause, in which direction, and how closely they are named.
//
// A rank is no proof. It is measured on planted causes beside decoys.
package suspect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// Input is what is ranked.
type Input struct {
	// Behaviours are judged; those that differ get their suspects.
	Behaviours []parity.Judged
	// Kinds is what is declared of the kinds of subjects.
	Kinds *kinds.Set
	// Candidates are all differences but those of what telemetry speaks of.
	Candidates []Candidate
	// Calls are the services and hosts that a service calls.
	Calls map[string][]string
	// Most is how many suspects one behaviour gets; 0 means 5.
	Most int
}

// Candidate is a difference that may be a cause.
type Candidate struct {
	Difference *parity.Difference
	// Owners are the names of the services that it bears on directly: of the
	// subject, its labels, the workloads that it explains or that refer to it.
	Owners []string
}

// column reports whether the candidate is a difference of the column.
func (c *Candidate) in(column string) bool { return slices.Contains(c.Difference.Columns, column) }

// Rank gives every behaviour that differs its suspects, in place.
func Rank(in Input) {
	most := in.Most
	if most == 0 {
		most = 5
	}
	prepared, known := make([]clue, len(in.Candidates)), mechanisms()
	for i := range in.Candidates {
		prepared[i] = newClue(&in.Candidates[i], in.Kinds, known)
	}
	scene := newScene(in)
	for i := range in.Behaviours {
		b := &in.Behaviours[i]
		if b.Answer == parity.AnswerDifferent {
			b.Suspects = scene.suspects(b, prepared, most)
		}
	}
}

// point is one thing that speaks for or against a candidate. weight is in
// steps of belief, like log odds: they are added.
type point struct {
	weight float64
	reason string // empty for what is only said by the rank
}

// suspects ranks the candidates of one behaviour.
func (s *scene) suspects(b *parity.Judged, clues []clue, most int) []parity.Suspect {
	symptom := s.symptom(b)
	var out []parity.Suspect
	for i := range clues {
		c := &clues[i]
		if !c.in(b.Column) {
			continue
		}
		relation, related := s.relate(symptom, c)
		if !related {
			continue
		}
		points := append([]point{relation.point}, symptom.weigh(c, relation)...)
		if x := verdict(c, b.Column, points); x.Score >= minScore {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b parity.Suspect) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), a.Subject.Compare(b.Subject), strings.Compare(a.Path, b.Path))
	})
	return out[:min(most, len(out))]
}

// minScore is the score below which a difference is not worth a look.
const minScore = 0.05

// prior is the belief in a difference of which nothing else is known.
const prior = -4.5

func verdict(c *clue, column string, points []point) parity.Suspect {
	belief := prior
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(b.weight, a.weight) })
	d := c.Difference
	x := parity.Suspect{
		Fingerprint: d.Fingerprint, Path: d.Path, Summary: c.summary(column),
		Subject: d.Subject.Key(),
	}
	for _, p := range points {
		belief += p.weight
		if p.reason != "" && p.weight > 0 && !slices.Contains(x.Reasons, p.reason) {
			x.Reasons = append(x.Reasons, p.reason)
		}
	}
	for _, p := range points {
		if p.reason != "" && p.weight < 0 {
			x.Reasons = append(x.Reasons, "against it: "+p.reason)
		}
	}
	x.Score = math.Round(1000/(1+math.Exp(-belief))) / 1000
	if d.Decision != nil {
		x.Accepted = d.Decision.Kind + " " + d.Decision.Name
	}
	return x
}

// summary says the difference in one line.
func (c *clue) summary(column string) string {
	d := c.Difference
	name := strings.TrimSpace(fmt.Sprintf("%s/%s %s", strings.ToLower(d.Subject.Kind), d.Subject.Name, d.Path))
	switch d.Class {
	case parity.Missing:
		return name + " is missing in " + column
	case parity.Extra:
		return name + " is only in " + column
	}
	have, want := c.values(column)
	if have == "" && want == "" {
		return name + " differs"
	}
	return fmt.Sprintf("%s is %s in %s, %s in the reference", name, have, column, want)
}

// values gives what the column and the reference hold, for people.
func (c *clue) values(column string) (have, want string) {
	for i := range c.Difference.Sides {
		side := &c.Difference.Sides[i]
		name := side.Environment
		if side.Instance != "" {
			name += "/" + side.Instance
		}
		switch {
		case side.Value == nil:
		case name == column:
			have = *side.Value
		case side.Class == parity.Equal && want == "":
			want = *side.Value
		}
	}
	return have, want
}
