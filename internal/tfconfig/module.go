package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// module is a parsed module.
type module struct {
	dir       string
	variables map[string]*block
	locals    map[string]*hcl.Attribute
	outputs   map[string]*block
	resources map[string]*block // by "type.name", data with "data." in front
	calls     map[string]*block
	providers map[string]*block // by name, with the alias
	terraform []*block
	// order has the keys of each in the order of the source.
	variableOrder, localOrder, outputOrder, resourceOrder, callOrder, providerOrder []string
	problems                                                                        []Problem
}

// block is a block with those that override it.
type block struct {
	labels []string
	rng    hcl.Range
	bodies []hcl.Body // later ones win
}

var rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"type", "name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "terraform"},
}}

// load parses the module in a directory, once.
func (r *run) load(dir string) *module {
	if m := r.parsed[dir]; m != nil {
		return m
	}
	m := &module{
		dir: dir, variables: map[string]*block{}, locals: map[string]*hcl.Attribute{}, outputs: map[string]*block{},
		resources: map[string]*block{}, calls: map[string]*block{}, providers: map[string]*block{},
	}
	r.parsed[dir] = m
	primary, override, err := sourceFiles(r.files.FS, dir)
	if err != nil {
		m.problems = append(m.problems, Problem{Pos: Pos{File: dir}, What: "the directory cannot be read: " + err.Error(), Whole: true})
		return m
	}
	for _, name := range primary {
		m.file(r, name, false)
	}
	for _, name := range override {
		m.file(r, name, true)
	}
	return m
}

func (m *module) file(r *run, name string, override bool) {
	body, problem := r.parse(name)
	if problem != nil {
		problem.Whole = true
		m.problems = append(m.problems, *problem)
		return
	}
	content, _, diags := body.PartialContent(rootSchema)
	if diags.HasErrors() {
		p := problemOf(name, diags)
		p.Whole = true
		m.problems = append(m.problems, *p)
	}
	if content == nil {
		return
	}
	for _, b := range content.Blocks {
		m.block(b, override)
	}
}

func (m *module) block(b *hcl.Block, override bool) {
	switch b.Type {
	case "variable":
		put(m.variables, &m.variableOrder, b.Labels[0], b, override)
	case "output":
		put(m.outputs, &m.outputOrder, b.Labels[0], b, override)
	case "module":
		put(m.calls, &m.callOrder, b.Labels[0], b, override)
	case "resource":
		put(m.resources, &m.resourceOrder, strings.Join(b.Labels, "."), b, override)
	case "data":
		put(m.resources, &m.resourceOrder, "data."+strings.Join(b.Labels, "."), b, override)
	case "provider":
		name := b.Labels[0]
		if alias := literal(attributesOf(b.Body)["alias"]); alias != "" {
			name += "." + alias
		}
		put(m.providers, &m.providerOrder, name, b, override)
	case "terraform":
		m.terraform = append(m.terraform, &block{rng: b.DefRange, bodies: []hcl.Body{b.Body}})
	case "locals":
		attributes, _ := b.Body.JustAttributes()
		for name, a := range attributes {
			if m.locals[name] == nil {
				m.localOrder = append(m.localOrder, name)
			}
			m.locals[name] = a
		}
	}
}

// put keeps a block. One that overrides adds to the one that is there; one that
// is there twice is an error to Terraform, and the first counts here.
func put(to map[string]*block, order *[]string, name string, b *hcl.Block, override bool) {
	switch was := to[name]; {
	case was == nil:
		to[name] = &block{labels: b.Labels, rng: b.DefRange, bodies: []hcl.Body{b.Body}}
		*order = append(*order, name)
	case override:
		was.bodies = append(was.bodies, b.Body)
	}
}

// attribute returns an attribute of a block, nil if it has none.
func (b *block) attribute(name string) *hcl.Attribute {
	for i := len(b.bodies) - 1; i >= 0; i-- {
		if a := attributesOf(b.bodies[i])[name]; a != nil {
			return a
		}
	}
	return nil
}

// attributesOf returns the attributes of a body, whatever blocks stand beside
// them.
func attributesOf(body hcl.Body) hcl.Attributes {
	attributes, _ := body.JustAttributes()
	return attributes
}

// literal returns the text of an attribute that is a plain text.
func literal(a *hcl.Attribute) string {
	if a == nil {
		return ""
	}
	return literalText(a.Expr)
}
