package component

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// LokiServer is a running Loki, all of it in one process and without tenants. It
// takes lines of any time and in any order.
type LokiServer struct {
	// URL is the address of the API.
	URL *url.URL

	group *group
}

// LogStream is what one source has written.
type LogStream struct {
	// Labels name the stream.
	Labels map[string]string
	Lines  []LogLine
}

// LogLine is one line.
type LogLine struct {
	Time time.Time
	Text string
	// Metadata are its structured metadata; nil is none.
	Metadata map[string]string
}

// Loki starts a Loki for one test.
func Loki(tb testing.TB) *LokiServer {
	tb.Helper()
	return loki(tb)
}

// loki starts a Loki with limits in place of those of the configuration, each as
// "key: value".
func loki(tb testing.TB, limits ...string) *LokiServer {
	tb.Helper()
	path := Binary(tb, "loki")
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	l := &LokiServer{group: g}
	config := filepath.Join(g.dir, "loki.yaml")
	err = g.run(path, func() []string {
		l.URL = plain(freePort())
		text := fmt.Sprintf(lokiConfig, l.URL.Port(), freePort(), g.dir)
		for _, limit := range limits {
			key, _, _ := strings.Cut(limit, ":")
			text = regexp.MustCompile(`(?m)^  `+regexp.QuoteMeta(key)+`:.*$`).ReplaceAllLiteralString(text, "  "+limit)
		}
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			tb.Error(err)
		}
		return []string{"-config.file=" + config}
	}, func() error { return l.ready(g.dir) })
	if err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
	return l
}

// The addresses are of loopback, the rings are in memory, and nothing is
// reported to anyone. Lines are taken within half the age of a chunk behind the
// newest, and asked for within all of it before they are stored; so it is two
// years. That the queriers look for their scheduler would take ten seconds.
const lokiConfig = `auth_enabled: false
server:
  http_listen_address: 127.0.0.1
  http_listen_port: %[1]s
  grpc_listen_address: 127.0.0.1
  grpc_listen_port: %[2]s
  grpc_server_max_recv_msg_size: 67108864
  grpc_server_max_send_msg_size: 67108864
common:
  instance_addr: 127.0.0.1
  path_prefix: %[3]q
  replication_factor: 1
  ring: {instance_addr: 127.0.0.1, kvstore: {store: inmemory}}
memberlist: {bind_addr: [127.0.0.1], advertise_addr: 127.0.0.1}
schema_config:
  configs:
    - {from: 2020-01-01, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}
storage_config: {filesystem: {directory: chunks}}
frontend_worker: {frontend_address: "127.0.0.1:%[2]s"}
ingester:
  lifecycler: {min_ready_duration: 0s, final_sleep: 0s}
  max_chunk_age: 17520h
limits_config:
  reject_old_samples: false
  ingestion_rate_mb: 1024
  ingestion_burst_size_mb: 1024
  per_stream_rate_limit: 1GB
  per_stream_rate_limit_burst: 1GB
  max_global_streams_per_user: 0
  volume_enabled: true
analytics: {reporting_enabled: false}
`

// ready says whether the server takes and gives lines. That its configuration
// names the directory tells it from another test's, should that have taken the
// port.
func (l *LokiServer) ready(dir string) error {
	if _, _, err := ask(http.MethodGet, l.URL.JoinPath("/ready"), nil, nil); err != nil {
		return err
	}
	config, _, err := ask(http.MethodGet, l.URL.JoinPath("/config"), nil, nil)
	if err == nil && !strings.Contains(config, dir) {
		err = fmt.Errorf("another server listens on %s", l.URL.Host)
	}
	return err
}

// pushedBytes bounds the text of the lines of one request.
const pushedBytes = 1 << 20

// pushed is a stream in the form of the API.
type pushed struct {
	Stream map[string]string `json:"stream"`
	Values [][]any           `json:"values"`
}

// Push hands lines to the server. They can be asked for at once.
func (l *LokiServer) Push(tb testing.TB, streams ...LogStream) {
	tb.Helper()
	var batch []pushed
	size := 0
	send := func() {
		tb.Helper()
		if size == 0 {
			return
		}
		text, err := json.Marshal(map[string]any{"streams": batch})
		if err == nil {
			err = postJSON(l.URL.JoinPath("/loki/api/v1/push"), text)
		}
		if err != nil {
			tb.Fatal(err)
		}
		batch, size = nil, 0
	}
	for _, s := range streams {
		batch = append(batch, pushed{Stream: s.Labels})
		for _, line := range s.Lines {
			if size > pushedBytes {
				send()
				batch = []pushed{{Stream: s.Labels}}
			}
			value := []any{strconv.FormatInt(line.Time.UnixNano(), 10), line.Text}
			if line.Metadata != nil {
				value = append(value, line.Metadata)
			}
			last := &batch[len(batch)-1]
			last.Values = append(last.Values, value)
			size += len(line.Text) + 1
		}
	}
	send()
}

// Stop ends the server before the test ends, so that it refuses connections.
func (l *LokiServer) Stop() { l.group.close() }
