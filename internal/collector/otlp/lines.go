package otlp

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/envparity/parity"
)

// maxText bounds what one file holds after decompression.
const maxText = 32 << 30

// document is one document of a file; line is where it begins.
type document struct {
	text []byte
	line int
}

// fault is a part of a file that is no document.
type fault struct {
	line int
	what string
}

// reader cuts a file into documents: a line each, as the collector's file
// exporter writes them, or one over many lines.
type reader struct {
	most int64 // bytes of one document
	give func(document) error
	// wrong is told what is damaged; the rest is read.
	wrong func(fault)
}

// errLarge and errLong say what of a file is not read.
var (
	errLarge = &parity.Error{Code: parity.CodeUnavailable, What: "the file holds more text than is read", Hint: "split it"}
	errGzip  = &parity.Error{Code: parity.CodeUnavailable, What: "the compression is damaged", Hint: "see whether the file was written to its end"}
)

// read reads a file, compressed or not.
func (r *reader) read(ctx context.Context, in io.Reader) error {
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if isGzip(head) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return errGzip
		}
		b = bufio.NewReaderSize(z, 64<<10)
	}
	err = r.lines(ctx, b)
	switch {
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF):
		return errGzip
	default:
		return err
	}
}

func isGzip(head []byte) bool { return bytes.Equal(head, []byte{0x1f, 0x8b}) }

func (r *reader) lines(ctx context.Context, b *bufio.Reader) error {
	sum := int64(0)
	for line := 1; ; line++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, long, err := r.line(b)
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		if sum += int64(len(text)); sum > maxText {
			return errLarge
		}
		switch text = bytes.TrimSpace(text); {
		case long:
			r.wrong(fault{line, "the line is longer than is read"})
		case len(text) == 0:
		case r.spread(b, text, line == 1):
			return r.whole(ctx, io.MultiReader(bytes.NewReader(text), bytes.NewReader([]byte{'\n'}), b), line)
		default:
			if err := r.give(document{bytes.Clone(text), line}); err != nil {
				return err
			}
		}
		if end {
			return nil
		}
	}
}

// line reads to the end of a line. Of one that is too long, the rest is passed
// over.
func (r *reader) line(b *bufio.Reader) (text []byte, long bool, err error) {
	for {
		part, err := b.ReadSlice('\n')
		if long = long || int64(len(text)+len(part)) > r.most; long {
			text = nil
		} else {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, long, err
		}
	}
}

// spread reports whether a document goes on in the next line: the first line
// ends in the middle, and the next is indented or no document of its own.
func (r *reader) spread(b *bufio.Reader, text []byte, first bool) bool {
	if !first || !bytes.ContainsRune([]byte("{[,"), rune(text[len(text)-1])) || json.Valid(text) {
		return false
	}
	next, err := b.Peek(len(`{"resource`))
	return err == nil && !bytes.Equal(next, []byte(`{"resource`))
}

// whole reads documents over several lines. Behind a damage nothing is read.
func (r *reader) whole(ctx context.Context, in io.Reader, line int) error {
	counted := &counting{in: io.LimitReader(in, r.most+1)}
	d := json.NewDecoder(counted)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var raw json.RawMessage
		err := d.Decode(&raw)
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case counted.n > r.most:
			r.wrong(fault{line, "the document is larger than is read"})
			return nil
		case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
			at := counted.n
			if syntax != nil {
				at = syntax.Offset
			}
			r.wrong(fault{line + counted.linesBefore(at), "the document is damaged, and nothing behind it is read"})
			return nil
		case err != nil:
			return err
		}
		if err := r.give(document{raw, line + counted.linesBefore(d.InputOffset()-int64(len(raw)))}); err != nil {
			return err
		}
	}
}

// counting knows where lines end.
type counting struct {
	in   io.Reader
	n    int64
	ends []int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	for i, x := range p[:n] {
		if x == '\n' && len(c.ends) < 1<<22 {
			c.ends = append(c.ends, c.n+int64(i))
		}
	}
	c.n += int64(n)
	return n, err
}

func (c *counting) linesBefore(at int64) int {
	lines := 0
	for _, end := range c.ends {
		if end >= at {
			break
		}
		lines++
	}
	return lines
}
