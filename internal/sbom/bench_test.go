package sbom

import (
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// BenchmarkParse reads a bill of 50,000 packages and makes facts of it.
func BenchmarkParse(b *testing.B) {
	var s strings.Builder
	s.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[`)
	for i := range 50_000 {
		if i > 0 {
			s.WriteByte(',')
		}
		fmt.Fprintf(&s, "\n"+`{"type":"library","name":"p%d","version":"1.%d.0","purl":"pkg:npm/%%40acme/p%d@1.%d.0","scope":"required","licenses":[{"license":{"id":"MIT"}}]}`, i, i%50, i, i%50)
	}
	s.WriteString("]}")
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := Parse("bom.json", data, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if n := len(d.Facts(parity.Key{Kind: "software"}, "", nil)); n < 150_000 {
			b.Fatal(n)
		}
	}
}
