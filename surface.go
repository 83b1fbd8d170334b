package parity

import "fmt"

// Surface is the aspect of an environment that a fact belongs to.
type Surface uint8

// The surfaces, in the order in which reports show them.
const (
	Artifact Surface = iota
	Config
	Secrets
	Resource
	Network
	IdentitySurface
	Dependency
	Telemetry
	Flag
	Data
	Platform
	Delivery
	Security
	Incident
	Behaviour // how endpoints and integrations answer
	surfaceCount
)

var surfaceNames = [surfaceCount]string{
	"artifact", "config", "secret", "resource", "network", "identity",
	"dependency", "telemetry", "flag", "data", "platform", "delivery",
	"security", "incident", "behaviour",
}

// Surfaces lists every surface in report order.
func Surfaces() []Surface {
	all := make([]Surface, surfaceCount)
	for i := range all {
		all[i] = Surface(i)
	}
	return all
}

// String gives the surface's name as parity.yaml spells it.
func (s Surface) String() string {
	if s >= surfaceCount {
		return fmt.Sprintf("surface(%d)", uint8(s))
	}
	return surfaceNames[s]
}

// MarshalText writes the name.
func (s Surface) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name; an unknown one is an error.
func (s *Surface) UnmarshalText(b []byte) error {
	for i, n := range surfaceNames {
		if n == string(b) {
			*s = Surface(i)
			return nil
		}
	}
	return fmt.Errorf("unknown surface %q", b)
}
