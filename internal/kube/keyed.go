package kube

import (
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// keyed reads a list whose items are told apart by some of their fields. each,
// if it is not nil, reads an item in place of the walk.
func (w *walker) keyed(n *doc.Node, t *typ, each func(item *doc.Node)) {
	keys := chooseKeys(n.Items, t.keys)
	if keys == nil {
		w.positional(n, t.elem, each)
		return
	}
	shuffled := !sortedBy(n.Items, keys(n.Items[0]))
	seen := newSeen(len(n.Items))
	for _, item := range n.Items {
		at := len(w.path)
		w.pushKeys(item, keys(item), t.elem)
		if c := seen.count(string(w.path[at:])); c > 1 {
			w.path = strconv.AppendInt(append(w.path, '#'), int64(c), 10)
		}
		w.item(item)
		first := len(w.facts)
		if each != nil {
			each(item)
		} else {
			w.element(item, t.elem, n)
		}
		if shuffled {
			w.markKeys(first, len(w.path), keys(item))
		}
		w.pop(at)
	}
}

// positional reads a list whose items nothing names apart.
func (w *walker) positional(n *doc.Node, elem *typ, each func(item *doc.Node)) {
	if allScalars(n.Items) {
		w.set(n)
		return
	}
	for i, item := range n.Items {
		at := w.pushIndex(i)
		w.item(item)
		if each != nil && item.Kind == doc.Map {
			each(item)
		} else {
			w.element(item, elem, n)
		}
		w.pop(at)
	}
}

// chooseKeys gives for each item the fields that name it: the first alternative
// whose first field it has. The last serves where no more than one item lacks
// all. Nil where the items cannot be told apart.
func chooseKeys(items []*doc.Node, alternatives [][]string) func(item *doc.Node) []string {
	for _, item := range items {
		if item.Kind != doc.Map {
			return nil
		}
	}
	first, last := alternatives[0], alternatives[len(alternatives)-1]
	if lacking(items, func(item *doc.Node) bool { return scalarText(item.Get(first[0])) }) == 0 {
		return func(*doc.Node) []string { return first }
	}
	own := func(item *doc.Node) []string {
		for _, keys := range alternatives {
			if scalarText(item.Get(keys[0])) {
				return keys
			}
		}
		return last
	}
	if lacking(items, func(item *doc.Node) bool { return anyKey(item, own(item)) }) > 1 {
		return nil
	}
	return own
}

func lacking(items []*doc.Node, has func(*doc.Node) bool) int {
	n := 0
	for _, item := range items {
		if !has(item) {
			n++
		}
	}
	return n
}

func anyKey(item *doc.Node, keys []string) bool {
	for _, k := range keys {
		if scalarText(item.Get(k)) {
			return true
		}
	}
	return false
}

func scalarText(n *doc.Node) bool {
	return n != nil && n.Kind != doc.Map && n.Kind != doc.List && n.Text != ""
}

func sortedBy(items []*doc.Node, keys []string) bool {
	for i := 1; i < len(items); i++ {
		for _, k := range keys {
			a, b := items[i-1].Get(k).Str(), items[i].Get(k).Str()
			if a > b {
				return false
			}
			if a < b {
				break
			}
		}
	}
	return true
}

// pushKeys appends "[a=x,b=y]"; what a field holds by default is left out
// behind the first.
func (w *walker) pushKeys(item *doc.Node, keys []string, elem *typ) {
	w.path = append(w.path, '[')
	for i, k := range keys {
		text := item.Get(k).Str()
		f := elem.fields[k]
		if i > 0 && (text == "" || f != nil && isUsual(f, text)) {
			continue
		}
		if f != nil && (f.ref == "Secret" || f.ref == "ConfigMap") {
			text = withoutHash(text)
		}
		if i > 0 {
			w.path = append(w.path, ',')
		}
		w.path = append(append(append(w.path, k...), '='), text...)
	}
	w.path = append(w.path, ']')
}

// isUsual reports whether the text is the default of the field in all cases.
func isUsual(f *field, text string) bool {
	for i := range f.defaults {
		if f.defaults[i].when == "" && f.defaults[i].value == text {
			return true
		}
	}
	return false
}

func withoutHash(name string) string {
	if s := cutSuffix(name, generatedAlphabet, 10, 10); s != "" {
		return s
	}
	return name
}

// markKeys puts the rule for keyed lists on the facts that name an item.
func (w *walker) markKeys(first, prefix int, keys []string) {
	for i := first; i < len(w.facts); i++ {
		tail := w.facts[i].Path[prefix:]
		for _, k := range keys {
			if rest, ok := strings.CutPrefix(tail, "/"); ok && rest == k {
				w.facts[i].Rules = w.facts[i].Rules.With(parity.ListKey)
			}
		}
	}
}

// untyped reads what no schema speaks of. name is the field that n stands in,
// by which a few fields are known in every custom resource.
func (w *walker) untyped(n *doc.Node, name string) {
	switch {
	case n == nil:
	case n.Kind == doc.Null:
		w.emit(n, nullValue, parity.SetOf(parity.EmptyIsAbsent))
	case name != "" && w.hinted(n, name):
	case empty(n):
		w.empty(n, true)
	case n.Kind == doc.Map:
		for i := range n.Fields {
			if w.nestedSecret(n, &n.Fields[i]) {
				continue
			}
			at := w.push(n.Fields[i].Key)
			w.untyped(n.Fields[i].Value, n.Fields[i].Key)
			w.pop(at)
		}
	case n.Kind == doc.List:
		w.untypedList(n)
	default:
		w.guess(n)
	}
}

func (w *walker) untypedList(n *doc.Node) {
	if allScalars(n.Items) {
		w.set(n)
		return
	}
	names, key := doc.ItemNames(n)
	if key == "" {
		for i, item := range n.Items {
			at := w.pushIndex(i)
			w.item(item)
			w.untyped(item, "")
			w.pop(at)
		}
		return
	}
	seen := newSeen(len(names))
	for i, item := range n.Items {
		at := len(w.path)
		w.path = append(append(append(append(append(w.path, '['), key...), '='), names[i]...), ']')
		if c := seen.count(names[i]); c > 1 {
			w.path = strconv.AppendInt(append(w.path, '#'), int64(c), 10)
		}
		w.item(item)
		w.untyped(item, "")
		w.pop(at)
	}
}

// hinted reads a field that means the same in every resource, if it has the
// shape of it. Defaults hold only inside a pod template.
func (w *walker) hinted(n *doc.Node, name string) bool {
	f := w.r.schema.hints.fields[name]
	if f == nil || !fits(n, f, name) {
		return false
	}
	before := w.builtin
	w.builtin = f.typ.name == "core.v1.PodTemplateSpec"
	w.field(n, f, nil)
	w.builtin = before
	return true
}

func fits(n *doc.Node, f *field, name string) bool {
	switch f.typ.kind {
	case objectType:
		return n.Kind == doc.Map && fitsObject(n, f.typ.name, name)
	case listType:
		if n.Kind != doc.List {
			return false
		}
		if f.typ.elem.kind == textType {
			return allScalars(n.Items)
		}
		for _, item := range n.Items {
			if item.Kind != doc.Map || f.typ.list == keyedList && !scalarText(item.Get(f.typ.keys[0][0])) && !anyKey(item, f.typ.keys[0]) {
				return false
			}
		}
		return true
	case mapType:
		return n.Kind == doc.Map
	default:
		return n.Kind != doc.Map && n.Kind != doc.List
	}
}

func fitsObject(n *doc.Node, typeName, name string) bool {
	switch {
	case len(n.Fields) == 0:
		return typeName == "core.v1.ResourceRequirements" || name == "affinity"
	case typeName == "core.v1.PodTemplateSpec":
		c := n.At("spec", "containers")
		return c != nil && c.Kind == doc.List
	case typeName == "core.v1.ResourceRequirements":
		return n.Get("requests") != nil || n.Get("limits") != nil
	case strings.HasPrefix(typeName, "ref."):
		return scalarText(n.Get("name"))
	default:
		return true
	}
}

// item notes the path of a list's item where managers are told apart.
func (w *walker) item(item *doc.Node) {
	if w.items != nil {
		w.items[item] = string(w.path)
	}
}
