package naming

import (
	"net/url"
	"strconv"
	"strings"
)

// SpanKind is the part that a span plays.
type SpanKind uint8

// The kinds of spans.
const (
	AnySpan SpanKind = iota // the source does not say
	InternalSpan
	ServerSpan
	ClientSpan
	ProducerSpan
	ConsumerSpan
)

var spanKinds = [...]string{"unspecified", "internal", "server", "client", "producer", "consumer"}

// String gives the kind in lower case.
func (k SpanKind) String() string {
	if int(k) >= len(spanKinds) {
		return spanKinds[AnySpan]
	}
	return spanKinds[k]
}

// ParseSpanKind reads a kind as Jaeger ("server") and OTLP ("SPAN_KIND_SERVER",
// "2") spell it.
func ParseSpanKind(s string) SpanKind {
	s = strings.TrimPrefix(strings.ToLower(s), "span_kind_")
	for i, name := range spanKinds {
		if s == name || s == strconv.Itoa(i) {
			return SpanKind(i)
		}
	}
	return AnySpan
}

// Serves reports whether a span of the kind is the work that a service does for
// another.
func (k SpanKind) Serves() bool { return k == ServerSpan || k == ConsumerSpan }

// Calls reports whether a span of the kind is a call to something else.
func (k SpanKind) Calls() bool { return k == ClientSpan || k == ProducerSpan }

// Span is what names are made of.
type Span struct {
	Kind SpanKind
	Name string
	// Error is set where the span's status is an error.
	Error bool
	// Attribute and Resource give the text of an attribute, empty where there
	// is none. Only those that Wanted names are asked for.
	Attribute, Resource func(name string) string
}

// SpanNames is what a span speaks of.
type SpanNames struct {
	Service string
	// Operation is the span's kind and name, with identifiers folded.
	Operation string
	// Endpoint is what was served, of a span that serves, in the spelling of
	// the metrics' endpoints.
	Endpoint string
	// Peer is what was called, of a span that calls, as far as the span itself
	// tells; PeerIsService says that it names a service.
	Peer          string
	PeerIsService bool
	Failed        bool
}

// attributes of spans that names are made of. Values of no other leave a
// source.
var attributes = map[string]bool{
	"http.request.method": true, "http.method": true, "http.route": true, "url.path": true, "url.full": true,
	"url.template": true, "http.target": true, "http.url": true, "http.response.status_code": true, "http.status_code": true,
	"rpc.system": true, "rpc.system.name": true, "rpc.service": true, "rpc.method": true, "rpc.grpc.status_code": true,
	"rpc.response.status_code": true, "db.system": true, "db.system.name": true, "db.namespace": true, "db.name": true,
	"messaging.system": true, "messaging.destination.name": true, "messaging.destination.template": true,
	"messaging.destination": true, "messaging.operation": true, "messaging.operation.name": true, "messaging.operation.type": true,
	"server.address": true, "net.peer.name": true, "peer.service": true, "service.peer.name": true, "network.peer.address": true,
	"net.sock.peer.name": true, "peer.hostname": true, "error.type": true, "error": true, "span.kind": true,
}

// Wanted reports whether names are made of the attribute of a span or resource.
func (c Config) Wanted(attribute string) bool {
	if attributes[attribute] {
		return true
	}
	for _, name := range c.ServiceLabels() {
		if name == attribute {
			return true
		}
	}
	return false
}

// Span gives the names of a span, by the semantic conventions of
// OpenTelemetry, the stable and the old ones.
func (c Config) Span(s Span) SpanNames {
	name := FoldName(s.Name)
	n := SpanNames{Operation: s.Kind.String() + " " + name, Failed: failed(s)}
	for _, label := range c.ServiceLabels() {
		if n.Service = cut(valid(s.Resource(label))); n.Service != "" {
			break
		}
	}
	switch {
	case s.Kind.Serves():
		n.Endpoint = cut(valid(endpoint(s, name)))
	case s.Kind.Calls():
		n.Peer, n.PeerIsService = peer(s)
		n.Peer = cut(valid(n.Peer))
	}
	return n
}

// first gives the first of the attributes that the span has.
func (s Span) first(names ...string) string {
	for _, name := range names {
		if v := s.Attribute(name); v != "" {
			return v
		}
	}
	return ""
}

func endpoint(s Span, name string) string {
	if system := s.first("rpc.system.name", "rpc.system"); system != "" {
		if e := rpcEndpoint(s); e != "" {
			return e
		}
	}
	if destination := destination(s); destination != "" {
		operation := s.first("messaging.operation.name", "messaging.operation.type", "messaging.operation")
		return strings.TrimSpace(operation + " " + destination)
	}
	method := s.first("http.request.method", "http.method")
	if route := s.first("http.route"); route != "" {
		if method == "" && strings.HasSuffix(name, " "+route) {
			return name
		}
		return strings.TrimSpace(method + " " + route)
	}
	if method == "" || strings.HasPrefix(name, method+" /") {
		return name
	}
	path := s.first("url.template", "url.path", "http.target", "url.full", "http.url")
	if path == "" {
		return name
	}
	return method + " " + foldURL(path, false)
}

// rpcEndpoint joins service and method; newer conventions write both as the
// method.
func rpcEndpoint(s Span) string {
	service, method := s.first("rpc.service"), s.first("rpc.method")
	switch {
	case strings.Contains(method, "/") || service == "" && method != "":
		return "rpc " + method
	case service != "" && method != "":
		return "rpc " + service + "/" + method
	}
	return ""
}

func destination(s Span) string {
	if template := s.first("messaging.destination.template"); template != "" {
		return template
	}
	return FoldName(s.first("messaging.destination.name", "messaging.destination"))
}

// peer gives what is called as the span itself has it: a service, a host, a
// database or a queue. An address says least: it is another one tomorrow.
func peer(s Span) (name string, service bool) {
	if p := s.first("service.peer.name", "peer.service"); p != "" {
		return p, true
	}
	host := hostOf(s.first("server.address", "net.peer.name", "net.sock.peer.name", "peer.hostname"))
	if host == "" {
		host = hostOfURL(s.first("url.full", "http.url"))
	}
	if destination := destination(s); destination != "" {
		return strings.TrimSpace(s.first("messaging.system") + " " + destination), false
	}
	if host != "" && !isAddress(host) {
		return host, false
	}
	if system := s.first("db.system.name", "db.system"); system != "" {
		return strings.TrimSpace(system + " " + s.first("db.namespace", "db.name")), false
	}
	if p := s.first("rpc.service"); p != "" {
		return p, false
	}
	if host == "" {
		host = hostOf(s.first("network.peer.address"))
	}
	return host, false
}

func hostOf(address string) string {
	if host, port, ok := strings.Cut(address, ":"); ok && !strings.Contains(port, ":") {
		return host
	}
	return address
}

func hostOfURL(text string) string {
	if text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// failed reports whether the request that the span is of failed. A client's 4xx
// is an answer: the convention to give it the status error is that of clients
// alone, and endpoint and integration would disagree.
func failed(s Span) bool {
	errorSet := s.Error || s.Attribute("error") == "true"
	if code, err := strconv.Atoi(s.first("http.response.status_code", "http.status_code")); err == nil && code > 0 {
		return code >= 500 || errorSet && (s.Kind != ClientSpan || code < 400)
	}
	if code := s.first("rpc.response.status_code", "rpc.grpc.status_code"); code != "" && s.first("rpc.system", "rpc.system.name") != "" {
		return rpcFailed(code)
	}
	return errorSet || s.Kind.Calls() && s.Attribute("error.type") != ""
}

// rpcFailed reports whether the code is one of those that are the server's fault,
// as the conventions have it.
func rpcFailed(code string) bool {
	switch strings.ToUpper(code) {
	case "2", "4", "12", "13", "14", "15",
		"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS":
		return true
	}
	return false
}
