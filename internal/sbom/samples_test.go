package sbom

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// dump writes a document for a golden file.
func dump(d *Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s of %s\n", d.Format, d.Version, d.Root.PURL)
	for i := range d.Components {
		c := &d.Components[i]
		fmt.Fprintf(&b, "%d:%d %s %s", c.Line, c.Col, c.PURL, c.Scope)
		if len(c.Licenses) > 0 {
			fmt.Fprintf(&b, " (%s)", strings.Join(c.Licenses, "; "))
		}
		for _, h := range c.Hashes {
			fmt.Fprintf(&b, " %s:%.8s", h.Algorithm, h.Value)
		}
		b.WriteByte('\n')
	}
	for _, f := range d.Faults {
		fmt.Fprintf(&b, "fault %d:%d %s: %s\n", f.Line, f.Col, f.Key, f.What)
	}
	return b.String()
}

// samples are what real tools wrote; testdata/README.md says which.
var samples = []struct {
	file   string
	format Format // empty: by name and content
}{
	{"npm.cdx.json", ""},
	{"package-lock.json", ""},
	{"npm1/package-lock.json", ""},
	{"yarn1/yarn.lock", ""},
	{"berry/yarn.lock", ""},
	{"pnpm6/pnpm-lock.yaml", ""},
	{"pnpm9/pnpm-lock.yaml", ""},
	{"go/go.mod.txt", GoMod},
	{"go/go.sum", ""},
	{"go/gomod.cdx.json", ""},
	{"go/gobin.cdx.json", ""},
	{"go/syft.cdx.json", ""},
	{"go/syft.spdx.json", ""},
	{"cargo/Cargo.lock", ""},
	{"py/requirements.txt", ""},
	{"hand/poetry.lock", ""},
	{"hand/Pipfile.lock", ""},
	{"hand/uv.lock", ""},
	{"mvn/pom.xml", ""},
	{"mvn/tree.txt", ""},
	{"mvn/list.txt", ""},
	{"mvn/tree-file.txt", ""},
	{"hand/gradle.lockfile", ""},
	{"hand/spdx3.json", ""},
	{"hand/requirements.txt", ""},
	{"hand/go.mod.txt", GoMod},
	{"hand/pnpm5/pnpm-lock.yaml", ""},
	{"hand/cyclonedx.json", ""},
}

func TestSamples(t *testing.T) {
	for _, s := range samples {
		t.Run(s.file, func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + s.file)
			if err != nil {
				t.Fatal(err)
			}
			format := s.format
			if format == "" {
				if format, err = Detect(s.file, data); err != nil {
					t.Fatal(err)
				}
			}
			d, err := ParseAs(format, data, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, golden := dump(d), "testdata/golden/"+strings.ReplaceAll(s.file, "/", "-")+".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
