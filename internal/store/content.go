package store

import (
	"time"

	"github.com/envparity/parity"
)

// maxShadows is how deep origins and shadowed facts may nest.
const maxShadows = 100

// content reads a line behind the header: it is known by its first key.
func (d *decoder) content(sc *scanner) {
	sc.expect('{')
	key := sc.text()
	sc.expect(':')
	switch key {
	case "paths":
		d.readPaths(sc)
		sc.expect('}')
	case "origins":
		d.readOrigins(sc)
		sc.expect('}')
	case "gap":
		d.gap(sc)
		sc.expect('}')
	default:
		d.subject(sc, key)
	}
}

func (d *decoder) readPaths(sc *scanner) {
	sc.expect('[')
	for first := true; sc.more(&first, ']'); {
		d.paths = append(d.paths, sc.text())
		d.bounded(sc, len(d.paths))
	}
}

func (d *decoder) readOrigins(sc *scanner) {
	sc.expect('[')
	for first := true; sc.more(&first, ']'); {
		o := &parity.Origin{}
		sc.expect('[')
		o.File = sc.text()
		sc.expect(',')
		o.Precision = precision(sc.text())
		sc.expect(',')
		o.Renderer = sc.text()
		sc.expect(',')
		o.Object = sc.text()
		sc.expect(',')
		o.From = d.origins[sc.index(len(d.origins))]
		o.Writer = readWriters(sc)
		d.origins = append(d.origins, o)
		d.bounded(sc, len(d.origins))
	}
}

// readWriters reads the texts of writers up to the end of an origin.
func readWriters(sc *scanner) *parity.Writer {
	var first *parity.Writer
	last := &first
	for n := 0; sc.next(','); n++ {
		w := &parity.Writer{}
		w.Manager = sc.text()
		sc.expect(',')
		w.Operation = sc.text()
		sc.expect(',')
		w.Subresource = sc.text()
		sc.expect(',')
		if when := sc.text(); when != "" {
			t, err := time.Parse(time.RFC3339, when)
			if err != nil {
				sc.fail("a writer's time is no time")
			}
			w.Time = t
		}
		if n >= maxShadows {
			sc.fail("a value has more writers than is allowed")
		}
		*last, last = w, &w.Also
	}
	sc.expect(']')
	return first
}

// bounded checks that a table has no more entries than facts are allowed.
func (d *decoder) bounded(sc *scanner, n int) {
	if n > d.limits.Facts {
		sc.fail("the snapshot's tables are larger than is allowed")
	}
}

// precision shares the known texts.
func precision(s string) parity.Precision {
	for _, p := range []parity.Precision{parity.AtLine, parity.AtObject, parity.AtFile} {
		if s == string(p) {
			return p
		}
	}
	return parity.Precision(s)
}

// subject reads a subject with its facts; key is its first, and the scanner
// stands behind the colon.
func (d *decoder) subject(sc *scanner, key string) {
	if len(d.snap.Subjects) >= d.head.Counts.Subjects {
		sc.fail("there are more subjects than the header counts")
		return
	}
	d.snap.Subjects = append(d.snap.Subjects, parity.SubjectFacts{})
	sf := &d.snap.Subjects[len(d.snap.Subjects)-1]
	for {
		d.subjectField(sc, sf, key)
		if sc.fault != "" || sc.next('}') {
			break
		}
		sc.expect(',')
		key = sc.text()
		sc.expect(':')
	}
	for i := range sf.Facts {
		if sf.Facts[i].Origin == &d.inherit {
			sf.Facts[i].Origin = sf.Subject.Origin
		}
	}
	if n := len(d.snap.Subjects); n > 1 && d.snap.Subjects[n-2].Subject.Key.Compare(sf.Subject.Key) > 0 {
		sc.fail("subjects are not in order")
	}
}

func (d *decoder) subjectField(sc *scanner, sf *parity.SubjectFacts, key string) {
	s := &sf.Subject
	switch key {
	case "kind":
		s.Kind = sc.text()
	case "group":
		s.Group = sc.text()
	case "scope":
		s.Scope = sc.text()
	case "name":
		s.Name = sc.text()
	case "format":
		s.Format = sc.text()
	case "stem":
		s.Stem = sc.text()
	case "labels":
		pairs(sc, func(a, b string) { s.Labels = append(s.Labels, parity.Label{Name: a, Value: b}) })
	case "ids":
		pairs(sc, func(a, b string) { s.IDs = append(s.IDs, parity.Identity{Method: a, Value: b}) })
	case "traits":
		pairs(sc, func(a, b string) { s.Traits = append(s.Traits, parity.Trait{Kind: a, Value: b}) })
	case "origin":
		s.Origin = d.origins[sc.index(len(d.origins))]
	case "line":
		s.Line = sc.int32()
	case "column":
		s.Col = sc.int32()
	case "facts":
		d.readFacts(sc, sf)
	default:
		sc.fail("a subject has a field that this parity does not know")
	}
}

func pairs(sc *scanner, each func(a, b string)) {
	sc.expect('[')
	for first := true; sc.more(&first, ']'); {
		sc.expect('[')
		a := sc.text()
		sc.expect(',')
		b := sc.text()
		sc.expect(']')
		each(a, b)
	}
}

func (d *decoder) readFacts(sc *scanner, sf *parity.SubjectFacts) {
	if sf.Facts != nil {
		sc.fail("a subject has its facts twice")
		return
	}
	sc.expect('[')
	facts := make([]parity.Fact, 0, 16)
	for first := true; sc.more(&first, ']'); {
		if d.facts++; d.facts > d.head.Counts.Facts {
			sc.fail("there are more facts than the header counts")
			return
		}
		facts = append(facts, parity.Fact{Origin: &d.inherit})
		n := len(facts)
		d.fact(sc, &facts[n-1])
		if n > 1 && facts[n-1].Path <= facts[n-2].Path {
			sc.fail("facts are not in order")
		}
	}
	sf.Facts = facts
}

func (d *decoder) fact(sc *scanner, f *parity.Fact) {
	sc.expect('[')
	f.Path = d.path(sc)
	sc.expect(',')
	d.kind(sc, f)
	for n := 3; sc.fault == "" && !sc.next(']'); n++ {
		sc.expect(',')
		switch n {
		case 3:
			f.Value.Raw = sc.text()
		case 4:
			f.Value.Canon = sc.text()
		case 5:
			f.Rules = d.ruleSets[sc.index(len(d.ruleSets))]
		case 6:
			f.Line = sc.int32()
		case 7:
			f.Col = sc.int32()
		case 8:
			f.Origin = d.origins[sc.index(len(d.origins))]
		case 9:
			ref := d.ref(sc, 0)
			f.DerivedFrom = &ref
		default:
			sc.fail("a fact has too many elements")
		}
	}
}

// kind reads a fact's kind and surface.
func (d *decoder) kind(sc *scanner, f *parity.Fact) {
	if k := sc.index(len(d.kinds)); k < len(d.kinds) {
		f.Value.Kind, f.Value.Suspected = d.kinds[k], k == d.suspected
	}
	sc.expect(',')
	if s := sc.index(len(d.surfaces)); s < len(d.surfaces) {
		f.Surface = d.surfaces[s]
	}
	if f.Value.Kind == unknownKind || f.Surface == unknownSurface {
		sc.fail("a fact is of a kind or on a surface that this parity does not know")
	}
}

func (d *decoder) path(sc *scanner) string {
	if i := sc.index(len(d.paths)); i < len(d.paths) {
		return d.paths[i]
	}
	return ""
}

func (d *decoder) ref(sc *scanner, depth int) parity.FactRef {
	var r parity.FactRef
	if depth > maxShadows {
		sc.fail("a fact shadows too many others")
		return r
	}
	sc.expect('[')
	for _, s := range [...]*string{&r.Subject.Kind, &r.Subject.Group, &r.Subject.Scope, &r.Subject.Name} {
		*s = sc.text()
		sc.expect(',')
	}
	r.Path = d.path(sc)
	for sc.fault == "" && !sc.next(']') {
		sc.expect(',')
		r.Shadows = append(r.Shadows, d.ref(sc, depth+1))
	}
	return r
}

func (d *decoder) gap(sc *scanner) {
	if len(d.snap.Gaps) >= d.head.Counts.Gaps {
		sc.fail("there are more gaps than the header counts")
		return
	}
	var g parity.Gap
	fields := map[string]*string{
		"source": &g.Source, "kind": &g.Kind, "group": &g.Group, "scope": &g.Scope, "name": &g.Name, "path": &g.Path,
		"hides": (*string)(&g.Hides), "reason": &g.Reason, "where": &g.Where, "hint": &g.Hint,
		"place": &g.Place, "remote": &g.Remote, "revision": &g.Revision, "use": &g.Use,
		"given": &g.Given,
		"unset": &g.Unset,
	}
	sc.expect('{')
	for first := true; sc.more(&first, '}'); {
		field := fields[sc.text()]
		sc.expect(':')
		if field == nil {
			sc.fail("a gap has a field that this parity does not know")
			return
		}
		*field = sc.text()
	}
	if !g.Hides.Valid() {
		sc.fail("a gap hides what this parity does not know")
	}
	d.snap.Gaps = append(d.snap.Gaps, g)
}
