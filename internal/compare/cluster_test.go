package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// clusterKeys gives, by "Kind name", the cluster of each subject that staging
// lacks, and what parts of present subjects are linked to.
func clusterKeys(t *testing.T, staging, production *env) (whole, linked map[string]string) {
	t.Helper()
	whole, linked = map[string]string{}, map[string]string{}
	for _, j := range compareAll(t, Options{}, staging, production).joined {
		name := j.Subject.Key.Kind + " " + j.Subject.Key.Name
		if j.Whole.Key != "" {
			whole[name] = j.Whole.Key
		}
		if j.Cause.Linked != "" {
			linked[name] = j.Cause.Linked
		}
	}
	return whole, linked
}

// TestOneSidedSubjectsAreLinked: what one environment lacks belongs together where
// it refers to each other, is selected, or shares a rare word or a small file; not
// for being of one kind, and not for a word that present subjects have too.
func TestOneSidedSubjectsAreLinked(t *testing.T) {
	s, p := staging(), production()
	both := func(kind, name string) {
		s.add(kind, "shop", name, "/x", "1")
		p.add(kind, "shop", name, "/x", "1")
	}
	both("ConfigMap", "checkout-settings")
	p.add("Deployment", "shop", "web", "/spec/template/metadata/labels/tier", "front", "/x", "1")
	p.fact(parity.Fact{Path: "/ref", Value: parity.Value{Kind: parity.Reference, Raw: "mail", Canon: parity.RefTarget("ConfigMap", "", "mail")}})
	p.add("ConfigMap", "shop", "mail", "/x", "1")
	p.add("Service", "shop", "entry", "/spec/selector/tier", "front", "/x", "1")
	p.add("Role", "shop", "backstage-reader", "/x", "1")
	p.add("ServiceAccount", "shop", "sa-backstage", "/x", "1")
	p.add("Role", "shop", "checkout-reader", "/x", "1")
	p.add("Role", "shop", "orders-reader", "/x", "1")
	p.add("Widget", "shop", "one", "/x", "1").last().Subject.Origin = &parity.Origin{File: "feature.yaml", Precision: parity.AtLine}
	p.add("Gadget", "shop", "two", "/x", "1").last().Subject.Origin = &parity.Origin{File: "feature.yaml", Precision: parity.AtLine}
	got, _ := clusterKeys(t, s, p)
	for _, pair := range [][2]string{
		{"Deployment web", "ConfigMap mail"},
		{"Deployment web", "Service entry"},
		{"Role backstage-reader", "ServiceAccount sa-backstage"},
		{"Widget one", "Gadget two"},
	} {
		if got[pair[0]] == "" || got[pair[0]] != got[pair[1]] {
			t.Errorf("%v are in the clusters %q and %q", pair, got[pair[0]], got[pair[1]])
		}
	}
	for _, pair := range [][2]string{
		{"Role checkout-reader", "Role orders-reader"},
		{"Role checkout-reader", "Role backstage-reader"},
		{"Deployment web", "Widget one"},
	} {
		if got[pair[0]] == got[pair[1]] {
			t.Errorf("%v are in one cluster, %q", pair, got[pair[0]])
		}
	}
}

// TestManyOfOneKindAreOneCluster: a dozen subjects of one kind that nothing links
// are not a dozen causes.
func TestManyOfOneKindAreOneCluster(t *testing.T) {
	s, p := staging(), production()
	s.add("Role", "shop", "same", "/x", "1")
	p.add("Role", "shop", "same", "/x", "1")
	for i := range maxAlone + 1 {
		p.add("Role", "shop", fmt.Sprintf("r%d", i), "/x", "1")
	}
	got, _ := clusterKeys(t, s, p)
	for name, key := range got {
		if key != got["Role r0"] {
			t.Errorf("%s is in %q, Role r0 in %q", name, key, got["Role r0"])
		}
	}
}

// TestReferencesAreLinked: what refers to a subject that an environment lacks is
// linked to it.
func TestReferencesAreLinked(t *testing.T) {
	s, p := staging(), production()
	s.add("Deployment", "shop", "web", "/x", "1").add("ConfigMap", "shop", "other", "/x", "1")
	p.add("Deployment", "shop", "web", "/x", "1")
	p.fact(parity.Fact{Path: "/volumes[name=mail]/configMap/name", Value: parity.Value{Kind: parity.Reference, Raw: "mail", Canon: parity.RefTarget("ConfigMap", "", "mail")}})
	p.add("ConfigMap", "shop", "mail", "/x", "1").add("ConfigMap", "shop", "other", "/x", "1")
	whole, linked := clusterKeys(t, s, p)
	if key := linked["Deployment web"]; key == "" || key != whole["ConfigMap mail"] {
		t.Errorf("web is linked to %q, the ConfigMap is in %q", key, whole["ConfigMap mail"])
	}
}
