package sbom

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// FuzzParse holds, for any bytes as any format: no panic, no more components
// than allowed, each at most once and with a name and a version, at a line
// that is there, every fact at a path of its own; and no fault quotes what is
// marked in the input.
func FuzzParse(f *testing.F) {
	for i, s := range samples {
		data, err := os.ReadFile(filepath.Join("testdata", s.file))
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 20_000 {
			f.Add(uint8(i), data)
		}
	}
	for i := range Formats() {
		f.Add(uint8(i), []byte("hunter2 {\n\x00"))
		f.Add(uint8(i), []byte(""))
	}
	f.Fuzz(func(t *testing.T, format uint8, data []byte) {
		limits := Limits{Nodes: 20_000, Depth: 50, Components: 500, Bytes: 1 << 20}
		d, err := ParseAs(Formats()[int(format)%len(Formats())], data, limits)
		if err != nil {
			quotes(t, err.Error())
			return
		}
		check(t, d, data, limits)
	})
}

func quotes(t *testing.T, s string) {
	t.Helper()
	if strings.Contains(s, "hunter2") {
		t.Fatalf("a fault quotes its input: %s", s)
	}
}

func check(t *testing.T, d *Document, data []byte, l Limits) {
	t.Helper()
	if len(d.Components) > l.Components {
		t.Fatalf("%d components", len(d.Components))
	}
	lines := int32(strings.Count(string(data), "\n")) + 1
	for i := range d.Components {
		c := &d.Components[i]
		if c.PURL.Name == "" || c.PURL.Version == "" || c.Line < 0 || c.Line > lines {
			t.Fatalf("%+v", c)
		}
		if i > 0 && d.Components[i-1].Key() == c.Key() && d.Components[i-1].PURL.Version == c.PURL.Version {
			t.Fatalf("%s is there twice", c.PURL)
		}
	}
	for _, f := range d.Faults {
		quotes(t, f.What)
	}
	for _, f := range d.Facts(parity.Key{Kind: "software", Name: "x"}, "", nil) {
		if f.DerivedFrom == nil && f.Value.Kind != parity.Version && !f.Rules.Has(parity.Circumstances) {
			t.Fatalf("%+v", f)
		}
	}
}

// FuzzBinary holds that no executable, however broken, makes its reader panic.
func FuzzBinary(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Add([]byte("MZ\x90"))
	f.Add([]byte("\xcf\xfa\xed\xfe"))
	f.Add([]byte("xxxx\xff Go buildinf:\x08\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := ParseBinary(strings.NewReader(string(data)), Limits{}); err == nil && d.Format != GoBinary {
			t.Fatal(d.Format)
		}
	})
}

// FuzzPURL holds that a package URL that is read is written so that it is read
// the same, and that its key has no version.
func FuzzPURL(f *testing.F) {
	for _, s := range []string{"pkg:npm/%40a/b@1.2.3", "pkg:maven/g/a@1?classifier=x&type=war", "pkg:golang/std@go1.26", "pkg:oci/x@sha256%3Aab?repository_url=h/x", "pkg:generic/a#b/c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := ParsePURL(s)
		if !ok {
			return
		}
		key := p.Key()
		q := p
		q.Version = "9.9.9"
		if q.Key() != key {
			t.Fatalf("%q and %q are the keys of one package", key, q.Key())
		}
	})
}

// TestVersionsAreOrdered holds the order of versions to be one.
func TestVersionsAreOrdered(t *testing.T) {
	ordered := []string{"1.0.0-alpha", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "v1.2.0", "1.9", "1.10", "2.0.0", "10.0"}
	for i := range ordered[1:] {
		if compareVersions(ordered[i], ordered[i+1]) >= 0 {
			t.Errorf("%s is not below %s", ordered[i], ordered[i+1])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		version := rapid.StringMatching(`v?[0-9a]{1,2}(\.[0-9ab]{1,2}){0,2}(-[0-9a.]{1,3})?`)
		all := rapid.SliceOfN(version, 3, 3).Draw(t, "versions")
		slices.SortFunc(all, compareVersions)
		for i := range all {
			for j := i; j < len(all); j++ {
				if compareVersions(all[i], all[j]) > 0 || compareVersions(all[j], all[i]) < 0 {
					t.Fatalf("%q and %q in %q", all[i], all[j], all)
				}
			}
		}
	})
}
