package acceptance

import (
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
)

// pattern generates texts that match a regular expression.
type pattern struct{ root *syntax.Regexp }

// newPattern parses a regular expression for generation.
func newPattern(expr string) (pattern, error) {
	root, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return pattern{}, fmt.Errorf("pattern %q: %w", expr, err)
	}
	return pattern{root: root}, nil
}

// Generate returns a random text that the pattern matches. Assertions such as
// \b and $ produce nothing, so a caller that uses them checks the result.
func (p pattern) Generate(r *rand.Rand) string {
	var b strings.Builder
	generate(&b, p.root, r)
	return b.String()
}

// Markers returns parts of a generated text that no other text of the pattern
// has: a window at its first, its middle and its last random characters. A
// pattern's fixed part, such as a vendor's prefix, is in none of them alone.
func (p pattern) Markers(text string, r *rand.Rand) []string {
	const window = 10
	other := p.Generate(r)
	var windows []string
	for i := 0; i+window <= len(text); i++ {
		differ := 0
		for j := i; j < i+window; j++ {
			if j >= len(other) || other[j] != text[j] {
				differ++
			}
		}
		if differ >= window-3 {
			windows = append(windows, text[i:i+window])
		}
	}
	if len(windows) == 0 {
		return []string{text}
	}
	return []string{windows[0], windows[len(windows)/2], windows[len(windows)-1]}
}

func generate(b *strings.Builder, re *syntax.Regexp, r *rand.Rand) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			b.WriteRune(c)
		}
	case syntax.OpCharClass:
		b.WriteRune(pick(re.Rune, r))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteRune(pick([]rune{'0', '9', 'A', 'Z', 'a', 'z'}, r))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			generate(b, sub, r)
		}
	case syntax.OpAlternate:
		generate(b, re.Sub[r.IntN(len(re.Sub))], r)
	case syntax.OpStar:
		repeat(b, re.Sub[0], r, 0, 1)
	case syntax.OpQuest:
		repeat(b, re.Sub[0], r, 0, 1)
	case syntax.OpPlus:
		repeat(b, re.Sub[0], r, 1, 20)
	case syntax.OpRepeat:
		repeat(b, re.Sub[0], r, re.Min, re.Max)
	}
}

// repeat writes between minimum and maximum matches, at most 64 more than the
// minimum. A negative maximum is none.
func repeat(b *strings.Builder, re *syntax.Regexp, r *rand.Rand, minimum, maximum int) {
	if maximum < 0 || maximum > minimum+64 {
		maximum = minimum + 8
	}
	for range minimum + r.IntN(maximum-minimum+1) {
		generate(b, re, r)
	}
}

// pick returns a random rune of the class that can stand in a configuration
// file without quotes. Where the class has none, it returns its first rune.
func pick(class []rune, r *rand.Rand) rune {
	var plain []rune
	for i := 0; i+1 < len(class); i += 2 {
		for c := max(class[i], '!'); c <= min(class[i+1], '~'); c++ {
			if !strings.ContainsRune("\"'`\\{}[]#&*!|>%@,:;<=?^()$", c) {
				plain = append(plain, c)
			}
		}
	}
	if len(plain) == 0 {
		return class[0]
	}
	return plain[r.IntN(len(plain))]
}
