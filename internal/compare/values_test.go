package compare

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// TestRules holds, for every rule that compares two values, a pair that it
// must equate and a near miss that it must not.
func TestRules(t *testing.T) {
	tests := []struct {
		rule             parity.Rule
		path, own, ref   string
		missOwn, missRef string
	}{
		{parity.QuantityForm, "/resources/limits/cpu", "1000m", "1", "1000m", "2"},
		{parity.QuantityForm, "/resources/requests/memory", "1Gi", "1024Mi", "1.5Gi", "1500Mi"},
		{parity.DurationForm, "/timeout", "60s", "1m", "60s", "60m"},
		{parity.ImageForm, "/image", "docker.io/library/nginx:1.2", "nginx:1.2", "nginx:1.2", "nginx:1.3"},
		{parity.URLForm, "/x", "https://a.example/", "https://a.example:443", "https://a.example/", "https://a.example:444"},
		{parity.VersionForm, "/version", "v1.2.3", "1.2.3", "v1.2.3", "1.2.4"},
		{parity.BindingRule, "/x", "orders-staging", "orders-production", "orders-staging", "billing-production"},
	}
	for _, tt := range tests {
		t.Run(tt.rule.String(), func(t *testing.T) {
			c := compareAll(t, Options{}, staging().add("App", "", "a", tt.path, tt.own), production().add("App", "", "a", tt.path, tt.ref))
			cell := c.class(t, "App", "a", tt.path)
			if cell.Class.Counts() || cell.Class == parity.Equal || !cell.Rules.Has(tt.rule) {
				t.Errorf("%q against %q is %v by %v", tt.own, tt.ref, cell.Class, cell.Rules)
			}
			miss := compareAll(t, Options{}, staging().add("App", "", "a", tt.path, tt.missOwn), production().add("App", "", "a", tt.path, tt.missRef))
			if cell := miss.class(t, "App", "a", tt.path); cell.Class != parity.Changed {
				t.Errorf("near miss %q against %q is %v", tt.missOwn, tt.missRef, cell.Class)
			}
			off := compareAll(t, Options{Off: parity.SetOf(tt.rule)}, staging().add("App", "", "a", tt.path, tt.own), production().add("App", "", "a", tt.path, tt.ref))
			if cell := off.class(t, "App", "a", tt.path); cell.Class != parity.Changed {
				t.Errorf("switched off, %q against %q is %v", tt.own, tt.ref, cell.Class)
			}
		})
	}
}

// TestRulesOfFacts holds the rules that a collector states on a fact.
func TestRulesOfFacts(t *testing.T) {
	text := func(raw string) parity.Value { return parity.Value{Kind: parity.Text, Raw: raw} }
	for _, tt := range []struct {
		rule     parity.Rule
		own, ref *parity.Fact
		class    parity.Class
		near     parity.Class // the class once the rule is off
	}{
		{parity.DefaultValue, nil, &parity.Fact{Path: "/x", Value: text("10"), Rules: parity.SetOf(parity.DefaultValue)}, parity.Equivalent, parity.Missing},
		{parity.EmptyIsAbsent, &parity.Fact{Path: "/x", Value: text("{}"), Rules: parity.SetOf(parity.EmptyIsAbsent)}, nil, parity.Equivalent, parity.Extra},
		{
			parity.ServerMetadata, &parity.Fact{Path: "/x", Value: text("1"), Rules: parity.SetOf(parity.ServerMetadata)},
			&parity.Fact{Path: "/x", Value: text("2"), Rules: parity.SetOf(parity.ServerMetadata)}, parity.Equivalent, parity.Changed,
		},
		{
			parity.CABundle, &parity.Fact{Path: "/x", Value: text("a"), Rules: parity.SetOf(parity.CABundle)},
			&parity.Fact{Path: "/x", Value: text("b"), Rules: parity.SetOf(parity.CABundle)}, parity.Equivalent, parity.Changed,
		},
	} {
		t.Run(tt.rule.String(), func(t *testing.T) {
			build := func() (*env, *env) {
				s, p := staging().add("App", "", "a", "/y", "1"), production().add("App", "", "a", "/y", "1")
				if tt.own != nil {
					s.fact(*tt.own)
				}
				if tt.ref != nil {
					p.fact(*tt.ref)
				}
				return s, p
			}
			s, p := build()
			if cell := compareAll(t, Options{}, s, p).class(t, "App", "a", "/x"); cell.Class != tt.class || !cell.Rules.Has(tt.rule) {
				t.Errorf("got %v by %v", cell.Class, cell.Rules)
			}
			s, p = build()
			if cell := compareAll(t, Options{Off: parity.SetOf(tt.rule)}, s, p).class(t, "App", "a", "/x"); cell.Class != tt.near {
				t.Errorf("switched off: got %v, want %v", cell.Class, tt.near)
			}
		})
	}
}

func TestChanges(t *testing.T) {
	for _, tt := range []struct {
		path, own, ref string
		want           parity.Change
	}{
		{"/enabled", "true", "false", parity.ToggleChange},
		{"/mode", "on", "off", parity.ToggleChange},
		{"/resources/limits/memory", "1Gi", "2Gi", parity.SizingChange},
		{"/replicas", "2", "5", parity.SizingChange},
		{"/image", "shop/web:1.2", "shop/web:1.3", parity.VersionChange},
		{"/appVersion", "1.2.3", "1.2.4", parity.VersionChange},
		{"/schedule", "0 1 * * *", "0 2 * * *", parity.ScheduleChange},
		{"/x", "https://one.example", "https://two.example", parity.AddressChange},
		{"/DB_HOST", "alpha", "beta", parity.AddressChange},
		{"/greeting", "hello", "goodbye", parity.TextChange},
	} {
		c := compareAll(t, Options{}, staging().add("App", "", "a", tt.path, tt.own), production().add("App", "", "a", tt.path, tt.ref))
		if cell := c.class(t, "App", "a", tt.path); cell.Class != parity.Changed || cell.Change != tt.want {
			t.Errorf("%s: %q against %q is %v %v, want %v", tt.path, tt.own, tt.ref, cell.Class, cell.Change, tt.want)
		}
	}
}

// TestSecrets: by presence, by digest where asked, and never across keys.
func TestSecrets(t *testing.T) {
	secret := func(digest string) parity.Fact {
		return parity.Fact{Path: "/data/password", Value: parity.Value{Kind: parity.Secret, Canon: digest}, Surface: parity.Secrets}
	}
	for _, tt := range []struct {
		name           string
		own, ref       string
		ownKey, refKey string
		contents       bool
		want           parity.Class
	}{
		{"the same", "d1", "d1", "k", "k", false, parity.Shared},
		{"the same, by contents", "d1", "d1", "k", "k", true, parity.Equal},
		{"presence", "d1", "d2", "k", "k", false, parity.Equivalent},
		{"contents", "d1", "d2", "k", "k", true, parity.Changed},
		{"other keys", "d1", "d2", "k", "l", false, parity.Unknown},
		{"other keys, same digest", "d1", "d1", "k", "l", true, parity.Unknown},
		{"presence only", "", "", "k", "l", true, parity.Equivalent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, p := staging().add("Secret", "", "a").fact(secret(tt.own)), production().add("Secret", "", "a").fact(secret(tt.ref))
			s.keyID, p.keyID = tt.ownKey, tt.refKey
			if cell := compareAll(t, Options{SecretContents: tt.contents}, s, p).class(t, "Secret", "a", "/data/password"); cell.Class != tt.want {
				t.Errorf("got %v, want %v", cell.Class, tt.want)
			}
		})
	}
}

// TestSecretsInTexts: a text with a secret in it compares by its digest where
// contents are asked for, and never across keys.
func TestSecretsInTexts(t *testing.T) {
	text := func(digest string) parity.Fact {
		return parity.Fact{
			Path: "/url", Rules: parity.SetOf(parity.SecretForm),
			Value: parity.Value{Kind: parity.Text, Raw: "db://u:[secret " + digest + "]@h/", Canon: "db://u:[secret]@h/"},
		}
	}
	for _, tt := range []struct {
		contents bool
		refKey   string
		want     parity.Class
	}{{false, "k", parity.Equivalent}, {false, "l", parity.Unknown}, {true, "k", parity.Changed}, {true, "l", parity.Unknown}} {
		s, p := staging().add("App", "", "a").fact(text("aaaaaaaa")), production().add("App", "", "a").fact(text("bbbbbbbb"))
		s.keyID, p.keyID = "k", tt.refKey
		if cell := compareAll(t, Options{SecretContents: tt.contents}, s, p).class(t, "App", "a", "/url"); cell.Class != tt.want {
			t.Errorf("contents %v, key %s: %v, want %v", tt.contents, tt.refKey, cell.Class, tt.want)
		}
	}
}

// TestGaps: what is not there is unknown under a gap and missing beside it.
func TestGaps(t *testing.T) {
	s := staging().add("App", "", "a", "/y", "1")
	s.gaps = []parity.Gap{{Kind: "Role", Reason: "forbidden"}}
	p := production().add("App", "", "a", "/y", "1", "/x", "2").add("Role", "", "r", "/rule", "get")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "App", "a", "/x"); cell.Class != parity.Missing {
		t.Errorf("beside the gap: %v", cell.Class)
	}
	if cell := c.class(t, "Role", "r", "/rule"); cell.Class != parity.Unknown || cell.State != parity.UnknownState {
		t.Errorf("under the gap: %v %v", cell.Class, cell.State)
	}
	if len(c.Gaps) != 1 || c.Gaps[0].Facts != 1 {
		t.Errorf("the gap hides %+v", c.Gaps)
	}
}

// TestNothingRead: an environment of which nothing was read is unknown.
func TestNothingRead(t *testing.T) {
	c := compareAll(t, Options{}, staging(), production().add("App", "", "a", "/x", "1"))
	if cell := c.class(t, "App", "a", "/x"); cell.Class != parity.Unknown {
		t.Errorf("got %v", cell.Class)
	}
}

// TestRunningDigest holds that a digest that runs is compared where both sides
// run the image, and what is declared where only one does.
func TestRunningDigest(t *testing.T) {
	a, b := "@sha256:"+strings.Repeat("a", 64), "@sha256:"+strings.Repeat("b", 64)
	for _, tt := range []struct {
		name     string
		own, ref string
		ownRuns  bool
		refRuns  bool
		class    parity.Class
	}{
		{"both run one", "r.example/web:1" + a, "r.example/web:1" + a, true, true, parity.Equal},
		{"both run, and not the same", "r.example/web:1" + a, "r.example/web:1" + b, true, true, parity.Changed},
		{"only here", "r.example/web:1" + a, "r.example/web:1", true, false, parity.Equivalent},
		{"only in the reference", "r.example/web:1", "r.example/web:1" + a, false, true, parity.Equivalent},
		{"only here, another tag", "r.example/web:2" + a, "r.example/web:1", true, false, parity.Changed},
		{"only here, another image", "r.example/api:1" + a, "r.example/web:1", true, false, parity.Changed},
		{"a digest that is declared", "r.example/web:1" + a, "r.example/web:1", false, false, parity.Changed},
		{"one runs, one is declared", "r.example/web:1" + a, "r.example/web:1" + b, true, false, parity.Changed},
	} {
		image := func(text string, runs bool) parity.Fact {
			f := parity.Fact{Path: "/image", Value: parity.Value{Kind: parity.Image, Raw: text, Canon: text}}
			if runs {
				f.Rules = parity.SetOf(parity.RunningDigest)
			}
			return f
		}
		c := compareAll(t, Options{},
			staging().add("App", "", "a", "/y", "1").fact(image(tt.own, tt.ownRuns)),
			production().add("App", "", "a", "/y", "1").fact(image(tt.ref, tt.refRuns)))
		if got := c.class(t, "App", "a", "/image"); got.Class != tt.class {
			t.Errorf("%s: %s against %s is %v, want %v", tt.name, tt.own, tt.ref, got.Class, tt.class)
		}
	}
}
