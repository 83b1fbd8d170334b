package compare

import (
	"sort"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

const (
	// maxItems bounds the lists whose items are matched by likeness.
	maxItems = 300
	// maxLevels bounds lists within lists.
	maxLevels = 4
	// alike is the least likeness of two items that are the same item.
	alike = 0.3
)

// positional reports whether any path has a list position.
func positional(facts []parity.Fact) bool {
	for i := range facts {
		if start, _ := position(facts[i].Path, 0); start >= 0 {
			return true
		}
	}
	return false
}

// position finds the first "[digits]" at or after from; start is the bracket's
// index and end the index after the closing one. start is -1 without any.
func position(path string, from int) (start, end int) {
	for i := from; i < len(path); i++ {
		if path[i] != '[' {
			continue
		}
		j := i + 1
		for j < len(path) && path[j] >= '0' && path[j] <= '9' {
			j++
		}
		if j > i+1 && j < len(path) && path[j] == ']' {
			return i, j + 1
		}
	}
	return -1, -1
}

// item is one element of a list without keys.
type item struct {
	index string // "[3]"
	facts []int
	says  map[string]bool // "path=value" of each fact, without spellings
	spell map[string]bool // the same as spelled
}

// alignLists gives the column's facts the positions of the items of the
// reference that they resemble most, list by list, outer lists first. It
// returns nothing where all positions fit as they are.
func alignLists(buf []string, own, ref []parity.Fact, b *binder) []string {
	keys := buf
	for i := range own {
		keys = append(keys, own[i].Path)
	}
	refKeys := make([]string, len(ref))
	for i := range ref {
		refKeys[i] = ref[i].Path
	}
	changed := false
	done := map[string]bool{}
	for range maxLevels {
		lists := listsOf(keys, done)
		for _, list := range sortedKeys(lists) {
			done[list] = true
			mine := itemsOf(list, keys, lists[list], own, b.own)
			theirs := itemsOf(list, refKeys, under(list, refKeys), ref, b.ref)
			if len(theirs) == 0 || len(mine) > maxItems || len(theirs) > maxItems {
				continue
			}
			changed = renumber(list, keys, mine, matchItems(mine, theirs)) || changed
		}
	}
	if !changed {
		return keys[:0]
	}
	return keys
}

// listsOf finds the outermost lists that are not done, with the facts under
// each.
func listsOf(keys []string, done map[string]bool) map[string][]int {
	lists := map[string][]int{}
	for i, k := range keys {
		for start, end := position(k, 0); start >= 0; start, end = position(k, end) {
			if !done[k[:start]] {
				lists[k[:start]] = append(lists[k[:start]], i)
				break
			}
		}
	}
	return lists
}

// under gives the facts of a list, by their keys, which are sorted.
func under(list string, keys []string) []int {
	var at []int
	for i := sort.SearchStrings(keys, list); i < len(keys) && strings.HasPrefix(keys[i], list); i++ {
		if start, _ := position(keys[i], len(list)); start == len(list) {
			at = append(at, i)
		}
	}
	return at
}

// itemsOf cuts a list's facts into items, in the order of their positions.
func itemsOf(list string, keys []string, at []int, facts []parity.Fact, m *matcher) []*item {
	byIndex := map[string]*item{}
	var items []*item
	for _, i := range at {
		_, end := position(keys[i], len(list))
		index := keys[i][len(list):end]
		x := byIndex[index]
		if x == nil {
			x = &item{index: index, says: map[string]bool{}, spell: map[string]bool{}}
			byIndex[index] = x
			items = append(items, x)
		}
		x.facts = append(x.facts, i)
		value, _ := m.abstract(facts[i].Value.Canonical(), nil)
		x.says[keys[i][end:]+"="+value] = true
		x.spell[keys[i][end:]+"="+facts[i].Value.Canonical()] = true
	}
	sort.SliceStable(items, func(i, j int) bool { return number(items[i].index) < number(items[j].index) })
	return items
}

func number(index string) int {
	n, err := strconv.Atoi(strings.Trim(index, "[]#"))
	if err != nil {
		return 0
	}
	return n
}

// matchItems pairs items: equal ones first, then the most alike, then a last
// one of each side. The result is, by the column's item, the reference's
// index, or "".
func matchItems(mine, theirs []*item) []string {
	result := make([]string, len(mine))
	taken := make([]bool, len(theirs))
	type try struct {
		i, j  int
		score float64
	}
	var tries []try
	for i, a := range mine {
		for j, b := range theirs {
			if s := a.likeness(b); s >= alike {
				tries = append(tries, try{i, j, s})
			}
		}
	}
	sort.SliceStable(tries, func(x, y int) bool {
		a, b := tries[x], tries[y]
		if a.score != b.score {
			return a.score > b.score
		}
		return distance(a.i, a.j) < distance(b.i, b.j)
	})
	for _, t := range tries {
		if result[t.i] == "" && !taken[t.j] {
			result[t.i], taken[t.j] = theirs[t.j].index, true
		}
	}
	lastOfEach(result, taken, theirs)
	return result
}

// lastOfEach pairs the one item that is left on each side.
func lastOfEach(result []string, taken []bool, theirs []*item) {
	mine, other, n, m := -1, -1, 0, 0
	for i, r := range result {
		if r == "" {
			mine, n = i, n+1
		}
	}
	for j, t := range taken {
		if !t {
			other, m = j, m+1
		}
	}
	if n == 1 && m == 1 {
		result[mine] = theirs[other].index
	}
}

func distance(i, j int) int {
	if i > j {
		return i - j
	}
	return j - i
}

// likeness is the share of statements that two items have in common, as
// spelled or without spellings; what is spelled alike weighs double, so that
// equal lists meet as they are.
func (x *item) likeness(y *item) float64 {
	return max(2*jaccard(x.spell, y.spell), jaccard(x.says, y.says))
}

func jaccard(x, y map[string]bool) float64 {
	both := 0
	for s := range x {
		if y[s] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

// renumber writes the matched positions into the keys. An item that matches
// none gets a position that no item of the reference has.
func renumber(list string, keys []string, mine []*item, to []string) bool {
	changed := false
	for i, x := range mine {
		index := to[i]
		if index == "" {
			index = "[+" + x.index[1:]
		}
		if index == x.index {
			continue
		}
		changed = true
		for _, f := range x.facts {
			keys[f] = list + index + keys[f][len(list)+len(x.index):]
		}
	}
	return changed
}
