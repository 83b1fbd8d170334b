package grouping

import (
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/excerpt"
	"github.com/envparity/parity/internal/value"
)

// maxValue is the most cells of a value in a title.
const maxValue = 40

// summary says in one line what a group is about: its first block, and how many
// others there are; or, for whole subjects on one side, all of them.
func (r *ranker) summary(g *parity.Group) string {
	first := &g.Blocks[0]
	n := len(g.Blocks) - 1
	within := ""
	if g.Within != "" {
		within = ", within " + g.Within
	}
	if n == 0 {
		return first.Title() + within
	}
	if g.Cause == "subject" && first.Text == g.Blocks[n].Text && g.Differences[0].Path == "" {
		all := parity.Block{Object: objectFrom(g.Differences, r.bestNamed(g.Differences)), Text: first.Text}
		return all.Title() + within
	}
	return first.Title() + within + "; and " + number(n) + " more"
}

// bestNamed is the first difference whose kind names best what belongs together.
func (r *ranker) bestNamed(ds []parity.Difference) int {
	best := 0
	for i := range ds {
		if r.kinds.OfDifference(&ds[i]).Rank < r.kinds.OfDifference(&ds[best]).Rank {
			best = i
		}
	}
	return best
}

func number(n int) string { return strconv.Itoa(n) }

// text says what differs in the differences of one block, and how.
func text(ds []parity.Difference) string {
	d := &ds[0]
	switch {
	case d.Class == parity.Leak:
		return leakText(ds)
	case d.Path == "":
		return strings.TrimSpace(where(d))
	case d.Class == parity.Changed && d.Image != nil:
		return imageText(ds)
	case d.Class == parity.Changed:
		return changedText(ds)
	case len(ds) == 2 && d.Class != ds[1].Class:
		return twinText(ds)
	case d.Class == parity.Missing || d.Class == parity.Extra:
		return sideText(ds)
	}
	return placeOf(ds) + " " + d.Class.String() + " in " + names(wholes(d, d.Columns))
}

// placeOf names the place of a block; the places of its members where they are
// few and short.
func placeOf(ds []parity.Difference) string {
	d := &ds[0]
	if d.Cause.Label != "" && !onePlace(ds) {
		return d.Cause.Label
	}
	path := d.Cause.Place
	if path == "" || !strings.HasPrefix(d.Path, path) {
		path = d.Path
	}
	if list, item, ok := strings.Cut(path, "[="); ok && d.Class == parity.Changed && !strings.HasPrefix(item, "-") {
		return placeWords(d, list) // both values are the item
	}
	place := placeWords(d, path)
	if d.Cause.Kind == "variable" || strings.HasSuffix(path, "]") && len(ds) > 1 {
		return place // the name of an item says all
	}
	inner, members := innerWords(ds, path)
	const few = 3
	n := len(inner)
	list := strings.Join(inner[:min(n, few)], ", ")
	if n > few {
		list += " and " + number(n-few) + " more"
	}
	switch {
	case n == 0 || n == 1 && strings.HasSuffix(place, inner[0]):
		return place
	case members && isFlags(lastKey(path)) && strings.HasPrefix(inner[0], "-"):
		return strings.TrimSuffix(place, lastKey(path)) + list // flags speak for themselves
	case members:
		return place + " " + list
	case n == 1:
		return place + "/" + list
	default:
		return place + " (" + list + ")"
	}
}

// onePlace reports whether all members of a block that are of different subjects
// stand at one place of them: else only what they have in common names it.
func onePlace(ds []parity.Difference) bool {
	for i := range ds {
		if ds[i].Cause.Place != ds[0].Cause.Place && !sameSubject(&ds[i], &ds[0]) {
			return false
		}
	}
	return true
}

// innerWords names what members of one block in one subject have below its path.
// members reports whether they are members of a list.
func innerWords(ds []parity.Difference, path string) (inner []string, members bool) {
	members = true
	seen := map[string]bool{"": true, "value": true}
	for i := range ds {
		rest, ok := strings.CutPrefix(ds[i].Path, path)
		if !ok || rest == "" || !sameSubject(&ds[i], &ds[0]) {
			continue
		}
		members = members && strings.HasPrefix(rest, "[=")
		if words := placeWords(&ds[i], rest); !seen[words] {
			seen[words] = true
			inner = append(inner, words)
		}
	}
	return inner, members
}

// lastKey is the last key of a path.
func lastKey(path string) string {
	segments := segmentsOf(path)
	if len(segments) == 0 {
		return ""
	}
	return segments[len(segments)-1].key
}

// sideText tells of what one side lacks, with the value where it is one.
func sideText(ds []parity.Difference) string {
	d := &ds[0]
	place := placeOf(ds)
	if _, rest, member := strings.Cut(d.Path, "[="); member && !strings.HasPrefix(rest, "-") {
		return place + " " + where(d) // the member is its own value
	}
	if held := heldBy(ds); held != "" && !strings.Contains(place, held) {
		place += " " + held
	}
	return place + " " + where(d)
}

// twinText tells of a list's member that is another on each side.
func twinText(ds []parity.Difference) string {
	d := &ds[0]
	texts, sides := make([]string, 2), make([][]string, 2)
	for i := range ds {
		for _, s := range ds[i].Sides {
			if s.State == parity.Present {
				texts[i] = shown(&ds[i], s)
				sides[i] = append(sides[i], columnOf(s))
			}
		}
	}
	texts = excerpt.Contrast(texts, maxValue)
	if d.Class == parity.Missing { // what differs first, the reference last
		texts[0], texts[1], sides[0], sides[1] = texts[1], texts[0], sides[1], sides[0]
	}
	place := placeWords(d, d.Cause.Place) + " "
	if len(d.Sides) > 2 {
		return place + quoted(texts[0]) + " in " + names(wholes(d, sides[0])) + ", " + quoted(texts[1]) + " in " + names(wholes(d, sides[1]))
	}
	return place + quoted(texts[0]) + ", " + names(sides[1]) + " " + quoted(texts[1])
}

// heldBy is the one short value of a block on one side; empty where there are
// several, or it is hidden.
func heldBy(ds []parity.Difference) string {
	raw, held := "", ""
	for i := range ds {
		for _, s := range ds[i].Sides {
			switch {
			case s.State != parity.Present || s.Value == nil || held != "" && *s.Value == raw:
				continue
			case s.Kind == parity.Secret || held != "":
				return ""
			}
			raw, held = *s.Value, shown(&ds[i], s)
			if strings.HasPrefix(held, "[") {
				return "" // a list, or a secret that is hidden
			}
		}
	}
	return excerpt.Middle(held, maxValue)
}

// where says on which side a thing is, from the side of those that are few.
func where(d *parity.Difference) string {
	var with, without []string
	for _, s := range d.Sides {
		switch s.State {
		case parity.Present:
			with = append(with, columnOf(s))
		case parity.Absent:
			without = append(without, columnOf(s))
		}
	}
	const few = 3
	missing := d.Class == parity.Missing
	switch apart := minorityOf(d); {
	case len(apart) > 0 && slices.Equal(apart, without):
		return "missing in " + names(wholes(d, apart)) + " alone"
	case len(apart) > 0 && slices.Equal(apart, with):
		return "only in " + names(wholes(d, apart))
	case len(with)+len(without) > few && len(with) > 0 && len(without) > 0:
		missing = len(without) <= len(with)
	case missing:
		without = d.Columns
	default:
		with = d.Columns
	}
	if missing {
		return "missing in " + names(wholes(d, without))
	}
	return "only in " + names(wholes(d, with))
}

// names lists columns, and says how many others there are.
func names(columns []string) string {
	const few = 3
	if n := len(columns); n > few+1 {
		return strings.Join(columns[:few], ", ") + " and " + number(n-few) + " more"
	}
	return strings.Join(columns, ", ")
}

func columnOf(s parity.Side) string {
	return parity.Column{Environment: s.Environment, Instance: s.Instance, Role: s.Role}.String()
}

// leakText tells whose name or secret is where another's belongs.
func leakText(ds []parity.Difference) string {
	if ds[0].Path == "" {
		return ds[0].Note
	}
	place := placeOf(ds[:1])
	if strings.HasPrefix(ds[0].Note, place) {
		return ds[0].Note
	}
	return place + ": " + ds[0].Note
}

// changedText gives a block's values, those of each column or those that most
// columns hold once.
func changedText(ds []parity.Difference) string {
	d := &ds[0]
	if d.Cause.Kind == "value" {
		return placeOf(ds[:1]) + " " + d.Cause.Label + " stands for several addresses in " + names(wholes(d, d.Columns))
	}
	if d.Change == parity.SecretChange {
		return placeOf(ds) + " another secret in " + names(wholes(d, d.Columns))
	}
	if !sameSubject(d, &ds[len(ds)-1]) {
		return placeOf(ds[:1]) + " " + values(d)
	}
	const few = 2
	var parts []string
	for i := range ds[:min(len(ds), few)] {
		parts = append(parts, placeOf(ds[i:i+1])+" "+values(&ds[i]))
	}
	text := strings.Join(parts, "; ")
	if n := len(ds) - few; n > 0 {
		text += " and " + number(n) + " more"
	}
	return text
}

// held is one value with the columns that hold it.
type held struct {
	text      string
	columns   []string
	reference bool
}

// values tells what the columns of a difference hold: "30m, production 240m".
func values(d *parity.Difference) string {
	all := holders(d)
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = all[i].text
	}
	texts = excerpt.Contrast(texts, maxValue)
	if len(all) == 2 && len(all[0].columns) == len(d.Sides)-1 && all[1].reference && len(d.Sides) == 2 {
		return quoted(texts[0]) + ", " + all[1].columns[0] + " " + quoted(texts[1])
	}
	most := 0
	for i := range all {
		if len(all[i].columns) > len(all[most].columns) {
			most = i
		}
	}
	const few = 3
	var parts []string
	for i := range all {
		if i == most && len(d.Sides) > few && len(all[i].columns) > 1 || len(parts) == few {
			continue
		}
		parts = append(parts, quoted(texts[i])+" in "+names(wholes(d, all[i].columns)))
	}
	if len(d.Sides) > few && len(all[most].columns) > 1 {
		parts = append(parts, quoted(texts[most])+" elsewhere")
	}
	return strings.Join(parts, ", ")
}

// holders puts the columns together that hold one value, the reference's last.
func holders(d *parity.Difference) []held {
	var all []held
	reference := referenceValue(d)
	for _, s := range d.Sides {
		if s.State != parity.Present {
			continue
		}
		text := shown(d, s)
		same := !s.Class.Counts() && !s.Class.LowersConfidence()
		if same && reference != "" {
			text = reference // the same, if spelled in another way
		}
		at := slices.IndexFunc(all, func(h held) bool { return h.text == text })
		if at < 0 {
			all = append(all, held{text: text})
			at = len(all) - 1
		}
		all[at].columns = append(all[at].columns, columnOf(s))
		all[at].reference = all[at].reference || same
	}
	slices.SortStableFunc(all, func(a, b held) int {
		switch {
		case a.reference == b.reference:
			return 0
		case a.reference:
			return 1
		}
		return -1
	})
	return all
}

// referenceValue is what the reference holds: the last side that is as it.
func referenceValue(d *parity.Difference) string {
	text := ""
	for _, s := range d.Sides {
		if s.State == parity.Present && s.Class == parity.Equal {
			text = shown(d, s)
		}
	}
	return text
}

// shown is a side's value on one line, without what its place says already.
func shown(d *parity.Difference, s parity.Side) string {
	switch {
	case s.Kind == parity.Secret:
		return "(hidden)"
	case s.Value == nil:
		return "(present)"
	}
	text := strings.Join(strings.Fields(*s.Value), " ")
	if img, ok := value.ParseImage(*s.Value); ok && s.Kind == parity.Image && oneRepository(d, img.Repository) {
		text = strings.TrimPrefix(shortHex(img.Tag)+short(img.Digest), "@")
	}
	segments := segmentsOf(d.Path)
	if n := len(segments); n > 0 && len(segments[n-1].items) > 0 {
		flag := strings.TrimPrefix(segments[n-1].items[0], "=")
		if rest, ok := strings.CutPrefix(text, flag); ok && strings.HasPrefix(flag, "-") {
			text = strings.TrimLeft(rest, " =")
		}
	}
	return text
}

// oneRepository reports whether all images of a difference are of one repository.
func oneRepository(d *parity.Difference, repository string) bool {
	for _, s := range d.Sides {
		if s.Value == nil {
			continue
		}
		if img, ok := value.ParseImage(*s.Value); !ok || img.Repository != repository {
			return false
		}
	}
	return true
}

// shownDigits is how many digits of a digest or a commit are shown.
const shownDigits = 12

// short is the beginning of a digest.
func short(digest string) string {
	_, hex, ok := strings.Cut(digest, ":")
	if !ok {
		return ""
	}
	return "@" + hex[:min(len(hex), shownDigits)]
}

// shortHex is the beginning of a tag that is a commit or a digest.
func shortHex(tag string) string {
	if len(tag) >= 32 && strings.Trim(tag, "0123456789abcdef") == "" {
		return tag[:shownDigits]
	}
	return tag
}

// quoted puts quotes around a text whose ends would not be seen.
func quoted(s string) string {
	if s == "" {
		return `""`
	}
	return s
}
