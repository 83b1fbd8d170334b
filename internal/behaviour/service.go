package behaviour

import (
	"fmt"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/stats"
)

// service gathers the endpoints of one service.
type service struct {
	errors    []stats.ShareStratum
	durations []stats.QuantileStratum
	requests  parity.Requests
	// known is the overlap of the service's load, which is the same for all of
	// its endpoints.
	known bool
	last  stats.LoadOverlap
}

// service gives the one of a name, and keeps their order.
func (c *columnJudge) service(name string) *service {
	s := c.services[name]
	if s == nil {
		s = &service{}
		c.services[name] = s
		c.order = append(c.order, name)
	}
	return s
}

// overlap chooses the steps in which both sides had a like load. Endpoints of
// one service share it, and so it is worked out once where they do.
func (s *service) overlap(ref, own *sample, tolerance float64) stats.LoadOverlap {
	if len(ref.load) == 0 || len(own.load) == 0 {
		return stats.LoadOverlap{}
	}
	if s.known && len(s.last.Ref) == len(ref.load) && len(s.last.Other) == len(own.load) {
		return s.last
	}
	s.last, s.known = stats.Overlap(ref.load, own.load, tolerance), true
	return s.last
}

func (s *service) add(latency bool, ref, own *sample) {
	switch {
	case !latency:
		s.errors = append(s.errors, stats.ShareStratum{Ref: ref.share, Other: own.share})
	case ref.durations != nil && own.durations != nil:
		s.durations = append(s.durations, stats.QuantileStratum{Ref: ref.durations, Other: own.durations})
		s.requests.Reference += ref.requests
		s.requests.Column += own.requests
	}
}

// wholes judges the services of several endpoints, at the reference's mix: a
// service is not slower because others of its endpoints are asked.
func (c *columnJudge) wholes() []parity.Judged {
	var out []parity.Judged
	for _, name := range c.order {
		s := c.services[name]
		subject := parity.Key{Kind: parity.WholeService, Name: name}
		if len(s.durations) > 1 {
			// Endpoints whose histograms have no bound in common have no whole.
			if r := stats.CompareStandardQuantile(s.durations, c.quantile()); r.Reason != stats.Support {
				out = append(out, c.whole(subject, parity.LatencyPath, &r, s))
			}
		}
		if len(s.errors) > 1 {
			r := stats.CompareStandardShares(s.errors, stats.Margin{Relative: c.o.Errors, Floor: c.o.Floor})
			out = append(out, c.whole(subject, parity.ErrorsPath, &r, s))
		}
	}
	return out
}

func (c *columnJudge) whole(subject parity.Key, path string, r *stats.Result, s *service) parity.Judged {
	b := parity.Judged{Column: c.column, Subject: subject, Path: path, Requests: s.requests}
	latency := path == parity.LatencyPath
	c.fill(&b, r, latency)
	empty := &sample{unit: "s"}
	b.Note = c.note(&b, r, empty, empty) + "; at the reference's mix of endpoints"
	if r.Covered > 0 && r.Covered < 0.999 {
		b.Note += fmt.Sprintf(", of which %s are asked here too", percent(r.Covered))
	}
	return b
}
