package doc

import (
	"bytes"
	"unicode/utf8"
)

const notUTF8 = "is not UTF-8 text"

// checkText finds the first byte that is not UTF-8, or a NUL.
func checkText(data []byte) error {
	if err := CheckLocked(data); err != nil {
		return err
	}
	if i := badText(data); i >= 0 {
		at := position{line: 1, col: 1}
		at.advance(data[:i])
		return &Error{at.line, at.col, notUTF8}
	}
	return nil
}

// gitCryptMagic begins the files that git-crypt encrypted.
const gitCryptMagic = "\x00GITCRYPT\x00"

const gitCrypt = "is encrypted by git-crypt"

// CheckLocked returns an *Error for what git-crypt encrypted.
func CheckLocked(data []byte) error {
	if len(data) > 0 && data[0] == 0 && bytes.HasPrefix(data, []byte(gitCryptMagic)) {
		return &Error{What: gitCrypt}
	}
	return nil
}

// Locked reports whether the document is encrypted as a whole, so that there
// is nothing in it to repair.
func (e *Error) Locked() bool { return e.What == gitCrypt }

// UnlockHint says what to do about a document that is encrypted as a whole.
const UnlockHint = "run git-crypt unlock first; what the file holds is unknown until then"

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
