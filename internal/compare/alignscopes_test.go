package compare

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
)

// TestRenamedScopes holds that two namespaces are one that was renamed only if most
// of what they hold has its namesake in the other.
func TestRenamedScopes(t *testing.T) {
	fill := func(e *env, scope string, kinds ...string) *env {
		for _, kind := range kinds {
			e.add(kind, scope, "x-small", "/a", "1")
		}
		return e
	}
	renamed := compareAll(t, Options{},
		fill(staging(), "web-team", "Service", "ResourceQuota", "ConfigMap"),
		fill(production(), "frontend", "Service", "ResourceQuota", "Deployment"))
	if a := renamed.aligned(t, "ResourceQuota", "x-small"); slices.Contains(a.Sides, nil) || a.Alignment.Method != "kind" {
		t.Errorf("a renamed namespace is met by %q: %v", a.Alignment.Method, a.Sides)
	}
	// Most have met by what the same application says; the rest follows them.
	labelled := func(e *env, scope string) *env {
		for _, name := range []string{"web", "api", "worker"} {
			e.add("Deployment", scope, name, "/a", "1")
			e.subjects[len(e.subjects)-1].Subject.Traits = []parity.Trait{{Kind: "app", Value: "shop/" + name}}
		}
		return fill(e, scope, "ExternalSecret")
	}
	met := compareAll(t, Options{}, labelled(staging(), "preview-7").add("LimitRange", "preview-7", "l").add("ResourceQuota", "preview-7", "q"), labelled(production(), "shop"))
	if a := met.aligned(t, "ExternalSecret", "x-small"); slices.Contains(a.Sides, nil) {
		t.Errorf("what is left of a renamed namespace is met by %q", a.Alignment.Method)
	}
	apart := compareAll(t, Options{},
		fill(staging(), "web-team", "ResourceQuota").add("Service", "web-team", "a").add("Deployment", "web-team", "a"),
		fill(production(), "frontend", "ResourceQuota").add("Service", "frontend", "b").add("Deployment", "frontend", "b"))
	if a := apart.aligned(t, "ResourceQuota", "x-small"); !slices.Contains(a.Sides, nil) {
		t.Errorf("namespaces that share one name are met by %q", a.Alignment.Method)
	}
}

// TestSharedScopesAreNotRenamed holds that what one environment lacks in one
// namespace and has in another, where both have both, did not move.
func TestSharedScopesAreNotRenamed(t *testing.T) {
	both := func(e *env, with string) *env {
		for _, scope := range []string{"one", "two"} {
			e.add("Service", scope, "web", "/a", "1").add("Deployment", scope, "web", "/a", "1")
		}
		return e.add("NetworkPolicy", with, "deny", "/a", "1")
	}
	c := compareAll(t, Options{}, both(staging(), "one"), both(production(), "two"))
	if a := c.aligned(t, "NetworkPolicy", "deny"); !slices.Contains(a.Sides, nil) {
		t.Errorf("a policy of another namespace is met by %q", a.Alignment.Method)
	}
}
