package policy

import (
	"fmt"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// selection is a list of matches, any of which is enough, with those that fit
// the current subject set apart: a fact is held against these only.
type selection struct {
	matchers []config.Matcher
	active   []config.Matcher
}

func newSelection(matches []config.Match, pos config.Positions, path ...string) (selection, error) {
	var s selection
	for i, m := range matches {
		c, err := m.Compile()
		if err != nil {
			where := position(pos, append(path, "match", fmt.Sprint(i))...)
			return s, &parity.Error{Code: parity.CodeConfig, Where: where, What: "invalid match", Err: err}
		}
		s.matchers = append(s.matchers, c)
	}
	return s, nil
}

// enter settles which matches fit the subject, by any of its spellings, and
// reports whether there are any.
func (s *selection) enter(a *parity.Aligned, service string) bool {
	s.active = s.active[:0]
	for _, m := range s.matchers {
		if fitsSubject(m, a, service) {
			s.active = append(s.active, m)
		}
	}
	return len(s.active) > 0
}

// fact reports whether a match fits a fact of the current subject.
func (s *selection) fact(j *parity.Joined) bool {
	surface := surfaceOf(j)
	for _, m := range s.active {
		if m.Fact(surface, j.Path) || j.LogicalPath != j.Path && m.Fact(surface, j.LogicalPath) {
			return true
		}
	}
	return false
}

func fitsSubject(m config.Matcher, a *parity.Aligned, service string) bool {
	var last parity.Key
	for _, side := range a.Sides {
		if side == nil {
			continue
		}
		k := side.Subject.Key
		if k == last && len(side.Subject.Labels) == 0 {
			continue
		}
		last = k
		if m.Subject(k.Kind, k.Scope, k.Name, side.Subject.Labels, service) {
			return true
		}
	}
	k := a.Logical
	return k != a.Key && m.Subject(k.Kind, k.Scope, k.Name, nil, service)
}

func position(pos config.Positions, path ...string) string {
	if pos == nil {
		return ""
	}
	return pos(path...)
}

// columnsIn tells of each column whether the list of environments names it; an
// empty list names all.
func columnsIn(columns []parity.Column, environments []string) []bool {
	in := make([]bool, len(columns))
	for i, c := range columns {
		in[i] = len(environments) == 0
		for _, e := range environments {
			in[i] = in[i] || e == c.Environment || e == c.String()
		}
	}
	return in
}
