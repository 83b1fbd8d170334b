package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// filled returns the rule by which a map or list with nothing in it equals its
// absence where the other side has something in it: what is in it differs, and
// each part says so by itself.
func filled(f *parity.Fact, other *parity.SubjectFacts) parity.RuleSet {
	switch f.Value.Kind {
	case parity.Null, parity.Text:
	default:
		return 0
	}
	switch f.Value.Canonical() {
	case "[]", "{}", "null":
	default:
		return 0
	}
	if other == nil || !below(other.Facts, f.Path+"/") && !below(other.Facts, f.Path+"[") {
		return 0
	}
	return parity.SetOf(parity.EmptyIsAbsent)
}

// below reports whether any of the facts, which are sorted, has the prefix.
func below(facts []parity.Fact, prefix string) bool {
	i := sort.Search(len(facts), func(i int) bool { return facts[i].Path >= prefix })
	return i < len(facts) && strings.HasPrefix(facts[i].Path, prefix)
}
