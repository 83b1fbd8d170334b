package compare

import (
	"testing"

	"github.com/envparity/parity"
)

// withRole adds a role with permissions such as "core/pods:get".
func withRole(e *env, permissions ...string) *env {
	e.add("Role", "shop", "r")
	for _, p := range permissions {
		e.fact(parity.Fact{Path: "/rules[=" + p + "]", Value: parity.Value{Kind: parity.Tuple, Raw: p}, Rules: parity.SetOf(parity.RBACTuples), Surface: parity.IdentitySurface})
	}
	return e
}

// TestWiderPermissions: what a wider permission holds is not missing; the wider
// one itself is what differs.
func TestWiderPermissions(t *testing.T) {
	for _, tt := range []struct {
		name, wide, narrow string
		held               bool
	}{
		{"any verb", "core/pods:*", "core/pods:get", true},
		{"any resource", "core/*:get", "core/pods:get", true},
		{"any group", "*/*:*", "apps/deployments:get", true},
		{"any name", "core/secrets:get", "core/secrets(token):get", true},
		{"another resource", "core/services:*", "core/pods:get", false},
		{"another group", "apps/*:*", "core/pods:get", false},
		{"another name", "core/secrets(other):get", "core/secrets(token):get", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := Input{Snapshots: []*parity.Snapshot{withRole(staging(), tt.wide).snapshot(), withRole(production(), tt.narrow).snapshot()}}
			counts := compareInput(t, in).counts(in, 0)
			if held := counts[parity.Equivalent] == 1 && counts[parity.Extra] == 1; held != tt.held {
				t.Errorf("staging wider: %v", counts)
			}
			in = Input{Snapshots: []*parity.Snapshot{withRole(staging(), tt.narrow).snapshot(), withRole(production(), tt.wide).snapshot()}}
			counts = compareInput(t, in).counts(in, 0)
			if held := counts[parity.Equivalent] == 1 && counts[parity.Missing] == 1; held != tt.held {
				t.Errorf("staging narrower: %v", counts)
			}
			in.Options.Off = parity.SetOf(parity.RBACTuples)
			if counts := compareInput(t, in).counts(in, 0); counts[parity.Equivalent] != 0 {
				t.Errorf("switched off: %v", counts)
			}
		})
	}
}
