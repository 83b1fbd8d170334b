package render

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// The types of values that a message can carry.
const (
	isNil = iota
	isFalse
	isTrue
	isString
	isInt
	isInt64
	isUint64
	isFloat32
	isFloat64
	isList
	isMap
)

// maxValueDepth bounds how deeply a value is nested.
const maxValueDepth = 10_000

// Value writes a plain value, as decoders of YAML and JSON yield them, such
// that Value of a Decoder returns one of the same types. Of other types it
// keeps the text that fmt gives them.
func (e *Encoder) Value(v any) {
	switch v := v.(type) {
	case nil:
		e.Uint(isNil)
	case bool:
		e.Uint(isFalse + uint64(b2i(v)))
	case string:
		e.Uint(isString)
		e.String(v)
	case int:
		e.Uint(isInt)
		e.Int(int64(v))
	case int64:
		e.Uint(isInt64)
		e.Int(v)
	case uint64:
		e.Uint(isUint64)
		e.Uint(v)
	case float64:
		e.Uint(isFloat64)
		e.Uint(math.Float64bits(v))
	case float32:
		e.Uint(isFloat32)
		e.Uint(uint64(math.Float32bits(v)))
	case []any:
		e.Uint(isList)
		e.Uint(uint64(len(v)))
		for _, item := range v {
			e.Value(item)
		}
	case map[string]any:
		e.Uint(isMap)
		e.Uint(uint64(len(v)))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			e.String(key)
			e.Value(v[key])
		}
	default:
		e.other(v)
	}
}

// other writes a value of a type that decoders of YAML and JSON do not yield
// by themselves.
func (e *Encoder) other(v any) {
	switch v := v.(type) {
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		e.Value(list)
	case map[string]string:
		m := make(map[string]any, len(v))
		for k, s := range v {
			m[k] = s
		}
		e.Value(m)
	default:
		e.Value(fmt.Sprint(v))
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Value reads a value that an Encoder wrote.
func (d *Decoder) Value() any { return d.value(0) }

func (d *Decoder) value(depth int) any {
	if depth > maxValueDepth {
		d.fail()
		return nil
	}
	switch d.Uint() {
	case isNil:
		return nil
	case isFalse:
		return false
	case isTrue:
		return true
	case isString:
		return d.String()
	case isInt:
		return int(d.Int())
	case isInt64:
		return d.Int()
	case isUint64:
		return d.Uint()
	case isFloat32:
		return math.Float32frombits(uint32(d.Uint()))
	case isFloat64:
		return math.Float64frombits(d.Uint())
	case isList:
		return d.list(depth)
	case isMap:
		return d.mapping(depth)
	}
	d.fail()
	return nil
}

// Lists and maps begin no larger than this: a length is only a claim.
const firstItems = 16

func (d *Decoder) list(depth int) any {
	n := d.Count()
	list := make([]any, 0, min(n, firstItems))
	for range n {
		if d.err != nil {
			return nil
		}
		list = append(list, d.value(depth+1))
	}
	return list
}

func (d *Decoder) mapping(depth int) any {
	n := d.Count()
	m := make(map[string]any, min(n, firstItems))
	for range n {
		if d.err != nil {
			return nil
		}
		key := d.String()
		m[key] = d.value(depth + 1)
	}
	return m
}
