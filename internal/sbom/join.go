package sbom

import (
	"cmp"
	"slices"
	"strings"
)

// joined sorts components and makes one of those that are the same package at
// the same version.
func joined(all []Component) []Component {
	for i := range all {
		all[i].key = all[i].PURL.Key()
	}
	slices.SortStableFunc(all, func(a, b Component) int {
		return cmp.Or(strings.Compare(a.key, b.key), compareVersions(a.PURL.Version, b.PURL.Version), cmp.Compare(a.Line, b.Line))
	})
	out := all[:0]
	for _, c := range all {
		if n := len(out); n > 0 && out[n-1].key == c.key && sameVersion(out[n-1].PURL.Version, c.PURL.Version) {
			out[n-1].join(c)
			continue
		}
		out = append(out, c)
	}
	for i := range out {
		slices.Sort(out[i].Licenses)
		slices.SortFunc(out[i].Hashes, func(a, b Hash) int {
			return cmp.Or(strings.Compare(a.Algorithm, b.Algorithm), strings.Compare(a.Value, b.Value))
		})
	}
	return out
}

// sameVersion reports whether two spellings are of one version: v1.2.3 and 1.2.3.
func sameVersion(a, b string) bool {
	if a == b {
		return true
	}
	a, _ = canonical(a)
	b, _ = canonical(b)
	return a == b
}

// join takes what another mention says besides. What is needed anywhere at
// run time is needed at run time.
func (c *Component) join(o Component) {
	c.Scope = stronger(c.Scope, o.Scope)
	for _, x := range o.Licenses {
		if !slices.Contains(c.Licenses, x) {
			c.Licenses = append(c.Licenses, x)
		}
	}
	for _, x := range o.Hashes {
		if !slices.Contains(c.Hashes, x) {
			c.Hashes = append(c.Hashes, x)
		}
	}
}

func (s Scope) strength() int {
	return slices.Index([]Scope{Unscoped, Development, Optional, Runtime}, s)
}

func stronger(a, b Scope) Scope {
	if a.strength() >= b.strength() {
		return a
	}
	return b
}

// compareVersions orders versions by their numbers and words, so that 1.10 is
// above 1.9 and a release above its candidates. It orders texts of any
// grammar, the same way whichever comes first.
func compareVersions(a, b string) int {
	x, y := strings.TrimPrefix(a, "v"), strings.TrimPrefix(b, "v")
	x, _, _ = strings.Cut(x, "+")
	y, _, _ = strings.Cut(y, "+")
	coreX, preX, _ := strings.Cut(x, "-")
	coreY, preY, _ := strings.Cut(y, "-")
	if c := compareParts(coreX, coreY); c != 0 {
		return c
	}
	switch {
	case preX == "" && preY != "":
		return 1
	case preX != "" && preY == "":
		return -1
	}
	return cmp.Or(compareParts(preX, preY), strings.Compare(a, b))
}

func compareParts(a, b string) int {
	for a != "" || b != "" {
		var p, q string
		p, a, _ = strings.Cut(a, ".")
		q, b, _ = strings.Cut(b, ".")
		x, y := digits(p), digits(q)
		switch {
		case x && !y:
			return -1
		case y && !x:
			return 1
		case x:
			p, q = strings.TrimLeft(p, "0"), strings.TrimLeft(q, "0")
			if c := cmp.Compare(len(p), len(q)); c != 0 {
				return c
			}
		}
		if c := strings.Compare(p, q); c != 0 {
			return c
		}
	}
	return 0
}

// digits reports whether a text is a number; the empty text is 0.
func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
