package word

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	for name, want := range map[string][]string{
		"":                               nil,
		"LOG_LEVEL":                      {"log", "level"},
		"minReplicas":                    {"min", "replicas"},
		"/spec/containers[name=web]":     {"spec", "containers", "name", "web"},
		"http2Port":                      {"http2", "port"},
		"DBHost":                         {"dbhost"},
		"größe.Überschrift":              {"größe", "überschrift"},
		"cert-manager.io/cluster-issuer": {"cert", "manager", "io", "cluster", "issuer"},
	} {
		if got := Split(name); !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSingular(t *testing.T) {
	for w, want := range map[string]string{"connections": "connection", "class": "class", "dns": "dns", "replicas": "replica"} {
		if got := Singular(w); got != want {
			t.Errorf("Singular(%q) = %q, want %q", w, got, want)
		}
	}
}
