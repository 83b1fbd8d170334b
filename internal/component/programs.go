package component

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Program is a copy of a program that serves requests and has metrics of them.
type Program struct {
	// URL is the address of its API, and Metrics that of its metrics.
	URL, Metrics *url.URL
	// Token is what both want of who asks; empty for nothing.
	Token string

	client *http.Client
}

// newProgram makes a program whose metrics are at /metrics of an address.
func newProgram(tb testing.TB, api, metrics *url.URL) *Program {
	p := &Program{URL: api, Metrics: metrics.JoinPath("/metrics")}
	transport := &http.Transport{MaxIdleConnsPerHost: 32, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // it is on loopback, and made for the test
	p.client = &http.Client{Transport: transport, Timeout: 30 * time.Second}
	tb.Cleanup(transport.CloseIdleConnections)
	return p
}

// Ask makes one request, with a body of JSON where there is one, and returns the
// status of the answer; 0 where there is none. target is a path with its query.
func (p *Program) Ask(method, target, body string) int {
	req, err := http.NewRequest(method, p.URL.String()+target, strings.NewReader(body))
	if err != nil {
		return 0
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.Token != "" {
		req.Header.Set("Authorization", "Bearer "+p.Token)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// Program is the server as a program that is looked at.
func (p *PrometheusServer) Program(tb testing.TB) *Program { return newProgram(tb, p.URL, p.URL) }

// Program is the API server as a program that is looked at.
func (c *Cluster) Program() *Program {
	at, err := url.Parse(c.URL)
	if err != nil {
		c.tb.Fatal(err)
	}
	p := newProgram(c.tb, at, at)
	p.Token = c.plane.adminToken
	return p
}

// AlertmanagerProgram starts an Alertmanager that routes to nobody.
func AlertmanagerProgram(tb testing.TB, flags ...string) *Program {
	tb.Helper()
	at := Alertmanager(tb, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n", flags...)
	return newProgram(tb, at, at)
}

// Etcd starts an etcd for one test, with an API of JSON below /v3.
func Etcd(tb testing.TB, flags ...string) *Program {
	tb.Helper()
	var at *url.URL
	startProgram(tb, "etcd", func(dir string) []string {
		at = plain(freePort())
		peer := "unix://" + filepath.Join(dir, "peer.sock")
		return append([]string{
			"--data-dir=" + filepath.Join(dir, "data"), "--unsafe-no-fsync", "--listen-client-urls=" + at.String(), "--advertise-client-urls=" + at.String(),
			"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=default=" + peer,
		}, flags...)
	}, func(string) error {
		_, err := probe(at.JoinPath("/readyz"))
		return err
	})
	return newProgram(tb, at, at)
}

// LokiProgram starts a Loki, with limits in place of those of the tests.
func LokiProgram(tb testing.TB, limits ...string) *Program {
	tb.Helper()
	l := loki(tb, limits...)
	return newProgram(tb, l.URL, l.URL)
}

// JaegerStorage starts a Jaeger that keeps traces for others, and returns the
// address at which it does.
func JaegerStorage(tb testing.TB) string {
	tb.Helper()
	var at, otlp string
	startProgram(tb, "jaeger", func(dir string) []string {
		at, otlp = loopback+":"+freePort(), loopback+":"+freePort()
		return []string{"--config", write(tb, dir, fmt.Sprintf(jaegerStorageConfig, at, otlp))}
	}, func(string) error {
		return postJSON(&url.URL{Scheme: "http", Host: otlp, Path: "/v1/traces"}, []byte(`{}`))
	})
	return at
}

const jaegerStorageConfig = `service:
  extensions: [jaeger_storage, remote_storage]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry: {metrics: {level: none}}
extensions:
  jaeger_storage: {backends: {kept: {memory: {max_traces: 20000}}}}
  remote_storage: {endpoint: %q, storage: kept}
receivers:
  otlp: {protocols: {http: {endpoint: %q}}}
exporters:
  jaeger_storage_exporter: {trace_storage: kept}
`

// JaegerProgram starts a Jaeger that asks a storage for traces.
func JaegerProgram(tb testing.TB, storage string) *Program {
	tb.Helper()
	var at, metrics *url.URL
	startProgram(tb, "jaeger", func(dir string) []string {
		at, metrics = plain(freePort()), plain(freePort())
		return []string{"--config", write(tb, dir, fmt.Sprintf(jaegerProgramConfig, metrics.Port(), storage, at.Host, loopback+":"+freePort(), loopback+":"+freePort()))}
	}, func(string) error {
		_, err := probe(at.JoinPath("/api/services"))
		return err
	})
	return newProgram(tb, at, metrics)
}

const jaegerProgramConfig = `service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry:
    metrics: {level: detailed, readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]}
extensions:
  jaeger_storage: {backends: {kept: {grpc: {endpoint: %q, tls: {insecure: true}}}}}
  jaeger_query:
    storage: {traces: kept}
    http: {endpoint: %q}
    grpc: {endpoint: %q}
receivers:
  otlp: {protocols: {http: {endpoint: %q}}}
exporters:
  jaeger_storage_exporter: {trace_storage: kept}
`

// RegistryProgram starts a registry that fetches what it lacks from another.
func RegistryProgram(tb testing.TB, upstream string) *Program {
	tb.Helper()
	var at, metrics *url.URL
	startProgram(tb, "registry", func(dir string) []string {
		at, metrics = plain(freePort()), plain(freePort())
		return []string{"serve", write(tb, dir, fmt.Sprintf(registryProgramConfig, filepath.Join(dir, "registry"), at.Host, metrics.Host, upstream))}
	}, func(string) error {
		_, err := probe(at.JoinPath("/v2/"))
		return err
	})
	return newProgram(tb, at, metrics)
}

const registryProgramConfig = `version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: %q}}
http: {addr: %q, debug: {addr: %q, prometheus: {enabled: true, path: /metrics}}}
proxy: {remoteurl: %q}
`

// startProgram starts a server for one test.
func startProgram(tb testing.TB, name string, args func(dir string) []string, ready func(dir string) error) {
	tb.Helper()
	path := Binary(tb, name)
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	if err := g.run(path, func() []string { return args(g.dir) }, func() error { return ready(g.dir) }); err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
}

// write writes a configuration and returns its path.
func write(tb testing.TB, dir, text string) string {
	tb.Helper()
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, bytes.TrimSpace([]byte(text)), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}
