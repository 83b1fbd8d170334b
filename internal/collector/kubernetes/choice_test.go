package kubernetes

import (
	"testing"

	"github.com/envparity/parity"
)

func TestLeavesOut(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  Config
		key  parity.Key
		want string
	}{
		{"an ordinary object", Config{}, parity.Key{Kind: "ConfigMap", Scope: "shop"}, ""},
		{"an object of the cluster", Config{}, parity.Key{Kind: "ClusterRole", Group: "rbac.authorization.k8s.io"}, ""},
		{"a system namespace", Config{}, parity.Key{Kind: "ConfigMap", Scope: "kube-system"}, "the cluster's source leaves the namespace kube-system out"},
		{"a system namespace that is asked for", Config{Namespaces: []string{"kube-system"}}, parity.Key{Kind: "ConfigMap", Scope: "kube-system"}, ""},
		{"another namespace", Config{Namespaces: []string{"web-*"}}, parity.Key{Kind: "ConfigMap", Scope: "shop"}, "the cluster's source leaves the namespace shop out"},
		{"a kind", Config{Kinds: Kinds{Exclude: []string{"apps/*"}}}, parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop"}, "the cluster's source leaves the kind Deployment out"},
		{"another kind", Config{Kinds: Kinds{Include: []string{"ConfigMap"}}}, parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop"}, "the cluster's source leaves the kind Deployment out"},
		{"a kind that is never a subject", Config{}, parity.Key{Kind: "Event", Scope: "shop"}, "the cluster's source leaves the kind Event out"},
	} {
		if got := c.cfg.LeavesOut(c.key); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
