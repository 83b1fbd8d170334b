package acceptance

import (
	"os"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/realdata"
)

// TestNoise: objects that mean the same have no difference that counts, and
// one permission more is one group of its two tuples.
func TestNoise(t *testing.T) {
	a, b, c := realdata.Path(t, "noise", "a.yaml"), realdata.Path(t, "noise", "b.yaml"), realdata.Path(t, "noise", "c.yaml")
	r := result(t, t.TempDir(), "diff", a, b)
	if groups := counting(r); len(groups) != 0 {
		t.Errorf("a against b has %d groups that count, the first: %s", len(groups), groups[0].Summary)
	}
	counts := classes(t, r, "a")
	if counts[parity.Equivalent] == 0 || len(r.Rules) == 0 {
		t.Errorf("classes %v by rules %v", counts, r.Rules)
	}
	for class := range counts {
		if class != parity.Equal && class != parity.Equivalent {
			t.Errorf("a against b has facts of class %v", class)
		}
	}
	named := 0
	for _, rule := range r.Rules {
		named += rule.Facts
	}
	if named < counts[parity.Equivalent] {
		t.Errorf("%d equivalent facts, but rules for %d", counts[parity.Equivalent], named)
	}
	groups := counting(result(t, t.TempDir(), "diff", b, c))
	if len(groups) != 1 || len(groups[0].Differences) != 2 {
		t.Fatalf("b against c: %+v", groups)
	}
	want := map[string]bool{"delete core/pods": true, "delete core/services": true}
	for _, d := range groups[0].Differences {
		v := d.Sides[1].Value
		if d.Subject.Kind != "Role" || v == nil || !want[*v] {
			t.Errorf("b against c: %+v", d)
		}
	}
}

// history are the pairs of rendered overlays.
func history(t testing.TB) []string {
	t.Helper()
	dir := realdata.Path(t, "history")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var cases []string
	for _, e := range entries {
		if e.IsDir() {
			cases = append(cases, dir+"/"+e.Name())
		}
	}
	return cases
}
