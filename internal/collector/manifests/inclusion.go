package manifests

import (
	"maps"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/envname"
)

// inclusions states the files that a kustomization of one environment takes from
// another one, by their names.
func (s *session) inclusions(sc *scan) {
	for _, dir := range slices.Sorted(maps.Keys(sc.dirs)) {
		k := sc.dirs[dir]
		file := s.place.Display(k.file)
		var subject parity.Subject
		var facts []parity.Fact
		entries := slices.Compact(slices.Sorted(slices.Values(sc.named[k])))
		for _, entry := range entries {
			if _, _, foreign := envname.Foreign(file, entry, entries); !foreign {
				continue
			}
			line, col := sc.find(k, entry)
			origin := &parity.Origin{File: file, Precision: parity.AtLine}
			if line == 0 {
				origin.Precision = parity.AtFile
			}
			of, fact := parity.Inclusion("kubernetes", file, entry, origin, line, col)
			subject, facts = of, append(facts, fact)
		}
		if len(facts) > 0 {
			s.out.Subject(subject, facts)
		}
	}
}
