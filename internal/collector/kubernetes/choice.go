package kubernetes

import "github.com/envparity/parity"

// LeavesOut says why a source of the config does not look at a subject, if that
// is by choice; empty where it looks.
func (c *Config) LeavesOut(k parity.Key) string {
	s := session{cluster: &cluster{cfg: *c}}
	s.settle()
	switch {
	case !s.scopes.reads(k.Scope):
		return "the cluster's source leaves the namespace " + k.Scope + " out"
	case !c.listed(resource{group: k.Group, kind: k.Kind}):
		return "the cluster's source leaves the kind " + k.Kind + " out"
	}
	return ""
}
