package acceptance

import (
	"bytes"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// minVendorFormats only grows: a format that was added stays.
const minVendorFormats = 109

// vendorFormat is one token or credential as its vendor documents it.
type vendorFormat struct {
	id, vendor string
	// expect is "known" for a format with a mark of its own, and "suspected"
	// for one that only its randomness gives away.
	expect string
	// name is an innocent name under which the value is planted.
	name    string
	expr    string
	address string
	pattern pattern
}

// heldOut reports whether the table shows the format apart: a third of them,
// chosen by a hash, at which nobody looks while writing rules.
func (f vendorFormat) heldOut() bool {
	h := fnv.New32a()
	h.Write([]byte(f.id))
	return h.Sum32()%3 == 0
}

// vendorFormats reads the committed list.
func vendorFormats(t testing.TB) []vendorFormat {
	t.Helper()
	return readFormats(t, "vendor-formats.tsv")
}

// readFormats reads a committed list of formats.
func readFormats(t testing.TB, name string) []vendorFormat {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "secrets", name))
	if err != nil {
		t.Fatal(err)
	}
	var formats []vendorFormat
	for line := range bytes.Lines(b) {
		text := strings.TrimSuffix(string(line), "\n")
		if strings.HasPrefix(text, "#") || text == "" {
			continue
		}
		c := strings.Split(text, "\t")
		if len(c) != 6 {
			t.Fatalf("%s: %d columns, not 6: %s", name, len(c), text)
		}
		p, err := newPattern(c[4])
		if err != nil {
			t.Fatalf("%s: %s: %v", name, c[0], err)
		}
		formats = append(formats, vendorFormat{
			id: c[0], vendor: c[1], expect: c[2], name: c[3], expr: c[4], address: c[5], pattern: p,
		})
	}
	return formats
}

// TestVendorFormatsAreWellFormed holds the list itself: enough formats, each
// with an address, a name that gives nothing away, and a pattern that
// generates what it matches.
func TestVendorFormatsAreWellFormed(t *testing.T) {
	t.Parallel()
	formats := vendorFormats(t)
	if len(formats) < minVendorFormats {
		t.Errorf("%d formats, at least %d are needed: the list only grows", len(formats), minVendorFormats)
	}
	telling := regexp.MustCompile(`(?i)secret|token|key|pass|auth|cred|pw|cert|priv|sign`)
	ids, names, held := map[string]bool{}, map[string]bool{}, 0
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range formats {
		if ids[f.id] || names[f.name] {
			t.Errorf("%s (%s): the id or the name is there twice", f.id, f.name)
		}
		ids[f.id], names[f.name] = true, true
		if f.heldOut() {
			held++
		}
		if telling.MatchString(f.name) {
			t.Errorf("%s: the name %q gives the value away", f.id, f.name)
		}
		if !strings.HasPrefix(f.address, "https://") {
			t.Errorf("%s: %q is no address of documentation", f.id, f.address)
		}
		if f.expect != "known" && f.expect != "suspected" {
			t.Errorf("%s: expects %q", f.id, f.expect)
		}
		whole := regexp.MustCompile(`^(?:` + f.expr + `)$`)
		for range 20 {
			if v := f.pattern.Generate(r); !whole.MatchString(v) {
				t.Errorf("%s: generated a value that does not match %s", f.id, f.expr)
			}
		}
	}
	if held*5 < len(formats) || held*2 > len(formats) {
		t.Errorf("%d of %d formats are held out, about a third is meant", held, len(formats))
	}
}
