package terraform

import (
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a/*.tfstate", "a/b.tfstate", true},
		{"a/*.tfstate", "a/b/c.tfstate", false},
		{"**/c", "c", true},
		{"**/c", "a/b/c", true},
		{"**/c", "a/b/d", false},
		{"a/**", "a", true},
		{"a/**/b/**/c", "a/b/x/b/y/c", true},
		{"a/**/b/**/c", "a/x/c", false},
		{"**/**/x", "x", true},
		// Trying every way to part the name would take 2^60 steps.
		{strings.Repeat("**/a/", 30) + "x", strings.Repeat("a/", 60) + "y", false},
	} {
		if got := fits(strings.Split(c.pattern, "/"), strings.Split(c.name, "/")); got != c.want {
			t.Errorf("%.40s fits %.40s: %v, want %v", c.name, c.pattern, got, c.want)
		}
	}
}
