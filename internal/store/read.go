package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/envparity/parity"
)

// maxWindow bounds what decompressing keeps in memory.
const maxWindow = 64 << 20

// ReadSnapshot reads what WriteSnapshot wrote, within the limits; the zero
// Limits are DefaultLimits. A file that is truncated, damaged, of another
// version or not what its digest says is a parity.Error of CodeConfig with
// Where "line N"; one that cannot be read is of CodeUnavailable.
func ReadSnapshot(r io.Reader, limits Limits) (*parity.Snapshot, error) {
	s, _, err := ReadAuthentic(r, limits, Key{})
	return s, err
}

// ReadAuthentic is ReadSnapshot, and says whether the file was written with
// the key. One that names the key and has no tag of it is an error that wraps
// ErrForged.
func ReadAuthentic(r io.Reader, limits Limits, key Key) (*parity.Snapshot, Authenticity, error) {
	file := &source{r: r}
	in := bufio.NewReaderSize(file, 64<<10)
	head, _ := in.Peek(len(sealedMark))
	if file.err != nil && len(head) == 0 {
		return nil, NoTag, &parity.Error{Code: parity.CodeUnavailable, What: "the snapshot cannot be read", Err: file.err}
	}
	if len(head) == 0 {
		return nil, NoTag, broken(0, "the file is empty, not a snapshot", nil)
	}
	if !IsSnapshot(head) && !bytes.HasPrefix(head, []byte("{")) {
		return nil, NoTag, broken(0, "this is not a snapshot", nil)
	}
	if head[0] == '{' {
		s, err := decode(file, in, limits)
		return s, NoTag, err
	}
	if !bytes.HasPrefix(head, sealedMark) {
		s, err := decompress(file, in, limits)
		return s, NoTag, err
	}
	sealed := &sealedReader{r: in, sum: sha256.New()}
	s, err := decompress(file, sealed, limits)
	if err != nil {
		return nil, NoTag, err
	}
	authentic, err := sealed.check(key, s.KeyID)
	if err != nil {
		return nil, NoTag, err
	}
	return s, authentic, nil
}

// decompress decodes what in holds in compressed form.
func decompress(file *source, in io.Reader, limits Limits) (*parity.Snapshot, error) {
	z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, broken(0, "the snapshot cannot be decompressed", err)
	}
	defer z.Close()
	return decode(file, z, limits)
}

// decode reads the lines of a snapshot. file is where they come from in the
// end.
func decode(file *source, plain io.Reader, limits Limits) (*parity.Snapshot, error) {
	limits = limits.orDefault()
	d := decoder{limits: limits, lines: lineReader{source: file, r: bufio.NewReaderSize(plain, 256<<10), left: limits.Bytes, most: limits.LineBytes}}
	return d.snapshot()
}

// broken makes the error of a file that is no good. A line of 0 is none.
func broken(line int, what string, err error) error {
	e := &parity.Error{Code: parity.CodeConfig, What: what, Err: err}
	if line > 0 {
		e.Where = fmt.Sprintf("line %d", line)
	}
	e.Hint = "take the snapshot again with parity snapshot"
	return e
}

// lineReader reads lines within bounds.
type lineReader struct {
	source *source
	r      *bufio.Reader
	left   int64
	most   int
	n      int
	long   []byte
}

// line gives the next line without its end; io.EOF after the last. The bytes
// are good until the next call.
func (l *lineReader) line() ([]byte, error) {
	l.n++
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		l.left -= int64(len(part))
		if l.left < 0 {
			return nil, broken(l.n, "the snapshot is larger than is allowed", nil)
		}
		if len(l.long)+len(part) > l.most {
			return nil, broken(l.n, "a line of the snapshot is longer than is allowed", nil)
		}
		switch {
		case err == nil && len(l.long) == 0:
			return bytes.TrimRight(part, "\r\n"), nil
		case err == nil:
			l.long = append(l.long, part...)
			return bytes.TrimRight(l.long, "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
			l.long = append(l.long, part...)
		case errors.Is(err, io.EOF) && len(part)+len(l.long) == 0:
			return nil, io.EOF
		case errors.Is(err, io.EOF):
			return nil, broken(l.n, "the snapshot is cut off within a line", nil)
		default:
			return nil, l.failed(err)
		}
	}
}

// failed tells a damaged file from one that could not be read.
func (l *lineReader) failed(err error) error {
	switch {
	case l.source.err != nil:
		return &parity.Error{Code: parity.CodeUnavailable, What: "the snapshot cannot be read", Err: l.source.err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return broken(l.n, "the snapshot is cut off", nil)
	default:
		return broken(l.n, "the snapshot is damaged", err)
	}
}

// source remembers why reading the file failed.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// decoder builds a snapshot from lines.
type decoder struct {
	limits Limits
	lines  lineReader
	head   header
	snap   *parity.Snapshot
	kinds  []parity.ValueKind
	// suspected is the index of the kind of suspected secrets, or -1.
	suspected int
	surfaces  []parity.Surface
	ruleSets  []parity.RuleSet
	paths     []string
	origins   []*parity.Origin
	// inherit stands for the subject's origin until it is known.
	inherit parity.Origin
	facts   int
}

func (d *decoder) snapshot() (*parity.Snapshot, error) {
	if err := d.header(); err != nil {
		return nil, err
	}
	d.origins = []*parity.Origin{nil}
	for {
		line, err := d.lines.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		sc := scanner{s: string(line)}
		d.content(&sc)
		sc.end()
		if sc.fault != "" {
			return nil, broken(d.lines.n, sc.fault, nil)
		}
	}
	if err := d.verify(); err != nil {
		return nil, err
	}
	return d.snap, nil
}

// header reads the first line.
func (d *decoder) header() error {
	line, err := d.lines.line()
	if errors.Is(err, io.EOF) {
		return broken(1, "the snapshot is cut off", nil)
	}
	if err != nil {
		return err
	}
	var version struct {
		Parity  string `json:"parity"`
		Version int    `json:"version"`
	}
	if json.Unmarshal(line, &version) != nil || version.Parity != formatName {
		return broken(1, "this is not a snapshot", nil)
	}
	if version.Version != Version {
		return &parity.Error{
			Code: parity.CodeConfig, Where: "line 1",
			What: fmt.Sprintf("the snapshot is of version %d, and this parity reads version %d", version.Version, Version),
			Hint: "take the snapshot again with this parity, or read it with the one that wrote it",
		}
	}
	if json.Unmarshal(line, &d.head) != nil {
		return broken(1, "the snapshot's header has a field of another type", nil)
	}
	h := &d.head
	if h.Counts.Subjects < 0 || h.Counts.Facts < 0 || h.Counts.Gaps < 0 {
		return broken(1, "the snapshot's header counts less than nothing", nil)
	}
	if h.Counts.Facts > d.limits.Facts {
		return broken(1, "the snapshot has more facts than is allowed", nil)
	}
	d.kinds = named[parity.ValueKind](h.Kinds, unknownKind)
	if d.suspected = slices.Index(h.Kinds, suspectedSecret); d.suspected >= 0 {
		d.kinds[d.suspected] = parity.Secret
	}
	d.surfaces = named[parity.Surface](h.Surfaces, unknownSurface)
	if err := d.rules(); err != nil {
		return err
	}
	d.snap = &parity.Snapshot{
		Column: h.Column, Time: h.Time, Tools: h.Tools, KeyID: h.KeyID, Digest: h.Digest,
		Subjects: make([]parity.SubjectFacts, 0, min(h.Counts.Subjects, 1<<16)),
	}
	return nil
}

// What stands for a name that this parity does not know. It is a fault only
// where a fact uses it.
const (
	unknownKind    parity.ValueKind = 255
	unknownSurface parity.Surface   = 255
)

// named gives the values of names.
func named[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](names []string, unknown T) []T {
	values := make([]T, len(names))
	for i, name := range names {
		if P(&values[i]).UnmarshalText([]byte(name)) != nil {
			values[i] = unknown
		}
	}
	return values
}

func (d *decoder) rules() error {
	for _, names := range d.head.RuleSets {
		var set parity.RuleSet
		for _, name := range names {
			var r parity.Rule
			if r.UnmarshalText([]byte(name)) != nil {
				return broken(1, "the snapshot uses a rule that this parity does not know", nil)
			}
			set = set.With(r)
		}
		d.ruleSets = append(d.ruleSets, set)
	}
	if len(d.ruleSets) == 0 {
		d.ruleSets = []parity.RuleSet{0}
	}
	return nil
}

// verify holds what was read against what the header promised.
func (d *decoder) verify() error {
	h, s := &d.head, d.snap
	if len(s.Subjects) != h.Counts.Subjects || d.facts != h.Counts.Facts || len(s.Gaps) != h.Counts.Gaps {
		return broken(0, "the snapshot is cut off, or lines were added: it does not hold what its header counts", nil)
	}
	if s.ContentDigest() != h.Digest {
		return broken(0, "the snapshot was changed: its content has another digest than its header says", nil)
	}
	return nil
}
