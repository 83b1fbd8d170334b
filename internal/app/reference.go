package app

import (
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// chooseReference makes that instance of the reference environment the
// reference that is most like the others, where parity.yaml does not say which
// one it is. The reference stays the last column. Those that were read for the
// choice alone are left out.
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
	before := slices.IndexFunc(columns, func(p planned) bool { return p.column.Reference })
	chosen := compare.Medoid(s.snapshots, candidates)
	s.markReference(before, false)
	s.markReference(chosen, true)
	var order []int
	add := func(i int) {
		if i != chosen && s.plan.selects(columns[i].column) {
			order = append(order, i)
		}
	}
	for i := range columns {
		if i == candidates[0] {
			add(before) // parity.yaml has it first
		}
		if i != before {
			add(i)
		}
	}
	s.keep(append(order, chosen))
}

func (s *session) markReference(i int, is bool) {
	s.plan.columns[i].column.Reference = is
	s.snapshots[i].Column.Reference = is
}

// keep puts the columns in an order, and leaves out those that are not in it.
func (s *session) keep(order []int) {
	var columns []planned
	var snapshots []*parity.Snapshot
	for i := range s.plan.columns {
		if !slices.Contains(order, i) {
			s.plan.passedOver = append(s.plan.passedOver, s.plan.columns[i])
		}
	}
	for _, i := range order {
		columns, snapshots = append(columns, s.plan.columns[i]), append(snapshots, s.snapshots[i])
	}
	s.plan.columns, s.snapshots = columns, snapshots
}
