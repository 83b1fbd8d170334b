package doc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	// chunkBytes is what the library asks for at a time.
	chunkBytes = 512
	// keepBytes is the longest document that is kept to place an error in it.
	keepBytes = 1 << 20
)

// yamlReader feeds the YAML library a few lines at a time. So it knows about
// how far the library had looked when it gave up, it can bound a document
// before the library has built it, and it refuses what is not text.
type yamlReader struct {
	in       *bufio.Reader
	limits   Limits
	pending  []byte // what is left of the chunk at hand
	at       position
	chunk    []byte   // the chunk at hand
	last     position // where it begins
	bytes    int64    // handed out of the whole input
	docBytes int      // handed out of the document at hand
	marks    int      // bytes of it that may set nodes apart
	utf16    bool
	kept     []byte // the document so far; nil where it is too long
	keptFrom int32  // the line where kept begins
	failed   error
}

func newYAMLReader(r io.Reader, l Limits) *yamlReader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(2)
	wide := bytes.Equal(head, []byte("\xff\xfe")) || bytes.Equal(head, []byte("\xfe\xff"))
	return &yamlReader{
		in: in, limits: l, utf16: wide, at: position{1, 1},
		kept: make([]byte, 0, 4<<10), keptFrom: 1,
	}
}

// Read gives at most the rest of the chunk at hand.
func (r *yamlReader) Read(p []byte) (int, error) {
	if len(r.pending) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

// next fetches a chunk: whole lines of one document, or a piece of a long line.
func (r *yamlReader) next() error {
	if r.failed != nil {
		return r.failed
	}
	chunk, err := r.in.Peek(chunkBytes)
	if len(chunk) == 0 {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		r.failed = fmt.Errorf("cannot be read: %w", err)
		return r.failed
	}
	if !r.utf16 {
		chunk = cut(chunk)
	}
	if r.failed = r.admit(chunk); r.failed != nil {
		return r.failed
	}
	r.pending, r.chunk = chunk, chunk
	_, err = r.in.Discard(len(chunk)) // leaves the bytes where they are
	return err
}

// cut shortens a chunk so that it ends before the next document, else with a
// line, else with a character.
func cut(chunk []byte) []byte {
	if i := bytes.Index(chunk, []byte("\n---")); i >= 0 {
		return chunk[:i+1]
	}
	if i := bytes.LastIndexByte(chunk, '\n'); i >= 0 {
		return chunk[:i+1]
	}
	if len(chunk) < chunkBytes {
		return chunk
	}
	for n := 1; n < utf8.UTFMax; n++ {
		if utf8.RuneStart(chunk[len(chunk)-n]) {
			if !utf8.FullRune(chunk[len(chunk)-n:]) {
				return chunk[:len(chunk)-n]
			}
			break
		}
	}
	return chunk
}

// admit checks a chunk against the limits and keeps it.
func (r *yamlReader) admit(chunk []byte) error {
	if r.bytes == 0 {
		if err := CheckLocked(chunk); err != nil {
			return err
		}
	}
	if r.bytes += int64(len(chunk)); r.bytes > r.limits.Bytes {
		return &Error{r.at.line, 0, fmt.Sprintf("is larger than %d bytes", r.limits.Bytes)}
	}
	if r.at.col == 1 && bytes.HasPrefix(chunk, []byte("---")) {
		r.docBytes, r.marks, r.keptFrom = 0, 0, r.at.line
		if r.kept == nil {
			r.kept = make([]byte, 0, 4<<10)
		}
		r.kept = r.kept[:0]
	}
	if !r.utf16 && !utf8.Valid(chunk) {
		r.at.advance(chunk[:badText(chunk)])
		return &Error{r.at.line, r.at.col, notUTF8}
	}
	if !r.roomFor(chunk) {
		return r.limits.tooMany(r.at.line, 0)
	}
	r.last = r.at
	r.at.advance(chunk)
	if len(r.kept)+len(chunk) > keepBytes {
		r.kept = nil
	}
	if r.kept != nil {
		r.kept = append(r.kept, chunk...)
	}
	return nil
}

// roomFor bounds the nodes of a document before there are any. A document has
// no more nodes than bytes, and hardly more than half as many as it has
// bytes that can set nodes apart; text has such bytes too, hence the latitude.
func (r *yamlReader) roomFor(chunk []byte) bool {
	if r.docBytes += len(chunk); r.docBytes <= r.limits.Nodes {
		return true
	}
	for _, b := range chunk {
		switch b {
		case '\n', ',', '[', '{', '-', ':', '?':
			r.marks++
		}
	}
	return r.marks <= 2*r.limits.Nodes
}

// lines gives how many lines were handed out.
func (r *yamlReader) lines() int32 {
	if r.at.col == 1 && r.at.line > 1 {
		return r.at.line - 1
	}
	return r.at.line
}
