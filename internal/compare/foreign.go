package compare

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// foreign reports whether two subjects come from formats that have no paths in
// common.
func foreign(known *kinds.Set, own, ref *parity.SubjectFacts) bool {
	return own.Subject.Kind != ref.Subject.Kind && known.Format(&own.Subject) != known.Format(&ref.Subject)
}

// commonPaths translates the paths of a subject into those that the formats of its
// family have in common, and what only its own can say into "".
func commonPaths(known *kinds.Set, s *parity.SubjectFacts) func(path string) string {
	if common := known.Of(&s.Subject).Common; common != nil {
		return common(s)
	}
	return func(string) string { return "" }
}

// byCommonPath joins what two formats can both say.
func (l *linker) byCommonPath(own, ref *parity.SubjectFacts) {
	toOwn, toRef := commonPaths(l.kinds, own), commonPaths(l.kinds, ref)
	at := map[string]int32{}
	for i := range own.Facts {
		if k := toOwn(own.Facts[i].Path); k != "" {
			if _, ok := at[k]; !ok {
				at[k] = int32(i)
			}
		}
	}
	for j := range ref.Facts {
		k := toRef(ref.Facts[j].Path)
		if i, ok := at[k]; ok && k != "" {
			delete(at, k)
			l.pair(i, int32(j), 0)
		}
	}
	for i := range own.Facts {
		l.free = append(l.free, int32(i))
	}
	l.dropTaken()
}
