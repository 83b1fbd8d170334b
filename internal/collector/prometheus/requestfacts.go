package prometheus

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

// emit gives what was counted to the sink, by service and name.
func (r *requests) emit() {
	r.dropHalves()
	r.dropUnasked()
	keys := slices.SortedFunc(maps.Keys(r.found), func(a, b requestKey) int {
		return cmp.Or(a.compare(b.requestGroup), strings.Compare(a.name, b.name))
	})
	for _, k := range keys {
		if x := r.found[k]; k.kind == parity.EndpointKind && x.total != nil {
			if r.total[k.service] == nil {
				r.total[k.service] = make([]float64, r.steps)
			}
			for i, n := range x.total {
				r.total[k.service][i] += n
			}
		}
	}
	for _, k := range keys {
		if r.unloaded && k.kind == parity.IntegrationKind && r.total[k.service] == nil {
			continue // calls under an unknown load compare with none; the gap is there
		}
		x := r.found[k]
		var facts []parity.Fact
		if f, ok := r.errorsOf(k, x); ok {
			facts = append(facts, f)
		}
		if f, ok := r.latencyOf(k, x); ok {
			facts = append(facts, f)
		}
		if len(facts) > 0 {
			r.out.Subject(parity.Subject{Key: parity.Key{Kind: k.kind, Scope: k.service, Name: k.name}, Labels: parity.ServiceLabels(k.service)}, facts)
		}
	}
	for _, group := range slices.SortedFunc(maps.Keys(r.perService), requestGroup.compare) {
		if r.perService[group] > maxEndpoints {
			g := r.gapOf(group)
			g.Reason, g.Hint = fmt.Sprintf("%s has more than %d of its kind; the others are not told", group.service, maxEndpoints), "let routes, not paths, be the label"
			r.out.Gap(g)
		}
	}
}

// gapOf begins a gap over a group.
func (r *requests) gapOf(group requestGroup) parity.Gap {
	return parity.Gap{Kind: group.kind, Scope: parity.LiteralPattern(group.service), Where: r.Client.Base() + rangePath}
}

// dropUnasked forgets what was never asked in the window, but for scrapes.
// Libraries count all endpoints that a program has from its start, and nothing is
// known of those.
func (r *requests) dropUnasked() {
	maps.DeleteFunc(r.found, func(k requestKey, x *requestSeries) bool { return !x.asked() || r.scrape(k) })
	if len(r.found) == 0 && !r.dropped {
		r.unknown("nothing was asked of any service in the window", "see whether requests reach the services, or lengthen window", r.Client.Base()+rangePath)
	}
}

// scrape reports whether an endpoint is where targets are scraped: its requests
// are those of the server that is asked.
func (r *requests) scrape(k requestKey) bool {
	for path := range r.scraped {
		if before, ok := strings.CutSuffix(k.name, path); ok && k.kind == parity.EndpointKind && len(path) > 1 && (before == "" || strings.HasSuffix(before, " ") || strings.HasSuffix(before, "/")) {
			return true
		}
	}
	return false
}

// asked reports whether a request was counted or timed.
func (x *requestSeries) asked() bool {
	counted := func(counts []float64) bool {
		total := 0.0
		for _, n := range counts {
			total += n
		}
		return total >= 0.5
	}
	if counted(x.total) || x.native != nil && x.native.asked() {
		return true
	}
	for _, counts := range x.buckets {
		if counted(counts) {
			return true
		}
	}
	return false
}

// dropHalves forgets services of which the server answered for a part of the
// window only: it tells that there were instances, and not how much they served.
func (r *requests) dropHalves() {
	for _, group := range slices.SortedFunc(maps.Keys(r.told), requestGroup.compare) {
		there, told := 0, 0
		for i, n := range r.instances[group.service] {
			if n > 0 {
				there++
				if r.told[group][i] {
					told++
				}
			}
		}
		if float64(told) >= wholeWindow*float64(there) {
			continue
		}
		groups := []requestGroup{group}
		if group.kind == parity.EndpointKind {
			groups = append(groups, requestGroup{parity.IntegrationKind, group.service}) // the load of its calls is not known either
		}
		r.dropped = true
		for _, dropped := range groups {
			g := r.gapOf(dropped)
			g.Reason = fmt.Sprintf("%s tells of %d of the %d steps in which %s had instances", r.Client.Host(), told, there, group.service)
			g.Hint = "ask again; if it stays so, shorten window, or see whether the server answers whole ranges"
			r.out.Gap(g)
			maps.DeleteFunc(r.found, func(_ requestKey, x *requestSeries) bool { return x.group == dropped })
		}
	}
}

// halved reports whether buckets hold clearly fewer requests than were counted,
// and records that durations are unknown.
func (r *requests) halved(k requestKey, x *requestSeries, m *parity.Measurement) bool {
	have, _ := m.Sum()
	counted := 0.0
	for _, n := range x.total {
		counted += n
	}
	if counted < fewRequests || have >= wholeWindow*counted {
		return false
	}
	g := r.gapOf(x.group)
	g.Name, g.Path = parity.LiteralPattern(k.name), parity.LatencyPath
	g.Reason = fmt.Sprintf("the buckets hold %.0f requests, and %.0f were counted", have, counted)
	g.Hint = "see whether the server answers whole ranges, and whether all instances have the same histogram"
	r.out.Gap(g)
	return true
}

// measurement begins one over the window.
func (r *requests) measurement(k requestKey) parity.Measurement {
	m := parity.Measurement{Start: r.start.UTC(), Step: r.step, Instances: 1}
	total, instances := r.total[k.service], r.instances[k.service]
	if total == nil || instances == nil {
		return m
	}
	m.Load = make([]float64, r.steps)
	for i := range m.Load {
		if m.Load[i] = -1; instances[i] > 0 {
			m.Load[i] = total[i] / r.step.Seconds() / instances[i]
		}
	}
	return m
}

func (r *requests) errorsOf(k requestKey, x *requestSeries) (parity.Fact, bool) {
	if x.total == nil || x.failed == nil {
		return parity.Fact{}, false
	}
	m := r.measurement(k)
	m.Total, m.Events = x.total, x.failed
	for i := range m.Events { // rounded each by itself, failed ones could be more
		m.Total[i], m.Events[i] = math.Round(m.Total[i]), math.Round(m.Events[i])
		m.Events[i] = min(m.Events[i], m.Total[i])
	}
	total, failed := m.Sum()
	v := m.Value(parity.Proportion, fmt.Sprintf("%.0f of %.0f failed", failed, total))
	return parity.Fact{Path: parity.ErrorsPath, Value: v, Surface: parity.Behaviour, Origin: r.origin(x.counted)}, true
}

func (r *requests) latencyOf(k requestKey, x *requestSeries) (parity.Fact, bool) {
	m := r.measurement(k)
	m.Unit = "s"
	switch {
	case x.native != nil && !x.native.odd && x.native.fill(&m):
	case len(x.buckets) > 0:
		fillClassic(&m, x.buckets)
	case x.total != nil && x.series.Type != "counter" && r.there[x.series.Metric] && x.native == nil:
		m.Total, m.Unbounded, x.durations = x.total, "quantiles of a summary cannot be merged, and their error has no bound", x.counted
	default:
		return parity.Fact{}, false
	}
	if r.halved(k, x, &m) {
		return parity.Fact{}, false
	}
	total, _ := m.Sum()
	v := m.Value(parity.Distribution, strconv.FormatFloat(total, 'f', 0, 64)+" requests")
	return parity.Fact{Path: parity.LatencyPath, Value: v, Surface: parity.Behaviour, Origin: r.origin(x.durations)}, true
}

// fill puts exponential buckets into a measurement.
func (h *nativeBuckets) fill(m *parity.Measurement) bool {
	first, last, ok := h.span()
	if !ok {
		return false
	}
	m.Native, m.Schema, m.First, m.Width = true, h.schema, first, last-first+2
	m.Buckets = make([]float64, len(h.steps)*m.Width)
	m.Total = make([]float64, len(h.steps))
	for i, buckets := range h.steps {
		row := m.Buckets[i*m.Width : (i+1)*m.Width]
		row[0] = math.Round(h.zero[i])
		for index, n := range buckets {
			row[index-first+1] = math.Round(n)
		}
		for _, n := range row {
			m.Total[i] += n
		}
	}
	return true
}

// fillClassic puts cumulative counts by bound into a measurement. A bucket that
// holds less than the one below it, as where an instance went in between, holds
// nothing of its own.
func fillClassic(m *parity.Measurement, cumulative map[float64][]float64) {
	bounds := slices.Sorted(maps.Keys(cumulative))
	steps := len(cumulative[bounds[0]])
	for _, b := range bounds {
		if !math.IsInf(b, 1) {
			m.Bounds = append(m.Bounds, b)
		}
	}
	m.Width = len(m.Bounds) + 1
	m.Buckets = make([]float64, steps*m.Width)
	m.Total = make([]float64, steps)
	for i := range steps {
		below := 0.0
		for k, b := range bounds {
			n := math.Round(cumulative[b][i])
			if n > below {
				m.Buckets[i*m.Width+min(k, m.Width-1)] = n - below
				below = n
			}
		}
		m.Total[i] = below
	}
}
