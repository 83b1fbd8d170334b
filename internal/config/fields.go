package config

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

// field is one key of a struct, as its tags describe it. The decoder and the
// JSON Schema both go by it, so that they cannot say different things.
//
// Tags: yaml (name; ",inline" takes the fields of an embedded struct), doc,
// required:"true" (must be there and not be empty), default:"text", min and
// max (numbers), enum:"a,b" (texts, or members of a list, or values of a map),
// keys:"a,b" (keys of a map), number:"text" (text that may be written as a
// number).
type field struct {
	name     string
	index    []int
	typ      reflect.Type
	doc      string
	fallback string
	required bool
	rule     constraint
}

// constraint is what a value must satisfy besides its type.
type constraint struct {
	nonEmpty bool
	numeric  bool // text may be written as a number
	enum     []string
	keys     []string
	min, max *float64
}

// fieldsOf lists the keys of a struct type in the order of its fields.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		sf := t.Field(i)
		name, opts, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		if name == "-" || !sf.IsExported() {
			continue
		}
		if opts == "inline" && sf.Type.Kind() == reflect.Struct {
			for _, f := range fieldsOf(sf.Type) {
				f.index = append([]int{i}, f.index...)
				out = append(out, f)
			}
			continue
		}
		if name == "" {
			name = strings.ToLower(sf.Name)
		}
		out = append(out, fieldOf(sf, name, i))
	}
	return out
}

func fieldOf(sf reflect.StructField, name string, i int) field {
	required := sf.Tag.Get("required") == "true"
	return field{
		name: name, index: []int{i}, typ: sf.Type,
		doc: sf.Tag.Get("doc"), fallback: sf.Tag.Get("default"), required: required,
		rule: constraint{
			nonEmpty: required,
			numeric:  sf.Tag.Get("number") == "text",
			enum:     splitTag(sf.Tag.Get("enum")),
			keys:     splitTag(sf.Tag.Get("keys")),
			min:      numberTag(sf.Tag.Get("min")),
			max:      numberTag(sf.Tag.Get("max")),
		},
	}
}

func splitTag(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func numberTag(s string) *float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return &f
}

func fieldNames(fs []field) []string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.name
	}
	return names
}

func findField(fs []field, name string) *field {
	i := slices.IndexFunc(fs, func(f field) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &fs[i]
}

// vocabulary gives the words of a type of the root package that has a closed
// list of them, and what they are called.
func vocabulary(t reflect.Type) (words []string, what string) {
	switch t {
	case reflect.TypeFor[parity.Surface]():
		return texts(parity.Surfaces()), "surface"
	case reflect.TypeFor[parity.Class]():
		return texts(parity.Classes()), "class"
	case reflect.TypeFor[parity.Severity]():
		return texts(parity.Severities()), "severity"
	case reflect.TypeFor[parity.Rule]():
		return texts(parity.Rules()), "rule"
	case reflect.TypeFor[parity.Change]():
		return texts(changes), "change"
	case reflect.TypeFor[parity.ImageState]():
		return texts(imageStates()), "imageState"
	case reflect.TypeFor[parity.Role]():
		return []string{string(parity.Desired), string(parity.Live), string(parity.Observed)}, "role"
	}
	return nil, ""
}

func imageStates() []textOf {
	var all []textOf
	for _, s := range parity.ImageStates() {
		all = append(all, textOf(s))
	}
	return all
}

// changes lists the kinds of change as the severity table may name them.
var changes = []textOf{
	textOf(parity.ToggleChange), textOf(parity.VersionChange), textOf(parity.SizingChange),
	textOf(parity.ScheduleChange), textOf(parity.AddressChange), textOf(parity.TextChange),
	textOf(parity.SecretChange), textOf(parity.KindChange), textOf(parity.NameChange), textOf(parity.OrderChange),
	textOf(parity.StructureChange), textOf(parity.IdentifierChange), textOf(parity.BehaviourChange),
	textOf(parity.AskedChange),
}

type textOf string

func (t textOf) String() string { return string(t) }

func texts[T interface{ String() string }](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = v.String()
	}
	return out
}

// plural is for the lists of words in hints.
func plural(what string) string {
	switch {
	case strings.HasSuffix(what, "y"):
		return strings.TrimSuffix(what, "y") + "ies"
	case strings.HasSuffix(what, "s"):
		return what + "es"
	}
	return what + "s"
}
