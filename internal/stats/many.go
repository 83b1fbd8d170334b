package stats

import (
	"math"
	"slices"
)

// BenjaminiHochberg tells which of the p values may be listed so that the
// expected part of false ones in the list is at most q (1995). A p value that is
// no number is never listed.
func BenjaminiHochberg(p []float64, q float64) []bool {
	order := make([]int, 0, len(p))
	for i, x := range p {
		if !math.IsNaN(x) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return a - b
	})
	out := make([]bool, len(p))
	for rank := len(order); rank > 0; rank-- {
		if p[order[rank-1]] <= q*float64(rank)/float64(len(p)) {
			for _, i := range order[:rank] {
				out[i] = true
			}
			break
		}
	}
	return out
}
