package policy

import (
	"testing"

	"github.com/envparity/parity"
)

func TestFingerprint(t *testing.T) {
	k := parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"}
	base := fingerprint(k, parity.Config, "/a", parity.Changed)
	// Baselines and exceptions hold fingerprints: this one may never move.
	if base != "02b45d617c647f2a" {
		t.Errorf("the fingerprint is %s", base)
	}
	with := func(f func(*parity.Key)) parity.Key { x := k; f(&x); return x }
	seen := map[string]string{base: "base"}
	for name, print := range map[string]string{
		"kind":     fingerprint(with(func(k *parity.Key) { k.Kind = "Job" }), parity.Config, "/a", parity.Changed),
		"group":    fingerprint(with(func(k *parity.Key) { k.Group = "" }), parity.Config, "/a", parity.Changed),
		"scope":    fingerprint(with(func(k *parity.Key) { k.Scope = "sho" }), parity.Config, "/a", parity.Changed),
		"shifted":  fingerprint(with(func(k *parity.Key) { k.Scope, k.Name = "shopw", "eb" }), parity.Config, "/a", parity.Changed),
		"surface":  fingerprint(k, parity.Network, "/a", parity.Changed),
		"path":     fingerprint(k, parity.Config, "/b", parity.Changed),
		"subject":  fingerprint(k, parity.Config, "", parity.Changed),
		"class":    fingerprint(k, parity.Config, "/a", parity.Leak),
		"no class": fingerprint(k, parity.Config, "/achanged", parity.Equal),
	} {
		if other, taken := seen[print]; taken {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		seen[print] = name
		if !isFingerprint(print) {
			t.Errorf("%s: %q is no fingerprint", name, print)
		}
	}
	if fingerprint(k, parity.Config, "", parity.Missing) != fingerprint(k, parity.Network, "", parity.Missing) {
		t.Error("a whole subject's fingerprint moves with its surface")
	}
}

func TestFingerprintTakesNoValueAndNoSpelling(t *testing.T) {
	a := subject("Deployment", "web-stg", "web-stg", "web")
	b := subject("Deployment", "web", "web-test", "web")
	a.Logical.Name, b.Logical.Name = "web", "web"
	x, y := text(a, "/data/stg.url", "1", "2"), text(b, "/data/test.url", "3", "4")
	x.LogicalPath, y.LogicalPath = "/data/{env}.url", "/data/{env}.url"
	if p, q := only(t, judge(t, nil, two, x)), only(t, judge(t, nil, two, y)); p.Fingerprint != q.Fingerprint {
		t.Error("values or spellings take part in the fingerprint")
	}
}
