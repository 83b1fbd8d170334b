package view

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"unicode/utf8"
)

// WriteJSON writes v as indented JSON: HTML is left as it is, map keys are
// sorted, a nil slice or map becomes [] or {}, and every character that could
// steer a terminal is escaped.
func WriteJSON(w io.Writer, v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(filled(reflect.ValueOf(v)).Interface()); err != nil {
		return err
	}
	_, err := w.Write(escapeHostile(buf.Bytes()))
	return err
}

// escapeHostile replaces hostile characters of a JSON text by their escapes.
// JSON has them within strings only, and its encoder escapes those below
// space itself.
func escapeHostile(text []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(text); {
		if text[i] < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if hostile(r) {
			out = append(out, text[done:i]...)
			out = appendEscape(out, r)
			done = i + size
		}
		i += size
	}
	if out == nil {
		return text
	}
	return append(out, text[done:]...)
}

func appendEscape(out []byte, r rune) []byte {
	if r >= 0x10000 {
		r -= 0x10000
		out = appendEscape(out, 0xd800+r>>10)
		return appendEscape(out, 0xdc00+r&0x3ff)
	}
	return append(out, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// filled copies v with empty slices and maps in the place of nil ones, so
// that a reader never meets null where a list belongs. Types that write
// themselves are taken as they are.
func filled(v reflect.Value) reflect.Value {
	if v.Type().Implements(marshaler) {
		return v
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(filled(v.Elem()))
		return out
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		return filled(v.Elem())
	case reflect.Struct:
		return filledStruct(v)
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i)))
		}
		return out
	case reflect.Map:
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), filled(it.Value()))
		}
		return out
	default:
		return v
	}
}

func filledStruct(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			out.Field(i).Set(filled(v.Field(i)))
		}
	}
	return out
}
