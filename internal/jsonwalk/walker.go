// Package jsonwalk reads JSON text in one pass without making a tree of it, so
// that memory is bounded by what the reader keeps, whatever the text.
package jsonwalk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// Walker is at one value of a text. After the first thing that is not JSON, or
// not of the asked form, it stands at the end and every call gives nothing.
type Walker struct {
	text []byte
	at   int
	err  *Error
}

// Error is what is wrong, and where. It never quotes the text.
type Error struct {
	What   string
	Offset int // in bytes
}

// Error gives the sentence.
func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.What, e.Offset+1) }

// New walks over the text, which must not change meanwhile.
func New(text []byte) *Walker { return &Walker{text: text} }

// Err is what was wrong, or nil.
func (w *Walker) Err() error {
	if w.err == nil {
		return nil
	}
	return w.err
}

// End says whether nothing but space is left, and else that this is wrong.
func (w *Walker) End() error {
	if w.space() != 0 {
		w.fail("something follows the value")
	}
	return w.Err()
}

func (w *Walker) fail(what string) {
	if w.err == nil {
		w.err = &Error{What: what, Offset: min(w.at, len(w.text))}
	}
	w.at = len(w.text)
}

// space goes to the next character that is none, and gives it; 0 at the end.
func (w *Walker) space() byte {
	for w.at < len(w.text) {
		switch c := w.text[w.at]; c {
		case ' ', '\t', '\n', '\r':
			w.at++
		case 0:
			w.fail("the text holds a NUL character")
		default:
			return c
		}
	}
	return 0
}

// Mark gives the place, for Back.
func (w *Walker) Mark() int { return w.at }

// Back goes to a place that Mark gave.
func (w *Walker) Back(at int) {
	if w.err == nil {
		w.at = at
	}
}

// Object calls of with each key of the object. A value that it does not read is
// skipped. null is an object without keys.
func (w *Walker) Object(of func(key []byte)) {
	w.list('{', '}', "an object is expected", func() {
		if w.space() != '"' {
			w.fail("a key is expected")
			return
		}
		key := w.string()
		if w.space() != ':' {
			w.fail("a colon is expected")
			return
		}
		w.at++
		w.value(func() { of(key) })
	})
}

// Array calls of at each item of the array. null is an array without items.
func (w *Walker) Array(of func()) {
	w.list('[', ']', "an array is expected", func() { w.value(of) })
}

// value lets of read a value, and skips it where it does not.
func (w *Walker) value(of func()) {
	w.space()
	if before := w.at; w.err == nil {
		if of(); w.at == before {
			w.Skip()
		}
	}
}

func (w *Walker) list(open, end byte, what string, item func()) {
	switch w.space() {
	case open:
		w.at++
	case 'n':
		w.literal()
		return
	default:
		w.fail(what)
		return
	}
	if w.space() == end {
		w.at++
		return
	}
	for w.err == nil {
		item()
		switch w.space() {
		case ',':
			w.at++
		case end:
			w.at++
			return
		default:
			w.fail("the text breaks off, or a comma is missing")
		}
	}
}

// Text gives a string, or a number or boolean as it is spelled; null, an object
// and an array give nothing.
func (w *Walker) Text() string {
	switch w.space() {
	case '"':
		return string(w.string())
	case '{', '[':
		w.Skip()
		return ""
	default:
		return w.literal()
	}
}

// Number gives a number, also one that is written as a string; 0 where it is
// none.
func (w *Walker) Number() float64 {
	x, err := strconv.ParseFloat(w.Text(), 64)
	if err != nil {
		return 0
	}
	return x
}

// Whole gives a whole number, also one that is written as a string; 0 where it
// is none.
func (w *Walker) Whole() int64 {
	text := w.Text()
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x > -(1<<63) && x < 1<<63) {
		return 0
	}
	return int64(x)
}

// literal reads a number, true, false or null; null gives nothing.
func (w *Walker) literal() string {
	begin := w.at
	for w.at < len(w.text) {
		c := w.text[w.at]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.' {
			w.at++
			continue
		}
		break
	}
	text := w.text[begin:w.at]
	if !json.Valid(text) {
		w.at = begin
		w.fail("a value is expected")
		return ""
	}
	if string(text) == "null" {
		return ""
	}
	return string(text)
}

// string reads a string from its quote on.
func (w *Walker) string() []byte {
	raw := w.rawString()
	inner := raw
	if len(raw) >= 2 {
		inner = raw[1 : len(raw)-1]
	}
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		w.fail("a string is damaged")
		return nil
	}
	return []byte(s)
}

// rawString goes to the end of the string that begins here.
func (w *Walker) rawString() []byte {
	begin := w.at
	for i := w.at + 1; i < len(w.text); i++ {
		switch w.text[i] {
		case '\\':
			i++
		case '"':
			w.at = i + 1
			return w.text[begin:w.at]
		}
	}
	w.fail("the text breaks off in a string")
	return nil
}

// Skip goes behind a value, however deep it is.
func (w *Walker) Skip() {
	depth := 0
	for {
		switch w.space() {
		case 0:
			w.fail("the text breaks off")
			return
		case '"':
			w.rawString()
		case '{', '[':
			depth++
			w.at++
			continue
		case '}', ']':
			if depth--; depth < 0 {
				w.fail("a value is expected")
				return
			}
			w.at++
		case ',', ':':
			if depth == 0 {
				w.fail("a value is expected")
				return
			}
			w.at++
			continue
		default:
			w.literal()
		}
		if depth == 0 || w.err != nil {
			return
		}
	}
}
