package drift

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// group is a set of findings that one edit makes: a list item, a block or a
// number of permissions that are gone.
type group struct {
	finding
	items []string
	facts int
}

// grouped puts findings together that are one drift. A change is one of its
// own; what is gone is one for the outermost place that has nothing left.
func (r *run) grouped(fs []finding) []group {
	var out []group
	at := map[string]int{}
	for _, f := range fs {
		if f.kind != parity.DriftRemoved {
			out = append(out, group{finding: f, facts: 1})
			continue
		}
		place, text := r.placeOf(f.want)
		i, ok := at[place]
		if !ok {
			at[place] = len(out)
			g := group{finding: f, facts: 1}
			if text != "" {
				g.path, g.items = place, []string{text}
			}
			out = append(out, g)
			continue
		}
		g := &out[i]
		g.facts++
		g.path = place
		if text != "" {
			g.items = append(g.items, text)
		}
	}
	for i := range out {
		sort.Strings(out[i].items)
	}
	return out
}

// placeOf gives the outermost place of a desired fact at which the live side
// has nothing, and the text of a member of a list.
func (r *run) placeOf(want *parity.Fact) (place, text string) {
	if list, member, ok := memberOf(want); ok {
		return list, member
	}
	live := r.cur.aligned.Sides[liveColumn].Facts
	place = want.Path
	boundaries(want.Path, func(p string) bool {
		byPosition := false
		for _, x := range itemsIn(p) {
			byPosition = byPosition || x.positional(p)
		}
		if pathsBelow(r.cur.met, p) || !byPosition && factsBelow(live, p) {
			return true
		}
		place = p
		return false
	})
	return place, ""
}

// memberOf takes a member of a list apart: a permission, network traffic, an
// item of a set.
func memberOf(f *parity.Fact) (list, text string, ok bool) {
	if f.Value.Kind != parity.Tuple && f.Value.Kind != parity.Set {
		return "", "", false
	}
	i := strings.Index(f.Path, "[=")
	if i < 0 {
		return f.Path, f.Value.Raw, true
	}
	return f.Path[:i], f.Value.Raw, true
}

// additions looks at what the live side has besides: an item of a list that
// the desired source sets whole is drift, one of another list is named, and
// anything else is not set here.
func (r *run) additions(mine []finding) {
	s := &r.cur
	if len(s.extras) == 0 {
		return
	}
	sort.Strings(s.paired)
	changed := map[string]bool{}
	for i := range mine {
		changed[mine[i].path] = true
	}
	var grown []grownList
	where := map[string]int{}
	added := map[string]int{}
	for _, f := range s.extras {
		list, text, whole, ok := r.newItem(f)
		switch {
		case !ok || changed[list]: // the list is compared as it is ordered
		case whole:
			i, seen := where[list]
			if !seen {
				i = len(grown)
				where[list] = i
				grown = append(grown, grownList{path: list})
			}
			grown[i].add(f, shown(text))
		default:
			r.listed(added, list+text, f)
		}
	}
	for i := range grown {
		r.grew(&grown[i])
	}
}

// newItem tells of a live fact whether it belongs to an item that the desired
// side has not in a list that it sets. text is the item.
func (r *run) newItem(f *parity.Fact) (list, text string, whole, ok bool) {
	k, desired := r.cur.aligned.Key, r.cur.aligned.Sides[desiredColumn].Facts
	if f.Value.Kind == parity.Tuple {
		list, text, _ = memberOf(f)
		return list, text, true, true
	}
	for _, x := range itemsIn(f.Path) {
		list, own := f.Path[:x.list], f.Path[:x.end]
		if pathsBelow(r.cur.paired, own) || !x.positional(f.Path) && factsBelow(desired, own) {
			continue
		}
		if !setsList(desired, list) {
			return "", "", false, false
		}
		return list, own[x.list:], wholeList(k, list, x, f), true
	}
	return "", "", false, false
}

// shown is an item without its brackets: "key=b", "--debug".
func shown(text string) string {
	text = strings.TrimPrefix(text, "[")
	text = strings.TrimPrefix(text, "=")
	return strings.TrimSuffix(text, "]")
}

// setsList reports whether the desired side sets a list: as empty, as a whole,
// or an item of it.
func setsList(desired []parity.Fact, list string) bool {
	return factsBelow(desired, list)
}

// grownList is a list that is set whole, with what was added to it.
type grownList struct {
	path  string
	items []string
	facts []*parity.Fact
}

func (g *grownList) add(f *parity.Fact, text string) {
	g.facts = append(g.facts, f)
	for _, have := range g.items {
		if have == text {
			return
		}
	}
	g.items = append(g.items, text)
}

// grew makes a drift of a list that grew, or names whose it is.
func (r *run) grew(g *grownList) {
	s := &r.cur
	last := g.facts[0]
	for _, f := range g.facts {
		if later(f, last) {
			last = f
		}
	}
	f := finding{path: g.path, surface: last.Surface, kind: parity.DriftAdded, have: last}
	if last.Value.Kind == parity.Tuple || lastName(g.path) == "subjects" {
		f.kind = parity.DriftWidened
	}
	sort.Strings(g.items)
	r.out.NotSet -= len(g.facts)
	who, theirs := r.owners.of(s.aligned, &f)
	d := r.drift(f, g.items)
	d.Facts, d.Live.Value = len(g.facts), nil
	if theirs {
		r.own(who, d, 0)
		return
	}
	r.out.Drifts = append(r.out.Drifts, d)
}

// later reports whether f was written after g.
func later(f, g *parity.Fact) bool {
	a, b := writerOf(f), writerOf(g)
	return a != nil && (b == nil || a.Time.After(b.Time))
}

func writerOf(f *parity.Fact) *parity.Writer {
	if f == nil || f.Origin == nil {
		return nil
	}
	return f.Origin.Writer
}

// listed names an item that was added beside those that the desired side sets.
func (r *run) listed(at map[string]int, path string, f *parity.Fact) {
	if i, ok := at[path]; ok {
		r.out.Added[i].Facts++
		r.out.Added[i].Live.Value = nil
		return
	}
	at[path] = len(r.out.Added)
	w := writerOf(f)
	r.out.Added = append(r.out.Added, parity.DriftAddition{
		Subject: refOf(r.cur.aligned), Surface: f.Surface, Path: path, Facts: 1,
		Live: r.side(parity.Live, f), Writer: w, Age: ageOf(w, r.o.Now),
	})
}
