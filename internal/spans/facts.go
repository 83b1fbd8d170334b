package spans

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/envparity/parity"
)

// EnoughSpans is how many spans of a service a sample must hold before absence
// in it says anything.
const EnoughSpans = 500

// enoughOfOne is how many spans of one operation there must be: what is seen in
// 2 % of them is then missed with less than 1 %.
const enoughOfOne = 230

// Report says how statistics become facts.
type Report struct {
	// Only is the service that is reported; all are where it is empty.
	Only   string
	Origin *parity.Origin
	// Listed are the operations, by service, that the source says there are,
	// with their kind; nil where it has no such list. A service that is in it
	// with no operation was asked for without success.
	Listed map[string][]string
	// Calls are, by service, the services that the source says it calls; they
	// are not from the sample.
	Calls map[string][]string
	// Unlisted are services whose list was not had: of their operations only
	// those of the sample are known.
	Unlisted map[string]bool
	// Where and Hint are those of gaps.
	Where, Hint string
	// Behaviour has endpoints and integrations reported.
	Behaviour bool
}

// Sink takes subjects and gaps.
type Sink interface {
	Subject(s parity.Subject, facts []parity.Fact)
	Gap(g parity.Gap)
}

// Report hands over what is known. What a sample is too small for is under a
// gap.
func (s *Stats) Report(r Report, out Sink) {
	names := map[string]bool{}
	for name := range s.services {
		names[name] = true
	}
	for name := range r.Listed {
		names[name] = true
	}
	if r.Only != "" {
		names[r.Only] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if r.Only != "" && name != r.Only {
			continue
		}
		e := emitter{Report: r, out: out, service: s.services[name], name: name}
		if e.service == nil {
			e.service = &Service{Name: name}
		}
		e.traces()
		e.operations()
		if r.Behaviour {
			e.behaviour()
		}
	}
	if s.Left && r.Only == "" {
		out.Gap(parity.Gap{Kind: parity.OperationKind, Reason: fmt.Sprintf("there are more than %d services in the traces", maxServices), Where: r.Where, Hint: "name those that matter under services"})
		out.Gap(parity.Gap{Kind: parity.TracesKind, Reason: fmt.Sprintf("there are more than %d services in the traces", maxServices), Where: r.Where, Hint: "name those that matter under services"})
	}
}

// emitter reports one service.
type emitter struct {
	Report
	out     Sink
	service *Service
	name    string
}

func (e *emitter) subject(kind, scope, name string, facts []parity.Fact) {
	e.out.Subject(parity.Subject{
		Key: parity.Key{Kind: kind, Scope: scope, Name: name}, Origin: e.Origin,
		Labels: parity.ServiceLabels(e.name),
	}, facts)
}

func (e *emitter) fact(path string, v parity.Value, rules parity.RuleSet) parity.Fact {
	return parity.Fact{Path: path, Value: v, Rules: rules, Surface: parity.Telemetry, Origin: e.Origin}
}

// gap is over one subject, or over all of the service's operations where name
// is empty.
func (e *emitter) gap(kind, scope, name, path, reason string) {
	g := parity.Gap{Kind: kind, Path: path, Reason: reason, Where: e.Where, Hint: e.Hint}
	if scope != "" {
		g.Scope = parity.LiteralPattern(scope)
	}
	if name != "" {
		g.Name = parity.LiteralPattern(name)
	}
	e.out.Gap(g)
}

// present is the fact that the subject is there.
func (e *emitter) present(rules parity.RuleSet) parity.Fact {
	return e.fact("", parity.Value{Kind: parity.Null}, rules)
}

func (e *emitter) number(path string, n int) parity.Fact {
	return e.fact(path, parity.Value{Kind: parity.Number, Raw: strconv.Itoa(n)}, parity.SetOf(parity.Circumstances))
}

// set gives the members that were seen in n spans, each with how often.
func (e *emitter) set(facts []parity.Fact, path string, members map[string]int, n int, all parity.RuleSet) []parity.Fact {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if made(name) {
			continue
		}
		rules := all | parity.SetOf(parity.SetOrder)
		if n > 0 && Rare(members[name], n) {
			rules = rules.With(parity.Rare)
		}
		facts = append(facts, e.fact(path+"[="+name+"]", parity.Value{Kind: parity.Set, Raw: name}, rules))
	}
	return facts
}

// Rare reports whether what was seen so often among n may be missing from another
// sample of that size with more than 1 %, or is below 2 % of them.
func Rare(seen, n int) bool {
	share := float64(seen) / float64(max(n, 1))
	return share < 0.02 || math.Pow(1-share, float64(n)) > 0.01
}

// traces reports the service's traces as a whole.
func (e *emitter) traces() {
	v := e.service
	facts := []parity.Fact{e.present(0), e.number("/spans", v.Spans)}
	facts = e.set(facts, "/resource", v.Resource, v.Spans, 0)
	facts = e.calls(facts)
	facts = e.set(facts, "/sampling", v.Sampling, v.Roots, 0)
	e.subject(parity.TracesKind, "", e.name, facts)
	if v.Spans < EnoughSpans {
		e.gap(parity.TracesKind, "", e.name, "/resource", e.few())
		e.gap(parity.TracesKind, "", e.name, parity.CallsPath, e.few())
	}
	if v.Spans < EnoughSpans || v.Roots < enoughOfOne {
		// Whoever calls the service may have sampled; without roots of its own
		// it tells no ratio.
		e.gap(parity.TracesKind, "", e.name, "/sampling", fmt.Sprintf("only %d sampled traces begin at %s", v.Roots, e.name))
	}
}

// calls gives what the service calls: what the source says, and what else was
// seen.
func (e *emitter) calls(facts []parity.Fact) []parity.Fact {
	entered := 0
	for _, op := range e.service.Operations {
		if op.Kind.Serves() {
			entered += op.Spans
		}
	}
	seen := map[string]int{}
	maps.Copy(seen, e.service.Calls)
	said := map[string]int{}
	for _, name := range e.Calls[e.name] {
		if name != e.name {
			said[name] = max(1, entered)
		}
		delete(seen, name)
	}
	facts = e.set(facts, "/calls", said, 0, 0)
	return e.set(facts, "/calls", seen, entered, 0)
}

func (e *emitter) few() string {
	return fmt.Sprintf("fewer than %d spans of %s were seen (%d)", EnoughSpans, e.name, e.service.Spans)
}

func (e *emitter) operations() {
	v := e.service
	listed := e.Listed != nil && !e.Unlisted[e.name]
	names := map[string]bool{}
	for _, name := range e.Listed[e.name] {
		names[name] = true
	}
	for name := range v.Operations {
		names[name] = true
	}
	order := slices.Sorted(maps.Keys(names))
	left := v.Left
	if len(order) > maxOperations {
		order, left = order[:maxOperations], true
	}
	for _, name := range order {
		op := v.Operations[name]
		if op == nil {
			op = &Operation{Name: name}
		}
		var sampledOnly parity.RuleSet
		if !listed && Rare(op.Spans, v.Spans) {
			sampledOnly = parity.SetOf(parity.Rare)
		}
		e.operation(op, sampledOnly)
	}
	switch {
	case left:
		e.gap(parity.OperationKind, e.name, "", "", fmt.Sprintf("%s has more than %d operations: their names may hold identifiers", e.name, maxOperations))
	case !listed && v.Spans < EnoughSpans:
		e.gap(parity.OperationKind, e.name, "", "", e.few())
	case v.Spans < EnoughSpans:
		// The list tells which there are, the sample what they are like.
		e.gap(parity.OperationKind, e.name, "", "/attributes", e.few())
		e.gap(parity.OperationKind, e.name, "", "/calls", e.few())
	}
}

func (e *emitter) operation(op *Operation, rules parity.RuleSet) {
	facts := []parity.Fact{e.present(rules), e.number("/spans", op.Spans)}
	facts = e.set(facts, "/attributes", op.Attributes, op.Spans, rules)
	facts = e.set(facts, "/calls", op.Calls, op.Spans, rules)
	e.subject(parity.OperationKind, e.name, op.Name, facts)
	var reason string
	switch {
	case op.Left:
		reason = fmt.Sprintf("%s has more than %d attributes or calls", op.Name, maxMembers)
	case e.service.Spans >= EnoughSpans && op.Spans < enoughOfOne:
		reason = fmt.Sprintf("fewer than %d spans of %s were seen (%d)", enoughOfOne, op.Name, op.Spans)
	default:
		return
	}
	for _, path := range []string{"/attributes", "/calls"} {
		e.gap(parity.OperationKind, e.name, op.Name, path, reason)
	}
}

// behaviour reports endpoints and integrations. What has few requests is told
// too: the judgement knows how little they say.
func (e *emitter) behaviour() {
	e.all(parity.EndpointKind, e.service.Endpoints)
	e.all(parity.IntegrationKind, e.service.Integrations)
}

func (e *emitter) all(kind string, of map[string]*Series) {
	if len(of) >= maxEndpoints {
		e.gap(kind, e.name, "", "", fmt.Sprintf("%s has %d or more of them: their names may hold identifiers", e.name, maxEndpoints))
	}
	for _, s := range sorted(of) {
		failures, durations, ok := s.Measured()
		if !ok {
			e.gap(kind, e.name, s.Name, "", "there is more of it, or over more time, than is measured")
			continue
		}
		facts := []parity.Fact{e.fact(parity.ErrorsPath, failures, 0), e.fact(parity.LatencyPath, durations, 0)}
		for i := range facts {
			facts[i].Surface = parity.Behaviour
		}
		e.subject(kind, e.name, s.Name, facts)
	}
	if e.service.Spans < EnoughSpans {
		e.gap(kind, e.name, "", "", e.few())
	}
}

// made tells of attributes that servers and client libraries make of what a
// span has besides attributes, or that name the subject itself.
func made(name string) bool {
	switch name {
	case "span.kind", "error", "otel.status_code", "otel.status_description", "otel.scope.name", "otel.scope.version",
		"otel.library.name", "otel.library.version", "w3c.tracestate", "internal.span.format", "sampler.type", "sampler.param",
		"service.name":
		return true
	}
	return false
}
