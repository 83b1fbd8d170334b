package envname

import (
	"cmp"
	"slices"
	"strings"
)

// Named is an environment with the names that are its own.
type Named struct {
	// Name is what the environment is called, in lower case.
	Name   string
	Rank   int
	Values []string
}

// maxUnknown bounds the environments among which words are taken that the world
// does not know.
const maxUnknown = 12

// UnknownRank is that of environments whose words the world does not know.
const UnknownRank = 25

// InName finds the one environment that a name such as shop-staging tells of, by
// a whole segment of it. rest is the name without that segment. A name that tells
// of two environments, or of what is none (non-prod), tells of none.
func InName(name string) (f Family, as, rest string, ok bool) {
	segments := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == ' ' || r == '/' })
	var others []string
	for i := 0; i < len(segments); i++ {
		word := segments[i]
		if word == "pre" && i+1 < len(segments) && strings.HasPrefix(segments[i+1], "prod") {
			i++
			word = "preprod"
		}
		g, known := Of(word)
		switch {
		case !known || slices.Contains(g.Loose, word) && len(segments) > 1:
			others = append(others, word)
		case ok || len(others) > 0 && slices.Contains([]string{"non", "near", "not"}, others[len(others)-1]):
			return Family{}, "", "", false
		default:
			f, as, ok = g, word, true
		}
	}
	return f, as, strings.Join(others, "-"), ok
}

// Group puts names in environments, in the order towards production. With whole
// each name is all of an environment's, as the values of a label env are: then
// names that the world does not know are environments too, beside one that it
// knows. Fewer than two environments are none.
func Group(names []string, whole bool) []Named {
	var found []Named
	add := func(name string, rank int, value string) {
		i := slices.IndexFunc(found, func(n Named) bool { return n.Name == name })
		if i < 0 {
			i = len(found)
			found = append(found, Named{Name: name, Rank: rank})
		}
		found[i].Values = append(found[i].Values, value)
	}
	strong := false
	var unknown []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		f, as, _, ok := InName(name)
		switch {
		case name == "":
		case ok && whole:
			add(strings.ToLower(name), f.Rank, name)
			strong = strong || !f.Weak
		case ok:
			add(spelledOf(found, f, as), f.Rank, name)
			strong = strong || !f.Weak
		default:
			unknown = append(unknown, name)
		}
	}
	if whole && strong && len(found)+len(unknown) <= maxUnknown {
		for _, name := range unknown {
			add(strings.ToLower(name), UnknownRank, name)
		}
	}
	if len(found) < 2 || !strong {
		return nil
	}
	slices.SortStableFunc(found, func(a, b Named) int { return cmp.Compare(a.Rank, b.Rank) })
	return found
}

// spelledOf is the name under which an environment of a family is there already,
// else its word: staging and stg are one.
func spelledOf(found []Named, f Family, as string) string {
	for _, n := range found {
		if g, ok := Of(n.Name); ok && g.Name == f.Name {
			return n.Name
		}
	}
	return as
}
