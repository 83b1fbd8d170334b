package compare

import (
	"strings"

	"github.com/envparity/parity"
)

// loneCarried looks at a fact that only one side has: a leak where it carries
// another environment's spelling, and not its own, in an address at which other
// subjects of any column have their own.
func (r *run) loneCarried(c *column, f *parity.Fact) (note string, ok bool) {
	if r.opt.OneEnvironment || f.Value.Kind == parity.Image || hidden(f) || !binds(f) {
		return "", false
	}
	text := r.text(f)
	if !short(text) || !addressed(f.Path, text) && !storeKey(f.Path) {
		return "", false
	}
	for _, k := range r.cols {
		// The two environments of one of which the fact is.
		if k == r.ref || k.environment() == r.ref.environment() || c.environment() != k.environment() && c.environment() != r.ref.environment() {
			continue
		}
		if !r.boundElsewhere(-1, k.index, f.Path) {
			continue
		}
		whose, text := r.carried(c, k, text)
		if whose != "" {
			return c.name + " has " + whose + "'s " + quote(text) + ", where other subjects have their own", true
		}
	}
	if whose, word := r.foreignKey(c, f.Path, text); whose != "" {
		return c.name + " has " + whose + "'s " + quote(word) + ", where other subjects have their own", true
	}
	return "", false
}

// foreignKey finds another environment's word as a part of a key of a secret
// store, where more subjects of the environment have its own word at such a
// place. The other environment need not be compared.
func (r *run) foreignKey(c *column, path, text string) (whose, word string) {
	if c.family == "" || !storeKey(path) {
		return "", ""
	}
	family, word := partOfFamily(text)
	if family == "" || family == c.family {
		return "", ""
	}
	own, foreign := r.storeKeys(c)
	if own < r.opt.MinSupport || own <= foreign {
		return "", ""
	}
	return r.familyName(family), word
}

// partOfFamily returns the environment that a key of a store names as one of its
// parts; empty where it names none, or several.
func partOfFamily(key string) (family, word string) {
	for part := range strings.SplitSeq(key, "/") {
		f := wordFamily[lower(part)]
		if f == "" || f == family {
			continue
		}
		if family != "" {
			return "", ""
		}
		family, word = f, part
	}
	return family, word
}

// storeKeys counts the subjects of a column's environment that read keys which
// name the environment, and those which name another one. It looks at all facts
// of the environment once.
func (r *run) storeKeys(c *column) (own, foreign int) {
	if n, ok := r.keysOf[c.environment()]; ok {
		return n[0], n[1]
	}
	for _, w := range r.rows {
		var seen [2]bool
		for i, side := range w.aligned.Sides {
			if side == nil || r.cols[i].environment() != c.environment() {
				continue
			}
			for j := range side.Facts {
				f := &side.Facts[j]
				if !storeKey(f.Path) {
					continue
				}
				if family, _ := partOfFamily(f.Value.Raw); family != "" {
					seen[0], seen[1] = seen[0] || family == c.family, seen[1] || family != c.family
				}
			}
		}
		if seen[0] {
			own++
		}
		if seen[1] {
			foreign++
		}
	}
	if r.keysOf == nil {
		r.keysOf = map[string][2]int{}
	}
	r.keysOf[c.environment()] = [2]int{own, foreign}
	return own, foreign
}

func (c *column) environment() string { return c.snap.Column.Environment }

// carried finds a spelling of the other one of two environments in a text of a
// column: of the reference's in one of k's, or of k's in one of the reference's.
func (r *run) carried(c, k *column, text string) (whose, spelling string) {
	b, other := r.binders[k.index], r.ref
	own, theirs := b.own, b.ref
	if c.environment() == r.ref.environment() {
		own, theirs, other = b.ref, b.own, k
	}
	rest, words := own.abstract(text, nil)
	theirs.each(rest, nil, func(x match) bool {
		switch {
		case x.token.class != environmentClass:
			if b.common(x.token) {
				return true
			}
		case len(words) > 0 || !x.token.word || c.family == "":
			return true // both environments' words, or an empty spelling
		}
		whose, spelling = other.environment(), rest[x.start:x.end]
		return false
	})
	return whose, spelling
}

// storeKey reports whether an external secret names a key of its store at a path.
func storeKey(path string) bool {
	return strings.HasSuffix(path, "/extract/key") || strings.HasSuffix(path, "/remoteRef/key")
}

// familyName is the environment of that family, or the family's own name where
// no column is of it.
func (r *run) familyName(family string) string {
	for _, c := range r.cols {
		if c.family == family {
			return c.environment()
		}
	}
	return family
}
