package kinds

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Source is what one collector declares.
type Source struct {
	// Collector is its name in parity.yaml and in the names of sources.
	Collector string
	// Kinds are those of the subjects that it emits.
	Kinds []Kind
	// Complete says that a source in which nothing of its formats is found shows
	// that there is nothing.
	Complete bool
}

// Set is everything that is declared. It never changes, and may be used by
// several goroutines. A nil Set has no declarations.
type Set struct {
	exact      map[string][]*entry
	patterns   []*entry // the longest first
	collectors map[string]formats
	undeclared Kind
}

type entry struct {
	Kind
	formats []string
}

type formats struct {
	names    []string
	complete bool
}

// New returns the set of what collectors declare. Several may declare one kind of
// one format, all alike.
func New(sources ...Source) *Set {
	s := &Set{exact: map[string][]*entry{}, collectors: map[string]formats{}}
	for _, from := range sources {
		f := formats{complete: from.Complete}
		for i := range from.Kinds {
			k := &from.Kinds[i]
			if !slices.Contains(f.names, k.Format) {
				f.names = append(f.names, k.Format)
			}
			s.add(k)
		}
		s.collectors[from.Collector] = f
	}
	slices.SortStableFunc(s.patterns, func(a, b *entry) int { return cmp.Compare(literals(b.Name), literals(a.Name)) })
	return s
}

func (s *Set) add(k *Kind) {
	same := func(e *entry) bool { return e.Name == k.Name && e.Format == k.Format }
	e := &entry{Kind: *k, formats: []string{k.Format}}
	switch {
	case !isPattern(k.Name):
		if !slices.ContainsFunc(s.exact[k.Name], same) {
			s.exact[k.Name] = append(s.exact[k.Name], e)
		}
	case !slices.ContainsFunc(s.patterns, same):
		s.patterns = append(s.patterns, e)
	}
}

// Of returns the declaration of a subject's kind. It is never nil: what is not
// declared has the zero Kind.
func (s *Set) Of(subject *parity.Subject) *Kind { return s.find(subject.Kind, subject.Format) }

// Named returns the declaration of a kind where nothing but its name is known.
func (s *Set) Named(kind string) *Kind { return s.find(kind, "") }

// OfRow returns the declaration of the kind that an aligned subject goes by.
func (s *Set) OfRow(a *parity.Aligned) *Kind {
	for _, side := range a.Sides {
		if side != nil && side.Subject.Kind == a.Key.Kind {
			return s.Of(&side.Subject)
		}
	}
	return s.Named(a.Key.Kind)
}

// OfDifference returns the declaration of the kind that a difference is of.
func (s *Set) OfDifference(d *parity.Difference) *Kind {
	if d.Aligned != nil && d.Aligned.Key.Kind == d.Subject.Kind {
		return s.OfRow(d.Aligned)
	}
	return s.Named(d.Subject.Kind)
}

// OfGap returns the declaration of the one kind that a gap names: in a format of the
// collector whose source has the gap, if that is known. named is false where the
// gap is over several kinds, or over all.
func (s *Set) OfGap(g *parity.Gap) (k *Kind, name string, named bool) {
	name, literal := parity.LiteralText(g.Kind)
	if !literal {
		return s.Named(""), "", false
	}
	spoken, _ := s.SpokenBy(g)
	for _, format := range spoken {
		if k := s.find(name, format); k.Name != "" {
			return k, name, true
		}
	}
	return s.Named(name), name, true
}

// SpokenBy returns the formats of the collector whose source has a gap; known is
// false where its name says nothing. A source is named "COLUMN: COLLECTOR ...".
func (s *Set) SpokenBy(g *parity.Gap) (formats []string, known bool) {
	_, source, ok := strings.Cut(g.Source, ": ")
	if !ok {
		return nil, false
	}
	collector, _, _ := strings.Cut(source, " ")
	return s.Spoken(collector)
}

// Format returns the format that a subject was stated in: as the subject says, or
// else by its kind. One that nobody declares is of a format of its own.
func (s *Set) Format(subject *parity.Subject) string {
	return cmp.Or(subject.Format, s.Of(subject).Format, subject.Kind)
}

// Formats returns the formats that a subject may have been stated in: several
// where it does not say and its kind leaves it open.
func (s *Set) Formats(subject *parity.Subject) []string {
	if subject.Format != "" || s == nil {
		return []string{s.Format(subject)}
	}
	if all := s.exact[subject.Kind]; len(all) > 0 {
		return all[0].formats
	}
	var out []string
	for _, e := range s.patterns {
		if !fits(e.Name, subject.Kind) {
			continue
		}
		if !e.Unsure && out == nil {
			return e.formats
		}
		out = append(out, e.Format)
		if !e.Unsure {
			return out
		}
	}
	if out == nil {
		return []string{subject.Kind}
	}
	return out
}

// Spoken returns the formats that a collector states; known is false where there
// is no such collector.
func (s *Set) Spoken(collector string) (names []string, known bool) {
	if s == nil {
		return nil, false
	}
	f, known := s.collectors[collector]
	return f.names, known
}

// Complete returns the formats of a collector if a source of it in which nothing
// is found shows that there is nothing.
func (s *Set) Complete(collector string) []string {
	if s == nil || !s.collectors[collector].complete {
		return nil
	}
	return s.collectors[collector].names
}

// find returns the declaration of a kind in a format; an empty format is any.
func (s *Set) find(kind, format string) *Kind {
	if s == nil {
		return &Kind{}
	}
	for _, e := range s.exact[kind] {
		if format == "" || e.Format == format {
			return &e.Kind
		}
	}
	for _, e := range s.patterns {
		if (format == "" || e.Format == format) && fits(e.Name, kind) {
			return &e.Kind
		}
	}
	return &s.undeclared
}

// capital begins a pattern of kinds that begin with a capital letter.
const capital = "[A-Z]"

func isPattern(name string) bool { return strings.ContainsAny(name, "*[") }

// literals is how much of a pattern is more than "any text".
func literals(pattern string) int {
	rest, ok := strings.CutPrefix(pattern, capital)
	n := len(rest) - strings.Count(rest, "*")
	if ok {
		n += 2 // a capital letter says more than one sign
	}
	return n
}

// fits reports whether a kind is of a pattern.
func fits(pattern, kind string) bool {
	if rest, ok := strings.CutPrefix(pattern, capital); ok {
		if kind == "" || kind[0] < 'A' || kind[0] > 'Z' {
			return false
		}
		pattern, kind = rest, kind[1:]
	}
	head, rest, ok := strings.Cut(pattern, "*")
	if !ok {
		return kind == pattern
	}
	kind, fit := strings.CutPrefix(kind, head)
	if !fit {
		return false
	}
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(kind, part)
		}
		i := strings.Index(kind, part)
		if i < 0 {
			return false
		}
		kind, rest = kind[i+len(part):], more
	}
}
