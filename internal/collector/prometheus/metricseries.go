package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/webapi"
)

// alternatives is a regular expression that fits the names alone.
func alternatives(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	return strings.Join(quoted, "|")
}

// batches yields names in order, so that what belongs together is asked for
// together and shares its labels, as many as one question may be about. The
// series of a name count where they are known.
func (m *metricSet) batches(names []string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		begin, series, length := 0, 0, 0
		for i, name := range names {
			n := m.perName[name]
			if i > begin && (series+n > seriesAtOnce || i-begin >= namesAtOnce || length+len(name) > namesBytes) {
				if !yield(names[begin:i]) {
					return
				}
				begin, series, length = i, 0, 0
			}
			series, length = series+n, length+len(name)
		}
		if begin < len(names) {
			yield(names[begin:])
		}
	}
}

// readSeries asks which service has which metric. One question is about many
// names; what it answers grows with services, not with series. Buckets are
// asked for with their bounds. It reports whether all of it was answered.
func (m *metricSet) readSeries(ctx context.Context) (whole bool) {
	var buckets, others []string
	for _, n := range m.names {
		if m.families[n].part == bucketPart {
			buckets = append(buckets, n)
		} else {
			others = append(others, n)
		}
	}
	for batch := range m.batches(others) {
		if !m.countSeries(ctx, batch, m.by) {
			return false
		}
	}
	for batch := range m.batches(buckets) {
		if !m.countSeries(ctx, batch, append(slices.Clone(m.by), "le")) {
			return false
		}
	}
	if len(m.found) >= maxMetrics {
		m.s.out.Gap(parity.Gap{
			Kind: parity.MetricKind, Where: m.s.Client.Base() + rangePath,
			Reason: fmt.Sprintf("the services have more than %d metrics together; the others are not looked at", maxMetrics), Hint: "narrow the source with match",
		})
	}
	return len(m.refused) == 0
}

// countSeries asks for one batch of names, and for its halves where the server
// says that it is too much. It reports whether there is use in asking on.
func (m *metricSet) countSeries(ctx context.Context, names []string, by []string) bool {
	if ctx.Err() != nil {
		return false
	}
	query := "count by (" + grouping(by) + ") (" + m.s.selecting(names) + ")"
	partial, err := m.askRange(ctx, query, func(x *seriesAnswer) { m.count(x) })
	var f *webapi.Failure
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil && partial:
		m.s.partly(parity.MetricKind, rangePath)
		return false
	case err == nil:
		return true
	case errors.As(err, &f) && tooMuch(f) && len(names) > 1 && !m.s.Down():
		half := len(names) / 2
		return m.countSeries(ctx, names[:half], by) && m.countSeries(ctx, names[half:], by)
	case errors.As(err, &f) && tooMuch(f) && !m.s.Down():
		if base := m.families[names[0]].base; !m.refused[base] {
			m.refused[base] = true
			m.s.missing(parity.Gap{Kind: parity.MetricKind, Name: parity.LiteralPattern(base)}, rangePath+"?query="+url.QueryEscape(query), err)
		}
		return true
	default:
		m.s.missing(parity.Gap{Kind: parity.MetricKind}, rangePath, err)
		return false
	}
}

// tooMuch reports whether a smaller question may have an answer.
func tooMuch(f *webapi.Failure) bool {
	return f.Late || f.Status == http.StatusUnprocessableEntity || f.Status == http.StatusServiceUnavailable || f.Status == http.StatusRequestEntityTooLarge
}

// count adds what the answer says of one name of one service.
func (m *metricSet) count(x *seriesAnswer) {
	one := m.at(x.Metric)
	if one == nil {
		return
	}
	name := x.Metric["__name__"]
	n := int(x.most())
	one.series += n
	m.perName[name] += n
	one.parts |= m.families[name].part
	if job := x.Metric["job"]; job != "" && !slices.Contains(one.jobs, job) {
		one.jobs = append(one.jobs, m.intern(job))
	}
	if bound, err := strconv.ParseFloat(x.Metric["le"], 64); err == nil && len(one.bounds) < 1000 {
		if i, found := slices.BinarySearch(one.bounds, bound); !found {
			one.bounds = slices.Insert(one.bounds, i, bound)
		}
	}
}

// askRange asks a query at the instants of the window.
func (m *metricSet) askRange(ctx context.Context, query string, each func(*seriesAnswer)) (partial bool, err error) {
	step := max(m.s.window/(instants-1), time.Second)
	from := m.s.now.Add(-step * (instants - 1))
	return m.s.queryRange(ctx, query, from, m.s.now, step.Truncate(time.Second), func(x *seriesAnswer) error { each(x); return nil })
}
