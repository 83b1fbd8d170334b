package discover

import (
	"path"
	"slices"
	"strings"
)

// found is a place with the environment that it is of.
type found struct {
	place    *place
	reading  reading
	instance string
	// path is what the source reads: the place's, or the directory that the
	// environment's name cuts out of it.
	path   string
	source Source
}

// assignment puts places to environments.
type assignment struct {
	inv      *inventory
	known    func(collector, key string) bool
	families map[string]*family
	roles    stemRoles
	sites    *sites
	found    []found
	notes    []string
	left     []leftOut
}

func (a *assignment) note(text string) {
	if !slices.Contains(a.notes, text) {
		a.notes = append(a.notes, text)
	}
}

// hit is a hole of a place whose word is an environment.
type hit struct {
	at      int
	reading reading
	sure    bool
	role    role
}

// hits finds the environments in a place's path.
func (a *assignment) hits(p *place) []hit {
	var out []hit
	for i, word := range p.segs {
		if i > 0 && isBase(p.segs[i-1]) {
			break
		}
		f := a.families[key(p, i)]
		if f == nil {
			continue
		}
		if r, ok := f.readings[word]; ok {
			out = append(out, hit{i, r, f.sure, a.roles.role(f, word, r)})
		}
	}
	return out
}

// choose picks the hole that says whose the place is: the outermost one, but
// one further in that tells environments apart where the outer one does not.
func choose(hits []hit) (hit, bool) {
	if certain := slices.DeleteFunc(slices.Clone(hits), func(h hit) bool { return h.reading.doubt }); len(certain) > 0 {
		hits = certain
	}
	best := hits[0]
	for _, h := range hits[1:] {
		if h.reading.class == best.reading.class {
			continue
		}
		if h.sure && !best.sure {
			best = h
			continue
		}
		if h.sure == best.sure {
			return best, false
		}
	}
	return best, true
}

// all assigns every place.
func (a *assignment) all(places []*place) {
	for _, p := range places {
		hits := a.hits(p)
		if len(hits) == 0 {
			a.sited(p)
			continue
		}
		h, ok := choose(hits)
		if !ok && !p.dir {
			a.leave(p.path, "the path names two environments.")
			continue
		}
		if p.dir {
			a.directory(p, h)
		} else {
			a.file(p, h, hits)
		}
	}
}

// directory assigns a directory: what is read is the directory that the
// environment's name ends, or its instance's.
func (a *assignment) directory(p *place, h hit) {
	cut := h.at + 1
	f := found{place: p, reading: h.reading}
	f.settle(h.role)
	if name, n := a.sites.below(p.segs, cut, h.reading.class); n > 0 {
		f.instance, cut = name, cut+n
	} else if h.at > 0 && f.instance == "" {
		f.instance = a.sites.above(p.segs, h.at)
	}
	f.path = path.Join(p.segs[:cut]...)
	f.add(a, reader{dir: f.path, class: h.reading.class})
}

// site is what an instance is called: its region, or the whole name.
func (f *found) site() string {
	if isRegion(f.reading.stem) {
		return f.reading.stem
	}
	return f.reading.word
}

// settle makes of the rest of a word what it stands for.
func (f *found) settle(r role) {
	switch r {
	case instance:
		f.instance = f.site()
	case variant:
		f.reading.as = strings.Trim(f.reading.as+"-"+f.reading.stem, "-")
		f.reading.class, f.reading.stem = f.reading.as, ""
		f.reading.rank--
	}
}

func (f found) add(a *assignment, r reader) {
	source, ok := f.place.source(r)
	if !ok {
		return
	}
	f.source = source
	if slices.ContainsFunc(a.found, func(o found) bool {
		return (o.path == f.path || o.source.id() == source.id()) && o.source.Collector == source.Collector && o.reading.class == f.reading.class && o.instance == f.instance
	}) {
		return
	}
	a.found = append(a.found, f)
}

// file assigns a file.
func (a *assignment) file(p *place, h hit, hits []hit) {
	f := found{place: p, reading: h.reading, path: p.path}
	f.settle(h.role)
	last := len(p.segs) - 1
	r := reader{class: h.reading.class, stem: p.segs[last], named: h.at == last}
	var common []string
	for i, s := range p.segs[:last] {
		k := slices.IndexFunc(hits, func(o hit) bool { return o.at == i && o.reading.class == h.reading.class })
		switch {
		case k >= 0:
			if f.instance == "" && hits[k].role == instance {
				f.reading = hits[k].reading
				f.instance = f.site()
			}
		case f.instance == "" && isRegion(s):
			f.instance = s
		default:
			common = append(common, s)
		}
	}
	if k := slices.IndexFunc(hits, func(o hit) bool { return o.at == last }); k >= 0 {
		r.stem = hits[k].reading.stem
		if hits[k].role == instance || f.reading.stem == "" && hits[k].role == variant {
			r.stem = ""
		}
	} else if isRegion(r.stem) && f.instance == "" {
		f.instance, r.stem = r.stem, ""
	}
	r.common = path.Join(common...)
	if f.instance == "" && h.at > 0 && h.at <= last {
		f.instance = a.sites.above(p.segs, h.at)
	}
	f.add(a, r)
}

// sited assigns a directory whose path names a site of an environment that is
// known from elsewhere.
func (a *assignment) sited(p *place) {
	if !p.dir {
		return
	}
	s, cut, ok := a.sites.within(p.segs)
	if !ok || slices.ContainsFunc(p.segs[:cut], isNeutral) {
		return
	}
	f := found{place: p, reading: s.reading, instance: s.name, path: path.Join(p.segs[:cut]...)}
	f.add(a, reader{dir: f.path, class: s.reading.class})
}
