package compare

import (
	"context"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
)

// measured holds what behaviour says of pairs of measurements, by column and
// the reference's fact.
type measured struct {
	byFact []map[*parity.Fact]*parity.Judged
	all    []parity.Judged
}

// measure judges all measurements at once, since which of many endpoints differ
// depends on how many were asked.
func (r *run) measure(ctx context.Context) error {
	judge := behaviour.New(r.opt.Behaviour)
	r.measured.byFact = make([]map[*parity.Fact]*parity.Judged, len(r.cols))
	for _, c := range r.cols {
		if c == r.ref {
			continue
		}
		pairs := r.measuredPairs(c)
		r.measured.all = append(r.measured.all, r.unasked(c)...)
		if len(pairs) == 0 {
			continue
		}
		judged, services, err := judge.Column(ctx, c.name, r.ref.name, pairs)
		if err != nil {
			return err
		}
		byFact := make(map[*parity.Fact]*parity.Judged, len(judged))
		for i := range judged {
			byFact[pairs[i].Ref] = &judged[i]
		}
		r.measured.byFact[c.index] = byFact
		r.measured.all = append(r.measured.all, judged...)
		r.measured.all = append(r.measured.all, services...)
	}
	return nil
}

// measuredPairs gives the measurements of a column that meet the reference's.
func (r *run) measuredPairs(c *column) []behaviour.Pair {
	var pairs []behaviour.Pair
	for _, w := range r.rows {
		own, ref := w.aligned.Sides[c.index], w.aligned.Sides[r.ref.index]
		if ref == nil || own == nil || ref.Subject.Kind != parity.EndpointKind && ref.Subject.Kind != parity.IntegrationKind {
			continue
		}
		for i, k := 0, 0; i < len(ref.Facts) && k < len(own.Facts); {
			a, b := &ref.Facts[i], &own.Facts[k]
			switch {
			case a.Path < b.Path:
				i++
			case a.Path > b.Path:
				k++
			default:
				if a.Value.Kind.Measured() && a.Value.Kind == b.Value.Kind {
					pairs = append(pairs, behaviour.Pair{Subject: w.aligned.Key, Path: a.Path, Ref: a, Own: b})
				}
				i, k = i+1, k+1
			}
		}
	}
	return pairs
}

// judgeMeasured gives the class that follows from a judgement. What could not be
// shown is ambiguous, and never the same.
func (r *run) judgeMeasured(col int, ref *parity.Fact) ruling {
	b := r.measured.byFact[col][ref]
	switch {
	case b == nil:
		return ruling{class: parity.Unknown, note: "the two are not measured alike"}
	case b.Answer == parity.AnswerEquivalent:
		x := r.equivalent(parity.SetOf(parity.EquivalenceTest))
		x.note = b.Note
		return x
	case b.Answer == parity.AnswerDifferent:
		return ruling{class: parity.Changed, change: parity.BehaviourChange, note: b.Note}
	default:
		return ruling{class: parity.Ambiguous, note: b.Note}
	}
}

// silent is the cell of a measurement without a counterpart: where nothing was
// asked of an endpoint nothing is known of how it answers.
func silent(c *column) parity.Cell {
	return parity.Cell{State: parity.UnknownState, Class: parity.Unknown, Note: "no request to it was seen in " + c.name}
}
