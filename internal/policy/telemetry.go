package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// telemetry measures what is seen of the environments: M3, M6, M7, M8.
type telemetry struct {
	metrics                         []gauge // M3, by column
	integrations, latencies, errors []gauge // M6, M7, M8, by column
	// current is how the metric at hand stands, by column; open is set while
	// the subject at hand is a metric of the reference.
	current []standing
	lacking [][]string // labels that a column lacks, by column
	open    bool
}

func newTelemetry(columns int) telemetry {
	return telemetry{
		metrics: make([]gauge, columns), integrations: make([]gauge, columns), latencies: make([]gauge, columns), errors: make([]gauge, columns),
		current: make([]standing, columns), lacking: make([][]string, columns),
	}
}

// enterTelemetry begins a subject of telemetry.
func (g *Judge) enterTelemetry(a *parity.Aligned) {
	t := &g.gauges.telemetry
	t.open = a.Key.Kind == parity.MetricKind && a.Sides[g.ref] != nil
	if t.open {
		clear(t.current)
		clear(t.lacking)
	}
}

// measureTelemetry counts one fact of the reference in a column.
func (g *Judge) measureTelemetry(j *parity.Joined, column int, class parity.Class) {
	t := &g.gauges.telemetry
	switch kind := j.Subject.Key.Kind; {
	case t.open:
		label, ok := strings.CutPrefix(j.Path, parity.MetricLabelsPath)
		s := standingOf(class)
		if !ok && !g.cur.lone[column] && s == missed {
			s = met // of another type, and there
		}
		t.current[column] = max(t.current[column], s)
		if ok && s == missed && !g.cur.lone[column] {
			t.lacking[column] = append(t.lacking[column], strings.TrimSuffix(label, "]"))
		}
	case kind == parity.IntegrationKind && j.Path == parity.ErrorsPath:
		g.measureBehaviour(&t.integrations[column], j, column, class)
	case kind == parity.EndpointKind && j.Path == parity.LatencyPath:
		g.measureBehaviour(&t.latencies[column], j, column, class)
	case kind == parity.EndpointKind && j.Path == parity.ErrorsPath:
		g.measureBehaviour(&t.errors[column], j, column, class)
	}
}

// measureBehaviour counts one judgement: met where the two were shown to be
// alike, and never because nothing was shown.
func (g *Judge) measureBehaviour(m *gauge, j *parity.Joined, column int, class parity.Class) {
	switch standingOf(class) {
	case met:
		m.numerator++
		m.denominator++
	case untold:
		m.unknown++
	default:
		m.miss(func() string {
			note := j.Cells[column].Note
			if note == "" {
				return g.sentence(j, column)
			}
			return fmt.Sprintf("%s: %s", j.Subject.Key, note)
		})
	}
}

// leaveTelemetry counts the metric that is left.
func (g *Judge) leaveTelemetry() {
	t := &g.gauges.telemetry
	if !t.open {
		return
	}
	t.open = false
	key := g.cur.aligned.Key
	for _, c := range g.compared {
		m := &t.metrics[c]
		switch t.current[c] {
		case unseen, untold:
			m.unknown++
		case met:
			m.numerator++
			m.denominator++
		case missed:
			m.miss(func() string {
				if labels := t.lacking[c]; len(labels) > 0 {
					return fmt.Sprintf("%s: without %s in %s", key, strings.Join(labels, ", "), g.names[c])
				}
				return fmt.Sprintf("%s: missing in %s", key, g.names[c])
			})
		}
	}
}

// telemetryIndicators gives M3 and M6 to M8 of a column, those of which
// anything was asked.
func (g *Judge) telemetryIndicators(column int) []parity.Indicator {
	t := &g.gauges.telemetry
	var out []parity.Indicator
	for _, x := range []struct {
		id, name string
		gauge    gauge
	}{
		{"M3", "telemetry coverage parity", t.metrics[column]},
		{"M6", "integration success parity", t.integrations[column]},
		{"M7", "latency delta", t.latencies[column]},
		{"M8", "error-rate delta", t.errors[column]},
	} {
		if x.gauge.denominator+x.gauge.unknown > 0 {
			x.gauge.evidence = slices.Clip(x.gauge.evidence)
			out = append(out, g.indicator(x.id, x.name, column, x.gauge))
		}
	}
	return out
}

// weighBehaviour says of each column whose sources measure how services behave,
// and of which nothing of it could be told, that this is so.
func (g *Judge) weighBehaviour(v *judging, cov Coverage) {
	t := &g.gauges.telemetry
	for _, c := range g.compared {
		told, open := 0, 0
		for _, x := range []*gauge{&t.integrations[c], &t.latencies[c], &t.errors[c]} {
			told += x.denominator
			open += x.unknown
		}
		if told > 0 {
			continue
		}
		text := behaviourGap(cov, g.names[c], g.names[g.ref])
		if open > 0 {
			text = counted(open, "measurement") + " cannot be told yet"
		}
		if text == "" {
			continue
		}
		v.Unseen = append(v.Unseen, fmt.Sprintf("Nothing could be told of how services behave in %s: %s.", g.names[c], text))
	}
}

// behaviourGap is the reason of a gap over endpoints in one of the columns.
func behaviourGap(cov Coverage, columns ...string) string {
	for _, column := range columns {
		for i := range cov.Gaps {
			if x := &cov.Gaps[i]; x.Column == column && x.Kind == parity.EndpointKind {
				return x.Reason
			}
		}
	}
	return ""
}
