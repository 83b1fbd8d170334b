package discover

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// site is an instance of an environment that has a directory below it.
type site struct {
	reading reading
	path    []string // below the environment's directory
	name    string
}

// sites are the instances that directories tell of.
type sites struct {
	known []site
	// upper are directories above environments that are instances: the
	// directory to its name.
	upper map[string]string
}

// findSites looks below, and above, the directories of environments for what
// tells clusters, regions and sites apart.
func findSites(inv *inventory, all map[string]*family) *sites {
	s := &sites{upper: map[string]string{}}
	var found []candidate
	for _, k := range slices.Sorted(maps.Keys(all)) {
		f := all[k]
		if f.affix != "" {
			continue
		}
		for _, w := range f.sorted() {
			if r, ok := f.readings[w]; ok && !r.doubt {
				found = append(found, lower(inv, f, path.Join(f.prefix, w), r)...)
			}
		}
		if f.sure && f.prefix != "." && f.prefix != "" {
			s.outer(all, f)
		}
	}
	s.choose(inv, all, found)
	slices.SortFunc(s.known, func(a, b site) int {
		return strings.Compare(a.reading.class+"\x00"+path.Join(a.path...), b.reading.class+"\x00"+path.Join(b.path...))
	})
	return s
}

// candidate is a directory below an environment's that is read for itself.
type candidate struct {
	site
	family *family
	dir    string // the environment's directory
	at     string // its own
	beside int    // how many such directories there are, it included
}

// bare is the name without a word for an environment.
func (c candidate) bare() string {
	if sp, ok := firstKnown(c.name); ok && !sp.fused {
		return hole{c.name[:sp.start], c.name[sp.end:]}.stem()
	}
	return c.name
}

// lower lists the directories below an environment's that are read each.
func lower(inv *inventory, f *family, dir string, r reading) []candidate {
	if inv.root(dir) {
		return nil
	}
	var tops []string
	for _, d := range inv.below(dir) {
		if d.path == dir || !inv.root(d.path) || slices.ContainsFunc(tops, func(t string) bool { return strings.HasPrefix(d.path, t+"/") }) {
			continue
		}
		if !slices.ContainsFunc(split(strings.TrimPrefix(d.path, dir+"/")), hasBase) && !inv.partOf(dir, d) {
			tops = append(tops, d.path)
		}
	}
	var out []candidate
	for _, t := range tops {
		rel := split(strings.TrimPrefix(t, dir+"/"))
		out = append(out, candidate{site{reading: r, path: rel, name: strings.Join(rel, "-")}, f, dir, t, len(tops)})
	}
	return out
}

// partOf reports whether another kustomization below dir refers to a directory, or
// to a file in it: a part of what is built there, and nothing of its own.
func (inv *inventory) partOf(dir string, d *folder) bool {
	from := func(to string) bool {
		return slices.ContainsFunc(inv.facts.referred[to], func(by string) bool {
			return strings.HasPrefix(by, dir+"/") && by != d.path && !strings.HasPrefix(by, d.path+"/")
		})
	}
	return from(d.path) || slices.ContainsFunc(d.files, func(name string) bool { return from(path.Join(d.path, name)) })
}

// hasBase reports whether a name is that of something in common.
func hasBase(name string) bool {
	return isNeutral(name) || slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return strings.ContainsRune("-_.", r)
	}), isBase)
}

// choose decides which candidates are instances: regions; what lies below the
// environments of several families; and where there is none of that, what
// declares the same things as what is beside it or is told apart elsewhere
// too. What lies below several environments of one family only is a service.
func (s *sites) choose(inv *inventory, all map[string]*family, found []candidate) {
	families, classes := map[string]map[*family]bool{}, map[string]map[string]bool{}
	for _, c := range found {
		if families[c.name] == nil {
			families[c.name] = map[*family]bool{}
		}
		if classes[c.bare()] == nil {
			classes[c.bare()] = map[string]bool{}
		}
		families[c.name][c.family] = true
		classes[c.bare()][c.reading.class] = true
	}
	several := false
	for _, c := range found {
		if isRegion(c.path[0]) && c.beside > 1 {
			s.known = append(s.known, c.site)
		} else if len(families[c.name]) > 1 {
			several = true
			s.known = append(s.known, c.site)
		}
	}
	if several {
		return
	}
	groups := map[string][]candidate{}
	for _, c := range found {
		if !isRegion(c.path[0]) && len(classes[c.bare()]) == 1 {
			groups[c.dir] = append(groups[c.dir], c)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(groups)) {
		s.alone(inv, all, dir, groups[dir])
	}
}

// alone adds the directories below one environment's where they declare the
// same things, or are told apart elsewhere.
func (s *sites) alone(inv *inventory, all map[string]*family, dir string, group []candidate) {
	var tops []string
	for _, c := range group {
		tops = append(tops, c.at)
	}
	if len(tops) < 2 || !inv.sameTargets(tops) && !recur(all, dir, tops) {
		return
	}
	for _, c := range group {
		s.known = append(s.known, c.site)
	}
}

// root reports whether a directory is read as one thing.
func (inv *inventory) root(dir string) bool {
	_, kustomization := inv.facts.kustom[dir]
	_, chart := inv.facts.around(dir, 1)
	return kustomization || chart || inv.facts.objects[dir]
}

// sameTargets reports whether most kustomizations vary the same thing as
// another of them.
func (inv *inventory) sameTargets(tops []string) bool {
	count := map[string]int{}
	for _, t := range tops {
		for _, to := range inv.facts.kustom[t] {
			if inv.byPath[to] != nil {
				count[to]++
			}
		}
	}
	same := 0
	for _, t := range tops {
		all, common := 0, 0
		for _, to := range inv.facts.kustom[t] {
			if inv.byPath[to] != nil {
				all++
				if count[to] > 1 {
					common++
				}
			}
		}
		if all > 0 && 2*common >= all {
			same++
		}
	}
	return 2*same > len(tops)
}

// recur reports whether most of the names are told apart in other places too,
// where no environment is named.
func recur(all map[string]*family, dir string, tops []string) bool {
	recurring := 0
	for _, t := range tops {
		name, n := path.Base(t), 0
		for _, f := range all {
			if _, env := f.readings[name]; f.affix == "" && !env && f.words[name] != nil && f.prefix != dir && !strings.HasPrefix(f.prefix, dir+"/") && !f.holdsEnvironments(all, name) {
				n++
			}
		}
		if n > 1 {
			recurring++
		}
	}
	return 2*recurring > len(tops)
}

// holdsEnvironments reports whether environments are told apart below a word.
func (f *family) holdsEnvironments(all map[string]*family, word string) bool {
	below := path.Join(f.prefix, word)
	for _, o := range all {
		if o.sure && (o.prefix == below || strings.HasPrefix(o.prefix, below+"/")) {
			return true
		}
	}
	return false
}

// outer finds out whether the directory above a family of environments is an
// instance: a sibling of it holds the same environments of mostly the same
// things, and none of them are its own. A service has a base of its own, and may
// share a file or two with other services.
func (s *sites) outer(all map[string]*family, f *family) {
	name := path.Base(f.prefix)
	if isRegion(name) {
		s.upper[f.prefix] = name
		return
	}
	if f.ownThings() {
		return
	}
	for _, o := range all {
		if o == f || !o.sure || o.affix != f.affix || path.Dir(o.prefix) != path.Dir(f.prefix) {
			continue
		}
		for w := range f.readings {
			if o.words[w] != nil && f.sameThings(w, o) {
				s.upper[f.prefix] = name
				return
			}
		}
	}
}

// ownThings reports whether a kustomization of an environment builds on what lies
// beside the environments.
func (f *family) ownThings() bool {
	for w := range f.readings {
		for k := range f.words[w].inner {
			target, ok := strings.CutPrefix(k, "-> ")
			if ok && strings.HasPrefix(target, f.prefix+"/") && !strings.HasPrefix(target, path.Join(f.prefix, w)+"/") {
				return true
			}
		}
	}
	return false
}

// sameThings reports whether at least half of what the kustomizations of a word
// vary outside of it is what those of the word vary in another family.
func (f *family) sameThings(word string, o *family) bool {
	all, common := 0, 0
	for k := range f.words[word].inner {
		target, ok := strings.CutPrefix(k, "-> ")
		if !ok || strings.HasPrefix(target, path.Join(f.prefix, word)+"/") {
			continue
		}
		all++
		if o.words[word].inner[k] {
			common++
		}
	}
	return common > 0 && 2*common >= all
}

// above is the instance that a directory above an environment stands for.
func (s *sites) above(segs []string, at int) string { return s.upper[path.Join(segs[:at]...)] }

// below finds the instance whose directory follows an environment's, and how
// many names it takes.
func (s *sites) below(segs []string, cut int, class string) (string, int) {
	for _, k := range s.known {
		if k.reading.class == class && len(segs) >= cut+len(k.path) && slices.Equal(segs[cut:cut+len(k.path)], k.path) {
			return k.name, len(k.path)
		}
	}
	return "", 0
}

// within finds a site in a path that names no environment: all of its names,
// its last one, or them joined. A name of sites of two environments says
// nothing.
func (s *sites) within(segs []string) (found site, cut int, ok bool) {
	for i := range segs {
		for _, k := range s.known {
			n := len(k.path)
			if i+n <= len(segs) && n > 1 && slices.Equal(segs[i:i+n], k.path) {
				found, cut, ok = k, i+n, true
			}
		}
	}
	if ok {
		return found, cut, s.one(found)
	}
	for i, name := range segs {
		for _, k := range s.known {
			if i > 0 && (name == k.name || name == k.path[len(k.path)-1]) {
				if ok && k.name != found.name {
					return found, 0, false
				}
				found, cut, ok = k, i+1, true
			}
		}
	}
	return found, cut, ok && s.one(found)
}

// one reports whether the site's name is that of one environment's only.
func (s *sites) one(x site) bool {
	return !slices.ContainsFunc(s.known, func(k site) bool { return k.name == x.name && k.reading.class != x.reading.class })
}
