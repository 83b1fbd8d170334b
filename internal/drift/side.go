package drift

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/envparity/parity"
)

// drift makes a drift of a finding of the current subject.
func (r *run) drift(f finding, items []string) parity.Drift {
	a := r.cur.aligned
	d := parity.Drift{
		Subject: refOf(a), Surface: f.surface, Path: f.path, Kind: f.kind, Change: f.change,
		Items: items, Facts: 1, Note: f.note, Aligned: a,
		Desired: r.side(parity.Desired, f.want), Live: r.side(parity.Live, f.have),
	}
	if f.kind == parity.DriftMissing {
		s := &a.Sides[desiredColumn].Subject
		d.Desired.State = parity.Present
		locate(&d.Desired, s.Origin, s.Line, s.Col)
	}
	if f.have != nil && f.have.Origin != nil {
		d.Writer = f.have.Origin.Writer
	}
	d.Age = ageOf(d.Writer, r.o.Now)
	if f.kind == parity.DriftRemoved && d.Note == "" {
		d.Note = lastWriter(a.Sides[liveColumn])
	}
	d.Fingerprint = fingerprint(a.Logical, &d)
	return d
}

// lastWriter says who wrote an object last: what was taken away has no writer of
// its own.
func lastWriter(s *parity.SubjectFacts) string {
	var last *parity.Writer
	for i := range s.Facts {
		w := writerOf(&s.Facts[i])
		if w != nil && w.Subresource == "" && !w.Time.IsZero() && (last == nil || w.Time.After(last.Time)) {
			last = w
		}
	}
	if last == nil {
		return ""
	}
	return "the object was last written by " + last.Manager + ", on " + last.Time.UTC().Format("2006-01-02 15:04 UTC")
}

func refOf(a *parity.Aligned) parity.SubjectRef {
	k := a.Key
	return parity.SubjectRef{Kind: k.Kind, Group: k.Group, Scope: k.Scope, Name: k.Name, Alignment: a.Alignment}
}

// side says what one side holds.
func (r *run) side(role parity.Role, f *parity.Fact) parity.Side {
	s := parity.Side{Environment: r.desired.Column.Environment, Role: role, State: parity.Absent, Class: parity.Equal}
	if role == parity.Live {
		s.Class = parity.Changed
	}
	if f == nil {
		return s
	}
	s.State, s.Kind = parity.Present, f.Value.Kind
	text := f.Value.String()
	s.Value = &text
	locate(&s, f.Origin, f.Line, f.Col)
	return s
}

// locate fills in where it was read, and the line where it is true.
func locate(s *parity.Side, o *parity.Origin, line, col int32) {
	s.Source = o.Source(line, col)
	if o == nil {
		return
	}
	if o.Precision == parity.AtObject && o.Renderer == "" && o.Object != "" {
		s.Source = o.File + " " + o.Object
	}
	s.File = o.File
	if o.Precision == parity.AtLine && o.Renderer == "" {
		s.Line, s.Col = line, col
	}
}

// ageOf is how long before now somebody wrote, as exactly as matters.
func ageOf(w *parity.Writer, now time.Time) string {
	if w == nil || w.Time.IsZero() || now.IsZero() || now.Before(w.Time) {
		return ""
	}
	age := now.Sub(w.Time)
	const day = 24 * time.Hour
	switch {
	case age < time.Minute:
		return age.Truncate(time.Second).String()
	case age >= 2*day:
		return fmt.Sprintf("%dd", age/day)
	}
	return strings.TrimSuffix(age.Truncate(time.Minute).String(), "0s")
}

// fingerprint identifies a drift over time: the first 8 bytes, in hexadecimal,
// of the SHA-256 over subject, path, kind and items, each preceded by its
// length. No value takes part, so that a value may move on.
func fingerprint(subject parity.Key, d *parity.Drift) string {
	parts := append([]string{
		"parity-drift/1", subject.Kind, subject.Group, subject.Scope, subject.Name, d.Path, string(d.Kind),
	}, d.Items...)
	var b []byte
	for _, part := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
