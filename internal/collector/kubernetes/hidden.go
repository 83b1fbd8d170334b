package kubernetes

import "github.com/envparity/parity"

// under selects what a list that could not be read would have held.
func under(g parity.Gap, t task) parity.Gap {
	g.Kind, g.Group, g.Scope = t.kind, parity.LiteralPattern(t.group), parity.LiteralPattern(t.namespace)
	return g
}

// hidden gives the gaps over what a list that could not be read would have told
// of other subjects.
func hidden(g parity.Gap, t task) []parity.Gap {
	g.Scope = parity.LiteralPattern(t.namespace)
	switch t.id() {
	case "/Pod", "apps/ReplicaSet", "batch/Job":
		g.Path = "/running"
	case "apps/ControllerRevision":
		g.Path = "/history"
	case "/Event":
		g.Path = "/running/warnings"
	case "/Node":
		g.Kind, g.Scope, g.Path = ClusterKind, "", "/nodes"
	default:
		return nil
	}
	return []parity.Gap{g}
}
