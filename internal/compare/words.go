package compare

import (
	"strings"

	"github.com/envparity/parity/internal/envname"
)

// families are the words for environments, by family. Only these, and what
// parity.yaml declares, bind without being learned.
var families = func() map[string][]string {
	m := map[string][]string{}
	for _, f := range envname.Families() {
		if len(f.Words) > 0 {
			m[f.Name] = f.Words
		}
	}
	return m
}()

// wordFamily maps each word to its family.
var wordFamily = func() map[string]string {
	m := map[string]string{}
	for family, words := range families {
		for _, w := range words {
			m[w] = family
		}
	}
	return m
}()

func familyMatchers() map[string]*matcher {
	all := map[string]*matcher{}
	for family, words := range families {
		m := newMatcher()
		for _, w := range words {
			m.add(token{text: w, class: environmentClass, word: true})
		}
		all[family] = m
	}
	return all
}

// familyOf finds the family of an environment's name: the name itself, or one
// of its segments ("shop-staging", "production-eu").
func familyOf(name string) string {
	name = strings.ToLower(name)
	if f, ok := wordFamily[name]; ok {
		return f
	}
	for _, segment := range strings.FieldsFunc(name, isSeparator) {
		if f, ok := wordFamily[segment]; ok {
			return f
		}
	}
	return ""
}

func isSeparator(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r < 0x80
}

func alnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
