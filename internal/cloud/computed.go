package cloud

import (
	_ "embed"
	"path"
	"strings"
	"sync"

	"github.com/envparity/parity"
)

//go:embed computed.tsv
var computedText string

// table is what is known of attributes, by attribute; a type is a pattern.
type table map[string][]known

type known struct {
	types []string
	rule  parity.Rule
	// secret is set where the attribute is a secret, given where it is not
	// computed though others of its name are.
	secret, given bool
}

// attributes reads the table. Its test reads it too, so that a row that cannot
// be read is found.
var attributes = sync.OnceValue(func() table {
	t, _ := readTable(computedText)
	return t
})

// readTable reads rows of types, an attribute, and what it is; bad counts the
// rows that cannot be read.
func readTable(text string) (t table, bad int) {
	t = table{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 3 {
			bad++
			continue
		}
		k := known{types: strings.Split(parts[0], "|")}
		switch parts[2] {
		case "secret":
			k.secret = true
		case "given":
			k.given = true
		default:
			if err := k.rule.UnmarshalText([]byte(parts[2])); err != nil {
				bad++
				continue
			}
		}
		for _, pattern := range k.types {
			if _, err := path.Match(pattern, ""); err != nil {
				bad++
			}
		}
		for name := range strings.SplitSeq(parts[1], "|") {
			t[name] = append(t[name], k)
		}
	}
	return t, bad
}

func (k known) fits(kind string) bool {
	for _, pattern := range k.types {
		if ok, _ := path.Match(pattern, kind); ok {
			return true
		}
	}
	return false
}

// computed gives the rule of an attribute at the top of a resource that its
// provider is known to compute.
func computed(kind, attribute string) parity.RuleSet {
	for _, k := range attributes()[strings.TrimPrefix(attribute, "/")] {
		switch {
		case k.secret || !k.fits(kind):
		case k.given:
			return 0
		default:
			return parity.SetOf(k.rule)
		}
	}
	return 0
}

// Computed reports whether a provider is known to compute an attribute of a
// type.
func Computed(kind, attribute string) bool { return computed(kind, attribute) != 0 }

// knownSecret reports whether an attribute is a secret by what its provider says
// of it. States of older versions do not list such attributes.
func knownSecret(kind, attribute string) bool {
	for _, k := range attributes()[attribute] {
		if k.secret && k.fits(kind) {
			return true
		}
	}
	return false
}
