package kube

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// ownership says who wrote which field of one object, by its managed fields.
type ownership struct {
	// only is the one manager of an object that has no other; nil otherwise.
	only *parity.Writer
	// paths maps what is owned, in the form of facts' paths, to its writers.
	paths map[string]*parity.Writer
	// keyed are the lists whose items are owned one by one.
	keyed map[string]bool
	// origins are those made so far, by writer.
	origins map[*parity.Writer]*parity.Origin
}

// maxManagers bounds the managers of one object; the server keeps fewer.
const maxManagers = 64

// managersOf reads metadata.managedFields, the earliest writer first, so that
// each is put before those that it found. Managers of the status alone own
// nothing that is compared.
func managersOf(obj *doc.Node) []managedEntry {
	list := obj.At("metadata", "managedFields")
	if list == nil || list.Kind != doc.List {
		return nil
	}
	var entries []managedEntry
	for _, item := range list.Items[:min(len(list.Items), maxManagers)] {
		if item.Get("subresource").Str() == "status" {
			continue
		}
		w := parity.Writer{
			Manager: item.Get("manager").Str(), Operation: item.Get("operation").Str(),
			Subresource: item.Get("subresource").Str(),
		}
		if t, err := time.Parse(time.RFC3339, item.Get("time").Str()); err == nil {
			w.Time = t.UTC()
		}
		entries = append(entries, managedEntry{w, item.Get("fieldsV1")})
	}
	slices.SortStableFunc(entries, func(a, b managedEntry) int {
		return cmp.Or(a.writer.Time.Compare(b.writer.Time), strings.Compare(a.writer.Manager, b.writer.Manager))
	})
	return entries
}

// ownershipOf says who wrote which field of the object. items are the paths that
// facts have of the items of its lists.
func ownershipOf(obj *doc.Node, managers []managedEntry, items map[*doc.Node]string) *ownership {
	own := &ownership{origins: map[*parity.Writer]*parity.Origin{}}
	if len(managers) == 1 {
		only := managers[0].writer // a copy: the entry holds on to the tree
		own.only = &only
		return own
	}
	own.paths, own.keyed = map[string]*parity.Writer{}, map[string]bool{}
	for i := range managers {
		e := ownedBy{own: own, writer: managers[i].writer, items: items, chained: map[*parity.Writer]*parity.Writer{}}
		e.walk(managers[i].fields, obj)
	}
	return own
}

type managedEntry struct {
	writer parity.Writer
	fields *doc.Node
}

// ownedBy notes what one manager owns.
type ownedBy struct {
	own    *ownership
	writer parity.Writer
	// chained are the writers made so far, by who wrote before.
	chained map[*parity.Writer]*parity.Writer
	items   map[*doc.Node]string
	path    []byte
}

// walk follows what is owned through the object itself, as far as it is there.
func (e *ownedBy) walk(n, obj *doc.Node) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	if len(n.Fields) == 0 {
		e.note()
		return
	}
	for i := range n.Fields {
		element := n.Fields[i].Key
		if element == "." {
			e.note()
			continue
		}
		outer := e.path
		if next, ok := e.push(element, obj); ok {
			e.walk(n.Fields[i].Value, next)
		}
		e.path = outer
	}
}

func (e *ownedBy) note() {
	before := e.own.paths[string(e.path)]
	w, ok := e.chained[before]
	if !ok {
		next := e.writer
		next.Also = before
		w = &next
		e.chained[before] = w
	}
	e.own.paths[string(e.path)] = w
}

// push appends a path element of managed fields in the form of facts' paths, and
// gives what stands there in the object.
func (e *ownedBy) push(element string, obj *doc.Node) (*doc.Node, bool) {
	kind, text, ok := strings.Cut(element, ":")
	if !ok {
		return nil, false
	}
	switch kind {
	case "f":
		e.path = append(append(e.path, '/'), text...)
		return obj.Get(text), true
	case "i":
		e.path = append(append(append(e.path, '['), text...), ']')
		return nil, true
	case "v":
		e.path = append(append(append(e.path, "[="...), scalarOf([]byte(text))...), ']')
		return nil, true
	case "k":
		return e.pushItem(text, obj)
	}
	return nil, false
}

// pushItem appends the item of a list that the keys name.
func (e *ownedBy) pushItem(text string, list *doc.Node) (*doc.Node, bool) {
	keys := map[string]json.RawMessage{}
	if json.Unmarshal([]byte(text), &keys) != nil || list == nil {
		return nil, false
	}
	e.own.keyed[string(e.path)] = true
	for _, item := range list.Items {
		path, ok := e.items[item]
		for name, want := range keys {
			ok = ok && item.Get(name).Str() == scalarOf(want)
		}
		if ok {
			e.path = []byte(path)
			return item, true
		}
	}
	return nil, false
}

func scalarOf(raw []byte) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(bytes.TrimSpace(raw))
}

// of gives who wrote what stands at a path: its owner, or that of the nearest
// place above it that is owned as a whole. An item of a list whose items are
// owned one by one is not its list's, unless several have one key.
func (o *ownership) of(path string) *parity.Writer {
	if o.only != nil {
		return o.only
	}
	for end := len(path); end > 0; end-- {
		if end < len(path) && path[end] != '/' && path[end] != '[' {
			continue // no element ends here
		}
		if end < len(path) && path[end] == '[' && o.keyed[path[:end]] && !strings.Contains(path[end:], "]#") {
			return nil
		}
		if w := o.paths[path[:end]]; w != nil {
			return w
		}
	}
	return nil
}

// put gives facts their writers.
func (o *ownership) put(facts []parity.Fact) {
	for i := range facts {
		f := &facts[i]
		if f.Origin == nil {
			continue
		}
		w := o.of(f.Path)
		if w == nil {
			continue
		}
		origin, ok := o.origins[w]
		if !ok {
			written := *f.Origin
			written.Writer = w
			origin = &written
			o.origins[w] = origin
		}
		f.Origin = origin
	}
}
