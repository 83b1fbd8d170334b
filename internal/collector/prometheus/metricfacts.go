package prometheus

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

// emit hands over the metrics. whole reports whether all were asked for.
func (m *metricSet) emit(whole bool) {
	untyped := 0
	recognised := m.recognised()
	origins := map[string]*parity.Origin{}
	for _, one := range m.sorted() {
		o := origins[one.name]
		if o == nil {
			o = m.s.origin(m.question(one))
			origins[one.name] = o
		}
		facts, kind := m.facts(one, o)
		if known, ok := recognised[one.name]; ok {
			facts = append(facts, fact(o, parity.RequestsPath, text(known.Describe(one.labels)), parity.Circumstances))
		}
		switch {
		case kind.torn:
			m.s.out.Gap(parity.Gap{
				Kind: parity.MetricKind, Name: parity.LiteralPattern(one.name), Scope: parity.LiteralPattern(one.service), Path: "/type",
				Reason: "targets say different types of this metric, and it is not told which type this service's has",
				Where:  m.s.Client.Base() + metadataPath + "?metric=" + one.name,
			})
		case kind.kind == "":
			untyped++
		}
		m.s.out.Subject(parity.Subject{
			Key: parity.Key{Kind: parity.MetricKind, Scope: one.service, Name: one.name}, Labels: parity.ServiceLabels(one.service), Origin: o,
		}, facts)
	}
	if untyped > 0 {
		m.s.out.Gap(parity.Gap{
			Kind: parity.MetricKind, Path: "/type", Where: m.s.Client.Base() + metadataPath,
			Reason: fmt.Sprintf("%s does not know the types of %d metrics: they were written to it and not scraped, or are scraped no more", m.s.Client.Host(), untyped),
		})
	}
	if len(m.found) == 0 && whole {
		m.s.out.Gap(parity.Gap{
			Kind: parity.MetricKind, Where: m.s.Client.Base() + rangePath,
			Reason: m.s.Client.Host() + " has names of metrics, but no samples within the window", Hint: "see whether the window reaches before what the server keeps",
		})
	}
}

// question is what a person asks to see the series of a metric.
func (m *metricSet) question(one *metric) string {
	name := one.name
	if one.parts&plainPart == 0 && one.parts&countPart != 0 {
		name += "_count"
	}
	return "count by (" + grouping(m.services) + ") (" + m.s.selector("__name__="+strconv.Quote(name)) + ")"
}

func (m *metricSet) facts(one *metric, o *parity.Origin) ([]parity.Fact, kindOf) {
	kind := m.typeFor(one)
	facts := make([]parity.Fact, 0, 4+len(one.labels))
	facts = append(facts, fact(o, "/series", parity.Value{Kind: parity.Number, Raw: strconv.Itoa(one.series)}, parity.Circumstances))
	if kind.kind != "" && !kind.torn {
		facts = append(facts, fact(o, "/type", text(kind.kind)))
	}
	if kind.unit != "" {
		facts = append(facts, fact(o, "/unit", text(kind.unit)))
	}
	if one.parts&bucketPart != 0 {
		facts = append(facts, member(o, "/form[=", "classic"), fact(o, "/bounds", boundsOf(one.bounds)))
	}
	if one.parts&plainPart != 0 && kind.kind == "histogram" {
		facts = append(facts, member(o, "/form[=", "native"))
	}
	for _, label := range one.labels {
		facts = append(facts, member(o, parity.MetricLabelsPath, label))
	}
	return facts, kind
}

// boundsOf writes the bounds of a histogram's buckets as a list, without the
// noise of how they were computed.
func boundsOf(bounds []float64) parity.Value {
	parts := make([]string, 0, len(bounds))
	for _, b := range bounds {
		if !math.IsInf(b, 0) && !math.IsNaN(b) {
			parts = append(parts, strconv.FormatFloat(b, 'g', 9, 64))
		}
	}
	return parity.Value{Kind: parity.List, Raw: "[" + strings.Join(parts, ",") + "]"}
}
