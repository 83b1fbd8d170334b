package naming

// Preset knows the metrics of requests of one library or proxy.
type Preset struct {
	Name    string
	Summary string
	Series  []Series
}

// The matchers of failed requests: those that the server could not serve, and
// those that it refused because it was asked too much.
const (
	httpFailed       = `=~"5..|429"`
	grpcFailedCodes  = `=~"2|4|8|12|13|14|15|UNKNOWN|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"`
	grpcFailedNames  = `=~"Unknown|DeadlineExceeded|ResourceExhausted|Unimplemented|Internal|Unavailable|DataLoss"`
	calledNotAtFault = `!~"|[1-4].."`
)

// Presets lists what is known, the nearest to the service's own code first: of
// two that see the same requests of a service, the first is taken.
func Presets() []Preset {
	return []Preset{
		{
			Name: "otel-http", Summary: "OpenTelemetry semantic conventions for HTTP, as exported to Prometheus",
			Series: []Series{
				{
					Metric: "http_server_request_duration_seconds", Protocol: "http", Endpoint: []string{"http_request_method", "http_route"},
					Failed: []string{"http_response_status_code" + httpFailed, "error_type" + calledNotAtFault},
				},
				{
					Metric: "http_client_request_duration_seconds", Protocol: "http", Side: "client", Peer: []string{"peer_service", "server_address", "url_template"},
					Failed: []string{"http_response_status_code" + httpFailed, "error_type" + calledNotAtFault},
				},
				{
					Metric: "http_server_duration_milliseconds", Protocol: "http", Unit: "ms", Endpoint: []string{"http_method", "http_route"},
					Failed: []string{"http_status_code" + httpFailed},
				},
				{
					Metric: "http_client_duration_milliseconds", Protocol: "http", Side: "client", Unit: "ms", Peer: []string{"peer_service", "server_address", "net_peer_name"},
					Failed: []string{"http_status_code" + httpFailed},
				},
			},
		},
		{
			Name: "otel-rpc", Summary: "OpenTelemetry semantic conventions for RPC",
			Series: []Series{
				{Metric: "rpc_server_call_duration_seconds", Protocol: "rpc", Endpoint: []string{"=rpc", "rpc_method"}, Failed: []string{"rpc_response_status_code" + grpcFailedCodes}},
				{Metric: "rpc_client_call_duration_seconds", Protocol: "rpc", Side: "client", Peer: []string{"peer_service", "server_address"}, Failed: []string{"rpc_response_status_code" + grpcFailedCodes, "error_type" + calledNotAtFault}},
				{Metric: "rpc_server_duration_milliseconds", Protocol: "rpc", Unit: "ms", Endpoint: []string{"=rpc", "rpc_service", "/rpc_method"}, Failed: []string{"rpc_grpc_status_code" + grpcFailedCodes}},
				{Metric: "rpc_client_duration_milliseconds", Protocol: "rpc", Side: "client", Unit: "ms", Peer: []string{"peer_service", "server_address", "net_peer_name", "rpc_service"}, Failed: []string{"rpc_grpc_status_code" + grpcFailedCodes}},
			},
		},
		{
			Name: "otel-db", Summary: "OpenTelemetry semantic conventions for databases",
			Series: []Series{
				{Metric: "db_client_operation_duration_seconds", Protocol: "db", Side: "client", Peer: []string{"peer_service", "server_address", "db_namespace", "db_system_name|db_system"}, Failed: []string{`error_type!=""`}},
			},
		},
		{
			Name: "otel-messaging", Summary: "OpenTelemetry semantic conventions for messaging",
			Series: []Series{
				{Metric: "messaging_process_duration_seconds", Protocol: "messaging", Endpoint: []string{"messaging_operation_name", "messaging_destination_template|messaging_destination_name"}, Failed: []string{`error_type!=""`}},
				{Metric: "messaging_client_operation_duration_seconds", Protocol: "messaging", Side: "client", Peer: []string{"messaging_destination_template|messaging_destination_name", "server_address", "messaging_system"}, Failed: []string{`error_type!=""`}},
			},
		},
		spring(), promhttp(), grpcEcosystem(), django(), istio(), nginxIngress(), envoy(),
	}
}

func spring() Preset {
	const failed = `outcome=~"SERVER_ERROR|UNKNOWN"`
	return Preset{
		Name: "spring", Summary: "Spring Boot by Micrometer",
		Series: []Series{
			{Metric: "http_server_requests_seconds", Protocol: "http", Endpoint: []string{"method", "uri"}, Failed: []string{failed, "status" + httpFailed}},
			{Metric: "http_client_requests_seconds", Protocol: "http", Side: "client", Peer: []string{"client_name|clientName"}, Failed: []string{failed, "status" + httpFailed}},
		},
	}
}

// promhttp is what most libraries of Prometheus' own client have settled on.
func promhttp() Preset {
	endpoint := []string{"method|http_method", "route|handler|path|endpoint|url"}
	failed := []string{"code" + httpFailed, "status" + httpFailed, "status_code" + httpFailed}
	return Preset{
		Name: "http", Summary: "common HTTP middleware for Go, Python and Node.js",
		Series: []Series{
			{Metric: "http_request_duration_seconds", Protocol: "http", Endpoint: endpoint, Failed: failed},
			{Metric: "http_requests_total", Type: "counter", Protocol: "http", Endpoint: endpoint, Failed: failed},
		},
	}
}

func grpcEcosystem() Preset {
	endpoint := []string{"=rpc", "grpc_service", "/grpc_method"}
	failed := []string{"grpc_code" + grpcFailedNames}
	return Preset{
		Name: "grpc", Summary: "gRPC interceptors of go-grpc-middleware and java-grpc-prometheus",
		Series: []Series{
			{Metric: "grpc_server_handled_total", Type: "counter", Protocol: "rpc", Endpoint: endpoint, Failed: failed},
			{Metric: "grpc_server_handling_seconds", Protocol: "rpc", Endpoint: endpoint},
			{Metric: "grpc_client_handled_total", Type: "counter", Protocol: "rpc", Side: "client", Peer: []string{"grpc_service"}, Failed: failed},
			{Metric: "grpc_client_handling_seconds", Protocol: "rpc", Side: "client", Peer: []string{"grpc_service"}},
		},
	}
}

func django() Preset {
	return Preset{
		Name: "django", Summary: "django-prometheus",
		Series: []Series{
			{Metric: "django_http_requests_latency_seconds_by_view_method", Protocol: "http", Endpoint: []string{"method", "view"}},
			{Metric: "django_http_responses_total_by_status_view_method_total", Type: "counter", Protocol: "http", Endpoint: []string{"method", "view"}, Failed: []string{"status" + httpFailed}},
		},
	}
}

func istio() Preset {
	failed := []string{`response_code=~"5..|429|0"`}
	server := []string{"destination_canonical_service", "destination_workload", "destination_service_name"}
	client := []string{"source_canonical_service", "source_workload"}
	peer := []string{"destination_service_name", "destination_service", "destination_canonical_service"}
	return Preset{
		Name: "istio", Summary: "Istio's standard metrics",
		Series: []Series{
			{Metric: "istio_request_duration_milliseconds", Protocol: "mesh", Unit: "ms", Match: []string{`reporter=~"destination|waypoint"`}, Service: server, Endpoint: []string{"=all requests"}, Failed: failed},
			{Metric: "istio_request_duration_milliseconds", Protocol: "mesh", Side: "client", Unit: "ms", Match: []string{`reporter="source"`}, Service: client, Peer: peer, Failed: failed},
			{Metric: "istio_requests_total", Type: "counter", Protocol: "mesh", Match: []string{`reporter=~"destination|waypoint"`}, Service: server, Endpoint: []string{"=all requests"}, Failed: failed},
			{Metric: "istio_requests_total", Type: "counter", Protocol: "mesh", Side: "client", Match: []string{`reporter="source"`}, Service: client, Peer: peer, Failed: failed},
		},
	}
}

func nginxIngress() Preset {
	service, endpoint := []string{"exported_service", "service"}, []string{"method", "path"}
	return Preset{
		Name: "nginx-ingress", Summary: "ingress-nginx",
		Series: []Series{
			{Metric: "nginx_ingress_controller_request_duration_seconds", Protocol: "ingress", Service: service, Endpoint: endpoint, Failed: []string{"status" + httpFailed}},
			{Metric: "nginx_ingress_controller_requests", Type: "counter", Protocol: "ingress", Service: service, Endpoint: endpoint, Failed: []string{"status" + httpFailed}},
		},
	}
}

func envoy() Preset {
	failed := []string{`envoy_response_code_class="5"`}
	return Preset{
		Name: "envoy", Summary: "Envoy's own metrics",
		Series: []Series{
			{Metric: "envoy_cluster_upstream_rq_time", Protocol: "proxy", Side: "client", Unit: "ms", Peer: []string{"envoy_cluster_name"}},
			{Metric: "envoy_cluster_upstream_rq_xx", Type: "counter", Protocol: "proxy", Side: "client", Peer: []string{"envoy_cluster_name"}, Failed: failed},
			{Metric: "envoy_http_downstream_rq_time", Protocol: "proxy", Unit: "ms", Endpoint: []string{"envoy_http_conn_manager_prefix"}},
			{Metric: "envoy_http_downstream_rq_xx", Type: "counter", Protocol: "proxy", Endpoint: []string{"envoy_http_conn_manager_prefix"}, Failed: failed},
		},
	}
}
