package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// expectation is an expectation made ready.
//
// It is asked once for each fact that it matches and each compared column that
// it speaks of. An expression that names environments speaks of the columns of
// those; in it, an environment's name is the value that the fact has there:
// the compared column's own where it is that environment, else the
// reference's, else that of the environment's first column. "reference" and
// "compared" mean the two sides of whichever column is looked at, and then it
// speaks of all.
//
// Numbers and quantities are doubles, in base units; durations are durations;
// a secret is a digest; anything else is text. A value that is absent makes an
// expression undecided, unless it deals with null or calls present(). A value
// that is unknown always does.
type expectation struct {
	config   config.Expectation
	index    int
	match    selection
	columns  []bool // that it speaks of
	classes  [classes]bool
	expr     *expression
	decision *parity.Decision
	// slots are the environments that the expression may name, in the order
	// of the compiler's.
	slots []string
	// binds maps each name in the expression to a column, by compared column.
	binds []map[string]int
	// idle is set where the comparison lacks an environment that the
	// expression names: it cannot be asked.
	idle bool

	used                bool
	violated, undecided tallyOf
}

// tallyOf counts facts and keeps the first few by name.
type tallyOf struct {
	n        int
	examples []string
	severity parity.Severity
}

const examplesKept = 3

func (t *tallyOf) add(severity parity.Severity, example func() string) {
	t.n++
	t.severity = max(t.severity, severity)
	if len(t.examples) < examplesKept {
		t.examples = append(t.examples, example())
	}
}

func (t *tallyOf) list() string {
	s := strings.Join(t.examples, ", ")
	if t.n > len(t.examples) {
		s += fmt.Sprintf(" and %d more", t.n-len(t.examples))
	}
	return s
}

func newExpectations(cfg *config.Config, columns []parity.Column, ref int) ([]*expectation, error) {
	var (
		out    []*expectation
		celc   *compiler
		faults []error
	)
	for i, c := range cfg.Expectations {
		match, err := newSelection(c.Match, cfg.Pos, "expectations", strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		e := &expectation{
			config: c, index: i, match: match, columns: columnsIn(columns, c.Environments),
			decision: &parity.Decision{Kind: "expectation", Name: c.Name, Reason: c.Reason},
		}
		for _, k := range parity.Classes() {
			named := c.Classes
			if len(named) == 0 && c.Expect == "" {
				named = exceptedUnlessNamed
			}
			e.classes[k] = len(named) == 0 || slices.Contains(named, k.String())
		}
		out = append(out, e)
		if c.Expect == "" {
			continue
		}
		if celc == nil {
			if celc, err = newCompiler(environmentNames(cfg, columns)); err != nil {
				return nil, &parity.Error{Code: parity.CodeInternal, What: "expressions cannot be read", Err: err}
			}
		}
		expr, f := celc.compile(c.Expect)
		if f != nil {
			faults = append(faults, expectationError(cfg, i, f))
			continue
		}
		e.expr, e.slots = expr, celc.environments
		e.bind(columns, ref)
	}
	return out, errors.Join(faults...)
}

// expectationError places a fault of an expression in parity.yaml. The column
// is right where the expression is written plainly on one line; the sentence
// gives the place in the expression beside it.
func expectationError(cfg *config.Config, index int, f *fault) error {
	where := position(cfg.Pos, "expectations", strconv.Itoa(index), "expect")
	if i := strings.LastIndexByte(where, ':'); i >= 0 {
		if col, err := strconv.Atoi(where[i+1:]); err == nil && f.line == 1 {
			where = where[:i+1] + strconv.Itoa(col+f.col-1)
		}
	}
	at := fmt.Sprintf("character %d", f.col)
	if f.line > 1 {
		at = fmt.Sprintf("line %d, character %d", f.line, f.col)
	}
	return &parity.Error{
		Code: parity.CodeConfig, Where: where,
		What: fmt.Sprintf("expectation %s: %s (%s of the expression)", cfg.Expectations[index].Name, f.what, at),
		Hint: f.hint,
	}
}

// outcome is what an expectation says of one cell.
type outcome uint8

const (
	silent    outcome = iota // it does not speak of it
	holds                    // as it should be
	fails                    // not as it should be
	undecided                // it cannot tell
)

// expect lets the expectations speak that match, and reports whether a tolerance
// may speak after them. One that fails outweighs any that holds.
func (g *Judge) expect(r *ruling, j *parity.Joined, column int) bool {
	var broken *expectation
	for _, e := range g.cur.expectations {
		if !e.columns[column] || !e.match.fact(j) {
			continue
		}
		e.used = true
		if r.raw.Counts() && !e.classes[r.raw] {
			continue
		}
		switch e.ask(j, column) {
		case holds:
			if r.decision == nil && e.explains(r.raw) {
				r.class, r.decision = parity.Expected, e.decision
			}
		case fails:
			if broken == nil && (quiet[r.raw] || r.raw.Counts()) {
				broken = e
			}
		case undecided:
			r.note = joinNote(r.note, fmt.Sprintf("expectation %s cannot be decided", e.config.Name))
			e.undecided.add(parity.Low, g.exampleOf(j, column))
		}
	}
	if broken == nil {
		return true
	}
	g.breaks(r, j, column, broken)
	return false
}

// explains reports whether an expectation that holds explains a difference of the
// class. That any difference is expected does not include a leak: who means a
// leak to be says so by an expression or by naming the class.
func (e *expectation) explains(c parity.Class) bool { return c.Counts() && e.classes[c] }

// breaks rules on a cell over which an expectation fails: a difference stays
// one, and values that compare finds alike become one.
func (g *Judge) breaks(r *ruling, j *parity.Joined, column int, e *expectation) {
	r.class, r.decision = r.raw, nil
	r.note = joinNote(r.note, fmt.Sprintf("expectation %s does not hold", e.config.Name))
	if !quiet[r.raw] {
		return
	}
	r.raw, r.class, r.change = parity.Changed, parity.Changed, changeOf(&j.Cells[column])
	severity, _ := g.severities.of(g.caseOf(j, r.class, r.change))
	e.violated.add(severity, g.exampleOf(j, column))
}

func (g *Judge) exampleOf(j *parity.Joined, column int) func() string {
	return func() string {
		return fmt.Sprintf("%s %s in %s", g.cur.aligned.Key, j.Path, g.names[column])
	}
}

// changeOf says what kind of change a value makes by its kind.
func changeOf(c *parity.Cell) parity.Change {
	if c.Fact == nil {
		return parity.TextChange
	}
	switch c.Fact.Value.Kind {
	case parity.Number, parity.Quantity:
		return parity.SizingChange
	case parity.Bool:
		return parity.ToggleChange
	case parity.Version, parity.Image:
		return parity.VersionChange
	case parity.Schedule:
		return parity.ScheduleChange
	case parity.URL:
		return parity.AddressChange
	case parity.Secret:
		return parity.SecretChange
	case parity.Identifier:
		return parity.IdentifierChange
	default:
		return parity.TextChange
	}
}

// expectationFindings reports expectations that do not hold, that could not be
// decided, and that match nothing.
func (g *Judge) expectationFindings() []parity.PolicyFinding {
	var out []parity.PolicyFinding
	for _, e := range g.expectations {
		where := position(g.cfg.Pos, "expectations", strconv.Itoa(e.index))
		add := func(kind string, s parity.Severity, format string, args ...any) {
			out = append(out, parity.PolicyFinding{
				Kind: kind, Name: e.config.Name, Severity: s, Where: where,
				Message: "expectation " + e.config.Name + " " + fmt.Sprintf(format, args...),
			})
		}
		if e.violated.n > 0 {
			add("expectation-violated", e.violated.severity, "does not hold for %s: %s", counted(e.violated.n, "fact"), e.violated.list())
		}
		if e.undecided.n > 0 {
			add("expectation-undecided", parity.Low, "cannot be decided for %s, where a value is absent, unknown or of another kind: %s",
				counted(e.undecided.n, "fact"), e.undecided.list())
		}
		if !e.used && !e.idle {
			add("expectation-unused", parity.Low, "matches no fact of the environments that it speaks of")
		}
	}
	return out
}
