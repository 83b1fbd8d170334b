package doc

import (
	"bytes"
	"unicode/utf8"
)

const notUTF8 = "is not UTF-8 text"

// checkText finds the first byte that is not UTF-8, or a NUL.
func checkText(data []byte) error {
	if i := badText(data); i >= 0 {
		at := position{line: 1, col: 1}
		at.advance(data[:i])
		return &Error{at.line, at.col, notUTF8}
	}
	return nil
}

// badText gives the offset of the first byte that text does not hold, or -1.
func badText(data []byte) int {
	nul := bytes.IndexByte(data, 0)
	if utf8.Valid(data) {
		return nul
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 || r == 0 {
			return i
		}
		i += n
	}
	return -1
}

// position is a place that moves forward through a text.
type position struct{ line, col int32 }

// advance moves over s. A column is a character.
func (p *position) advance(s []byte) {
	for {
		i := bytes.IndexByte(s, '\n')
		if i < 0 {
			p.col += int32(utf8.RuneCount(s))
			return
		}
		p.line++
		p.col = 1
		s = s[i+1:]
	}
}

// trimBOM removes a UTF-8 byte order mark.
func trimBOM(data []byte) []byte {
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
}
