package tfconfig

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// scope is one instance of a module while it is evaluated.
type scope struct {
	run     *run
	mod     *module
	address string
	// inputs are the values of variables, with the expressions behind them.
	inputs map[string]*bound
	locals map[string]*bound
	// children are the instances of called modules that are in the repository, by
	// the call's name; several where the call has count or for_each.
	children map[string]*child
	// busy are the locals and resources that are being evaluated.
	busy map[string]bool
	// extra are the functions instead of Terraform's, and base what is named in all
	// expressions; nil but for Terragrunt.
	extra map[string]function.Function
	base  map[string]cty.Value
}

// child is a called module that is in the repository.
type child struct {
	single *scope
	// known is the value of module.NAME where it has several instances, or is not
	// known.
	known cty.Value
}

// bound is a named value with the expression that gives it.
type bound struct {
	value cty.Value
	// unset says of a variable that nothing gives it a value.
	unset bool
	expr  hcl.Expression
	in    env
	pos   Pos
}

// env is where an expression is evaluated: a scope, and what each, count and the
// iterators of dynamic blocks stand for.
type env struct {
	*scope
	vars map[string]cty.Value
}

func (e env) with(name string, v cty.Value) env {
	vars := make(map[string]cty.Value, len(e.vars)+1)
	for k, x := range e.vars {
		vars[k] = x
	}
	vars[name] = v
	return env{e.scope, vars}
}

// value evaluates an expression. What cannot be evaluated is unknown.
func (e env) value(x hcl.Expression) cty.Value {
	v, _ := e.tryValue(x)
	return v
}

func (e env) tryValue(x hcl.Expression) (cty.Value, hcl.Diagnostics) {
	ctx, weight := e.context(x)
	if _, native := x.(hclsyntax.Expression); weight > maxWork || !native && weight > maxJSONWork {
		return cty.DynamicVal, tooMuch(x)
	}
	if e.run.budget.total -= weight; e.run.budget.total <= 0 {
		return cty.DynamicVal, tooMuch(x)
	}
	e.run.budget.begin()
	v, diags := x.Value(ctx)
	if v == cty.NilVal || diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	made := size(v)
	if e.run.budget.charge(made); made > maxArgument {
		return cty.DynamicVal, tooMuch(x)
	}
	return v, nil
}

func tooMuch(x hcl.Expression) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "The expression takes too much work", Subject: x.Range().Ptr()}}
}

// context gives an expression what it names and nothing else; weight is about how
// many bytes that is, once for each time that it is named.
func (e env) context(x hcl.Expression) (ctx *hcl.EvalContext, weight int) {
	byRoot := map[string][]hcl.Traversal{}
	for _, t := range x.Variables() {
		byRoot[t.RootName()] = append(byRoot[t.RootName()], t)
	}
	ctx = &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: e.extra}
	if e.extra == nil {
		ctx.Functions = e.run.functions()
	}
	for root, traversals := range byRoot {
		v := e.root(root, traversals)
		ctx.Variables[root] = v
		weight += size(v) * len(traversals)
	}
	return ctx, weight + 64
}

// root returns what the first name of references stands for.
func (e env) root(name string, refs []hcl.Traversal) cty.Value {
	if v, ok := e.vars[name]; ok {
		return v
	}
	switch name {
	case "var":
		return named(refs, func(n string) (cty.Value, bool) {
			b := e.inputs[n]
			if b == nil {
				return cty.NilVal, false
			}
			return b.value, true
		})
	case "local":
		return named(refs, func(n string) (cty.Value, bool) {
			b := e.local(n)
			if b == nil {
				return cty.NilVal, false
			}
			return b.value, true
		})
	case "module":
		return named(refs, func(n string) (cty.Value, bool) { return e.callValue(n), true })
	case "path":
		return cty.ObjectVal(map[string]cty.Value{
			"module": cty.StringVal(e.run.relative(e.mod.dir)), "root": cty.StringVal("."), "cwd": cty.UnknownVal(cty.String),
		})
	case "terraform", "tofu":
		w := cty.UnknownVal(cty.String)
		if e.run.workspace != "" {
			w = cty.StringVal(e.run.workspace)
		}
		return cty.ObjectVal(map[string]cty.Value{"workspace": w})
	case "data", "self", "each", "count", "ephemeral":
		return cty.DynamicVal
	default:
		return named(refs, func(n string) (cty.Value, bool) { return e.resourceValue(name, n, refs), true })
	}
}

// named makes an object of the names that references have behind their root. One
// that is used as a whole is unknown.
func named(refs []hcl.Traversal, get func(name string) (cty.Value, bool)) cty.Value {
	fields := map[string]cty.Value{}
	for _, t := range refs {
		if len(t) < 2 {
			return cty.DynamicVal
		}
		attr, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			return cty.DynamicVal
		}
		v, ok := get(attr.Name)
		if !ok {
			continue // an error where it is evaluated
		}
		fields[attr.Name] = v
	}
	return cty.ObjectVal(fields)
}

// local returns a local value, evaluated once; nil if there is none. One that
// depends on itself is unknown.
func (s *scope) local(name string) *bound {
	if b := s.locals[name]; b != nil {
		return b
	}
	a := s.mod.locals[name]
	if a == nil {
		return nil
	}
	b := &bound{value: cty.DynamicVal, expr: a.Expr, in: env{s, s.base}, pos: posOf(a.Expr.Range())}
	s.locals[name] = b
	v, diags := b.in.tryValue(a.Expr)
	b.value = v
	s.tell(diags, "")
	if from := s.note("local", name, b.pos); from != nil && v.IsWhollyKnown() {
		b.value = mark(v, from)
	}
	return b
}

// tell records why something cannot be evaluated.
func (s *scope) tell(diags hcl.Diagnostics, name string) {
	for _, d := range diags {
		if d.Severity != hcl.DiagError || d.Subject == nil {
			continue
		}
		s.run.problem(Problem{Pos: posOf(*d.Subject), What: "the expression cannot be evaluated: " + lowerFirst(d.Summary), Module: s.address, Kind: "", Name: name})
		return
	}
}

// maxProblems bounds those of one source.
const maxProblems = 10_000

func (r *run) problem(p Problem) {
	for i := range r.out.Problems {
		if i < 1000 && r.out.Problems[i] == p {
			return
		}
	}
	if len(r.out.Problems) < maxProblems {
		r.out.Problems = append(r.out.Problems, p)
	}
}

// resourceValue gives the attributes of a resource that references ask for: those
// that its configuration sets to a text, number or bool, where it has a single
// instance. The others are known to its provider alone.
func (e env) resourceValue(kind, name string, refs []hcl.Traversal) cty.Value {
	b, key := e.mod.resources[kind+"."+name], "resource."+kind+"."+name
	if b == nil || b.attribute("count") != nil || b.attribute("for_each") != nil || e.busy[key] {
		return cty.DynamicVal
	}
	e.busy[key] = true
	defer delete(e.busy, key)
	fields := map[string]cty.Value{}
	for _, t := range refs {
		n, ok := t[1].(hcl.TraverseAttr)
		if !ok || n.Name != name {
			continue
		}
		if len(t) < 3 {
			return cty.DynamicVal
		}
		attr, ok := t[2].(hcl.TraverseAttr)
		if !ok {
			return cty.DynamicVal
		}
		fields[attr.Name] = e.argument(b, attr.Name)
	}
	return cty.ObjectVal(fields)
}

func (e env) argument(b *block, name string) cty.Value {
	a := b.attribute(name)
	if a == nil || len(e.busy) > 100 {
		return cty.DynamicVal
	}
	v := env{scope: e.scope}.value(a.Expr)
	plain, _ := v.Unmark()
	if !plain.IsKnown() || plain.IsNull() || !plain.Type().IsPrimitiveType() {
		return cty.DynamicVal
	}
	return v
}

// relative is a directory as the root module's path.module has it.
func (r *run) relative(dir string) string {
	if dir == r.rootDir {
		return "."
	}
	from, to := strings.Split(r.rootDir, "/"), strings.Split(dir, "/")
	if r.rootDir == "." {
		from = nil
	}
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	return strings.Repeat("../", len(from)) + strings.Join(to, "/")
}

// literalText is an expression that is a plain text, or "".
func literalText(x hcl.Expression) string {
	v, diags := x.Value(nil)
	if diags.HasErrors() || v == cty.NilVal || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// keywordOf is an expression that is a bare word or a text, as types and
// providers may be written.
func keywordOf(x hcl.Expression) string {
	if t, ok := plainExpression(x).(*hclsyntax.ScopeTraversalExpr); ok {
		return traversalText(t.Traversal)
	}
	return literalText(x)
}
