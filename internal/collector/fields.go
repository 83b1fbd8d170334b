package collector

import (
	"encoding"
	"reflect"
	"strings"
)

// Field is one key of a collector's config, as a person who writes YAML sees
// it.
type Field struct {
	// Key is the whole key: "values", "sets[].name", "files.*.path".
	Key string
	// Type is "text", "number", "bool", "map", "anything", or a list or map of
	// these.
	Type     string
	Required bool
	Doc      string
}

// Fields lists the keys of the collector's config in the order of its struct,
// those of nested structs after their own.
func (c Collector) Fields() []Field {
	return fields(nil, "", reflect.TypeOf(c.NewConfig()).Elem(), 0)
}

// deepest is how deep a config may nest; a type that holds itself ends there.
const deepest = 8

func fields(out []Field, prefix string, t reflect.Type, depth int) []Field {
	if t.Kind() != reflect.Struct || depth > deepest {
		return out
	}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && (name == "" || strings.Contains(options, "inline")) {
			out = fields(out, prefix, f.Type, depth+1)
			continue
		}
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		out = append(out, Field{Key: prefix + name, Type: typeName(f.Type), Required: f.Tag.Get("required") == "true", Doc: f.Tag.Get("doc")})
		if inner, below := inside(f.Type); inner != nil {
			out = fields(out, prefix+name+below+".", inner, depth+1)
		}
	}
	return out
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// inside gives the struct behind pointers, lists and maps, and how a key
// writes the way there; nil where there is none that has keys.
func inside(t reflect.Type) (inner reflect.Type, below string) {
	for {
		switch {
		case reflect.PointerTo(t).Implements(textType):
			return nil, ""
		case t.Kind() == reflect.Pointer:
			t = t.Elem()
		case t.Kind() == reflect.Slice:
			t, below = t.Elem(), below+"[]"
		case t.Kind() == reflect.Map:
			t, below = t.Elem(), below+".*"
		case t.Kind() == reflect.Struct:
			return t, below
		default:
			return nil, ""
		}
	}
}

// typeName names a type as a person who writes YAML would.
func typeName(t reflect.Type) string {
	if reflect.PointerTo(t).Implements(textType) {
		return strings.ToLower(t.Name())
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Map:
		return "map of " + typeName(t.Elem())
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "text"
	case reflect.Struct:
		return "map"
	case reflect.Interface:
		return "anything"
	default:
		return "number"
	}
}
