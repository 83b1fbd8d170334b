package prometheus

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/webapi"
)

const (
	// seriesAtOnce bounds the series that one question about labels touches,
	// unless one name has more.
	seriesAtOnce = 50_000
	// labelsAtOnce are asked for in one question; it touches each series once
	// for each of its labels among them.
	labelsAtOnce = 20
	// queryBytes bounds a question; some servers take no more than 16 KiB.
	queryBytes = 15_000
	// markLabel carries which label a part of the answer is about.
	markLabel = "parity_label"
)

// readLabels asks which labels the metrics have: first which there are among
// the series of some names, from the index alone, then which service has which.
func (m *metricSet) readLabels(ctx context.Context) {
	for batch := range m.batches(m.names) {
		if !m.labelsOf(ctx, batch) {
			return
		}
	}
}

// labelsOf asks for the labels of one batch of names. It reports whether there is
// use in asking on.
func (m *metricSet) labelsOf(ctx context.Context, names []string) (further bool) {
	// The sums and counts of a histogram have the labels of its buckets. A
	// native one has none but its own.
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return m.perName[n] == 0 || m.families[n].part&(bucketPart|sumPart|createdPart) != 0
	})
	if len(names) == 0 {
		return true
	}
	var labels []string
	partial, err := m.s.Post(ctx, labelsPath, m.span(m.s.selecting(names)), func(d *json.Decoder) (err error) {
		labels, _, err = readStrings(d, maxNames)
		return err
	})
	if err == nil {
		labels = slices.DeleteFunc(labels, func(l string) bool {
			return placeLabel(l) || slices.Contains(m.by, l) || slices.Contains(m.s.external, l) || m.s.matched(l)
		})
		var torn bool
		torn, err = m.who(ctx, names, labels)
		partial = partial || torn
	}
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		m.s.missing(parity.Gap{Kind: parity.MetricKind, Path: parity.MetricLabelsPath}, labelsPath, err)
		var f *webapi.Failure
		return !m.s.Down() && errors.As(err, &f) && tooMuch(f)
	case partial:
		m.s.partly(parity.MetricKind, rangePath)
		return false
	}
	return true
}

// who asks which service has which of the labels on which of the metrics, many
// labels in one question: one count for each, marked with the label's number.
func (m *metricSet) who(ctx context.Context, names, labels []string) (partial bool, err error) {
	for first := 0; first < len(labels); {
		var query strings.Builder
		i := first
		for ; i < len(labels) && i-first < labelsAtOnce; i++ {
			part := "label_replace(count by (" + grouping(m.by) + ") (" + m.s.selecting(names, quoteLabel(labels[i])+`!=""`) + `),"` + markLabel + `","` + strconv.Itoa(i) + `","","")`
			if i > first && query.Len()+len(part) > queryBytes {
				break
			}
			if i > first {
				query.WriteString(" or ")
			}
			query.WriteString(part)
		}
		first = i
		torn, err := m.askRange(ctx, query.String(), func(x *seriesAnswer) { m.has(x, labels) })
		partial = partial || torn
		if err != nil {
			return partial, err
		}
	}
	return partial, nil
}

// has notes that a metric has a label, unless its targets have it.
func (m *metricSet) has(x *seriesAnswer, labels []string) {
	i, err := strconv.Atoi(x.Metric[markLabel])
	if err != nil || i < 0 || i >= len(labels) {
		return
	}
	one := m.found[metricKey{m.service(x.Metric), m.families[x.Metric["__name__"]].base}]
	if one == nil || m.s.targetLabels[x.Metric["job"]][labels[i]] {
		return
	}
	if at, found := slices.BinarySearch(one.labels, labels[i]); !found {
		one.labels = slices.Insert(one.labels, at, m.intern(labels[i]))
	}
}
