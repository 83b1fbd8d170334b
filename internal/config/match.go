package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

func (m Match) empty() bool {
	return m.Kind == "" && m.Scope == "" && m.Name == "" && len(m.Labels) == 0 &&
		m.Service == "" && m.Surface == nil && m.Path == ""
}

// texts gives the match's own patterns by their keys.
func (m Match) texts() map[string]string {
	return map[string]string{"kind": m.Kind, "scope": m.Scope, "name": m.Name, "service": m.Service, "path": m.Path}
}

// Matcher is a compiled Match. The zero value matches everything.
type Matcher struct {
	kind, scope, name, service, path Pattern

	labels  []labelMatcher
	surface *parity.Surface
}

type labelMatcher struct {
	name  string
	value Pattern
}

// Compile compiles the match. The error is that of an invalid pattern; there
// is none for a match that Load has accepted.
func (m Match) Compile() (Matcher, error) {
	out := Matcher{surface: m.Surface}
	for _, p := range []struct {
		key, text string
		into      *Pattern
	}{
		{"kind", m.Kind, &out.kind},
		{"scope", m.Scope, &out.scope},
		{"name", m.Name, &out.name},
		{"service", m.Service, &out.service},
		{"path", m.Path, &out.path},
	} {
		var err error
		if *p.into, err = CompilePattern(p.text); err != nil {
			return Matcher{}, fmt.Errorf("%s: %w", p.key, err)
		}
	}
	for name, text := range m.Labels {
		value, err := CompilePattern(text)
		if err != nil {
			return Matcher{}, fmt.Errorf("labels: %w", err)
		}
		out.labels = append(out.labels, labelMatcher{name, value})
	}
	slices.SortFunc(out.labels, func(a, b labelMatcher) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

// Subject reports whether the match fits a subject that service owns. labels are
// the subject's own.
func (m Matcher) Subject(kind, scope, name string, labels []parity.Label, service string) bool {
	return m.kind.Match(kind) && m.scope.Match(scope) && m.name.Match(name) &&
		m.service.Match(service) && m.hasLabels(labels)
}

func (m Matcher) hasLabels(labels []parity.Label) bool {
	for _, want := range m.labels {
		if !slices.ContainsFunc(labels, func(l parity.Label) bool {
			return l.Name == want.name && want.value.Match(l.Value)
		}) {
			return false
		}
	}
	return true
}

// Fact reports whether the match fits a fact of a subject that it fits. The path
// of a whole subject is empty.
func (m Matcher) Fact(surface parity.Surface, path string) bool {
	return (m.surface == nil || *m.surface == surface) && m.path.MatchPath(path)
}

// GapMatcher is a GapMatch made ready.
type GapMatcher struct {
	source, kind, scope, path Pattern
}

// Compile makes the match ready.
func (m GapMatch) Compile() (GapMatcher, error) {
	var out GapMatcher
	for _, p := range []struct {
		key, text string
		into      *Pattern
	}{{"source", m.Source, &out.source}, {"kind", m.Kind, &out.kind}, {"scope", m.Scope, &out.scope}, {"path", m.Path, &out.path}} {
		var err error
		if *p.into, err = CompilePattern(p.text); err != nil {
			return GapMatcher{}, fmt.Errorf("%s: %w", p.key, err)
		}
	}
	return out, nil
}

// Gap reports whether the match fits a gap.
func (m GapMatcher) Gap(g *parity.Gap) bool {
	return m.kind.stated(plainSelector(g.Kind)) && m.scope.stated(plainSelector(g.Scope)) &&
		(!m.path.set || g.Path != "" && m.path.MatchPath(g.Path)) && m.fromSource(g)
}

// fromSource reports whether the source's pattern fits any of the names by which
// people know the source of a gap.
func (m GapMatcher) fromSource(g *parity.Gap) bool {
	if !m.source.set {
		return true
	}
	column, name, ok := strings.Cut(g.Source, ": ")
	if !ok {
		column, name = "", g.Source
	}
	collector, _, _ := strings.Cut(name, " ")
	return slices.ContainsFunc([]string{
		g.Source, name, collector, column + ": " + collector, g.Where, fileOf(g.Where),
	}, m.source.stated)
}

// stated matches s; a pattern that is given never fits what is left open.
func (p Pattern) stated(s string) bool { return !p.set || s != "" && p.Match(s) }

// fileOf takes the line and column off a place.
func fileOf(where string) string {
	for range 2 {
		i := strings.LastIndexByte(where, ':')
		if i < 0 || i+1 == len(where) || strings.Trim(where[i+1:], "0123456789") != "" {
			break
		}
		where = where[:i]
	}
	return where
}

// plainSelector returns the text that a selector of a gap stands for where it
// is a literal, and the selector itself where it is a pattern.
func plainSelector(s string) string {
	if text, ok := parity.LiteralText(s); ok {
		return text
	}
	return s
}
