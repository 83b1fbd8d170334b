package compare

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

func TestWithinText(t *testing.T) {
	text := func(s string) parity.Value { return parity.Value{Kind: parity.Text, Raw: s} }
	list := func(s string) parity.Value { return parity.Value{Kind: parity.List, Raw: s} }
	long := strings.Repeat("x", 100)
	for _, c := range []struct {
		name     string
		own, ref parity.Value
		want     string
	}{
		{"a line", text("server {\n  listen 80;\n}\n"), text("server {\n  listen 8080;\n}"), "only in staging: line 2 'listen 80;'; only in production: line 2 'listen 8080;'"},
		{"a line more", text("a\nb\nc"), text("a\nc"), "only in staging: line 2 'b'"},
		{"many", text("z\n1\n2\n3\n4\n5"), text("z\ny"), "only in staging: line 2 '1', line 3 '2', line 4 '3' and 2 more; only in production: line 2 'y'"},
		{"line ends", text("a\r\nb\r\n"), text("a\nc\n"), "only in staging: line 2 'b'; only in production: line 2 'c'"},
		{"a long line", text("a\n" + long), text("a\nb"), "only in staging: line 2 '" + long[:59] + "…'; only in production: line 2 'b'"},
		{"nothing in common", text("a\nb"), text("c\nd"), ""},
		{"one line and several", text("a"), text("a\nb"), ""},
		{"short", text("a b"), text("a c"), ""},
		{"a command line", text("exec app --port 80 --fast"), text("exec app --port 90 --fast"), "only in staging: '80'; only in production: '90'"},
		{"a list", list(`["a","b","c"]`), list(`["a","c"]`), "only in staging: 'b'"},
		{"a script in a list", list(`["sh","-c","exec app --port=80 --fast"]`), list(`["sh","-c","exec app --port=90 --fast"]`), "only in staging: '--port=80'; only in production: '--port=90'"},
		{"no list", list(`["a`), list(`["a"]`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := withinText(c.own, c.ref, "staging", "production"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What each side has for itself, and nothing else, is left when the common
// parts are taken away.
func TestApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 12)
		own, ref := values.Draw(t, "own"), values.Draw(t, "ref")
		mine, theirs, common := apart(own, ref)
		without := func(all []string, at []int) string {
			gone := map[int]bool{}
			for _, i := range at {
				gone[i] = true
			}
			var left []string
			for i, s := range all {
				if !gone[i] {
					left = append(left, s)
				}
			}
			return strings.Join(left, " ")
		}
		a, b := without(own, mine), without(ref, theirs)
		if a != b || len(own)-len(mine) != common {
			t.Fatalf("%v and %v: %q and %q are left, %d in common", own, ref, a, b, common)
		}
	})
}
