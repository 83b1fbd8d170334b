package tfconfig

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/envparity/parity/internal/doc"
)

// Read evaluates the root module in a directory.
func Read(f Files, dir string, o Options) *Config {
	r := newRun(f)
	r.rootDir, r.workspace = dir, o.Workspace
	m := r.load(dir)
	if r.workspace == "" && !m.workspaceOpen() {
		r.workspace = "default"
	}
	given, hidden := r.given(r.varFiles(dir, o.VarFiles))
	if o.Inputs != nil {
		for name, b := range o.Inputs.values {
			given[name] = b
		}
	}
	r.module(m, "", given, hidden, 0)
	return r.out
}

// workspaceOpen reports whether a module leaves its workspace to the run.
func (m *module) workspaceOpen() bool {
	for _, t := range m.terraform {
		for _, body := range t.bodies {
			content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "cloud"}, {Type: "backend", LabelNames: []string{"type"}}}})
			for _, b := range content.Blocks {
				if b.Type == "cloud" || b.Labels[0] == "remote" {
					return true
				}
			}
		}
	}
	return false
}

// module evaluates one instance of a module and those that it calls.
func (r *run) module(m *module, address string, given map[string]*bound, hidden bool, depth int) *scope {
	s := &scope{run: r, mod: m, address: address, inputs: map[string]*bound{}, locals: map[string]*bound{}, children: map[string]*child{}, busy: map[string]bool{}}
	out := &Module{Address: address, Dir: m.dir}
	r.out.Modules = append(r.out.Modules, out)
	for _, p := range m.problems {
		p.Module = address
		r.problem(p)
	}
	s.variables(given, hidden, out)
	in := env{scope: s}
	for _, name := range m.callOrder {
		s.call(name, m.calls[name], out, depth)
	}
	for _, key := range m.resourceOrder {
		s.resource(m.resources[key], strings.HasPrefix(key, "data."), out)
	}
	for _, name := range m.localOrder {
		b := s.local(name)
		if address == "" {
			out.Locals = append(out.Locals, Named{name, Value{r.boundNode(b), b.pos}})
		}
	}
	for _, name := range m.outputOrder {
		if a := m.outputs[name].attribute("value"); a != nil && address == "" {
			out.Outputs = append(out.Outputs, Output{Named{name, Value{in.tree(a.Expr, seen{}, 0), posOf(a.Expr.Range())}}, isTrue(m.outputs[name].attribute("sensitive"))})
		}
	}
	s.settings(out)
	return s
}

// output is an output of a called module, evaluated where it is asked for.
func (s *scope) output(name string) *bound {
	key := "output." + name
	if b := s.locals[key]; b != nil {
		return b
	}
	o := s.mod.outputs[name]
	if o == nil || o.attribute("value") == nil {
		return nil
	}
	a := o.attribute("value")
	b := &bound{value: cty.DynamicVal, expr: a.Expr, in: env{scope: s}, pos: posOf(a.Expr.Range())}
	s.locals[key] = b
	b.value = b.in.value(a.Expr)
	if isTrue(o.attribute("sensitive")) {
		b.value = b.value.Mark(sensitive)
	}
	return b
}

// outputs is what module.NAME stands for, one instance of it.
func (s *scope) outputs() cty.Value {
	fields := map[string]cty.Value{}
	for _, name := range s.mod.outputOrder {
		if b := s.output(name); b != nil {
			fields[name] = b.value
		}
	}
	return cty.ObjectVal(fields)
}

func (s *scope) callValue(name string) cty.Value {
	c := s.children[name]
	switch {
	case c == nil:
		return cty.DynamicVal
	case c.single != nil:
		return c.single.outputs()
	default:
		return c.known
	}
}

// instance is one of a block with count or for_each.
type instance struct {
	suffix string // "", "[0]" or `["key"]`
	env    env
	key    cty.Value
}

// instances expands a block. known is false where it is not known how many there
// are; then there is one that stands for all.
func (s *scope) instances(b *block, what string) (all []instance, known bool) {
	in := env{scope: s}
	if a := b.attribute("count"); a != nil {
		return s.counted(b, in, a, what)
	}
	a := b.attribute("for_each")
	if a == nil {
		return []instance{{env: in}}, true
	}
	each, diags := in.tryValue(a.Expr)
	s.tell(diags, "")
	v, _ := each.Unmark()
	unknown := []instance{{env: in.with("each", cty.DynamicVal)}}
	t := v.Type()
	if !v.IsKnown() || v.IsNull() || !t.IsMapType() && !t.IsObjectType() && !t.IsSetType() && !t.IsTupleType() && !t.IsListType() {
		return unknown, false
	}
	if !s.room(b, v.LengthInt(), what) {
		return unknown, false
	}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		if !t.IsMapType() && !t.IsObjectType() {
			k = e
		}
		k, _ = k.Unmark()
		if !k.IsKnown() || k.IsNull() || k.Type() != cty.String {
			return unknown, false
		}
		each := cty.ObjectVal(map[string]cty.Value{"key": k, "value": e})
		all = append(all, instance{`["` + k.AsString() + `"]`, in.with("each", each), k})
	}
	return all, true
}

func (s *scope) counted(b *block, in env, a *hcl.Attribute, what string) ([]instance, bool) {
	unknown := []instance{{env: in.with("count", cty.DynamicVal)}}
	n, ok := smallInt(in.value(a.Expr))
	if !ok || n < 0 || !s.room(b, n, what) {
		return unknown, false
	}
	all := make([]instance, 0, n)
	for i := range n {
		k := cty.NumberIntVal(int64(i))
		all = append(all, instance{"[" + scalarText(k) + "]", in.with("count", cty.ObjectVal(map[string]cty.Value{"index": k})), k})
	}
	return all, true
}

// room reports whether so many instances may be made.
func (s *scope) room(b *block, n int, what string) bool {
	r := s.run
	if n <= r.limits.Instances && r.total+n <= r.limits.Total {
		r.total += n
		return true
	}
	limit := r.limits.Instances
	if n <= limit {
		limit = r.limits.Total
	}
	r.problem(Problem{Pos: posOf(b.rng), What: tooMany("instances of "+what, limit), Hint: "name a smaller part as a source of its own", Module: s.address})
	return false
}

// resource evaluates the instances of one resource or data source.
func (s *scope) resource(b *block, data bool, to *Module) {
	kind, name := b.labels[0], b.labels[1]
	all, known := s.instances(b, "a resource")
	if !known {
		s.run.problem(Problem{
			Pos: posOf(b.rng), What: "how many there are is known only when it is run", Hint: "compare the state as well",
			Module: s.address, Kind: kindOf(kind, data), Name: name, Instances: true,
		})
	}
	for _, i := range all {
		if s.run.full() {
			s.run.problem(Problem{Pos: posOf(b.rng), What: tooMany("values", s.run.limits.Nodes), Hint: "name a smaller part as a source of its own", Module: s.address, Whole: true})
			return
		}
		full := name + i.suffix
		res := &Resource{Type: kind, Name: full, Data: data, Pos: posOf(b.rng), Provider: s.providerOf(b, kind)}
		show := seen{}
		if s.address == "" || !data {
			show.at = &Shown{Module: s.address, Type: kind, Name: full, Data: data}
		}
		if data && kind != "aws_iam_policy_document" {
			show.at = nil
		}
		res.Attributes = i.env.bodyTree(b, show, 0, metaArguments)
		if !known && !data {
			count := b.attribute("count")
			if count == nil {
				count = b.attribute("for_each")
			}
			if count != nil {
				field := doc.Field{Key: "(" + count.Name + ")", Line: res.Pos.Line, Col: res.Pos.Col, Value: i.env.tree(count.Expr, show, 0)}
				res.Attributes.Fields = append(res.Attributes.Fields, field)
			}
		}
		res.DependsOn = s.references(b)
		to.Resources = append(to.Resources, res)
	}
}

func kindOf(kind string, data bool) string {
	if data {
		return "data." + kind
	}
	return kind
}

// metaArguments are those that every resource may have and that say how Terraform
// treats it.
var metaArguments = map[string]bool{
	"count": true, "for_each": true, "provider": true, "depends_on": true, "lifecycle": true, "connection": true, "provisioner": true,
	"providers": true, "source": true, "version": true,
}

// references lists the resources that a block refers to, as its module names them.
func (s *scope) references(b *block) []string {
	var out []string
	found := map[string]bool{}
	visit := func(x hcl.Expression) {
		for _, t := range x.Variables() {
			key := t.RootName()
			if len(t) > 1 {
				key += "." + nameOf(t[1])
			}
			if s.mod.resources[key] != nil && !found[key] {
				found[key] = true
				out = append(out, key)
			}
		}
	}
	for _, body := range b.bodies {
		eachExpression(body, visit)
	}
	slices.Sort(out)
	return out
}

// eachExpression visits the expressions of a body and of the blocks in it.
func eachExpression(body hcl.Body, visit func(hcl.Expression)) {
	for _, a := range attributesOf(body) {
		visit(a.Expr)
	}
	if native, ok := body.(*hclsyntax.Body); ok {
		for _, b := range native.Blocks {
			eachExpression(b.Body, visit)
		}
	}
}

// bodyTree evaluates what stands in a block: arguments and blocks. skip are names
// that are left out at the top.
func (e env) bodyTree(b *block, show seen, depth int, skip map[string]bool) *doc.Node {
	n := e.run.newNode(doc.Map, "", posOf(b.rng))
	at := map[string]int{}
	for _, body := range b.bodies {
		for _, f := range e.bodyFields(body, show, depth, skip) {
			if i, ok := at[f.Key]; ok {
				n.Fields[i] = f
				continue
			}
			at[f.Key] = len(n.Fields)
			n.Fields = append(n.Fields, f)
		}
	}
	return n
}

func (e env) bodyFields(body hcl.Body, show seen, depth int, skip map[string]bool) []doc.Field {
	var out []doc.Field
	for name, a := range attributesOf(body) {
		if skip[name] {
			continue
		}
		out = append(out, doc.Field{Key: name, Line: posOf(a.NameRange).Line, Col: posOf(a.NameRange).Col, Value: e.tree(a.Expr, show.under(name, depth), depth+1)})
	}
	native, ok := body.(*hclsyntax.Body)
	if ok && depth < e.run.limits.Depth {
		lists := map[string]*doc.Node{}
		for _, b := range native.Blocks {
			if skip[b.Type] {
				continue
			}
			e.nested(b, show, depth, lists, &out)
		}
	}
	sortFields(out)
	return out
}

// under is where an argument of a resource shows; what stands deeper shows in it.
func (s seen) under(name string, depth int) seen {
	if s.at == nil || depth > 0 {
		return s
	}
	at := *s.at
	at.Attribute = name
	return seen{&at}
}

// nested adds the items of a block to the list of its type.
func (e env) nested(b *hclsyntax.Block, show seen, depth int, lists map[string]*doc.Node, out *[]doc.Field) {
	name := b.Type
	if name == "dynamic" && len(b.Labels) == 1 {
		name = b.Labels[0]
	}
	show = show.under(name, depth)
	list := lists[name]
	if list == nil {
		list = e.run.newNode(doc.List, "", posOf(b.DefRange()))
		lists[name] = list
		*out = append(*out, doc.Field{Key: name, Line: list.Line, Col: list.Col, Value: list})
	}
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		list.Items = append(list.Items, e.dynamicItems(b, show, depth)...)
		return
	}
	item := e.bodyTree(&block{rng: b.DefRange(), bodies: []hcl.Body{b.Body}}, show, depth+1, nil)
	for i, label := range b.Labels {
		item.Fields = append(item.Fields, doc.Field{Key: "label" + strings.Repeat("'", i), Value: e.run.newNode(doc.String, label, posOf(b.DefRange()))})
	}
	list.Items = append(list.Items, item)
}

// dynamicItems expands a dynamic block. Where it is not known what it stands for,
// there is one item that says so.
func (e env) dynamicItems(b *hclsyntax.Block, show seen, depth int) []*doc.Node {
	iterator := b.Labels[0]
	each := b.Body.Attributes["for_each"]
	if a := b.Body.Attributes["iterator"]; a != nil {
		iterator = keywordOf(a.Expr)
	}
	var content *hclsyntax.Block
	for _, inner := range b.Body.Blocks {
		if inner.Type == "content" {
			content = inner
		}
	}
	if each == nil || content == nil {
		return nil
	}
	v, _ := e.value(each.Expr).Unmark()
	body := &block{rng: b.DefRange(), bodies: []hcl.Body{content.Body}}
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() || v.LengthInt() > e.run.limits.Instances {
		item := e.with(iterator, cty.DynamicVal).bodyTree(body, show, depth+1, nil)
		item.Fields = append(item.Fields, doc.Field{Key: "(for_each)", Value: e.tree(each.Expr, show, depth+1)})
		return []*doc.Node{item}
	}
	var out []*doc.Node
	for it := v.ElementIterator(); it.Next() && !e.run.full(); {
		k, x := it.Element()
		if v.Type().IsSetType() {
			k = x
		}
		out = append(out, e.with(iterator, cty.ObjectVal(map[string]cty.Value{"key": k, "value": x})).bodyTree(body, show, depth+1, nil))
	}
	return out
}

// call evaluates a module call, and the module where it is in the repository.
func (s *scope) call(name string, b *block, to *Module, depth int) {
	in := env{scope: s}
	c := &Call{Name: name, Pos: posOf(b.rng)}
	if a := b.attribute("source"); a != nil {
		c.Source = plainText(in.value(a.Expr))
	}
	if a := b.attribute("version"); a != nil {
		c.Version = plainText(in.value(a.Expr))
	}
	if strings.HasPrefix(c.Source, "./") || strings.HasPrefix(c.Source, "../") {
		s.followed(name, b, c, to, depth)
		return
	}
	all, known := s.instances(b, "a module")
	for _, i := range all {
		one := *c
		one.Name += i.suffix
		one.Arguments = i.env.bodyTree(b, seen{}, 0, metaArguments)
		if !known {
			one.Count = s.run.newNode(doc.String, openMark+"..."+endMark, c.Pos)
		}
		to.Calls = append(to.Calls, &one)
	}
	s.children[name] = &child{known: cty.DynamicVal}
}

// plainText is a known text, or "".
func plainText(v cty.Value) string {
	v, _ = v.UnmarkDeep()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// followed evaluates a module of the repository.
func (s *scope) followed(name string, b *block, c *Call, to *Module, depth int) {
	r := s.run
	dir := path.Join(s.mod.dir, c.Source)
	c.Followed = true
	s.children[name] = &child{known: cty.DynamicVal}
	fail := func(what, hint string) {
		to.Calls = append(to.Calls, c)
		r.problem(Problem{Pos: c.Pos, What: what, Hint: hint, Module: join(s.address, "module."+name), Whole: true, Instances: true})
	}
	switch {
	case strings.HasPrefix(dir, "../") || dir == "..":
		fail("the module is not in the repository", "")
		return
	case depth >= r.limits.Depth:
		fail("modules call each other in a circle, or too deeply", "")
		return
	}
	m := r.load(dir)
	if len(m.problems) == 0 && len(m.resources)+len(m.variables)+len(m.calls)+len(m.outputs)+len(m.locals) == 0 {
		fail("the module's directory holds no configuration", "")
		return
	}
	to.Calls = append(to.Calls, c)
	all, known := s.instances(b, "a module")
	if !known {
		r.problem(Problem{Pos: c.Pos, What: "how many instances of the module there are is known only when it is run", Hint: "compare the state as well", Module: join(s.address, "module."+name), Whole: true, Instances: true})
	}
	s.followAll(name, b, m, all, known, depth)
}

func (s *scope) followAll(name string, b *block, m *module, all []instance, known bool, depth int) {
	byKey, inOrder := map[string]cty.Value{}, []cty.Value{}
	for _, i := range all {
		given := map[string]*bound{}
		for arg := range m.variables {
			if a := b.attribute(arg); a != nil {
				v, diags := i.env.tryValue(a.Expr)
				s.tell(diags, "")
				given[arg] = &bound{value: v, expr: a.Expr, in: i.env, pos: posOf(a.Expr.Range())}
			}
		}
		inner := s.run.module(m, join(s.address, "module."+name+i.suffix), given, false, depth+1)
		switch {
		case i.suffix == "" && known:
			s.children[name] = &child{single: inner}
			return
		case !known:
			return
		case i.key.Type() == cty.String:
			byKey[i.key.AsString()] = inner.outputs()
		default:
			inOrder = append(inOrder, inner.outputs())
		}
	}
	if b.attribute("count") != nil {
		s.children[name] = &child{known: cty.TupleVal(inOrder)}
	} else {
		s.children[name] = &child{known: cty.ObjectVal(byKey)}
	}
}

func join(address, step string) string {
	if address == "" {
		return step
	}
	return address + "." + step
}
