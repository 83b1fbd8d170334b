package prometheus

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
)

const (
	rangePath    = "/api/v1/query_range"
	labelsPath   = "/api/v1/labels"
	namesPath    = "/api/v1/label/__name__/values"
	metadataPath = "/api/v1/metadata"

	// maxNames bounds the names of metrics, and maxMetrics the metrics of all
	// services together.
	maxNames   = 100_000
	maxMetrics = 200_000
	// instants are the times in the window at which a series is looked for: a
	// metric is there if it has a sample at one of them.
	instants = 5
	// namesAtOnce are asked for in one question, and namesBytes bounds their
	// length together.
	namesAtOnce = 100
	namesBytes  = 3_000
)

// metric is one metric of one service.
type metric struct {
	service, name string
	parts         part
	series        int
	bounds        []float64
	labels        []string
	jobs          []string
}

type metricKey struct{ service, name string }

// metricSet gathers metrics.
type metricSet struct {
	s        *structure
	names    []string
	families map[string]family
	metadata map[string]kindOf
	byJob    map[string]map[string]string // types of torn metrics by job
	// services are the labels that name a service, the first that is there
	// decides; by is those and the job.
	services, by []string
	found        map[metricKey]*metric
	perName      map[string]int  // series of each name
	refused      map[string]bool // names of which each question was too much
	interned     map[string]string
	formed       []naming.Known // by their form; once worked is set
	worked       bool
}

// metrics reads which metrics which service has, of which type, with which
// labels.
func (s *structure) metrics(ctx context.Context) {
	m := &metricSet{s: s, found: map[metricKey]*metric{}, perName: map[string]int{}, refused: map[string]bool{}, interned: map[string]string{}}
	if !m.readNames(ctx) {
		return
	}
	m.readMetadata(ctx)
	m.readServiceLabels(ctx)
	m.families = families(m.names, m.metadata)
	whole := m.readSeries(ctx)
	m.readTorn(ctx)
	m.readLabels(ctx)
	if ctx.Err() != nil {
		return
	}
	s.listed = m
	m.emit(whole)
}

// span gives the window's ends, and the matchers for a question of the index.
func (m *metricSet) span(selectors ...string) url.Values {
	form := url.Values{"start": {unix(m.s.now.Add(-m.s.window))}, "end": {unix(m.s.now)}}
	if len(selectors) > 0 {
		form["match[]"] = selectors
	} else if len(m.s.match) > 0 {
		form.Set("match[]", m.s.selector())
	}
	return form
}

// unix writes a time as the API takes it, to the millisecond.
func unix(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }

// readNames asks for the names of metrics. It reports whether there are any.
func (m *metricSet) readNames(ctx context.Context) bool {
	more := false
	partial, err := m.s.Get(ctx, namesPath, m.span(), func(d *json.Decoder) (err error) {
		m.names, more, err = readStrings(d, maxNames)
		return err
	})
	if ctx.Err() != nil {
		return false
	}
	m.names = slices.DeleteFunc(m.names, synthetic)
	slices.Sort(m.names)
	m.names = slices.Compact(m.names)
	gap := parity.Gap{Kind: parity.MetricKind, Where: m.s.Client.Base() + namesPath}
	switch {
	case err != nil:
		m.s.missing(parity.Gap{Kind: parity.MetricKind}, namesPath, err)
		return false
	case partial:
		m.s.partly(parity.MetricKind, namesPath)
	case more:
		gap.Reason, gap.Hint = fmt.Sprintf("the server has more than %d names of metrics; the others are not looked at", maxNames), "narrow the source with match"
		m.s.out.Gap(gap)
	case len(m.names) == 0:
		gap.Reason, gap.Hint = m.s.Client.Host()+" knows no metric that fits within the window", "see match and window, and whether the window reaches before what the server keeps"
		m.s.out.Gap(gap)
	}
	return len(m.names) > 0
}

// readServiceLabels settles which labels name a service: those that are there
// at all, since servers do not know names of every form.
func (m *metricSet) readServiceLabels(ctx context.Context) {
	var there []string
	_, err := m.s.Get(ctx, labelsPath, m.span(), func(d *json.Decoder) (err error) {
		there, _, err = readStrings(d, maxNames)
		return err
	})
	for _, label := range m.s.naming.ServiceLabels() {
		if slices.Contains(there, label) || err != nil && plainLabel.MatchString(label) {
			m.services = append(m.services, label)
		}
	}
	if !slices.Contains(m.services, "job") {
		m.services = append(m.services, "job")
	}
	m.by = append([]string{"__name__"}, m.services...)
}

// service gives the name of the service that a series belongs to.
func (m *metricSet) service(labels map[string]string) string {
	for _, label := range m.services {
		if v := labels[label]; v != "" {
			return v
		}
	}
	return ""
}

// at gives the metric that a series belongs to; nil where there are too many.
func (m *metricSet) at(labels map[string]string) *metric {
	f, ok := m.families[labels["__name__"]]
	if !ok {
		return nil
	}
	key := metricKey{m.intern(m.service(labels)), f.base}
	one := m.found[key]
	if one == nil {
		if len(m.found) >= maxMetrics {
			return nil
		}
		one = &metric{service: key.service, name: key.name}
		m.found[key] = one
	}
	return one
}

// intern keeps one copy of a text that occurs often.
func (m *metricSet) intern(s string) string {
	if known, ok := m.interned[s]; ok {
		return known
	}
	m.interned[s] = s
	return s
}

func grouping(by []string) string {
	quoted := make([]string, len(by))
	for i, label := range by {
		quoted[i] = quoteLabel(label)
	}
	return strings.Join(quoted, ",")
}

// sorted gives what was found in order.
func (m *metricSet) sorted() []*metric {
	return slices.SortedFunc(maps.Values(m.found), func(a, b *metric) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.name, b.name))
	})
}
