package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// links says which facts of a column's subject meet which of the reference's.
type links struct {
	// toOwn is, by the reference's fact, the column's fact or -1.
	toOwn []int32
	// rules are, by the reference's fact, those that paired it.
	rules []parity.RuleSet
	// free are the column's facts that met none.
	free []int32
	// missing counts the reference's facts that met none.
	missing int
}

func (l *links) reset(n int) {
	l.toOwn, l.rules, l.free = l.toOwn[:0], l.rules[:0], l.free[:0]
	for range n {
		l.toOwn = append(l.toOwn, -1)
		l.rules = append(l.rules, 0)
	}
	l.missing = n
}

func (l *links) pair(own, ref int32, rules parity.RuleSet) {
	l.toOwn[ref], l.rules[ref] = own, rules
	l.missing--
}

// linker joins the facts of one subject between a column and the reference.
// Its buffers are used again from subject to subject.
type linker struct {
	off   parity.RuleSet
	kinds *kinds.Set
	b     *binder
	links
	keys []string // the column's paths where list positions were aligned
}

// link joins by path; then what is left by logical path, by the effective
// variable, and by the shape of identifiers in the path.
// With alike all facts are known to meet in their order.
func (l *linker) link(own, ref *parity.SubjectFacts, alike bool) {
	l.reset(len(ref.Facts))
	l.keys = l.keys[:0]
	if alike {
		for i := range ref.Facts {
			l.pair(int32(i), int32(i), 0)
		}
		return
	}
	if foreign(l.kinds, own, ref) {
		l.byCommonPath(own, ref)
		return
	}
	if l.byPath(own.Facts, ref.Facts); l.alike(own.Facts, ref.Facts) {
		return
	}
	if !l.off.Has(parity.ListAlignment) && positional(own.Facts) && positional(ref.Facts) {
		l.keys = alignLists(l.keys, own.Facts, ref.Facts, l.b)
	}
	if !l.off.Has(parity.ListAlignment) && (repeated(own.Facts) || repeated(ref.Facts)) {
		l.keys = alignRepeats(l.keys, own.Facts, ref.Facts, l.b)
	}
	if len(l.keys) > 0 {
		l.reset(len(ref.Facts))
		l.byKeys(own.Facts, ref.Facts)
	}
	if len(l.free) == 0 || l.missing == 0 {
		return
	}
	l.leftovers(own.Facts, ref.Facts, variablePath, 0)
	if !l.off.Has(parity.KeyTokens) {
		rules := parity.SetOf(parity.KeyTokens)
		l.leftovers(own.Facts, ref.Facts, l.abstractPath, rules)
		l.leftovers(own.Facts, ref.Facts, l.skeletonPath, rules)
	}
	l.tuplePairs(own.Facts, ref.Facts)
}

// alike reports whether all facts have met one of the same spelling.
func (l *linker) alike(own, ref []parity.Fact) bool {
	if len(l.free) > 0 || l.missing > 0 {
		return false
	}
	for i := range ref {
		if own[i].Value.Raw != ref[i].Value.Raw {
			return false
		}
	}
	return true
}

// byPath merges two lists sorted by path.
func (l *linker) byPath(own, ref []parity.Fact) {
	i, j := 0, 0
	for i < len(own) && i < len(ref) && own[i].Path == ref[i].Path {
		l.pair(int32(i), int32(i), 0)
		i, j = i+1, j+1
	}
	for i < len(own) && j < len(ref) {
		switch c := strings.Compare(own[i].Path, ref[j].Path); {
		case c == 0:
			l.pair(int32(i), int32(j), 0)
			i, j = i+1, j+1
		case c < 0:
			l.free = append(l.free, int32(i))
			i++
		default:
			j++
		}
	}
	for ; i < len(own); i++ {
		l.free = append(l.free, int32(i))
	}
}

// byKeys joins by the paths that alignment of list positions gave the column's
// facts.
func (l *linker) byKeys(own, ref []parity.Fact) {
	at := make(map[string]int32, len(own))
	for i := range own {
		at[l.keys[i]] = int32(i)
	}
	taken := make([]bool, len(own))
	for j := range ref {
		i, ok := at[ref[j].Path]
		if !ok || taken[i] {
			continue
		}
		taken[i] = true
		var rules parity.RuleSet
		if own[i].Path != ref[j].Path {
			rules = parity.SetOf(parity.ListAlignment)
		}
		l.pair(i, int32(j), rules)
	}
	for i := range own {
		if !taken[i] {
			l.free = append(l.free, int32(i))
		}
	}
}

// leftovers joins what is left by another form of the path, where that form
// is unique on both sides.
func (l *linker) leftovers(own, ref []parity.Fact, form func(f *parity.Fact, own bool) string, rules parity.RuleSet) {
	if len(l.free) == 0 || l.missing == 0 {
		return
	}
	at := map[string]int32{}
	for _, i := range l.free {
		if len(l.keys) > 0 && unmatched(l.keys[i]) {
			continue
		}
		k := form(&own[i], true)
		if k == "" {
			continue
		}
		if _, twice := at[k]; twice {
			at[k] = -1
			continue
		}
		at[k] = i
	}
	seen := map[string]int32{}
	for j := range ref {
		if l.toOwn[j] >= 0 {
			continue
		}
		k := form(&ref[j], false)
		i, ok := at[k]
		if k == "" || !ok || i < 0 {
			continue
		}
		if first, twice := seen[k]; twice {
			if first >= 0 {
				l.toOwn[first], l.rules[first] = -1, 0
				l.missing++
			}
			seen[k] = -1
			continue
		}
		seen[k] = int32(j)
		l.pair(i, int32(j), rules)
	}
	l.dropTaken()
}

func (l *linker) dropTaken() {
	taken := map[int32]bool{}
	for _, i := range l.toOwn {
		if i >= 0 {
			taken[i] = true
		}
	}
	kept := l.free[:0]
	for _, i := range l.free {
		if !taken[i] {
			kept = append(kept, i)
		}
	}
	l.free = kept
}

// variablePath brings a variable that a container sets itself and one that it
// has from a ConfigMap to one form.
func variablePath(f *parity.Fact, _ bool) string {
	path := f.Path
	if rest, ok := strings.CutSuffix(path, "]/value"); ok {
		if i := strings.LastIndex(rest, "/env[name="); i >= 0 {
			return rest[:i] + "/effectiveEnv" + rest[i+len("/env"):] + "]"
		}
		return ""
	}
	if strings.Contains(path, "/effectiveEnv[name=") {
		return path
	}
	return ""
}

// abstractPath is a path without the column's spellings; a member of a list is
// in its canonical form.
func (l *linker) abstractPath(f *parity.Fact, own bool) string {
	m := l.b.ref
	if own {
		m = l.b.own
	}
	path := f.Path
	if f.Value.Kind == parity.Set {
		if text := memberText(f.Value); text != f.Value.Raw {
			path, _ = cutItem(path)
			path += "[=" + text + "]"
		}
	}
	out, _ := m.abstract(path, nil)
	out, _ = collapse(out)
	return out
}

func (l *linker) skeletonPath(f *parity.Fact, own bool) string {
	s, ids := skeleton(l.abstractPath(f, own), true)
	if len(ids) == 0 {
		return ""
	}
	return s
}

// sortedKeys gives a map's keys in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
