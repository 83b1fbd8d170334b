package discover

import (
	"strings"
)

// role is what the rest of a word beside the environment's name stands for.
type role uint8

const (
	// affix is what all siblings share, or the only one there is.
	affix role = iota
	// instance is a cluster, region or site of the environment.
	instance
	// service is a thing that lies beside others in the same environment.
	service
	// variant is an environment of its own beside the one of its kind.
	variant
)

// stemKey is a stem where files, or directories, of one kind carry it.
type stemKey struct {
	kind string // affix of the family's files
	stem string
}

// stemRoles is what stems stand for.
type stemRoles struct {
	of map[stemKey]role
	// sites are whole words that name an instance wherever they stand.
	sites map[string]bool
}

func (s stemRoles) role(f *family, word string, r reading) role {
	if s.sites[word] {
		return instance
	}
	return s.of[stemKey{f.affix, r.stem}]
}

// roles decides for each stem what it stands for, over all families: a word
// that is an instance's in one is so in all.
func roles(all map[string]*family) stemRoles {
	votes := map[stemKey]*[4]int{}
	sites := map[string]bool{}
	for _, f := range all {
		if !f.sure {
			continue
		}
		stems := map[string]map[string]bool{}
		for _, r := range f.readings {
			if r.doubt {
				continue
			}
			if stems[r.stem] == nil {
				stems[r.stem] = map[string]bool{}
			}
			stems[r.stem][r.class] = true
		}
		if len(stems) == 1 {
			continue
		}
		for w, r := range f.readings {
			if r.stem == "" || r.doubt {
				continue
			}
			k := stemKey{f.affix, r.stem}
			if votes[k] == nil {
				votes[k] = &[4]int{}
			}
			is := f.role(w, r, stems)
			if is == affix && f.affix == "" {
				r.as = strings.ToLower(w)
				f.readings[w] = r
			}
			votes[k][is]++
			sites[w] = sites[w] || is == instance
		}
	}
	out := map[stemKey]role{}
	for k, v := range votes {
		for _, r := range []role{affix, variant, service, instance} {
			if v[r] >= v[out[k]] {
				out[k] = r
			}
		}
	}
	return stemRoles{out, sites}
}

// role is what one family tells of a word's stem.
func (f *family) role(w string, r reading, stems map[string]map[string]bool) role {
	if isRegion(r.stem) {
		return instance
	}
	if len(stems[r.stem]) > 1 {
		if f.shared(w, r.stem) {
			return instance
		}
		return service
	}
	for other, o := range f.readings {
		if o.stem == "" && o.class == r.class && !o.doubt {
			const enough = 0.5
			if alike(f.words[w], f.words[other]) >= enough {
				return variant
			}
			return service
		}
	}
	for _, o := range f.readings {
		if o.class == r.class && o.stem != r.stem && f.shared(w, r.stem) {
			return instance
		}
	}
	return affix
}

// shared reports whether a word's places vary the same thing as those of a
// word with another stem.
func (f *family) shared(w, stem string) bool {
	for other, o := range f.readings {
		if o.stem == stem {
			continue
		}
		for k := range f.words[w].inner {
			if strings.HasPrefix(k, "-> ") && f.words[other].inner[k] {
				return true
			}
		}
	}
	return false
}
