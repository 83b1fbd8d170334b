// Package word takes names apart.
package word

import (
	"strings"
	"unicode"
)

// Split returns the words of a name or a path in lower case. A word ends at every
// character that is neither a letter nor a digit, and where a lower-case letter or
// a digit is followed by a capital.
func Split(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	small := false
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsUpper(r) && small:
			end()
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
		small = unicode.IsLower(r) || unicode.IsDigit(r)
	}
	end()
	return out
}

// Singular returns a word without a plural's s, so that connections and connection
// meet.
func Singular(w string) string {
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		return w[:len(w)-1]
	}
	return w
}
