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

// withTuples adds a subject with tuples of clouds.
func withTuples(e *env, kind, path string, rule parity.Rule, texts ...string) *env {
	e.add(kind, "", "x")
	for _, s := range texts {
		e.fact(parity.Fact{Path: path + "[=" + s + "]", Value: parity.Value{Kind: parity.Tuple, Raw: s}, Rules: parity.SetOf(rule), Surface: parity.IdentitySurface})
	}
	return e
}

// TestTuplesOfClouds: what a wider tuple holds is equivalent, two that differ in
// one part are one change, and names of environments are taken out first.
func TestTuplesOfClouds(t *testing.T) {
	list := func(texts ...string) []string { return texts }
	for _, tt := range []struct {
		name          string
		rule          parity.Rule
		staging, prod []string
		want          map[parity.Class]int
		noOff         bool
	}{
		{"a wider action", parity.PolicyTuples, list("allow s3:* on arn:aws:s3:::shop-staging/*"), list("allow s3:getobject on arn:aws:s3:::shop-production/*"), map[parity.Class]int{parity.Equivalent: 1, parity.Extra: 1}, false},
		{"a wider denial", parity.PolicyTuples, list("deny s3:* on *"), list("deny s3:getobject on *"), map[parity.Class]int{parity.Equivalent: 1, parity.Extra: 1}, false},
		{"a condition less", parity.PolicyTuples, list("allow s3:* on *"), list("allow s3:* on * if a bool true"), map[parity.Class]int{parity.Equivalent: 1, parity.Extra: 1}, false},
		{"several within one", parity.PolicyTuples, list("allow s3:* on *"), list("allow s3:getobject on *", "allow s3:putobject on *"), map[parity.Class]int{parity.Equivalent: 2, parity.Extra: 1}, false},
		{"another action", parity.PolicyTuples, list("allow s3:putobject on *"), list("allow s3:getobject on *"), map[parity.Class]int{parity.Changed: 1}, true},
		{"another resource", parity.PolicyTuples, list("allow s3:get on arn:aws:s3:::a"), list("allow s3:get on arn:aws:s3:::b"), map[parity.Class]int{parity.Changed: 1}, true},
		{"another effect", parity.PolicyTuples, list("deny s3:get on *"), list("allow s3:get on *"), map[parity.Class]int{parity.Missing: 1, parity.Extra: 1}, true},
		{"two accounts in one text", parity.PolicyTuples, list("allow a on arn:aws:x::111122223333:y to arn:aws:iam::444455556666:root"), list("allow a on arn:aws:x::777788889999:y to arn:aws:iam::222233334444:root"), map[parity.Class]int{parity.IdentifierClass: 1}, true},
		{"a wider network", parity.NetworkTuples, list("ingress tcp 443 from 10.0.0.0/16"), list("ingress tcp 443 from 10.0.1.0/24"), map[parity.Class]int{parity.Equivalent: 1, parity.Extra: 1}, false},
		{"wider ports", parity.NetworkTuples, list("ingress tcp 400-500 from 10.0.0.0/16"), list("ingress tcp 443 from 10.0.0.0/16"), map[parity.Class]int{parity.Equivalent: 1, parity.Extra: 1}, false},
		{"another network", parity.NetworkTuples, list("ingress tcp 443 from 10.0.0.0/16"), list("ingress tcp 443 from 10.1.0.0/16"), map[parity.Class]int{parity.Changed: 1}, true},
		{"another port", parity.NetworkTuples, list("ingress tcp 443 from 10.0.0.0/16"), list("ingress tcp 8443 from 10.0.0.0/16"), map[parity.Class]int{parity.Changed: 1}, true},
		{"two that could be either", parity.NetworkTuples, list("ingress tcp 443 from 10.0.0.0/16"), list("ingress tcp 443 from 10.1.0.0/16", "ingress tcp 443 from 10.2.0.0/16"), map[parity.Class]int{parity.Missing: 2, parity.Extra: 1}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check := func(how string, a, b []string, off parity.RuleSet, want map[parity.Class]int) {
				in := Input{Options: Options{Off: off}, Snapshots: []*parity.Snapshot{
					withTuples(staging(), "aws_x", "/policy", tt.rule, a...).snapshot(), withTuples(production(), "aws_x", "/policy", tt.rule, b...).snapshot(),
				}}
				got := compareInput(t, in).counts(in, 0)
				for _, class := range parity.Classes() {
					if got[class] != want[class] {
						t.Errorf("%s: %s are %d, want %d: %v", how, class, got[class], want[class], got)
					}
				}
			}
			check("as it is", tt.staging, tt.prod, 0, tt.want)
			if !tt.noOff {
				off := map[parity.Class]int{parity.Missing: len(tt.prod), parity.Extra: len(tt.staging)}
				check("switched off", tt.staging, tt.prod, parity.SetOf(tt.rule), off)
			}
		})
	}
}

// TestWiderInTheReference: the wider one is what is missing.
func TestWiderInTheReference(t *testing.T) {
	in := Input{Snapshots: []*parity.Snapshot{
		withTuples(staging(), "aws_x", "/policy", parity.PolicyTuples, "allow s3:getobject on arn:aws:s3:::shop-staging/*").snapshot(),
		withTuples(production(), "aws_x", "/policy", parity.PolicyTuples, "allow s3:* on arn:aws:s3:::shop-production/*").snapshot(),
	}}
	if got := compareInput(t, in).counts(in, 0); got[parity.Missing] != 1 || got[parity.Equivalent] != 1 {
		t.Errorf("%v", got)
	}
}

// TestTuplesTeachNoNames: actions that differ in three policies are three
// differences and not a name for the same.
func TestTuplesTeachNoNames(t *testing.T) {
	a, b := staging(), production()
	for _, s := range []string{"alpha", "beta", "gamma", "delta"} {
		withTuples(a, "aws_"+s, "/policy", parity.PolicyTuples, "allow "+s+":put-item on *")
		withTuples(b, "aws_"+s, "/policy", parity.PolicyTuples, "allow "+s+":get-item on *")
	}
	in := Input{Snapshots: []*parity.Snapshot{a.snapshot(), b.snapshot()}}
	if got := compareInput(t, in).counts(in, 0); got[parity.Changed] != 4 {
		t.Errorf("%v", got)
	}
}

// TestAccountsInTuples: several accounts are learned from tuples alone, and two
// of them may stand in one.
func TestAccountsInTuples(t *testing.T) {
	a, b := staging(), production()
	for _, s := range []string{"one", "two", "three"} {
		withTuples(a, "aws_"+s, "/policy", parity.PolicyTuples, "allow x:"+s+" on arn:aws:x::111122223333:"+s+" to arn:aws:iam::444455556666:role/"+s, "allow y:"+s+" on *")
		withTuples(b, "aws_"+s, "/policy", parity.PolicyTuples, "allow x:"+s+" on arn:aws:x::777788889999:"+s+" to arn:aws:iam::222233334444:role/"+s, "allow y:"+s+" on *")
	}
	in := Input{Snapshots: []*parity.Snapshot{a.snapshot(), b.snapshot()}}
	c := compareInput(t, in)
	if got := c.counts(in, 0); got[parity.Bound] != 3 || got[parity.Equal] != 3 {
		t.Errorf("%v", got)
	}
	accounts := 0
	for _, x := range c.Bindings {
		if x.Role == "account" {
			accounts++
		}
	}
	if accounts != 2 {
		t.Errorf("%d accounts: %+v", accounts, c.Bindings)
	}
}
