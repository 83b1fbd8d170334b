// Package envname holds the well-known words for environments: one list for
// those who look for environments in names and for those who take
// environments' names out of values.
package envname

import "slices"

// Family is one kind of environment with the words for it.
type Family struct {
	// Name is the family's main word.
	Name string
	// Rank orders families towards production.
	Rank int
	// Words name the environment wherever they stand as a whole segment.
	Words []string
	// Loose words name it in the name of a file or directory; in a value they
	// mean other things as often.
	Loose []string
	// Weak families stand for other things as often: in the name of a file they
	// count beside another environment only.
	Weak bool
}

var families = []Family{
	{Name: "local", Rank: 10, Loose: []string{"local", "localhost"}, Weak: true},
	{Name: "dev", Rank: 10, Words: []string{"dev", "development", "devel", "develop"}},
	{Name: "sandbox", Rank: 10, Words: []string{"sandbox", "sbx", "sbox"}, Weak: true},
	{Name: "preview", Rank: 15, Loose: []string{"preview", "previews"}, Weak: true},
	{Name: "demo", Rank: 20, Words: []string{"demo"}, Weak: true},
	{Name: "test", Rank: 20, Words: []string{"test", "testing", "tst"}, Weak: true},
	{Name: "qa", Rank: 20, Words: []string{"qa"}},
	{Name: "integration", Rank: 20, Words: []string{"integration", "int", "integ"}, Weak: true},
	{Name: "uat", Rank: 30, Words: []string{"uat", "acceptance"}},
	{Name: "preprod", Rank: 30, Words: []string{"preprod", "preproduction", "ppd"}},
	{Name: "staging", Rank: 40, Words: []string{"staging", "stage", "stg"}},
	{Name: "canary", Rank: 45, Words: []string{"canary"}, Weak: true},
	{Name: "production", Rank: 50, Words: []string{"production", "prod", "prd"}, Loose: []string{"live"}},
}

// Families lists every family, in the order of their ranks.
func Families() []Family { return slices.Clone(families) }

// Of finds the family of a lower-case word; loose words count too. The name is
// empty where there is none.
func Of(word string) (f Family, ok bool) {
	for _, f := range families {
		if slices.Contains(f.Words, word) || slices.Contains(f.Loose, word) {
			return f, true
		}
	}
	return Family{}, false
}
