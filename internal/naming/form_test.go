package naming

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// family writes a family as "name type label,label".
func family(t *testing.T, text string) Family {
	t.Helper()
	parts := strings.Fields(text)
	if len(parts) < 2 {
		t.Fatalf("%q is no family", text)
	}
	f := Family{Name: parts[0], Type: parts[1]}
	if len(parts) > 2 {
		f.Labels = strings.Split(parts[2], ",")
	}
	return f
}

// TestFormOfDocumentedMetrics holds the form against what programs document of
// their metrics, of which none is started by a test. want are the series, as
// metric, side and endpoint or peer.
func TestFormOfDocumentedMetrics(t *testing.T) {
	for _, tt := range []struct {
		name, documented string
		families, want   []string
	}{
		{
			name: "traefik", documented: "https://doc.traefik.io/traefik/observability/metrics/overview/",
			families: []string{
				"traefik_entrypoint_requests_total counter code,method,protocol,entrypoint",
				"traefik_entrypoint_request_duration_seconds histogram code,method,protocol,entrypoint",
				"traefik_entrypoint_requests_tls_total counter tls_version,tls_cipher,entrypoint",
				"traefik_entrypoint_requests_bytes_total counter code,method,protocol,entrypoint",
				"traefik_service_retries_total counter service",
			},
			want: []string{"traefik_entrypoint_request_duration_seconds server [method entrypoint]"},
		},
		{
			name: "coredns", documented: "https://coredns.io/plugins/metrics",
			families: []string{
				"coredns_dns_requests_total counter server,zone,view,proto,family,type",
				"coredns_dns_request_duration_seconds histogram server,zone,view,type",
				"coredns_dns_request_size_bytes histogram server,zone,view,proto",
				"coredns_dns_responses_total counter server,zone,view,rcode,plugin",
				"coredns_panics_total counter",
			},
			want: []string{"coredns_dns_responses_total server [view|zone]", "coredns_dns_request_duration_seconds server [view|zone]"},
		},
		{
			name: "starlette", documented: "https://pypi.org/project/starlette-exporter",
			families: []string{
				"starlette_requests_total counter method,path,status_code,app_name",
				"starlette_request_duration_seconds histogram method,path,status_code,app_name",
			},
			want: []string{"starlette_request_duration_seconds server [method path]"},
		},
		{
			name: "flask", documented: "https://pypi.org/project/prometheus-flask-exporter",
			families: []string{
				"flask_http_request_duration_seconds histogram method,path,status",
				"flask_http_request_total counter method,status",
				"flask_http_request_exceptions_total counter method,status",
			},
			want: []string{"flask_http_request_duration_seconds server [method path]"},
		},
		{
			name: "rails", documented: "https://github.com/discourse/prometheus_exporter",
			families: []string{
				"ruby_http_requests_total counter controller,action,status",
				"ruby_http_request_duration_seconds summary controller,action",
				"ruby_http_request_sql_duration_seconds summary controller,action",
			},
			want: []string{
				"ruby_http_requests_total server [controller action]", "ruby_http_request_duration_seconds server [controller action]",
				"ruby_http_request_sql_duration_seconds client [sql]",
			},
		},
		{
			name: "grafana", documented: "https://github.com/grafana/grafana/pull/74023",
			families: []string{
				"grafana_http_request_duration_seconds histogram handler,method,status_code,status_source",
				"grafana_datasource_request_duration_seconds histogram datasource,datasource_type,code,method",
				"grafana_datasource_response_size_bytes histogram datasource,datasource_type",
				"grafana_http_request_in_flight gauge",
			},
			want: []string{"grafana_http_request_duration_seconds server [method handler]", "grafana_datasource_request_duration_seconds client [datasource datasource]"},
		},
		{
			name: "linkerd", documented: "https://linkerd.io/2/reference/proxy-metrics",
			families: []string{
				"route_response_total counter dst,rt_route,classification,status_code",
				"route_response_latency_ms histogram dst,rt_route",
				"tcp_open_total counter direction",
			},
			want: []string{"route_response_total server [rt_route]", "route_response_latency_ms server [rt_route]"},
		},
		{
			name: "gitlab-shell", documented: "https://gitlab.com/gitlab-org/gitlab-shell/-/merge_requests/496",
			families: []string{"gitlab_shell_http_request_seconds histogram code,method"},
			want:     []string{"gitlab_shell_http_request_seconds server [shell http request method]"},
		},
		{
			name: "thanos", documented: "https://thanos.io/tip/components/store.md/",
			families: []string{
				"thanos_objstore_bucket_operation_duration_seconds histogram bucket,operation",
				"thanos_objstore_bucket_operations_total counter bucket,operation",
			},
			want: []string{"thanos_objstore_bucket_operation_duration_seconds client [objstore bucket]"},
		},
		{
			name: "client-go", documented: "https://kubernetes.io/docs/reference/instrumentation/metrics/",
			families: []string{
				"rest_client_requests_total counter code,host,method", "rest_client_request_duration_seconds histogram host,verb",
				"rest_client_rate_limiter_duration_seconds histogram host,verb", "workqueue_work_duration_seconds histogram name",
				"workqueue_queue_duration_seconds histogram name",
			},
			want: []string{"rest_client_requests_total client [host rest]", "rest_client_request_duration_seconds client [host rest]"},
		},
		{
			name: "OpenTelemetry in names of its own", documented: "https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/",
			families: []string{
				"rpc.client.duration_milliseconds histogram rpc.method,rpc.service,rpc.grpc.status_code",
				"http.server.request.duration_seconds histogram http.request.method,http.route,http.response.status_code",
				"http.server.request.body.size_bytes histogram http.request.method,http.route,http.response.status_code",
			},
			want: []string{
				"http.server.request.duration_seconds server [http.request.method http.route]", "rpc.client.duration_milliseconds client [rpc.service rpc]",
			},
		},
		{
			name: "controllers", documented: "https://book.kubebuilder.io/reference/metrics-reference",
			families: []string{
				"controller_runtime_reconcile_total counter controller,result", "controller_runtime_reconcile_time_seconds histogram controller",
				"controller_runtime_webhook_requests_total counter webhook,code", "controller_runtime_webhook_latency_seconds histogram webhook",
			},
		},
		{
			name: "names in camel case", documented: "https://micrometer.io/docs/registry/prometheus",
			families: []string{"jaxrs_server_requestDuration_milliseconds histogram uri,httpMethod,statusCode"},
			want:     []string{"jaxrs_server_requestDuration_milliseconds server [httpMethod uri]"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.HasPrefix(tt.documented, "https://") {
				t.Fatal("where is it documented?")
			}
			var families []Family
			for _, text := range tt.families {
				families = append(families, family(t, text))
			}
			var got []string
			for _, k := range ByForm(families) {
				if len(k.Failed) == 0 && k.Type == "counter" {
					t.Errorf("%s counts requests without telling which failed", k.Metric)
				}
				got = append(got, describe(k))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// describe writes metric, side and endpoint or peer; texts are without their =.
func describe(k Known) string {
	items := k.Endpoint
	if k.Client() {
		items = k.Peer
	}
	return fmt.Sprintf("%s %s %s", k.Metric, k.Side, strings.ReplaceAll(fmt.Sprint(items), "=", ""))
}

// TestNoForm holds that metrics about other things are not taken for requests,
// however near their names come.
func TestNoForm(t *testing.T) {
	for _, text := range []string{
		"promhttp_metric_handler_requests_total counter code",
		"prometheus_engine_query_duration_seconds summary slice",
		"go_gc_duration_seconds summary",
		"http_requests_in_flight gauge handler,code",
		"app_http_request_size_bytes histogram handler,code",
		"app_http_response_size_bytes histogram handler,code",
		"app_request_queue_duration_seconds histogram handler",
		"loki_tsdb_shipper_tables_upload_operation_total counter component,status",
		"apiserver_flowcontrol_request_wait_duration_seconds histogram flow_schema,priority_level",
		"apiserver_admission_controller_admission_duration_seconds histogram name,operation,rejected,type",
		"apiserver_request_filter_duration_seconds histogram filter",
		"rest_client_transport_create_calls_total counter result",
		"grpc_server_msg_received_total counter grpc_method,grpc_service,grpc_type",
		"job:http_requests:rate5m counter code,handler",
		"authentication_token_cache_request_duration_seconds histogram status",
		"batch_duration_seconds histogram job",
		"file_operations_total counter operation",
		"apiserver_request_terminations_total counter code,component,verb",
	} {
		if got := ByForm([]Family{family(t, text)}); len(got) > 0 {
			t.Errorf("%s is taken for %s", text, describe(got[0]))
		}
	}
}

// TestFailedByForm holds which values of which labels say that a request failed.
func TestFailedByForm(t *testing.T) {
	for label, want := range map[string]string{
		"code": endedByCode, "status_code": endedByCode, "statusCode": endedByCode, "result": endedByCode, "http_response_status_code": endedByCode,
		"grpc_code": endedByRPC, "rpc_grpc_status_code": endedByRPC, "envoy_response_code_class": endedByClass, "success": endedWell,
		"error_type": endedByErrors, "error": endedByErrors, "status_source": "", "code_path": "", "method": "", "": "",
	} {
		if got := isCode(label); got != want {
			t.Errorf("%s tells the end by %q, want %q", label, got, want)
		}
	}
}

// TestMappingOverridesForm holds that what parity.yaml says of a metric replaces
// what its form says, with all metrics of the same requests.
func TestMappingOverridesForm(t *testing.T) {
	families := []Family{
		family(t, "shop_http_request_duration_seconds histogram handler,method"), family(t, "shop_http_requests_total counter code,handler,method"),
		family(t, "shop_db_request_duration_seconds histogram operation,status"),
	}
	c := Config{Series: []Series{{Metric: "shop_http_requests_total", Type: "counter", Endpoint: []string{"handler"}}}}
	named, _ := c.All()
	got := c.Formed(families, named)
	if len(got) != 1 || got[0].Metric != "shop_db_request_duration_seconds" {
		t.Errorf("got %v", got)
	}
	c = Config{Presets: []string{"http"}}
	named, unknown := c.All()
	if got := c.Formed(families, named); len(got) > 0 || len(unknown) > 0 {
		t.Errorf("presets without %s give %v, unknown %v", FormPreset, got, unknown)
	}
	c = Config{Presets: []string{"http", FormPreset}}
	if named, unknown = c.All(); len(c.Formed(families, named)) != 3 || len(unknown) > 0 {
		t.Errorf("presets with %s give %v, unknown %v", FormPreset, c.Formed(families, named), unknown)
	}
}

// TestPeerWithoutAddress holds that an address of one environment names nothing
// that is called.
func TestPeerWithoutAddress(t *testing.T) {
	s := Series{Side: "client", Peer: []string{"host", "=rest"}}
	for host, want := range map[string]string{"10.1.2.3:6443": "rest", "[::1]:6443": "rest", "": "rest", "api.example.com": "api.example.com"} {
		if got := s.PeerName(func(string) string { return host }); got != want {
			t.Errorf("%q names %q, want %q", host, got, want)
		}
	}
}

// TestEndpointNameWithText holds that a text stands once in a name that has labels
// too, and alone where a name has nothing else.
func TestEndpointNameWithText(t *testing.T) {
	labels := map[string]string{"service": "shop.Cart", "method": "Get"}
	label := func(name string) string { return labels[name] }
	for want, items := range map[string][]string{
		"rpc shop.Cart/Get": {"=rpc", "service", "/method"},
		"all requests":      {"=all requests"},
		"":                  {"=rpc", "nothing"},
	} {
		if got := (Series{Endpoint: items}).EndpointName(label); got != want {
			t.Errorf("%v gives %q, want %q", items, got, want)
		}
	}
}
