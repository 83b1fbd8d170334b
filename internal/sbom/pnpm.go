package sbom

import (
	"bytes"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// pnpm reads pnpm-lock.yaml of lockfileVersion 5, 6 and 9. Until 6 each package
// says whether it is for development; from 9 on that follows from what needs
// it.
func (l *list) pnpm(data []byte) error {
	return doc.ParseYAML(bytes.NewReader(data), l.limits.doc(), func(n *doc.Node, _ int) error {
		l.Version = n.Get("lockfileVersion").Str()
		if n.Kind != doc.Map || l.Version == "" {
			return at(n, "is no lock file of pnpm: it does not say its lockfileVersion")
		}
		scopes := pnpmScopes(n)
		packages := n.Get("packages")
		if packages == nil {
			return nil
		}
		for i := range packages.Fields {
			l.pnpmPackage(&packages.Fields[i], scopes)
		}
		return nil
	})
}

func (l *list) pnpmPackage(f *doc.Field, scopes map[string]Scope) {
	name, version, ok := pnpmKey(f.Key)
	if n := f.Value.Get("name").Str(); n != "" {
		name = n
	}
	if v := f.Value.Get("version").Str(); v != "" {
		version = v
	}
	if !ok && (name == "" || version == "") {
		l.fault(f.Line, f.Col, "a package has no name and version", "")
		return
	}
	c := Component{PURL: splitPURL(npmType, name, version), Line: f.Line, Col: f.Col}
	c.Hashes = integrity(f.Value.At("resolution", "integrity").Str())
	switch {
	case f.Value.Get("dev").Str() == "true":
		c.Scope = Development
	case f.Value.Get("optional").Str() == "true":
		c.Scope = Optional
	case f.Value.Get("dev") != nil:
		c.Scope = Runtime
	default:
		c.Scope = scopes[name+"@"+version]
	}
	if strings.HasPrefix(version, "file:") || strings.HasPrefix(version, "link:") {
		return // a part of the project itself
	}
	l.add(c)
}

// pnpmKey takes a key apart: /name/1.2.3_peer@1, /name@1.2.3(peer@1) or
// name@1.2.3.
func pnpmKey(key string) (name, version string, ok bool) {
	key, _, _ = strings.Cut(strings.TrimPrefix(key, "/"), "(")
	parts, own := strings.Split(key, "/"), 1
	if strings.HasPrefix(key, "@") {
		own = 2
	}
	if len(parts) == own+1 {
		version, _, _ = strings.Cut(parts[own], "_")
		return strings.Join(parts[:own], "/"), version, true
	}
	i := strings.LastIndexByte(key, '@')
	if i <= 0 {
		return "", "", false
	}
	return key[:i], key[i+1:], true
}

// pnpmScopes follows the needs from the project's parts; empty where the file
// has no snapshots.
func pnpmScopes(n *doc.Node) map[string]Scope {
	snapshots, importers := n.Get("snapshots"), n.Get("importers")
	if snapshots == nil || importers == nil {
		return nil
	}
	g := &graph{}
	for i := range importers.Fields {
		pnpmNeeds(g, "", importers.Fields[i].Value)
	}
	for i := range snapshots.Fields {
		if name, version, ok := pnpmKey(snapshots.Fields[i].Key); ok {
			pnpmNeeds(g, name+"@"+version, snapshots.Fields[i].Value)
		}
	}
	return g.scopes("")
}

func pnpmNeeds(g *graph, from string, n *doc.Node) {
	for _, part := range []struct {
		key   string
		scope Scope
	}{{"dependencies", Runtime}, {"optionalDependencies", Optional}, {"devDependencies", Development}} {
		needs := n.Get(part.key)
		if needs == nil {
			continue
		}
		for i := range needs.Fields {
			f := &needs.Fields[i]
			version := f.Value.Str()
			if v := f.Value.Get("version"); v != nil {
				version = v.Str()
			}
			version, _, _ = strings.Cut(version, "(")
			if strings.LastIndexByte(version, '@') > 0 {
				g.add(from, version, part.scope) // an alias
			} else {
				g.add(from, f.Key+"@"+version, part.scope)
			}
		}
	}
}
