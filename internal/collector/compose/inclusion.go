package compose

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/envname"
)

// includes notes that a file names an env file of a service.
func (s *session) includes(src *source, name string) {
	if s.envFiles == nil {
		s.envFiles = map[*source][]string{}
	}
	s.envFiles[src] = append(s.envFiles[src], name)
}

// inclusions states the env files that a Compose file of one environment takes
// from another one, by their names.
func (s *session) inclusions() {
	var sources []*source
	for src := range s.envFiles {
		sources = append(sources, src)
	}
	slices.SortFunc(sources, func(a, b *source) int { return strings.Compare(a.inside.File, b.inside.File) })
	for _, src := range sources {
		var subject parity.Subject
		var facts []parity.Fact
		names := slices.Compact(slices.Sorted(slices.Values(s.envFiles[src])))
		for _, name := range names {
			if _, _, foreign := envname.Foreign(src.inside.File, name, names); !foreign {
				continue
			}
			origin, line, col := src.inside, int32(0), int32(0)
			if n := envFileNode(src, name); n != nil {
				origin, line, col = src.line, n.Line, n.Col
			}
			of, fact := parity.Inclusion("compose", src.inside.File, name, origin, line, col)
			subject, facts = of, append(facts, fact)
		}
		if len(facts) > 0 {
			s.out.Subject(subject, facts)
		}
	}
}

// envFileNode finds where a file names an env file.
func envFileNode(src *source, name string) *doc.Node {
	services := src.docs[0].At("services")
	if services == nil {
		return nil
	}
	for _, service := range services.Fields {
		if n := textNode(service.Value.At("env_file"), name); n != nil {
			return n
		}
	}
	return nil
}

// textNode finds a text in a value, or in a list or map that it is.
func textNode(n *doc.Node, text string) *doc.Node {
	if n == nil {
		return nil
	}
	if n.Kind == doc.String && strings.TrimPrefix(n.Text, "./") == strings.TrimPrefix(text, "./") {
		return n
	}
	for _, item := range n.Items {
		if hit := textNode(item, text); hit != nil {
			return hit
		}
	}
	for _, f := range n.Fields {
		if hit := textNode(f.Value, text); hit != nil {
			return hit
		}
	}
	return nil
}
