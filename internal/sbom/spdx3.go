package sbom

import (
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// spdx3Reader reads SPDX 3 as JSON-LD: a flat graph of elements that name each
// other by their identifiers.
type spdx3Reader struct {
	list     *list
	packages []*doc.Node
	licences map[string]string // text by identifier of a licence
	declared map[string][]string
	roots    map[string]bool
	graph    graph
}

func (l *list) spdx3(n *doc.Node) error {
	l.Format, l.Version = SPDX, "3.0"
	elements := n.Get("@graph")
	if elements == nil || elements.Kind != doc.List {
		return at(n, "is SPDX 3 without the graph of its elements")
	}
	r := &spdx3Reader{list: l, licences: map[string]string{}, declared: map[string][]string{}, roots: map[string]bool{}}
	for _, e := range elements.Items {
		r.element(e)
	}
	r.finish()
	return nil
}

func spdx3ID(n *doc.Node) string {
	if id := n.Get("spdxId").Str(); id != "" {
		return id
	}
	return n.Get("@id").Str()
}

func (r *spdx3Reader) element(e *doc.Node) {
	kind := e.Get("type").Str()
	if kind == "" {
		kind = e.Get("@type").Str()
	}
	switch kind {
	case "software_Package":
		r.packages = append(r.packages, e)
	case "simplelicensing_LicenseExpression":
		r.licences[spdx3ID(e)] = e.Get("simplelicensing_licenseExpression").Str()
	case "SpdxDocument", "software_Sbom", "Bom":
		for _, id := range items(e.Get("rootElement")) {
			r.roots[id.Str()] = true
		}
	case "Relationship", "LifecycleScopedRelationship":
		r.relation(e)
	}
}

func (r *spdx3Reader) relation(e *doc.Node) {
	from := e.Get("from").Str()
	for _, to := range items(e.Get("to")) {
		switch e.Get("relationshipType").Str() {
		case "describes":
			r.roots[to.Str()] = true
		case "hasDeclaredLicense":
			r.declared[from] = append(r.declared[from], to.Str())
		case "dependsOn":
			scope := Runtime
			switch e.Get("scope").Str() {
			case "development", "build", "test":
				scope = Development
			}
			r.graph.add(from, to.Str(), scope)
		case "hasOptionalDependency":
			r.graph.add(from, to.Str(), Optional)
		}
	}
}

func (r *spdx3Reader) finish() {
	var roots []string
	for _, p := range r.packages {
		if id := spdx3ID(p); r.roots[id] {
			roots = append(roots, id)
		}
	}
	scopes := r.graph.scopes(roots...)
	for _, p := range r.packages {
		id := spdx3ID(p)
		c := r.component(p)
		if len(roots) == 1 && id == roots[0] {
			r.list.Root = c
			continue
		}
		c.Scope = scopes[id]
		r.list.add(c)
	}
}

func (r *spdx3Reader) component(n *doc.Node) Component {
	c := Component{Line: n.Line, Col: n.Col}
	purl := n.Get("software_packageUrl")
	for _, x := range items(n.Get("externalIdentifier")) {
		if purl == nil && strings.EqualFold(x.Get("externalIdentifierType").Str(), "packageUrl") {
			purl = x.Get("identifier")
		}
	}
	version := n.Get("software_packageVersion").Str()
	c.PURL = r.list.purl(purl, func() PURL { return genericPURL("", n.Get("name").Str(), version) })
	if c.PURL.Version == "" {
		c.PURL.Version = version
	}
	for _, h := range items(n.Get("verifiedUsing")) {
		c.Hashes = appendHash(c.Hashes, h.Get("algorithm").Str(), h.Get("hashValue").Str())
	}
	for _, id := range r.declared[spdx3ID(n)] {
		text := r.licences[id]
		if text == "" {
			text, _ = strings.CutPrefix(id, "https://spdx.org/licenses/")
			if text == id {
				text = ""
			}
		}
		c.Licenses = appendLicense(c.Licenses, text)
	}
	return c
}
