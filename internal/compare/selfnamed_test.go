package compare

import (
	"testing"

	"github.com/envparity/parity"
)

// TestLabelsThatNameTheEnvironment: a label that says which environment an object
// is in, and that nothing selects by, may be left out on one side.
func TestLabelsThatNameTheEnvironment(t *testing.T) {
	tests := []struct {
		kind, path, staging, production string
		equal                           bool
	}{
		{"Service", "/metadata/labels/environment", "", "production", true},
		{"Service", "/metadata/labels/app.kubernetes.io/environment", "stg", "", true},
		{"Service", "/metadata/annotations/example.com/env", "", "prod", true},
		{"Service", "/metadata/labels/environment", "", "staging", false},
		{"Service", "/metadata/labels/environment", "", "blue", false},
		{"Service", "/metadata/labels/team", "", "production", false},
		{"Service", "/metadata/labels/tier", "", "production", false},
		{"Namespace", "/metadata/labels/environment", "", "production", false},
		{"Namespace", "/metadata/annotations/environment", "", "production", true},
		{"Deployment", "/spec/template/metadata/labels/environment", "", "production", false},
		{"ConfigMap", "/data/environment", "", "production", false},
	}
	for _, tt := range tests {
		side := func(e *env, text string) *env {
			if text == "" {
				return e.add(tt.kind, "", "x", "/spec/a", "b")
			}
			return e.add(tt.kind, "", "x", tt.path, text, "/spec/a", "b")
		}
		cell := compareAll(t, Options{}, side(staging(), tt.staging), side(production(), tt.production)).class(t, tt.kind, "x", tt.path)
		if got := cell.Class == parity.Equivalent; got != tt.equal {
			t.Errorf("%s %s %q %q: %v", tt.kind, tt.path, tt.staging, tt.production, cell.Class)
		}
	}
}

// TestSelectedLabels: a label that something selects by counts.
func TestSelectedLabels(t *testing.T) {
	for _, path := range []string{"/spec/selector/matchLabels/environment", "/spec/serviceSelector/environment"} {
		s := staging().add("Service", "", "x", "/spec/a", "b").add("ServiceMonitor", "", "m", path, "production")
		p := production().add("Service", "", "x", "/metadata/labels/environment", "production", "/spec/a", "b").
			add("ServiceMonitor", "", "m", path, "production")
		if cell := compareAll(t, Options{}, s, p).class(t, "Service", "x", "/metadata/labels/environment"); cell.Class != parity.Missing {
			t.Errorf("%s: %v", path, cell.Class)
		}
	}
}
