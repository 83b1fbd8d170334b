package view

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// TestSideGroups: of more than three sides, those that hold the same are told
// once, most of them last; up to three are each told.
func TestSideGroups(t *testing.T) {
	of := func(values ...string) *parity.Difference {
		d := &parity.Difference{Path: "/x"}
		for i, v := range values {
			s := parity.Side{Environment: fmt.Sprintf("e%d", i), Role: parity.Desired, State: parity.Present, Value: &values[i]}
			if v != values[len(values)-1] {
				s.Class = parity.Changed
			}
			d.Sides = append(d.Sides, s)
		}
		return d
	}
	for _, c := range []struct {
		d    *parity.Difference
		want []SideGroup
	}{
		{of("a", "b", "b"), []SideGroup{{"e0", 0, 1}, {"e1", 1, 1}, {"e2", 2, 1}}},
		{of("b", "a", "b", "b", "b"), []SideGroup{{"e1", 1, 1}, {"the other 4", 0, 4}}},
		{of("a", "a", "c", "b", "b", "b"), []SideGroup{{"e0, e1", 0, 2}, {"e2", 2, 1}, {"the other 3", 3, 3}}},
		{of("a", "a", "a", "a", "a", "a", "b"), []SideGroup{{"e6", 6, 1}, {"the other 6", 0, 6}}},
	} {
		if diff := cmp.Diff(c.want, SideGroups(c.d)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestScoreWithoutConfidenceIsNone: 100 that rests on 2 % of what there is to
// compare is not shown as 100.
func TestScoreWithoutConfidenceIsNone(t *testing.T) {
	hundred := 100.0
	for _, c := range []struct {
		score parity.Score
		text  string
		share int
	}{
		{parity.Score{Value: &hundred, Confidence: 0.023}, "cannot tell yet", 0},
		{parity.Score{Value: &hundred, Confidence: 0.9}, "100", 100},
		{parity.Score{Confidence: 0.9}, "–", 0},
	} {
		if got, share := Score(c.score), ScoreShare(c.score); got != c.text || share != c.share {
			t.Errorf("%q and %d, want %q and %d", got, share, c.text, c.share)
		}
	}
}
