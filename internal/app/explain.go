package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// Explanation is the whole story of one path of one subject.
type Explanation struct {
	Subject     parity.SubjectRef `json:"subject"`
	Path        string            `json:"path"`
	LogicalPath string            `json:"logicalPath,omitempty"`
	Surface     parity.Surface    `json:"surface"`
	// Sides are by column, the reference last.
	Sides []ExplainedSide `json:"sides"`
	// Differences are what policy made of it; empty where nothing differs.
	Differences []parity.Difference `json:"differences"`
	// Bindings are those that took part.
	Bindings []parity.Binding `json:"bindings"`
}

// ExplainedSide is what one column holds, and how it came to its class.
type ExplainedSide struct {
	Column string        `json:"column"`
	State  parity.State  `json:"state"`
	Class  parity.Class  `json:"class"`
	Change parity.Change `json:"change,omitempty"`
	// Kind, Raw and Canonical are the value's; a secret's raw value is empty.
	Kind      parity.ValueKind `json:"kind"`
	Raw       string           `json:"raw,omitempty"`
	Canonical string           `json:"canonical,omitempty"`
	// Sources is where it was read, then what that was made from.
	Sources []string `json:"sources"`
	// Shaped are the rules that gave the value its canonical form, Equated
	// those that made it equivalent to the reference's.
	Shaped   []parity.Rule   `json:"shaped,omitempty"`
	Equated  []parity.Rule   `json:"equated,omitempty"`
	Bindings []string        `json:"bindings,omitempty"`
	Note     string          `json:"note,omitempty"`
	Derived  *parity.FactRef `json:"derivedFrom,omitempty"`
}

// Wanted names what to explain: a fingerprint or the beginning of one, or a
// subject and a path of it.
type Wanted struct {
	Fingerprint   string
	Subject, Path string
}

// leastFingerprint is the shortest beginning of a fingerprint that is taken
// for one.
const leastFingerprint = 4

// Explain tells the story of what is wanted.
func (a *App) Explain(ctx context.Context, req Request, want Wanted) (*Explanation, error) {
	s, err := a.open(ctx, req)
	if err != nil {
		return nil, err
	}
	outcome, judgement, err := a.weigh(ctx, s, req)
	if err != nil {
		return nil, err
	}
	match, err := matcher(want, judgement.Differences)
	if err != nil {
		return nil, err
	}
	found := newFinds(match, s.columns())
	if _, err := compare.Run(ctx, compare.Input{Snapshots: s.snapshots, Options: s.options}, found.visit); err != nil {
		return nil, err
	}
	e, err := found.one(want)
	if err != nil {
		return nil, err
	}
	e.complete(outcome, judgement.Differences)
	return e, nil
}

// match tells whether a joined fact is the wanted one. near is set where the
// subject fits and the path does not.
type match func(j *parity.Joined) (hit, near bool)

func matcher(want Wanted, ds []parity.Difference) (match, error) {
	if want.Fingerprint == "" {
		return func(j *parity.Joined) (bool, bool) {
			if !namesSubject(want.Subject, j.Subject) {
				return false, false
			}
			return j.Path == want.Path || j.LogicalPath == want.Path, true
		}, nil
	}
	var hits []*parity.Difference
	for i := range ds {
		if strings.HasPrefix(bare(ds[i].Fingerprint), bare(want.Fingerprint)) {
			hits = append(hits, &ds[i])
		}
	}
	switch {
	case len(want.Fingerprint) < leastFingerprint:
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("a fingerprint has at least %d digits", leastFingerprint)}
	case len(hits) == 0:
		return nil, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("no difference has the fingerprint %q", want.Fingerprint),
			Hint: "parity check --long shows fingerprints; parity explain SUBJECT PATH explains any fact",
		}
	case slices.ContainsFunc(hits, func(d *parity.Difference) bool { return d.Fingerprint != hits[0].Fingerprint }):
		return nil, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("%d differences have a fingerprint that begins with %q", len(hits), want.Fingerprint),
			Hint: "give more of it",
		}
	}
	d := hits[0]
	key := parity.Key{Kind: d.Subject.Kind, Group: d.Subject.Group, Scope: d.Subject.Scope, Name: d.Subject.Name}
	return func(j *parity.Joined) (bool, bool) {
		return j.Subject.Key == key && (j.Path == d.Path || d.Path == ""), false
	}, nil
}

// bare takes the name of the algorithm off a digest.
func bare(fingerprint string) string {
	if _, digits, ok := strings.Cut(fingerprint, ":"); ok {
		return digits
	}
	return fingerprint
}

// namesSubject tells whether a person means the subject: by its name, by kind
// and name, or with the scope between them, in any column's spelling.
func namesSubject(text string, s *parity.Aligned) bool {
	keys := []parity.Key{s.Key, s.Logical}
	for _, side := range s.Sides {
		if side != nil {
			keys = append(keys, side.Subject.Key)
		}
	}
	text = strings.Replace(text, " ", "/", 1)
	for _, k := range keys {
		for _, spelled := range []string{k.Name, k.Kind + "/" + k.Name, k.Scope + "/" + k.Name, k.Kind + "/" + k.Scope + "/" + k.Name} {
			if strings.EqualFold(text, spelled) {
				return true
			}
		}
	}
	return false
}

// finds gathers what the matcher hits.
type finds struct {
	match    match
	columns  []parity.Column
	hits     []*Explanation
	near     []string
	subjects map[parity.Key]bool
}

func newFinds(m match, columns []parity.Column) *finds {
	return &finds{match: m, columns: columns, subjects: map[parity.Key]bool{}}
}

func (f *finds) visit(j *parity.Joined) error {
	hit, near := f.match(j)
	if hit {
		f.hits = append(f.hits, explain(j, f.columns))
		f.subjects[j.Subject.Key] = true
	} else if near {
		f.near = append(f.near, j.Path)
	}
	return nil
}

// one gives the single find. A missing subject has many facts of one story;
// the one of the subject itself, or else the first, tells it.
func (f *finds) one(want Wanted) (*Explanation, error) {
	switch {
	case len(f.subjects) > 1:
		var names []string
		for k := range f.subjects {
			names = append(names, fmt.Sprintf("%q", k.String()))
		}
		slices.Sort(names)
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("%q names several subjects", want.Subject), Hint: "say which: " + strings.Join(names, ", ")}
	case len(f.hits) > 0:
		slices.SortStableFunc(f.hits, func(a, b *Explanation) int { return len(a.Path) - len(b.Path) })
		return f.hits[0], nil
	case len(f.near) > 0:
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("%s has no path %q", want.Subject, want.Path), Hint: "it has " + strings.Join(nearest(want.Path, f.near), ", ")}
	default:
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("there is no subject %q", want.Subject), Hint: "parity align --all lists all subjects"}
	}
}

// nearest gives the paths that share most with what was asked: its last
// segment, else the longest beginning.
func nearest(path string, paths []string) []string {
	const most = 5
	tail := path[strings.LastIndexByte(path, '/')+1:]
	like := func(p string) int {
		n := 0
		for n < len(p) && n < len(path) && p[n] == path[n] {
			n++
		}
		if tail != "" && strings.Contains(p, tail) {
			n += len(path)
		}
		return n
	}
	sorted := slices.Clone(paths)
	slices.SortStableFunc(sorted, func(a, b string) int { return like(b) - like(a) })
	return sorted[:min(most, len(sorted))]
}

func explain(j *parity.Joined, columns []parity.Column) *Explanation {
	k := j.Subject.Key
	e := &Explanation{
		Subject: parity.SubjectRef{Kind: k.Kind, Group: k.Group, Scope: k.Scope, Name: k.Name, Alignment: j.Subject.Alignment},
		Path:    j.Path, LogicalPath: j.LogicalPath, Surface: j.Surface,
	}
	for i := range j.Cells {
		e.Sides = append(e.Sides, explainCell(&j.Cells[i], columns[i]))
	}
	return e
}

func explainCell(c *parity.Cell, column parity.Column) ExplainedSide {
	side := ExplainedSide{
		Column: column.String(), State: c.State, Class: c.Class, Change: c.Change,
		Equated: c.Rules.List(), Bindings: slices.Clone(c.Bindings), Note: c.Note, Sources: []string{},
	}
	f := c.Fact
	if f == nil {
		return side
	}
	side.Kind, side.Raw, side.Canonical = f.Value.Kind, f.Value.String(), f.Value.Canon
	side.Shaped, side.Derived = f.Rules.List(), f.DerivedFrom
	side.Sources = append(side.Sources, f.Source())
	for o := f.Origin; o != nil && o.From != nil; o = o.From {
		side.Sources = append(side.Sources, o.From.Source(0, 0))
	}
	return side
}

// complete adds what policy and the whole comparison say.
func (e *Explanation) complete(o *compare.Outcome, ds []parity.Difference) {
	e.Differences, e.Bindings = []parity.Difference{}, []parity.Binding{}
	for i := range ds {
		s := ds[i].Subject
		if s.Kind == e.Subject.Kind && s.Group == e.Subject.Group && s.Scope == e.Subject.Scope && s.Name == e.Subject.Name &&
			(ds[i].Path == e.Path || ds[i].Path == "") {
			e.Differences = append(e.Differences, ds[i])
			e.Subject.Service, e.Subject.Owner = s.Service, s.Owner
		}
	}
	for _, b := range o.Bindings {
		if slices.ContainsFunc(e.Sides, func(s ExplainedSide) bool { return slices.Contains(s.Bindings, b.ID) }) {
			e.Bindings = append(e.Bindings, b)
		}
	}
}
