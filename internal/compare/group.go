package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/value"
)

// Group puts differences with one cause together: those of one class, change,
// set of columns and cause. A cause that only one subject shows gives way to
// the subject itself, and where several subjects of one uniform kind show one
// each, to the kind. Groups that count come first; leaks before them all,
// then by severity, then by the number of facts.
func Group(all []parity.Difference, known *kinds.Set) []parity.Group {
	causes := causesOf(all, known)
	byKey := map[string]int{}
	groups := []parity.Group{}
	var sizes []int
	groupOf := make([]int, len(all))
	for i := range all {
		d := &all[i]
		key := groupKey(d, &causes[i])
		n, ok := byKey[key]
		if !ok {
			n = len(groups)
			byKey[key] = n
			sum := sha256.Sum256([]byte(key))
			groups = append(groups, parity.Group{
				ID: hex.EncodeToString(sum[:6]), Class: d.Class, Change: d.Change, Surface: d.Surface,
				Cause: causes[i].Kind, Columns: d.Columns, Counts: d.Class.Counts(),
			})
			sizes = append(sizes, 0)
		}
		groupOf[i] = n
		sizes[n]++
	}
	for i, n := range groupOf {
		g := &groups[n]
		if g.Differences == nil {
			g.Differences = make([]parity.Difference, 0, sizes[n])
		}
		g.Severity = max(g.Severity, all[i].Severity)
		g.Facts += all[i].Facts
		g.Differences = append(g.Differences, all[i])
		g.Differences[len(g.Differences)-1].Cause = causes[i]
	}
	for i := range groups {
		finish(&groups[i])
	}
	sort.SliceStable(groups, func(i, j int) bool { return before(&groups[i], &groups[j]) })
	return groups
}

// causesOf gives the causes by which differences are grouped, one for each.
func causesOf(all []parity.Difference, known *kinds.Set) []parity.Cause {
	causes := make([]parity.Cause, len(all))
	for i := range all {
		causes[i] = all[i].Cause
	}
	single := singles(all)
	for i := range causes {
		if c := &causes[i]; c.Within != "" && single[groupKey(&all[i], &all[i].Cause)] != manySubjects {
			c.Kind, c.Key = "parent", c.Within
		}
	}
	widenToKinds(all, causes, known)
	return causes
}

// fewSubjects is how many objects of a kind may each have a group of their own
// before they share one.
const fewSubjects = 1

// widenToKinds makes the kind the cause of what more than a few objects of one
// kind show, each by itself.
func widenToKinds(all []parity.Difference, causes []parity.Cause, known *kinds.Set) {
	kindKey := func(d *parity.Difference, c *parity.Cause) string {
		if c.Kind != "parent" || c.Key != c.Within || !known.OfDifference(d).Uniform {
			return ""
		}
		return joinKey(d.Class.String(), string(d.Change), strings.Join(d.Columns, ","), d.Subject.Kind, d.Subject.Group)
	}
	subjects := map[string]map[string]bool{}
	for i := range all {
		if k := kindKey(&all[i], &causes[i]); k != "" {
			if subjects[k] == nil {
				subjects[k] = map[string]bool{}
			}
			subjects[k][causes[i].Key] = true
		}
	}
	for i := range all {
		d, c := &all[i], &causes[i]
		if k := kindKey(d, c); len(subjects[k]) > fewSubjects {
			c.Kind, c.Key = "kind", k
			c.WithinLabel = fmt.Sprintf("parts of %d subjects of kind %s", len(subjects[k]), d.Subject.Kind)
		}
	}
}

// manySubjects marks a cause that more than one subject shows.
const manySubjects = "*"

// singles finds, by group key, the one subject that shows the cause.
func singles(all []parity.Difference) map[string]string {
	by := map[string]string{}
	for i := range all {
		key := groupKey(&all[i], &all[i].Cause)
		s := &all[i].Subject
		name := joinKey(s.Kind, s.Group, s.Scope, s.Name)
		if first, ok := by[key]; ok && first != name {
			name = manySubjects
		}
		by[key] = name
	}
	return by
}

func groupKey(d *parity.Difference, c *parity.Cause) string {
	key := c.Key
	if c.Kind == "" {
		key = joinKey(d.Subject.Kind, d.Subject.Scope, d.Subject.Name, d.Path)
	}
	decision := ""
	if d.Decision != nil {
		decision = d.Decision.Kind + d.Decision.Name
	}
	image := ""
	if d.Image != nil {
		image = string(d.Image.State)
	}
	return joinKey(d.Class.String(), string(d.Change), strings.Join(d.Columns, ","), c.Kind, key, decision, image)
}

func before(a, b *parity.Group) bool {
	switch {
	case a.Counts != b.Counts:
		return a.Counts
	case (a.Class == parity.Leak) != (b.Class == parity.Leak):
		return a.Class == parity.Leak
	case a.Severity != b.Severity:
		return a.Severity > b.Severity
	case a.Facts != b.Facts:
		return a.Facts > b.Facts
	case a.Summary != b.Summary:
		return a.Summary < b.Summary
	}
	return a.ID < b.ID
}

// finish sorts a group's members and writes its summary.
func finish(g *parity.Group) {
	less := func(i, j int) bool {
		a, b := &g.Differences[i], &g.Differences[j]
		if a.Severity != b.Severity {
			return a.Severity > b.Severity
		}
		return joinKey(a.Subject.Kind, a.Subject.Scope, a.Subject.Name, a.Path) < joinKey(b.Subject.Kind, b.Subject.Scope, b.Subject.Name, b.Path)
	}
	if !sort.SliceIsSorted(g.Differences, less) {
		sort.SliceStable(g.Differences, less)
	}
	services := map[string]bool{}
	for i := range g.Differences {
		if s := g.Differences[i].Subject.Service; s != "" {
			services[s] = true
		}
	}
	g.Services = sortedKeys(services)
	g.Summary = summary(g)
}

// summary says in one line what differs and where.
func summary(g *parity.Group) string {
	d := &g.Differences[0]
	label, several := groupLabel(g)
	where := strings.Join(g.Columns, ", ")
	var text string
	switch g.Class {
	case parity.Missing:
		text = label + " missing in " + where
	case parity.Extra:
		text = label + " only in " + where
	case parity.Leak:
		text = label + ": " + d.Note
		if g.Change == parity.SecretChange {
			text = d.Note // it begins with the name that groups them
			if len(g.Differences) == 1 {
				text = d.Subject.Key().String() + ": " + d.Note
			}
		}
	case parity.Changed:
		if how := imagesHow(g); how != "" {
			text = label + how
			break
		}
		text = label + " " + changedHow(g, several) + " in " + where
	default:
		text = label + ": " + g.Class.String() + " in " + where
	}
	if n := len(g.Differences); n > 1 && d.Path != "" {
		text += fmt.Sprintf(" (%d places)", n)
	}
	return text
}

// groupLabel names what a group is about: its cause, or parts of the wider one
// where its members have several. several tells whether the label is a plural.
func groupLabel(g *parity.Group) (label string, several bool) {
	first := g.Differences[0].Cause
	if first.Label == "" {
		return lastKeys(g.Differences[0].Path, 2), false
	}
	if d := &g.Differences[0]; d.Image != nil && first.Within == "images" && len(g.Differences) == 1 {
		return imageLabel(d, first.Label), false // one image is no release
	}
	for i := range g.Differences {
		if g.Differences[i].Cause.Label != first.Label && first.WithinLabel != "" {
			return first.WithinLabel, true
		}
	}
	return first.Label, first.Kind == "release"
}

// changedHow says what became of the label, in the singular or the plural.
func changedHow(g *parity.Group, several bool) string {
	if g.Cause == "value" {
		return "stands for several addresses"
	}
	words := [2]string{"differs", "differ"}
	switch g.Change {
	case parity.ToggleChange:
		return "switched"
	case parity.VersionChange:
		return "at another version"
	case parity.SizingChange:
		return "sized differently"
	case parity.ScheduleChange:
		return "scheduled differently"
	case parity.OrderChange:
		return "ordered differently"
	case parity.AddressChange:
		words = [2]string{"points elsewhere", "point elsewhere"}
	case parity.SecretChange:
		words = [2]string{"holds another secret", "hold other secrets"}
	}
	if several {
		return words[1]
	}
	return words[0]
}

// imageLabel names an image by the repository of the reference's.
func imageLabel(d *parity.Difference, otherwise string) string {
	for i := range d.Sides {
		if s := &d.Sides[i]; s.Class == parity.Equal && s.Value != nil {
			if img, ok := value.ParseImage(*s.Value); ok {
				return "image " + img.Repository
			}
		}
	}
	return otherwise
}

// imagesHow says what images that differ are to the reference's; empty where a
// group is about something else. All members of a group are in one state, and
// versions and ages are told where they are the same for all.
func imagesHow(g *parity.Group) string {
	first := g.Differences[0].Image
	if first == nil {
		return ""
	}
	version, age := first.Version, first.Age
	for i := range g.Differences {
		x := g.Differences[i].Image
		if x == nil {
			return ""
		}
		if x.Version != version {
			version = ""
		}
		if x.Age != age {
			age = ""
		}
	}
	if version != "" {
		version = ", " + version
	}
	if age != "" {
		age = ", for " + age
	}
	columns := strings.Join(g.Columns, ", ")
	is, has := " is ", " has "
	if len(g.Columns) > 1 {
		is, has = " are ", " have "
	}
	switch first.State {
	case parity.ImagePending:
		return ": " + columns + is + "ahead" + version + age
	case parity.ImageBehind:
		return ": " + columns + is + "behind" + version + age
	case parity.ImageUnpromoted:
		return ": " + columns + has + "not had what the reference runs" + version + age
	case parity.ImageRebuild:
		return ": rebuilt under the same tag" + version + " in " + columns
	}
	return ""
}
