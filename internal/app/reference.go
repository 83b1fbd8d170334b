package app

import (
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// chooseReference makes that instance of the reference environment the
// reference that is most like the others, where parity.yaml does not say which
// one it is. The reference stays the last column.
func (s *session) chooseReference() {
	columns := s.plan.columns
	var candidates []int
	for i := range columns {
		if columns[i].candidate {
			candidates = append(candidates, i)
		}
	}
	if len(candidates) < 2 {
		return
	}
	chosen := compare.Medoid(s.snapshots, candidates)
	before := slices.IndexFunc(columns, func(p planned) bool { return p.column.Reference })
	if chosen == before {
		return
	}
	s.markReference(before, false)
	s.markReference(chosen, true)
	// The former reference goes to the first place of its environment, where
	// parity.yaml has it.
	first := candidates[0]
	order := make([]int, 0, len(columns))
	for i := range columns {
		if i == first {
			order = append(order, before)
		}
		if i != before && i != chosen {
			order = append(order, i)
		}
	}
	order = append(order, chosen)
	s.reorder(order)
}

func (s *session) markReference(i int, is bool) {
	s.plan.columns[i].column.Reference = is
	s.snapshots[i].Column.Reference = is
}

func (s *session) reorder(order []int) {
	columns, snapshots := make([]planned, 0, len(order)), make([]*parity.Snapshot, 0, len(order))
	for _, i := range order {
		columns, snapshots = append(columns, s.plan.columns[i]), append(snapshots, s.snapshots[i])
	}
	s.plan.columns, s.snapshots = columns, snapshots
}
