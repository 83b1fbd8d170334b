package prometheus

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
)

// maxFormed bounds the metrics of requests that are recognised by their form
// and asked for.
const maxFormed = 200

// series returns what is looked for: the series that parity.yaml and presets
// name, and those among the listed metrics that have the form of requests.
// unknown are the names of presets that there are not.
func (s *structure) series() (all []naming.Known, unknown []string) {
	all, unknown = s.naming.All()
	if s.listed == nil {
		return all, unknown
	}
	formed := s.listed.formedAmong(all)
	if len(formed) > maxFormed {
		for _, kind := range []string{parity.EndpointKind, parity.IntegrationKind} {
			s.out.Gap(parity.Gap{
				Kind: kind, Where: s.Client.Base() + namesPath, Hint: "name those that matter under telemetry.series, and the presets under telemetry.presets",
				Reason: fmt.Sprintf("%d metrics have the form of requests; those after the first %d are not read", len(formed), maxFormed),
			})
		}
		formed = formed[:maxFormed]
	}
	return append(all, formed...), unknown
}

// formedAmong are the series that are recognised by their form, beside those that
// parity.yaml and presets name. They are worked out once.
func (m *metricSet) formedAmong(named []naming.Known) []naming.Known {
	if !m.worked {
		m.formed, m.worked = m.s.naming.Formed(m.shapes(), named), true
	}
	return slices.Clip(m.formed)
}

// shapes are the listed metrics by name, with the labels of all services.
func (m *metricSet) shapes() []naming.Family {
	byName := map[string]*naming.Family{}
	for _, one := range m.sorted() {
		f := byName[one.name]
		if f == nil {
			f = &naming.Family{Name: one.name, Type: m.shapeType(one)}
			byName[one.name] = f
		}
		for _, label := range one.labels {
			if label != "quantile" && !slices.Contains(f.Labels, label) {
				f.Labels = append(f.Labels, label)
			}
		}
	}
	var all []naming.Family
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, *byName[name])
	}
	return all
}

// shapeType is the type of a metric: a name that ends in _total is a counter
// where nothing says it, as where metrics were written and not scraped.
func (m *metricSet) shapeType(one *metric) string {
	kind := m.typeFor(one).kind
	if kind == "" && strings.HasSuffix(one.name, "_total") && one.parts == plainPart {
		return "counter"
	}
	return kind
}

// recognised are the series of metrics of requests, by the metric's name.
func (m *metricSet) recognised() map[string]naming.Known {
	all, _ := m.s.naming.All()
	out := map[string]naming.Known{}
	for _, k := range append(all, m.formedAmong(all)...) {
		if _, ok := out[k.Metric]; !ok {
			out[k.Metric] = k
		}
	}
	return out
}

// of writes a selector of the series of a metric. A name that older
// servers do not know as one stands in quotes.
func (s *structure) of(metric string, more ...string) string {
	if plainMetric.MatchString(metric) {
		return metric + s.selector(more...)
	}
	return s.selector(append([]string{strconv.Quote(metric)}, more...)...)
}

var plainMetric = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`)
