package acceptance

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// blindSet names the formats and the harmless settings that were committed
// before they were measured, and of which the test tells counts only.
const blindSet = "blind-2026-12"

// What the blind set holds at least.
const (
	minBlindFormats  = 48
	minBlindHarmless = 82
)

// byName is the expectation of a format that looks like a public value, such as
// a UUID or a hash. It is planted under the vendor's own name for it.
const byName = "name"

// TestBlindSetIsWellFormed holds the list itself and measures nothing.
func TestBlindSetIsWellFormed(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, f := range vendorFormats(t) {
		known[f.id], known[f.vendor], known[f.name] = true, true, true
	}
	formats := readFormats(t, blindSet+".tsv")
	if len(formats) < minBlindFormats {
		t.Errorf("%d formats, at least %d are needed", len(formats), minBlindFormats)
	}
	telling := regexp.MustCompile(`(?i)secret|token|key|pass|auth|cred|pw|cert|priv|sign`)
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range formats {
		if known[f.id] || known[f.vendor] || known[f.name] {
			t.Errorf("%s of %s (%s): the corpus has it already", f.id, f.vendor, f.name)
		}
		known[f.id], known[f.name] = true, true
		if telling.MatchString(f.name) != (f.expect == byName) {
			t.Errorf("%s: the name %q does not fit the expectation %q", f.id, f.name, f.expect)
		}
		if f.expect != "known" && f.expect != "suspected" && f.expect != byName {
			t.Errorf("%s: expects %q", f.id, f.expect)
		}
		if !strings.HasPrefix(f.address, "https://") {
			t.Errorf("%s: %q is no address of documentation", f.id, f.address)
		}
		whole := regexp.MustCompile(`^(?:` + f.expr + `)$`)
		for range 20 {
			if v := f.pattern.Generate(r); !whole.MatchString(v) {
				t.Errorf("%s: generated a value that does not match %s", f.id, f.expr)
			}
		}
	}
	names := map[string]bool{}
	for _, row := range rows(t, blindSet+"-harmless.tsv", 3) {
		if names[row[0]] {
			t.Errorf("%s: the harmless setting is there twice", row[0])
		}
		names[row[0]] = true
	}
	if len(names) < minBlindHarmless {
		t.Errorf("%d harmless settings, at least %d are needed", len(names), minBlindHarmless)
	}
}
