package otlp

import (
	"fmt"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/spans"
)

// report hands over what was read. Faults are gaps over the kinds that the
// files speak of, or over all where nothing could be read.
func (s *session) report(out collector.Sink) {
	origin := &parity.Origin{File: s.first, Precision: parity.AtFile}
	if s.count > 1 {
		origin.Object = fmt.Sprintf("%d files", s.count)
	}
	if s.stats.Spans > 0 {
		s.traces(origin, out)
	}
	s.metrics.report(origin, out)
	kinds := s.kinds()
	for _, g := range s.faults {
		for _, g.Kind = range kinds {
			out.Gap(g)
		}
	}
	if s.more > 0 {
		for _, kind := range kinds {
			out.Gap(parity.Gap{Kind: kind, Where: s.first, Reason: fmt.Sprintf("%d more parts of the files cannot be read", s.more), Hint: "see those that are named"})
		}
	}
}

func (s *session) traces(origin *parity.Origin, out collector.Sink) {
	// What metrics measured is not measured again from a sample.
	for _, v := range s.stats.Services() {
		for name := range v.Endpoints {
			if s.metrics.measures(parity.EndpointKind, v.Name, name) {
				delete(v.Endpoints, name)
			}
		}
		for name := range v.Integrations {
			if s.metrics.measures(parity.IntegrationKind, v.Name, name) {
				delete(v.Integrations, name)
			}
		}
	}
	s.stats.Report(spans.Report{
		Origin: origin, Where: s.first, Hint: "export for longer, or read more files", Behaviour: s.cfg.Behaviour,
	}, out)
	if s.whole.Late > 0 {
		for _, kind := range []string{parity.OperationKind, parity.TracesKind} {
			out.Gap(parity.Gap{
				Kind: kind, Where: s.first, Reason: fmt.Sprintf("%d spans came too long after the rest of their traces, and were left out", s.whole.Late),
				Hint: "group spans by trace before they are written",
			})
		}
	}
	if s.stats.Unnamed > 0 {
		out.Gap(parity.Gap{
			Kind: parity.OperationKind, Where: s.first, Reason: fmt.Sprintf("%d spans do not say which service they are of", s.stats.Unnamed),
			Hint: "set service.name, or name the attribute under telemetry.service",
		})
	}
}

// kinds are those that the files speak of.
func (s *session) kinds() []string {
	var kinds []string
	if s.stats.Spans > 0 {
		kinds = append(kinds, parity.OperationKind, parity.TracesKind)
	}
	if s.metrics.points > 0 {
		kinds = append(kinds, parity.MetricKind)
	}
	if len(kinds) == 0 {
		kinds = []string{parity.OperationKind, parity.TracesKind, parity.MetricKind}
	}
	if s.metrics.points > 0 || s.cfg.Behaviour || s.stats.Spans == 0 {
		kinds = append(kinds, parity.EndpointKind, parity.IntegrationKind)
	}
	return kinds
}
