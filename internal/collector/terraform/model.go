package terraform

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/settings"
)

// model is what one file says.
type model struct {
	*session
	file   file
	origin *parity.Origin
	// secrets are sensitive texts of outputs and variables.
	secrets []string
	root    []parity.Fact
	// gaps are those over more than one attribute that were recorded.
	gaps map[parity.Gap]bool
	// configured are the expressions of a plan's configuration.
	configured expressions
	// depends is what the resources of a plan's prior state depend on.
	depends map[string][]string
}

// rootKind and rootName are the subject of what belongs to no resource.
const (
	rootKind = cloud.StateKind
	rootName = "root"
)

// scope is a module with the state's name before it.
func (m *model) scope(module string) string {
	if m.file.name == "" {
		return module
	}
	if module == "" {
		return m.file.name
	}
	return m.file.name + ":" + module
}

// begin tells the version of what wrote the file.
func (m *model) begin(root *doc.Node) {
	if v := root.Get("terraform_version"); v.Str() != "" {
		m.out.Tool("terraform", v.Text)
		m.fact(v, "/version", parity.Value{Kind: parity.Version, Raw: v.Text}, parity.Platform)
	}
}

func (m *model) fact(at *doc.Node, path string, v parity.Value, s parity.Surface) {
	m.root = append(m.root, parity.Fact{Path: path, Value: v, Surface: s, Origin: m.origin, Line: at.Line, Col: at.Col})
}

// finish hands over the subject of what belongs to no resource.
func (m *model) finish(root *doc.Node) {
	s := parity.Subject{Format: cloud.Format, Key: parity.Key{Kind: rootKind, Scope: m.scope(""), Name: rootName}, Origin: m.origin, Line: root.Line, Col: root.Col}
	m.out.Subject(s, m.root)
}

// values reads outputs or variables: "/outputs/NAME". One that is sensitive is a
// secret as a whole.
func (m *model) values(list string, n *doc.Node, sensitive func(name string, v *doc.Node) bool) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		v := f.Value.Get("value")
		if v == nil {
			continue
		}
		path := "/" + list + "/" + f.Key
		if sensitive(f.Key, f.Value) {
			m.secretsOf(v)
			m.fact(v, path, parity.Value{Kind: parity.Secret, Raw: cloud.PlainText(v)}, rootSurface(path))
			continue
		}
		m.value(list, f.Key, v)
	}
}

// explain says of the facts below a path that they explain and do not count.
func (m *model) explain(prefix string) {
	from := &parity.FactRef{Subject: parity.Key{Kind: rootKind, Scope: m.scope(""), Name: rootName}, Path: strings.TrimSuffix(prefix, "/")}
	for i := range m.root {
		if strings.HasPrefix(m.root[i].Path, prefix) {
			m.root[i].DerivedFrom = from
		}
	}
}

func rootSurface(path string) parity.Surface { return cloud.Surfaces().Of(rootKind, path) }

// value reads a value as a settings file's would be read.
func (m *model) value(list, name string, v *doc.Node) {
	tree := &doc.Node{Kind: doc.Map, Line: v.Line, Col: v.Col, Fields: []doc.Field{{Key: list, Line: v.Line, Col: v.Col, Value: &doc.Node{
		Kind: doc.Map, Line: v.Line, Col: v.Col, Fields: []doc.Field{{Key: name, Line: v.Line, Col: v.Col, Value: v}},
	}}}}
	settings.Read(tree, settings.Options{Surface: rootSurface}, m.origin, func(_ parity.Subject, facts []parity.Fact) {
		for _, f := range facts {
			f.Path = "/" + list + f.Path
			m.root = append(m.root, f)
		}
	})
}

// secretsOf remembers the texts of a sensitive value.
func (m *model) secretsOf(n *doc.Node) {
	switch n.Kind {
	case doc.Map:
		for i := range n.Fields {
			m.secretsOf(n.Fields[i].Value)
		}
	case doc.List:
		for _, item := range n.Items {
			m.secretsOf(item)
		}
	case doc.String:
		m.secrets = append(m.secrets, n.Text)
	}
}

// odd records a part of a file that is not as it should be, and that the rest
// was read.
func (m *model) odd(n *doc.Node, what string) {
	at := doc.Error{}
	if n != nil {
		at.Line, at.Col = n.Line, n.Col
	}
	m.overScope(m.file, parity.Gap{Where: at.In(m.file.place.Show()), Reason: what, Hint: "write it again: terraform state pull, or terraform show -json"})
}

// withIndex is a resource's name with its index key, as Terraform writes it.
func withIndex(name string, index *doc.Node) string {
	switch {
	case index == nil || index.Kind == doc.Null:
		return name
	case index.Kind == doc.String:
		return name + `["` + index.Text + `"]`
	default:
		return name + "[" + index.Text + "]"
	}
}

// address is how people name a resource.
func address(module, kind, name string, data bool) string {
	if data {
		kind = "data." + kind
	}
	if module != "" {
		module += "."
	}
	if kind != "" {
		kind += "."
	}
	return module + kind + name
}

// providerOf takes a provider out of how a state writes it:
// provider["registry.terraform.io/hashicorp/aws"].west.
func providerOf(s string) string {
	_, rest, ok := strings.Cut(s, `provider["`) // a module's own configuration says nothing more
	if !ok {
		return s
	}
	source, alias, _ := strings.Cut(rest, `"]`)
	return source + alias
}
