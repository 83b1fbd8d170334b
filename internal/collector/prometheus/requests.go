package prometheus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
)

const (
	// minScrapes are the least scrapes of a step.
	minScrapes = 2
	// wholeWindow is the share of the window's steps that a server must have
	// data of, so that what it tells stands for the window.
	wholeWindow = 0.9
	// fewRequests are too few to tell a half of them from the whole.
	fewRequests = 20
	// maxEndpoints bounds the endpoints, and the integrations, of one
	// service.
	maxEndpoints = 2_000
)

// requests reads how endpoints and integrations answer.
type requests struct {
	*structure
	all            []naming.Known // what is looked for, the preferred first
	step, interval time.Duration
	start          time.Time
	steps          int
	there          map[string]bool
	found          map[requestKey]*requestSeries
	perService     map[requestGroup]int
	inside         map[requestGroup]bool // those of services that count their requests themselves
	http           map[string]string     // by service, the group of series that sees its requests to routes
	// unloaded is set where a question failed that tells how much load there was.
	unloaded bool
	// dropped is set where what was read of a service was dropped with a gap.
	dropped bool
	// told are the steps of which there was an answer.
	told map[requestGroup][]bool
	// instances and total are by service and step: how many instances there
	// were, and how many requests they served.
	instances, total map[string][]float64
}

// requestGroup are the endpoints, or the integrations, of a service.
type requestGroup struct{ kind, service string }

func (g requestGroup) compare(other requestGroup) int {
	return cmp.Or(strings.Compare(g.kind, other.kind), strings.Compare(g.service, other.service))
}

// requestKey is an endpoint or an integration.
type requestKey struct {
	requestGroup
	name string
}

func newRequests(s *structure, step time.Duration) *requests {
	return &requests{
		structure: s, step: step, there: map[string]bool{}, found: map[requestKey]*requestSeries{}, perService: map[requestGroup]int{}, inside: map[requestGroup]bool{}, http: map[string]string{},
		told: map[requestGroup][]bool{}, instances: map[string][]float64{}, total: map[string][]float64{},
	}
}

// read asks for everything. What cannot be told is a gap of both kinds; the
// error is the context's.
func (r *requests) read(ctx context.Context) error {
	var unknown []string
	r.all, unknown = r.series()
	for _, name := range unknown {
		r.unknown(fmt.Sprintf("there is no preset %q", name), "parity collectors prometheus names the presets", "telemetry.presets")
	}
	if r.listed == nil && ctx.Err() == nil {
		r.unknown("the metrics were not listed, so that those which no preset knows are not recognised by their form", "", r.Client.Base()+namesPath)
	}
	if !r.names(ctx) || !r.layOut(ctx) || !r.whole(ctx) {
		return ctx.Err()
	}
	for _, s := range r.all {
		if r.any(s) {
			r.one(ctx, s)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	r.emit()
	return nil
}

// unknown says that nothing can be told of how endpoints and integrations answer.
func (r *requests) unknown(reason, hint, where string) {
	for _, kind := range []string{parity.EndpointKind, parity.IntegrationKind} {
		r.out.Gap(parity.Gap{Kind: kind, Reason: reason, Hint: hint, Where: where})
	}
}

// answered are the steps of which there was an answer on a group.
func (r *requests) answered(group requestGroup) []bool {
	if r.told[group] == nil {
		r.told[group] = make([]bool, r.steps)
	}
	return r.told[group]
}

// failed is unknown of a question that has no answer, or not a whole one.
func (r *requests) failed(where string, err error) {
	for _, kind := range []string{parity.EndpointKind, parity.IntegrationKind} {
		if errors.Is(err, errPartial) {
			r.partly(kind, where)
			continue
		}
		r.missing(parity.Gap{Kind: kind}, where, err)
	}
}

func (r *requests) any(s naming.Known) bool {
	return slices.ContainsFunc(s.Metrics(), func(m string) bool { return r.there[m] })
}

// names asks which of the metrics are there in the window.
func (r *requests) names(ctx context.Context) bool {
	var names []string
	for _, s := range r.all {
		names = append(names, s.Metrics()...)
	}
	slices.Sort(names)
	form := url.Values{"match[]": {r.selecting(slices.Compact(names))}, "start": {unix(r.now.Add(-r.window))}, "end": {unix(r.now)}}
	partial, err := r.Get(ctx, namesPath, form, func(d *json.Decoder) error {
		list, _, err := readStrings(d, len(names))
		for _, name := range list {
			r.there[name] = true
		}
		return err
	})
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		r.failed(namesPath, err)
		return false
	case partial:
		r.partly(parity.EndpointKind, namesPath)
		r.partly(parity.IntegrationKind, namesPath)
		return false
	case len(r.there) == 0:
		r.unknown(r.Client.Host()+" has no metric that a preset knows or that has the form of requests", "name the service's metrics under telemetry.series", r.Client.Base()+namesPath)
		return false
	}
	return true
}

// layOut parts the window into steps, by how often there are samples.
func (r *requests) layOut(ctx context.Context) bool {
	most := 0.0
	for _, s := range r.all {
		metric := r.counter(s)
		if metric == "" {
			continue
		}
		query := "max(count_over_time(" + r.of(metric, s.Match...) + fmt.Sprintf("[%ds]))", int(r.window.Seconds()))
		err := r.rangeOver(ctx, query, r.now, r.now, time.Second, func(x *seriesAnswer) error {
			for v := range x.numbers {
				most = max(most, v)
			}
			return nil
		})
		if ctx.Err() != nil {
			return false
		}
		if err != nil {
			r.failed(rangePath+"?query="+url.QueryEscape(query), err)
			return false
		}
		if most > 1 {
			break
		}
	}
	if most < 2 {
		r.unknown("no metric of requests has samples in the window", "see whether the services are scraped", r.Client.Base()+rangePath)
		return false
	}
	r.interval = max(time.Second, (r.window / time.Duration(most)).Round(time.Second))
	if r.step == 0 {
		r.step = max(r.window/60, minScrapes*r.interval).Round(time.Second)
	}
	r.step = max(r.step, r.interval)
	r.steps = int(r.window / r.step)
	r.start = r.now.Add(-time.Duration(r.steps) * r.step)
	return r.steps > 0
}

// counter is the metric that counts the requests of a series; empty where there
// is none.
func (r *requests) counter(s naming.Known) string {
	for _, name := range []string{s.Metric + "_count", s.Metric} {
		if r.there[name] && (s.Type != "counter" || name == s.Metric) {
			return name
		}
	}
	return ""
}

// whole holds that the server has data of the whole window: a half of it would
// stand for the other half.
func (r *requests) whole(ctx context.Context) bool {
	seen := make([]bool, r.steps)
	query := "count(" + r.selecting(r.counters()) + ")"
	err := r.rangeOver(ctx, query, r.start.Add(r.step), r.now, r.step, func(x *seriesAnswer) error {
		return x.points(func(at, v float64) {
			if i := r.index(at); i >= 0 && v > 0 {
				seen[i] = true
			}
		})
	})
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		r.failed(rangePath+"?query="+url.QueryEscape(query), err)
		return false
	}
	have := 0
	for _, ok := range seen {
		if ok {
			have++
		}
	}
	if float64(have) < wholeWindow*float64(r.steps) {
		r.unknown(fmt.Sprintf("%s has samples of %d of the window's %d steps only", r.Client.Host(), have, r.steps),
			"shorten window, or see how long the server keeps samples", r.Client.Base()+rangePath+"?query="+url.QueryEscape(query))
		return false
	}
	return true
}

// counters are the metrics of requests that are there.
func (r *requests) counters() []string {
	var names []string
	for _, s := range r.all {
		if name := r.counter(s); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// index is the step that ends at a time; negative where none does.
func (r *requests) index(at float64) int {
	i := int((at-float64(r.start.UnixMilli())/1000)/r.step.Seconds()+0.5) - 1
	if i < 0 || i >= r.steps {
		return -1
	}
	return i
}
