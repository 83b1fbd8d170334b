package sbom

import "github.com/envparity/parity/internal/doc"

// cargo reads Cargo.lock. What has no source is a crate of the project itself.
// It does not say what is there for development only.
func (l *list) cargo(n *doc.Node) {
	l.Version = n.Get("version").Str()
	local := 0
	for _, p := range items(n.Get("package")) {
		c := Component{PURL: newPURL("cargo", "", p.Get("name").Str(), p.Get("version").Str()), Line: p.Line, Col: p.Col}
		if p.Get("source") == nil {
			local++
			l.Root = c
			continue
		}
		c.Hashes = appendHash(nil, "SHA-256", p.Get("checksum").Str())
		l.add(c)
	}
	if local > 1 {
		l.Root = Component{}
	}
}
