package config_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func compile(t testing.TB, text string) config.Pattern {
	t.Helper()
	p, err := config.CompilePattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "anything", true},
		{"", "", true},
		{"*", "", true},
		{"*", "a/b", true},
		{"?", "", false},
		{"?", "é", true},
		{"?", "ab", false},
		{"checkout", "checkout", true},
		{"checkout", "checkout-v2", false},
		{"checkout*", "checkout-v2", true},
		{"*-v?", "checkout-v2", true},
		{"*-v?", "checkout-v22", false},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "a1c2b", false},
		{"a*a", "a", false},
		{"ab*ba", "aba", false},
		{"a**b", "ab", true},
		{"*ab*ab", "abab", true},
		{"*ab*ab", "ab", false},
		{"*?a*", "a", false},
		{"*?a*", "ba", true},
		{"/spec/*/image", "/spec/containers[name=web]/image", true},
		{"/spec/containers[name=web]/image", "/spec/containers[name=web]/image", true},
		{"/spec/containers[name=w]/image", "/spec/containersn/image", false},
		{"[=a.b]", "[=aXb]", false},
	} {
		if got := compile(t, c.pattern).Match(c.text); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.text, got)
		}
	}
}

func TestPatternOfPaths(t *testing.T) {
	const path = "/spec/template/spec/containers[name=web]/env[name=FOO]/value"
	for pattern, want := range map[string]bool{
		"":                            true,
		"*":                           true,
		"value":                       true,
		"alue":                        false,
		"env[name=FOO]/value":         true,
		"[name=FOO]/value":            true,
		"name=FOO]/value":             false,
		"nv[name=FOO]/value":          false,
		"env[name=*]/value":           true,
		"env[name=???]/value":         true,
		"env[name=??]/value":          false,
		"containers[name=web]/*":      true,
		"containers*":                 true,
		"ontainers*":                  false,
		"spec/containers*/value":      true,
		"/spec/containers*/value":     false,
		"/spec/*/value":               true,
		"/value":                      false,
		"spec/*/containers*":          true,
		"template":                    false,
		"containers[name=web]":        false,
		"/spec/template/spec/*[name]": false,
	} {
		if got := compile(t, pattern).MatchPath(path); got != want {
			t.Errorf("%q: %v", pattern, got)
		}
	}
	for pattern, want := range map[string]bool{"": true, "*": true, "value": false, "/*": false} {
		if got := compile(t, pattern).MatchPath(""); got != want {
			t.Errorf("%q on a whole subject: %v", pattern, got)
		}
	}
	if !compile(t, "b/b").MatchPath("/b/b/b") || !compile(t, "c").MatchPath("/metadata/annotations/a.b/c") {
		t.Error("the end of a path is not found")
	}
}

// reference says the same by regular expressions.
func reference(pattern string, path bool) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	if path && !strings.HasPrefix(pattern, "/") {
		b.WriteString(`(?:(?:.*/)?`)
		if strings.HasPrefix(pattern, "[") || strings.HasPrefix(pattern, "*") {
			b.WriteString(`|.*`)
		}
		b.WriteString(`)`)
	}
	for _, r := range pattern {
		switch r {
		case '*':
			b.WriteString(`.*`)
		case '?':
			b.WriteString(`.`)
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString(`$`)
	return regexp.MustCompile(b.String())
}

func TestPatternAgainstRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab/\[*?é]{1,7}`).Draw(t, "pattern")
		text := rapid.StringMatching(`[ab/\[é]{0,10}`).Draw(t, "text")
		p, err := config.CompilePattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.Match(text), reference(pattern, false).MatchString(text); got != want {
			t.Errorf("Match: %v, want %v", got, want)
		}
		if strings.HasPrefix(pattern, "?") {
			return // where a '?' may begin is the table's matter
		}
		if got, want := p.MatchPath(text), reference(pattern, true).MatchString(text); got != want {
			t.Errorf("MatchPath: %v, want %v", got, want)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("a*b?c", "/a/b[c=d]")
	f.Add("[name=*]", "/x[name=y]")
	f.Add("\xff", "\xff?")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := config.CompilePattern(pattern)
		if err != nil {
			return
		}
		whole := p.Match(text)
		if whole && !p.MatchPath(text) {
			t.Error("a whole path fits and its end does not")
		}
		if !strings.ContainsAny(pattern, "*?") && pattern != "" && whole != (pattern == text) {
			t.Error("plain text fits something else than itself")
		}
	})
}

func TestMatcher(t *testing.T) {
	network := parity.Network
	m := config.Match{
		Kind: "Deployment", Scope: "shop*", Name: "web", Service: "shop-*", Surface: &network, Path: "ports*",
		Labels: map[string]string{"tier": "front*"},
	}
	got, err := m.Compile()
	if err != nil {
		t.Fatal(err)
	}
	labels := []parity.Label{{Name: "app", Value: "web"}, {Name: "tier", Value: "frontend"}}
	if !got.Subject("Deployment", "shop-eu", "web", labels, "shop-web") {
		t.Error("the subject does not fit")
	}
	for name, fits := range map[string]bool{
		"kind":    got.Subject("StatefulSet", "shop-eu", "web", labels, "shop-web"),
		"scope":   got.Subject("Deployment", "other", "web", labels, "shop-web"),
		"name":    got.Subject("Deployment", "shop-eu", "web2", labels, "shop-web"),
		"labels":  got.Subject("Deployment", "shop-eu", "web", labels[:1], "shop-web"),
		"service": got.Subject("Deployment", "shop-eu", "web", labels, ""),
		"surface": got.Fact(parity.Config, "/spec/ports[0]"),
		"path":    got.Fact(parity.Network, "/spec/replicas"),
		"whole":   got.Fact(parity.Network, ""),
	} {
		if fits {
			t.Errorf("%s: it fits", name)
		}
	}
	if !got.Fact(parity.Network, "/spec/ports[0]/port") {
		t.Error("the fact does not fit")
	}
	var all config.Matcher
	if !all.Subject("a", "b", "c", nil, "") || !all.Fact(parity.Data, "/x") {
		t.Error("a matcher that names nothing does not fit everything")
	}
	if _, err := (config.Match{Path: "a\nb"}).Compile(); err == nil {
		t.Error("an invalid pattern compiles")
	}
}
