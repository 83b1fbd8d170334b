package sbom

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// Parse reads a list whose file has the name; its format is told by the name,
// and by the content where the name says nothing. Faults are *doc.Error.
func Parse(name string, data []byte, l Limits) (*Document, error) {
	format, err := Detect(name, data)
	if err != nil {
		return nil, err
	}
	return ParseAs(format, data, l)
}

// ParseAs reads a list of the format.
func ParseAs(format Format, data []byte, l Limits) (*Document, error) {
	l = l.filled()
	if int64(len(data)) > l.Bytes {
		return nil, &doc.Error{What: fmt.Sprintf("is larger than %d bytes", l.Bytes)}
	}
	x := &list{Document: Document{Format: format}, limits: l}
	read, ok := map[Format]func(*list, []byte) error{
		CycloneDX: (*list).json, SPDX: (*list).json, NPM: (*list).json, Pipfile: (*list).json,
		GoMod: (*list).goMod, GoSum: (*list).goSum, GoBinary: (*list).goBinary,
		Yarn: (*list).yarn, PNPM: (*list).pnpm,
		Requirements: (*list).requirements, Poetry: (*list).toml, UV: (*list).toml, Cargo: (*list).toml,
		POM: (*list).pom, MavenTree: (*list).mavenTree, Gradle: (*list).gradle,
	}[format]
	if !ok {
		return nil, &doc.Error{What: "the format is not known; use one of " + names()}
	}
	if err := read(x, data); err != nil {
		return nil, err
	}
	return x.finish()
}

// FromNode reads a bill of materials in CycloneDX or SPDX, or a lock file in
// JSON, that was parsed already.
func FromNode(n *doc.Node, l Limits) (*Document, error) {
	x := &list{limits: l.filled()}
	if err := x.node(n); err != nil {
		return nil, err
	}
	return x.finish()
}

func names() string {
	var all []string
	for _, f := range Formats() {
		all = append(all, string(f))
	}
	return strings.Join(all, ", ")
}

// json reads what is written in JSON; the content tells the format.
func (l *list) json(data []byte) error {
	n, err := doc.ParseJSON(data, l.limits.doc())
	if err != nil {
		return err
	}
	return l.node(n)
}

func (l *list) node(n *doc.Node) error {
	switch {
	case n.Kind != doc.Map:
		return at(n, "is no list of components")
	case strings.EqualFold(n.Get("bomFormat").Str(), "CycloneDX"):
		return l.cyclonedx(n)
	case n.Get("spdxVersion") != nil:
		return l.spdx(n)
	case strings.Contains(n.Get("@context").Str(), "spdx"):
		return l.spdx3(n)
	case n.Get("lockfileVersion") != nil:
		l.npm(n)
	case n.At("_meta", "pipfile-spec") != nil:
		l.pipfile(n)
	default:
		return at(n, "is neither CycloneDX nor SPDX nor a lock file of npm or pipenv")
	}
	return nil
}

// toml reads what is written in TOML.
func (l *list) toml(data []byte) error {
	n, err := doc.ParseTOML(data, l.limits.doc())
	if err != nil {
		return err
	}
	switch l.Format {
	case Poetry:
		l.poetry(n)
	case UV:
		l.uv(n)
	default:
		l.cargo(n)
	}
	return nil
}

func at(n *doc.Node, what string) error { return &doc.Error{Line: n.Line, Col: n.Col, What: what} }

// named are the formats of files with names of their own.
func named(base string) Format {
	switch base {
	case "go.mod":
		return GoMod
	case "go.sum":
		return GoSum
	case "package-lock.json", "npm-shrinkwrap.json", ".package-lock.json":
		return NPM
	case "yarn.lock":
		return Yarn
	case "pnpm-lock.yaml":
		return PNPM
	case "poetry.lock":
		return Poetry
	case "Pipfile.lock":
		return Pipfile
	case "uv.lock":
		return UV
	case "Cargo.lock":
		return Cargo
	case "pom.xml":
		return POM
	case "gradle.lockfile", "buildscript-gradle.lockfile":
		return Gradle
	}
	lower := strings.ToLower(base)
	switch {
	case strings.HasSuffix(lower, ".pom"):
		return POM
	case strings.HasSuffix(lower, ".cdx.json"), lower == "bom.json", lower == "cyclonedx.json":
		return CycloneDX
	case strings.HasSuffix(lower, ".spdx.json"), lower == "spdx.json":
		return SPDX
	case strings.HasPrefix(lower, "requirements") && strings.HasSuffix(lower, ".txt"):
		return Requirements
	}
	return ""
}

// DetectName tells the format of a file with a name of its own, such as go.sum
// or web.cdx.json; empty where the name says nothing.
func DetectName(name string) Format { return named(path.Base(name)) }

// Detect tells the format of a file by its name, else by how it begins. What
// is known and not read here is an error that says so.
func Detect(name string, head []byte) (Format, error) {
	if f := DetectName(name); f != "" {
		return f, nil
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head[:min(len(head), 4096)], []byte("\ufeff")))
	has := func(s string) bool { return bytes.Contains(text, []byte(s)) }
	starts := func(s string) bool { return bytes.HasPrefix(text, []byte(s)) }
	switch {
	case executable(head):
		return GoBinary, nil
	case starts("{"):
		return CycloneDX, nil // the content tells
	case has("cyclonedx.org/schema/bom") && starts("<"):
		return "", &doc.Error{What: "is CycloneDX in XML, which is not read; write it as JSON"}
	case starts("SPDXVersion:"):
		return "", &doc.Error{What: "is SPDX as tags and values, which is not read; write it as JSON"}
	case starts("<") && has("<project"):
		return POM, nil
	case starts("# This is a Gradle generated file"):
		return Gradle, nil
	case starts("# yarn lockfile"), has("\n__metadata:"), has("# yarn lockfile v1"):
		return Yarn, nil
	case starts("lockfileVersion:"):
		return PNPM, nil
	case has("[INFO]"), starts("The following files have been resolved:"), mavenRoot(text):
		return MavenTree, nil
	}
	return "", &doc.Error{What: "is of no format that is known here; name one of " + names()}
}

// executable reports whether a file begins as an ELF, PE or Mach-O file does.
func executable(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "MZ", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}
