package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Faults is everything that is wrong with one parity.yaml, in the order of the
// file. Each is complete in itself: a place, what is wrong, what to do.
type Faults []*parity.Error

// Error gives every fault on a line of its own.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, e := range f {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the faults, first one first.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, e := range f {
		errs[i] = e
	}
	return errs
}

// maxFaults bounds what is reported: a file that has more is not parity.yaml.
const maxFaults = 100

// faultList collects faults with their places, so that they can be put in the
// order of the file however they were found.
type faultList struct {
	file string
	all  []placed
	more bool // than maxFaults
}

type placed struct {
	line, col int
	err       *parity.Error
}

func (l *faultList) add(at spot, what, hint string) {
	if len(l.all) >= maxFaults {
		l.more = true
		return
	}
	l.all = append(l.all, placed{at.line, at.col, &parity.Error{
		Code: parity.CodeConfig, Where: at.in(l.file), What: what, Hint: hint,
	}})
}

// err gives the faults in the order of the file, or nil where there are none.
func (l *faultList) err() error {
	if len(l.all) == 0 {
		return nil
	}
	slices.SortStableFunc(l.all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.col, b.col))
	})
	// What an alias repeats is said once.
	l.all = slices.CompactFunc(l.all, func(a, b placed) bool { return *a.err == *b.err })
	out := make(Faults, len(l.all))
	for i, p := range l.all {
		out[i] = p.err
	}
	if l.more {
		out = append(out, &parity.Error{Code: parity.CodeConfig, Where: spot{1, 1}.in(l.file), What: "there are more faults than are listed"})
	}
	return out
}

// spot is a place in parity.yaml, 1-based.
type spot struct{ line, col int }

func (s spot) in(file string) string { return fmt.Sprintf("%s:%d:%d", file, s.line, s.col) }

// quote shows a name out of parity.yaml in a message. What does not look like
// a name is not shown: it may be a secret that slipped into the wrong place.
func quote(name string) string {
	if !looksLikeName(name) {
		return "(not shown)"
	}
	return `"` + name + `"`
}

func looksLikeName(s string) bool {
	const longest = 48
	if s == "" || len(s) > longest {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("-_./", rune(c)) {
			return false
		}
	}
	return true
}
