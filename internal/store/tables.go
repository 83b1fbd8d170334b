package store

import (
	"time"

	"github.com/envparity/parity"
)

// tables number what occurs often, in the order of its first use.
type tables struct {
	paths     map[string]int
	pathList  []string
	origins   map[*parity.Origin]int
	contents  map[originRow]int
	rows      []originRow
	ruleSets  map[parity.RuleSet]int
	rulesList []parity.RuleSet
}

// originRow is an origin with its next link by number; 0 is none.
type originRow struct {
	file, renderer, object string
	precision              parity.Precision
	from                   int
	// writers are the encoded texts of who wrote the value, each behind a comma.
	writers string
}

// writersOf encodes who wrote a value, latest first.
func writersOf(w *parity.Writer) string {
	if w == nil {
		return ""
	}
	var b []byte
	for ; w != nil; w = w.Also {
		when := ""
		if !w.Time.IsZero() {
			when = w.Time.UTC().Format(time.RFC3339)
		}
		for _, text := range [...]string{w.Manager, w.Operation, w.Subresource, when} {
			b = appendText(append(b, ','), text)
		}
	}
	return string(b)
}

func newTables(s *parity.Snapshot) *tables {
	t := &tables{
		paths: map[string]int{}, origins: map[*parity.Origin]int{nil: 0}, contents: map[originRow]int{},
		ruleSets: map[parity.RuleSet]int{0: 0}, rulesList: []parity.RuleSet{0},
	}
	for i := range s.Subjects {
		sf := &s.Subjects[i]
		t.origin(sf.Subject.Origin)
		for j := range sf.Facts {
			f := &sf.Facts[j]
			t.path(f.Path)
			if f.Origin != sf.Subject.Origin {
				t.origin(f.Origin)
			}
			if _, ok := t.ruleSets[f.Rules]; !ok {
				t.ruleSets[f.Rules] = len(t.rulesList)
				t.rulesList = append(t.rulesList, f.Rules)
			}
			if f.DerivedFrom != nil {
				t.ref(f.DerivedFrom)
			}
		}
	}
	return t
}

func (t *tables) path(p string) {
	if _, ok := t.paths[p]; !ok {
		t.paths[p] = len(t.pathList)
		t.pathList = append(t.pathList, p)
	}
}

func (t *tables) ref(r *parity.FactRef) {
	t.path(r.Path)
	for i := range r.Shadows {
		t.ref(&r.Shadows[i])
	}
}

// origin numbers an origin after those behind it. Origins of the same content
// are one.
func (t *tables) origin(o *parity.Origin) int {
	if n, ok := t.origins[o]; ok {
		return n
	}
	row := originRow{file: o.File, renderer: o.Renderer, object: o.Object, precision: o.Precision, from: t.origin(o.From), writers: writersOf(o.Writer)}
	n, ok := t.contents[row]
	if !ok {
		t.rows = append(t.rows, row)
		n = len(t.rows)
		t.contents[row] = n
	}
	t.origins[o] = n
	return n
}
