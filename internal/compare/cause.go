package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// explain finds what stands behind a difference, for grouping: for the columns
// in which the whole subject is on one side, and for the others.
func (j *joiner) explain(w *row, out *parity.Joined) {
	parts, whole := j.worst(w, out)
	if whole {
		out.Whole = j.clusters().cause(w)
	}
	if parts < 0 {
		return
	}
	// A leak may be a fact that one side alone has.
	switch class := out.Cells[parts].Class; {
	case out.Synthetic && out.Path != kindPath:
		out.Cause = parity.Cause{Kind: "path", Key: "namespace", Label: "namespace", Place: out.Path}
	case out.Synthetic && out.Cells[parts].Change == parity.NameChange:
		x := j.renamingOf(j.cols[parts], w.aligned.Sides[parts], w.aligned.Sides[j.ref.index])
		out.Cause = parity.Cause{Kind: "path", Key: joinKey("name", x.own, x.ref), Label: w.aligned.Key.Kind + " " + w.aligned.Key.Name, Place: out.Path}
	case out.Synthetic:
		out.Cause = parity.Cause{Kind: "kind", Key: w.aligned.Logical.String(), Label: "kind", Place: out.Path}
	case (class == parity.Changed || class == parity.Leak) && out.Cells[parts].Fact != nil && out.Cells[j.ref.index].Fact != nil:
		out.Cause = j.changedCause(out, parts)
	default:
		out.Cause = j.oneSided(w, out, parts)
	}
	out.Cause.Linked = j.linked(w, out)
}

// worst finds the first column, of those that have the subject as the reference
// has, whose class weighs most: -1 where none differs. whole reports whether the
// subject is on one side only in another column that differs.
func (j *joiner) worst(w *row, out *parity.Joined) (parts int, whole bool) {
	parts = -1
	for i := range out.Cells {
		class := out.Cells[i].Class
		if !class.Counts() && !class.LowersConfidence() {
			continue
		}
		if w.aligned.Sides[i] == nil || w.aligned.Sides[j.ref.index] == nil {
			whole = true
			continue
		}
		if parts < 0 || class.Counts() && !out.Cells[parts].Class.Counts() || class == parity.Leak {
			parts = i
		}
	}
	return parts, whole
}

// linked gives the cluster of subjects on one side that a value of a difference
// refers to.
func (j *joiner) linked(w *row, out *parity.Joined) string {
	for i := range out.Cells {
		f := out.Cells[i].Fact
		if f == nil || f.Value.Kind != parity.Reference {
			continue
		}
		if n, ok := j.target(i, f, w.aligned.Sides[i].Subject.Scope); ok {
			if key := j.clusters().cause(j.rows[n]).Key; key != "" {
				return key
			}
		}
	}
	return ""
}

// changedCause groups changed values by the end of their path; values are part
// of it but for sizes and schedules, of which a service has its own.
func (j *joiner) changedCause(out *parity.Joined, c int) parity.Cause {
	own, ref := out.Cells[c].Fact, out.Cells[j.ref.index].Fact
	if own.Value.Kind == parity.Image && ref.Value.Kind == parity.Image {
		if img, ok := value.ParseImage(ref.Value.Canonical()); ok {
			return imageCause(img, own, ref)
		}
	}
	if cause, ok := halfImageCause(own, ref); ok {
		return cause
	}
	kind, label := j.place(out, out.Path)
	if ref.Value.Kind == parity.Tuple && own.Value.Kind == parity.Tuple {
		label += " " + ref.Value.Raw // what the list is called says little
	}
	a, _ := j.binders[c].own.abstract(own.Value.Canonical(), nil)
	b, _ := j.binders[c].ref.abstract(ref.Value.Canonical(), nil)
	cause := parity.Cause{Kind: kind, Key: joinKey(label, a, b), Label: label, Place: out.Path}
	switch out.Cells[c].Change {
	case parity.ToggleChange, parity.VersionChange:
		return cause
	case parity.SizingChange, parity.ScheduleChange, parity.SecretChange:
		cause.Key = label
	case parity.AddressChange:
		if n := j.standIns[standIn{c, a}]; n > 1 && out.Cells[c].Class == parity.Changed {
			return parity.Cause{Kind: "value", Key: a, Label: quote(own.Value.String()), Place: out.Path}
		}
	}
	return cause
}

// imageCause groups images that moved together: those of one repository, and
// those of one organisation that went from one tag to one other.
func imageCause(img value.Image, own, ref *parity.Fact) parity.Cause {
	cause := parity.Cause{Kind: "image", Label: "image " + img.Repository, Place: ref.Path}
	other, ok := value.ParseImage(own.Value.Canonical())
	slash := strings.LastIndexByte(img.Repository, '/')
	_, version := value.Version(img.Tag)
	if !ok || slash < 0 || !version || other.Tag == img.Tag {
		cause.Key = joinKey(img.Repository, own.Value.Canonical(), ref.Value.Canonical())
		return cause
	}
	cause.Kind = "release"
	cause.Key = joinKey(img.Registry, img.Repository[:slash], other.Tag, img.Tag)
	cause.Label = "images of " + img.Repository[:slash]
	return cause
}

// halfImageCause groups images of which only one side is known as one: the other's
// tag is an expression that a pipeline fills in.
func halfImageCause(own, ref *parity.Fact) (parity.Cause, bool) {
	known := ref
	if own.Value.Kind == parity.Image {
		known = own
	}
	img, ok := value.ParseImage(known.Value.Canonical())
	if !ok || known.Value.Kind != parity.Image || own.Value.Kind == ref.Value.Kind {
		return parity.Cause{}, false
	}
	key := joinKey(own.Value.Canonical(), ref.Value.Canonical())
	return parity.Cause{Kind: "image", Key: key, Label: "image " + img.Repository, Place: ref.Path}, true
}

// standIn is a column's address that stands where the reference has several.
type standIn struct {
	col  int
	text string
}

// oneSided groups facts that only one side has by the highest place above them
// that the other side lacks, and items of a list by the item. What no other
// subject shows is grouped by its subject.
func (j *joiner) oneSided(w *row, out *parity.Joined, c int) parity.Cause {
	own, other := w.aligned.Sides[j.ref.index], w.aligned.Sides[c]
	if out.Cells[c].Fact != nil {
		own, other = other, own
	}
	top := out.Path
	if !foreign(j.opt.Kinds, w.aligned.Sides[c], w.aligned.Sides[j.ref.index]) {
		top = highestAbsent(out.Path, other.Facts)
	}
	if top == out.Path {
		top = dottedAbsent(top, own.Facts, other.Facts)
	}
	kind, label := j.place(out, top)
	cause := parity.Cause{Kind: kind, Key: label, Label: label, Place: top}
	if _, ok := packageLabel(top); ok {
		cause.Kind = "path"
	} else if list, item := cutItem(top); item && kind != "variable" {
		_, label = j.place(out, list)
		cause.Key = joinKey(label, top[len(list):])
		cause.Label = label + " " + strings.Trim(top[len(list):], "[=]")
		if strings.HasPrefix(top[len(list):], "[=") {
			cause.Place = list // a list's new members are one block
		}
	}
	return cause
}

// highestAbsent is the shortest beginning of a path, at a segment's end, that
// no fact has.
func highestAbsent(path string, facts []parity.Fact) string {
	for i := 1; i < len(path); i++ {
		if path[i] != '/' && path[i] != '[' {
			continue
		}
		if path[i] == '[' && path[i-1] == '/' {
			continue
		}
		if !hasPrefix(facts, path[:i]) {
			return path[:i]
		}
		if path[i] == '[' {
			if end := strings.IndexByte(path[i:], ']'); end > 0 {
				i += end - 1
			}
		}
	}
	return path
}

// dottedAbsent is the shortest beginning of a key, at a dot in it, that one side has
// for several facts and the other for none: the keys of a flat map
// (host.a.user, host.a.address) are a tree, too.
func dottedAbsent(path string, own, other []parity.Fact) string {
	key := path[strings.LastIndexByte(path, '/')+1:]
	if strings.ContainsAny(key, "[]") {
		return path
	}
	for i := range len(key) {
		if key[i] != '.' || i == 0 {
			continue
		}
		prefix := path[:len(path)-len(key)+i+1]
		if countBelow(own, prefix, 2) > 1 && countBelow(other, prefix, 1) == 0 {
			return prefix[:len(prefix)-1]
		}
	}
	return path
}

// countBelow counts the facts whose paths have a prefix, up to most. Facts are sorted
// by path.
func countBelow(facts []parity.Fact, prefix string, most int) int {
	n := 0
	i := sort.Search(len(facts), func(i int) bool { return facts[i].Path >= prefix })
	for ; i < len(facts) && n < most && strings.HasPrefix(facts[i].Path, prefix); i++ {
		n++
	}
	return n
}

// hasPrefix reports whether a fact stands at the place or below it. Facts are
// sorted by path.
func hasPrefix(facts []parity.Fact, prefix string) bool {
	i := sort.Search(len(facts), func(i int) bool { return facts[i].Path >= prefix })
	for ; i < len(facts) && strings.HasPrefix(facts[i].Path, prefix); i++ {
		rest := facts[i].Path[len(prefix):]
		if rest == "" || rest[0] == '/' || rest[0] == '[' {
			return true
		}
	}
	return false
}

// cutItem takes the item off a path that ends in one: a member of a list or
// an item with a key.
func cutItem(path string) (list string, ok bool) {
	if i := strings.Index(path, "[="); i >= 0 {
		return path[:i], true
	}
	if !strings.HasSuffix(path, "]") {
		return path, false
	}
	i := strings.LastIndexByte(path, '[')
	return path[:max(i, 0)], i > 0
}

// place names the end of a path for people: a variable by its name, anything
// else by its last key, with the one before it where the last says little.
func (j *joiner) place(out *parity.Joined, path string) (kind, label string) {
	for _, list := range [...]string{"/env[name=", "/effectiveEnv[name=", "/environment[name=", "/environment["} {
		if i := strings.LastIndex(path, list); i >= 0 {
			name, _, _ := strings.Cut(path[i+len(list):], "]")
			return "variable", name
		}
	}
	if tail, ok := envTail(path); ok {
		return "variable", tail
	}
	if label, ok := packageLabel(path); ok {
		return "path", label
	}
	if j.opt.Kinds.OfRow(out.Subject).Variables {
		return "variable", strings.TrimPrefix(path, "/")
	}
	label = withoutItems(lastKeys(path, 1))
	if !vague[label] {
		return "path", label
	}
	label = withoutItems(lastKeys(path, 2))
	if !strings.Contains(label, "/") {
		label = out.Subject.Key.Name + " " + label
	}
	return "path", label
}

// packageLabel names the package that a path speaks of: "package npm/lodash".
func packageLabel(path string) (label string, ok bool) {
	_, key, ok := strings.Cut(path, "[purl=pkg:")
	if !ok {
		return "", false
	}
	key, _, _ = strings.Cut(key, "]")
	return "package " + strings.ReplaceAll(key, "%40", "@"), true
}

// envTail recognises a variable in a list of names and values, whatever the
// list is called: ".../extraEnv[name=FOO]/value".
func envTail(path string) (name string, ok bool) {
	i := strings.LastIndex(path, "[name=")
	if i < 0 {
		return "", false
	}
	name, rest, _ := strings.Cut(path[i+len("[name="):], "]")
	list := lower(path[strings.LastIndexByte(path[:i], '/')+1 : i])
	if !strings.HasSuffix(list, "env") && !strings.HasSuffix(list, "vars") && !strings.HasSuffix(list, "variables") {
		return "", false
	}
	return name, rest == "" || rest == "/value" || rest == "/name" || strings.HasPrefix(rest, "/valueFrom")
}

// vague are keys that say little without the one above them.
var vague = map[string]bool{
	"enabled": true, "disabled": true, "name": true, "value": true, "type": true, "kind": true, "size": true,
	"port": true, "host": true, "url": true, "cpu": true, "memory": true, "key": true, "path": true, "data": true,
	"replicas": true, "replicaCount": true, "resources": true, "config": true, "args": true, "command": true,
	"version": true, "tag": true, "image": true, "min": true, "max": true, "limits": true, "requests": true,
	"schedule": false, "id": true, "mode": true, "level": true, "timeout": true, "operator": true, "values": true,
}

// withoutItems takes the brackets out of a label.
func withoutItems(label string) string {
	for {
		i := strings.IndexByte(label, '[')
		if i < 0 {
			return label
		}
		end := strings.IndexByte(label[i:], ']')
		if end < 0 {
			return label[:i]
		}
		label = label[:i] + label[i+end+1:]
	}
}

// lastKeys gives the last n keys of a path, brackets kept.
func lastKeys(path string, n int) string {
	depth := 0
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i] {
		case ']':
			depth++
		case '[':
			depth--
		case '/':
			if depth == 0 {
				if n--; n == 0 {
					return path[i+1:]
				}
			}
		}
	}
	return strings.TrimPrefix(path, "/")
}

// displayName is a subject's name without a generated suffix.
func displayName(of *parity.Aligned) string {
	if of.Alignment.Method == "generated" {
		return of.Logical.Name
	}
	return of.Key.Name
}
