package excerpt

import (
	"testing"

	"pgregory.net/rapid"
)

func TestContrast(t *testing.T) {
	for _, c := range []struct {
		texts, want []string
		n           int
	}{
		{[]string{"30m", "240m"}, []string{"30m", "240m"}, 10},
		{
			[]string{"https://a.example.com/one/two/three", "https://a.example.com/one/two/four"},
			[]string{"…/three", "…/four"},
			8,
		},
		{
			[]string{"the same beginning, then A and a long end", "the same beginning, then B and a long end"},
			[]string{"…en A and a…", "…en B and a…"},
			12,
		},
		{
			[]string{"https://a.cl1.example.org", "https://a.cl2.example.org/oauth2/callback"},
			[]string{"…/a.cl1.example.org", "…/a.cl2.exam…allback"},
			20,
		},
		{
			[]string{"server --workers 25 --timeout 30 --max-requests 500", "server --workers 10 --timeout 300 --max-requests 1500"},
			[]string{"…-workers 25 --timeo…equests 500", "…-workers 10 --timeo…quests 1500"},
			32,
		},
		{
			[]string{"interventions-ui-dev.apps.live-1.example.org", "interventions-ui-preprod.apps.live-1.example.org", "interventions.example.com"},
			[]string{"…entions-ui-dev.…ample.org", "…entions-ui-prep…ample.org", "interventions.example.com"},
			26,
		},
		{[]string{"日本語日本語日本語a", "日本語日本語日本語b"}, []string{"…a", "…b"}, 8},
	} {
		got := Contrast(c.texts, c.n)
		for i := range got {
			if got[i] != c.want[i] || Width(got[i]) > c.n {
				t.Errorf("Contrast(%q, %d) = %q, want %q", c.texts, c.n, got, c.want)
			}
		}
	}
}

func TestNamesStayApart(t *testing.T) {
	names := []string{"production/stone-prod-p01-rosa", "production/stone-prod-p02-rosa", "production/stone-prod-p03-rosa"}
	got := Names(names, 16)
	for i := range got {
		for j := range i {
			if got[i] == got[j] {
				t.Errorf("%q and %q are both %q", names[i], names[j], got[i])
			}
		}
	}
}

// TestCutsFit holds every cut to its width, and names that differ in one place
// to stay different.
func TestCutsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(t, "n")
		head, tail := rapid.String().Draw(t, "head"), rapid.String().Draw(t, "tail")
		texts := []string{head + "a" + tail, head + "b" + tail, rapid.String().Draw(t, "other")}
		for _, cut := range [][]string{Contrast(texts, n), Names(texts, n), {Middle(head+tail, n)}} {
			for _, s := range cut {
				if Width(s) > n {
					t.Fatalf("%q is wider than %d", s, n)
				}
			}
		}
		if cut := Contrast(texts[:2], n); n >= 6 && Width(head) < 1<<10 && cut[0] == cut[1] {
			t.Fatalf("%q and %q are both %q at %d", texts[0], texts[1], cut[0], n)
		}
	})
}
