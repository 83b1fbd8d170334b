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

// BaselineVersion is the version of the baseline file's form.
const BaselineVersion = 1

// Baseline holds differences that were there when a team began to gate. They
// are shown and do not fail a verdict. A file is JSON: "version", and
// "differences", sorted, one a line, so that it reviews and merges well.
type Baseline struct {
	entries []baselineEntry
	byPrint map[string][]int
	used    []bool
}

// baselineEntry is one known difference. Fingerprint and columns identify it;
// the rest is for people.
type baselineEntry struct {
	Fingerprint string   `json:"fingerprint"`
	Columns     []string `json:"columns"`
	Class       string   `json:"class"`
	Surface     string   `json:"surface"`
	Subject     string   `json:"subject"`
	Path        string   `json:"path,omitempty"`
}

type baselineFile struct {
	Version     int             `json:"version"`
	Differences []baselineEntry `json:"differences"`
}

// WriteBaseline gives a baseline file of the differences that count.
func WriteBaseline(differences []parity.Difference) ([]byte, error) {
	var entries []baselineEntry
	for _, d := range differences {
		if !d.Class.Counts() {
			continue
		}
		columns := slices.Clone(d.Columns)
		slices.Sort(columns)
		key := parity.Key{Kind: d.Subject.Kind, Scope: d.Subject.Scope, Name: d.Subject.Name}
		entries = append(entries, baselineEntry{d.Fingerprint, columns, d.Class.String(), d.Surface.String(), key.String(), d.Path})
	}
	slices.SortFunc(entries, func(a, b baselineEntry) int {
		return strings.Compare(a.order(), b.order())
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n  \"differences\": [", BaselineVersion)
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
	if f.Version != BaselineVersion {
		return nil, fault(0, fmt.Sprintf("version %d of a baseline is not known; this parity reads version %d", f.Version, BaselineVersion), nil)
	}
	return newBaseline(f.Differences, func(i int, what string) error {
		return fault(0, fmt.Sprintf("difference %d: %s", i+1, what), nil)
	})
}

func newBaseline(entries []baselineEntry, fault func(int, string) error) (*Baseline, error) {
	b := &Baseline{entries: entries, byPrint: map[string][]int{}, used: make([]bool, len(entries))}
	for i, e := range entries {
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

// holds tells whether the baseline has a difference in all of its columns: one
// that reaches another environment is new there.
func (b *Baseline) holds(print string, columns []string) bool {
	known := map[string]bool{}
	for _, i := range b.byPrint[print] {
		for _, c := range b.entries[i].Columns {
			known[c] = true
			b.used[i] = b.used[i] || slices.Contains(columns, c)
		}
	}
	for _, c := range columns {
		if !known[c] {
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
	for i := range g.records {
		if x := g.records[i]; x.Class.Counts() {
			x.Baseline = b.holds(x.Fingerprint, x.Columns)
		}
	}
	var gone []string
	for i, e := range b.entries {
		if !b.used[i] {
			gone = append(gone, strings.TrimSpace(e.Subject+" "+e.Path))
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return []parity.PolicyFinding{{
		Kind: "baseline-unused", Name: "baseline", Severity: parity.Info,
		Message: fmt.Sprintf("%s of the baseline %s no more; write it anew to keep them from coming back: %s",
			counted(len(gone), "difference"), verb(len(gone), "is there", "are there"), listed(gone, examplesKept)),
	}}
}
