package discover

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// rare makes doubts of unknown words that stand in few of many families: one
// service's own flavour is no environment.
func rare(all map[string]*family) {
	const many = 4
	sure, count := 0, map[string]int{}
	for _, f := range all {
		if !f.sure {
			continue
		}
		sure++
		for _, r := range f.readings {
			count[r.class]++
		}
	}
	for _, f := range all {
		for w, r := range f.readings {
			if !r.known && sure >= many && many*count[r.class] < sure {
				r.doubt = true
				f.readings[w] = r
			}
		}
	}
}

// vocabulary is what words of several parts mean in most of the families that
// tell environments apart. Whole words need none.
func vocabulary(all map[string]*family) map[string]reading {
	votes := map[string]map[reading]int{}
	for _, f := range all {
		for w, r := range f.readings {
			if !f.sure || r.stem == "" && r.known {
				continue
			}
			if votes[w] == nil {
				votes[w] = map[reading]int{}
			}
			votes[w][r]++
		}
	}
	out := map[string]reading{}
	for w, of := range votes {
		best := slices.SortedFunc(maps.Keys(of), func(a, b reading) int {
			return cmp.Or(cmp.Compare(of[b], of[a]), strings.Compare(a.class+a.stem, b.class+b.stem))
		})
		out[w] = best[0]
	}
	return out
}

// recall reads words that other families tell the meaning of.
func (f *family) recall(known map[string]reading) {
	if f.additions() {
		return
	}
	for w := range f.words {
		r, ok := known[w]
		if old, read := f.readings[w]; ok && (!read || old.doubt) {
			f.readings[w] = r
		}
	}
}
