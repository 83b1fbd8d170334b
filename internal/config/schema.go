package config

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// SchemaURL is where the JSON Schema of parity.yaml is published.
const SchemaURL = "https://raw.githubusercontent.com/envparity/parity/main/docs/schema/parity.schema.json"

// JSONSchema gives the JSON Schema (draft 2020-12) of parity.yaml, from the
// same structs and tags that Load goes by. kinds maps a collector's name to a
// zero config of it, or a pointer to one. The output is the same for the same
// kinds.
func JSONSchema(kinds map[string]any) ([]byte, error) {
	b := &schemaBuilder{kinds: kinds, defs: schema{}, names: map[string]reflect.Type{}}
	root := schema{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     SchemaURL,
		"title":   "parity.yaml",
	}
	maps.Copy(root, b.object(reflect.TypeFor[Config]()))
	root["properties"].(schema)["version"] = schema{"const": Version, "description": docOf(reflect.TypeFor[Config](), "version")}
	root["patternProperties"] = schema{"^" + extension: schema{"description": "Ignored: a place for anchors."}}
	root["$defs"] = b.defs
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(out, '\n'), nil
}

type schema map[string]any

type schemaBuilder struct {
	kinds map[string]any
	defs  schema
	names map[string]reflect.Type // of structs, in defs
}

func docOf(t reflect.Type, name string) string { return findField(fieldsOf(t), name).doc }

// object describes a struct's keys.
func (b *schemaBuilder) object(t reflect.Type) schema {
	properties, required := schema{}, []string{}
	for _, f := range fieldsOf(t) {
		properties[f.name] = b.field(f)
		if f.required {
			required = append(required, f.name)
		}
	}
	out := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// field describes a key: its type, and its description beside it.
func (b *schemaBuilder) field(f field) schema {
	out := b.of(f.typ, f.rule)
	if f.doc != "" {
		out["description"] = f.doc
	}
	if f.fallback != "" {
		out["default"] = fallbackValue(f)
	}
	return out
}

func fallbackValue(f field) any {
	t := f.typ
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if words, _ := vocabulary(t); words == nil && t != reflect.TypeFor[time.Duration]() {
		switch t.Kind() {
		case reflect.Bool:
			return f.fallback == "true"
		case reflect.String:
		default:
			if n, err := strconv.ParseFloat(f.fallback, 64); err == nil {
				return n
			}
		}
	}
	return f.fallback
}

// of describes a type. The result is the caller's to add to.
func (b *schemaBuilder) of(t reflect.Type, c constraint) schema {
	if t.Kind() == reflect.Pointer {
		return b.of(t.Elem(), c)
	}
	switch {
	case t == reflect.TypeFor[Source]():
		return b.ref("source", b.source)
	case t == reflect.TypeFor[Isolate]():
		return schema{"oneOf": []any{schema{"type": "boolean"}, b.listOf(t, c)}}
	case t == reflect.TypeFor[Date]():
		return schema{"type": "string", "format": "date", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	case t == reflect.TypeFor[Spellings]():
		text := scalarOf(t.Elem(), c)
		return schema{"anyOf": []any{text, schema{"type": "array", "minItems": 1, "items": text}}}
	case t == reflect.TypeFor[time.Duration]():
		return schema{"type": "string", "pattern": `^([0-9.]+(h|m|s|ms|us|µs|ns))+$`}
	}
	if words, what := vocabulary(t); words != nil {
		return b.ref(what, func() schema { return schema{"type": "string", "enum": words} })
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return schema{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return b.ref(b.name(t), func() schema { return b.object(t) })
	case reflect.Map:
		return b.mapOf(t, c)
	case reflect.Slice:
		return b.listOf(t, c)
	case reflect.Interface:
		return schema{}
	}
	return scalarOf(t, c)
}

// name gives a struct a name of its own among the definitions.
func (b *schemaBuilder) name(t reflect.Type) string {
	name := t.Name()
	for n := 2; b.names[name] != nil && b.names[name] != t; n++ {
		name = t.Name() + strconv.Itoa(n)
	}
	b.names[name] = t
	return name
}

// ref describes a type once, and refers to it.
func (b *schemaBuilder) ref(name string, describe func() schema) schema {
	if _, ok := b.defs[name]; !ok {
		b.defs[name] = schema{} // ends recursion
		b.defs[name] = describe()
	}
	return schema{"$ref": "#/$defs/" + name}
}

func (b *schemaBuilder) mapOf(t reflect.Type, c constraint) schema {
	value := constraint{numeric: true, enum: c.enum, min: c.min, max: c.max}
	out := schema{"type": "object", "additionalProperties": b.of(t.Elem(), value)}
	if words, what := vocabulary(t.Key()); words != nil {
		out["propertyNames"] = b.ref(what, func() schema { return schema{"type": "string", "enum": words} })
	} else if c.keys != nil {
		out["propertyNames"] = schema{"enum": c.keys}
	} else {
		out["propertyNames"] = schema{"minLength": 1}
	}
	if c.nonEmpty {
		out["minProperties"] = 1
	}
	return out
}

func (b *schemaBuilder) listOf(t reflect.Type, c constraint) schema {
	item := c
	item.nonEmpty = t.Elem().Kind() == reflect.String
	out := schema{"type": "array", "items": b.of(t.Elem(), item)}
	if c.nonEmpty {
		out["minItems"] = 1
	}
	return out
}

func scalarOf(t reflect.Type, c constraint) schema {
	out := schema{}
	switch t.Kind() {
	case reflect.Bool:
		out["type"] = "boolean"
	case reflect.String:
		out["type"] = "string"
		if c.numeric {
			out["type"] = []string{"string", "number"}
		}
		if c.enum != nil {
			out["enum"] = c.enum
		}
		if c.nonEmpty {
			out["pattern"] = `\S`
		}
	case reflect.Float32, reflect.Float64:
		out["type"] = "number"
	default:
		out["type"] = "integer"
	}
	if c.min != nil {
		out["minimum"] = *c.min
	}
	if c.max != nil {
		out["maximum"] = *c.max
	}
	return out
}

// source describes a source: one form for every collector, and the bare path.
func (b *schemaBuilder) source() schema {
	forms := []any{schema{
		"title":                "a path whose collector is found from what is there",
		"type":                 "object",
		"properties":           schema{pathKey: schema{"type": "string", "pattern": `\S`, "description": "File or directory; may be git:REV:path."}},
		"required":             []string{pathKey},
		"additionalProperties": false,
	}}
	for _, name := range slices.Sorted(maps.Keys(b.kinds)) {
		t := reflect.TypeOf(b.kinds[name])
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		form := b.object(t)
		form["title"] = name
		form["properties"].(schema)[collectorKey] = schema{"const": name, "description": docOf(reflect.TypeFor[Source](), collectorKey)}
		required, _ := form["required"].([]string)
		form["required"] = append([]string{collectorKey}, required...)
		forms = append(forms, form)
	}
	return schema{"oneOf": forms}
}
