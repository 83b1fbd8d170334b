// Package sbom reads lists of software components: bills of materials in
// CycloneDX and SPDX, lock files of package managers, and what Go keeps in its
// binaries. Whatever the form, a component is known by its package URL.
//
// It is pure. Its input is foreign: it is read within bounds, a fault names
// the place and what is wrong there, and never quotes the text.
package sbom

import (
	"fmt"

	"github.com/envparity/parity/internal/doc"
)

// Format is the form of a list.
type Format string

// The formats.
const (
	CycloneDX    Format = "cyclonedx"
	SPDX         Format = "spdx"
	GoMod        Format = "go.mod"
	GoSum        Format = "go.sum"
	GoBinary     Format = "go-binary"
	NPM          Format = "package-lock"
	Yarn         Format = "yarn"
	PNPM         Format = "pnpm"
	Requirements Format = "requirements"
	Poetry       Format = "poetry"
	Pipfile      Format = "pipfile"
	UV           Format = "uv"
	Cargo        Format = "cargo"
	POM          Format = "pom"
	MavenTree    Format = "maven"
	Gradle       Format = "gradle"
)

// Formats lists the formats.
func Formats() []Format {
	return []Format{
		CycloneDX, SPDX, GoMod, GoSum, GoBinary, NPM, Yarn, PNPM, Requirements, Poetry, Pipfile, UV, Cargo, POM, MavenTree, Gradle,
	}
}

// Scope says what a component is there for.
type Scope string

// The scopes. Unscoped is that of a list that does not say.
const (
	Unscoped    Scope = ""
	Runtime     Scope = "runtime"
	Optional    Scope = "optional"
	Development Scope = "dev"
)

// Component is one package at one version.
type Component struct {
	PURL     PURL
	Licenses []string // SPDX identifiers and expressions, or names; sorted
	Scope    Scope
	Hashes   []Hash // sorted by algorithm
	// Line and Col are where it stands, 1-based; 0 where there are no lines.
	Line, Col int32
	// key is PURL.Key, kept for sorting.
	key string
}

// Key gives the package URL without its version: what the component is called
// in the path of its fact.
func (c *Component) Key() string {
	if c.key == "" {
		return c.PURL.Key()
	}
	return c.key
}

// Hash is a digest of a component's package.
type Hash struct {
	Algorithm string // SHA-256, SHA-512
	Value     string // in hexadecimal digits
}

// Fault is a part of a list that could not be read.
type Fault struct {
	Line, Col int32
	// What is a phrase that quotes nothing.
	What string
	// Key is the package that it speaks of, as PURL.Key has it; empty where
	// it may be any.
	Key string
}

// Document is what one list says.
type Document struct {
	Format Format
	// Version is that of the format, where it has one.
	Version string
	// Root is what the list describes. Its name is empty where the list does
	// not say.
	Root Component
	// Components are sorted by package URL; none is there twice.
	Components []Component
	Faults     []Fault
	// Serial, Created and Tools are of the one document: they say nothing of
	// what it lists.
	Serial, Created string
	Tools           []string
}

// Limits bound what is read. A zero field means the default.
type Limits struct {
	Bytes      int64 // 64 MiB by default
	Nodes      int   // of a document's tree; 2,000,000 by default
	Depth      int   // 200 by default
	Components int   // 200,000 by default
}

func (l Limits) filled() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 64 << 20
	}
	if l.Nodes <= 0 {
		l.Nodes = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 200
	}
	if l.Components <= 0 {
		l.Components = 200_000
	}
	return l
}

func (l Limits) doc() doc.Limits { return doc.Limits{Nodes: l.Nodes, Depth: l.Depth, Bytes: l.Bytes} }

// maxFaults bounds the faults of one document.
const maxFaults = 1000

// list gathers components.
type list struct {
	Document
	limits Limits
	over   bool
}

func (l *list) add(c Component) {
	switch c.PURL.Version {
	case "UNKNOWN", "(devel)", "NOASSERTION":
		c.PURL.Version = ""
	}
	switch {
	case l.over:
	case len(l.Components) == l.limits.Components:
		l.over = true
	case c.PURL.Name == "":
		l.fault(c.Line, c.Col, "a component has no name", "")
	case c.PURL.Version == "":
		l.fault(c.Line, c.Col, "the component's version is not stated", c.PURL.Key())
	default:
		l.Components = append(l.Components, c)
	}
}

func (l *list) fault(line, col int32, what, key string) {
	switch {
	case len(l.Faults) < maxFaults:
		l.Faults = append(l.Faults, Fault{Line: line, Col: col, What: what, Key: key})
	case len(l.Faults) == maxFaults:
		l.Faults = append(l.Faults, Fault{Line: line, Col: col, What: fmt.Sprintf("more than %d parts of the list cannot be read", maxFaults)})
	}
}

// finish sorts the components and joins those that are there more than once.
func (l *list) finish() (*Document, error) {
	if l.over {
		return nil, &doc.Error{What: fmt.Sprintf("lists more than %d components", l.limits.Components)}
	}
	l.Components = joined(l.Components)
	return &l.Document, nil
}
