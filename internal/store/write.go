package store

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"github.com/envparity/parity"
)

// tableLine is how many entries of a table stand in one line.
const tableLine = 1000

// writeBuffer is how much is gathered before it is compressed.
const writeBuffer = 256 << 10

// WriteSnapshot writes a snapshot as a file's content, without a tag. The same
// snapshot gives the same bytes. Its subjects and facts are sorted, as Snapshot
// says; a Digest that is left out is computed.
func WriteSnapshot(w io.Writer, s *parity.Snapshot) error { return WriteAuthentic(w, s, Key{}) }

// WriteAuthentic is WriteSnapshot with a tag by which who has the key knows
// that the file was written with it. The snapshot's secrets must be digested
// under the same key; without one, and under another, there is no tag.
func WriteAuthentic(w io.Writer, s *parity.Snapshot, key Key) error {
	if key.ID != s.KeyID {
		key = Key{}
	}
	file := newSealer(w)
	if _, err := file.Write(sealedMark); err != nil {
		return err
	}
	z, err := zstd.NewWriter(file, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(true), zstd.WithEncoderLevel(zstd.SpeedDefault))
	if err != nil {
		return fmt.Errorf("compress the snapshot: %w", err)
	}
	if err := WriteLines(z, s); err != nil {
		_ = z.Close()
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return file.seal(key)
}

// WriteLines writes the lines of a snapshot without compressing them.
// ReadSnapshot reads them as well.
func WriteLines(w io.Writer, s *parity.Snapshot) error {
	t := newTables(s)
	h := headerOf(s, t)
	head, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write the snapshot's header: %w", err)
	}
	e := encoder{w: w, t: t, suspected: len(h.Kinds) - 1, buf: make([]byte, 0, writeBuffer+writeBuffer/4)}
	e.buf = append(append(e.buf, head...), '\n')
	e.tables()
	for i := range s.Subjects {
		e.subject(&s.Subjects[i])
	}
	for i := range s.Gaps {
		e.gap(&s.Gaps[i])
	}
	e.flush(0)
	return e.err
}

func headerOf(s *parity.Snapshot, t *tables) header {
	h := header{
		Parity: formatName, Version: Version, Column: s.Column, Time: s.Time.UTC(), Tools: s.Tools, KeyID: s.KeyID, Digest: s.Digest,
		Counts: counts{Subjects: len(s.Subjects), Facts: s.Facts(), Gaps: len(s.Gaps)},
	}
	if h.Digest == "" {
		h.Digest = s.ContentDigest()
	}
	for k := parity.Null; !strings.HasPrefix(k.String(), "kind("); k++ {
		h.Kinds = append(h.Kinds, k.String())
	}
	h.Kinds = append(h.Kinds, suspectedSecret)
	for _, surface := range parity.Surfaces() {
		h.Surfaces = append(h.Surfaces, surface.String())
	}
	for _, set := range t.rulesList {
		names := []string{}
		for _, r := range set.List() {
			names = append(names, r.String())
		}
		h.RuleSets = append(h.RuleSets, names)
	}
	return h
}

// encoder appends lines and hands them on when there are enough.
type encoder struct {
	w   io.Writer
	t   *tables
	buf []byte
	err error
	// suspected is the index of the kind of suspected secrets.
	suspected int
}

// flush writes what is gathered if it is more than the given number of bytes.
func (e *encoder) flush(over int) {
	if len(e.buf) <= over {
		return
	}
	if e.err == nil {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

func (e *encoder) raw(s string)  { e.buf = append(e.buf, s...) }
func (e *encoder) text(s string) { e.buf = appendText(e.buf, s) }
func (e *encoder) number(n int)  { e.buf = strconv.AppendInt(e.buf, int64(n), 10) }

func (e *encoder) endLine() {
	e.buf = append(e.buf, '\n')
	e.flush(writeBuffer)
}

// field writes a text field of an object unless it is empty.
func (e *encoder) field(name, value string) {
	if value != "" {
		e.raw(`,"` + name + `":`)
		e.text(value)
	}
}

// tables writes the lines of paths and origins.
func (e *encoder) tables() {
	for i, p := range e.t.pathList {
		e.open(i, `{"paths":[`)
		e.text(p)
		e.close(i, len(e.t.pathList))
	}
	for i, row := range e.t.rows {
		e.open(i, `{"origins":[`)
		e.raw("[")
		e.text(row.file)
		e.raw(",")
		e.text(string(row.precision))
		e.raw(",")
		e.text(row.renderer)
		e.raw(",")
		e.text(row.object)
		e.raw(",")
		e.number(row.from)
		e.raw(row.writers)
		e.raw("]")
		e.close(i, len(e.t.rows))
	}
}

func (e *encoder) open(i int, begin string) {
	if i%tableLine == 0 {
		e.raw(begin)
	} else {
		e.raw(",")
	}
}

func (e *encoder) close(i, n int) {
	if i%tableLine == tableLine-1 || i == n-1 {
		e.raw("]}")
		e.endLine()
	}
}

func (e *encoder) subject(sf *parity.SubjectFacts) {
	s := &sf.Subject
	e.raw(`{"kind":`)
	e.text(s.Kind)
	e.field("group", s.Group)
	e.field("scope", s.Scope)
	e.field("name", s.Name)
	e.field("format", s.Format)
	e.field("stem", s.Stem)
	writePairs(e, "labels", s.Labels, func(l parity.Label) (string, string) { return l.Name, l.Value })
	writePairs(e, "ids", s.IDs, func(i parity.Identity) (string, string) { return i.Method, i.Value })
	writePairs(e, "traits", s.Traits, func(t parity.Trait) (string, string) { return t.Kind, t.Value })
	origin := e.t.origins[s.Origin]
	for _, f := range []struct {
		name string
		n    int
	}{{"origin", origin}, {"line", int(s.Line)}, {"column", int(s.Col)}} {
		if f.n != 0 {
			e.raw(`,"` + f.name + `":`)
			e.number(f.n)
		}
	}
	e.raw(`,"facts":[`)
	for i := range sf.Facts {
		if i > 0 {
			e.raw(",")
		}
		e.fact(&sf.Facts[i], s.Origin)
		e.flush(writeBuffer)
	}
	e.raw("]}")
	e.endLine()
}

func writePairs[T any](e *encoder, name string, items []T, pair func(T) (string, string)) {
	if len(items) == 0 {
		return
	}
	e.raw(`,"` + name + `":[`)
	for i, item := range items {
		if i > 0 {
			e.raw(",")
		}
		a, b := pair(item)
		e.raw("[")
		e.text(a)
		e.raw(",")
		e.text(b)
		e.raw("]")
	}
	e.raw("]")
}

// fact writes as many elements as say something.
func (e *encoder) fact(f *parity.Fact, subjectOrigin *parity.Origin) {
	last := lastElement(f, subjectOrigin)
	e.raw("[")
	e.number(e.t.paths[f.Path])
	e.raw(",")
	if f.Value.Kind == parity.Secret && f.Value.Suspected {
		e.number(e.suspected)
	} else {
		e.number(int(f.Value.Kind))
	}
	e.raw(",")
	e.number(int(f.Surface))
	for n := 3; n <= last; n++ {
		e.raw(",")
		switch n {
		case 3:
			e.text(f.Value.Raw)
		case 4:
			e.text(f.Value.Canon)
		case 5:
			e.number(e.t.ruleSets[f.Rules])
		case 6:
			e.number(int(f.Line))
		case 7:
			e.number(int(f.Col))
		case 8:
			e.number(e.t.origins[f.Origin])
		case 9:
			e.ref(f.DerivedFrom)
		}
	}
	e.raw("]")
}

// lastElement gives the index of the last element that says something.
func lastElement(f *parity.Fact, subjectOrigin *parity.Origin) int {
	switch {
	case f.DerivedFrom != nil:
		return 9
	case f.Origin != subjectOrigin:
		return 8
	case f.Col != 0:
		return 7
	case f.Line != 0:
		return 6
	case f.Rules != 0:
		return 5
	case f.Value.Canon != "":
		return 4
	case f.Value.Raw != "":
		return 3
	default:
		return 2
	}
}

func (e *encoder) ref(r *parity.FactRef) {
	e.raw("[")
	for _, s := range [...]string{r.Subject.Kind, r.Subject.Group, r.Subject.Scope, r.Subject.Name} {
		e.text(s)
		e.raw(",")
	}
	e.number(e.t.paths[r.Path])
	for i := range r.Shadows {
		e.raw(",")
		e.ref(&r.Shadows[i])
	}
	e.raw("]")
}

func (e *encoder) gap(g *parity.Gap) {
	e.raw(`{"gap":{"source":`)
	e.text(g.Source)
	e.field("kind", g.Kind)
	e.field("group", g.Group)
	e.field("scope", g.Scope)
	e.field("name", g.Name)
	e.field("path", g.Path)
	e.field("hides", string(g.Hides))
	e.field("reason", g.Reason)
	e.field("where", g.Where)
	e.field("hint", g.Hint)
	e.field("place", g.Place)
	e.field("remote", g.Remote)
	e.field("revision", g.Revision)
	e.field("use", g.Use)
	e.field("given", g.Given)
	e.field("unset", g.Unset)
	e.raw("}}")
	e.endLine()
}

const hexDigits = "0123456789abcdef"

// appendText appends a JSON string. A byte that is not part of UTF-8 becomes
// the lone surrogate U+DC00 plus the byte, and comes back as the byte.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	high := "00"
	if c >= utf8.RuneSelf {
		high = "dc"
	}
	return append(append(append(b, '\\', 'u'), high...), hexDigits[c>>4], hexDigits[c&0xf])
}
