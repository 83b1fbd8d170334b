package sbom

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// TestSeveralVersions holds each version of a package to a fact of its own,
// placed so that what is a patch behind meets its counterpart.
func TestSeveralVersions(t *testing.T) {
	x := &list{limits: Limits{}.filled()}
	for _, v := range []string{"1.5.3", "2.0.1", "0.3.1", "v1.4.0", "0.3.1", "v2.0.1", "0.10.0", "1.5.2"} {
		x.add(Component{PURL: splitPURL(npmType, "a/b", v), Scope: Development})
	}
	d, err := x.finish()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range d.Facts(parity.Key{Kind: "software", Name: "x"}, "/sbom", nil) {
		if f.DerivedFrom == nil {
			got = append(got, fmt.Sprintf("%s = %s %s %s", f.Path, f.Value, f.Value.Canonical(), f.Rules))
		} else if f.DerivedFrom.Path+"/scope" != f.Path {
			t.Errorf("%s follows from %s", f.Path, f.DerivedFrom.Path)
		}
	}
	const at = "/sbom/packages[purl=pkg:npm/a/b]"
	want := []string{
		at + " = 2.0.1 2.0.1 ", at + "/line[=1] = 1.5.3 1.5.3 ", at + "/line[=1][=1.5.2] = 1.5.2 1.5.2 ",
		at + "/line[=1][=1.4.0] = v1.4.0 1.4.0 version", at + "/line[=0.10] = 0.10.0 0.10.0 ", at + "/line[=0.3] = 0.3.1 0.3.1 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLimits(t *testing.T) {
	for name, l := range map[string]Limits{"bytes": {Bytes: 10}, "components": {Components: 1}, "nodes": {Nodes: 3}, "depth": {Depth: 2}} {
		text := `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a","version":"1"},{"name":"b","version":"1"}]}`
		if _, err := Parse("bom.json", []byte(text), l); err == nil {
			t.Errorf("the limit of %s is not held", name)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, text := range map[string]string{
		"a.xml":      `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>`,
		"a.spdx":     "SPDXVersion: SPDX-2.3\n",
		"a.txt":      "hello\n",
		"bom.json":   `{"a": 1}`,
		"x.json":     `{"bomFormat": "CycloneDX", "specVersion": "9"}`,
		"go.sum":     "a\x00b",
		"pom.xml":    "<project><a></project>",
		"b.cdx.json": `[1]`,
	} {
		if d, err := Parse(name, []byte(text), Limits{}); err == nil {
			t.Errorf("%s is read as %s", name, d.Format)
		}
	}
}

// TestSoftware holds an image to one name, however a list spells it.
func TestSoftware(t *testing.T) {
	for text, want := range map[string]string{
		`{"type":"container","name":"registry.example.com/shop/web:1.4.0","version":"sha256:ab"}`:                                       "shop/web",
		`{"type":"container","name":"web","purl":"pkg:oci/web@sha256%3Aab?repository_url=registry.example.com%2Fshop%2Fweb&tag=1.4.0"}`: "shop/web",
		`{"type":"application","name":"npm-directory","purl":"pkg:npm/%40acme/shop-web@1.4.0"}`:                                         "@acme/shop-web",
		`{"type":"application","group":"com.acme","name":"ledger","version":"1"}`:                                                       "com.acme/ledger",
		`{"type":"file","name":"."}`: ".",
	} {
		d, err := Parse("bom.json", []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":`+text+`}}`), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Root.PURL.Software(); got != want {
			t.Errorf("%s is of %q, want %q", text, got, want)
		}
	}
}
