package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// signal is one of the three that a service is observed by.
type signal uint8

const (
	logs signal = iota
	metrics
	traces
	signals
)

// signalKinds are the kinds of subjects by which a signal is seen.
var signalKinds = [signals]string{logs: parity.LogsKind, metrics: parity.MetricKind, traces: parity.OperationKind}

var signalNames = [signals]string{"logs", "metrics", "traces"}

// observability measures M10: which services are seen by which signals.
type observability struct {
	// services are by name; declared ones only, where parity.yaml declares any.
	services map[string]*observed
	// spoken tells of each column which signals it has any subject of.
	spoken [][signals]bool
}

type observed struct {
	seen [][signals]bool // by column
	// serves is set where it is known to be a service, not a mere exporter of
	// metrics: it answers, logs or traces somewhere, or is declared.
	serves bool
}

func newObservability(columns int) observability {
	return observability{services: map[string]*observed{}, spoken: make([][signals]bool, columns)}
}

// observe notes what a subject says of its service's signals.
func (g *Judge) observe(a *parity.Aligned) {
	name := a.Logical.Scope
	which := signals
	switch a.Key.Kind {
	case parity.LogsKind:
		which, name = logs, a.Logical.Name
	case parity.MetricKind:
		which = metrics
	case parity.OperationKind:
		which = traces
	case parity.EndpointKind, parity.IntegrationKind:
	default:
		return
	}
	o := &g.gauges.observability
	if which != signals {
		for c, side := range a.Sides {
			o.spoken[c][which] = o.spoken[c][which] || side != nil
		}
	}
	if g.services.count() > 0 {
		if g.cur.service.index == 0 {
			return
		}
		name = g.cur.service.name
	}
	s := o.services[name]
	if s == nil {
		s = &observed{seen: make([][signals]bool, len(g.columns)), serves: g.services.count() > 0}
		o.services[name] = s
	}
	s.serves = s.serves || which != metrics
	for c, side := range a.Sides {
		if side != nil && which != signals {
			s.seen[c][which] = true
		}
	}
}

// observabilityIndicator gives M10 of a column: the services with all three
// signals over those of which it is known. A service of which a signal could
// not be looked for is unknown, unless another is known to be missing.
func (g *Judge) observabilityIndicator(column int, cov Coverage) (parity.Indicator, bool) {
	var m gauge
	o := &g.gauges.observability
	for _, name := range g.observedServices() {
		s := o.services[name]
		var missing, unknown []string
		for w := range signals {
			switch {
			case s != nil && s.seen[column][w]:
			case !o.spoken[column][w], g.hidden(cov, column, w, name):
				unknown = append(unknown, signalNames[w])
			default:
				missing = append(missing, signalNames[w])
			}
		}
		switch {
		case len(missing) > 0:
			m.miss(func() string {
				return fmt.Sprintf("%s has no %s in %s", name, strings.Join(missing, " and no "), g.names[column])
			})
		case len(unknown) > 0:
			m.unknown++
		default:
			m.numerator++
			m.denominator++
		}
	}
	if m.denominator+m.unknown == 0 {
		return parity.Indicator{}, false
	}
	return g.indicator("M10", "observability completeness", column, m), true
}

// observedServices are the services that M10 is of, sorted. None where no
// column has any telemetry.
func (g *Judge) observedServices() []string {
	o := &g.gauges.observability
	var names []string
	for name, s := range o.services {
		if s.serves {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		for _, s := range g.cfg.Services {
			if o.services[s.Name] == nil {
				names = append(names, s.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// hidden reports whether a gap could hide a service's signal in a column.
func (g *Judge) hidden(cov Coverage, column int, w signal, service string) bool {
	key := parity.Key{Kind: signalKinds[w], Scope: service}
	if w == logs {
		key.Scope, key.Name = "", service
	}
	for _, gap := range cov.Gaps {
		if gap.Column != g.names[column] || gap.Kind == "" && gap.Facts == 0 {
			continue
		}
		x := gap.Gap
		if w != logs {
			x.Name = "" // any metric or operation of the service would do
		}
		if x.Path == "" && x.Covers(key, "") {
			return true
		}
	}
	return false
}

// runbooks gathers what alerts say of their runbooks.
type runbooks struct {
	alerts  int
	without map[string]bool
	dead    map[string]string
}

// observeRunbook notes one fact of an alert.
func (g *Judge) observeRunbook(j *parity.Joined) {
	b := &g.gauges.runbooks
	b.alerts++
	for i := range j.Cells {
		f := j.Cells[i].Fact
		if f == nil {
			continue
		}
		name := j.Subject.Key.Name
		switch text := f.Value.Canonical(); {
		case text == "none":
			if b.without == nil {
				b.without = map[string]bool{}
			}
			b.without[name] = true
		case strings.HasPrefix(text, "dead"):
			if b.dead == nil {
				b.dead = map[string]string{}
			}
			b.dead[name] = text
		}
	}
}

// runbookFindings are one for all alerts without a runbook, and one for all
// whose link is dead.
func (g *Judge) runbookFindings() []parity.PolicyFinding {
	b := &g.gauges.runbooks
	var out []parity.PolicyFinding
	add := func(kind, what string, names []string, s parity.Severity) {
		if len(names) == 0 {
			return
		}
		shown := strings.Join(names[:min(len(names), 5)], ", ")
		if more := len(names) - 5; more > 0 {
			shown += fmt.Sprintf(" and %d more", more)
		}
		out = append(out, parity.PolicyFinding{
			Kind: kind, Name: names[0], Severity: s,
			Message: fmt.Sprintf("%d of %s %s: %s", len(names), counted(b.alerts, "alert"), what, shown),
		})
	}
	add("runbook-missing", "without a runbook", slices.Sorted(maps.Keys(b.without)), parity.Low)
	add("runbook-dead", "with a runbook link that is dead", slices.Sorted(maps.Keys(b.dead)), parity.Medium)
	return out
}
