package ansible

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/settings"
	"github.com/envparity/parity/internal/surface"
)

func (s *session) origin(file string) *parity.Origin {
	o := s.origins[file]
	if o == nil {
		o = &parity.Origin{File: s.display(file), Precision: parity.AtLine}
		s.origins[file] = o
	}
	return o
}

// emit hands over groups and hosts, by name.
func (s *session) emit() {
	for _, name := range slices.Sorted(maps.Keys(s.inv.groups)) {
		if g := s.inv.groups[name]; g.file != "" || len(g.fromFile)+len(g.kids) > 0 {
			s.group(g)
		}
	}
	groupsOf := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(s.inv.groups)) {
		for h := range s.inv.groups[name].hosts {
			groupsOf[h] = append(groupsOf[h], name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.inv.hosts)) {
		s.host(s.inv.hosts[name], groupsOf[name])
	}
}

func (s *session) group(g *group) {
	key := parity.Key{Kind: GroupKind, Name: g.name}
	file := g.file
	for _, name := range slices.Sorted(maps.Keys(g.fromFile)) {
		if file == "" {
			file = g.fromFile[name].file
		}
	}
	if file == "" {
		for kid := range g.kids {
			file = s.inv.groups[kid].file // the group of all, which nothing states
		}
	}
	if file == "" {
		return
	}
	o := s.origin(file)
	facts := []parity.Fact{{
		Path: "/hosts", Value: parity.Value{Kind: parity.Number, Raw: strconv.Itoa(s.count(g))}, Surface: parity.Resource, Origin: o, Line: g.line, Col: g.col,
	}}
	for kid := range g.kids {
		if kid != "ungrouped" {
			facts = append(facts, parity.Fact{Path: "/children[=" + kid + "]", Value: parity.Value{Kind: parity.Set, Raw: kid}, Surface: parity.Platform, Origin: o, Line: g.line, Col: g.col})
		}
	}
	for name, v := range s.inv.effective(g) {
		more := s.facts(v.variable, name)
		if v.group != g.name {
			from := parity.Key{Kind: GroupKind, Name: v.group}
			for i := range more {
				more[i].DerivedFrom = &parity.FactRef{Subject: from, Path: more[i].Path}
			}
		}
		facts = append(facts, more...)
	}
	s.out.Subject(parity.Subject{Key: key, Format: Format, Origin: o, Line: g.line, Col: g.col}, facts)
}

// count is the number of hosts in a group and those below it.
func (s *session) count(g *group) int {
	hosts, seen := map[string]bool{}, map[string]bool{}
	var visit func(g *group)
	visit = func(g *group) {
		if seen[g.name] {
			return
		}
		seen[g.name] = true
		maps.Copy(hosts, g.hosts)
		for kid := range g.kids {
			visit(s.inv.groups[kid])
		}
	}
	visit(g)
	return len(hosts)
}

func (s *session) host(h *host, groups []string) {
	o := s.origin(h.file)
	var facts []parity.Fact
	for _, g := range groups {
		facts = append(facts, parity.Fact{Path: "/groups[=" + g + "]", Value: parity.Value{Kind: parity.Set, Raw: g}, Surface: parity.Platform, Origin: o, Line: h.line, Col: h.col})
	}
	all := maps.Clone(h.given)
	maps.Copy(all, h.fromFile)
	for name, v := range all {
		facts = append(facts, s.facts(v, name)...)
	}
	s.out.Subject(parity.Subject{Key: parity.Key{Kind: HostKind, Name: h.name}, Format: Format, Origin: o, Line: h.line, Col: h.col}, facts)
}

// facts reads a variable as settings are read.
func (s *session) facts(v variable, name string) []parity.Fact {
	doc.StripSOPS(v.value)
	const key = "v"
	inner := &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: name, Value: v.value}}}
	tree := &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: key, Value: inner}}}
	o := settings.Options{
		Limits: doc.Limits{Nodes: max(1000, s.in.Limits.Nodes/10), Depth: s.in.Limits.Depth, Bytes: 4 << 20},
		Surface: func(path string) parity.Surface {
			return surface.Common().Of(GroupKind, strings.TrimPrefix(path, "/v"))
		},
	}
	var out []parity.Fact
	settings.Read(tree, o, s.origin(v.file), func(_ parity.Subject, facts []parity.Fact) {
		for _, f := range facts {
			if strings.HasPrefix(f.Value.Raw, vaultHead) {
				f.Value, f.Surface = parity.Value{Kind: parity.Secret}, parity.Secrets
			}
			out = append(out, f)
		}
	})
	return out
}
