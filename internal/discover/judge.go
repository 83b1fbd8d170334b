package discover

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// judge decides which words of the families are environments.
func judge(inv *inventory, all map[string]*family) {
	kin := map[string]map[string]bool{} // kin to the classes of whole words
	strong := map[string]bool{}
	for _, f := range all {
		if f.together(inv) {
			f.words = map[string]*member{}
			continue
		}
		f.read()
		f.stated(inv.facts.stated)
		for w := range f.words {
			if e, ok := wholeWord(w); ok {
				if kin[f.kin()] == nil {
					kin[f.kin()] = map[string]bool{}
				}
				kin[f.kin()][e.Name] = true
				strong[f.kin()] = strong[f.kin()] || !e.Weak
			}
		}
	}
	classes := map[string]bool{}
	for _, f := range all {
		if f.sure {
			for _, r := range f.readings {
				classes[r.class] = classes[r.class] || !r.doubt
			}
		}
	}
	rare(all)
	known := vocabulary(all)
	for _, f := range all {
		f.recall(known)
		f.lone(all, classes, len(kin[f.kin()]) > 1 && strong[f.kin()])
	}
}

// together reports whether one kustomization reads several words of the
// family: then they are parts of one environment.
func (f *family) together(inv *inventory) bool {
	readers := map[string]int{}
	for _, m := range f.words {
		if _, ok := firstKnown(m.word); !ok {
			continue
		}
		own := map[string]bool{}
		for _, p := range m.places {
			for _, by := range inv.facts.referred[p.path] {
				own[by] = true
			}
		}
		for by := range own {
			readers[by]++
		}
	}
	for _, n := range readers {
		if n > 1 {
			return true
		}
	}
	return false
}

func firstKnown(word string) (span, bool) {
	spans := known(word)
	if len(spans) == 0 {
		return span{}, false
	}
	return spans[0], true
}

// read gives the words of the family their meaning, as far as the family alone
// tells it.
func (f *family) read() {
	slots := f.slots()
	var sure []*slot
	for _, h := range slices.SortedFunc(maps.Keys(slots), func(a, b hole) int {
		return cmp.Or(strings.Compare(a.prefix, b.prefix), strings.Compare(a.suffix, b.suffix))
	}) {
		if s := slots[h]; s.sure() {
			sure = append(sure, s)
		}
	}
	if len(sure) == 0 {
		sure = f.mixed(slots)
	}
	if len(sure) == 0 {
		return
	}
	f.sure = true
	slices.SortStableFunc(sure, func(a, b *slot) int { return cmp.Compare(len(b.classes), len(a.classes)) })
	for _, s := range sure {
		if s == slots[s.hole] {
			f.take(s)
		}
	}
	for _, s := range slots {
		if !s.sure() && !s.fused && (s.strong || s.hole == hole{}) {
			f.take(s)
		}
	}
	f.bare()
	f.others(sure)
}

// mixed finds environments whose names have different things beside them
// (moc-prod, ocp4-stage): where most of the siblings end in a word for one, and
// they are laid out alike.
func (f *family) mixed(slots map[hole]*slot) []*slot {
	all := &slot{words: map[string]span{}, classes: map[string]bool{}}
	siblings := 0
	for w := range f.words {
		if !isNeutral(w) {
			siblings++
		}
	}
	for h, s := range slots {
		if h.suffix != "" || s.fused {
			continue
		}
		maps.Copy(all.words, s.words)
		maps.Copy(all.classes, s.classes)
		all.strong = all.strong || s.strong
	}
	if !all.sure() || f.additions() || 3*len(all.words) < 2*siblings {
		return nil
	}
	words := slices.Sorted(maps.Keys(all.words))
	for _, w := range words[1:] {
		if alike(f.words[words[0]], f.words[w]) < alikeALittle {
			return nil
		}
	}
	return []*slot{all}
}

// take reads the words of a hole that are known.
func (f *family) take(s *slot) {
	for w, sp := range s.words {
		if _, read := f.readings[w]; read || sp.fused && !s.sure() {
			continue
		}
		f.readings[w] = reading{
			class: sp.family.Name, rank: sp.family.Rank, as: strings.ToLower(w[sp.start:sp.end]), stem: s.stem(), word: w,
			weak: sp.family.Weak, known: true,
		}
	}
}

// bare reads a word that stands beside the same word with an environment, and
// without one for production, as production.
func (f *family) bare() {
	production := map[string]bool{}
	lower := map[string]bool{}
	for _, r := range f.readings {
		production[r.stem] = production[r.stem] || r.class == "production"
		lower[r.stem] = lower[r.stem] || r.class != "production" && !r.weak
	}
	for w := range f.words {
		if _, read := f.readings[w]; !read && !isNeutral(w) && lower[w] && !production[w] {
			f.readings[w] = reading{class: "production", rank: 50, as: "prod", stem: w, word: w, known: true}
		}
	}
}

// others reads unknown words that stand where environments stand: those laid
// out like them are environments, those that are a little like them a doubt.
func (f *family) others(sure []*slot) {
	for _, w := range f.sorted() {
		if _, read := f.readings[w]; read || isNeutral(w) {
			continue
		}
		if f.additions() {
			f.unknown = append(f.unknown, w)
			continue
		}
		if r, ok := f.sibling(w, sure); ok {
			f.readings[w] = r
		}
	}
}

// How much of what two siblings hold is the same in both: enough for an
// environment, and enough to ask.
const (
	alikeEnough  = 0.5
	alikeALittle = 0.2
)

// sibling reads an unknown word by its place.
func (f *family) sibling(w string, sure []*slot) (reading, bool) {
	best := 0.0
	for _, s := range slices.Backward(sure) {
		likeness := f.likeness(w, s)
		best = max(best, likeness)
		x, ok := s.cut(w)
		if ok && (s.hole == hole{} || oneToken(x)) && likeness >= alikeEnough {
			return reading{class: strings.ToLower(x), rank: rankOf(x), as: strings.ToLower(x), stem: s.stem(), word: w}, true
		}
	}
	low := strings.ToLower(w)
	return reading{class: low, rank: rankOf(w), as: low, word: w, doubt: true}, best >= alikeALittle
}

// likeness is how much a word's places are like those of the words of a hole.
func (f *family) likeness(word string, s *slot) float64 {
	best := 0.0
	for w := range s.words {
		best = max(best, alike(f.words[word], f.words[w]))
	}
	return best
}

// additions reports whether the family is of files that add to others.
func (f *family) additions() bool {
	for _, m := range f.words {
		for _, p := range m.places {
			return f.affix != "" && p.layout.additions
		}
	}
	return false
}

func oneToken(s string) bool {
	return s != "" && !strings.ContainsAny(s, "-_. ")
}

// rankOf orders words that are not known: below staging, above what developers
// use.
func rankOf(word string) int {
	const unknown = 25
	if strings.HasPrefix(word, "pre") {
		return unknown + 10
	}
	return unknown
}

// lone reads whole words of a family that does not tell environments apart by
// itself: where their kind of environment is known from others, or the word
// means nothing else.
func (f *family) lone(all map[string]*family, classes map[string]bool, kin bool) {
	for w, m := range f.words {
		if _, read := f.readings[w]; read {
			continue
		}
		e, ok := wholeWord(w)
		if !ok || f.affix == "" && f.holdsEnvironments(all, w) {
			continue
		}
		alone := slices.ContainsFunc(m.places, func(p *place) bool { return p.alone })
		if classes[e.Name] && !e.Weak || kin || alone && !e.Weak {
			f.readings[w] = reading{class: e.Name, rank: e.Rank, as: strings.ToLower(w), word: w, weak: e.Weak, known: true}
		}
	}
}
