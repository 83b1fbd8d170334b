package cloud

import "github.com/envparity/parity/internal/kinds"

// Format is the format of resources and of the state that holds them. Subjects
// say it themselves: their kinds are those of providers, and no list has them all.
const Format = "terraform"

// StateKind is the kind of a state as a whole.
const StateKind = "terraform"

// Kinds declares the kinds of resources: the names of providers' types, which have
// the provider's name in front. A section of a values file may be called alike.
func Kinds() []kinds.Kind {
	return []kinds.Kind{
		{Name: StateKind, Format: Format, Surfaces: surfaces()},
		{Name: "*_*", Format: Format, Surfaces: surfaces(), Unsure: true},
	}
}
