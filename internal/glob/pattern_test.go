package glob

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"*.yaml", "a.yaml", true},
		{"*.yaml", "b/a.yaml", false},
		{"*.yaml", ".a.yaml", false},
		{".*", ".a", true},
		{"**/*.yaml", "a.yaml", true},
		{"**/*.yaml", "b/c/a.yaml", true},
		{"**/*.yaml", "b/.c/a.yaml", true},
		{"**", "a/b/c", true},
		{"a/**", "a", true},
		{"a/**", "a/b/c", true},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "a/x/y/c", false},
		{"**/a/**/b", "x/a/y/a/b", true},
		{"{a,b}/*.{x,y}", "b/c.y", true},
		{"{a,b}/*.{x,y}", "c/c.y", false},
		{"{a,b{c,d}}", "bd", true},
		{"{a}", "{a}", true},
		{"[ab].c", "b.c", true},
		{"?.c", "bb.c", false},
		{"a{,b}", "a", true},
	}
	for _, tt := range tests {
		m, err := newMatcher(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		if got := m.match(tt.name); got != tt.want {
			t.Errorf("%s fits %s: %v", tt.pattern, tt.name, got)
		}
	}
	if _, err := newMatcher(strings.Repeat("{a,b}", 20)); err == nil {
		t.Error("a bomb of braces is taken")
	}
}

func TestSplit(t *testing.T) {
	for pattern, want := range map[string][2]string{
		"*.yaml": {".", "*.yaml"}, "a/b/*.yaml": {"a/b", "*.yaml"}, "a/*/c": {"a", "*/c"}, "/*.yaml": {"/", "*.yaml"},
		"git:main:a/*.yaml": {"git:main:a", "*.yaml"}, "git:a/b:*.yaml": {"git:a/b:.", "*.yaml"}, "{a,b}/c": {".", "{a,b}/c"},
	} {
		base, rest := split(pattern)
		if got := [2]string{base, rest}; got != want {
			t.Errorf("%s splits into %v, want %v", pattern, got, want)
		}
	}
}

// FuzzMatch holds, for any pattern and name, that matching ends, and that a
// literal fits its own name and no longer one.
func FuzzMatch(f *testing.F) {
	f.Add("a/**/*.{x,y}", "a/b/c.x")
	f.Add("{{a,b},c}", "{a}")
	f.Add("**/**/**/a[", "a/a/a/a")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		base, rest := split(pattern)
		if !strings.HasSuffix(pattern, rest) || base == "" {
			t.Fatalf("%q splits into %q and %q", pattern, base, rest)
		}
		if m, err := newMatcher(pattern); err == nil {
			m.match(name)
		}
	})
}
