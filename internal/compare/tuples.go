package compare

import (
	"strings"

	"github.com/envparity/parity"
)

// permission is one RBAC tuple taken apart: "apps/deployments(web):get".
type permission struct{ group, resource, name, verb string }

// permissionOf reads the permission of a fact; ok is false where it is none.
func permissionOf(f *parity.Fact) (p permission, ok bool) {
	if f.Value.Kind != parity.Tuple || !f.Rules.Has(parity.RBACTuples) {
		return p, false
	}
	start := strings.Index(f.Path, "[=")
	end := strings.LastIndexByte(f.Path, ']')
	if start < 0 || end < start {
		return p, false
	}
	text := f.Path[start+len("[=") : end]
	colon := strings.LastIndexByte(text, ':')
	slash := strings.IndexByte(text, '/')
	if colon < 0 || slash < 0 || slash > colon || strings.HasPrefix(text, "url ") {
		return p, false
	}
	p.group, p.resource, p.verb = text[:slash], text[slash+1:colon], text[colon+1:]
	if open := strings.IndexByte(p.resource, '('); open >= 0 && strings.HasSuffix(p.resource, ")") {
		p.resource, p.name = p.resource[:open], p.resource[open+1:len(p.resource)-1]
	}
	return p, true
}

// covers tells whether whoever has p has q too: by a wildcard, or because p is
// for any name.
func (p permission) covers(q permission) bool {
	return wild(p.group, q.group) && wild(p.resource, q.resource) && wild(p.verb, q.verb) && (p.name == "" || p.name == q.name)
}

func wild(p, q string) bool { return p == "*" || p == q }

// granted tells whether a permission that a subject does not state is within a
// wider one that it states.
func granted(f *parity.Fact, others []parity.Fact) bool {
	q, ok := permissionOf(f)
	if !ok {
		return false
	}
	for i := range others {
		if p, ok := permissionOf(&others[i]); ok && p.covers(q) {
			return true
		}
	}
	return false
}
