package tfconfig

import (
	"errors"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// convertTo makes the function that converts to a type.
func convertTo(want cty.Type) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowMarked: true, AllowDynamicType: true}},
		Type: func(args []cty.Value) (cty.Type, error) {
			got, _ := args[0].UnmarkDeep()
			if got.Type() == cty.DynamicPseudoType || got.Type().Equals(want) {
				return got.Type(), nil
			}
			v, err := convert.Convert(got, want)
			if err != nil {
				return cty.DynamicPseudoType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, t cty.Type) (cty.Value, error) { return convert.Convert(args[0], t) },
	})
}

// anyParam is a parameter of any type.
func anyParam(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true}
}

// dynamic makes a function whose result's type follows from its value.
func dynamic(params []function.Parameter, more *function.Parameter, impl func(args []cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: params, VarParam: more,
		Type: func(args []cty.Value) (cty.Type, error) {
			for _, a := range args {
				if !a.IsWhollyKnown() {
					return cty.DynamicPseudoType, nil
				}
			}
			v, err := impl(args)
			if err != nil {
				return cty.DynamicPseudoType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, a := range args {
				if !a.IsWhollyKnown() {
					return cty.DynamicVal, nil
				}
			}
			return impl(args)
		},
	})
}

func collections() map[string]function.Function {
	one := []function.Parameter{anyParam("v")}
	more := anyParam("more")
	return map[string]function.Function{
		"length":    dynamic(one, nil, lengthOf),
		"one":       dynamic(one, nil, oneOf),
		"sum":       dynamic(one, nil, sumOf),
		"alltrue":   dynamic(one, nil, func(a []cty.Value) (cty.Value, error) { return allOrAny(a[0], true) }),
		"anytrue":   dynamic(one, nil, func(a []cty.Value) (cty.Value, error) { return allOrAny(a[0], false) }),
		"transpose": dynamic(one, nil, transpose),
		"matchkeys": dynamic([]function.Parameter{anyParam("values"), anyParam("keys"), anyParam("search")}, nil, matchKeys),
		"index":     dynamic([]function.Parameter{anyParam("list"), anyParam("v")}, nil, indexOf),
		"lookup":    dynamic([]function.Parameter{anyParam("map"), anyParam("key")}, &more, lookup),
		"coalesce":  dynamic(nil, &more, coalesce),
		"list": dynamic(nil, &more, func(a []cty.Value) (cty.Value, error) {
			return convert.Convert(cty.TupleVal(a), cty.List(cty.DynamicPseudoType))
		}),
		"nonsensitive": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true}},
			Type:   func(a []cty.Value) (cty.Type, error) { return a[0].Type(), nil },
			// What is secret stays so here: that a run may show it is no reason to.
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) { return a[0], nil },
		}),
		"sensitive": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true}},
			Type:   func(a []cty.Value) (cty.Type, error) { return a[0].Type(), nil },
			Impl:   func(a []cty.Value, _ cty.Type) (cty.Value, error) { return a[0].Mark(sensitive), nil },
		}),
	}
}

// items are the elements of a list, tuple or set.
func items(v cty.Value) ([]cty.Value, error) {
	if v.IsNull() || !v.CanIterateElements() {
		return nil, errors.New("it is no list")
	}
	return v.AsValueSlice(), nil
}

func lengthOf(a []cty.Value) (cty.Value, error) {
	if !a[0].IsNull() && a[0].Type() == cty.String {
		return stdlib.Strlen(a[0])
	}
	if a[0].IsNull() || !a[0].CanIterateElements() {
		return cty.NilVal, errors.New("it has no length")
	}
	return cty.NumberIntVal(int64(a[0].LengthInt())), nil
}

func oneOf(a []cty.Value) (cty.Value, error) {
	all, err := items(a[0])
	switch {
	case err != nil:
		return cty.NilVal, err
	case len(all) == 0:
		return cty.NullVal(cty.DynamicPseudoType), nil
	case len(all) == 1:
		return all[0], nil
	}
	return cty.NilVal, errors.New("there are several")
}

func sumOf(a []cty.Value) (cty.Value, error) {
	all, err := items(a[0])
	if err != nil || len(all) == 0 {
		return cty.NilVal, errors.New("it is no list of numbers")
	}
	total := cty.Zero
	for _, x := range all {
		n, err := convert.Convert(x, cty.Number)
		if err != nil || n.IsNull() {
			return cty.NilVal, errors.New("it is no list of numbers")
		}
		total = total.Add(n)
	}
	return total, nil
}

func allOrAny(v cty.Value, all bool) (cty.Value, error) {
	list, err := items(v)
	if err != nil {
		return cty.NilVal, err
	}
	for _, x := range list {
		b, err := convert.Convert(x, cty.Bool)
		if err != nil {
			return cty.NilVal, err
		}
		if is := !b.IsNull() && b.True(); is != all {
			return cty.BoolVal(is), nil
		}
	}
	return cty.BoolVal(all), nil
}

func transpose(a []cty.Value) (cty.Value, error) {
	v, err := convert.Convert(a[0], cty.Map(cty.List(cty.String)))
	if err != nil {
		return cty.NilVal, err
	}
	turned := map[string][]cty.Value{}
	for it := v.ElementIterator(); it.Next(); {
		k, list := it.Element()
		for _, x := range list.AsValueSlice() {
			if x.IsNull() {
				return cty.NilVal, errors.New("a member is null")
			}
			turned[x.AsString()] = append(turned[x.AsString()], k)
		}
	}
	if len(turned) == 0 {
		return cty.MapValEmpty(cty.List(cty.String)), nil
	}
	out := map[string]cty.Value{}
	for k, list := range turned {
		slices.SortFunc(list, func(x, y cty.Value) int { return strings.Compare(x.AsString(), y.AsString()) })
		out[k] = cty.ListVal(list)
	}
	return cty.MapVal(out), nil
}

func matchKeys(a []cty.Value) (cty.Value, error) {
	values, err := items(a[0])
	keys, err2 := items(a[1])
	search, err3 := items(a[2])
	if err = errors.Join(err, err2, err3); err != nil || len(values) != len(keys) {
		return cty.NilVal, errors.New("the lists do not fit each other")
	}
	var out []cty.Value
	for i, k := range keys {
		if slices.ContainsFunc(search, func(s cty.Value) bool { return s.RawEquals(k) }) {
			out = append(out, values[i])
		}
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.DynamicPseudoType), nil
	}
	return convert.Convert(cty.TupleVal(out), cty.List(cty.DynamicPseudoType))
}

func indexOf(a []cty.Value) (cty.Value, error) {
	list, err := items(a[0])
	if err != nil {
		return cty.NilVal, err
	}
	for i, x := range list {
		if x.RawEquals(a[1]) {
			return cty.NumberIntVal(int64(i)), nil
		}
	}
	return cty.NilVal, errors.New("it is not there")
}

func lookup(a []cty.Value) (cty.Value, error) {
	if a[0].IsNull() || !a[0].Type().IsMapType() && !a[0].Type().IsObjectType() || a[1].IsNull() || a[1].Type() != cty.String {
		return cty.NilVal, errors.New("it is no map")
	}
	if v, ok := a[0].AsValueMap()[a[1].AsString()]; ok {
		return v, nil
	}
	if len(a) < 3 {
		return cty.NilVal, errors.New("the key is not there")
	}
	if a[0].Type().IsMapType() {
		return convert.Convert(a[2], a[0].Type().ElementType())
	}
	return a[2], nil
}

// coalesce returns the first argument that is neither null nor an empty text, in
// the type that all can have.
func coalesce(a []cty.Value) (cty.Value, error) {
	types := make([]cty.Type, len(a))
	for i, v := range a {
		types[i] = v.Type()
	}
	t, _ := convert.UnifyUnsafe(types)
	for _, v := range a {
		if v.IsNull() || v.Type() == cty.String && v.AsString() == "" {
			continue
		}
		if t == cty.NilType {
			return v, nil
		}
		return convert.Convert(v, t)
	}
	return cty.NilVal, errors.New("all are null or empty")
}
