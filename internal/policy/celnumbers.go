package policy

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// numeric is what is known of an expression before it is checked.
type numeric uint8

const (
	anything numeric = iota // an environment's value, or what holds one
	whole                   // an int for certain
	real                    // a double for certain
	other                   // no number, or a number that is none of ours
)

// doubles rewrites arithmetic so that whole numbers meet values. Values are
// doubles, and CEL does not multiply an int by a double: without this,
// "production >= 2 * staging" would pass the checker and fail over every
// value. Only operands are touched, never an index or an argument.
type doubles struct {
	ast     *ast.AST
	factory ast.ExprFactory
	next    int64
}

func toDoubles(a *ast.AST) {
	d := &doubles{ast: a, factory: ast.NewExprFactory(), next: ast.MaxID(a) + 1}
	d.rewrite(a.Expr())
}

func (d *doubles) rewrite(e ast.Expr) numeric {
	switch e.Kind() {
	case ast.LiteralKind:
		switch e.AsLiteral().Type() {
		case types.IntType:
			return whole
		case types.DoubleType:
			return real
		}
		return other
	case ast.IdentKind:
		if name := e.AsIdent(); name == "@result" || name == "__result__" {
			return other // the counter of a macro
		}
		return anything
	case ast.CallKind:
		return d.call(e)
	}
	for _, child := range children(e) {
		d.rewrite(child)
	}
	if e.Kind() == ast.ListKind || e.Kind() == ast.MapKind {
		return other
	}
	return anything
}

func (d *doubles) call(e ast.Expr) numeric {
	call := e.AsCall()
	if call.IsMemberFunction() {
		d.rewrite(call.Target())
	}
	kinds := make([]numeric, len(call.Args()))
	for i, arg := range call.Args() {
		kinds[i] = d.rewrite(arg)
	}
	switch call.FunctionName() {
	case operators.Add, operators.Subtract, operators.Multiply, operators.Divide:
		return d.arithmetic(call.Args(), kinds)
	case operators.Equals, operators.NotEquals:
		if kinds[0] == real && kinds[1] == whole || kinds[0] == whole && kinds[1] == real {
			d.arithmetic(call.Args(), kinds)
		}
		return other
	case operators.Negate:
		return kinds[0]
	case "double", "quantity":
		return real
	case "int", "size":
		return whole
	}
	if call.IsMemberFunction() && strings.HasPrefix(call.FunctionName(), "get") {
		return whole // parts of times and durations
	}
	return anything
}

func (d *doubles) arithmetic(args []ast.Expr, kinds []numeric) numeric {
	left, right := kinds[0], kinds[1]
	switch {
	case left == other || right == other:
		return other
	case left == whole && right == whole:
		return whole
	case left == whole:
		d.makeDouble(args[0])
		return real
	case right == whole:
		d.makeDouble(args[1])
		return real
	case left == real || right == real:
		return real
	default:
		return anything
	}
}

// makeDouble makes a whole number's expression one of a double.
func (d *doubles) makeDouble(e ast.Expr) {
	if e.Kind() == ast.LiteralKind {
		if n, ok := e.AsLiteral().(types.Int); ok {
			e.SetKindCase(d.factory.NewLiteral(e.ID(), types.Double(n)))
			return
		}
	}
	at, located := d.ast.SourceInfo().GetOffsetRange(e.ID())
	inner := d.factory.CopyExpr(e)
	inner.RenumberIDs(func(id int64) int64 {
		if id != e.ID() {
			return id
		}
		return d.next
	})
	if located {
		d.ast.SourceInfo().SetOffsetRange(d.next, at)
	}
	d.next++
	e.SetKindCase(d.factory.NewCall(e.ID(), "double", inner))
}

// children gives the parts of an expression that is no call.
func children(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		return []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()}
	case ast.MapKind:
		var out []ast.Expr
		for _, entry := range e.AsMap().Entries() {
			out = append(out, entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
		}
		return out
	default:
		return nil
	}
}
