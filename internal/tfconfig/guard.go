package tfconfig

import (
	"math/big"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// The bounds of one expression's evaluation, in bytes and steps.
const (
	maxNesting    = 400       // brackets in each other
	maxConditions = 20_000    // question marks and unary operators of one file
	maxWork       = 16 << 20  // of one expression
	maxLoopWork   = 2 << 20   // of the loops of one expression
	maxWorkTotal  = 256 << 20 // of all expressions of a source
	maxExponent   = 4096      // bits of a number's exponent
	maxArgument   = 1 << 20   // bytes given to one function
	maxJSONWork   = 64 << 10  // of what an expression in JSON names: its loops are not counted
)

// shallow reports whether a file's bytes nest no deeper than a parser that calls
// itself can take. It counts more than is there where text holds brackets.
func shallow(data []byte) bool {
	depth, turns := 0, 0
	for _, c := range data {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '?', '!':
			turns++
		}
		if depth > maxNesting || turns > maxConditions {
			return false
		}
	}
	return minuses(data) < maxNesting
}

// minuses returns the length of the longest run of minus signs, spaces between
// them left out.
func minuses(data []byte) int {
	run, longest := 0, 0
	for _, c := range data {
		switch c {
		case '-':
			run++
			longest = max(longest, run)
		case ' ', '\t', '\r', '\n':
		default:
			run = 0
		}
	}
	return longest
}

// budget is the work that evaluation may still do.
type budget struct{ left, total int }

func (b *budget) begin() { b.left = min(maxLoopWork, b.total) }

// charge takes n off, and reports whether anything is left.
func (b *budget) charge(n int) bool {
	b.left -= n
	b.total -= n
	return b.left > 0
}

// charged is a part of a for expression whose evaluations are counted: its loop
// is the only one in the language.
type charged struct {
	hclsyntax.Expression
	budget *budget
}

// Value evaluates the part as long as the budget lasts.
func (c *charged) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if c.budget.left <= 0 {
		return cty.DynamicVal, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "The expression takes too much work", Subject: c.Range().Ptr()}}
	}
	v, diags := c.Expression.Value(ctx)
	c.budget.charge(32 + size(v))
	return v, diags
}

// counted wraps an expression. The parentheses make it a part of the wrapper, so
// that whoever walks the tree meets it.
func counted(x hclsyntax.Expression, b *budget) hclsyntax.Expression {
	return &charged{&hclsyntax.ParenthesesExpr{Expression: x, SrcRange: x.Range()}, b}
}

// plainExpression takes the counting off.
func plainExpression(x hcl.Expression) hcl.Expression {
	for {
		switch t := x.(type) {
		case *charged:
			x = t.Expression
		case *hclsyntax.ParenthesesExpr:
			x = t.Expression
		default:
			return x
		}
	}
}

// guarded puts the counting into all for expressions of a body, and reports
// whether its numbers can be written out.
func guarded(body *hclsyntax.Body, b *budget) bool {
	fine := true
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		switch t := n.(type) {
		case *hclsyntax.ForExpr:
			t.CollExpr, t.ValExpr = counted(t.CollExpr, b), counted(t.ValExpr, b)
		case *hclsyntax.LiteralValueExpr:
			fine = fine && size(t.Val) < maxArgument
		}
		return nil
	})
	return fine
}

// size is about how many bytes a value takes; a number that is too long to be
// written out counts as more than any bound.
func size(v cty.Value) int {
	n := 0
	count(v, &n)
	return n
}

func count(v cty.Value, n *int) {
	if *n > maxWork {
		return
	}
	*n += 64
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() {
		return
	}
	switch t := v.Type(); {
	case t == cty.String:
		*n += len(v.AsString())
	case t == cty.Number:
		if longNumber(v.AsBigFloat()) {
			*n += maxWork
		}
	case t.IsPrimitiveType() || t.IsCapsuleType():
	default:
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if t.IsMapType() || t.IsObjectType() {
				count(k, n)
			}
			count(e, n)
		}
	}
}

func longNumber(f *big.Float) bool {
	e := f.MantExp(nil)
	return f.IsInf() || e > maxExponent || e < -maxExponent
}

var loop = regexp.MustCompile(`[\[{]~?\s*for\s`)

// plainLoops reports whether no text of a file in JSON has a loop within another.
func plainLoops(data []byte) bool {
	start := -1
	for i := 0; i < len(data); i++ {
		switch {
		case data[i] == '\\':
			i++
		case data[i] != '"':
		case start < 0:
			start = i
		default:
			if len(loop.FindAllIndex(data[start:i], 2)) > 1 {
				return false
			}
			start = -1
		}
	}
	return true
}

// The bounds of the parts that are written out in the place of one value, and of
// all values: a local may name another twice, and that a third twice.
const maxSteps, maxStepsTotal = 5_000, 5_000_000

// step counts a part that is written out, and reports whether there may be more.
func (r *run) step() bool {
	r.steps++
	r.allSteps++
	return r.steps <= maxSteps && r.allSteps <= maxStepsTotal
}
