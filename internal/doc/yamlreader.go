package doc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// yamlReader feeds the YAML library line by line. So it knows how far the
// library had looked when it gave up, it can bound a document before the
// library has built it, and it refuses what is not text.
type yamlReader struct {
	in      *bufio.Reader
	limits  Limits
	pending []byte // what is left of the line at hand
	lines   int32  // lines handed out, counting the one at hand
	bytes   int64  // handed out of the whole input
	begun   bool   // whether the line at hand had a part before this one
	marks   int    // bytes of the document that may begin a node
	utf16   bool
	failed  error
}

func newYAMLReader(r io.Reader, l Limits) *yamlReader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(2)
	wide := bytes.Equal(head, []byte("\xff\xfe")) || bytes.Equal(head, []byte("\xfe\xff"))
	return &yamlReader{in: in, limits: l, utf16: wide}
}

// Read gives at most the rest of one line.
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

// next fetches a line, or a piece of one that is longer than the buffer.
func (r *yamlReader) next() error {
	if r.failed != nil {
		return r.failed
	}
	line, err := r.in.ReadSlice('\n')
	if len(line) == 0 && err != nil {
		if !errors.Is(err, io.EOF) {
			r.failed = fmt.Errorf("cannot be read: %w", err)
			return r.failed
		}
		return io.EOF
	}
	if !r.begun {
		r.lines++
	}
	whole := !r.begun
	r.begun = line[len(line)-1] != '\n'
	if r.failed = r.admit(line, whole); r.failed != nil {
		return r.failed
	}
	r.pending = line
	return nil
}

// admit checks a line against the limits.
func (r *yamlReader) admit(line []byte, whole bool) error {
	if r.bytes += int64(len(line)); r.bytes > r.limits.Bytes {
		return &Error{r.lines, 0, fmt.Sprintf("is larger than %d bytes", r.limits.Bytes)}
	}
	if whole && bytes.HasPrefix(line, []byte("---")) {
		r.marks = 0
	}
	for _, b := range line {
		if nodeMark[b] {
			r.marks++
		}
	}
	if r.marks > 4*r.limits.Nodes {
		return r.limits.tooMany(r.lines, 0)
	}
	return nil
}

// nodeMark holds the bytes without which no node begins.
var nodeMark = [256]bool{'\n': true, ',': true, '[': true, '{': true, '-': true, ':': true, '?': true}

// explain turns an error of the library into one of this package. The
// library's text may quote the document, so only phrases that are known to be
// the library's own get through.
func (r *yamlReader) explain(err error) error {
	if r.failed != nil {
		return r.failed
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := int32(0)
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, what, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.ParseInt(number, 10, 32); err == nil {
				line, text = int32(n), what
			}
		}
	}
	return &Error{Line: max(line, 1), What: "is not valid YAML: " + text}
}
