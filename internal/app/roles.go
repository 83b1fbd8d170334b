package app

import (
	"cmp"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

// inRole chooses the sources that speak for a role, and gives the role that
// they make of the column. Sources of what is the same in every role always
// take part.
//
// Where no role is asked for, an environment is seen as well as it can be: what
// runs takes the place of what is declared in the same format.
func inRole(sources []collector.Configured, asked parity.Role) ([]collector.Configured, parity.Role) {
	running := map[string]bool{}
	for _, s := range sources {
		if speaks(s, parity.Live) {
			running[formatOf(s)] = true
		}
	}
	var out []collector.Configured
	role := asked
	for _, s := range sources {
		roles := s.Collector.Roles(s.Config)
		switch {
		case len(roles) == 0:
		case asked != "":
			if !slices.Contains(roles, asked) {
				continue
			}
		case !slices.Contains(roles, parity.Live) && slices.Contains(roles, parity.Desired) && running[formatOf(s)]:
			continue
		}
		out = append(out, s)
	}
	if role == "" {
		role = parity.Desired
		if len(running) > 0 {
			role = parity.Live
		}
	}
	return out, role
}

// speaks reports whether a source says something of the role, and not only what
// holds in every role.
func speaks(s collector.Configured, role parity.Role) bool {
	return slices.Contains(s.Collector.Roles(s.Config), role)
}

// formatOf is what a source speaks: what its config says, where that depends on
// it, or what its collector does.
func formatOf(s collector.Configured) string {
	own := ""
	if c, ok := s.Config.(interface{ Speaks() string }); ok {
		own = c.Speaks()
	}
	return cmp.Or(own, s.Collector.Format, s.Collector.Name)
}
