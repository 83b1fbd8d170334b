package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
// order of the file however they were found. One mistake that is made in many
// places is one fault.
type faultList struct {
	file string
	all  []placed
	same map[string]int // where a mistake is in all
	more bool           // than maxFaults
}

// placed is one mistake with all places at which it is made.
type placed struct {
	hint   string
	places []place
}

type place struct {
	at   spot
	what string
}

func (l *faultList) add(at spot, what, hint string) {
	if l.same == nil {
		l.same = map[string]int{}
	}
	key := indices.ReplaceAllString(what, "[]") + "\x00" + hint
	n, ok := l.same[key]
	if !ok && len(l.all) >= maxFaults {
		l.more = true
		return
	}
	if !ok {
		n = len(l.all)
		l.same[key] = n
		l.all = append(l.all, placed{hint: hint})
	}
	l.all[n].places = append(l.all[n].places, place{at, what})
}

// indices are positions in lists, by which messages of one mistake differ.
var indices = regexp.MustCompile(`\[[0-9]+\]`)

// maxPlaces is at how many places a mistake is told at each; of one that is made
// at more, the first is told, and where the others are.
const maxPlaces = 3

// tell gives what is said of a mistake, in the order of the file.
func (p *placed) tell(file string) []told {
	slices.SortStableFunc(p.places, func(a, b place) int { return a.at.compare(b.at) })
	// What an alias repeats is said once.
	p.places = slices.CompactFunc(p.places, func(a, b place) bool { return a.at == b.at })
	var out []told
	for _, x := range p.places {
		out = append(out, told{x.at, &parity.Error{Code: parity.CodeConfig, Where: x.at.in(file), What: x.what, Hint: p.hint}})
	}
	if len(out) <= maxPlaces {
		return out
	}
	lines := make([]string, maxPlaces)
	for i := range lines {
		lines[i] = strconv.Itoa(p.places[i+1].at.line)
	}
	text := "the same in lines " + strings.Join(lines, ", ")
	if n := len(out) - 1 - maxPlaces; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	if p.hint != "" {
		text = p.hint + "; " + text
	}
	out[0].err.Hint = text
	return out[:1]
}

// told is a fault with its place.
type told struct {
	at  spot
	err *parity.Error
}

// err gives the faults in the order of the file, or nil where there are none.
func (l *faultList) err() error {
	if len(l.all) == 0 {
		return nil
	}
	var all []told
	for i := range l.all {
		all = append(all, l.all[i].tell(l.file)...)
	}
	slices.SortStableFunc(all, func(a, b told) int { return a.at.compare(b.at) })
	out := make(Faults, len(all))
	for i := range all {
		out[i] = all[i].err
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

// compare orders spots as they stand in the file.
func (s spot) compare(o spot) int {
	return cmp.Or(cmp.Compare(s.line, o.line), cmp.Compare(s.col, o.col))
}
