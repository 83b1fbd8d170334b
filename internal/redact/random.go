package redact

import "math"

// lastClass is the class of the start of a word and of what is no part of a
// token.
const lastClass = 59

// bigramClasses is the number of classes of characters in bigrams.
const bigramClasses = lastClass + 1

// charClass gives small letters 0 to 25, capitals 26 to 51, figures 52, and
// "-_./+=" 53 to 58.
var charClass = func() (t [256]byte) {
	for c := range t {
		t[c] = lastClass
	}
	for c := byte(0); c < 26; c++ {
		t['a'+c], t['A'+c] = c, 26+c
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] = 52
	}
	for i, c := range []byte("-_./+=") {
		t[c] = byte(53 + i)
	}
	return t
}()

// figureBits is what one of ten figures takes beyond its class.
const figureBits = 3.32

// drawn says how a token is made up.
type drawn struct {
	n                                int
	lower, upper, figures, separator int
	// changes counts the places where letters and figures, or small letters
	// and capitals, follow one another other than a capital begins a word.
	changes int
	// hexed reports whether all letters are hexadecimal ones in one case.
	hexed bool
	// hexParts reports the same of a token with '-' and the like in it.
	hexParts bool
	// excess is by how many bits the token is less likely to have been written
	// by a person than to have been drawn from its alphabet.
	excess float64
}

// measure weighs a token.
func measure(s string) drawn {
	d := drawn{n: len(s), hexed: true}
	last, written := byte(lastClass), 0
	beyondHex := false
	for i := range len(s) {
		c := charClass[s[i]]
		written += int(bigrams[int(last)*bigramClasses+int(c)] - '#')
		switch {
		case c < 26:
			d.lower++
			beyondHex = beyondHex || c > 5
		case c < 52:
			d.upper++
			beyondHex = beyondHex || c > 31
		case c == 52:
			d.figures++
		default:
			d.separator++
		}
		if changed(last, c) {
			d.changes++
		}
		last = c
	}
	hexed := !beyondHex && (d.lower == 0 || d.upper == 0)
	d.hexed, d.hexParts = hexed && d.separator == 0, hexed && d.separator > 0
	d.excess = float64(written)/4 + figureBits*float64(d.figures) - float64(d.n)*alphabetBits[d.alphabet()]
	return d
}

// changed reports whether the class of characters changes in a way that words
// do not: a capital that begins a word is no change, nor is a separator.
func changed(last, c byte) bool {
	a, b := classKind[last], classKind[c]
	return a != b && a != 3 && b != 3
}

// classKind is 0 for small letters, 1 for capitals, 2 for figures, 3 for others.
var classKind = func() (t [bigramClasses]byte) {
	for c := range t {
		t[c] = byte(min(c/26, 3))
	}
	for c := 53; c < len(t); c++ {
		t[c] = 3
	}
	return t
}()

// alphabet is the number of characters that the token seems to be drawn from.
func (d *drawn) alphabet() int {
	if d.hexed && d.figures > 0 {
		return 16
	}
	if d.hexParts && d.figures > 0 {
		return 18
	}
	size := 0
	if d.lower > 0 {
		size += 26
	}
	if d.upper > 0 {
		size += 26
	}
	if d.figures > 0 {
		size += 10
	}
	if d.separator > 0 {
		size += 2
	}
	return max(size, 2)
}

// alphabetBits holds the bits of one character of an alphabet by its size.
var alphabetBits = func() (t [65]float64) {
	for n := 2; n < len(t); n++ {
		t[n] = math.Log2(float64(n))
	}
	return t
}()
