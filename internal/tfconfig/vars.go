package tfconfig

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/envparity/parity/internal/doc"
)

// Inputs are values for the variables of a root module from elsewhere.
type Inputs struct {
	values map[string]*bound
}

// varFiles lists the files that give variables of a root module values, weakest
// first: terraform.tfvars, then *.auto.tfvars by name, then those of the options.
func (r *run) varFiles(dir string, more []string) []string {
	entries, err := fs.ReadDir(r.files.FS, dir)
	if err != nil {
		return more
	}
	var first, auto []string
	for _, e := range entries {
		switch name := e.Name(); {
		case e.IsDir():
		case name == "terraform.tfvars" || name == "terraform.tfvars.json":
			first = append(first, path.Join(dir, name))
		case strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json"):
			auto = append(auto, path.Join(dir, name))
		}
	}
	slices.Sort(first)
	slices.Sort(auto)
	return slices.Concat(first, auto, more)
}

// fileValues reads the values of one file.
func (r *run) fileValues(name string) (map[string]*bound, error) {
	body, problem := r.parse(name)
	if problem != nil {
		r.problem(*problem)
		return nil, errors.New(problem.What)
	}
	in := env{scope: &scope{run: r, mod: &module{}}}
	attributes, diags := body.JustAttributes()
	if diags.HasErrors() {
		p := problemOf(name, diags)
		r.problem(*p)
	}
	out := map[string]*bound{}
	for key, a := range attributes {
		v, diags := in.tryValue(a.Expr)
		in.tell(diags, key)
		out[key] = &bound{value: v, expr: a.Expr, in: in, pos: posOf(a.Expr.Range())}
	}
	return out, nil
}

// given reads all files that give variables values; the last counts. hidden is set
// where one of them cannot be read: what it gives is then not known.
func (r *run) given(files []string) (values map[string]*bound, hidden bool) {
	values = map[string]*bound{}
	for _, name := range files {
		more, err := r.fileValues(name)
		if err != nil {
			hidden = true
			clear(values) // it may give any of them another value
			continue
		}
		for key, b := range more {
			values[key] = b
		}
	}
	return values, hidden
}

// variables settles the variables of a scope from the values that it is given.
func (s *scope) variables(given map[string]*bound, hidden bool, to *Module) {
	for _, name := range s.mod.variableOrder {
		b := s.mod.variables[name]
		v := s.variable(name, b, given[name], hidden)
		secret := isTrue(b.attribute("sensitive")) || isTrue(b.attribute("ephemeral"))
		if secret {
			v.value = v.value.Mark(sensitive)
		}
		if from := s.note("var", name, v.pos); from != nil && v.value.IsWhollyKnown() {
			v.value = mark(v.value, from)
		}
		s.inputs[name] = v
		out := Variable{Named: Named{Name: name, Value: Value{Pos: v.pos}}, Unset: v.unset, Sensitive: secret}
		if !v.unset {
			out.Node = s.run.boundNode(v)
		}
		to.Variables = append(to.Variables, out)
	}
}

// boundNode is the tree of a named value.
func (r *run) boundNode(b *bound) *doc.Node {
	if b.value.IsWhollyKnown() || b.expr == nil {
		n := r.node(b.value, b.pos, seen{}, openMark+"..."+endMark)
		if b.expr != nil && (n.Kind == doc.Map || n.Kind == doc.List) {
			b.in.locate(n, b.expr, 0)
		}
		return n
	}
	return b.in.tree(b.expr, seen{}, 0)
}

func isTrue(a *hcl.Attribute) bool {
	if a == nil {
		return false
	}
	v, diags := a.Expr.Value(nil)
	return !diags.HasErrors() && v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() && v.True()
}

// variable settles one variable: what it is given, else its default, in its type.
func (s *scope) variable(name string, b *block, given *bound, hidden bool) *bound {
	want, defaults := s.typeOf(b)
	out := &bound{value: cty.DynamicVal, unset: true, pos: posOf(b.rng)}
	fallback := b.attribute("default")
	if given != nil && isNull(given.value) && fallback != nil && isFalse(b.attribute("nullable")) {
		given = nil
	}
	switch {
	case given != nil:
		*out = *given
	case hidden || fallback == nil:
		return out
	default:
		in := env{scope: &scope{run: s.run, mod: &module{}}}
		v, diags := in.tryValue(fallback.Expr)
		s.tell(diags, name)
		out = &bound{value: v, expr: fallback.Expr, in: in, pos: posOf(fallback.Expr.Range())}
	}
	v := out.value
	if defaults != nil && v.IsWhollyKnown() && !isNull(v) {
		v = defaults.Apply(v)
	}
	if v.IsWhollyKnown() {
		converted, err := convert.Convert(v, want)
		if err != nil {
			s.run.problem(Problem{Pos: out.pos, What: "the value does not fit the variable's type", Module: s.address, Name: name})
			return &bound{value: cty.DynamicVal, unset: true, pos: out.pos}
		}
		out.value = converted
	} else if want.IsPrimitiveType() && !v.IsKnown() && v.Type() == cty.DynamicPseudoType {
		out.value = cty.UnknownVal(want).WithSameMarks(v)
	}
	return out
}

func isNull(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsNull()
}

func isFalse(a *hcl.Attribute) bool {
	if a == nil {
		return false
	}
	v, diags := a.Expr.Value(nil)
	return !diags.HasErrors() && v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() && v.False()
}

// typeOf reads the type of a variable; any where it has none.
func (s *scope) typeOf(b *block) (cty.Type, *typeexpr.Defaults) {
	a := b.attribute("type")
	if a == nil {
		return cty.DynamicPseudoType, nil
	}
	switch keywordOf(a.Expr) {
	case "string":
		return cty.String, nil
	case "list":
		return cty.List(cty.DynamicPseudoType), nil
	case "map":
		return cty.Map(cty.DynamicPseudoType), nil
	}
	t, defaults, diags := typeexpr.TypeConstraintWithDefaults(a.Expr)
	if diags.HasErrors() {
		s.tell(diags, b.labels[0])
		return cty.DynamicPseudoType, nil
	}
	return t, defaults
}
