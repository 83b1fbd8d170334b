package kube

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// TestCustomDefaults: false is what Flux takes where some booleans are left out;
// true is not, nor is false in another place or in a kind of another group.
func TestCustomDefaults(t *testing.T) {
	const object = `
apiVersion: GROUP/v1
kind: KIND
metadata: {name: x}
spec:
  suspend: SAYS
  test: {enable: SAYS}
  values: {test: {enable: SAYS}}
`
	tests := []struct {
		group, kind, says string
		want              []string
	}{
		{"helm.toolkit.fluxcd.io", "HelmRelease", "false", []string{"/spec/suspend", "/spec/test/enable"}},
		{"helm.toolkit.fluxcd.io", "HelmRelease", "true", nil},
		{"kustomize.toolkit.fluxcd.io", "Kustomization", "false", []string{"/spec/suspend"}},
		{"example.com", "HelmRelease", "false", nil},
	}
	for _, tt := range tests {
		all, _ := read(t, Options{}, strings.NewReplacer("GROUP", tt.group, "KIND", tt.kind, "SAYS", tt.says).Replace(object))
		if len(all) != 1 {
			t.Fatalf("%d objects", len(all))
		}
		for _, s := range all {
			var got []string
			for _, f := range s.Facts {
				if f.Rules.Has(parity.DefaultValue) {
					got = append(got, f.Path)
				}
			}
			if strings.Join(got, " ") != strings.Join(tt.want, " ") {
				t.Errorf("%s %s: %q", tt.kind, tt.says, got)
			}
		}
	}
}
