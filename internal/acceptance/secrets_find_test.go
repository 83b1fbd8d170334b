package acceptance

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
)

// finder finds the markers of plants in texts: as they are, in upper and in
// lower case, in base64 at each of the three offsets, in hexadecimal, and with
// white space and backslashes between their characters.
type finder struct {
	// maybe holds a bit for the hash of the first eight bytes of each needle.
	maybe [1 << 15]uint64
	by    map[uint64][]needle
}

type needle struct {
	text  string
	plant *plantedSecret
}

func newFinder(plants []*plantedSecret) *finder {
	f := &finder{by: map[uint64][]needle{}}
	for _, p := range plants {
		for _, m := range p.markers {
			for _, form := range markerForms(m) {
				f.add(form, p)
			}
		}
	}
	return f
}

// markerForms are the texts by which a marker is found, white space removed.
func markerForms(marker string) []string {
	out := []string{marker, strings.ToLower(marker), strings.ToUpper(marker), hex.EncodeToString([]byte(marker))}
	for offset := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte("\x00\x00"[:offset] + marker))
		from, to := (offset*8+5)/6, (offset+len(marker))*8/6
		out = append(out, encoded[from:to], strings.NewReplacer("+", "-", "/", "_").Replace(encoded[from:to]))
	}
	for i := range out {
		out[i] = compact(out[i])
	}
	return out
}

func (f *finder) add(text string, p *plantedSecret) {
	if len(text) < 8 {
		return
	}
	key := firstEight([]byte(text))
	for _, n := range f.by[key] {
		if n.text == text && n.plant == p {
			return
		}
	}
	slot := key * 0x9E3779B97F4A7C15 >> 43
	f.maybe[slot/64] |= 1 << (slot % 64)
	f.by[key] = append(f.by[key], needle{text, p})
}

// firstEight is the first eight bytes as one number.
func firstEight(b []byte) (key uint64) {
	for i := range 8 {
		key |= uint64(b[i]) << (8 * i)
	}
	return key
}

// find calls found for every plant of which a marker stands in the text.
func (f *finder) find(text string, found func(*plantedSecret)) {
	text = compact(text)
	if len(text) < 8 {
		return
	}
	b := []byte(text)
	for i := 0; i+8 <= len(b); i++ {
		key := firstEight(b[i:])
		slot := key * 0x9E3779B97F4A7C15 >> 43
		if f.maybe[slot/64]&(1<<(slot%64)) == 0 {
			continue
		}
		for _, n := range f.by[key] {
			if strings.HasPrefix(text[i:], n.text) {
				found(n.plant)
			}
		}
	}
}

// compact removes what a report may put between the characters of a value.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\\' || r == '\u00ad' || r == '\u200b' {
			return -1
		}
		return r
	}, text)
}

// TestFinderFindsEveryForm holds the instrument itself.
func TestFinderFindsEveryForm(t *testing.T) {
	t.Parallel()
	p := &planter{r: rand.New(rand.NewPCG(7, 7))}
	secret := p.expand("c", "f", "p", "{pw}")[0]
	f := newFinder(p.plants)
	for name, text := range map[string]string{
		"plain":       "x=" + secret + ";",
		"wrapped":     secret[:6] + "\n    " + secret[6:],
		"escaped":     secret[:6] + "\\" + secret[6:],
		"upper":       strings.ToUpper(secret),
		"hex":         hex.EncodeToString([]byte("ab" + secret + "c")),
		"base64 at 0": base64.StdEncoding.EncodeToString([]byte("abc" + secret + "tail")),
		"base64 at 1": base64.StdEncoding.EncodeToString([]byte("a" + secret + "tail")),
		"base64 at 2": base64.RawURLEncoding.EncodeToString([]byte("ab" + secret)),
	} {
		hit := false
		f.find(text, func(*plantedSecret) { hit = true })
		if !hit {
			t.Errorf("%s: not found", name)
		}
	}
	f.find("x="+secret[:7]+"*** [secret 1a2b3c4d]", func(*plantedSecret) { t.Error("a masked value counts as found") })
}
