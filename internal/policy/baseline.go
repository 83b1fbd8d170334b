package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// BaselineVersion is the version of the baseline file's form. Version 1, which
// held no values, is read too.
const BaselineVersion = 2

// Baseline holds differences that were there when a team began to gate. They
// are shown and do not fail a verdict. A file is JSON: "version", "key" where it
// holds digests of secrets, and "differences", sorted, one a line, so that it
// reviews and merges well.
type Baseline struct {
	entries []baselineEntry
	byPrint map[string][]int
	used    []bool
	version int
	key     string
	// otherKey counts the known differences that were not recognised because
	// their digests are of another key.
	otherKey int
}

// baselineEntry is one known difference. Fingerprint, columns and values identify
// it; the rest is for people.
type baselineEntry struct {
	Fingerprint string   `json:"fingerprint"`
	Columns     []string `json:"columns"`
	Class       string   `json:"class"`
	Surface     string   `json:"surface"`
	Subject     string   `json:"subject"`
	Path        string   `json:"path,omitempty"`
	// Values are what the columns and the reference hold, as knownValue has
	// them; a column that holds nothing is left out.
	Values map[string]string `json:"values,omitempty"`
}

type baselineFile struct {
	Version     int             `json:"version"`
	Key         string          `json:"key,omitempty"`
	Differences []baselineEntry `json:"differences"`
}

// Baseline returns a baseline file of the differences that count. They need their
// values: the judge had Options.KeepValues.
func (j *Judgement) Baseline() ([]byte, error) {
	var entries []baselineEntry
	secrets := false
	for i, d := range j.Differences {
		if !d.Class.Counts() {
			continue
		}
		columns := slices.Clone(d.Columns)
		slices.Sort(columns)
		key := parity.Key{Kind: d.Subject.Kind, Scope: d.Subject.Scope, Name: d.Subject.Name}
		e := baselineEntry{d.Fingerprint, columns, d.Class.String(), d.Surface.String(), key.String(), d.Path, nil}
		if i < len(j.Values) {
			e.Values = j.Values[i]
		}
		for _, v := range e.Values {
			secrets = secrets || isDigest(v)
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b baselineEntry) int {
		return strings.Compare(a.order(), b.order())
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n", BaselineVersion)
	if secrets {
		fmt.Fprintf(&out, "  \"key\": %q,\n", j.KeyID)
	}
	out.WriteString("  \"differences\": [")
	for i, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("baseline: %w", err)
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    ")
		out.Write(line)
	}
	if len(entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return out.Bytes(), nil
}

func (e baselineEntry) order() string {
	return strings.Join(append([]string{e.Subject, e.Path, e.Class, e.Fingerprint}, e.Columns...), "\x00")
}

// ReadBaseline reads a baseline file, strictly: a key, a version or a
// fingerprint that it does not know is an error with its place. name is the
// file as people see it. The caller bounds the size of data.
func ReadBaseline(data []byte, name string) (*Baseline, error) {
	fault := func(offset int64, what string, cause error) error {
		return &parity.Error{
			Code: parity.CodeConfig, Where: name + lineAndColumn(data, offset), What: what, Err: cause,
			Hint: "write it anew with parity check --write-baseline",
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f baselineFile
	if err := d.Decode(&f); err != nil {
		var syntax *json.SyntaxError
		var typed *json.UnmarshalTypeError
		offset := d.InputOffset()
		switch {
		case errors.As(err, &syntax):
			offset = syntax.Offset
		case errors.As(err, &typed):
			offset = typed.Offset
		}
		return nil, fault(offset, "this is no baseline file", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fault(d.InputOffset(), "something follows the end of the baseline", nil)
	}
	if f.Version < 1 || f.Version > BaselineVersion {
		return nil, fault(0, fmt.Sprintf("version %d of a baseline is not known; this parity reads versions 1 to %d", f.Version, BaselineVersion), nil)
	}
	return newBaseline(f, func(i int, what string) error {
		return fault(0, fmt.Sprintf("difference %d: %s", i+1, what), nil)
	})
}

func newBaseline(f baselineFile, fault func(int, string) error) (*Baseline, error) {
	b := &Baseline{
		entries: f.Differences, byPrint: map[string][]int{}, used: make([]bool, len(f.Differences)),
		version: f.Version, key: f.Key,
	}
	for i, e := range f.Differences {
		switch {
		case !isFingerprint(e.Fingerprint):
			return nil, fault(i, "its fingerprint is not 16 hexadecimal digits")
		case len(e.Columns) == 0:
			return nil, fault(i, "it names no columns")
		}
		b.byPrint[e.Fingerprint] = append(b.byPrint[e.Fingerprint], i)
	}
	return b, nil
}

func isFingerprint(s string) bool {
	return len(s) == 16 && strings.Trim(s, "0123456789abcdef") == ""
}

// lineAndColumn gives ":line:column" of an offset; nothing for the beginning.
func lineAndColumn(data []byte, offset int64) string {
	if offset <= 0 || offset > int64(len(data)) {
		return ""
	}
	before := data[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	return fmt.Sprintf(":%d:%d", line, len(before)-bytes.LastIndexByte(before, '\n')-1)
}

// holds reports whether the baseline has a difference in all of its columns with
// the values that it has now. One that reaches another environment is new there,
// and so is one that takes another value.
func (b *Baseline) holds(x *record, ref, keyID string) bool {
	known := map[string]bool{}
	for _, i := range b.byPrint[x.Fingerprint] {
		e := &b.entries[i]
		alike := b.version < 2 || b.sameValues(e, x, ref, keyID)
		for _, c := range e.Columns {
			known[c] = known[c] || alike
			b.used[i] = b.used[i] || slices.Contains(x.Columns, c)
		}
	}
	for _, c := range x.Columns {
		if !known[c] {
			return false
		}
	}
	return true
}

// sameValues reports whether the columns that an entry and a record have in
// common hold what they held, and the reference too. Digests of another key tell
// nothing, so they are not the same.
func (b *Baseline) sameValues(e *baselineEntry, x *record, ref, keyID string) bool {
	for _, column := range append([]string{ref}, x.Columns...) {
		if column != ref && !slices.Contains(e.Columns, column) {
			continue // another entry speaks of it
		}
		then, had := e.Values[column]
		now, has := x.values[column]
		if isDigest(then) && isDigest(now) && b.key != keyID {
			b.otherKey++
			return false
		}
		if had != has || then != now {
			return false
		}
	}
	return true
}

// applyBaseline marks the counting differences that the baseline holds.
func (g *Judge) applyBaseline() []parity.PolicyFinding {
	b := g.opts.Baseline
	if b == nil {
		return nil
	}
	clear(b.used)
	b.otherKey = 0
	for i := range g.records {
		if x := g.records[i]; x.Class.Counts() {
			x.Baseline = b.holds(x, g.names[g.ref], g.opts.KeyID)
		}
	}
	return b.findings()
}

// findings tells what keeps a baseline from being of full use.
func (b *Baseline) findings() []parity.PolicyFinding {
	var out []parity.PolicyFinding
	add := func(kind string, severity parity.Severity, format string, args ...any) {
		out = append(out, parity.PolicyFinding{Kind: kind, Name: "baseline", Severity: severity, Message: fmt.Sprintf(format, args...)})
	}
	if b.version < 2 && len(b.entries) > 0 {
		add("baseline-old", parity.Low, "the baseline is of version %d and holds no values: a known difference that takes another value passes; write it anew with parity check --write-baseline", b.version)
	}
	if b.otherKey > 0 {
		add("baseline-key", parity.Medium, "%s of secrets in the baseline %s not recognised: the digests are of another key; write the baseline with the key that secrets.keyEnv names", counted(b.otherKey, "known difference"), verb(b.otherKey, "is", "are"))
	}
	var gone []string
	for i, e := range b.entries {
		if !b.used[i] {
			gone = append(gone, strings.TrimSpace(e.Subject+" "+e.Path))
		}
	}
	if len(gone) > 0 {
		add("baseline-unused", parity.Info, "%s of the baseline %s no more; write it anew to keep them from coming back: %s",
			counted(len(gone), "difference"), verb(len(gone), "is there", "are there"), listed(gone))
	}
	return out
}
