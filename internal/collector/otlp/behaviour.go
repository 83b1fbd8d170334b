package otlp

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/measured"
	"github.com/envparity/parity/internal/naming"
	otel "github.com/envparity/parity/internal/otlp"
)

// The bounds of what is measured.
const (
	maxOfService = 2_000      // endpoints, and integrations, of one service
	maxNumbers   = 10_000_000 // of all series
	finestSchema = 5
	coarsest     = -4
)

// meter is a metric of requests by the semantic conventions.
type meter struct {
	side naming.SpanKind
	unit string // where the metric does not say it
}

var meters = map[string]meter{
	"http.server.request.duration":        {naming.ServerSpan, "s"},
	"http.server.duration":                {naming.ServerSpan, "ms"},
	"http.client.request.duration":        {naming.ClientSpan, "s"},
	"http.client.duration":                {naming.ClientSpan, "ms"},
	"rpc.server.call.duration":            {naming.ServerSpan, "s"},
	"rpc.server.duration":                 {naming.ServerSpan, "ms"},
	"rpc.client.call.duration":            {naming.ClientSpan, "s"},
	"rpc.client.duration":                 {naming.ClientSpan, "ms"},
	"db.client.operation.duration":        {naming.ClientSpan, "s"},
	"messaging.client.operation.duration": {naming.ProducerSpan, "s"},
	"messaging.process.duration":          {naming.ConsumerSpan, "s"},
}

// seconds is how long a unit is.
var seconds = map[string]float64{"s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}

type behaviourKey struct{ kind, service, name string }

// behaviour is the requests of one endpoint or integration.
type behaviour struct {
	measured.Series
	begun bool
	// torn says why durations cannot be told.
	torn string
}

// behaviours turns points into requests in time.
type behaviours struct {
	naming  naming.Config
	of      map[behaviourKey]*behaviour
	last    map[uint64]*state
	groups  map[uint64]exports
	perName map[string]int
	numbers int
	left    bool
}

func (b *behaviours) add(p *otel.Point) {
	m, ok := meters[p.Metric]
	if !ok || b.left || p.Type != otel.Histogram && p.Type != otel.Exponential {
		return
	}
	names := b.naming.Span(naming.Span{Kind: m.side, Name: p.Attribute("http.request.method"), Attribute: p.Attribute, Resource: p.Resource})
	key := behaviourKey{parity.EndpointKind, p.Service, names.Endpoint}
	if m.side.Calls() {
		key.kind, key.name = parity.IntegrationKind, names.Peer
	}
	if key.name == "" {
		return
	}
	// A point of which nothing can be told still says when the series began.
	increase, ok := b.increase(p)
	one := b.series(key)
	if one == nil || !ok {
		return
	}
	one.Least = max(one.Least, increase.interval)
	failed := 0.0
	if names.Failed {
		failed = increase.count
	}
	b.numbers -= one.Cells()
	one.Count(p.Time, increase.count, failed)
	unit := m.unit
	if p.Unit != "" {
		unit = p.Unit
	}
	if scale, ok := seconds[unit]; ok {
		one.durations(p.Time, &increase, scale)
	} else {
		one.torn = "the unit of the durations is not known"
	}
	if b.numbers += one.Cells(); b.numbers > maxNumbers {
		b.left = true
	}
}

func (b *behaviours) series(key behaviourKey) *behaviour {
	if one := b.of[key]; one != nil {
		return one
	}
	if b.perName == nil {
		b.perName = map[string]int{}
	}
	group := key.kind + " " + key.service
	if b.perName[group] >= maxOfService || b.left {
		b.left = true
		return nil
	}
	b.perName[group]++
	b.of[key] = &behaviour{}
	return b.of[key]
}

// durations adds the increase of buckets.
func (one *behaviour) durations(at int64, in *increase, unit float64) {
	switch {
	case in.native:
		one.native(at, in, unit)
	case len(in.bounds) == 0 || len(in.buckets) != len(in.bounds)+1:
		one.torn = "the histogram has no buckets"
	default:
		bounds := make([]float64, len(in.bounds))
		for i, x := range in.bounds {
			bounds[i] = x * unit
		}
		if !one.begun {
			one.begun, one.Bounds = true, bounds
		}
		if !slices.Equal(one.Bounds, bounds) || !ascending(bounds) {
			one.torn = "series of it have other buckets"
			return
		}
		for i, n := range in.buckets {
			one.Duration(at, int32(i), n)
		}
	}
}

func ascending(bounds []float64) bool {
	for i, x := range bounds {
		if math.IsNaN(x) || math.IsInf(x, 0) || i > 0 && x <= bounds[i-1] {
			return false
		}
	}
	return true
}

func (one *behaviour) native(at int64, in *increase, unit float64) {
	schema := min(in.scale, finestSchema)
	switch {
	case schema < coarsest:
		one.torn = "the histogram is too coarse to tell durations"
		return
	case !one.begun:
		one.begun, one.Schema = true, schema
	case one.Bounds != nil:
		one.torn = "series of it have other buckets"
		return
	}
	one.Coarsen(schema)
	// In another unit buckets end elsewhere, by less than half a bucket.
	shift := 0.0
	if unit != 1 {
		shift = math.Log2(unit) * math.Exp2(float64(one.Schema))
		one.RelativeError = math.Exp2(math.Exp2(-float64(one.Schema))/2) - 1
	}
	one.Duration(at, measured.Zero, in.zero)
	for bucket, n := range in.sparse {
		bucket = measured.Coarser(bucket, in.scale-one.Schema)
		one.Duration(at, bucket+int32(math.Round(shift)), n)
	}
}

// measures reports whether an endpoint or integration was measured.
func (m *metricSet) measures(kind, service, name string) bool {
	one := m.behave.of[behaviourKey{kind, service, name}]
	return one != nil && one.Cells() > 0
}

func (b *behaviours) report(origin *parity.Origin, out collector.Sink) {
	keys := slices.SortedFunc(maps.Keys(b.of), func(x, y behaviourKey) int {
		return strings.Compare(x.kind+"\x00"+x.service+"\x00"+x.name, y.kind+"\x00"+y.service+"\x00"+y.name)
	})
	for _, key := range keys {
		one := b.of[key]
		gap := parity.Gap{
			Kind: key.kind, Scope: parity.LiteralPattern(key.service), Name: parity.LiteralPattern(key.name), Where: origin.File,
			Hint: "export for longer, or with the same settings",
		}
		failures, durations, ok := one.Values("requests")
		if !ok {
			gap.Reason = "the files hold too few exports of its metrics, or over too long a time"
			out.Gap(gap)
			continue
		}
		facts := []parity.Fact{{Path: parity.ErrorsPath, Value: failures, Surface: parity.Behaviour, Origin: origin}}
		if one.torn == "" {
			facts = append(facts, parity.Fact{Path: parity.LatencyPath, Value: durations, Surface: parity.Behaviour, Origin: origin})
		} else {
			gap.Path, gap.Reason = parity.LatencyPath, one.torn
			out.Gap(gap)
		}
		out.Subject(parity.Subject{
			Key: parity.Key{Kind: key.kind, Scope: key.service, Name: key.name}, Origin: origin, Labels: parity.ServiceLabels(key.service),
		}, facts)
	}
}

// fresh is how long ago a process may have begun for its first export to be
// what happened since.
const fresh = 2 * time.Minute
