package sbom

// graph says what needs what, to tell what is there for development only.
type graph struct {
	edges map[string][]edge
}

type edge struct {
	to    string
	scope Scope // Runtime, Optional or Development
}

func (g *graph) add(from, to string, scope Scope) {
	if g.edges == nil {
		g.edges = map[string][]edge{}
	}
	g.edges[from] = append(g.edges[from], edge{to, scope})
}

// scopes gives the scope of what can be reached from the roots: that of the
// weakest need on the strongest way.
func (g *graph) scopes(roots ...string) map[string]Scope {
	found := map[string]Scope{}
	if g.edges == nil {
		return found
	}
	for _, level := range []Scope{Runtime, Optional, Development} {
		todo := append([]string(nil), roots...)
		for name := range found {
			todo = append(todo, name)
		}
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, e := range g.edges[at] {
				if _, seen := found[e.to]; !seen && e.scope.strength() >= level.strength() {
					found[e.to] = level
					todo = append(todo, e.to)
				}
			}
		}
	}
	return found
}
