package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// A name that is there again in a list has a count behind it: the second flag
// of a name is "[=--flag]#2". What the count says is the order in which they
// were read, which means nothing but for variables, of which the last one
// wins.

// repeat finds the first count in a path: base ends with the bracket that it
// follows, and index is the count with its sign.
func repeat(path string) (base, index string, ok bool) {
	for from := 0; ; {
		i := strings.Index(path[from:], "]#")
		if i < 0 {
			return "", "", false
		}
		at := from + i + 1
		end := at + 1
		for end < len(path) && path[end] >= '0' && path[end] <= '9' {
			end++
		}
		if end > at+1 && (end == len(path) || path[end] == '/' || path[end] == '[') {
			return path[:at], path[at:end], true
		}
		from = at
	}
}

// repeated reports whether any path has a count.
func repeated(facts []parity.Fact) bool {
	for i := range facts {
		if strings.IndexByte(facts[i].Path, '#') > 0 && strings.Contains(facts[i].Path, "]#") {
			return true
		}
	}
	return false
}

// ordered reports whether the count of a base means something.
func ordered(base string) bool {
	list := base[:strings.LastIndexByte(base, '[')]
	return strings.HasSuffix(list, "/env") || strings.HasSuffix(list, "/environment") || strings.HasSuffix(list, "/effectiveEnv")
}

// alignRepeats gives the column's facts the counts of the reference's facts
// that hold the same, name by name. keys are the column's paths so far, or
// empty; they are returned empty where nothing changes.
func alignRepeats(keys []string, own, ref []parity.Fact, b *binder) []string {
	bases := map[string]bool{}
	for _, facts := range [][]parity.Fact{own, ref} {
		for i := range facts {
			if base, _, ok := repeat(facts[i].Path); ok && !ordered(base) {
				bases[base] = true
			}
		}
	}
	if len(bases) == 0 {
		return keys
	}
	given := len(keys) > 0
	if !given {
		for i := range own {
			keys = append(keys, own[i].Path)
		}
	}
	refKeys := make([]string, len(ref))
	for i := range ref {
		refKeys[i] = ref[i].Path
	}
	changed := false
	for _, base := range sortedKeys(bases) {
		mine := repeatsOf(base, keys, own, b.own)
		theirs := repeatsOf(base, refKeys, ref, b.ref)
		if len(mine) == 0 || len(theirs) == 0 || len(mine) > maxItems || len(theirs) > maxItems {
			continue
		}
		changed = recount(base, keys, mine, matchItems(mine, theirs)) || changed
	}
	if !given && !changed {
		return keys[:0]
	}
	return keys
}

// firstCount is the count of the first of a name, which its path leaves out.
const firstCount = "#1"

// repeatsOf cuts the facts of one name into items, in the order of their
// counts.
func repeatsOf(base string, keys []string, facts []parity.Fact, m *matcher) []*item {
	byIndex := map[string]*item{}
	var items []*item
	for i, key := range keys {
		index, tail, ok := countOf(base, key)
		if !ok {
			continue
		}
		x := byIndex[index]
		if x == nil {
			x = &item{index: index, says: map[string]bool{}, spell: map[string]bool{}}
			byIndex[index] = x
			items = append(items, x)
		}
		x.facts = append(x.facts, i)
		value, _ := m.abstract(facts[i].Value.Canonical(), nil)
		x.says[tail+"="+value] = true
		x.spell[tail+"="+facts[i].Value.Canonical()] = true
	}
	sort.SliceStable(items, func(i, j int) bool { return number(items[i].index) < number(items[j].index) })
	return items
}

// countOf returns the count of a fact of the name, and what of its path
// follows.
func countOf(base, key string) (index, tail string, ok bool) {
	rest, ok := strings.CutPrefix(key, base)
	if !ok {
		return "", "", false
	}
	if rest == "" || rest[0] == '/' || rest[0] == '[' {
		return firstCount, rest, true
	}
	b, index, ok := repeat(key)
	if !ok || b != base {
		return "", "", false
	}
	return index, rest[len(index):], true
}

// recount writes the matched counts into the keys. An item that matches none
// gets a count that no item of the reference has.
func recount(base string, keys []string, mine []*item, to []string) bool {
	changed := false
	for i, x := range mine {
		index := to[i]
		if index == "" {
			index = unmatchedCount + x.index[1:]
		}
		if index == x.index {
			continue
		}
		changed = true
		for _, f := range x.facts {
			_, tail, _ := countOf(base, keys[f])
			keys[f] = base + shown(index) + tail
		}
	}
	return changed
}

// shown is a count as paths have it.
func shown(index string) string {
	if index == firstCount {
		return ""
	}
	return index
}

// unmatchedCount begins the count of an item that matches none.
const unmatchedCount = "#+"

// unmatched reports whether a key is of an item that matches none of its name.
func unmatched(key string) bool { return strings.Contains(key, "]"+unmatchedCount) }
