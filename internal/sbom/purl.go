package sbom

import (
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/envparity/parity/internal/value"
)

// PURL is a package URL taken apart: pkg:type/namespace/name@version.
type PURL struct {
	Type, Namespace, Name, Version string
	// Qualifiers are sorted by name.
	Qualifiers []Qualifier
	Subpath    string
}

// Qualifier is one name and value.
type Qualifier struct{ Name, Value string }

// ParsePURL reads a package URL, in the normal form of its type.
func ParsePURL(s string) (PURL, bool) {
	if len(s) > 4096 {
		return PURL{}, false
	}
	u, err := packageurl.FromString(s)
	if err != nil {
		return PURL{}, false
	}
	p := PURL{Type: u.Type, Namespace: u.Namespace, Name: u.Name, Version: u.Version, Subpath: u.Subpath}
	for _, q := range u.Qualifiers {
		p.Qualifiers = append(p.Qualifiers, Qualifier{q.Key, q.Value})
	}
	return p.plain(), true
}

// newPURL makes the package URL of a package in a registry, in the normal form
// of its type.
func newPURL(kind, namespace, name, version string) PURL {
	u := packageurl.PackageURL{Type: kind, Namespace: namespace, Name: name, Version: version}
	if err := u.Normalize(); err != nil {
		return PURL{Type: kind, Namespace: namespace, Name: name, Version: version}
	}
	return PURL{Type: u.Type, Namespace: u.Namespace, Name: u.Name, Version: u.Version}.plain()
}

// splitPURL makes the package URL of a package whose name holds its namespace.
func splitPURL(kind, name, version string) PURL {
	if i := strings.LastIndexByte(name, '/'); i > 0 {
		return newPURL(kind, name[:i], name[i+1:], version)
	}
	return newPURL(kind, "", name, version)
}

// plain gives Go's own packages the one name that tools disagree about.
func (p PURL) plain() PURL {
	if p.Type == packageurl.TypeGolang && p.Namespace == "" && (p.Name == "std" || p.Name == "stdlib") {
		p.Name, p.Version, p.Subpath = "stdlib", strings.TrimPrefix(strings.TrimPrefix(p.Version, "v"), "go"), ""
	}
	return p
}

// String gives the package URL.
func (p PURL) String() string {
	q := make(packageurl.Qualifiers, 0, len(p.Qualifiers))
	for _, x := range p.Qualifiers {
		q = append(q, packageurl.Qualifier{Key: x.Name, Value: x.Value})
	}
	return packageurl.NewPackageURL(p.Type, p.Namespace, p.Name, p.Version, q, p.Subpath).ToString()
}

// Key gives the package URL without its version and without those qualifiers
// that say where a package came from or for which machine it was built: what
// two environments have in common of one package.
func (p PURL) Key() string {
	key := PURL{Type: p.Type, Namespace: p.Namespace, Name: p.Name, Subpath: p.Subpath}
	for _, q := range p.Qualifiers {
		if p.identifies(q) {
			key.Qualifiers = append(key.Qualifiers, q)
		}
	}
	if key.Qualifiers == nil && key.Subpath == "" && simple(key.Type) && simple(key.Namespace) && simple(key.Name) {
		if key.Namespace != "" {
			return "pkg:" + key.Type + "/" + key.Namespace + "/" + key.Name
		}
		return "pkg:" + key.Type + "/" + key.Name
	}
	return key.String()
}

// simple reports whether a text needs no escapes in a package URL.
func simple(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' && c != '/' {
			return false
		}
	}
	return true
}

func (p PURL) identifies(q Qualifier) bool {
	switch q.Name {
	case "classifier":
		return true
	case "type":
		return p.Type == packageurl.TypeMaven && q.Value != "jar"
	case "repository_url":
		return p.Type == packageurl.TypeOCI || p.Type == packageurl.TypeDocker
	}
	return false
}

// Software gives what a list of this root is called in all environments: an
// image's repository without its registry, else the title.
func (p PURL) Software() string {
	if p.Type != packageurl.TypeOCI && p.Type != packageurl.TypeDocker {
		return p.Title()
	}
	name := p.Title()
	for _, q := range p.Qualifiers {
		if q.Name == "repository_url" {
			name = q.Value
		}
	}
	if img, ok := value.ParseImage(name); ok {
		return img.Repository
	}
	return name
}

// Title is the package's name with its namespace, as its own tools write it.
func (p PURL) Title() string {
	switch {
	case p.Namespace == "":
		return p.Name
	case p.Type == packageurl.TypeMaven:
		return p.Namespace + ":" + p.Name
	default:
		return p.Namespace + "/" + p.Name
	}
}
