package discover

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// family is a set of siblings: names that stand in one hole of a path, the
// next name below a directory, or what is left of the names of files of one
// layout in it.
type family struct {
	prefix string // the directory
	affix  string // what the layout took off the files' names; empty for directories
	words  map[string]*member
	// readings are what the words mean, for those that name environments.
	readings map[string]reading
	// sure reports that two environments are told apart here.
	sure bool
	// unknown are the words that stand beside the environments' and are none
	// that is known.
	unknown []string
}

// member is one word of a family with the places behind it.
type member struct {
	word   string
	places []*place
	// inner are the paths of the places below the hole.
	inner map[string]bool
}

// reading is what a word of a family means.
type reading struct {
	class string // name of the kind of environment, or the word itself
	rank  int
	as    string // the environment's own part of the word
	stem  string // the rest of it
	word  string // all of it
	weak  bool
	known bool
	// doubt reports that the word may be none.
	doubt bool
}

// kin is the same for families that are laid out alike: files of one layout,
// or directories within directories of one name.
func (f *family) kin() string {
	if f.affix != "" {
		return "file " + f.affix
	}
	return "dir " + path.Base(f.prefix)
}

// families groups places by each hole that their paths have.
func families(places []*place) map[string]*family {
	all := map[string]*family{}
	for _, p := range places {
		for i := range p.segs {
			if i > 0 && isBase(p.segs[i-1]) {
				break
			}
			f := all[key(p, i)]
			if f == nil {
				f = &family{prefix: path.Join(p.segs[:i]...), affix: p.affixAt(i), words: map[string]*member{}, readings: map[string]reading{}}
				all[key(p, i)] = f
			}
			f.add(p, i)
		}
	}
	return all
}

// affixAt is what was taken off the name at a hole: nothing for a directory.
func (p *place) affixAt(i int) string {
	if p.dir || i < len(p.segs)-1 {
		return ""
	}
	return p.affix
}

func key(p *place, i int) string {
	return strings.Join(p.segs[:i], "/") + "\x00" + p.affixAt(i)
}

func (f *family) add(p *place, i int) {
	m := f.words[p.segs[i]]
	if m == nil {
		m = &member{word: p.segs[i], inner: map[string]bool{}}
		f.words[p.segs[i]] = m
	}
	m.places = append(m.places, p)
	if inner := path.Join(p.segs[i+1:]...); inner != "" {
		m.inner[inner] = true
	}
	for _, k := range p.keys {
		m.inner[path.Join(path.Join(p.segs[i+1:]...), ":"+k)] = true
	}
	for _, t := range p.targets {
		m.inner["-> "+t] = true
	}
}

// alike is the share of what two members have within them that both have.
func alike(a, b *member) float64 {
	both := 0
	for k := range a.inner {
		if b.inner[k] {
			both++
		}
	}
	if len(a.inner)+len(b.inner) == 0 {
		return 1
	}
	return float64(both) / float64(len(a.inner)+len(b.inner)-both)
}

func (f *family) sorted() []string { return slices.Sorted(maps.Keys(f.words)) }

// hole is what the words of a family have around their varying part.
type hole struct{ prefix, suffix string }

func (h hole) stem() string {
	return strings.Trim(strings.Trim(h.prefix, "-_. ")+"-"+strings.Trim(h.suffix, "-_. "), "-")
}

// cut takes the hole's surroundings off a word.
func (h hole) cut(word string) (string, bool) {
	if len(word) <= len(h.prefix)+len(h.suffix) || !strings.HasPrefix(word, h.prefix) || !strings.HasSuffix(word, h.suffix) {
		return "", false
	}
	return word[len(h.prefix) : len(word)-len(h.suffix)], true
}

// slot is what was found of one hole.
type slot struct {
	hole
	words   map[string]span
	classes map[string]bool
	strong  bool
	fused   bool
}

// sure reports whether the hole's words tell two environments apart.
func (s *slot) sure() bool { return len(s.classes) > 1 && s.strong }

// slots finds the holes of a family's words.
func (f *family) slots() map[hole]*slot {
	out := map[hole]*slot{}
	for _, w := range f.sorted() {
		spans := known(w)
		if names := kindsOf(spans); names > 1 {
			continue // a name of two environments is neither's
		}
		for _, sp := range spans {
			h := hole{w[:sp.start], w[sp.end:]}
			s := out[h]
			if s == nil {
				s = &slot{hole: h, words: map[string]span{}, classes: map[string]bool{}}
				out[h] = s
			}
			s.words[w] = sp
			s.classes[sp.family.Name] = true
			s.strong = s.strong || !sp.family.Weak
			s.fused = s.fused || sp.fused
		}
	}
	regional(out)
	return out
}

// kindsOf counts the environments that stand in a name for themselves.
func kindsOf(spans []span) int {
	names := map[string]bool{}
	for _, sp := range spans {
		if !sp.fused {
			names[sp.family.Name] = true
		}
	}
	return len(names)
}

// regional lets the holes that differ in a region only tell environments apart
// together: staging beside production-eu and production-us.
func regional(all map[hole]*slot) {
	classes, strong := map[string]bool{}, false
	for h, s := range all {
		if h.stem() == "" || isRegion(h.stem()) {
			maps.Copy(classes, s.classes)
			strong = strong || s.strong
		}
	}
	for h, s := range all {
		if h.stem() == "" || isRegion(h.stem()) {
			s.classes, s.strong = classes, strong
		}
	}
}
