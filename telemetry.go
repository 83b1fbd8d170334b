package parity

import "strings"

// The kinds of subjects that telemetry speaks of, besides those that only
// their collector knows. They begin in lower case, as all kinds do that are
// not of Kubernetes.
const (
	// EndpointKind is what a service serves. Scope is the service, Name is as
	// people say it: "GET /cart/{id}", "rpc shop.Cart/Add".
	EndpointKind = "endpoint"
	// IntegrationKind is what a service calls. Scope is the calling service,
	// Name what is called: another service, a host, a database.
	IntegrationKind = "integration"
	// MetricKind is a metric of a service. Scope is the service or the job,
	// Name the metric's.
	MetricKind = "metric"
	// TargetKind is what is scraped. Scope is the job.
	TargetKind = "target"
	// AlertKind and RecordingKind are rules. Scope is the rule group.
	AlertKind     = "alert"
	RecordingKind = "recording"
	// MetricsServerKind is a server of metrics with its settings.
	MetricsServerKind = "metrics-server"
	// LogsKind are the logs of a service. Name is the service.
	LogsKind = "logs"
	// OperationKind is a span's name in a service's traces. Scope is the
	// service, Name the span's kind and name: "server GET /cart".
	OperationKind = "operation"
	// TracesKind are the traces of a service. Name is the service.
	TracesKind = "traces"
	// ReceiverKind, RouteKind and InhibitionKind are an alert manager's.
	ReceiverKind   = "receiver"
	RouteKind      = "route"
	InhibitionKind = "inhibition"
	// AlertmanagerKind is an alert manager that runs, with what is not of its
	// configuration: its version, its peers, its silences.
	AlertmanagerKind = "alertmanager"
)

// Paths of facts of telemetry that more than the one who states them looks at.
const (
	// ErrorsPath is the Proportion of failed requests of an endpoint or an
	// integration.
	ErrorsPath = "/errors"
	// LatencyPath is the Distribution of their durations, in seconds.
	LatencyPath = "/latency"
	// MetricLabelsPath is the set of a metric's label names.
	MetricLabelsPath = "/labels[="
	// RequestsPath says of a metric that it counts or times requests, and by what
	// it is known to.
	RequestsPath = "/requests"
	// CallsPath is the set of what an operation calls; a member is the called
	// service, a blank, and the operation there.
	CallsPath = "/calls[="
	// RunbookPath is where an alert states what its runbook is: "none",
	// "present", or "dead" with the reason.
	RunbookPath = "/runbook"
)

// ParseCall takes the path of a member of CallsPath apart.
func ParseCall(path string) (service, operation string, ok bool) {
	called, ok := strings.CutPrefix(path, CallsPath)
	if !ok {
		return "", "", false
	}
	service, operation, _ = strings.Cut(strings.TrimSuffix(called, "]"), " ")
	return service, operation, true
}

// ServiceLabels are the labels by which a subject of telemetry is known to be of
// a service; none where the service is not known.
func ServiceLabels(service string) []Label {
	if service == "" {
		return nil
	}
	return []Label{{Name: "app.kubernetes.io/name", Value: service}}
}
