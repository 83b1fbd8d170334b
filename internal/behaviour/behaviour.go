// Package behaviour judges measurements: whether endpoints and integrations of
// an environment answer as the reference's do. What follows from it (a class, an
// indicator, a suspect) is others' business.
package behaviour

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/stats"
)

// Unasked is the reason of a judgement that says what one side was never asked.
const Unasked = "unasked"

// Options say what is alike. Zero fields have the values of DefaultOptions.
type Options struct {
	// Quantile is that of durations, in 0 to 1, and Latency how far the ratio
	// of two may be from one: 0.15 is alike from 1/1.15 to 1.15.
	Quantile, Latency float64
	// Errors is how far error rates may be apart, as a share of the reference's,
	// and Floor the least that is alike, as a share of requests.
	Errors, Floor float64
	// Integrations is how far success rates of calls may be apart, as a share of
	// the reference's.
	Integrations float64
	// LoadTolerance is the factor by which loads per instance may be apart and
	// still be compared; 1 wants ranges that overlap.
	LoadTolerance float64
	// FalseDiscovery is the share of the listed differences that may be none.
	FalseDiscovery float64
}

// DefaultOptions are the margins of M6 to M8 where parity.yaml says nothing.
func DefaultOptions() Options {
	return Options{
		Quantile: 0.95, Latency: 0.15, Errors: 0.10, Floor: 0.005, Integrations: 0.05,
		LoadTolerance: 1.25, FalseDiscovery: 0.05,
	}
}

// filled gives the options with the defaults in place of what is left out.
func (o Options) filled() Options {
	d := DefaultOptions()
	return Options{
		Quantile: cmp.Or(o.Quantile, d.Quantile), Latency: cmp.Or(o.Latency, d.Latency), Errors: cmp.Or(o.Errors, d.Errors),
		Floor: cmp.Or(o.Floor, d.Floor), Integrations: cmp.Or(o.Integrations, d.Integrations),
		LoadTolerance: cmp.Or(o.LoadTolerance, d.LoadTolerance), FalseDiscovery: cmp.Or(o.FalseDiscovery, d.FalseDiscovery),
	}
}

// Pair is one measurement of a column and the reference's.
type Pair struct {
	Subject  parity.Key
	Path     string
	Own, Ref *parity.Fact
}

// Judge judges column after column against one reference. It is not safe for
// concurrent use.
type Judge struct {
	o        Options
	measured map[*parity.Fact]*sample // the reference's, taken apart once
}

// New makes a judge.
func New(o Options) *Judge {
	return &Judge{o: o.filled(), measured: map[*parity.Fact]*sample{}}
}

// Column judges all pairs of a column, in their order, and each service as a
// whole at the reference's mix of endpoints. Which of the pairs differ depends
// on all: among many, some differ by chance.
func (j *Judge) Column(ctx context.Context, column, ref string, pairs []Pair) (judged, services []parity.Judged, err error) {
	c := &columnJudge{Judge: j, column: column, ref: ref, services: map[string]*service{}}
	judged = make([]parity.Judged, len(pairs))
	results := make([]stats.Result, len(pairs))
	for i := range pairs {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		results[i] = c.pair(&pairs[i], &judged[i])
	}
	j.list(results, judged)
	return judged, c.wholes(), nil
}

// list holds the differences that remain among so many questions, by Benjamini
// and Hochberg. One that does not is not alike either.
func (j *Judge) list(results []stats.Result, judged []parity.Judged) {
	var p []float64
	var at []int
	for i := range results {
		if judged[i].PValue != nil {
			p = append(p, results[i].P)
			at = append(at, i)
		}
	}
	for k, stays := range stats.BenjaminiHochberg(p, j.o.FalseDiscovery) {
		b := &judged[at[k]]
		if b.Answer == parity.AnswerDifferent && !stays {
			b.Answer, b.Reason = parity.AnswerInconclusive, "list"
			b.Note += "; among so many endpoints, one may differ so by chance"
		}
	}
}

// columnJudge judges one column.
type columnJudge struct {
	*Judge
	column, ref string
	services    map[string]*service
	order       []string
}

// pair judges one pair.
func (c *columnJudge) pair(p *Pair, b *parity.Judged) stats.Result {
	*b = parity.Judged{Column: c.column, Subject: p.Subject, Path: p.Path, Indicator: indicator(p), Evidence: c.evidence(p)}
	ref, errRef := c.reference(p.Ref)
	own, errOwn := newSample(p.Own)
	latency := p.Own.Value.Kind == parity.Distribution
	if errRef != nil || errOwn != nil {
		return c.unreadable(b, latency, "one of the two measurements cannot be read")
	}
	if latency && ref.unit != own.unit {
		return c.unreadable(b, latency, "the two are measured in other units")
	}
	b.Requests = parity.Requests{Reference: ref.requests, Column: own.requests}
	s := c.service(p.Subject.Scope)
	overlap := s.overlap(ref, own, c.o.LoadTolerance)
	refKept, ownKept := ref.keep(overlap.Ref), own.keep(overlap.Other)
	var r stats.Result
	switch {
	case overlap.Known && overlap.Apart && latency:
		r = stats.LoadApart(stats.Ratio)
	case overlap.Known && overlap.Apart:
		r = stats.LoadApart(stats.Difference)
	case latency:
		r = c.compareDurations(refKept, ownKept)
	default:
		r = stats.CompareShares(refKept.share, ownKept.share, c.margin(p.Subject.Kind, refKept.share))
	}
	if p.Subject.Kind == parity.EndpointKind && !overlap.Apart {
		s.add(latency, refKept, ownKept)
	}
	c.fill(b, &r, latency)
	b.Note = c.note(b, &r, ref, own)
	return r
}

func (c *columnJudge) compareDurations(ref, own *sample) stats.Result {
	if ref.durations == nil || own.durations == nil {
		return stats.Result{Reason: stats.NoBound, Scale: stats.Ratio, P: 1}
	}
	return stats.CompareQuantile(ref.durations, own.durations, c.quantile())
}

func (c *columnJudge) quantile() stats.QuantileOptions {
	return stats.QuantileOptions{Q: c.o.Quantile, Ratio: c.o.Latency, Share: stats.Margin{Relative: c.o.Errors, Floor: c.o.Floor}}
}

// margin is what is alike of shares: of errors relative to the reference's with
// a floor, of failed calls relative to the reference's rate of success.
func (c *columnJudge) margin(kind string, ref stats.Share) stats.Margin {
	if kind != parity.IntegrationKind {
		return stats.Margin{Relative: c.o.Errors, Floor: c.o.Floor}
	}
	failed, total := sum(ref.Events), sum(ref.Total)
	if total <= 0 {
		return stats.Margin{Floor: c.o.Integrations}
	}
	return stats.Margin{Floor: c.o.Integrations * (1 - failed/total)}
}

// indicator is the one that a pair counts for.
func indicator(p *Pair) string {
	switch {
	case p.Subject.Kind == parity.IntegrationKind && p.Path == parity.ErrorsPath:
		return "M6"
	case p.Subject.Kind == parity.EndpointKind && p.Path == parity.LatencyPath:
		return "M7"
	case p.Subject.Kind == parity.EndpointKind && p.Path == parity.ErrorsPath:
		return "M8"
	}
	return ""
}

func (c *columnJudge) evidence(p *Pair) []parity.Evidence {
	var out []parity.Evidence
	for _, x := range []struct {
		column string
		fact   *parity.Fact
	}{{c.column, p.Own}, {c.ref, p.Ref}} {
		if o := x.fact.Origin; o != nil && o.Object != "" {
			out = append(out, parity.Evidence{Column: x.column, Server: o.File, Query: o.Object, Link: link(o)})
		}
	}
	return out
}

// link is the page of a server on which a question is answered: the origin's
// object where that is one (a search of traces), else the page that Prometheus,
// Thanos and VictoriaMetrics have for queries.
func link(o *parity.Origin) string {
	switch {
	case isURL(o.Object):
		return o.Object
	case isURL(o.File):
		return o.File + "/graph?" + url.Values{"g0.expr": {o.Object}, "g0.tab": {"0"}}.Encode()
	}
	return ""
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

func (c *columnJudge) unreadable(b *parity.Judged, latency bool, why string) stats.Result {
	r := stats.Result{Reason: stats.Support, P: 1}
	c.fill(b, &r, latency)
	b.Note = why
	return r
}

func (j *Judge) reference(f *parity.Fact) (*sample, error) {
	if s, ok := j.measured[f]; ok {
		return s, nil
	}
	s, err := newSample(f)
	if err == nil {
		j.measured[f] = s
	}
	return s, err
}
