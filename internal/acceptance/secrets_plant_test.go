package acceptance

import (
	"encoding/base64"
	"math/rand/v2"
	"regexp"
	"strings"
)

// sides is one value in each of the two environments.
type sides [2]string

// plantedSecret is one secret at one place, different in each environment.
type plantedSecret struct {
	class, format, place string
	// structured reports whether the secret is known by its form alone.
	structured bool
	heldOut    bool
	// blind reports whether the secret is of the blind set, which is counted
	// apart and not told.
	blind bool
	// markers are texts that stand nowhere but in the secret.
	markers []string
}

// planter makes secrets and remembers them.
type planter struct {
	r      *rand.Rand
	plants []*plantedSecret
}

// placeholder is a random value within a template.
var placeholder = regexp.MustCompile(`\{(pw|phrase|rand|short|upper|pin|uuid|words|b32|aws|slack|tg|salt|akia|` +
	`hash22|hash53|hash86|hex|hex7|hex8|hex16|hex17|hex40|hex64|b64|b64n|b64s|b64w|b64u|b64i|b64p|b64png|b64long|b64user|` +
	`k8shash|k8s5|min6)(@[0-9])?\}`)

// kinds are the patterns of placeholders that a regular expression can tell.
var kinds = map[string]string{
	"rand": `[A-Za-z][A-Za-z0-9]{23}`, "short": `[a-z]{5}[a-z0-9]{5}`, "upper": `[A-Z][A-Z0-9]{11}`, "pin": `[1-9][0-9]{7}`,
	"uuid": `[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}`,
	"b32":  `[A-Z2-7]{32}`, "aws": `[A-Za-z0-9+/]{40}`, "slack": `T[A-Z0-9]{10}/B[A-Z0-9]{10}/[A-Za-z0-9]{24}`,
	"tg": `[0-9]{10}:AA[A-Za-z0-9_-]{33}`, "salt": `[A-Za-z0-9]{8}`, "akia": `AKIA[A-Z2-7]{16}`,
	"hash22": `[A-Za-z0-9./]{22}`, "hash53": `[A-Za-z0-9./]{53}`, "hash86": `[A-Za-z0-9./]{86}`,
	"hex": `[a-f0-9]{32}`, "hex7": `[a-f0-9]{7}`, "hex8": `[a-f0-9]{8}`, "hex16": `[a-f0-9]{16}`, "hex17": `0[a-f0-9]{16}`,
	"hex40": `[a-f0-9]{40}`, "hex64": `[a-f0-9]{64}`, "b64": `[A-Za-z0-9+/]{43}=`, "b64n": `[A-Za-z0-9+/]{43}`,
	"b64s": `[A-Za-z0-9+/]{27}=`, "b64w": `[A-Za-z0-9_-]{43}==`, "b64u": `[A-Za-z0-9_-]{43}`, "b64i": `[A-Za-z0-9+/]{64}`,
	"b64p": `[A-Za-z0-9+/]{43}`, "b64png": `[A-Za-z0-9+/]{200}`, "b64long": `[A-Za-z0-9+/]{160}`,
	"k8shash": `[bcdfghjklmnpqrstvwxz2456789]{10}`, "k8s5": `[bcdfghjklmnpqrstvwxz2456789]{5}`, "min6": `[a-z0-9]{6}`,
}

// aside are placeholders that are no secret of their own.
var aside = map[string]bool{"salt": true, "akia": true}

var wordList = strings.Fields(`river stone lamp garden window silver copper market bridge forest candle pepper winter
	summer orange violin harvest meadow thunder pebble lantern basket curtain mirror ladder anchor bottle feather
	hammer kettle marble needle pillow ribbon saddle tunnel velvet walnut zipper almond barrel cactus dragon engine
	falcon goblet helmet insect jacket kitten lizard magnet nutmeg oyster parrot quiver rabbit spider turtle urchin`)

func (p *planter) word() string { return wordList[p.r.IntN(len(wordList))] }

func (p *planter) words(n int, between string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = p.word()
	}
	return strings.Join(list, between)
}

func (p *planter) match(expr string) string {
	pat, err := newPattern(expr)
	if err != nil {
		panic(err)
	}
	return pat.Generate(p.r)
}

// value returns a random value of a kind, and the marker that stands for it.
func (p *planter) value(kind string) (text, marker string) {
	switch kind {
	case "pw":
		text = p.word() + p.match(`[0-9]{5}[a-z]{4}`)
	case "phrase":
		text = p.words(4, "-")
	case "words":
		text = p.words(12, " ")
	case "b64user":
		secret := p.word() + p.match(`[0-9]{5}[a-z]{6}`)
		return base64.StdEncoding.EncodeToString([]byte("app:" + secret)), secret
	default:
		text = p.match(kinds[kind])
	}
	return text, text
}

// expand replaces the placeholders of a template by secrets, each a plant.
func (p *planter) expand(class, format, place, template string) sides {
	return p.fill(template, func(kind string) *plantedSecret {
		if aside[kind] {
			return nil
		}
		n := &plantedSecret{class: class, format: format, place: place}
		p.plants = append(p.plants, n)
		return n
	})
}

// harmless replaces the placeholders of a template by values that are no secret.
func (p *planter) harmless(template string) string {
	return p.fill(template, func(string) *plantedSecret { return nil })[0]
}

// fill replaces the placeholders of a template. Placeholders with the same
// number after '@' stand for the same secret.
func (p *planter) fill(template string, planted func(kind string) *plantedSecret) (out sides) {
	var at []*plantedSecret
	numbered := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		if m[2] != "" && numbered[m[0]] {
			at = append(at, nil)
			continue
		}
		numbered[m[0]] = true
		at = append(at, planted(m[1]))
	}
	for side := range out {
		i, same := -1, map[string]string{}
		out[side] = placeholder.ReplaceAllStringFunc(template, func(s string) string {
			i++
			if text, ok := same[s]; ok {
				return text
			}
			kind, number, _ := strings.Cut(s[1:len(s)-1], "@")
			text, marker := p.value(kind)
			if number != "" {
				same[s] = text
			}
			if n := at[i]; n != nil {
				n.markers = append(n.markers, marker)
			}
			return text
		})
	}
	return out
}

// token plants a value that a pattern generates.
func (p *planter) token(n plantedSecret, pat pattern) (out sides) {
	for side := range out {
		out[side] = pat.Generate(p.r)
		n.markers = append(n.markers, pat.Markers(out[side], p.r)...)
	}
	p.plants = append(p.plants, &n)
	return out
}
