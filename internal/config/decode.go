package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// decoder fills structs from YAML nodes, strictly: whatever it does not
// understand is a fault with a place, and it goes on to find the next one.
type decoder struct {
	faults faultList
	kinds  Kinds
	budget int
	spent  bool // the budget's fault was reported
	fields map[reflect.Type][]field
}

func newDecoder(file string, kinds Kinds) *decoder {
	return &decoder{
		faults: faultList{file: file},
		kinds:  kinds,
		budget: maxValues,
		fields: map[reflect.Type][]field{},
	}
}

func (d *decoder) fault(n *yaml.Node, hint, format string, args ...any) {
	d.faults.add(spotOf(n), fmt.Sprintf(format, args...), hint)
}

func (d *decoder) fieldsOf(t reflect.Type) []field {
	fs, ok := d.fields[t]
	if !ok {
		fs = fieldsOf(t)
		d.fields[t] = fs
	}
	return fs
}

// exhausted counts a value, and reports whether there are too many.
func (d *decoder) exhausted(n *yaml.Node) bool {
	d.budget--
	return d.over(n)
}

// over reports whether there are too many values, and reports it once.
func (d *decoder) over(n *yaml.Node) bool {
	if d.budget > 0 {
		return false
	}
	if !d.spent {
		d.spent = true
		d.fault(n, "aliases of aliases grow fast", "the file grows beyond %d values", maxValues)
	}
	return true
}

// value decodes n, which the file calls at, into v.
func (d *decoder) value(n *yaml.Node, v reflect.Value, c constraint, at string) {
	if d.exhausted(n) {
		return
	}
	t := target(n)
	if t.Kind == yaml.ScalarNode && t.ShortTag() == "!!null" && v.Kind() != reflect.Interface {
		d.fault(n, "give it one, or leave the key out", "%s has no value", at)
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), c, at)
		return
	}
	if v.Type() == reflect.TypeFor[Source]() {
		d.source(n, v.Addr().Interface().(*Source), at)
		return
	}
	if v.Type() == reflect.TypeFor[Isolate]() {
		d.isolate(n, v, c, at)
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(n, u, v.Type(), at)
		return
	}
	if v.Type() == reflect.TypeFor[Spellings]() {
		d.spellings(n, v.Addr().Interface().(*Spellings), c, at)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, at)
	case reflect.Map:
		d.mapping(n, v, c, at)
	case reflect.Slice:
		d.list(n, v, c, at)
	case reflect.Interface:
		if out := d.free(n); out != nil {
			v.Set(reflect.ValueOf(out))
		}
	default:
		d.scalar(n, v, c, at)
	}
}

// wants reports a value of the wrong kind.
func (d *decoder) wants(n *yaml.Node, at, want, hint string) {
	d.fault(n, hint, "%s: want %s, have %s", at, want, describe(target(n)))
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!int":
		return "a whole number"
	case "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "nothing"
	case "!!timestamp":
		return "a date"
	}
	return "text"
}

func (d *decoder) entries(n *yaml.Node, at string) []entry {
	es := entries(target(n), &d.budget,
		func(key, first *yaml.Node) {
			d.fault(key, "the first is at "+spotOf(first).in(d.faults.file), "key %s is given twice in %s", quote(key.Value), at)
		},
		func(bad *yaml.Node, what string) { d.fault(bad, "", "%s: %s", at, what) })
	d.over(n)
	return es
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, at string) {
	if target(n).Kind != yaml.MappingNode {
		d.wants(n, at, "a map", "keys: "+strings.Join(fieldNames(d.fieldsOf(v.Type())), ", "))
		return
	}
	d.filled(n, d.entries(n, at), v, at)
}

// filled decodes a struct from its entries.
func (d *decoder) filled(n *yaml.Node, es []entry, v reflect.Value, at string) {
	fs := d.fieldsOf(v.Type())
	seen := map[string]bool{}
	for _, e := range es {
		f := findField(fs, e.name)
		if f == nil {
			if at == top && strings.HasPrefix(e.name, extension) {
				continue
			}
			d.fault(e.key, suggest(e.name, "keys", fieldNames(fs)), "unknown key %s in %s", quote(e.name), at)
			continue
		}
		seen[f.name] = true
		d.value(e.value, v.FieldByIndex(f.index), f.rule, under(at, f.name))
	}
	for _, f := range fs {
		switch {
		case seen[f.name]:
		case f.required:
			d.fault(n, f.name+": "+f.doc, "%s is missing", under(at, f.name))
		default:
			fill(v.FieldByIndex(f.index), f)
		}
	}
}

// top is what messages call the whole file; extension begins keys of it that
// are for anchors only.
const (
	top       = "the file"
	extension = "x-"
)

func under(at, name string) string {
	if at == top {
		return name
	}
	return at + "." + name
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, c constraint, at string) {
	if target(n).Kind != yaml.MappingNode {
		d.wants(n, at, "a map", "")
		return
	}
	es := d.entries(n, at)
	if c.nonEmpty && len(es) == 0 {
		d.fault(n, "", "%s is empty", at)
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(es)))
	for _, e := range es {
		key := reflect.New(v.Type().Key()).Elem()
		if !d.key(e, key, c, at) {
			continue
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		name := e.name
		if !looksLikeName(name) {
			name = "(a key)"
		}
		d.value(e.value, elem, constraint{numeric: true, enum: c.enum, min: c.min, max: c.max}, under(at, name))
		v.SetMapIndex(key, elem)
	}
}

func (d *decoder) key(e entry, v reflect.Value, c constraint, at string) bool {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if words, what := vocabulary(v.Type()); words != nil && u.UnmarshalText([]byte(e.name)) != nil {
			d.fault(e.key, suggest(e.name, plural(what), words), "unknown %s %s in %s", what, quote(e.name), at)
			return false
		}
		return true
	}
	if e.name == "" {
		d.fault(e.key, "", "an empty key in %s", at)
		return false
	}
	if c.keys != nil && !slices.Contains(c.keys, e.name) {
		d.fault(e.key, suggest(e.name, "names", c.keys), "unknown name %s in %s", quote(e.name), at)
		return false
	}
	v.SetString(e.name)
	return true
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, c constraint, at string) {
	t := target(n)
	if t.Kind != yaml.SequenceNode {
		hint := "begin each item with a dash"
		d.wants(n, at, "a list", hint)
		return
	}
	if c.nonEmpty && len(t.Content) == 0 {
		d.fault(n, "", "%s is empty", at)
	}
	c.nonEmpty = v.Type().Elem().Kind() == reflect.String
	if v.IsNil() { // a list of nothing is none, and not what is meant without it
		v.Set(reflect.MakeSlice(v.Type(), 0, len(t.Content)))
	}
	for i, item := range t.Content {
		if d.spent {
			return
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(item, elem, c, at+"["+strconv.Itoa(i)+"]")
		v.Set(reflect.Append(v, elem))
	}
}

// spellings decodes one text or a list of texts.
func (d *decoder) spellings(n *yaml.Node, into *Spellings, c constraint, at string) {
	items := []*yaml.Node{n}
	if t := target(n); t.Kind == yaml.SequenceNode {
		if items = t.Content; len(items) == 0 {
			d.fault(n, "give it a text, or leave it out", "%s is empty", at)
		}
	}
	*into = make(Spellings, len(items))
	for i, item := range items {
		if d.exhausted(item) {
			return
		}
		d.str(item, reflect.ValueOf(into).Elem().Index(i), c, at)
	}
}

// scalar decodes strings, numbers and booleans.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value, c constraint, at string) {
	t := target(n)
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d.duration(n, v, at)
		return
	}
	switch v.Kind() {
	case reflect.String:
		d.str(n, v, c, at)
	case reflect.Bool:
		if t.Kind != yaml.ScalarNode || t.ShortTag() != "!!bool" {
			d.wants(n, at, "true or false", "")
			return
		}
		d.native(n, v, at)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if t.Kind != yaml.ScalarNode || t.ShortTag() != "!!int" {
			d.wants(n, at, "a whole number", "")
			return
		}
		d.native(n, v, at)
		d.bounds(n, v, c, at)
	case reflect.Float32, reflect.Float64:
		if tag := t.ShortTag(); t.Kind != yaml.ScalarNode || tag != "!!float" && tag != "!!int" {
			d.wants(n, at, "a number", "")
			return
		}
		d.native(n, v, at)
		d.bounds(n, v, c, at)
	default:
		d.fault(n, "", "%s cannot be set here", at)
	}
}
