package compare

import (
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// shade is what the gaps of one column may hide of one subject that another
// column has.
type shade struct {
	row int // plus one, so that the zero value is of no row
	// hiding are the gaps that may hide it, by index.
	hiding []int
	// presumed is a gap that may hide it and presumably does not, or -1. It
	// says nothing where another gap hides it.
	presumed int
}

// sight is what is known of one column's gaps in the eyes of another: which of
// them the other has as well, and which places of the two correspond.
type sight struct {
	blind, seeing *column
	// twins says of each gap of the blind column what the other has of the same
	// remote source.
	twins []twin
	// scopes are the scopes of the blind column that correspond to one of the
	// other's; known are those of the blind column that correspond to any.
	scopes map[string][]string
	known  map[string]bool
	// places are the directories of the blind column that correspond to one of
	// the other's.
	places map[string][]string
	// counterparts are, by gap, the directory of the other column in which stands
	// what corresponds to the place of the gap; empty where that is not known.
	counterparts []string
	learned      bool
	shade        shade
}

// twin is what another column has of the remote source that a gap is about.
type twin uint8

const (
	noTwin       twin = iota
	sameRemote        // at another revision, or used in another way
	sameRevision      // its objects are the same ones, whatever is done to them
	sameUse           // what it adds is the same
)

// sightOf returns what is known of the gaps of blind in the eyes of seeing.
func (r *run) sightOf(blind, seeing *column) *sight {
	at := blind.index*len(r.cols) + seeing.index
	if r.sights == nil {
		r.sights = make([]*sight, len(r.cols)*len(r.cols))
	}
	if r.sights[at] == nil {
		r.sights[at] = &sight{blind: blind, seeing: seeing, twins: twins(blind.gaps, seeing.gaps)}
	}
	return r.sights[at]
}

// twins pairs the gaps of two columns that are about the same remote source, each
// once: first those that are used alike, then those of one revision, then others.
func twins(own, others []parity.Gap) []twin {
	out := make([]twin, len(own))
	byRemote := map[string][]int{}
	for i := range others {
		if others[i].Remote != "" {
			byRemote[others[i].Remote] = append(byRemote[others[i].Remote], i)
		}
	}
	if len(byRemote) == 0 {
		return out
	}
	for _, level := range []struct {
		is twin
		fn func(a, b *parity.Gap) bool
	}{
		{sameUse, func(a, b *parity.Gap) bool { return a.Use != "" && a.Use == b.Use }},
		{sameRevision, func(a, b *parity.Gap) bool { return a.Revision != "" && a.Revision == b.Revision }},
		{sameRemote, func(*parity.Gap, *parity.Gap) bool { return true }},
	} {
		for i := range own {
			g := &own[i]
			if out[i] != noTwin || g.Remote == "" {
				continue
			}
			left := byRemote[g.Remote]
			if at := slices.IndexFunc(left, func(o int) bool { return level.fn(g, &others[o]) && others[o].Hides == g.Hides }); at >= 0 {
				out[i] = level.is
				byRemote[g.Remote] = slices.Delete(left, at, at+1)
			}
		}
	}
	return out
}

// shadeOf returns what the gaps of a column may hide of the subject of a row
// that another column has.
func (r *run) shadeOf(n int, blind, seeing *column) *shade {
	s := r.sightOf(blind, seeing)
	if s.shade.row == n+1 {
		return &s.shade
	}
	s.shade = shade{row: n + 1, hiding: s.shade.hiding[:0], presumed: -1}
	if len(blind.gaps) == 0 {
		return &s.shade
	}
	w := r.rows[n]
	side := w.aligned.Sides[seeing.index]
	k, there := side.Subject.Key, false
	if own := w.aligned.Sides[blind.index]; own != nil {
		k, there = own.Subject.Key, true
	}
	for i := range blind.gaps {
		g := &blind.gaps[i]
		switch {
		case g.Hides == parity.HidesNothing || there && g.Hides == parity.HidesObjects || !there && g.Hides == parity.HidesParts:
		case there && !g.CoversSubject(k) || !there && !r.coversLacking(s, g, k) || !r.gapSpeaks(blind, i, &side.Subject):
		case there || g.Hides != parity.HidesObjects:
			s.shade.hiding = append(s.shade.hiding, i)
		case s.twins[i] >= sameRevision:
			// The other column would have it twice if the remote source added it.
		case s.twins[i] == sameRemote || r.elsewhere(s, i, side):
			s.shade.presumed = i
		default:
			s.shade.hiding = append(s.shade.hiding, i)
		}
	}
	return &s.shade
}

// at returns the first gap that may hide a path, or -1.
func (s *shade) at(gaps []parity.Gap, factPath string) int {
	for _, i := range s.hiding {
		if strings.HasPrefix(factPath, gaps[i].Path) {
			return i
		}
	}
	return -1
}

// coversLacking reports whether a gap may be over a subject that its column lacks
// and that another column has as k: a gap that hides objects of one namespace
// knows it by its own column's name.
func (r *run) coversLacking(s *sight, g *parity.Gap, k parity.Key) bool {
	if g.CoversSubject(k) || g.Scope == "" || g.Hides != parity.HidesObjects {
		return g.CoversSubject(k)
	}
	anywhere := *g
	anywhere.Scope = ""
	if !anywhere.CoversSubject(k) {
		return false
	}
	r.learnPlaces(s)
	if own := s.scopes[k.Scope]; len(own) > 0 {
		return slices.ContainsFunc(own, func(scope string) bool {
			k.Scope = scope
			return g.CoversSubject(k)
		})
	}
	scope, literal := parity.LiteralText(g.Scope)
	return !literal || !s.known[scope]
}

// elsewhere reports whether the column of a gap reads elsewhere what stands
// beside the subject in the other column, or whether what corresponds to the
// place of the gap stands elsewhere in the other column.
func (r *run) elsewhere(s *sight, gap int, side *parity.SubjectFacts) bool {
	g := &s.blind.gaps[gap]
	dir := directoryOf(side)
	if g.Place == "" || dir == "" {
		return false
	}
	r.learnPlaces(s)
	if own := s.places[dir]; len(own) > 0 {
		return !slices.ContainsFunc(own, func(d string) bool { return within(d, g.Place) })
	}
	at := s.counterparts[gap]
	return at != "" && at != "." && !within(dir, at)
}

// learnPlaces learns from the subjects that two columns have in common which of
// their scopes and directories correspond.
func (r *run) learnPlaces(s *sight) {
	if s.learned {
		return
	}
	s.learned = true
	s.scopes, s.known, s.places = map[string][]string{}, map[string]bool{}, map[string][]string{}
	for _, w := range r.rows {
		own, other := w.aligned.Sides[s.blind.index], w.aligned.Sides[s.seeing.index]
		if own == nil || other == nil {
			continue
		}
		add(s.scopes, other.Subject.Scope, own.Subject.Scope)
		s.known[own.Subject.Scope] = true
		if a, b := directoryOf(own), directoryOf(other); a != "" && b != "" {
			add(s.places, b, a)
		}
	}
	s.counterparts = make([]string, len(s.blind.gaps))
	byPlace := map[string]string{}
	for i := range s.blind.gaps {
		place := s.blind.gaps[i].Place
		at, ok := byPlace[place]
		if !ok && place != "" {
			if at = s.counterpart(place); at == "" && s.seeing.reads(place) {
				at = place
			}
			byPlace[place] = at
		}
		s.counterparts[i] = at
	}
}

// reads reports whether a column is known to read a place.
func (c *column) reads(place string) bool {
	return slices.ContainsFunc(c.gaps, func(g parity.Gap) bool { return g.Place == place }) ||
		slices.ContainsFunc(c.snap.Subjects, func(s parity.SubjectFacts) bool { return within(directoryOf(&s), place) })
}

// counterpart returns the directory of the seeing column that holds all that
// corresponds to something below a place of the blind one.
func (s *sight) counterpart(place string) string {
	at := ""
	for dir, own := range s.places {
		if !slices.ContainsFunc(own, func(d string) bool { return within(d, place) }) {
			continue
		}
		if at == "" {
			at = dir
		}
		for !within(dir, at) {
			at = path.Dir(at)
		}
	}
	return at
}

func add(m map[string][]string, key, text string) {
	if !slices.Contains(m[key], text) {
		m[key] = append(m[key], text)
	}
}

// directoryOf returns the directory in which a subject is declared, empty where
// that is not known.
func directoryOf(s *parity.SubjectFacts) string {
	if o := s.Subject.Origin; o != nil && o.File != "" {
		return path.Dir(o.File)
	}
	return ""
}

// within reports whether a path is the place, or below it.
func within(name, place string) bool {
	rest, ok := strings.CutPrefix(name, place)
	return place == "." || ok && (rest == "" || rest[0] == '/')
}

// hiddenBy returns the gap of a column that may hide what another column has, or
// -1; and where a gap presumably does not, in words why that is not sure.
func (j *joiner) hiddenBy(n int, blind, seeing *column, fact *parity.Fact) (gap int, presumed string) {
	s := j.shadeOf(n, blind, seeing)
	gap = s.at(blind.gaps, fact.Path)
	if gap < 0 && s.presumed >= 0 {
		presumed = "presumably not hidden in " + blind.name + ": " + blind.gaps[s.presumed].Reason
	}
	if gap < 0 && fact.DerivedFrom != nil && j.rows[n].aligned.Sides[blind.index] != nil {
		gap = j.originHidden(blind, seeing, fact.DerivedFrom)
	}
	return gap, presumed
}

// originHidden returns the gap that may hide the subject that a fact of another
// column follows from, or -1.
func (j *joiner) originHidden(blind, seeing *column, from *parity.FactRef) int {
	i, ok := seeing.subjectAt(from.Subject)
	if !ok || j.rows[seeing.rows[i]].aligned.Sides[blind.index] != nil {
		return -1
	}
	k, s := from.Subject, &seeing.snap.Subjects[i].Subject
	for gap := range blind.gaps {
		g := &blind.gaps[gap]
		if g.Hides != parity.HidesParts && j.coversLacking(j.sightOf(blind, seeing), g, k) && strings.HasPrefix(from.Path, g.Path) && j.gapSpeaks(blind, gap, s) {
			return gap
		}
	}
	return -1
}

// subjectAt returns the index of the subject with a key.
func (c *column) subjectAt(k parity.Key) (int, bool) {
	return slices.BinarySearchFunc(c.snap.Subjects, k, func(s parity.SubjectFacts, k parity.Key) int { return s.Subject.Key.Compare(k) })
}
