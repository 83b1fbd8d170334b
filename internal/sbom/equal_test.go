package sbom

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
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
	facts := func(d *Document) []parity.Fact {
		return slices.DeleteFunc(d.Facts(key, "", nil), func(f parity.Fact) bool { return f.Rules.Has(parity.Circumstances) })
	}
	ignore := cmpopts.IgnoreFields(parity.Fact{}, "Line", "Col")
	for _, name := range []string{"npm.spdx.json", "package-lock.json"} {
		got := sample(t, name)
		if got.Root.PURL.Name != "shop-web" || len(got.Faults) > 0 {
			t.Errorf("%s is of %q, faults %v", name, got.Root.PURL.Name, got.Faults)
		}
		if diff := cmp.Diff(facts(want), facts(got), ignore); diff != "" {
			t.Errorf("%s (-CycloneDX +it)\n%s", name, diff)
		}
	}
}

// TestBinary holds what is read of a binary that Go builds here to what syft
// and cyclonedx-gomod say of one that was built from the same program.
func TestBinary(t *testing.T) {
	exe := filepath.Join(t.TempDir(), "api")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", exe, "github.com/envparity/parity/internal/sbom/testdata/go/program")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	f, err := os.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := ParseBinary(f, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Component{}
	for _, c := range d.Components {
		got[c.Key()] = c
	}
	if got["pkg:golang/stdlib"].PURL.Version != strings.TrimPrefix(runtime.Version(), "go") {
		t.Errorf("the standard library is %+v", got["pkg:golang/stdlib"])
	}
	for _, name := range []string{"go/gobin.cdx.json", "go/syft.spdx.json"} {
		for _, want := range sample(t, name).Components {
			if want.PURL.Type == "generic" || want.PURL.Name == "stdlib" {
				continue
			}
			c, ok := got[want.Key()]
			if !ok || len(c.Hashes) != 1 {
				t.Errorf("%s lists %s, the binary %+v", name, want.PURL, c)
			}
		}
	}
	if _, err := ParseBinary(strings.NewReader("\x7fELF is not enough"), Limits{}); err == nil {
		t.Error("four letters make a binary")
	}
}
