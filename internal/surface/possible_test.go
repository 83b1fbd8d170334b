package surface

import (
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

// Whatever surface a path is on, it is among the possible ones of each of its
// beginnings.
func TestPossibleLeavesNoneOut(t *testing.T) {
	text := rows(t, "cloud") + rows(t, "kube") + rows(t, "collector/compose") + rows(t, "settings") + Shared()
	table, err := New(text)
	if err != nil {
		t.Fatal(err)
	}
	var kinds, parts []string
	for line := range strings.Lines(text) {
		if cols := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(cols) == 3 && line[0] != '#' {
			kinds = append(kinds, strings.Split(strings.ReplaceAll(cols[0], "*", "x"), "|")...)
			parts = append(parts, strings.Trim(cols[1], "~*"))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		path := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 3).Draw(t, "parts"), rapid.SampledFrom([]string{"", "/", "/x"}).Draw(t, "between"))
		prefix := path[:rapid.IntRange(0, len(path)).Draw(t, "cut")]
		if s := table.Of(kind, path); !slices.Contains(table.Possible(kind, prefix), s) {
			t.Fatalf("%s %s is on %s, which is not among %v of %q", kind, path, s, table.Possible(kind, prefix), prefix)
		}
	})
}

func TestPossible(t *testing.T) {
	for _, c := range []struct {
		kind, prefix string
		has, lacks   parity.Surface
	}{
		{"NetworkPolicy", "", parity.Network, parity.Artifact},
		{"Deployment", "", parity.Artifact, parity.Incident},
	} {
		got := tables(t)(c.kind).Possible(c.kind, c.prefix)
		if !slices.Contains(got, c.has) || slices.Contains(got, c.lacks) {
			t.Errorf("%s %s: %v", c.kind, c.prefix, got)
		}
	}
}
