package doc

import (
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var errEscape = errors.New("is no escape")

// plainEscapes are the letters behind a backslash, and escapeBytes what they
// stand for.
const (
	plainEscapes = `"\/bfnrt`
	escapeBytes  = "\"\\/\b\f\n\r\t"
)

// escape appends what the escape here stands for, and goes behind it. Half of
// a surrogate pair stands for U+FFFD.
func (s *jsonScanner) escape(b []byte) ([]byte, error) {
	if s.i+1 >= len(s.data) {
		return b, io.ErrUnexpectedEOF
	}
	if k := strings.IndexByte(plainEscapes, s.data[s.i+1]); k >= 0 {
		s.i += 2
		return append(b, escapeBytes[k]), nil
	}
	r, err := s.unicode()
	if err != nil {
		return b, err
	}
	s.i += len(`\u0000`)
	if utf16.IsSurrogate(r) {
		low, err := s.unicode()
		if pair := utf16.DecodeRune(r, low); err == nil && pair != utf8.RuneError {
			s.i += len(`\u0000`)
			return utf8.AppendRune(b, pair), nil
		}
		r = utf8.RuneError
	}
	return utf8.AppendRune(b, r), nil
}

// unicode reads the \u escape here without going behind it.
func (s *jsonScanner) unicode() (rune, error) {
	rest := s.data[s.i:]
	if len(rest) < 2 || rest[0] != '\\' || rest[1] != 'u' {
		return 0, errEscape
	}
	var r rune
	for i := 2; i < len(`\u0000`); i++ {
		if i >= len(rest) {
			return 0, io.ErrUnexpectedEOF
		}
		d := strings.IndexByte("0123456789abcdef", rest[i]|0x20)
		if d < 0 || rest[i] < '0' {
			return 0, errEscape
		}
		r = r<<4 | rune(d)
	}
	return r, nil
}
