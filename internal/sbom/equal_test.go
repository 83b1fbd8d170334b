package sbom

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/envparity/parity"
)

func sample(t testing.TB, name string) *Document {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse(name, data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSameListInThreeForms holds npm's own three accounts of one project to
// the same facts.
func TestSameListInThreeForms(t *testing.T) {
	key := parity.Key{Kind: "software", Name: "x"}
	want := sample(t, "npm.cdx.json")
	if len(want.Components) < 80 || len(want.Faults) > 0 || want.Root.PURL.Name != "shop-web" {
		t.Fatalf("%d components of %q, faults %v", len(want.Components), want.Root.PURL.Name, want.Faults)
	}
	ignore := cmpopts.IgnoreFields(parity.Fact{}, "Line", "Col")
	for _, name := range []string{"npm.spdx.json", "package-lock.json"} {
		got := sample(t, name)
		if got.Root.PURL.Name != "shop-web" || len(got.Faults) > 0 {
			t.Errorf("%s is of %q, faults %v", name, got.Root.PURL.Name, got.Faults)
		}
		if diff := cmp.Diff(want.Facts(key, "", nil), got.Facts(key, "", nil), ignore); diff != "" {
			t.Errorf("%s (-CycloneDX +it)\n%s", name, diff)
		}
	}
}
