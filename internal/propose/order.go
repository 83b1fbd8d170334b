package propose

import (
	"cmp"
	"strconv"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// compareSides compares the columns of a difference with the reference: -1 where
// all of them have less, 1 where all have more, and 0 otherwise.
func compareSides(d *parity.Difference, reference string) int {
	var ref float64
	known := false
	var others []float64
	for i := range d.Sides {
		s := &d.Sides[i]
		if s.Value == nil {
			continue
		}
		n, ok := amount(*s.Value)
		switch {
		case !ok:
			return 0
		case name(s) == reference:
			ref, known = n, true
		case s.Class == d.Class:
			others = append(others, n)
		}
	}
	if !known || len(others) == 0 {
		return 0
	}
	sign := cmp.Compare(others[0], ref)
	for _, n := range others[1:] {
		if cmp.Compare(n, ref) != sign {
			return 0
		}
	}
	return sign
}

func name(s *parity.Side) string {
	return parity.Column{Environment: s.Environment, Instance: s.Instance, Role: s.Role}.String()
}

// amount reads a number or a quantity. It only orders two values of one setting.
func amount(s string) (float64, bool) {
	canon, ok := value.Quantity(s)
	if !ok {
		canon = s
	}
	n, err := strconv.ParseFloat(canon, 64)
	return n, err == nil
}
