package acceptance

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/envparity/parity"
)

// TestPurity: what engineers repaired in one commit stands together, and with
// little else. docs/grouping.md says what is measured.
func TestPurity(t *testing.T) {
	var ofGroups, ofBlocks []float64
	var counts, ranks []int
	found, all := 0, 0
	for _, dir := range history(t) {
		r := result(t, t.TempDir(), "diff", filepath.Join(dir, "staging.yaml"), filepath.Join(dir, "production.yaml"))
		groups, repairs := counting(r), readRepairs(t, dir)
		equal := settled(t, dir, repairs)
		for _, x := range repairs {
			all++
			if x.reported(differences(r)) {
				found++
			}
		}
		var inGroups, inBlocks purity
		rank := 0
		for n := range groups {
			g := &groups[n]
			before := inGroups
			inGroups.touch(g.Differences, equal)
			if inGroups != before && rank == 0 {
				rank = n + 1
			}
			for b := range g.Blocks {
				inBlocks.touch(g.MembersOf(b), equal)
			}
		}
		counts, ranks = append(counts, len(groups)), append(ranks, rank)
		ofGroups, ofBlocks = append(ofGroups, inGroups.of()), append(ofBlocks, inBlocks.of())
		t.Logf("%-40s groups %2d, first at %d; purity of groups %.2f, of blocks %.2f", filepath.Base(dir), len(groups), rank, inGroups.of(), inBlocks.of())
	}
	slices.Sort(counts)
	groups, blocks, median := mean(ofGroups), mean(ofBlocks), counts[len(counts)/2]
	t.Logf("purity of groups %.2f, of blocks %.2f; at most %d groups at the median; recall %d of %d", groups, blocks, median, found, all)
	if groups < 0.85 || blocks < 0.85 {
		t.Errorf("purity of groups %.2f, of blocks %.2f: want 0.85 each", groups, blocks)
	}
	if median > 7 {
		t.Errorf("%d groups at the median", median)
	}
	if found != all {
		t.Errorf("%d of %d repaired leaves are reported", found, all)
	}
	if slices.Contains(ranks, 0) {
		t.Errorf("a repair touches no group: %v", ranks)
	}
}

// purity is how many differences of what a repair touches it settled.
type purity struct{ settled, touched int }

// touch adds a group or a block, if repairs make anything in it equal.
func (s *purity) touch(ds []parity.Difference, equal func(*parity.Difference) bool) {
	settled := 0
	for i := range ds {
		if equal(&ds[i]) {
			settled++
		}
	}
	if settled > 0 {
		s.settled += settled
		s.touched += len(ds)
	}
}

func (s purity) of() float64 {
	if s.touched == 0 {
		return 0
	}
	return float64(s.settled) / float64(s.touched)
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
