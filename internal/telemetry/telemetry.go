// Package telemetry declares the kinds of subjects that more than one source of
// telemetry emits.
package telemetry

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// Kinds declares kinds of telemetry of one format. Subjects of them show how
// services behave and are no cause of it.
func Kinds(format string, names ...string) []kinds.Kind {
	out := make([]kinds.Kind, len(names))
	for i, name := range names {
		out[i] = kinds.Kind{
			Name: name, Format: format, Telemetry: true, Also: []parity.Surface{parity.Telemetry, parity.Behaviour},
		}
	}
	return out
}

// Requests declares what services serve and what they call.
func Requests() []kinds.Kind {
	return Kinds("behaviour", parity.EndpointKind, parity.IntegrationKind)
}

// Metrics declares metrics.
func Metrics() []kinds.Kind { return Kinds("metrics", parity.MetricKind) }

// Rules declares the rules of alerting and recording.
func Rules() []kinds.Kind { return Kinds("rules", parity.AlertKind, parity.RecordingKind) }

// Traces declares the traces of services and what is done in them.
func Traces() []kinds.Kind { return Kinds("traces", parity.OperationKind, parity.TracesKind) }
