package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity/internal/envname"
)

// families are the words for environments, by family. Only these, the user's
// own names for the environments, and what parity.yaml declares bind without
// being learned.
var families = func() map[string][]string {
	m := map[string][]string{}
	for _, f := range envname.Families() {
		if len(f.Words) > 0 {
			m[f.Name] = f.Words
		}
	}
	return m
}()

// prefixed are the words of a family that are written with a separator too.
var prefixed = []string{"pre-prod", "pre_prod", "pre-production", "pre_production"}

// synonyms are families that name one environment where only one of the two is
// compared: what stands before production is called either.
var synonyms = map[string]string{"staging": "preprod", "preprod": "staging"}

// besideWords are segments that make an environment's word after them another
// name: non-prod is not production.
var besideWords = map[string]bool{"non": true, "pre": true, "near": true}

// qualified reports whether a segment stands before start that makes the word
// there another name.
func qualified(s string, start int) bool {
	if start < 3 || !joins(s[start-1]) {
		return false
	}
	begin := start - 1
	for begin > 0 && alnum(s[begin-1]) {
		begin--
	}
	return start-begin <= len("near-") && besideWords[lower(s[begin:start-1])]
}

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

// addWords adds words for an environment.
func (m *matcher) addWords(words []string) {
	for _, w := range words {
		m.add(token{text: w, class: environmentClass, word: true})
	}
}

func familyMatchers() map[string]*matcher {
	all := map[string]*matcher{}
	for family, words := range families {
		all[family] = newMatcher()
		all[family].addWords(words)
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
	if slices.Contains(prefixed, name) {
		return "preprod"
	}
	for _, segment := range segments(name) {
		if f, ok := wordFamily[segment.text]; ok && !qualified(name, segment.at) {
			return f
		}
	}
	return ""
}

func alnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
