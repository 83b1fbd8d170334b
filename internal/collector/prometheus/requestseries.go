package prometheus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/webapi"
)

// requestSeries is what was counted of one endpoint or integration.
type requestSeries struct {
	series        naming.Known // the one that it is read from
	group         requestGroup
	total, failed []float64 // by step
	counted       string    // the question that gave them
	// buckets are cumulative counts by upper bound in seconds, by step; of the
	// bound +Inf too.
	buckets   map[float64][]float64
	durations string
	native    *nativeBuckets
}

// errPartial says that the server calls its own answer incomplete.
var errPartial = errors.New("the answer is not whole")

// rangeOver asks a question over a range of time, of which no part will do.
func (r *requests) rangeOver(ctx context.Context, query string, from, to time.Time, step time.Duration, each func(*seriesAnswer) error) error {
	partial, err := r.queryRange(ctx, query, from, to, step, each)
	if err == nil && partial {
		return errPartial
	}
	return err
}

// one reads one series of the naming: counts, then durations, then instances.
func (r *requests) one(ctx context.Context, s naming.Known) {
	var labels []string
	service := s.Service
	if len(service) == 0 {
		service = r.naming.ServiceLabels()
	}
	for _, item := range slices.Concat(service, s.Endpoint, s.Peer) {
		labels = append(labels, naming.Alternatives(item)...)
	}
	// A server that has a label of a form that older ones do not know knows it.
	formed := slices.Concat(s.Endpoint, s.Peer)
	labels = slices.DeleteFunc(labels, func(l string) bool {
		return !plainLabel.MatchString(l) && !(s.By == naming.FormPreset && contains(formed, l)) || r.matched(l) && !contains(service, l)
	})
	slices.Sort(labels)
	labels = slices.Compact(labels)
	q := question{requests: r, series: s, service: service, labels: labels}
	for _, part := range []func(context.Context) error{q.counts, q.classic, q.nativeHistograms, q.loads} {
		if err := part(ctx); err != nil {
			r.forget(s)
			r.dropped = true
			r.unloaded = r.unloaded || !s.Client()
			if ctx.Err() == nil {
				r.failed(rangePath+"?query="+url.QueryEscape(q.last), err)
			}
			return
		}
	}
}

// contains reports whether an item of a name may mean a label.
func contains(items []string, label string) bool {
	return slices.ContainsFunc(items, func(item string) bool { return slices.Contains(naming.Alternatives(item), label) })
}

// forget drops all that was read of a series of the naming, and of those that see
// the same requests: a part of a window would stand for the whole of it.
func (r *requests) forget(s naming.Known) {
	maps.DeleteFunc(r.found, func(_ requestKey, x *requestSeries) bool {
		return x.series.Metric == s.Metric || s.Group != "" && x.series.Group == s.Group
	})
}

// question is what is asked about one series of the naming.
type question struct {
	*requests
	series  naming.Known
	service []string
	labels  []string
	last    string
}

// increase is the growth of a counter in a step. The range is one scrape longer
// than the step, and what Prometheus extrapolates is taken back, so that each
// request is counted once.
func (q *question) increase(metric string, by []string) string {
	return fmt.Sprintf("sum by (%s) (increase(%s[%ds]))", grouping(by), q.of(metric, q.series.Match...), int((q.step + q.interval).Seconds()))
}

// share takes back what increase extrapolates.
func (q *question) share() float64 { return q.step.Seconds() / (q.step + q.interval).Seconds() }

// each asks in parts of the window, so that no answer is too large.
func (q *question) each(ctx context.Context, query string, each func(*seriesAnswer) error) error {
	q.last = query
	perPart := max(1, q.steps/4)
	for from := 0; from < q.steps; from += perPart {
		to := min(from+perPart, q.steps)
		err := q.rangeOver(ctx, query, q.start.Add(time.Duration(from+1)*q.step), q.start.Add(time.Duration(to)*q.step), q.step, each)
		if err != nil {
			return err
		}
	}
	return nil
}

// at finds or makes what a series of the answer speaks of; nil where that cannot
// be told, or another series was preferred.
func (q *question) at(labels map[string]string) *requestSeries {
	label := func(name string) string { return labels[name] }
	key := requestKey{requestGroup: requestGroup{parity.EndpointKind, naming.First(q.service, label)}}
	if q.series.Client() {
		key.kind, key.name = parity.IntegrationKind, q.series.PeerName(label)
	} else {
		key.name = q.series.EndpointName(label)
	}
	if key.service == "" || key.name == "" {
		return nil
	}
	formed := q.series.By == naming.FormPreset
	if x := q.found[key]; x != nil {
		if formed && x.series.Group != q.series.Group {
			return nil // another metric has requests of the same name
		}
		return x
	}
	group := key.requestGroup
	if known := q.http[key.service]; q.series.HTTP && known != "" && known != q.series.Group {
		return nil
	}
	if !q.series.Client() && (q.series.HTTP || q.series.Protocol == "http") && q.http[key.service] == "" {
		q.http[key.service] = cmp.Or(q.series.Group, "parity.yaml")
	}
	if q.outside() && q.inside[group] {
		return nil
	}
	q.inside[group] = q.inside[group] || !q.outside()
	if q.perService[group]++; q.perService[group] > maxEndpoints {
		return nil
	}
	x := &requestSeries{series: q.series, group: group}
	q.found[key] = x
	return x
}

// outside reports whether a proxy counts, and not the service itself: what both
// see is the same requests.
func (q *question) outside() bool {
	return slices.Contains([]string{"mesh", "ingress", "proxy"}, q.series.Protocol)
}

// counts reads how many requests there were, and how many failed.
func (q *question) counts(ctx context.Context) error {
	metric := q.counter(q.series)
	if metric == "" {
		return nil
	}
	var failed []matcher
	by := slices.Clone(q.labels)
	for _, text := range q.series.Failed {
		m, ok := parseMatcher(text)
		if !ok {
			continue
		}
		failed = append(failed, m)
		if !slices.Contains(by, m.name) {
			by = append(by, m.name)
		}
	}
	query := q.increase(metric, by)
	if metric == q.series.Metric && q.series.Type != "counter" {
		// Native only: the histogram itself is the counter.
		query = strings.Replace(query, "(increase(", "(histogram_count(increase(", 1) + ")"
	}
	return q.each(ctx, query, func(a *seriesAnswer) error {
		x := q.at(a.Metric)
		if x == nil || x.counted != "" && x.counted != query {
			return nil
		}
		if x.counted = query; x.total == nil {
			x.total = make([]float64, q.steps)
			if len(failed) > 0 {
				x.failed = make([]float64, q.steps)
			}
		}
		bad := slices.ContainsFunc(failed, func(m matcher) bool { return m.fits(a.Metric[m.name]) })
		return a.points(func(at, v float64) {
			i := q.index(at)
			if i < 0 {
				return
			}
			q.answered(x.group)[i] = true
			if !(v > 0) {
				return
			}
			x.total[i] += v * q.share()
			if bad {
				x.failed[i] += v * q.share()
			}
		})
	})
}

// classic reads the buckets of classic histograms.
func (q *question) classic(ctx context.Context) error {
	metric := q.series.Metric + "_bucket"
	if q.series.Type == "counter" || !q.there[metric] {
		return nil
	}
	query := q.increase(metric, append([]string{"le"}, q.labels...))
	return q.each(ctx, query, func(a *seriesAnswer) error {
		bound, err := strconv.ParseFloat(a.Metric["le"], 64)
		x := q.at(a.Metric)
		if err != nil || x == nil || x.durations != "" && x.durations != query {
			return nil //nolint:nilerr // a bound that is no number is of no bucket
		}
		if x.durations = query; x.buckets == nil {
			x.buckets = map[float64][]float64{}
		}
		bound *= q.series.Scale()
		if x.buckets[bound] == nil {
			x.buckets[bound] = make([]float64, q.steps)
		}
		return a.points(func(at, v float64) {
			if i := q.index(at); i >= 0 && v > 0 {
				x.buckets[bound][i] += v * q.share()
			}
		})
	})
}

// loads reads how many instances served each service.
func (q *question) loads(ctx context.Context) error {
	metric := q.counter(q.series)
	if q.series.Client() || metric == "" {
		return nil
	}
	service := slices.DeleteFunc(slices.Clone(q.service), func(l string) bool { return !plainLabel.MatchString(l) })
	by := grouping(service)
	query := fmt.Sprintf("count by (%s) (group by (%s,instance,pod,service_instance_id) (%s))", by, by, q.of(metric, q.series.Match...))
	return q.each(ctx, query, func(a *seriesAnswer) error {
		name := naming.First(q.service, func(l string) string { return a.Metric[l] })
		if name == "" {
			return nil
		}
		if q.instances[name] == nil {
			q.instances[name] = make([]float64, q.steps)
		}
		return a.points(func(at, v float64) {
			if i := q.index(at); i >= 0 {
				q.instances[name][i] = max(q.instances[name][i], v)
			}
		})
	})
}

// points gives the times, in seconds, and values of a series.
func (x *seriesAnswer) points(yield func(at, v float64)) error {
	for _, text := range []json.RawMessage{x.Values} {
		if len(text) == 0 {
			continue
		}
		var points [][2]any
		if err := json.Unmarshal(text, &points); err != nil {
			return webapi.ErrForm
		}
		for _, p := range points {
			at, ok := p[0].(float64)
			value, text := p[1].(string)
			v, err := strconv.ParseFloat(value, 64)
			if ok && text && err == nil {
				yield(at, v)
			}
		}
	}
	return nil
}
