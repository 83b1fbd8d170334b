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
	// keyed are the lists whose items are owned one by one, with the names of
	// their keys; items are those items.
	keyed map[string][]string
	items map[string]bool
	// origins are those made so far, by writer.
	origins map[*parity.Writer]*parity.Origin
}

// maxManagers bounds the managers of one object; the server keeps fewer.
const maxManagers = 64

// managedFields reads metadata.managedFields. Managers of the status alone own
// nothing that is compared. Nil where the object says nothing.
func managedFields(obj *doc.Node) *ownership {
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
	if len(entries) == 0 {
		return nil
	}
	// Later writers come last, so that each is put before those that it found.
	slices.SortStableFunc(entries, func(a, b managedEntry) int {
		return cmp.Or(a.writer.Time.Compare(b.writer.Time), strings.Compare(a.writer.Manager, b.writer.Manager))
	})
	own := &ownership{origins: map[*parity.Writer]*parity.Origin{}}
	if len(entries) == 1 {
		only := entries[0].writer // a copy: the entry holds on to the tree
		own.only = &only
		return own
	}
	own.paths = map[string]*parity.Writer{}
	own.keyed, own.items = map[string][]string{}, map[string]bool{}
	for i := range entries {
		e := ownedBy{own: own, writer: entries[i].writer, chained: map[*parity.Writer]*parity.Writer{}}
		e.walk(entries[i].fields)
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
	path    []byte
}

func (e *ownedBy) walk(n *doc.Node) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	if len(n.Fields) == 0 {
		e.note()
		return
	}
	for i := range n.Fields {
		at := len(e.path)
		if n.Fields[i].Key == "." {
			e.note()
			continue
		}
		if !e.push(n.Fields[i].Key) {
			continue
		}
		e.walk(n.Fields[i].Value)
		e.path = e.path[:at]
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

// push appends a path element of managed fields in the form of facts' paths.
func (e *ownedBy) push(element string) bool {
	kind, text, ok := strings.Cut(element, ":")
	if !ok {
		return false
	}
	switch kind {
	case "f":
		e.path = append(append(e.path, '/'), text...)
	case "i":
		e.path = append(append(append(e.path, '['), text...), ']')
	case "v":
		e.path = append(append(append(e.path, "[="...), scalarOf([]byte(text))...), ']')
	case "k":
		return e.pushKeys(text)
	default:
		return false
	}
	return true
}

// pushKeys appends the keys of a list's item, as keyed does: what is the
// default behind the first key is left out.
func (e *ownedBy) pushKeys(text string) bool {
	dec := json.NewDecoder(strings.NewReader(text))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	list := string(e.path)
	var names []string
	e.path = append(e.path, '[')
	for first := true; dec.More(); first = false {
		name, err := dec.Token()
		key, isText := name.(string)
		if err != nil || !isText {
			return false
		}
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			return false
		}
		val := scalarOf(raw)
		names = append(names, key)
		if !first && key == "protocol" && val == "TCP" {
			continue
		}
		if !first {
			e.path = append(e.path, ',')
		}
		e.path = append(append(append(e.path, key...), '='), val...)
	}
	e.path = append(e.path, ']')
	e.own.keyed[list], e.own.items[string(e.path)] = names, true
	return true
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
// owned one by one is not its list's.
func (o *ownership) of(path string) *parity.Writer {
	if o.only != nil {
		return o.only
	}
	for path != "" {
		if w := o.paths[path]; w != nil {
			return w
		}
		up := above(path)
		if o.keyed[up] != nil && strings.HasPrefix(path, up+"[") {
			return nil
		}
		path = up
	}
	return nil
}

// above cuts the last element off a fact's path.
func above(path string) string {
	if strings.HasSuffix(path, "]") {
		if i := strings.LastIndexByte(path, '['); i >= 0 {
			return path[:i]
		}
	}
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}

// put gives facts their writers.
func (o *ownership) put(facts []parity.Fact) {
	texts := o.texts(facts)
	for i := range facts {
		f := &facts[i]
		if f.Origin == nil {
			continue
		}
		w := o.of(o.asOwned(f.Path, texts))
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
