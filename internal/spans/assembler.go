package spans

// The bounds of an Assembler.
const (
	maxHeld  = 200_000 // spans of traces that may still grow
	maxOfOne = 50_000  // spans of one trace
)

// Assembler puts together traces whose spans come in any order. It holds a
// bounded number of spans; beyond it the trace that began to come first is
// taken for whole.
type Assembler struct {
	// Whole is given each trace once.
	Whole func(*Trace)
	// Late are spans that came when their trace had been given away, or that
	// were too many for one trace.
	Late int

	traces map[TraceID]*Trace
	order  []TraceID
	held   int
	gone   map[TraceID]struct{}
}

// Add takes a span.
func (a *Assembler) Add(id TraceID, s Span) {
	t := a.traces[id]
	if t == nil {
		if _, ok := a.gone[id]; ok {
			a.Late++
			return
		}
		if a.traces == nil {
			a.traces, a.gone = map[TraceID]*Trace{}, map[TraceID]struct{}{}
		}
		t = &Trace{ID: id}
		a.traces[id] = t
		a.order = append(a.order, id)
	}
	if len(t.Spans) >= maxOfOne {
		a.Late++
		return
	}
	t.Spans = append(t.Spans, s)
	a.held++
	for a.held > maxHeld {
		a.give()
	}
}

// give hands the oldest trace on.
func (a *Assembler) give() {
	id := a.order[0]
	a.order = a.order[1:]
	t := a.traces[id]
	delete(a.traces, id)
	a.held -= len(t.Spans)
	if len(a.gone) < maxTraces {
		a.gone[id] = struct{}{}
	}
	a.Whole(t)
}

// Close hands on what is left.
func (a *Assembler) Close() {
	for len(a.order) > 0 {
		a.give()
	}
}
