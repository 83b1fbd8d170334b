package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Sort puts drifts into their order: the most severe first, then by subject
// and path.
func Sort(ds []parity.Drift) {
	slices.SortStableFunc(ds, func(a, b parity.Drift) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			a.Subject.Key().Compare(b.Subject.Key()),
			strings.Compare(a.Path, b.Path),
			strings.Compare(string(a.Kind), string(b.Kind)),
			slices.Compare(a.Items, b.Items),
		)
	})
}

func compareOwned(a, b parity.DriftOwned) int {
	return cmp.Or(
		strings.Compare(string(a.Kind), string(b.Kind)),
		strings.Compare(a.Owner, b.Owner),
		strings.Compare(a.Why, b.Why),
	)
}

func compareUnknown(a, b parity.DriftUnknown) int {
	return cmp.Or(cmp.Compare(b.Facts, a.Facts), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Reason, b.Reason))
}
