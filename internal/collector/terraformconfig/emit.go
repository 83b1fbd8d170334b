package terraformconfig

import (
	"context"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/tfconfig"
)

// model is one unit while it is handed over.
type model struct {
	*session
	unit    unit
	config  *tfconfig.Config
	origins map[string]*parity.Origin
	// documents are the policies that data sources write, by address.
	documents map[string]string
}

func (s *session) unit(ctx context.Context, u unit) {
	if s.cfg.Name != "" {
		u.name = strings.TrimSuffix(s.cfg.Name+"/"+u.name, "/")
	}
	files := tfconfig.Files{FS: u.place.FS, Limits: s.limits()}
	m := &model{session: s, unit: u, origins: map[string]*parity.Origin{}, documents: map[string]string{}}
	switch u.what {
	case variablesFile:
		m.variablesFile(files)
		return
	case terragruntUnit:
		m.terragrunt(files)
		return
	}
	varFiles, ok := s.varFiles(ctx, u)
	if !ok {
		return
	}
	m.config = tfconfig.Read(files, u.place.Path, tfconfig.Options{Workspace: s.cfg.Workspace, VarFiles: varFiles})
	m.all()
}

// all hands over an evaluated configuration.
func (m *model) all() {
	m.problems()
	m.resources()
	for _, mod := range m.config.Modules {
		for _, c := range mod.Calls {
			m.call(mod, c)
		}
		if mod.Address != "" {
			continue
		}
		m.variables(mod)
		m.locals(mod)
		m.outputs(mod)
		for _, p := range mod.Providers {
			m.subject(parity.Subject{Key: parity.Key{Kind: ProviderKind, Scope: m.scope(""), Name: p.Name}, Format: Format}, p.Pos, m.facts("", p.Value, ofTable(ProviderKind)))
		}
		var settings []parity.Fact
		for _, named := range mod.Settings {
			settings = append(settings, m.facts("/"+named.Name, named.Value, ofTable(SettingsKind))...)
		}
		if len(settings) > 0 {
			m.subject(parity.Subject{Key: parity.Key{Kind: SettingsKind, Scope: m.scope(""), Name: "root"}, Format: Format}, mod.Settings[0].Pos, settings)
		}
	}
}

// scope is a module's address with the unit's name before it, as for states.
func (m *model) scope(module string) string {
	switch {
	case m.unit.name == "":
		return module
	case module == "":
		return m.unit.name
	}
	return m.unit.name + ":" + module
}

func (m *model) origin(file string) *parity.Origin {
	if o := m.origins[file]; o != nil {
		return o
	}
	o := &parity.Origin{File: m.unit.place.Display(file), Precision: parity.AtLine}
	m.origins[file] = o
	return o
}

// subject hands one over whose facts have origins of their own.
func (m *model) subject(s parity.Subject, at tfconfig.Pos, facts []parity.Fact) {
	s.Origin, s.Line, s.Col = m.origin(at.File), at.Line, at.Col
	m.out.Subject(s, facts)
}

// resources hands over the resources and data sources of all modules.
func (m *model) resources() {
	var all []*cloud.Resource
	for _, mod := range m.config.Modules {
		for _, r := range mod.Resources {
			if r.Data && r.Type == documentType {
				if text, ok := policyText(r.Attributes, m.documents); ok {
					m.documents[dataAddress(mod.Address, r)] = text
					r.Attributes.Fields = append(r.Attributes.Fields, doc.Field{Key: "json", Value: &doc.Node{Kind: doc.String, Text: text, Line: r.Pos.Line, Col: r.Pos.Col}})
				}
			}
		}
	}
	for _, mod := range m.config.Modules {
		for _, r := range mod.Resources {
			m.withDocuments(r.Attributes)
			all = append(all, m.resource(mod, r))
		}
	}
	o := cloud.Options{Limits: doc.Limits{Nodes: max(1000, m.in.Limits.Nodes/10), Depth: m.in.Limits.Depth, Bytes: 4 << 20}, Secrets: m.secretTexts()}
	cloud.Read(all, o, func(s parity.Subject, facts []parity.Fact) {
		if strings.HasPrefix(s.Kind, "data.") {
			s.Format = Format
		}
		s.Labels = plainLabels(s.Labels)
		for i := range facts {
			written(&facts[i])
		}
		m.out.Subject(s, facts)
	})
}

const documentType = "aws_iam_policy_document"

func dataAddress(module string, r *tfconfig.Resource) string {
	return joined(module, "data."+r.Type+"."+r.Name)
}

func joined(module, step string) string {
	if module == "" {
		return step
	}
	return module + "." + step
}

// resource turns a resource into one that package cloud knows. Data sources other
// than those that state permissions are subjects of a type of their own.
func (m *model) resource(mod *tfconfig.Module, r *tfconfig.Resource) *cloud.Resource {
	res := &cloud.Resource{
		Type: r.Type, Scope: m.scope(mod.Address), Name: r.Name, Data: r.Data, Provider: r.Provider, Attributes: r.Attributes,
		Secret: m.marks(r.Attributes), Origin: m.origin(r.Pos.File), Line: r.Pos.Line, Col: r.Pos.Col,
	}
	res.Address = joined(mod.Address, r.Type+"."+r.Name)
	if r.Data {
		res.Address = dataAddress(mod.Address, r)
		res.Provider = ""
		if r.Type != documentType {
			res.Data, res.Type = false, "data."+r.Type
		}
		return res
	}
	for _, d := range r.DependsOn {
		res.DependsOn = append(res.DependsOn, cloud.WithoutIndexes(joined(mod.Address, d)))
	}
	for _, name := range [...]string{"id", "arn", "self_link", "name", "bucket", "function_name", "key_id", "email"} {
		res.Names = append(res.Names, tfconfig.ReferenceTo(res.Address, name))
	}
	return res
}

// marks says what of a tree is sensitive.
func (m *model) marks(n *doc.Node) *cloud.Marks {
	var marks *cloud.Marks
	var visit func(n *doc.Node, path []string)
	visit = func(n *doc.Node, at []string) {
		if m.config.Secret(n) {
			marks = marks.Mark(at...)
			return
		}
		for i := range n.Fields {
			visit(n.Fields[i].Value, append(at[:len(at):len(at)], n.Fields[i].Key))
		}
		for i, item := range n.Items {
			visit(item, append(at[:len(at):len(at)], itoa(i)))
		}
	}
	visit(n, nil)
	return marks
}

// secretTexts are the texts of sensitive variables.
func (m *model) secretTexts() []string {
	var out []string
	for _, mod := range m.config.Modules {
		for i := range mod.Variables {
			if v := &mod.Variables[i]; v.Sensitive && v.Node != nil {
				out = append(out, textsOf(v.Node, 0)...)
			}
		}
	}
	return out
}

func textsOf(n *doc.Node, depth int) []string {
	if depth > 50 {
		return nil
	}
	if n.Kind == doc.String {
		return []string{n.Text}
	}
	var out []string
	for i := range n.Fields {
		out = append(out, textsOf(n.Fields[i].Value, depth+1)...)
	}
	for _, item := range n.Items {
		out = append(out, textsOf(item, depth+1)...)
	}
	return out
}

// call hands over a call of a module. What a module of the repository is given
// shows in its resources.
func (m *model) call(mod *tfconfig.Module, c *tfconfig.Call) {
	s := parity.Subject{Key: parity.Key{Kind: ModuleKind, Scope: m.scope(mod.Address), Name: c.Name}, Format: Format}
	facts := []parity.Fact{}
	add := func(path, text string) {
		if text != "" {
			facts = append(facts, m.facts(path, tfconfig.Value{Node: &doc.Node{Kind: doc.String, Text: text, Line: c.Pos.Line, Col: c.Pos.Col}, Pos: c.Pos}, ofTable(ModuleKind))...)
		}
	}
	source := c.Source
	if c.Followed {
		source = path.Join(mod.Dir, c.Source)
	}
	source, ref, _ := strings.Cut(source, "?ref=")
	add("/source", source)
	add("/source/ref", ref)
	add("/version", c.Version)
	if c.Arguments != nil {
		facts = append(facts, m.facts("/arguments", tfconfig.Value{Node: c.Arguments, Pos: c.Pos}, ofTable(ModuleKind))...)
	}
	m.subject(s, c.Pos, facts)
}

// problems records what could not be read or evaluated.
func (m *model) problems() {
	for _, p := range m.config.Problems {
		at := doc.Error{Line: p.Pos.Line, Col: p.Pos.Col}
		g := parity.Gap{Where: at.In(m.unit.place.Display(p.Pos.File)), Reason: p.What, Hint: p.Hint}
		if p.Module != "" || m.unit.name != "" {
			g.Scope = parity.LiteralPattern(m.scope(p.Module))
		}
		switch {
		case p.Kind != "":
			g.Kind, g.Name, g.Hides = parity.LiteralPattern(p.Kind), parity.LiteralPattern(p.Name)+`\[*`, parity.HidesObjects
		case !p.Whole:
			g.Hides = parity.HidesNothing // the value itself is there as an expression
		case p.Module != "":
			m.out.Gap(g)
			g.Scope += "*" // its instances, and the modules that it calls
		case m.unit.name != "":
			m.out.Gap(g)
			g.Scope += ":*"
		}
		m.out.Gap(g)
	}
}
