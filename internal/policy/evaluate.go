package policy

import (
	"strconv"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/envparity/parity"
)

// ask asks an expectation about one column's cell of a fact.
func (e *expectation) ask(j *parity.Joined, column int) outcome {
	if j.Cells[column].State == parity.NotApplicable || e.idle {
		return silent
	}
	if e.expr == nil {
		return holds
	}
	values := activation{expectation: e, cells: j.Cells, names: e.binds[column]}
	for _, c := range values.names {
		if cell := &j.Cells[c]; !has(cell) && (cell.State != parity.Absent || !e.expr.nulls) {
			return undecided
		}
	}
	result, _, err := e.expr.program.Eval(values)
	if err != nil {
		return undecided
	}
	if b, ok := result.(types.Bool); ok && bool(b) {
		return holds
	} else if ok {
		return fails
	}
	return undecided
}

// activation gives an expression the values of one fact.
type activation struct {
	expectation *expectation
	cells       []parity.Cell
	names       map[string]int
}

// Parent is CEL's; there is none.
func (a activation) Parent() cel.Activation { return nil }

// ResolveName gives the value that a name means.
func (a activation) ResolveName(name string) (any, bool) {
	if n := unslot(name); n >= 0 {
		if n >= len(a.expectation.slots) {
			return nil, false
		}
		name = a.expectation.slots[n]
	}
	c, ok := a.names[name]
	if !ok {
		return nil, false
	}
	return valueOf(a.cells[c].Fact), true
}

// valueOf gives a fact's value to CEL. What does not have the form of its kind
// is text.
func valueOf(f *parity.Fact) ref.Val {
	if f == nil {
		return types.NullValue
	}
	text := f.Value.Canonical()
	switch f.Value.Kind {
	case parity.Null:
		return types.NullValue
	case parity.Number, parity.Quantity:
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return types.Double(v)
		}
	case parity.Bool:
		if v, err := strconv.ParseBool(text); err == nil {
			return types.Bool(v)
		}
	case parity.Duration:
		if d, err := time.ParseDuration(text); err == nil {
			return types.Duration{Duration: d}
		}
	case parity.Reference:
		return types.String(f.Value.Raw)
	}
	return types.String(text)
}
