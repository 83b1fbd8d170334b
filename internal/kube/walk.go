package kube

import (
	"strconv"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// walker goes through one object, schema and node side by side, and collects
// facts. It is reused from object to object.
type walker struct {
	r   *Reader
	rec *record
	tab pathTable

	kind   string
	key    parity.Key
	number int // of the object, from 1
	origin *parity.Origin
	// lines: the origin is true to the line.
	lines bool
	// builtin: defaults and zero values mean what Kubernetes says they do.
	builtin bool

	path   []byte
	facts  []parity.Fact
	traits []parity.Trait
	// extra are rules that every fact below the current place carries.
	extra parity.RuleSet
	// platform: what stands below belongs to the platform's surface.
	platform bool

	// items are the paths of lists' items, for the managers of an object; nil
	// where it has none to tell apart.
	items map[*doc.Node]string

	container containerEnv
	// hostNetwork is of the pod that the walk is in.
	hostNetwork bool
	scratch     []byte
	// fixed, if set, is where all facts below stand: their own places count
	// within a text.
	fixed *doc.Node
}

// object reads one object into a record.
func (w *walker) object(obj *doc.Node, origin *parity.Origin, key parity.Key, version string, generated bool) {
	w.begin(key, origin)
	rec := &record{subject: subject(obj, key, generated)}
	w.rec = rec
	rec.filledScope = key.Scope != "" && obj.At("metadata", "namespace").Str() == ""
	rec.subject.Origin = origin
	rec.subject.Line, rec.subject.Col = place(obj, origin)
	t := w.r.schema.kind(key.Group, version, key.Kind)
	w.builtin = t != nil
	w.apiVersion(obj, key.Group, version)
	var managers []managedEntry
	if w.r.options.Live {
		managers = managersOf(obj)
	}
	if len(managers) > 1 {
		w.items = map[*doc.Node]string{}
	}
	w.body(obj, t)
	w.function(obj)
	rec.facts = append(make([]parity.Fact, 0, len(w.facts)), w.facts...)
	if len(managers) > 0 {
		ownershipOf(obj, managers, w.items).put(rec.facts)
	}
	w.items = nil
	rec.subject.Traits = append([]parity.Trait(nil), w.traits...)
	w.r.records = append(w.r.records, rec)
	if w.r.options.Added != nil {
		w.r.options.Added(rec.facts)
	}
	w.rec = nil
	clear(w.facts)
	clear(w.traits)
}

func (w *walker) begin(key parity.Key, origin *parity.Origin) {
	if w.r.paths[key.Kind] == nil {
		w.r.paths[key.Kind] = pathTable{}
	}
	w.tab = w.r.paths[key.Kind]
	w.kind, w.key, w.origin = key.Kind, key, origin
	w.number++
	w.lines = origin == nil || origin.Precision == parity.AtLine
	w.path, w.facts = w.path[:0], w.facts[:0]
	w.extra, w.platform, w.hostNetwork = 0, false, false
	w.container = containerEnv{sources: w.container.sources[:0], vars: w.container.vars[:0]}
	w.traits = w.traits[:0]
}

func (w *walker) apiVersion(obj *doc.Node, group, version string) {
	n := obj.Get("apiVersion")
	if n == nil {
		return
	}
	canon := version
	if group != "" {
		canon = group + "/" + version
	}
	v := parity.Value{Kind: parity.Text, Raw: n.Text}
	var rules parity.RuleSet
	if canon != n.Text {
		v.Canon, rules = canon, parity.SetOf(parity.APIVersion)
	}
	w.push("apiVersion")
	w.emit(n, v, rules)
	w.path = w.path[:0]
}

// body reads all of the object but what its key says.
func (w *walker) body(obj *doc.Node, t *typ) {
	sealed := w.special(obj)
	for i := range obj.Fields {
		name, n := obj.Fields[i].Key, obj.Fields[i].Value
		if name == "apiVersion" || name == "kind" || sealed.has(name) {
			continue
		}
		at := w.push(name)
		switch {
		case name == "metadata":
			w.metadata(n)
		case name == "status" && w.r.options.Live:
			w.kept(n)
		case name == "status":
			w.under(parity.ServerMetadata, n)
		case t != nil && t.fields[name] != nil:
			w.field(n, t.fields[name], obj)
		default:
			w.untyped(n, name)
		}
		w.pop(at)
	}
}

// kept is one fact for all that the server keeps for itself below n.
func (w *walker) kept(n *doc.Node) {
	w.emit(n, parity.Value{Kind: parity.Text, Raw: "kept by the server"}, parity.SetOf(parity.ServerMetadata))
}

// under reads all that stands below n without a schema, with a rule on every
// fact of it.
func (w *walker) under(rule parity.Rule, n *doc.Node) {
	before := w.extra
	w.extra = w.extra.With(rule)
	w.untyped(n, "")
	w.extra = before
}

// field reads the value of a typed field of parent.
func (w *walker) field(n *doc.Node, f *field, parent *doc.Node) {
	switch {
	case n == nil:
	case n.Kind == doc.Null:
		w.emit(n, nullValue, parity.SetOf(parity.EmptyIsAbsent))
	case empty(n):
		w.empty(n, f.solid || f.typ.kind == anything)
	case f.role != noRole && w.byRole(n, f, parent):
	default:
		w.typed(n, f, parent)
	}
}

var nullValue = parity.Value{Kind: parity.Null, Raw: "null"}

func empty(n *doc.Node) bool {
	return n.Kind == doc.Map && len(n.Fields) == 0 || n.Kind == doc.List && len(n.Items) == 0
}

// empty emits {} or []: the same as absence, unless it is solid.
func (w *walker) empty(n *doc.Node, solid bool) {
	raw := emptyText(n)
	if solid {
		w.emit(n, parity.Value{Kind: parity.Text, Raw: raw}, 0)
		return
	}
	w.emit(n, parity.Value{Kind: parity.Null, Raw: raw, Canon: "null"}, parity.SetOf(parity.EmptyIsAbsent))
}

// emptyText spells what holds nothing.
func emptyText(n *doc.Node) string {
	switch n.Kind {
	case doc.Map:
		return "{}"
	case doc.List:
		return "[]"
	default:
		return "null"
	}
}

func (w *walker) typed(n *doc.Node, f *field, parent *doc.Node) {
	t := f.typ
	switch {
	case t.kind == objectType && n.Kind == doc.Map:
		w.members(n, t)
	case t.kind == mapType && n.Kind == doc.Map:
		for i := range n.Fields {
			at := w.push(n.Fields[i].Key)
			w.element(n.Fields[i].Value, t.elem, n)
			w.pop(at)
		}
	case t.kind == listType && n.Kind == doc.List:
		w.list(n, t)
	case t.kind < objectType && t.kind != anything && n.Kind != doc.Map && n.Kind != doc.List:
		w.scalar(n, f, parent)
	default:
		w.untyped(n, "")
	}
}

// element reads a value of a type that is no field.
func (w *walker) element(n *doc.Node, t *typ, parent *doc.Node) {
	f := field{typ: t}
	w.field(n, &f, parent)
}

// members reads the fields of an object type.
func (w *walker) members(n *doc.Node, t *typ) {
	if t.role != noRole && w.byType(n, t) {
		return
	}
	for i := range n.Fields {
		w.member(n, t, &n.Fields[i])
	}
}

func (w *walker) member(n *doc.Node, t *typ, nf *doc.Field) {
	f := t.fields[nf.Key]
	if f == nil {
		at := w.push(nf.Key)
		w.untyped(nf.Value, nf.Key)
		w.pop(at)
		return
	}
	name := nf.Key
	if f.as != "" && n.Get(f.as) == nil {
		name = f.as
	}
	at := w.push(name)
	w.field(nf.Value, f, n)
	w.pop(at)
}

func (w *walker) list(n *doc.Node, t *typ) {
	switch {
	case t.list == orderedList:
		w.ordered(n, n.Items)
	case t.list == keyedList:
		w.keyed(n, t, nil)
	case allScalars(n.Items):
		w.set(n)
	case t.elem.kind == objectType:
		w.positional(n, t.elem, nil)
	default:
		w.untyped(n, "")
	}
}

func (w *walker) pushIndex(i int) int {
	at := len(w.path)
	w.path = append(strconv.AppendInt(append(w.path, '['), int64(i), 10), ']')
	return at
}

func allScalars(items []*doc.Node) bool {
	for _, n := range items {
		if n.Kind == doc.Map || n.Kind == doc.List {
			return false
		}
	}
	return true
}

// ordered emits scalars whose order matters as one fact.
func (w *walker) ordered(n *doc.Node, items []*doc.Node) {
	if !allScalars(items) {
		w.untyped(n, "")
		return
	}
	b := append(w.scratch[:0], '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		text := item.Text
		if value.Encrypted(text) {
			text = "(encrypted)"
		}
		b = appendJSON(b, text)
	}
	w.scratch = append(b, ']')
	w.emit(n, parity.Value{Kind: parity.List, Raw: string(w.scratch)}, 0)
}

// set emits scalars as members; one that is there twice is there.
func (w *walker) set(n *doc.Node) {
	var rules parity.RuleSet
	for i := 1; i < len(n.Items); i++ {
		if n.Items[i].Text < n.Items[i-1].Text {
			rules = parity.SetOf(parity.SetOrder)
		}
	}
	seen := newSeen(len(n.Items))
	for _, item := range n.Items {
		if seen.count(item.Text) > 1 {
			continue
		}
		name := item.Text
		if value.Encrypted(name) {
			name = "(encrypted)"
		}
		at := len(w.path)
		w.path = append(append(append(w.path, "[="...), name...), ']')
		w.emit(item, parity.Value{Kind: parity.Set, Raw: item.Text}, rules)
		w.pop(at)
	}
}
