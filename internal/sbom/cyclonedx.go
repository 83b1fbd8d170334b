package sbom

import (
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// cyclonedx reads a bill of materials in CycloneDX JSON. Components nest.
func (l *list) cyclonedx(n *doc.Node) error {
	l.Format, l.Version = CycloneDX, n.Get("specVersion").Str()
	if !strings.HasPrefix(l.Version, "1.") {
		return at(n, "is CycloneDX of a version that is not known; 1.2 to 1.7 are")
	}
	l.Serial, l.Created = n.Get("serialNumber").Str(), n.At("metadata", "timestamp").Str()
	tools := n.At("metadata", "tools")
	for _, t := range append(items(tools), items(tools.Get("components"))...) {
		l.Tools = append(l.Tools, strings.TrimSpace(t.Get("name").Str()+" "+t.Get("version").Str()))
	}
	if root := n.At("metadata", "component"); root != nil {
		l.Root = l.cyclonedxComponent(root)
		if root.Get("type").Str() == "container" && l.Root.PURL.Type == "generic" {
			l.Root.PURL.Type = "oci"
		}
		l.cyclonedxNested(root)
	}
	l.cyclonedxNested(n)
	return nil
}

// cyclonedxNested reads the components of a document or of a component.
func (l *list) cyclonedxNested(n *doc.Node) {
	components := n.Get("components")
	if components == nil || components.Kind == doc.Null {
		return
	}
	if components.Kind != doc.List {
		l.fault(components.Line, components.Col, "the components are no list", "")
		return
	}
	for _, c := range components.Items {
		if c.Kind != doc.Map {
			l.fault(c.Line, c.Col, "a component is no object", "")
			continue
		}
		switch c.Get("type").Str() {
		case "file", "data", "cryptographic-asset":
			// No package, and no version.
		default:
			l.add(l.cyclonedxComponent(c))
		}
		l.cyclonedxNested(c)
	}
}

func (l *list) cyclonedxComponent(n *doc.Node) Component {
	c := Component{Line: n.Line, Col: n.Col, Scope: cyclonedxScope(n)}
	c.PURL = l.purl(n.Get("purl"), func() PURL {
		return genericPURL(n.Get("group").Str(), n.Get("name").Str(), n.Get("version").Str())
	})
	if c.PURL.Version == "" {
		c.PURL.Version = n.Get("version").Str()
	}
	for _, h := range items(n.Get("hashes")) {
		c.Hashes = appendHash(c.Hashes, h.Get("alg").Str(), h.Get("content").Str())
	}
	for _, x := range items(n.Get("licenses")) {
		for _, text := range []*doc.Node{x.Get("expression"), x.At("license", "id"), x.At("license", "name")} {
			c.Licenses = appendLicense(c.Licenses, text.Str())
		}
	}
	return c
}

// cyclonedxScope reads the scope. Tools put development dependencies under
// "optional" and say what they are in a property.
func cyclonedxScope(n *doc.Node) Scope {
	for _, p := range items(n.Get("properties")) {
		switch p.Get("name").Str() {
		case "cdx:npm:package:development", "cdx:composer:package:isDevRequirement", "cdx:pnpm:package:development":
			if p.Get("value").Str() == "true" {
				return Development
			}
		case "cdx:poetry:group", "cdx:pipenv:category":
			if v := p.Get("value").Str(); v != "" && v != "main" && v != "default" {
				return Development
			}
		}
	}
	switch n.Get("scope").Str() {
	case "required":
		return Runtime
	case "optional":
		return Optional
	case "excluded":
		return Development
	}
	return Unscoped
}

// purl reads a package URL, or makes another one where there is none or it is
// not valid.
func (l *list) purl(n *doc.Node, or func() PURL) PURL {
	if n.Str() == "" {
		return or()
	}
	p, ok := ParsePURL(n.Str())
	if !ok {
		p = or()
		l.fault(n.Line, n.Col, "the package URL is not valid", p.Key())
	}
	return p
}

// genericPURL is the package URL of what has none.
func genericPURL(namespace, name, version string) PURL {
	return PURL{Type: "generic", Namespace: strings.Trim(namespace, "/"), Name: name, Version: version}
}

func items(n *doc.Node) []*doc.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// appendHash adds a digest in the form SHA-256 and hexadecimal digits.
func appendHash(all []Hash, algorithm, hex string) []Hash {
	algorithm = strings.ToUpper(algorithm)
	if rest, ok := strings.CutPrefix(algorithm, "SHA"); ok && !strings.HasPrefix(rest, "-") && !strings.HasPrefix(rest, "3-") {
		algorithm = "SHA-" + rest
	}
	if algorithm == "" || hex == "" || strings.Trim(hex, "0123456789abcdefABCDEF") != "" {
		return all
	}
	return append(all, Hash{algorithm, strings.ToLower(hex)})
}

func appendLicense(all []string, text string) []string {
	switch text = strings.TrimSpace(text); text {
	case "", "NOASSERTION", "NONE":
		return all
	default:
		return append(all, text)
	}
}
