package compare

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// maskedText is a text as a redactor with or without a key leaves it: with a
// known secret, a suspected one, or both.
func maskedText(what, digest string, keyed bool) parity.Value {
	mask := "[secret]"
	unread := "[secret ?]"
	if keyed {
		mask, unread = "[secret "+digest+"]", "[secret "+digest+"]"
	}
	var v parity.Value
	if what != "suspected" {
		v.Raw += "url db://u:" + mask + "@db/"
		v.Canon += "url db://u:[secret]@db/"
	}
	if what != "known" {
		v.Raw += "password: " + mask
		v.Canon += "password: " + unread
	}
	v.Kind = parity.Text
	return v
}

// TestMasksCrossed crosses the secrets in two texts with what their digests are
// to each other. No text with a suspected secret is equal to another without a
// digest that says so, and none is changed for the sake of a key.
func TestMasksCrossed(t *testing.T) {
	const a, b = "aaaaaaaa", "bbbbbbbb"
	for _, what := range []string{"known", "suspected", "both"} {
		decides := what != "known"
		for _, tt := range []struct {
			name             string
			ownKey, refKey   string
			own, ref         string
			contents         bool
			ifKnown, ifNamed parity.Class
			knownTold, told  string // the column of a gap
		}{
			{"same key, one secret", "k", "k", a, a, false, parity.Shared, parity.Equal, "", ""},
			{"same key, two secrets", "k", "k", a, b, false, parity.Equivalent, parity.Changed, "", ""},
			{"other key, one digest", "l", "k", a, a, false, parity.Unknown, parity.Unknown, "staging", "staging"},
			{"other key, two digests", "l", "k", a, b, false, parity.Unknown, parity.Unknown, "staging", "staging"},
			{"no key", "", "", a, a, false, parity.Equivalent, parity.Unknown, "", "staging"},
			{"no key, by digest", "", "", a, a, true, parity.Unknown, parity.Unknown, "staging", "staging"},
			{"no key in the column", "", "k", a, a, false, parity.Unknown, parity.Unknown, "", "staging"},
			{"no key in the reference", "k", "", a, a, false, parity.Unknown, parity.Unknown, "", "production"},
		} {
			t.Run(what+" "+tt.name, func(t *testing.T) {
				s, p := staging(), production()
				s.keyID, p.keyID = tt.ownKey, tt.refKey
				for e, v := range map[*env]parity.Value{s: maskedText(what, tt.own, tt.ownKey != ""), p: maskedText(what, tt.ref, tt.refKey != "")} {
					e.add("App", "", "a").fact(parity.Fact{Path: "/note", Surface: parity.Config, Value: v, Rules: parity.SetOf(parity.SecretForm)})
				}
				c := compareAll(t, Options{SecretContents: tt.contents}, s, p)
				want, told := tt.ifKnown, tt.knownTold
				if decides {
					want, told = tt.ifNamed, tt.told
				}
				if what == "both" && want == parity.Equal {
					want = parity.Shared // its known part
				}
				if cell := c.class(t, "App", "a", "/note"); cell.Class != want {
					t.Errorf("it is %s (%s), want %s", cell.Class, cell.Note, want)
				}
				var columns []string
				for _, g := range c.Gaps {
					if g.Hides != parity.HidesNothing || g.Facts != 1 || len(g.Surfaces) != 1 || g.Surfaces[0] != parity.Config {
						t.Errorf("the gap: %+v", g)
					}
					columns = append(columns, g.Column)
				}
				if got := strings.Join(columns, ","); got != told {
					t.Errorf("the gap is told of %q, want %q", got, told)
				}
			})
		}
	}
}

// TestUnreadSecretsAreAGap: one suspected secret that the reference has no
// digest of is one, however many columns ask for it, and a known one is none.
func TestUnreadSecretsAreAGap(t *testing.T) {
	of := func(name, kind, digest string) *env { return secretIn(name, 1, "k", held{kind, digest}) }
	c := compareAll(t, Options{}, of("dev", "suspected", "a"), of("staging", "suspected", "b"), of("production", "cipher", ""))
	if g := gapOf(t, c, "production"); g.Facts != 1 || g.Hides != parity.HidesNothing || !strings.Contains(g.Reason, "could not be read") {
		t.Errorf("%+v", g)
	}
	if c = compareAll(t, Options{}, of("staging", "known", "a"), of("production", "cipher", "")); len(c.Gaps) != 0 {
		t.Errorf("known ones compare by presence: %+v", c.Gaps)
	}
}
