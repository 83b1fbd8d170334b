package jsonwalk

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// read makes of a text what encoding/json makes of it, but numbers are text.
func read(w *Walker, depth int) any {
	w.space()
	if w.at >= len(w.text) || depth > 50 {
		w.Skip()
		return nil
	}
	switch w.text[w.at] {
	case '{':
		m := map[string]any{}
		w.Object(func(key []byte) { k := string(key); m[k] = read(w, depth+1) })
		return m
	case '[':
		l := []any{}
		w.Array(func() { l = append(l, read(w, depth+1)) })
		return l
	case 'n':
		w.Skip()
		return nil
	case 't', 'f':
		return w.Text() == "true"
	case '"':
		return w.Text()
	default:
		return json.Number(w.Text())
	}
}

func TestWalker(t *testing.T) {
	text := `{"a": [1, -2.5e3, "x\"yé", null, true], "skip": {"deep": [[{}], "]}"]}, "n": null, "s": "12"}`
	w := New([]byte(text))
	var list []string
	var n int64
	w.Object(func(key []byte) {
		switch string(key) {
		case "a":
			w.Array(func() { list = append(list, w.Text()) })
		case "n":
			w.Object(func([]byte) { t.Error("null has a key") })
		case "s":
			n = w.Whole()
		}
	})
	if err := w.End(); err != nil || !reflect.DeepEqual(list, []string{"1", "-2.5e3", `x"yé`, "", "true"}) || n != 12 {
		t.Errorf("%v, %q, %d", err, list, n)
	}
}

func TestDamaged(t *testing.T) {
	for _, text := range []string{``, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1]`, `[1 2]`, `{"a":"secret`, `{"a":tru}`, `{"a":1} x`, `x`, "{\x00", `{"a":,}`} {
		w := New([]byte(text))
		w.Object(func([]byte) {})
		if err := w.End(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSkipIsFlat(t *testing.T) {
	w := New([]byte(strings.Repeat("[", 1<<20)))
	if w.Skip(); w.Err() == nil {
		t.Error("open brackets are a value")
	}
}

// FuzzWalker holds that what encoding/json takes is read as it reads it, and
// that nothing else panics or hangs.
func FuzzWalker(f *testing.F) {
	for _, s := range []string{`{"a":[1,"x",{"b":null}]}`, `[`, `{"a":"\u00e9\\"}`, `"x`, `nul`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := New([]byte(text))
		got := read(w, 0)
		err := w.End()
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var want any
		if !json.Valid([]byte(text)) || d.Decode(&want) != nil || strings.Count(text, "[")+strings.Count(text, "{") > 50 {
			return
		}
		if err != nil {
			t.Fatalf("%q is JSON, but %v", text, err)
		}
		if strings.ToValidUTF8(text, "") != text {
			return // encoding/json replaces what is no UTF-8
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %#v, want %#v", text, got, want)
		}
	})
}
