package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// TestInitAsksPrometheus holds that init finds the presets that fit and the
// label of the environments, and writes a project that runs.
func TestInitAsksPrometheus(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	var series []component.Series
	now := time.Now()
	for _, env := range []string{"staging", "production"} {
		s := component.Series{Labels: map[string]string{
			"__name__": "http_server_requests_seconds_count", "job": "shop", "instance": "a:80", "env": env, "method": "GET", "uri": "/cart", "status": "200",
		}}
		for i := range 61 {
			s.Samples = append(s.Samples, component.Sample{Time: now.Add(time.Duration(i-60) * time.Minute), Value: float64(100 * i)})
		}
		series = append(series, s)
	}
	p.Write(t, series)
	dir := t.TempDir()
	for _, env := range []string{"staging", "production"} {
		if err := os.MkdirAll(filepath.Join(dir, env), 0o700); err != nil {
			t.Fatal(err)
		}
		text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {A: \"1\"}\n"
		if err := os.WriteFile(filepath.Join(dir, env, "shop.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := commandAt(t, now, dir, "init", "--prometheus", p.URL.String())
	if code != 0 || !strings.Contains(out, "has metrics of the presets spring") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	text, err := os.ReadFile(filepath.Join(dir, "parity.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"presets: [spring, form]", "collector: prometheus", `- "env=\"staging\""`, `- "env=\"production\""`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("parity.yaml has no %s:\n%s", want, text)
		}
	}
	if r := resultAt(t, now, dir, "check"); len(r.Behaviours) == 0 {
		t.Errorf("nothing is judged: %+v", r.Gaps)
	}
	code, _, errs = commandAt(t, now, dir, "init", "--force", "--prometheus", "http://127.0.0.1:1")
	if code != 2 || !strings.Contains(errs, "127.0.0.1:1") {
		t.Errorf("a server that is not there: exit %d: %s", code, errs)
	}
}
