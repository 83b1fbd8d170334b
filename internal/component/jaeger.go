package component

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// JaegerServer is a running Jaeger, which keeps the last 200,000 traces in
// memory.
type JaegerServer struct {
	// URL is the address of the query API: /api/traces, /api/v3 and the others.
	URL *url.URL
	// OTLP is the address that takes spans over HTTP, at /v1/traces.
	OTLP *url.URL

	group *group
}

// Jaeger starts a Jaeger for one test.
func Jaeger(tb testing.TB) *JaegerServer {
	tb.Helper()
	path := Binary(tb, "jaeger")
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	j := &JaegerServer{group: g}
	// A header by which this server is told from another test's, should that have
	// taken the port.
	mark := filepath.Base(g.dir)
	config := filepath.Join(g.dir, "jaeger.yaml")
	err = g.run(path, func() []string {
		j.URL, j.OTLP = plain(freePort()), plain(freePort())
		text := fmt.Sprintf(jaegerConfig, j.URL.Host, mark, loopback+":"+freePort(), j.OTLP.Host)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			tb.Error(err)
		}
		return []string{"--config", config}
	}, func() error { return j.ready(mark) })
	if err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
	return j
}

const jaegerConfig = `service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry:
    metrics: {level: none}
extensions:
  jaeger_storage: {backends: {kept: {memory: {max_traces: 200000}}}}
  jaeger_query:
    storage: {traces: kept}
    http: {endpoint: %q, response_headers: {X-Test-Jaeger: %q}}
    grpc: {endpoint: %q}
receivers:
  otlp: {protocols: {http: {endpoint: %q}}}
exporters:
  jaeger_storage_exporter: {trace_storage: kept}
`

// ready returns an error unless both sides of the server answer.
func (j *JaegerServer) ready(mark string) error {
	_, header, err := ask(http.MethodGet, j.URL.JoinPath("/api/services"), nil, nil)
	if err != nil {
		return err
	}
	if header.Get("X-Test-Jaeger") != mark {
		return errors.New("another server listens on the port")
	}
	return postJSON(j.OTLP.JoinPath("/v1/traces"), []byte(`{}`))
}

// Stop ends the server before the test ends, so that it refuses connections.
func (j *JaegerServer) Stop() { j.group.close() }
