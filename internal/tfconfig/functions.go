package tfconfig

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// shared are the functions of the language's library that hold for Terraform as
// they are.
func shared() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "can": tryfunc.CanFunc, "ceil": stdlib.CeilFunc, "chomp": stdlib.ChompFunc,
		"chunklist": stdlib.ChunklistFunc, "coalescelist": stdlib.CoalesceListFunc,
		"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "csvdecode": stdlib.CSVDecodeFunc,
		"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc, "floor": stdlib.FloorFunc,
		"format": stdlib.FormatFunc, "formatdate": stdlib.FormatDateFunc, "formatlist": stdlib.FormatListFunc,
		"indent": stdlib.IndentFunc, "join": stdlib.JoinFunc, "jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc,
		"keys": stdlib.KeysFunc, "log": stdlib.LogFunc, "lower": stdlib.LowerFunc, "max": stdlib.MaxFunc, "merge": stdlib.MergeFunc,
		"min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "range": stdlib.RangeFunc,
		"regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "reverse": stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc, "setsubtract": stdlib.SetSubtractFunc,
		"setunion": stdlib.SetUnionFunc, "signum": stdlib.SignumFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc,
		"split": stdlib.SplitFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "timeadd": stdlib.TimeAddFunc,
		"title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimspace": stdlib.TrimSpaceFunc,
		"trimsuffix": stdlib.TrimSuffixFunc, "try": tryfunc.TryFunc, "upper": stdlib.UpperFunc, "values": stdlib.ValuesFunc,
		"zipmap": stdlib.ZipmapFunc,
		"tobool": convertTo(cty.Bool), "tostring": convertTo(cty.String), "tonumber": convertTo(cty.Number),
		"tolist": convertTo(cty.List(cty.DynamicPseudoType)), "toset": convertTo(cty.Set(cty.DynamicPseudoType)), "tomap": convertTo(cty.Map(cty.DynamicPseudoType)),
	}
}

// functions returns the functions that an expression may call. Those that read
// files read those of the repository alone.
func (r *run) functions() map[string]function.Function {
	if r.pure != nil {
		return r.pure
	}
	all := shared()
	for _, more := range []map[string]function.Function{texts(), collections(), networks()} {
		maps.Copy(all, more)
	}
	for name, f := range all {
		if name != "try" && name != "can" {
			all[name] = bounded(name, f)
		}
	}
	for _, name := range impureNames {
		all[name] = unknowable
	}
	templates := maps.Clone(all)
	maps.Copy(all, r.fileFunctions(templates))
	r.pure = all
	return all
}

// impureNames are the functions that give another thing each time, or what only a
// run has.
var impureNames = []string{"timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "type", "ephemeralasnull", "base64gzip", "encodetfvars", "decodetfvars"}

func impure(name string) bool {
	return slices.Contains(impureNames, name) || slices.Contains(unknowableGrunt, name)
}

// unknowable is a function whose result is not known.
var unknowable = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "any", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true},
	Type:     function.StaticReturnType(cty.DynamicPseudoType),
	Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
})

var errTooMuch = errors.New("the arguments are too large")

// bounded refuses arguments from which a function could make too much.
func bounded(name string, f function.Function) function.Function {
	wrapped := f.Params()
	return function.New(&function.Spec{
		Params: passive(wrapped), VarParam: passiveOne(f.VarParam()),
		Type: func(args []cty.Value) (cty.Type, error) {
			if !fits(name, args) {
				return cty.DynamicPseudoType, errTooMuch
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !fits(name, args) {
				return cty.DynamicVal, errTooMuch
			}
			return f.Call(args)
		},
	})
}

// passive are parameters that hand all on to the function behind.
func passive(params []function.Parameter) []function.Parameter {
	out := make([]function.Parameter, len(params))
	for i := range params {
		out[i] = *passiveOne(&params[i])
	}
	return out
}

func passiveOne(p *function.Parameter) *function.Parameter {
	if p == nil {
		return nil
	}
	q := *p
	q.AllowNull, q.AllowUnknown, q.AllowDynamicType, q.AllowMarked = true, true, true, true
	return &q
}

// wide finds widths in a format that make long texts.
var wide = regexp.MustCompile(`%[^a-zA-Z%]*(\d{4,}|\*)`)

func fits(name string, args []cty.Value) bool {
	total := 0
	for _, a := range args {
		if total += size(a); total > maxArgument {
			return false
		}
	}
	switch name {
	case "setproduct":
		product := 1
		for _, a := range args {
			a, _ = a.Unmark()
			if a.IsKnown() && !a.IsNull() && a.CanIterateElements() {
				if product *= max(1, a.LengthInt()); product > 100_000 {
					return false
				}
			}
		}
	case "replace":
		return len(args) < 3 || size(args[0])*max(1, size(args[2])) < maxWork/4
	case "join":
		return len(args) < 2 || total*max(1, size(args[0])) < maxWork
	case "indent":
		n, ok := smallInt(args[0])
		return !ok || n < 1000
	case "format", "formatlist":
		text, _ := args[0].Unmark()
		return !text.IsKnown() || text.IsNull() || text.Type() != cty.String || !wide.MatchString(text.AsString())
	case "pow", "log":
		n, ok := smallInt(args[len(args)-1])
		return !ok || n < maxExponent
	}
	return true
}

func smallInt(v cty.Value) (int, bool) {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || !v.Type().IsPrimitiveType() {
		return 0, false
	}
	n, err := strconv.Atoi(scalarText(v))
	return n, err == nil
}
