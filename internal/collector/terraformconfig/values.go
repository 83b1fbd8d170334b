package terraformconfig

import (
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/settings"
	"github.com/envparity/parity/internal/tfconfig"
)

func itoa(i int) string { return strconv.Itoa(i) }

// table gives the surface of a fact by its path.
type table func(path string) parity.Surface

func ofTable(kind string) table {
	return func(path string) parity.Surface { return surfaces().Of(kind, path) }
}

func common(path string) parity.Surface { return surfaces().Of(VariablesKind, path) }

// leaf is a scalar of a tree with where it really stands.
type leaf struct {
	node      *doc.Node
	line, col int32
}

// facts reads a value as settings are read, at a path.
func (m *model) facts(at string, v tfconfig.Value, surfaceOf table) []parity.Fact {
	if v.Node == nil {
		return nil
	}
	if m.config != nil && m.config.Secret(v.Node) {
		return []parity.Fact{{
			Path: at, Value: parity.Value{Kind: parity.Secret, Raw: cloud.PlainText(v.Node)}, Surface: surfaceOf(at),
			Origin: m.origin(v.Pos.File), Line: v.Node.Line, Col: v.Node.Col,
		}}
	}
	var leaves []leaf
	m.number(v.Node, &leaves, 0)
	const key = "v"
	tree := &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: key, Value: &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: key, Value: v.Node}}}}}}
	var out []parity.Fact
	o := settings.Options{
		Limits:  doc.Limits{Nodes: max(1000, m.in.Limits.Nodes/10), Depth: m.in.Limits.Depth, Bytes: 4 << 20},
		Surface: func(path string) parity.Surface { return surfaceOf(at + strings.TrimPrefix(path, "/v/v")) },
	}
	origin := m.origin(v.Pos.File)
	settings.Read(tree, o, origin, func(_ parity.Subject, facts []parity.Fact) {
		for _, f := range facts {
			f.Path = at + strings.TrimPrefix(f.Path, "/v")
			m.placed(&f, leaves)
			written(&f)
			out = append(out, f)
		}
	})
	for i := range leaves {
		leaves[i].node.Line, leaves[i].node.Col = leaves[i].line, leaves[i].col
	}
	return out
}

// number gives each node of a tree its number for a line, so that the facts that
// are read from it can be traced to it.
func (m *model) number(n *doc.Node, leaves *[]leaf, depth int) {
	*leaves = append(*leaves, leaf{n, n.Line, n.Col})
	n.Line = int32(min(len(*leaves), 1<<30))
	if depth > 200 {
		return
	}
	for i := range n.Fields {
		m.number(n.Fields[i].Value, leaves, depth+1)
	}
	for _, item := range n.Items {
		m.number(item, leaves, depth+1)
	}
}

// placed puts a fact where it really stands, and says what it follows from.
func (m *model) placed(f *parity.Fact, leaves []leaf) {
	if f.Line < 1 || int(f.Line) > len(leaves) {
		return
	}
	at := leaves[f.Line-1]
	f.Line, f.Col = at.line, at.col
	if m.config == nil {
		return
	}
	if m.config.Secret(at.node) {
		f.Value = parity.Value{Kind: parity.Secret, Raw: cloud.PlainText(at.node)}
	}
	if shown, ok := m.config.Shows(at.node); ok {
		kind := shown.Type
		if shown.Data {
			kind = "data." + kind
		}
		f.DerivedFrom = &parity.FactRef{Subject: parity.Key{Kind: kind, Scope: m.scope(shown.Module), Name: shown.Name}, Path: "/" + shown.Attribute}
	}
}

// written writes the expressions in a fact out, and says by rules that it has
// some.
func written(f *parity.Fact) {
	raw, found, open := tfconfig.Expressions(f.Value.Raw)
	canon, foundToo, openToo := tfconfig.Expressions(f.Value.Canon)
	f.Path, _, _ = tfconfig.Expressions(f.Path)
	if !found && !foundToo {
		return
	}
	f.Value.Raw, f.Value.Canon = raw, canon
	switch f.Value.Kind {
	case parity.Reference:
		return // it is known what it names
	case parity.Tuple, parity.Set, parity.List, parity.Secret:
	default:
		f.Value.Kind, f.Value.Canon = parity.Text, ""
	}
	rule := parity.Expression
	if open || openToo {
		rule = parity.OpenExpression
	}
	f.Rules = f.Rules.With(rule)
}

func plainLabels(all []parity.Label) []parity.Label {
	for i := range all {
		all[i].Value, _, _ = tfconfig.Expressions(all[i].Value)
		all[i].Name, _, _ = tfconfig.Expressions(all[i].Name)
	}
	return all
}

// variables hands over the variables of the root module. One that nothing gives a
// value is an expression that only a run can fill.
func (m *model) variables(mod *tfconfig.Module) {
	var facts []parity.Fact
	for i := range mod.Variables {
		v := &mod.Variables[i]
		if v.Unset {
			facts = append(facts, parity.Fact{
				Path: "/" + v.Name, Value: parity.Value{Kind: parity.Text, Raw: "${var." + v.Name + "}"}, Rules: parity.SetOf(parity.OpenExpression),
				Surface: common("/" + v.Name), Origin: m.origin(v.Pos.File), Line: v.Pos.Line, Col: v.Pos.Col,
			})
			continue
		}
		if v.Sensitive {
			facts = append(facts, parity.Fact{
				Path: "/" + v.Name, Value: parity.Value{Kind: parity.Secret, Raw: cloud.PlainText(v.Node)}, Surface: common("/" + v.Name),
				Origin: m.origin(v.Pos.File), Line: v.Pos.Line, Col: v.Pos.Col,
			})
			continue
		}
		facts = append(facts, m.facts("/"+v.Name, v.Value, common)...)
	}
	if len(facts) > 0 {
		m.subject(parity.Subject{Key: parity.Key{Kind: VariablesKind, Scope: m.scope(""), Name: "root"}, Format: Format}, mod.Variables[0].Pos, facts)
	}
}

// locals hands over the locals of the root module. What they take from variables
// follows from those.
func (m *model) locals(mod *tfconfig.Module) {
	var facts []parity.Fact
	for i := range mod.Locals {
		facts = append(facts, m.facts("/"+mod.Locals[i].Name, mod.Locals[i].Value, common)...)
	}
	if len(facts) > 0 {
		m.subject(parity.Subject{Key: parity.Key{Kind: LocalsKind, Scope: m.scope(""), Name: "root"}, Format: Format}, mod.Locals[0].Pos, facts)
	}
}

// outputs hands over the outputs of the root module, as states have them.
func (m *model) outputs(mod *tfconfig.Module) {
	var facts []parity.Fact
	for i := range mod.Outputs {
		o := &mod.Outputs[i]
		if o.Sensitive {
			facts = append(facts, parity.Fact{
				Path: "/outputs/" + o.Name, Value: parity.Value{Kind: parity.Secret, Raw: cloud.PlainText(o.Node)},
				Surface: cloud.Surfaces().Of(cloud.StateKind, "/outputs/"+o.Name), Origin: m.origin(o.Pos.File), Line: o.Pos.Line, Col: o.Pos.Col,
			})
			continue
		}
		facts = append(facts, m.facts("/outputs/"+o.Name, o.Value, func(p string) parity.Surface { return cloud.Surfaces().Of(cloud.StateKind, p) })...)
	}
	if len(facts) > 0 {
		m.subject(parity.Subject{Key: parity.Key{Kind: cloud.StateKind, Scope: m.scope(""), Name: "root"}, Format: cloud.Format}, mod.Outputs[0].Pos, facts)
	}
}

// variablesFile hands over a file of variables that no module beside it reads.
func (m *model) variablesFile(files tfconfig.Files) {
	values, config := tfconfig.ReadVariables(files, m.unit.place.Path)
	m.config = config
	name := m.unit.place.Path[strings.LastIndexByte(m.unit.place.Path, '/')+1:]
	name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".tfvars"), ".auto")
	for _, p := range config.Problems {
		at := doc.Error{Line: p.Pos.Line, Col: p.Pos.Col}
		m.out.Gap(parity.Gap{
			Kind: VariablesKind, Scope: parity.LiteralPattern(m.unit.name), Name: parity.LiteralPattern(name),
			Where: at.In(m.unit.place.Display(p.Pos.File)), Reason: p.What, Hint: p.Hint,
		})
	}
	var facts []parity.Fact
	for i := range values {
		facts = append(facts, m.facts("/"+values[i].Name, values[i].Value, common)...)
	}
	s := parity.Subject{Key: parity.Key{Kind: VariablesKind, Scope: m.unit.name, Name: name}, Format: Format}
	if len(values) > 0 || len(config.Problems) == 0 {
		m.subject(s, tfconfig.Pos{File: m.unit.place.Path, Line: 1, Col: 1}, facts)
	}
}
