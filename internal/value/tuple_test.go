package value

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPatternsCover(t *testing.T) {
	for _, tt := range []struct {
		wide, narrow Patterns
		want         bool
	}{
		{One("*"), One("s3:getobject"), true},
		{One("s3:*"), One("s3:getobject"), true},
		{One("s3:get*"), One("s3:getobject*"), true},
		{One("s3:get*"), One("s3:*"), false},
		{One("s3:getobject"), One("s3:*"), false},
		{One("s3:*"), One("s3s:get"), false},
		{One("s3:?et*"), One("s3:getobject"), true},
		{One("s3:?et"), One("s3:*et"), false},
		{One("a*b*c"), One("axxbyyc"), true},
		{One("a*b*c"), One("axxbyy"), false},
		{One("a*"), One("a"), true},
		{One("*"), Except([]string{"iam:*"}), true},
		{One("s3:*"), Except([]string{"iam:*"}), false},
		{Except([]string{"iam:*"}), One("s3:getobject"), true},
		{Except([]string{"iam:*"}), One("iam:passrole"), false},
		{Except([]string{"iam:*"}), One("*"), false},
		{Except([]string{"iam:pass*"}), One("iam:*role"), false}, // both hold iam:passrole
		{Except([]string{"iam:passrole"}), One("iam:get*"), true},
		{Except([]string{"iam:passrole"}), Except([]string{"iam:*"}), true},
		{Except([]string{"iam:*"}), Except([]string{"iam:passrole"}), false},
		{Except([]string{"a", "b"}), Except([]string{"b", "a"}), true},
	} {
		if got := tt.wide.Covers(tt.narrow); got != tt.want {
			t.Errorf("%s covers %s: %v", tt.wide, tt.narrow, got)
		}
	}
}

func permission(t *testing.T, s string) Permission {
	t.Helper()
	p, ok := ParsePermission(s)
	if !ok {
		t.Fatalf("%q is no permission", s)
	}
	if got := p.String(); got != s {
		t.Errorf("%q is written %q", s, got)
	}
	return p
}

func TestPermissionCovers(t *testing.T) {
	for _, tt := range []struct {
		wide, narrow string
		want         bool
	}{
		{"allow s3:* on arn:aws:s3:::a/*", "allow s3:getobject on arn:aws:s3:::a/x", true},
		{"allow s3:* on arn:aws:s3:::a/*", "allow s3:getobject on arn:aws:s3:::a", false},
		{"allow s3:* on *", "deny s3:getobject on *", false},
		{"deny s3:* on *", "deny s3:getobject on *", true},
		{"deny s3:getobject on *", "deny s3:* on *", false},
		{"allow s3:* on * to *", "allow s3:* on * to arn:aws:iam::123456789012:root", true},
		{"allow s3:* on *", "allow s3:* on * to *", false},
		{"allow s3:* on * to arn:aws:iam::1:root", "allow s3:* on * to arn:aws:iam::2:root", false},
		{"allow s3:* on *", "allow s3:* on * if aws:region stringequals eu", true},
		{"allow s3:* on * if aws:region stringequals eu", "allow s3:* on *", false},
		{"allow s3:* on * if aws:region stringequals eu,us", "allow s3:* on * if aws:region stringequals eu", true},
		{"allow s3:* on * if aws:region stringequals eu", "allow s3:* on * if aws:region stringequals eu,us", false},
		{"allow s3:* on * if aws:region stringnotequals eu", "allow s3:* on * if aws:region stringnotequals eu,us", true},
		{"allow s3:* on * if aws:region stringnotequals eu,us", "allow s3:* on * if aws:region stringnotequals eu", false},
		{"allow s3:* on * if k stringlike a*", "allow s3:* on * if k stringlike ab*", true},
		{"allow s3:* on * if k stringequals a*", "allow s3:* on * if k stringequals ab", false},
		{"allow s3:* on * if aws:sourceip ipaddress 10.0.0.0/8", "allow s3:* on * if aws:sourceip ipaddress 10.1.2.3", true},
		{"allow s3:* on * if aws:sourceip ipaddress 10.0.0.0/8", "allow s3:* on * if aws:sourceip ipaddress 11.0.0.0/9", false},
		{"allow s3:* on * if aws:sourceip notipaddress 10.1.0.0/16", "allow s3:* on * if aws:sourceip notipaddress 10.0.0.0/8", true},
		{"allow s3:* on * if k numericlessthan 5", "allow s3:* on * if k numericlessthan 4", false}, // not looked at
		{"allow s3:* on * if a bool true", "allow s3:* on * if a bool true and b bool false", true},
		{"allow s3:* on * if a bool true and b bool false", "allow s3:* on * if a bool true", false},
		{`allow s3:* on "arn:aws:s3:::a/my files/*"`, `allow s3:get on "arn:aws:s3:::a/my files/b"`, true},
		{`allow roles/viewer on this to user:a if "request.time < x"`, `allow roles/viewer on this to user:a if "request.time < x"`, true},
		{`allow roles/viewer on this to user:a if "request.time < x"`, `allow roles/viewer on this to user:a`, false},
		{"allow not(iam:*,sts:*) on *", "allow s3:* on *", true},
	} {
		if got := permission(t, tt.wide).Covers(permission(t, tt.narrow)); got != tt.want {
			t.Errorf("%s\n  covers %s: %v", tt.wide, tt.narrow, got)
		}
	}
}

func TestTrafficCovers(t *testing.T) {
	read := func(s string) Traffic {
		x, ok := ParseTraffic(s)
		if !ok {
			t.Fatalf("%q is no traffic", s)
		}
		if got := x.String(); got != s {
			t.Errorf("%q is written %q", s, got)
		}
		return x
	}
	for _, tt := range []struct {
		wide, narrow string
		want         bool
	}{
		{"ingress tcp 443 from 10.0.0.0/16", "ingress tcp 443 from 10.0.1.0/24", true},
		{"ingress tcp 443 from 10.0.1.0/24", "ingress tcp 443 from 10.0.0.0/16", false},
		{"ingress tcp 400-500 from 10.0.0.0/16", "ingress tcp 443 from 10.0.0.0/16", true},
		{"ingress tcp 443 from 10.0.0.0/16", "ingress tcp 400-500 from 10.0.0.0/16", false},
		{"ingress all from 10.0.0.0/16", "ingress udp 53 from 10.0.0.0/24", true},
		{"ingress tcp any from 10.0.0.0/16", "ingress tcp 53 from 10.0.0.0/24", true},
		{"ingress tcp any from 10.0.0.0/16", "ingress udp 53 from 10.0.0.0/24", false},
		{"ingress tcp 443 from 0.0.0.0/0", "ingress tcp 443 from ::/0", false},
		{"ingress tcp 443 from 0.0.0.0/0", "egress tcp 443 to 0.0.0.0/0", false},
		{"ingress icmp any from 0.0.0.0/0", "ingress icmp 8/0 from 0.0.0.0/0", true},
		{"ingress icmp 8/0 from 0.0.0.0/0", "ingress icmp 8/1 from 0.0.0.0/0", false},
		{"ingress 100 deny all from 0.0.0.0/0", "ingress 100 deny tcp 22 from 10.0.0.0/8", true},
		{"ingress 100 deny all from 0.0.0.0/0", "ingress 200 deny tcp 22 from 10.0.0.0/8", false},
		{"ingress deny all from 0.0.0.0/0", "ingress tcp 22 from 10.0.0.0/8", false},
		{"ingress tcp 22 from any", "ingress tcp 22 from aws_security_group.web", true},
		{"ingress tcp 22 from aws_security_group.web", "ingress tcp 22 from aws_security_group.db", false},
		{"ingress tcp 22 from any", "ingress tcp 22 from any at 10.0.0.4", true},
		{"ingress tcp 22 from any at 10.0.0.4", "ingress tcp 22 from any", false},
	} {
		if got := read(tt.wide).Covers(read(tt.narrow)); got != tt.want {
			t.Errorf("%s covers %s: %v", tt.wide, tt.narrow, got)
		}
	}
	for _, s := range []string{"", "ingress", "ingress tcp", "ingress tcp 443 to", "pods(app=web) TCP/80", "ingress tcp 443 from a b"} {
		if x, ok := ParseTraffic(s); ok {
			t.Errorf("%q is read as %+v", s, x)
		}
	}
}

// FuzzTuples holds that what is read of a tuple is written and read the same
// again, and that a tuple covers itself.
func FuzzTuples(f *testing.F) {
	for _, s := range []string{
		"allow s3:getobject on arn:aws:s3:::a/* to * if aws:securetransport bool true and b c \"d e\",f", "deny not(a,\"b c\") on not(d)",
		`allow a on b if "x == y"`, "ingress tcp 443 from 10.0.0.0/16", "egress 100 deny icmp 8/0 to ::/0 at \"a b\"", "allow \"\" on \"\\\"\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := ParsePermission(s); ok {
			again, ok := ParsePermission(p.String())
			if !ok || cmp.Diff(p, again) != "" {
				t.Fatalf("%q is %+v, and %q again is %+v", s, p, p.String(), again)
			}
			if !p.Covers(p) && len(p.Action.Items) < 100 {
				t.Fatalf("%q does not cover itself", s)
			}
		}
		if x, ok := ParseTraffic(s); ok {
			again, ok := ParseTraffic(x.String())
			if !ok || x != again {
				t.Fatalf("%q is %+v, and %q again is %+v", s, x, x.String(), again)
			}
			if !x.Covers(x) {
				t.Fatalf("%q does not cover itself", s)
			}
		}
	})
}
