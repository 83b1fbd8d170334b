package config

import (
	"encoding"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// native lets the YAML library read a number or boolean whose tag fits.
func (d *decoder) native(n *yaml.Node, v reflect.Value, at string) {
	if err := target(n).Decode(v.Addr().Interface()); err != nil {
		d.fault(n, "", "%s: out of range", at)
	}
}

func (d *decoder) bounds(n *yaml.Node, v reflect.Value, c constraint, at string) {
	var f float64
	switch {
	case v.CanInt():
		f = float64(v.Int())
	case v.CanUint():
		f = float64(v.Uint())
	default:
		f = v.Float()
	}
	low, high := c.min, c.max
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		d.fault(n, "", "%s: want a finite number", at)
	case low != nil && high != nil && (f < *low || f > *high):
		d.fault(n, "", "%s: want a number from %s to %s", at, number(*low), number(*high))
	case low != nil && f < *low:
		d.fault(n, "", "%s: want %s or more", at, number(*low))
	case high != nil && f > *high:
		d.fault(n, "", "%s: want %s or less", at, number(*high))
	}
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func (d *decoder) str(n *yaml.Node, v reflect.Value, c constraint, at string) {
	t := target(n)
	words, what := c.enum, "word"
	if words == nil {
		if words, what = vocabulary(v.Type()); what == "" {
			what = "word"
		}
	}
	if t.Kind != yaml.ScalarNode {
		d.wants(n, at, "text", "")
		return
	}
	switch tag := t.ShortTag(); {
	case tag == "!!str" || tag == "!!timestamp":
	case c.numeric && (tag == "!!int" || tag == "!!float"):
	default:
		d.wants(n, at, "text", "put it in quotes")
		return
	}
	switch {
	case words != nil && !slices.Contains(words, t.Value):
		d.fault(n, suggest(t.Value, plural(what), words), "%s: unknown %s %s", at, what, quote(t.Value))
	case c.nonEmpty && strings.TrimSpace(t.Value) == "":
		d.fault(n, "", "%s is empty", at)
	case strings.ContainsRune(t.Value, 0):
		d.fault(n, "", "%s holds a zero byte", at)
	}
	v.SetString(t.Value)
}

// text decodes a type that reads itself.
func (d *decoder) text(n *yaml.Node, u encoding.TextUnmarshaler, t reflect.Type, at string) {
	words, what := vocabulary(t)
	if target(n).Kind != yaml.ScalarNode {
		d.wants(n, at, orText(what), "")
		return
	}
	value := target(n).Value
	err := u.UnmarshalText([]byte(value))
	switch {
	case err == nil:
	case words != nil:
		d.fault(n, suggest(value, plural(what), words), "%s: unknown %s %s", at, what, quote(value))
	case t == reflect.TypeFor[Date]():
		d.fault(n, "write it as YYYY-MM-DD, such as 2027-03-31", "%s: this is no date", at)
	default:
		d.fault(n, "", "%s cannot be read", at)
	}
}

func orText(what string) string {
	if what == "" {
		return "text"
	}
	return "a " + what
}

func (d *decoder) duration(n *yaml.Node, v reflect.Value, at string) {
	t := target(n)
	length, err := time.ParseDuration(t.Value)
	if t.Kind != yaml.ScalarNode || err != nil || length < 0 {
		d.fault(n, "write it as 90s, 5m or 1h30m", "%s: this is no duration", at)
		return
	}
	v.SetInt(int64(length))
}

// free decodes a value whose type is nobody's: maps with text keys, lists and
// scalars.
func (d *decoder) free(n *yaml.Node) any {
	if d.exhausted(n) {
		return nil
	}
	switch t := target(n); t.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for _, e := range d.entries(n, "a map") {
			out[e.name] = d.free(e.value)
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, 0, len(t.Content))
		for _, item := range t.Content {
			if d.spent {
				break
			}
			out = append(out, d.free(item))
		}
		return out
	default:
		var out any
		if err := t.Decode(&out); err != nil {
			d.fault(n, "", "this value cannot be read")
		}
		return out
	}
}

// fill gives a field that was left out its default.
func fill(v reflect.Value, f field) {
	switch {
	case f.fallback == "":
		if v.Kind() == reflect.Struct {
			fillAll(v)
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		set(v.Elem(), f.fallback)
	default:
		set(v, f.fallback)
	}
}

func fillAll(v reflect.Value) {
	for _, f := range fieldsOf(v.Type()) {
		fill(v.FieldByIndex(f.index), f)
	}
}

// set reads a default tag. The test of the tags sees that each can be read.
func set(v reflect.Value, text string) {
	if u, ok := v.Addr().Interface().(interface{ UnmarshalText([]byte) error }); ok {
		_ = u.UnmarshalText([]byte(text))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text == "true")
	case reflect.Float64, reflect.Float32:
		f, _ := strconv.ParseFloat(text, 64)
		v.SetFloat(f)
	case reflect.Int, reflect.Int64, reflect.Int32:
		if length, err := time.ParseDuration(text); err == nil && v.Type() == reflect.TypeFor[time.Duration]() {
			v.SetInt(int64(length))
			return
		}
		i, _ := strconv.ParseInt(text, 10, 64)
		v.SetInt(i)
	}
}
