package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// written is the text of the parity.yaml that init made in an empty directory.
func written(t *testing.T, now time.Time, want string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	code, stdout, stderr := commandAt(t, now, dir, append([]string{"init"}, args...)...)
	if code != 0 || !strings.Contains(stdout, want) {
		t.Fatalf("init %v: exit %d, %q wanted:\n%s%s", args, code, want, stdout, stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "parity.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := commandAt(t, now, dir, "check"); code != 0 {
		t.Errorf("the parity.yaml of init %v does not run: exit %d: %s", args, code, stderr)
	}
	return string(text)
}

// TestInitFromMetrics holds that a server of metrics is enough to begin with: in an
// empty directory, the label that tells environments apart makes the parity.yaml.
func TestInitFromMetrics(t *testing.T) {
	for _, tt := range []struct {
		name, label, want string
		values, matches   []string
	}{
		{"one value each", "env", "compares staging, production", []string{"production", "staging"}, []string{`env="staging"`, `env="production"`}},
		{"a word that the world does not know", "environment", "compares ithc, prod", []string{"prod", "ithc"}, []string{`environment="ithc"`}},
		{
			"several namespaces each", "namespace", "compares staging, prod",
			[]string{"cart-prod", "shop-prod", "cart-staging", "shop-stg", "kube-system"},
			[]string{`namespace=~"cart-staging|shop-stg"`, `namespace=~"cart-prod|shop-prod"`},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := component.Prometheus(t, component.PrometheusOptions{})
			now := time.Now().Truncate(15 * time.Second)
			var series []component.Series
			for _, v := range tt.values {
				s := component.Series{Labels: map[string]string{"__name__": "shop_http_requests_total", "job": "shop", "code": "200", "handler": "/cart", tt.label: v}}
				for i := range 240 {
					s.Samples = append(s.Samples, component.Sample{Time: now.Add(time.Duration(i-239) * 15 * time.Second), Value: float64(30 * i)})
				}
				series = append(series, s)
			}
			p.Write(t, series)
			text := written(t, now, tt.want, "--prometheus", p.URL.String())
			for _, m := range tt.matches {
				if !strings.Contains(strings.ReplaceAll(text, `\"`, `"`), m) {
					t.Errorf("no source matches %s:\n%s", m, text)
				}
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		p := component.Prometheus(t, component.PrometheusOptions{})
		code, _, stderr := command(t, t.TempDir(), "init", "--prometheus", p.URL.String())
		if code != 2 || !strings.Contains(stderr, "no label of its series tells environments apart") {
			t.Errorf("exit %d: %s", code, stderr)
		}
	})
}

// TestInitFromNamespaces holds that the namespaces of a cluster that fit a pattern
// are environments, by the words in their names.
func TestInitFromNamespaces(t *testing.T) {
	c := component.Kubernetes(t)
	for _, name := range []string{"shop-staging", "cart-staging", "shop-production", "other"} {
		c.Kubectl("create", "namespace", name)
	}
	t.Setenv("KUBECONFIG", c.Kubeconfig)
	dir := t.TempDir()
	code, stdout, stderr := commandIn(t, time.Now(), dir, os.LookupEnv, "init", "--kube", "admin/*-*")
	text, _ := os.ReadFile(filepath.Join(dir, "parity.yaml"))
	if code != 0 || !strings.Contains(stdout, "compares staging, production") {
		t.Fatalf("exit %d:\n%s%s", code, stdout, stderr)
	}
	for _, name := range []string{"- cart-staging", "- shop-staging", "- shop-production"} {
		if !strings.Contains(string(text), name) {
			t.Errorf("%s is not read:\n%s", name, text)
		}
	}
	if strings.Contains(string(text), "- default") || strings.Contains(string(text), "- kube-system") {
		t.Errorf("namespaces that do not fit are read:\n%s", text)
	}
	if code, _, stderr := commandIn(t, time.Now(), dir, os.LookupEnv, "check"); code != 0 {
		t.Errorf("it does not run: exit %d: %s", code, stderr)
	}
}
