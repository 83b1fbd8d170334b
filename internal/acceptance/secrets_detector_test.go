package acceptance

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// minDetectorFormats and minContexts only grow.
const (
	minDetectorFormats = 145
	minContexts        = 48
)

// byForm is the kind of a context that may hold any token.
const byForm = "form"

// tokenContext is a text with a place for a token.
type tokenContext struct{ kind, what, text string }

// fill puts a token under a name into the text.
func (c tokenContext) fill(name, token string) string {
	return strings.NewReplacer("{name}", name, "{token}", token, `\n`, "\n").Replace(c.text)
}

func tokenContexts(t testing.TB) (out []tokenContext) {
	t.Helper()
	for _, row := range rows(t, "contexts.tsv", 3) {
		out = append(out, tokenContext{row[0], row[1], row[2]})
	}
	return out
}

// plantDetectorFormats plants each format that a scanner's detectors look for
// at two places and in three contexts. It comes after everything else, so that
// the rest of the corpus stays as it was.
func (c *corpus) plantDetectorFormats(t testing.TB) {
	contexts := map[string][]tokenContext{}
	for _, x := range tokenContexts(t) {
		contexts[x.kind] = append(contexts[x.kind], x)
	}
	next := map[string]int{}
	for _, f := range readFormats(t, "detector-formats.tsv") {
		kind, class, held := byForm, "detector's format", ""
		if f.expect == byName {
			kind, class = byName, "detector's format, by vendor's name"
		}
		if f.heldOut() {
			held = ", held out"
		}
		n := plantedSecret{class: class + held, format: f.id, structured: f.expect != byName, heldOut: f.heldOut()}
		c.twice(f.name, func(place string) sides {
			n.place = place
			return c.token(n, f.pattern)
		})
		n.class = class + ", in a context" + held
		for range 3 {
			list := contexts[kind]
			x := list[next[kind]%len(list)]
			next[kind]++
			n.place = "context: " + x.what
			value := c.token(n, f.pattern)
			for side := range value {
				value[side] = x.fill(f.name, value[side])
			}
			name := "relay-" + f.id + "-" + x.what + ".conf"
			c.add("configmap", setting{name: name, value: value})
		}
	}
}

// TestDetectorFormatsAreWellFormed holds the lists themselves.
func TestDetectorFormatsAreWellFormed(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for _, f := range append(vendorFormats(t), readFormats(t, blindSet+".tsv")...) {
		taken[strings.ToLower(f.vendor)], taken[f.name] = true, true
	}
	formats := readFormats(t, "detector-formats.tsv")
	if n := len(formats); n < minDetectorFormats {
		t.Errorf("%d formats, at least %d are needed: the list only grows", n, minDetectorFormats)
	}
	if n := len(tokenContexts(t)); n < minContexts {
		t.Errorf("%d contexts, at least %d are needed: the list only grows", n, minContexts)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range formats {
		if taken[f.vendor] || taken[f.id] || taken[f.name] {
			t.Error("an id, a vendor or a name is in the corpus already") // which one is not told: it may be blind
		}
		taken[f.id], taken[f.name] = true, true
		checkFormat(t, f, r)
	}
}
