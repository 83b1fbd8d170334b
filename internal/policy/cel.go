package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/envparity/parity/internal/value"
)

// Names that an expression may use besides environments: the reference's
// value, the compared column's, and the map of environments whose names are no
// identifiers.
const (
	referenceName = "reference"
	comparedName  = "compared"
	envName       = "env"
)

// evaluationCost bounds one evaluation, in CEL's units of work: expressions
// come from the project, but a gate must end.
const evaluationCost = 100_000

// compiler makes programs of expressions. Making one takes milliseconds, so
// there is one, and only where parity.yaml holds an expression.
type compiler struct {
	env *cel.Env
	// environments are the names that may stand in env["..."].
	environments []string
}

// expression is a compiled expression and what it speaks of.
type expression struct {
	program cel.Program
	// names are the environments that it names, and reference or compared.
	names []string
	// nulls is set where it deals with absent values itself.
	nulls bool
}

// fault is what is wrong with an expression, at a line and column of it, both
// 1-based.
type fault struct {
	line, col int
	what      string
	hint      string
}

func newCompiler(environments []string) (*compiler, error) {
	opts := []cel.EnvOption{
		cel.StdLib(),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(10_000),
		cel.ExpressionNestingDepthLimit(100),
		cel.Function("present", cel.Overload("present_dyn", []*cel.Type{cel.DynType}, cel.BoolType,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return types.Bool(v != types.NullValue) }))),
		cel.Function("quantity", cel.Overload("quantity_string", []*cel.Type{cel.StringType}, cel.DoubleType,
			cel.UnaryBinding(quantity))),
	}
	declared := append([]string{}, environments...)
	for _, special := range []string{referenceName, comparedName} {
		if !slices.Contains(declared, special) {
			declared = append(declared, special)
		}
	}
	for i, name := range declared {
		if identifier(name) {
			opts = append(opts, cel.Variable(name, cel.DynType))
		}
		if i < len(environments) {
			opts = append(opts, cel.Variable(slot(i), cel.DynType))
		}
	}
	env, err := cel.NewCustomEnv(opts...)
	if err != nil {
		return nil, err
	}
	return &compiler{env: env, environments: environments}, nil
}

// quantity is the function quantity("1Gi").
func quantity(v ref.Val) ref.Val {
	text, ok := v.Value().(string)
	if !ok {
		return types.NewErr("quantity takes a text")
	}
	canon, ok := value.Quantity(text)
	if !ok {
		return types.NewErr("this is no quantity")
	}
	f, err := strconv.ParseFloat(canon, 64)
	if err != nil {
		return types.NewErr("this quantity is out of range")
	}
	return types.Double(f)
}

// slot is the name under which the checker knows the n-th environment where
// it is written env["..."]: it cannot be written in an expression.
func slot(n int) string { return "@env" + strconv.Itoa(n) }

// unslot gives the place in the list of environments, or -1.
func unslot(name string) int {
	digits, ok := strings.CutPrefix(name, "@env")
	if !ok {
		return -1
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

func identifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && !slices.Contains(reserved, s)
}

// reserved are CEL's words, and the names of its types.
var reserved = []string{
	"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
	"namespace", "null", "package", "return", "true", "var", "void", "while",
	"bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "type", "uint",
}

// compile parses, rewrites and checks an expression.
func (c *compiler) compile(text string) (*expression, *fault) {
	parsed, issues := c.env.Parse(text)
	if issues.Err() != nil {
		return nil, c.fault(issues)
	}
	if f := c.environmentMap(parsed.NativeRep()); f != nil {
		return nil, f
	}
	toDoubles(parsed.NativeRep())
	checked, issues := c.env.Check(parsed)
	if issues.Err() != nil {
		return nil, c.fault(issues)
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return nil, &fault{
			line: 1, col: 1, what: fmt.Sprintf("the expression gives %s, not true or false", typeName(checked.OutputType())),
			hint: "compare the values, such as production >= 2 * staging",
		}
	}
	program, err := c.env.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(evaluationCost))
	if err != nil {
		return nil, &fault{line: 1, col: 1, what: err.Error()}
	}
	out := &expression{program: program}
	out.names, out.nulls = c.speaksOf(checked.NativeRep().Expr())
	return out, nil
}

func typeName(t *cel.Type) string {
	if t.IsExactType(cel.DynType) {
		return "a value"
	}
	return "type " + cel.FormatCELType(t)
}

// speaksOf lists the environments that an expression names, and reports whether
// it deals with absent values.
func (c *compiler) speaksOf(e ast.Expr) (names []string, nulls bool) {
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.IdentKind:
			name := e.AsIdent()
			if n := unslot(name); n >= 0 && n < len(c.environments) {
				name = c.environments[n]
			}
			known := slices.Contains(c.environments, name) || name == referenceName || name == comparedName
			if known && !slices.Contains(names, name) {
				names = append(names, name)
			}
		case ast.LiteralKind:
			nulls = nulls || e.AsLiteral() == types.NullValue
		case ast.CallKind:
			nulls = nulls || e.AsCall().FunctionName() == "present"
		}
	}))
	return names, nulls
}

// environmentMap turns env["name"] into the variable of that environment.
func (c *compiler) environmentMap(a *ast.AST) *fault {
	if slices.Contains(c.environments, envName) {
		return nil // then env is an environment
	}
	var found *fault
	factory := ast.NewExprFactory()
	ast.PostOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.Index || found != nil {
			return
		}
		args := e.AsCall().Args()
		if len(args) != 2 || args[0].Kind() != ast.IdentKind || args[0].AsIdent() != envName {
			return
		}
		at := a.SourceInfo().GetStartLocation(args[1].ID())
		f := &fault{line: at.Line(), col: at.Column() + 1}
		if args[1].Kind() != ast.LiteralKind || args[1].AsLiteral().Type() != types.StringType {
			f.what, f.hint = "env takes an environment's name in quotes", `write env["pre-prod"]`
			found = f
			return
		}
		name, _ := args[1].AsLiteral().Value().(string)
		n := slices.Index(c.environments, name)
		if n < 0 {
			f.what, f.hint = fmt.Sprintf("there is no environment %q", name), c.known()
			found = f
			return
		}
		e.SetKindCase(factory.NewIdent(e.ID(), slot(n)))
	}))
	return found
}

func (c *compiler) known() string {
	var names []string
	for _, n := range c.environments {
		if identifier(n) {
			names = append(names, n)
		} else {
			names = append(names, envName+"["+strconv.Quote(n)+"]")
		}
	}
	return "the environments are " + strings.Join(names, ", ")
}

// fault gives the first of CEL's errors in words of our own where it is a
// common one.
func (c *compiler) fault(issues *cel.Issues) *fault {
	errs := issues.Errors()
	if len(errs) == 0 {
		return &fault{line: 1, col: 1, what: "the expression cannot be read"}
	}
	first := errs[0]
	f := &fault{line: max(first.Location.Line(), 1), col: max(first.Location.Column()+1, 1)}
	f.what = strings.TrimPrefix(first.Message, "Syntax error: ")
	if what, _, ok := strings.Cut(f.what, " expecting "); ok {
		f.what = strings.ReplaceAll(what, "'<EOF>'", "the end of the expression")
		return f
	}
	if name, ok := strings.CutPrefix(f.what, "undeclared reference to '"); ok {
		name, _, _ = strings.Cut(name, "'")
		f.what = fmt.Sprintf("there is no environment and no function %q", name)
		f.hint = c.known()
		return f
	}
	if strings.HasPrefix(f.what, "found no matching overload for ") {
		f.hint = "the two sides are of kinds that cannot be put together"
	}
	return f
}
