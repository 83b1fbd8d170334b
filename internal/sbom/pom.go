package sbom

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// pom reads pom.xml by itself: versions that it states, by properties too, and
// those of its own dependencyManagement. What a parent or an imported list
// decides is a fault of that dependency.
func (l *list) pom(data []byte) error {
	root, err := parseXML(data, l.limits)
	if err != nil {
		return err
	}
	if root.name != "project" {
		return &doc.Error{Line: root.line, Col: root.col, What: "is no Maven project"}
	}
	p := &pomReader{list: l, project: root}
	p.properties()
	l.Root = Component{PURL: mavenPURL(p.own("groupId"), root.text("artifactId"), p.own("version"), "", ""), Line: root.line, Col: root.col}
	managed := map[string]*element{}
	for _, d := range root.at("dependencyManagement", "dependencies").all("dependency") {
		managed[p.coordinates(d).Key()] = d
	}
	for _, d := range root.at("dependencies").all("dependency") {
		p.dependency(d, managed)
	}
	return nil
}

type pomReader struct {
	list    *list
	project *element
	values  map[string]string
}

// own is the project's own, or what it has from its parent.
func (p *pomReader) own(name string) string {
	if s := p.project.text(name); s != "" {
		return p.resolve(s)
	}
	return p.resolve(p.project.at("parent").text(name))
}

func (p *pomReader) properties() {
	p.values = map[string]string{}
	for _, name := range []string{"version", "groupId", "artifactId"} {
		if parent := p.project.at("parent").text(name); parent != "" {
			p.values["project.parent."+name], p.values["project."+name] = parent, parent
		}
		if s := p.project.text(name); s != "" {
			p.values["project."+name] = s
		}
	}
	if properties := p.project.at("properties"); properties != nil {
		for _, e := range properties.inside {
			p.values[e.name] = strings.TrimSpace(string(e.content))
		}
	}
}

// resolve puts properties in; empty where one is not known here.
func (p *pomReader) resolve(s string) string {
	for range 10 {
		before, rest, ok := strings.Cut(s, "${")
		if !ok {
			return s
		}
		name, after, ok := strings.Cut(rest, "}")
		value, known := p.values[name]
		if !ok || !known || len(before)+len(value)+len(after) > 1000 {
			return ""
		}
		s = before + value + after
	}
	return ""
}

func (p *pomReader) coordinates(d *element) PURL {
	return mavenPURL(p.resolve(d.text("groupId")), p.resolve(d.text("artifactId")), "", p.resolve(d.text("type")), p.resolve(d.text("classifier")))
}

func (p *pomReader) dependency(d *element, managed map[string]*element) {
	c := Component{PURL: p.coordinates(d), Line: d.line, Col: d.col}
	m := managed[c.PURL.Key()]
	first := func(name string) string {
		if s := d.text(name); s != "" {
			return s
		}
		return m.text(name)
	}
	c.PURL.Version = p.resolve(first("version"))
	if strings.ContainsAny(c.PURL.Version, "[](),") {
		c.PURL.Version = ""
	}
	if scope := first("scope"); scope == "" {
		c.Scope = Runtime
	} else {
		c.Scope = mavenScope(scope)
	}
	if first("optional") == "true" && c.Scope == Runtime {
		c.Scope = Optional
	}
	if c.PURL.Version == "" && c.PURL.Name != "" {
		p.list.fault(c.Line, c.Col, "the dependency's version is decided by a parent or an imported list; read the output of mvn dependency:tree", c.PURL.Key())
		return
	}
	p.list.add(c)
}

// element is an XML element.
type element struct {
	name      string
	content   []byte
	inside    []*element
	line, col int32
}

func (e *element) all(name string) []*element {
	var found []*element
	if e != nil {
		for _, x := range e.inside {
			if x.name == name {
				found = append(found, x)
			}
		}
	}
	return found
}

func (e *element) at(names ...string) *element {
	for _, name := range names {
		found := e.all(name)
		if len(found) == 0 {
			return nil
		}
		e = found[0]
	}
	return e
}

func (e *element) text(name string) string {
	if x := e.at(name); x != nil {
		return strings.TrimSpace(string(x.content))
	}
	return ""
}

// parseXML reads a document within the limits. Go's reader expands no entities
// but those of XML itself.
func parseXML(data []byte, l Limits) (*element, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var root *element
	var open []*element
	for nodes := 0; ; {
		line, col := dec.InputPos()
		fail := func(what string) error { return &doc.Error{Line: int32(line), Col: int32(col), What: what} }
		token, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF) && root != nil && len(open) == 0:
			return root, nil
		case err != nil:
			return nil, fail("is not valid XML")
		}
		switch t := token.(type) {
		case xml.StartElement:
			if nodes++; nodes > l.Nodes {
				return nil, fail("holds too many elements")
			}
			if len(open) >= l.Depth {
				return nil, fail("is nested too deep")
			}
			e := &element{name: t.Name.Local, line: int32(line), col: int32(col)}
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.inside = append(parent.inside, e)
			} else if root == nil {
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				top := open[len(open)-1]
				top.content = append(top.content, t...)
			}
		}
	}
}
