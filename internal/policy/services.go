package policy

import (
	"strconv"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// service is who answers for a subject. Index 0 is nobody: the subject is of
// no service that parity.yaml names, and as critical as a medium one.
type service struct {
	index       int
	name, owner string
	criticality parity.Severity
}

// services finds the service of a subject: the first in parity.yaml that has a
// match for it, or, of those without any match, the one whose name it bears.
type services struct {
	all     []service // all[0] is nobody
	matches []selection
	byName  map[string]int // those without a match
}

// bears are the labels by which a subject bears its service's name, strongest
// first.
var bears = []string{"app.kubernetes.io/name", "app.kubernetes.io/part-of", "app"}

func newServices(cfg *config.Config) (*services, error) {
	s := &services{
		all:     []service{{criticality: parity.Medium}},
		matches: make([]selection, 1),
		byName:  map[string]int{},
	}
	for i, c := range cfg.Services {
		n := len(s.all)
		m, err := newSelection(c.Match, cfg.Pos, "services", strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		s.all = append(s.all, service{index: n, name: c.Name, owner: c.Owner, criticality: c.Criticality})
		s.matches = append(s.matches, m)
		if _, taken := s.byName[c.Name]; len(c.Match) == 0 && !taken {
			s.byName[c.Name] = n
		}
	}
	return s, nil
}

func (s *services) count() int { return len(s.all) - 1 }

// of gives the service of a subject.
func (s *services) of(a *parity.Aligned) service {
	if len(s.all) == 1 {
		return s.all[0]
	}
	for i := range s.matches {
		for _, m := range s.matches[i].matchers {
			if fitsSubject(m, a, "") {
				return s.all[i]
			}
		}
	}
	if len(s.byName) == 0 {
		return s.all[0]
	}
	return s.all[s.named(a)]
}

// named finds a service by the names and labels that a subject bears.
func (s *services) named(a *parity.Aligned) int {
	if i := s.byName[a.Logical.Name]; i > 0 {
		return i
	}
	for _, side := range a.Sides {
		if side == nil {
			continue
		}
		if i := s.byName[side.Subject.Name]; i > 0 {
			return i
		}
		for _, label := range bears {
			if v, ok := side.Subject.Label(label); ok && s.byName[v] > 0 {
				return s.byName[v]
			}
		}
	}
	return 0
}
