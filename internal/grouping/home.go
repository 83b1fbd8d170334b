package grouping

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// home says to which group and block a difference belongs.
type home struct {
	// kind is parity.Group.Cause.
	kind         string
	group, block string
	// twin is set where the block is one member of a list on each side that are
	// alike: two halves of one edit.
	twin bool
}

// homesOf finds the homes of differences, one for each.
func homesOf(all []parity.Difference, known *kinds.Set) []home {
	shared, links := sharedCauses(all), linksOf(all)
	homes := make([]home, len(all))
	for i := range all {
		d, h, linked := &all[i], &homes[i], ""
		if len(links) > 0 {
			linked = links[placeKey(d)]
		}
		var whole string
		h.kind, h.group, whole = groupOf(d, known.OfDifference(d), shared[i], linked)
		columns := strings.Join(d.Columns, ",")
		if whole == "" {
			h.block = join(d.Class.String(), columns, state(d), subjectKey(d), d.Cause.Place)
		} else {
			h.block = join(d.Class.String(), columns, state(d), whole)
		}
	}
	mergeFamilies(all, homes)
	splitContainers(all, homes)
	joinTwins(all, homes)
	return homes
}

// joinTwins makes one block of a list's one member that is missing and its one
// member that is extra.
func joinTwins(all []parity.Difference, homes []home) {
	const several = -1
	type sides struct{ missing, extra int }
	lists := map[string]*sides{}
	for i := range all {
		d := &all[i]
		if d.Class != parity.Missing && d.Class != parity.Extra || !strings.Contains(d.Path, "[=") || homes[i].kind != "parent" {
			continue
		}
		key := join(strings.Join(d.Columns, ","), placeKey(d))
		if lists[key] == nil {
			lists[key] = &sides{}
		}
		side := &lists[key].missing
		if d.Class == parity.Extra {
			side = &lists[key].extra
		}
		if *side != 0 {
			*side = several
			continue
		}
		*side = i + 1
	}
	for key, x := range lists {
		if x.missing <= 0 || x.extra <= 0 || !similar(all[x.missing-1].Path, all[x.extra-1].Path) {
			continue
		}
		for _, i := range []int{x.missing - 1, x.extra - 1} {
			homes[i].block, homes[i].twin = join("twins", key), true
		}
	}
}

// similar reports whether two texts have most of their beginning and end in
// common.
func similar(a, b string) bool {
	n := min(len(a), len(b))
	head := 0
	for head < n && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < n-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	const most = 2.0 / 3
	return float64(head+tail) >= most*float64(max(len(a), len(b)))
}

// groupOf names the group of a difference. block is the block's key where that is
// not the place of the difference in its subject.
func groupOf(d *parity.Difference, of *kinds.Kind, many bool, linked string) (kind, key, block string) {
	from := apart(d)
	switch {
	case d.Cause.Kind == "subject":
		return "subject", join(from, "object", d.Cause.Key), ""
	case linked != "" && d.Class.Counts():
		return "subject", join(from, "object", linked), ""
	case d.Cause.Kind == "image" || d.Cause.Kind == "release":
		if many {
			return d.Cause.Kind, join(from, d.Cause.Kind, d.Cause.Label), d.Cause.Key
		}
		return "images", join(from, "images"), d.Cause.Label
	case d.Class == parity.Changed && d.Change == parity.SizingChange && d.Surface == parity.Resource:
		return "sizes", join(from, "sizes"), subjectKey(d)
	case many:
		return d.Cause.Kind, join(from, d.Cause.Kind, d.Cause.Label), d.Cause.Key
	case of.Settings:
		return "parent", join(from, "object", subjectKey(d), d.Class.String(), string(d.Change)), ""
	}
	return "parent", join(from, "object", subjectKey(d)), ""
}

// apart keeps groups of one cause apart: those that count, leaks, and what is
// decided or unknown.
func apart(d *parity.Difference) string {
	switch {
	case d.Class == parity.Leak:
		return "leak"
	case d.Class.Counts():
		return ""
	case d.Decision != nil:
		return join(d.Class.String(), d.Decision.Kind, d.Decision.Name)
	}
	return d.Class.String()
}

// traits are what the members of a block have in common besides their place.
func traits(d *parity.Difference) string {
	return join(d.Class.String(), strings.Join(d.Columns, ","), state(d))
}

// state is what an image is to the reference's; empty for anything else.
func state(d *parity.Difference) string {
	if d.Image == nil {
		return ""
	}
	return string(d.Image.State)
}

// subjectKey names a subject without environments' own spellings.
func subjectKey(d *parity.Difference) string {
	if d.Aligned != nil {
		return d.Aligned.Logical.String()
	}
	return d.Subject.Key().String()
}

// placeKey names the place of a difference in its subject.
func placeKey(d *parity.Difference) string { return join(subjectKey(d), d.Cause.Place) }

// causeKey names what several subjects may share.
func causeKey(d *parity.Difference) string {
	return join(apart(d), d.Class.String(), d.Cause.Kind, d.Cause.Key, state(d))
}

// sharedCauses reports, by difference, whether more than one subject shows its
// cause.
func sharedCauses(all []parity.Difference) []bool {
	type cause struct {
		first int
		many  bool
	}
	by := map[string]int{}
	of := make([]int, len(all))
	var causes []cause
	for i := range all {
		key := causeKey(&all[i])
		n, ok := by[key]
		if !ok {
			n = len(causes)
			by[key] = n
			causes = append(causes, cause{first: i})
		}
		of[i] = n
		c := &causes[n]
		c.many = c.many || !sameSubject(&all[c.first], &all[i])
	}
	shared := make([]bool, len(all))
	for i := range all {
		shared[i] = causes[of[i]].many
	}
	return shared
}

// sameSubject reports whether two differences are of one subject.
func sameSubject(a, b *parity.Difference) bool {
	if a.Aligned != nil && b.Aligned != nil {
		return a.Aligned.Logical == b.Aligned.Logical
	}
	return a.Subject.Key() == b.Subject.Key()
}

// linksOf finds, by place, the subjects on one side that something at the place
// refers to.
func linksOf(all []parity.Difference) map[string]string {
	links := map[string]string{}
	for i := range all {
		if d := &all[i]; d.Cause.Linked != "" && d.Class.Counts() {
			links[placeKey(d)] = d.Cause.Linked
		}
	}
	return links
}

// mergeFamilies joins groups of variables that the same subjects show in the same
// way and whose names begin alike: they are one feature.
func mergeFamilies(all []parity.Difference, homes []home) {
	subjects := map[string]map[string]bool{}
	for i := range homes {
		if h := &homes[i]; h.kind == "variable" {
			if subjects[h.group] == nil {
				subjects[h.group] = map[string]bool{}
			}
			subjects[h.group][join(traits(&all[i]), subjectKey(&all[i]))] = true
		}
	}
	families := map[string]string{}
	first := map[string]string{}
	for i := range homes {
		h := &homes[i]
		word, _, ok := strings.Cut(all[i].Cause.Label, "_")
		if h.kind != "variable" || !ok || len(word) < 2 || families[h.group] != "" {
			continue
		}
		family := join(append(sorted(subjects[h.group]), word)...)
		families[h.group] = family
		if _, ok := first[family]; !ok || h.group < first[family] {
			first[family] = h.group
		}
	}
	for i := range homes {
		if family := families[homes[i].group]; family != "" {
			homes[i].group = first[family]
		}
	}
}

// join makes one key of several parts.
func join(parts ...string) string { return strings.Join(parts, "\x00") }
