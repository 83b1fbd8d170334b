package component

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
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
}

// Prometheus starts a Prometheus for one test.
func Prometheus(tb testing.TB, o PrometheusOptions) *PrometheusServer {
	tb.Helper()
	path := Binary(tb, "prometheus")
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	p := &PrometheusServer{}
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
	}, func() error { return answers(p.URL.JoinPath("/-/ready")) })
	if err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
	return p
}

// answers says whether a server answers 200 at a place.
func answers(at *url.URL) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 512))
		return fmt.Errorf("%s answers %s: %s", at.Path, resp.Status, text)
	}
	return nil
}
