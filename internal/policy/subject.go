package policy

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// current is the subject whose facts are being added, with all that is
// settled once for a subject rather than for each of its facts.
type current struct {
	aligned *parity.Aligned
	ref     parity.SubjectRef
	service service
	// watched is set where no fact of it may be counted and forgotten: an
	// expectation speaks of it, or a column lacks it.
	watched bool
	// parts are the counts that its facts go to, by column.
	parts []part
	// lone tells of each column whether it or the reference lacks the subject;
	// anyLone whether any does.
	lone    []bool
	anyLone bool
	// unsure is set where the pair is not sure.
	unsure bool
	// kind is what is declared of the subject's kind.
	kind *kinds.Kind

	expectations []*expectation
	exceptions   []*exception

	// pending are the facts of a subject that a column lacks: they are one
	// difference, which is known when all have been seen. cells is their
	// storage; both are reused.
	pending []parity.Joined
	cells   []parity.Cell
}

// enter settles what is known of a subject and closes the one before.
func (g *Judge) enter(a *parity.Aligned) error {
	g.leave()
	if a == nil || len(a.Sides) != len(g.columns) {
		return &parity.Error{Code: parity.CodeInternal, What: "an aligned subject has another number of sides than the comparison has columns"}
	}
	c := &g.cur
	c.aligned = a
	c.service = g.services.of(a)
	c.parts = g.partsOf(c.service.index)
	c.ref = parity.SubjectRef{
		Kind: a.Key.Kind, Group: a.Key.Group, Scope: a.Key.Scope, Name: a.Key.Name,
		Service: c.service.name, Owner: c.service.owner, Alignment: a.Alignment,
	}
	c.unsure = a.Alignment.Confidence < sureAlignment
	c.anyLone = false
	for _, i := range g.compared {
		c.lone[i] = (a.Sides[i] == nil) != (a.Sides[g.ref] == nil)
		c.anyLone = c.anyLone || c.lone[i]
	}
	c.expectations = c.expectations[:0]
	for _, e := range g.expectations {
		if e.match.enter(a, c.service.name) {
			c.expectations = append(c.expectations, e)
		}
	}
	c.exceptions = c.exceptions[:0]
	for _, e := range g.exceptions {
		if e.enter(a, c.service.name) {
			c.exceptions = append(c.exceptions, e)
		}
	}
	c.watched = c.anyLone || len(c.expectations) > 0
	if c.kind = g.opts.Kinds.OfRow(a); c.kind.Telemetry {
		g.enterTelemetry(a)
		g.observe(a)
	}
	return nil
}

// leave closes the current subject.
func (g *Judge) leave() {
	if g.cur.anyLone {
		g.judgeLone()
	}
	g.closeVariables()
	g.leaveTelemetry()
	g.cur.pending, g.cur.cells = g.cur.pending[:0], g.cur.cells[:0]
	g.cur.aligned = nil
}

// partsOf gives a service's counts, which exist from its first subject on.
func (g *Judge) partsOf(service int) []part {
	if g.parts[service] == nil {
		g.parts[service] = make([]part, len(g.columns))
	}
	return g.parts[service]
}

// pairUnsure tells whether the column's class rests on a pair that is not
// sure. A subject without a counterpart is no pair.
func (c *current) pairUnsure(column int) bool { return c.unsure && !c.lone[column] }

// count counts one fact that stands for itself.
func (c *current) count(column int, s parity.Surface, class parity.Class) {
	p := &c.parts[column]
	p.byClass[s][class]++
	if c.unsure && !c.lone[column] {
		p.unsure[s][class]++
	}
}

// hold keeps a copy of a fact until the subject is left.
func (c *current) hold(j *parity.Joined) {
	at := len(c.cells)
	c.cells = append(c.cells, j.Cells...)
	held := *j
	held.Cells = c.cells[at:len(c.cells):len(c.cells)]
	c.pending = append(c.pending, held)
}
