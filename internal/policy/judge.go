// Package policy turns what compare found into what follows from it: which
// differences are expected or excepted, how severe the others are, indicators,
// scores and a verdict. It reads nothing and asks no clock.
package policy

import (
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/kinds"
)

const (
	surfaces = int(parity.Behaviour) + 1
	classes  = int(parity.Unknown) + 1
)

// sureAlignment is the confidence from which a pair of subjects is trusted.
// Below it a pair counts as ambiguous and never fails a gate.
const sureAlignment = 0.8

// Options are what a run adds to parity.yaml.
type Options struct {
	// Gate is what decides the verdict; nil is parity.yaml's own.
	Gate *Gate
	// Baseline holds differences that are known already; nil is none.
	Baseline *Baseline
	// Kinds is what is declared of the kinds of subjects.
	Kinds *kinds.Set
	// KeepValues keeps what Judgement.Baseline needs.
	KeepValues bool
	// KeyID is the key of the secrets' digests; empty where columns were read
	// with different ones.
	KeyID string
	// Images is what is known of images; nil is nothing.
	Images *Images
}

// Coverage is what compare knows of what it could not see.
type Coverage struct {
	// Gaps are those of all columns, the reference's too. One that says how
	// many facts it leaves unknown has made them unknown in Add already. Finish
	// says of each whether it is a doubt.
	Gaps []parity.ColumnGap
}

// Judgement is what policy says of one comparison. Its parts go into
// parity.Result as they are.
type Judgement struct {
	// Differences are sorted by subject, path, class and columns. They hold
	// those that count, those that lower confidence, and those that are
	// expected or excepted; the other classes are counted only.
	Differences []parity.Difference
	Classes     []parity.ClassCount
	Scores      []parity.Score
	Indicators  []parity.Indicator
	Verdict     parity.Verdict
	Findings    []parity.PolicyFinding
	// Values are what each difference's columns and the reference hold, for a
	// baseline; empty unless Options.KeepValues. KeyID is that of their digests.
	Values []map[string]string
	KeyID  string
}

// Judge takes joined facts one after another and keeps only what the judgement
// needs. It is not safe for concurrent use.
type Judge struct {
	cfg      *config.Config
	opts     Options
	columns  []parity.Column
	names    []string // Column.String, by column
	ref      int
	compared []int // the columns that are not the reference
	now      time.Time

	services     *services
	severities   *severities
	tolerances   []tolerance // by surface
	expectations []*expectation
	exceptions   []*exception
	allowances   []*allowance
	// undecided counts, by column, the facts on a surface that decides of which
	// several declarations say different things.
	undecided []int

	tallies []tally  // by column
	parts   [][]part // by service (0 is none) and column
	cur     current
	apart   apart
	rulings []ruling // by column; reused for every fact
	records []*record
	whys    map[whyKey]string
	derived []derivedFact
	gauges  gauges
}

// tally counts one column's facts, whatever their class.
type tally struct {
	paired, onlyHere, onlyReference int
	// derived are the facts that follow from others, which are nobody's part.
	derived [surfaces][classes]int
}

// part counts the facts of one service in one column that stand for
// themselves.
type part struct {
	byClass [surfaces][classes]int
	// unsure are those of pairs that are not sure; they are in byClass too.
	unsure [surfaces][classes]int
	// synthetic are counting differences that no fact stands for.
	synthetic [surfaces]int
	// notApplicable are the unknown ones that lower no confidence.
	notApplicable [surfaces]int
	// loss is the weight of the counting ones, without the unsure.
	loss [surfaces]int64
}

// New prepares a judge for the columns, one of which is the reference. now is
// the time by which exceptions are in force, and images of an age. The error is a parity.Error with
// a place in parity.yaml: an expectation that is no expression, or names an
// environment that is not there. A nil cfg is an empty one.
func New(cfg *config.Config, columns []parity.Column, now time.Time, opts Options) (*Judge, error) {
	if cfg == nil {
		cfg = &config.Config{}
	}
	g := &Judge{cfg: cfg, opts: opts, columns: columns, ref: -1, now: now}
	if g.opts.Images == nil {
		g.opts.Images = NewImages(nil)
	}
	if g.opts.Gate == nil {
		gate := ResolveGate(cfg, nil)
		g.opts.Gate = &gate
	}
	for i, c := range columns {
		g.names = append(g.names, c.String())
		if c.Reference && g.ref < 0 {
			g.ref = i
		} else {
			g.compared = append(g.compared, i)
		}
	}
	if g.ref < 0 {
		return nil, &parity.Error{Code: parity.CodeInternal, What: "no column is the reference"}
	}
	if err := g.compile(now); err != nil {
		return nil, err
	}
	g.tallies = make([]tally, len(columns))
	g.parts = make([][]part, g.services.count()+1)
	g.rulings = make([]ruling, len(columns))
	g.undecided = make([]int, len(columns))
	var err error
	if g.gauges, err = newGauges(cfg, len(columns)); err != nil {
		return nil, err
	}
	g.cur.lone = make([]bool, len(columns))
	g.apart = newApart(columns)
	g.cur.presumed = make([]bool, len(columns))
	return g, nil
}

// compile prepares the parts of parity.yaml.
func (g *Judge) compile(now time.Time) (err error) {
	if g.services, err = newServices(g.cfg); err != nil {
		return err
	}
	if g.severities, err = newSeverities(g.cfg); err != nil {
		return err
	}
	g.tolerances = newTolerances(g.cfg, g.columns)
	if g.expectations, err = newExpectations(g.cfg, g.columns, g.ref); err != nil {
		return err
	}
	if g.exceptions, err = newExceptions(g.cfg, g.columns, now); err != nil {
		return err
	}
	g.allowances, err = newAllowances(g.cfg, now)
	return err
}

// quiet tells of each class whether a fact of it is counted and forgotten.
var quiet = [classes]bool{
	parity.Equal: true, parity.Equivalent: true, parity.Bound: true,
	parity.IdentifierClass: true, parity.Shared: true,
}

// Add takes one joined fact. All facts of one subject come one after another.
// The value and what it points to may be reused once Add has returned, except
// for facts and subjects, which stay as they are until Finish.
func (g *Judge) Add(j *parity.Joined) error {
	if j.Subject != g.cur.aligned {
		if err := g.enter(j.Subject); err != nil {
			return err
		}
	}
	if len(j.Cells) != len(g.columns) {
		return &parity.Error{Code: parity.CodeInternal, What: "a joined fact has another number of columns than the comparison"}
	}
	if g.cur.kind.Telemetry && j.Path == parity.RunbookPath && j.Subject.Key.Kind == parity.AlertKind {
		g.observeRunbook(j)
	}
	if g.cur.watched || j.Derived != nil || j.Synthetic {
		return g.judge(j)
	}
	for _, c := range g.compared {
		if class := j.Cells[c].Class; int(class) >= classes || !quiet[class] {
			return g.judge(j)
		}
	}
	s, refHas := surfaceOf(j), has(&j.Cells[g.ref])
	for _, c := range g.compared {
		if g.tallies[c].note(refHas, has(&j.Cells[c])) {
			g.cur.count(c, s, j.Cells[c].Class)
		}
	}
	g.measureQuiet(j)
	return nil
}

// note counts a fact of the column or of the reference and reports whether it
// is either's.
func (t *tally) note(refHas, here bool) bool {
	switch {
	case refHas && here:
		t.paired++
	case here:
		t.onlyHere++
	case refHas:
		t.onlyReference++
	default:
		return false
	}
	return true
}

func has(c *parity.Cell) bool { return c.Fact != nil || c.State == parity.Present }

// surfaceOf guards the tables against a surface that is none.
func surfaceOf(j *parity.Joined) parity.Surface {
	if int(j.Surface) >= surfaces {
		return parity.Config
	}
	return j.Surface
}
