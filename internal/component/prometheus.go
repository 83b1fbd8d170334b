package component

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// PrometheusOptions say how a Prometheus is started. The zero value scrapes
// nothing.
type PrometheusOptions struct {
	// Config is prometheus.yml without its section storage; a minimal one if
	// empty.
	Config string
	// Flags are more arguments, such as --storage.tsdb.retention.time=2h.
	Flags []string
}

// PrometheusServer is a running Prometheus. It takes samples of the past by
// remote write.
type PrometheusServer struct {
	URL *url.URL

	group *group
}

// Prometheus starts a Prometheus for one test.
func Prometheus(tb testing.TB, o PrometheusOptions) *PrometheusServer {
	tb.Helper()
	path := Binary(tb, "prometheus")
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	p := &PrometheusServer{group: g}
	config := filepath.Join(g.dir, "prometheus.yml")
	text := o.Config
	if text == "" {
		text = "global: {scrape_interval: 15s}\n"
	}
	// Tests write history, which is older than what was written before it.
	text += "\nstorage: {tsdb: {out_of_order_time_window: 60d}}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	err = g.run(path, func() []string {
		host := loopback + ":" + freePort()
		p.URL = &url.URL{Scheme: "http", Host: host}
		return append([]string{
			"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(g.dir, "data"), "--web.listen-address=" + host,
			"--web.enable-remote-write-receiver", "--web.enable-lifecycle", "--log.level=warn",
		}, o.Flags...)
	}, p.ready)
	if err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
	return p
}

// ready says whether the server answers. That its flags name the directory tells
// it from another test's, should that have taken the port.
func (p *PrometheusServer) ready() error {
	if _, err := probe(p.URL.JoinPath("/-/ready")); err != nil {
		return err
	}
	flags, _, err := ask(http.MethodGet, p.URL.JoinPath("/api/v1/status/flags"), nil, nil)
	if err == nil && !strings.Contains(flags, p.group.dir) {
		err = fmt.Errorf("another server listens on %s", p.URL.Host)
	}
	return err
}

// Stop ends the server before the test ends, so that it refuses connections.
func (p *PrometheusServer) Stop() { p.group.close() }
