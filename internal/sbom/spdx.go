package sbom

import (
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// spdx reads a bill of materials in SPDX 2 JSON.
func (l *list) spdx(n *doc.Node) error {
	l.Format, l.Version = SPDX, strings.TrimPrefix(n.Get("spdxVersion").Str(), "SPDX-")
	if !strings.HasPrefix(l.Version, "2.") {
		return at(n, "is SPDX of a version that is not known; 2.2, 2.3 and 3.0 are")
	}
	l.Serial, l.Created = n.Get("documentNamespace").Str(), n.At("creationInfo", "created").Str()
	for _, c := range items(n.At("creationInfo", "creators")) {
		if tool, ok := strings.CutPrefix(c.Str(), "Tool: "); ok {
			l.Tools = append(l.Tools, tool)
		}
	}
	packages := n.Get("packages")
	if packages != nil && packages.Kind != doc.List && packages.Kind != doc.Null {
		return at(packages, "the packages are no list")
	}
	described, graph := spdxRelations(n)
	scopes := graph.scopes(described...)
	root := ""
	if len(described) == 1 {
		root = described[0]
	}
	for _, p := range items(packages) {
		if p.Kind != doc.Map {
			l.fault(p.Line, p.Col, "a package is no object", "")
			continue
		}
		c := l.spdxPackage(p)
		id := p.Get("SPDXID").Str()
		if id != "" && id == root {
			l.Root = c
			continue
		}
		c.Scope = scopes[id]
		l.add(c)
	}
	return nil
}

func (l *list) spdxPackage(n *doc.Node) Component {
	c := Component{Line: n.Line, Col: n.Col}
	var purl *doc.Node
	for _, r := range items(n.Get("externalRefs")) {
		if r.Get("referenceType").Str() == "purl" && purl == nil {
			purl = r.Get("referenceLocator")
		}
	}
	c.PURL = l.purl(purl, func() PURL {
		return genericPURL("", n.Get("name").Str(), n.Get("versionInfo").Str())
	})
	if c.PURL.Version == "" {
		c.PURL.Version = n.Get("versionInfo").Str()
	}
	for _, h := range items(n.Get("checksums")) {
		c.Hashes = appendHash(c.Hashes, h.Get("algorithm").Str(), h.Get("checksumValue").Str())
	}
	for _, key := range []string{"licenseDeclared", "licenseConcluded"} {
		if len(c.Licenses) == 0 {
			c.Licenses = appendLicense(nil, n.Get(key).Str())
		}
	}
	return c
}

// spdxRelations gives what the document describes, and what needs what.
func spdxRelations(n *doc.Node) (described []string, g *graph) {
	g = &graph{}
	seen, document := map[string]bool{}, n.Get("SPDXID").Str()
	describe := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			described = append(described, id)
		}
	}
	for _, id := range items(n.Get("documentDescribes")) {
		describe(id.Str())
	}
	for _, r := range items(n.Get("relationships")) {
		from, to := r.Get("spdxElementId").Str(), r.Get("relatedSpdxElement").Str()
		kind := strings.ToUpper(r.Get("relationshipType").Str())
		switch kind {
		case "DESCRIBES":
			if from == document {
				describe(to)
			}
		case "DESCRIBED_BY":
			if to == document {
				describe(from)
			}
		case "DEPENDS_ON":
			g.add(from, to, Runtime)
		default:
			if scope, ok := spdxScopes[strings.TrimSuffix(kind, "_OF")]; ok && strings.HasSuffix(kind, "_OF") {
				g.add(to, from, scope)
			}
		}
	}
	return described, g
}

var spdxScopes = map[string]Scope{
	"DEPENDENCY": Runtime, "RUNTIME_DEPENDENCY": Runtime, "PROVIDED_DEPENDENCY": Runtime,
	"OPTIONAL_DEPENDENCY": Optional,
	"DEV_DEPENDENCY":      Development, "BUILD_DEPENDENCY": Development, "TEST_DEPENDENCY": Development,
	"DEV_TOOL": Development, "BUILD_TOOL": Development, "TEST_TOOL": Development,
}
