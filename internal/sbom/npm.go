package sbom

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

const npmType = "npm"

// npm reads package-lock.json of lockfileVersion 1 to 3. Versions 2 and 3 list
// packages by where they are installed, 1 by name, nested.
func (l *list) npm(n *doc.Node) {
	l.Format, l.Version = NPM, n.Get("lockfileVersion").Str()
	l.Root = Component{PURL: splitPURL(npmType, n.Get("name").Str(), n.Get("version").Str()), Line: n.Line, Col: n.Col}
	if packages := n.Get("packages"); packages != nil && packages.Kind == doc.Map {
		for i := range packages.Fields {
			l.npmPackage(&packages.Fields[i])
		}
		return
	}
	l.npmNested(n.Get("dependencies"))
}

const installedIn = "node_modules/"

// npmPackage reads one installed package. What is installed in no
// node_modules is a workspace of the project itself.
func (l *list) npmPackage(f *doc.Field) {
	i := strings.LastIndex(f.Key, installedIn)
	if i < 0 || f.Value.Get("link").Str() == "true" {
		return
	}
	name := f.Value.Get("name").Str() // the true one of an alias
	if name == "" {
		name = f.Key[i+len(installedIn):]
	}
	l.npmAdd(f, name, f.Value.Get("version").Str())
}

func (l *list) npmNested(n *doc.Node) {
	if n == nil {
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		name, version := f.Key, f.Value.Get("version").Str()
		if alias, ok := strings.CutPrefix(version, "npm:"); ok {
			if at := strings.LastIndexByte(alias, '@'); at > 0 {
				name, version = alias[:at], alias[at+1:]
			}
		}
		switch {
		case strings.HasPrefix(version, "file:"):
			// A part of the project itself.
		case strings.ContainsAny(version, ":/"):
			l.fault(f.Line, f.Col, "the component's version is that of an address, and is not stated", splitPURL(npmType, name, "").Key())
		default:
			l.npmAdd(f, name, version)
		}
		l.npmNested(f.Value.Get("dependencies"))
	}
}

func (l *list) npmAdd(f *doc.Field, name, version string) {
	n := f.Value
	c := Component{PURL: splitPURL(npmType, name, version), Scope: Runtime, Line: f.Line, Col: f.Col}
	switch {
	case n.Get("dev").Str() == "true" || n.Get("devOptional").Str() == "true":
		c.Scope = Development
	case n.Get("optional").Str() == "true":
		c.Scope = Optional
	}
	c.Licenses = appendLicense(nil, n.Get("license").Str())
	c.Hashes = integrity(n.Get("integrity").Str())
	l.add(c)
}

// integrity reads digests in the form of the web: "sha512-BASE64 sha1-BASE64".
func integrity(s string) []Hash {
	var all []Hash
	for _, one := range strings.Fields(s) {
		algorithm, text, _ := strings.Cut(one, "-")
		if sum, err := base64.StdEncoding.DecodeString(text); err == nil {
			all = appendHash(all, algorithm, hex.EncodeToString(sum))
		}
	}
	return all
}
