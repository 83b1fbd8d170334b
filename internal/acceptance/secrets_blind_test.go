package acceptance

import (
	"fmt"
	"io"
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

// What was measured of the blind set. The figures only get better.
const (
	blindStructuredHeld = 0.954
	blindByNameHeld     = 1
	blindHarmlessHeld   = 0.001
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
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range formats {
		if known[f.id] || known[f.vendor] || known[f.name] {
			t.Errorf("%s of %s (%s): the corpus has it already", f.id, f.vendor, f.name)
		}
		known[f.id], known[f.name] = true, true
		checkFormat(t, f, r)
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

// tellingName is a name that says that its value is a secret.
var tellingName = regexp.MustCompile(`(?i)secret|token|key|pass|auth|cred|pw|cert|priv|sign`)

// checkFormat holds that a format says what is expected of it and where it is
// documented, and that what is generated of it is of that form.
func checkFormat(t *testing.T, f vendorFormat, r *rand.Rand) {
	t.Helper()
	if tellingName.MatchString(f.name) != (f.expect == byName) {
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

// plantBlind plants the formats of the blind set, after everything else, so that
// the rest of the corpus stays as it was.
func (c *corpus) plantBlind(t testing.TB) {
	for _, f := range readFormats(t, blindSet+".tsv") {
		c.twice(f.name, func(place string) sides {
			return c.token(plantedSecret{
				class: "vendor format, blind", format: f.id, place: place,
				structured: f.expect != byName, heldOut: true, blind: true,
			}, f.pattern)
		})
	}
}

// splitBlind takes the blind set out of the plants.
func splitBlind(plants []*plantedSecret) (blind, rest []*plantedSecret) {
	for _, p := range plants {
		if p.blind {
			blind = append(blind, p)
		} else {
			rest = append(rest, p)
		}
	}
	return blind, rest
}

// blindCounts is all that is told of the blind set. It holds no names, so that
// no report can print them.
type blindCounts struct {
	structured, byName, harmless share
}

// share is how many of how many.
type share struct{ hit, of int }

func (s share) part() float64 { return float64(s.hit) / float64(max(s.of, 1)) }

// measureBlind counts what leaked of the blind set and how many of its harmless
// settings are hidden.
func measureBlind(t *testing.T, plants []*plantedSecret, leaks map[*plantedSecret]map[string]bool) (n blindCounts) {
	t.Helper()
	n.count(plants, leaks)
	hidden, of := harmlessHidden(t, blindSet+"-harmless.tsv")
	n.harmless = share{len(hidden), of}
	return n
}

// count counts what leaked.
func (n *blindCounts) count(plants []*plantedSecret, leaks map[*plantedSecret]map[string]bool) {
	for _, p := range plants {
		s := &n.byName
		if p.structured {
			s = &n.structured
		}
		s.of++
		if len(leaks[p]) > 0 {
			s.hit++
		}
	}
}

func (n blindCounts) print(w io.Writer) {
	fmt.Fprintf(w, "\nblind set %s, counts only:\n", blindSet)
	for _, row := range []struct {
		what, verb string
		share      share
	}{
		{"secrets, by form", "leaked", n.structured},
		{"secrets, by the vendor's name", "leaked", n.byName},
		{"harmless settings", "hidden", n.harmless},
	} {
		fmt.Fprintf(w, "  %s: %d planted, %d %s (%.1f %%)\n", row.what, row.share.of, row.share.hit, row.verb, 100*row.share.part())
	}
}

// judge holds what was measured.
func (n blindCounts) judge(t *testing.T) {
	t.Helper()
	for _, row := range []struct {
		what     string
		got, min float64
	}{
		{"by form", 1 - n.structured.part(), blindStructuredHeld},
		{"by the vendor's name", 1 - n.byName.part(), blindByNameHeld},
		{"harmless settings", 1 - n.harmless.part(), 1 - blindHarmlessHeld},
	} {
		if row.got < row.min {
			t.Errorf("blind set, %s: %.2f %% are as they should be, at least %.2f %% must", row.what, 100*row.got, 100*row.min)
		}
	}
	if n.structured.of+n.byName.of != 2*minBlindFormats || n.harmless.of < minBlindHarmless {
		t.Errorf("blind set: %d secrets and %d harmless settings were measured, not all", n.structured.of+n.byName.of, n.harmless.of)
	}
}

// TestReportsDoNotTellWhatIsBlind holds that neither the table nor the blind
// set's counts name a leak of the blind set or of a held-out format.
func TestReportsDoNotTellWhatIsBlind(t *testing.T) {
	t.Parallel()
	plants := []*plantedSecret{
		{class: "open", format: "openformat", place: "configmap"},
		{class: "held out", format: "heldformat", place: "heldplace", heldOut: true},
		{class: "blind", format: "blindformat", place: "blindplace", structured: true, heldOut: true, blind: true},
	}
	leaks := map[*plantedSecret]map[string]bool{}
	for _, p := range plants {
		leaks[p] = map[string]bool{"report.json": true}
	}
	blind, rest := splitBlind(plants)
	report := table(rest, leaks)
	var n blindCounts
	n.count(blind, leaks)
	n.print(&report)
	text := report.String()
	if !strings.Contains(text, "openformat") || !strings.Contains(text, "1 planted, 1 leaked") {
		t.Errorf("an open leak is not named or a blind one not counted:\n%s", text)
	}
	for _, name := range []string{"heldformat", "blindformat", "blindplace"} {
		if strings.Contains(text, name) {
			t.Errorf("the report tells %q:\n%s", name, text)
		}
	}
}
