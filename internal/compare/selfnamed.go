package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// namesItself reports whether a fact is a label or an annotation of an object that
// says which environment the object is in, and nothing else: that one side
// leaves it out changes nothing. A label that a selector of its environment asks
// for says more, and so do those of what is selected by label everywhere.
func (r *run) namesItself(c *column, kind string, f *parity.Fact) bool {
	rest, ok := strings.CutPrefix(f.Path, "/metadata/")
	if !ok || r.opt.OneEnvironment || r.opt.Off.Has(parity.BindingRule) {
		return false
	}
	key, label := strings.CutPrefix(rest, "labels/")
	if !label {
		if key, ok = strings.CutPrefix(rest, "annotations/"); !ok {
			return false
		}
	}
	if !saysEnvironment(key[strings.LastIndexByte(key, '/')+1:]) || !r.isNameOf(c, f.Value.Raw) {
		return false
	}
	return !label || kind != "Namespace" && kind != "Node" && kind != "Pod" && !r.selects(c, key)
}

// isNameOf reports whether a text is a column's name or a word for its
// environment.
func (r *run) isNameOf(c *column, text string) bool {
	if c.family != "" && wordFamily[lower(text)] == c.family {
		return true
	}
	return text != "" && slices.ContainsFunc(r.namesOf(c), func(name string) bool { return strings.EqualFold(name, text) })
}

// labelOf is a label in one column.
type labelOf struct {
	col   int
	label string
}

// selects reports whether something of a column may select by a label: a
// selector, or a rule of a network or a policy, that mentions it.
func (r *run) selects(c *column, label string) bool {
	k := labelOf{c.index, label}
	is, known := r.selected[k]
	if known {
		return is
	}
	for i := range c.snap.Subjects {
		is = is || slices.ContainsFunc(c.snap.Subjects[i].Facts, func(f parity.Fact) bool {
			asks := f.Value.Kind == parity.Tuple || strings.Contains(f.Path, "elector") || strings.Contains(f.Path, "/match")
			return asks && (strings.Contains(f.Path, label) || strings.Contains(f.Value.Raw, label))
		})
	}
	r.selected[k] = is
	return is
}
