package collector

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

// merge makes one snapshot of what the sources yielded. A subject that is
// declared more than once stays more than once: which one counts is not known
// here.
func merge(in RunInput, sinks []*sink) *parity.Snapshot {
	snap := &parity.Snapshot{Column: in.Column, Time: in.Now, KeyID: in.Redactor.KeyID(), Tools: map[string]string{}}
	subjects := 0
	for _, s := range sinks {
		subjects += len(s.subjects)
	}
	all := make([]*parity.SubjectFacts, 0, subjects)
	for _, s := range sinks {
		for i := range s.subjects {
			arrange(s.subjects[i].Facts)
			all = append(all, &s.subjects[i])
		}
		snap.Gaps = append(snap.Gaps, s.gaps...)
		maps.Copy(snap.Tools, s.tools)
	}
	// Pointers are sorted: subjects are large, and a stable sort moves often.
	slices.SortStableFunc(all, compareSubjects)
	snap.Subjects = make([]parity.SubjectFacts, len(all))
	for i, s := range all {
		snap.Subjects[i] = *s
	}
	slices.SortStableFunc(snap.Gaps, compareGaps)
	snap.Digest = snap.ContentDigest()
	return snap
}

// arrange sorts facts by path and tells facts of the same path apart.
func arrange(facts []parity.Fact) {
	byPath := func(a, b parity.Fact) int { return strings.Compare(a.Path, b.Path) }
	if !sorted(facts) {
		slices.SortStableFunc(facts, byPath)
	}
	if number(facts) {
		slices.SortStableFunc(facts, byPath)
	}
}

func sorted(facts []parity.Fact) bool {
	for i := 1; i < len(facts); i++ {
		if facts[i].Path < facts[i-1].Path {
			return false
		}
	}
	return true
}

// number appends #2, #3 to the paths of later facts of the same path, and
// reports whether there were any.
func number(facts []parity.Fact) bool {
	found := false
	var taken map[string]bool
	for i := 1; i < len(facts); i++ {
		first := i - 1
		path := facts[first].Path
		for n := 2; i < len(facts) && facts[i].Path == path; i++ {
			if taken == nil {
				taken = paths(facts)
			}
			numbered := path + "#" + strconv.Itoa(n)
			for taken[numbered] {
				n++
				numbered = path + "#" + strconv.Itoa(n)
			}
			taken[numbered] = true
			facts[i].Path = numbered
			found, n = true, n+1
		}
	}
	return found
}

func paths(facts []parity.Fact) map[string]bool {
	all := make(map[string]bool, len(facts))
	for i := range facts {
		all[facts[i].Path] = true
	}
	return all
}

// compareSubjects orders by key, and subjects of one key by where they were
// read and by what they hold, so that the order of sources does not matter.
func compareSubjects(a, b *parity.SubjectFacts) int {
	if c := a.Subject.Key.Compare(b.Subject.Key); c != 0 {
		return c
	}
	if c := cmp.Compare(len(a.Facts), len(b.Facts)); c != 0 {
		return c
	}
	for i := range a.Facts {
		x, y := &a.Facts[i], &b.Facts[i]
		if c := cmp.Or(strings.Compare(x.Path, y.Path), cmp.Compare(x.Value.Kind, y.Value.Kind),
			strings.Compare(x.Value.Raw, y.Value.Raw), strings.Compare(x.Value.Canon, y.Value.Canon)); c != 0 {
			return c
		}
	}
	return strings.Compare(file(a.Subject.Origin), file(b.Subject.Origin))
}

func file(o *parity.Origin) string {
	if o == nil {
		return ""
	}
	return o.File
}

func compareGaps(a, b parity.Gap) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Group, b.Group),
		strings.Compare(a.Scope, b.Scope), strings.Compare(a.Name, b.Name), strings.Compare(a.Path, b.Path),
		strings.Compare(a.Where, b.Where), strings.Compare(a.Reason, b.Reason), strings.Compare(a.Hint, b.Hint))
}
