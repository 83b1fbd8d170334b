package otlp

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/naming"
	otel "github.com/envparity/parity/internal/otlp"
)

// The bounds of what is kept.
const (
	maxMetrics = 50_000
	maxSeries  = 500_000
	maxLabels  = 500 // of one metric
)

// metricSet gathers what points tell of metrics.
type metricSet struct {
	naming naming.Config
	otel   bool // names are those of OpenTelemetry
	points int

	metrics map[metricKey]*metric
	series  map[uint64]struct{}
	behave  behaviours
	// left is set where there is more than is kept, unnamed counts points
	// without a service.
	left    bool
	unnamed int
}

type metricKey struct{ service, name string }

// metric is what is known of one.
type metric struct {
	kinds, units, forms, bounds map[string]bool
	labels                      map[string]bool
	series                      int
	delta                       bool
}

func newMetricSet(c naming.Config, otelNames bool) *metricSet {
	return &metricSet{
		naming: c, otel: otelNames, metrics: map[metricKey]*metric{}, series: map[uint64]struct{}{},
		behave: behaviours{naming: c, of: map[behaviourKey]*behaviour{}, last: map[uint64]*state{}, groups: map[uint64]exports{}},
	}
}

func (m *metricSet) add(p *otel.Point) {
	m.points++
	if p.Service == "" {
		m.unnamed++
		return
	}
	m.behave.add(p)
	key := metricKey{p.Service, p.Metric}
	if !m.otel {
		key.name = promName(p)
	}
	one := m.metrics[key]
	if one == nil {
		if m.left = m.left || len(m.metrics) >= maxMetrics; len(m.metrics) >= maxMetrics {
			return
		}
		one = &metric{kinds: map[string]bool{}, units: map[string]bool{}, forms: map[string]bool{}, bounds: map[string]bool{}, labels: map[string]bool{}}
		m.metrics[key] = one
	}
	if _, known := m.series[p.Series]; known {
		return
	}
	if len(m.series) >= maxSeries {
		m.left = true
		return
	}
	m.series[p.Series] = struct{}{}
	m.describe(one, p)
}

// describe adds what a series says of its metric.
func (m *metricSet) describe(one *metric, p *otel.Point) {
	one.series++
	one.delta = one.delta || p.Delta
	one.kinds[m.kind(p.Type)] = true
	if unit := m.unit(p.Unit); unit != "" {
		one.units[unit] = true
	}
	switch p.Type {
	case otel.Histogram:
		one.forms["classic"] = true
		one.bounds[listOf(p.Bounds)] = true
	case otel.Exponential:
		one.forms["native"] = true
	}
	for _, label := range p.Labels {
		if !m.otel {
			label = promLabel(label)
		}
		if len(one.labels) >= maxLabels && !one.labels[label] {
			m.left = true
			continue
		}
		one.labels[label] = true
	}
}

func (m *metricSet) kind(t otel.MetricType) string {
	switch {
	case t == otel.Counter:
		return "counter"
	case t == otel.UpDown && m.otel:
		return "updowncounter"
	case t == otel.Histogram, t == otel.Exponential:
		return "histogram"
	case t == otel.Summary:
		return "summary"
	default:
		return "gauge"
	}
}

// unit is that of the metric, in the words of the names.
func (m *metricSet) unit(unit string) string {
	if strings.ContainsAny(unit, "{}") {
		return ""
	}
	if m.otel {
		return unit
	}
	return strings.Join(unitWords(unit), "_")
}

func listOf(bounds []float64) string {
	parts := make([]string, len(bounds))
	for i, b := range bounds {
		parts[i] = strconv.FormatFloat(b, 'g', -1, 64)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (m *metricSet) report(origin *parity.Origin, out collector.Sink) {
	for _, key := range slices.SortedFunc(maps.Keys(m.metrics), func(a, b metricKey) int {
		return strings.Compare(a.service+"\x00"+a.name, b.service+"\x00"+b.name)
	}) {
		m.subject(key, m.metrics[key], origin, out)
	}
	m.behave.report(origin, out)
	if m.left || m.behave.left {
		for _, kind := range []string{parity.MetricKind, parity.EndpointKind, parity.IntegrationKind} {
			out.Gap(parity.Gap{Kind: kind, Where: origin.File, Reason: "the files hold more series than are kept", Hint: "read the files of fewer services at once"})
		}
	}
	if m.unnamed > 0 {
		out.Gap(parity.Gap{
			Kind: parity.MetricKind, Where: origin.File, Reason: fmt.Sprintf("%d points do not say which service they are of", m.unnamed),
			Hint: "set service.name, or name the attribute under telemetry.service",
		})
	}
}

func (m *metricSet) subject(key metricKey, one *metric, origin *parity.Origin, out collector.Sink) {
	var facts []parity.Fact
	add := func(path string, kind parity.ValueKind, raw string, rules ...parity.Rule) {
		facts = append(facts, parity.Fact{
			Path: path, Value: parity.Value{Kind: kind, Raw: raw}, Rules: parity.SetOf(rules...), Surface: parity.Telemetry, Origin: origin,
		})
	}
	add("/series", parity.Number, strconv.Itoa(one.series), parity.Circumstances)
	single := func(path string, kind parity.ValueKind, of map[string]bool, rules ...parity.Rule) {
		switch values := slices.Sorted(maps.Keys(of)); len(values) {
		case 0:
		case 1:
			add(path, kind, values[0], rules...)
		default:
			out.Gap(parity.Gap{
				Kind: parity.MetricKind, Scope: parity.LiteralPattern(key.service), Name: parity.LiteralPattern(key.name), Path: path,
				Where: origin.File, Reason: "series of the metric say different things of it", Hint: "see whether two versions of the service are in the files",
			})
		}
	}
	single("/type", parity.Text, one.kinds)
	// A name of Prometheus holds the unit: where another is measured, the name
	// is another.
	var named []parity.Rule
	if !m.otel {
		named = []parity.Rule{parity.Derived}
	}
	single("/unit", parity.Text, one.units, named...)
	single("/bounds", parity.List, one.bounds)
	if one.delta {
		add("/temporality", parity.Text, "delta", parity.Circumstances)
	}
	for _, form := range slices.Sorted(maps.Keys(one.forms)) {
		add("/form[="+form+"]", parity.Set, form, parity.SetOrder)
	}
	for _, label := range slices.Sorted(maps.Keys(one.labels)) {
		add(parity.MetricLabelsPath+label+"]", parity.Set, label, parity.SetOrder)
	}
	out.Subject(parity.Subject{
		Key: parity.Key{Kind: parity.MetricKind, Scope: key.service, Name: key.name}, Origin: origin, Labels: parity.ServiceLabels(key.service),
	}, facts)
}
