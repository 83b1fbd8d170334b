// Package propose finds differences that look as if environments were meant to
// have them, and writes them as expectations. It proposes only: whether a
// difference is meant, people know.
package propose

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
)

// minDifferences is how many differences make a family worth an expectation.
const minDifferences = 2

// orderShare is the share of a family's differences that have to be in one order
// before the order is proposed. Those that are not stay differences.
const orderShare = 0.75

// Proposals returns an expectation for each family of counting differences. groups
// are those of a result; reference is the name of the reference's column.
func Proposals(groups []parity.Group, reference string) ([]parity.Proposal, error) {
	found := map[string]*finding{}
	for i := range groups {
		g := &groups[i]
		if !g.Counts {
			continue
		}
		for j := range g.Differences {
			d := &g.Differences[j]
			if f := familyOf(d); f != nil {
				if found[f.id] == nil {
					found[f.id] = &finding{family: f, groups: map[string]bool{}}
				}
				found[f.id].add(d, g.ID)
			}
		}
	}
	var out []parity.Proposal
	for i := range families {
		if f := found[families[i].id]; f != nil && len(f.differences) >= minDifferences {
			p, err := f.proposal(reference)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// familyOf returns the family of a difference; nil where it has none. What only
// one side has or is set to nothing, what leaks, and what a baseline knows is never
// proposed.
func familyOf(d *parity.Difference) *family {
	if d.Class != parity.Changed || d.Path == "" || d.Baseline || hasEmpty(d) {
		return nil
	}
	c := newCandidate(d)
	for i := range families {
		if families[i].fits(c) {
			return &families[i]
		}
	}
	return nil
}

// hasEmpty reports whether a side is set to nothing, which is never just another
// value of its own.
func hasEmpty(d *parity.Difference) bool {
	return slices.ContainsFunc(d.Sides, func(s parity.Side) bool {
		return s.State == parity.Present && s.Value != nil && strings.TrimSpace(*s.Value) == ""
	})
}

// finding is a family with its differences.
type finding struct {
	*family
	differences []*parity.Difference
	groups      map[string]bool
}

func (f *finding) add(d *parity.Difference, group string) {
	f.differences = append(f.differences, d)
	f.groups[group] = true
}

func (f *finding) proposal(reference string) (parity.Proposal, error) {
	p := parity.Proposal{
		ID: f.id, What: f.what, Differences: len(f.differences), Groups: slices.Sorted(maps.Keys(f.groups)),
	}
	for _, d := range f.differences {
		p.Fingerprints = append(p.Fingerprints, d.Fingerprint)
	}
	slices.Sort(p.Fingerprints)
	p.Fingerprints = slices.Compact(p.Fingerprints)
	var err error
	p.Expectation = f.entry(reference)
	p.Lines, err = Lines(p.Expectation)
	return p, err
}

// entry is the expectation of a family.
func (f *finding) entry(reference string) parity.ProposedExpectation {
	return parity.ProposedExpectation{Name: f.id, Matches: f.matches(), Expect: f.expect(reference), Classes: []string{parity.Changed.String()}, Reason: f.reason}
}

// matches are the settings of a family by kind, each once, whichever objects have
// them.
func (f *finding) matches() []parity.ProposedMatch {
	seen := map[parity.ProposedMatch]bool{}
	for _, d := range f.differences {
		seen[parity.ProposedMatch{Kind: d.Subject.Kind, Path: ending(d.Path)}] = true
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b parity.ProposedMatch) int {
		return strings.Compare(a.Kind+"\x00"+a.Path, b.Kind+"\x00"+b.Path)
	})
}

// ending is the pattern of a setting: the end of its path from a segment on. The
// slash in front would make it the pattern of a whole path.
func ending(path string) string {
	return strings.ReplaceAll(strings.TrimPrefix(setting(path), "/"), "*", "?")
}

// expect returns the order that most differences of an ordered family are in.
func (f *finding) expect(reference string) string {
	if !f.ordered {
		return ""
	}
	less, more := 0, 0
	for _, d := range f.differences {
		switch compareSides(d, reference) {
		case -1:
			less++
		case 1:
			more++
		}
	}
	enough := orderShare * float64(len(f.differences))
	switch {
	case float64(less) >= enough:
		return "compared <= reference"
	case float64(more) >= enough:
		return "compared >= reference"
	}
	return ""
}

// Lines returns an entry of a list as the lines of parity.yaml, indented by two
// spaces, with each match on one line.
func Lines(entry any) (string, error) {
	var list yaml.Node
	if err := list.Encode([]any{entry}); err != nil {
		return "", err
	}
	for i, n := range list.Content[0].Content {
		if i%2 == 1 && n.Kind == yaml.SequenceNode {
			for _, item := range n.Content {
				if item.Kind == yaml.MappingNode {
					item.Style |= yaml.FlowStyle
				}
			}
		}
	}
	var buf bytes.Buffer
	e := yaml.NewEncoder(&buf)
	e.SetIndent(2)
	if err := e.Encode(&list); err != nil {
		return "", err
	}
	var out strings.Builder
	for line := range strings.Lines(buf.String()) {
		out.WriteString("  " + line)
	}
	return out.String(), nil
}
