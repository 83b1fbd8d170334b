package spans

import (
	"slices"

	"github.com/envparity/parity/internal/naming"
)

// The bounds of what is kept.
const (
	maxServices   = 5_000
	maxOperations = 2_000 // of one service
	maxMembers    = 1_000 // attributes, and calls, of one operation
	maxTraces     = 2_000_000
	maxSamplings  = 4
)

// Stats gathers what traces tell of services. The zero value is ready; memory
// is bounded by names, not by spans.
type Stats struct {
	// Behaviour asks for counts and durations in time.
	Behaviour bool

	services map[string]*Service
	seen     map[TraceID]struct{}
	// Traces and Spans are how many were added; Refused are traces that came
	// twice.
	Traces, Spans, Refused int
	// Unnamed are spans without a service.
	Unnamed int
	// Left is set where there are more services than are kept.
	Left bool
	// Doubles, Orphans and Cycles sum up those of the trees.
	Doubles, Orphans, Cycles int
	cells                    int // of all series
}

// Service is what is known of one.
type Service struct {
	Name       string
	Spans      int
	Traces     int // in which it took part
	Operations map[string]*Operation
	Calls      map[string]int // what it calls, by spans at which it is entered
	Resource   map[string]int // names of the attributes of resources, by spans
	Roots      int            // spans at which a trace enters the service first of all
	Sampling   map[string]int // by roots of traces, as Sampling.String has it
	// Left is set where there are more operations than are kept.
	Left bool
	// Endpoints and Integrations are there where behaviour is asked for.
	Endpoints, Integrations map[string]*Series
}

// Operation is what is known of the spans of one name.
type Operation struct {
	Name       string // with its kind
	Kind       naming.SpanKind
	Spans      int
	Attributes map[string]int
	// Calls counts the spans below which a call was made: "inventory GET /x".
	// It is empty for spans inside a service.
	Calls map[string]int
	// Left is set where there are more attributes or calls than are kept.
	Left bool
}

// Services lists what was seen, by name.
func (s *Stats) Services() []*Service { return sorted(s.services) }

// Service gives one, or nil.
func (s *Stats) Service(name string) *Service { return s.services[name] }

// New reports whether the trace was not added before, as far as that is kept.
func (s *Stats) New(id TraceID) bool {
	_, ok := s.seen[id]
	return !ok
}

// Add takes a trace. One that was added already is left out, as what is known
// of it is known.
func (s *Stats) Add(t *Trace) {
	if !s.New(t.ID) {
		s.Refused++
		return
	}
	if s.seen == nil {
		s.seen, s.services = map[TraceID]struct{}{}, map[string]*Service{}
	}
	if len(s.seen) < maxTraces {
		s.seen[t.ID] = struct{}{}
	}
	tree := Grow(t)
	s.Traces++
	s.Doubles, s.Orphans, s.Cycles = s.Doubles+tree.Doubles, s.Orphans+tree.Orphans, s.Cycles+tree.Cycles
	entries := tree.entries()
	calls := map[int]*called{}
	took := map[*Service]bool{}
	for i := range tree.Nodes {
		took[s.node(tree, i)] = true
		service, name := "", ""
		if tree.Nodes[i].Kind.Calls() {
			service, name = tree.Served(i)
		}
		if service == "" {
			continue
		}
		made := calls[entries[i]]
		if made == nil {
			made = &called{}
			calls[entries[i]] = made
		}
		made.services, made.operations = append(made.services, service), append(made.operations, service+" "+name)
	}
	for entry, made := range calls {
		s.calls(&tree.Nodes[entry], made)
	}
	for v := range took {
		if v != nil {
			v.Traces++
		}
	}
}

// called is what was called below one span.
type called struct{ services, operations []string }

// entries gives for each node the one at which its service was entered: the
// nearest that serves, or the highest of the service above it.
func (t *Tree) entries() []int {
	entry := make([]int, len(t.Nodes))
	todo := slices.Clone(t.Roots)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := &t.Nodes[i]
		entry[i] = i
		if n.Parent >= 0 && !n.Kind.Serves() && t.Nodes[n.Parent].Service == n.Service {
			entry[i] = entry[n.Parent]
		}
		todo = append(todo, n.Children...)
	}
	return entry
}

func (s *Stats) service(name string) *Service {
	if name == "" {
		s.Unnamed++
		return nil
	}
	if found := s.services[name]; found != nil {
		return found
	}
	if len(s.services) >= maxServices {
		s.Left = true
		return nil
	}
	made := &Service{Name: name, Operations: map[string]*Operation{}, Calls: map[string]int{}, Resource: map[string]int{}, Sampling: map[string]int{}}
	s.services[name] = made
	return made
}

// node counts a span; it gives the service, or nil.
func (s *Stats) node(tree *Tree, i int) *Service {
	n := &tree.Nodes[i]
	s.Spans++
	service := s.service(n.Service)
	if service == nil {
		return nil
	}
	service.Spans++
	count(service.Resource, n.Resource)
	if n.Parent < 0 && !n.Orphan {
		service.root(n.Sampling)
	}
	if s.Behaviour {
		service.behave(tree, i, &s.cells)
	}
	if op := service.operation(n.Span); op != nil {
		op.Spans++
		if !count(op.Attributes, n.Attributes) {
			op.Left = true
		}
	}
	return service
}

// root counts how a trace that begins in the service was sampled.
func (v *Service) root(how Sampling) {
	v.Roots++
	text := how.String()
	if text == "" {
		return
	}
	if _, ok := v.Sampling[text]; !ok && len(v.Sampling) >= maxSamplings {
		text = "several ratios"
	}
	v.Sampling[text]++
}

func (v *Service) operation(of *Span) *Operation {
	name := of.Operation()
	if op := v.Operations[name]; op != nil {
		return op
	}
	if len(v.Operations) >= maxOperations {
		v.Left = true
		return nil
	}
	op := &Operation{Name: name, Kind: of.Kind, Attributes: map[string]int{}, Calls: map[string]int{}}
	v.Operations[name] = op
	return op
}

func (s *Stats) calls(entry *Node, made *called) {
	service := s.services[entry.Service]
	if service == nil {
		return
	}
	for _, list := range []*[]string{&made.services, &made.operations} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if !count(service.Calls, made.services) {
		service.Left = true
	}
	if op := service.Operations[entry.Operation()]; op != nil && !count(op.Calls, made.operations) {
		op.Left = true
	}
}

// Enough reports whether the sample has so many traces of the service already,
// and enough spans of each of the operations.
func (s *Stats) Enough(service string, traces int, operations []string) bool {
	v := s.services[service]
	if v == nil || v.Traces < traces || v.Spans < EnoughSpans {
		return false
	}
	for _, name := range operations {
		if op := v.Operations[name]; op == nil || op.Spans < enoughOfOne {
			return false
		}
	}
	return true
}

// count adds one to each name; it reports whether there was room for all.
func count(in map[string]int, names []string) bool {
	whole := true
	for _, name := range names {
		if _, ok := in[name]; !ok && len(in) >= maxMembers {
			whole = false
			continue
		}
		in[name]++
	}
	return whole
}

func sorted[T any](m map[string]*T) []*T {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	list := make([]*T, len(names))
	for i, name := range names {
		list[i] = m[name]
	}
	return list
}
