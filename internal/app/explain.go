package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/manifests"
	"github.com/envparity/parity/internal/compare"
)

// Wanted names what to explain: a fingerprint or the beginning of one, or a
// subject and a path of it.
type Wanted struct {
	Fingerprint   string
	Subject, Path string
}

// errNoFingerprint is that no difference has the fingerprint that was given,
// which may be a word then.
var errNoFingerprint = errors.New("no such fingerprint")

// NoFingerprint reports whether an error is that no difference has the
// fingerprint.
func NoFingerprint(err error) bool { return errors.Is(err, errNoFingerprint) }

// IsFingerprint reports whether a text may be a fingerprint or the beginning of
// one.
func IsFingerprint(text string) bool {
	digits := bare(text)
	return len(digits) >= minFingerprint && strings.Trim(digits, "0123456789abcdef") == ""
}

// minFingerprint is the shortest beginning of a fingerprint that is taken
// for one.
const minFingerprint = 4

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
	match, err := matcher(&want, judgement.Differences)
	if err != nil {
		return nil, err
	}
	x := newExplainer(s, outcome, judgement.Differences)
	x.facts = map[heldFact]*parity.Fact{}
	found := newFinds(match, x)
	if _, err := compare.Run(ctx, compare.Input{Snapshots: s.snapshots, Options: s.options}, found.visit); err != nil {
		return nil, err
	}
	e, err := found.one(want)
	if err == nil {
		a.setBy(ctx, req, e, x)
	}
	return e, err
}

// setBy finds the patches that set what is explained. It is asked of one fact
// only: it reads the kustomizations again.
func (a *App) setBy(ctx context.Context, req Request, e *Explanation, x *explainer) {
	if a.Base != "" {
		return // nothing of the working tree is read beside the sources
	}
	_, root, err := a.start(ctx, req)
	if err != nil {
		return
	}
	defer root.Close()
	for i := range e.Sides {
		s := &e.Sides[i]
		f := x.facts[heldFact{s.Column, e.Subject.Key(), e.Path}]
		if f == nil || f.Origin == nil || s.Subject == nil || !strings.HasPrefix(f.Origin.Renderer, "kustomize ") {
			continue
		}
		file, err := root.Resolve(f.Origin.File)
		if err != nil {
			continue
		}
		raw := f.Value.Raw
		if s.Kind == parity.Secret {
			raw = ""
		}
		s.SetBy = manifests.SetBy(file, manifests.Setting{Subject: *s.Subject, Path: f.Path, Raw: raw})
	}
}

// ExplainAll tells the story of every path of every subject, and of each
// subject as a whole, one after another. An error of visit ends it.
func (a *App) ExplainAll(ctx context.Context, req Request, visit func(*Explanation) error) error {
	s, err := a.open(ctx, req)
	if err != nil {
		return err
	}
	outcome, judgement, err := a.weigh(ctx, s, req)
	if err != nil {
		return err
	}
	x := newExplainer(s, outcome, judgement.Differences)
	var subject *whole
	_, err = compare.Run(ctx, compare.Input{Snapshots: s.snapshots, Options: s.options}, func(j *parity.Joined) error {
		if subject == nil || subject.aligned != j.Subject {
			if subject != nil {
				if err := visit(subject.explain(x)); err != nil {
					return err
				}
			}
			subject = newWhole(j.Subject)
		}
		subject.add(j, x.columns)
		return visit(x.fact(j))
	})
	if err != nil || subject == nil {
		return err
	}
	return visit(subject.explain(x))
}

// match reports whether a joined fact is the wanted one. near is set where the
// subject fits and the path does not.
type match func(j *parity.Joined) (hit, near bool)

// matcher finds what is wanted; of a fingerprint it notes the path.
func matcher(want *Wanted, ds []parity.Difference) (match, error) {
	if want.Fingerprint == "" {
		return func(j *parity.Joined) (bool, bool) {
			if !namesSubject(want.Subject, j.Subject) {
				return false, false
			}
			return want.Path == "" || namesPath(want.Path, j), true
		}, nil
	}
	var hits []*parity.Difference
	for i := range ds {
		if strings.HasPrefix(bare(ds[i].Fingerprint), bare(want.Fingerprint)) {
			hits = append(hits, &ds[i])
		}
	}
	switch {
	case len(want.Fingerprint) < minFingerprint:
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("a fingerprint has at least %d digits", minFingerprint)}
	case len(hits) == 0:
		return nil, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("no difference has the fingerprint %q", want.Fingerprint), Err: errNoFingerprint,
			Hint: "parity check --long shows fingerprints; parity explain SUBJECT PATH explains any fact",
		}
	case slices.ContainsFunc(hits, func(d *parity.Difference) bool { return d.Fingerprint != hits[0].Fingerprint }):
		return nil, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("%d differences have a fingerprint that begins with %q", len(hits), want.Fingerprint),
			Hint: "give more of it",
		}
	}
	d := hits[0]
	key := d.Subject.Key()
	want.Path = d.Path
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

// namesSubject reports whether a person means the subject: by its name, by kind
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

// namesPath reports whether a person means the path, in any column's spelling.
func namesPath(path string, j *parity.Joined) bool {
	return j.Path == path || j.LogicalPath == path || slices.ContainsFunc(j.Cells, func(c parity.Cell) bool {
		return c.Fact != nil && c.Fact.Path == path
	})
}

// finds gathers what the matcher hits.
type finds struct {
	*explainer
	match    match
	hits     []*Explanation
	near     []string
	subjects map[parity.Key]*whole
}

func newFinds(m match, x *explainer) *finds {
	return &finds{explainer: x, match: m, subjects: map[parity.Key]*whole{}}
}

func (f *finds) visit(j *parity.Joined) error {
	hit, near := f.match(j)
	if hit {
		f.hits = append(f.hits, f.fact(j))
		w := f.subjects[j.Subject.Key]
		if w == nil {
			w = newWhole(j.Subject)
			f.subjects[j.Subject.Key] = w
		}
		w.add(j, f.columns)
	} else if near {
		f.near = append(f.near, j.Path)
	}
	return nil
}

// one gives the single find: of a subject as a whole, or of one of its facts.
func (f *finds) one(want Wanted) (*Explanation, error) {
	switch {
	case len(f.subjects) > 1:
		var names []string
		for k := range f.subjects {
			names = append(names, fmt.Sprintf("%q", k.String()))
		}
		slices.Sort(names)
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("%q names several subjects", want.Subject), Hint: "say which: " + strings.Join(names, ", ")}
	case len(f.hits) > 0 && want.Path == "":
		for _, w := range f.subjects {
			return w.explain(f.explainer), nil
		}
	case len(f.hits) > 0:
		return f.doubled(want.Path), nil
	case len(f.near) > 0:
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("%s has no path %q", want.Subject, want.Path), Hint: "it has " + strings.Join(nearest(want.Path, f.near), ", ")}
	}
	return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("there is no subject %q", want.Subject), Hint: "parity align --all lists all subjects"}
}

// doubled is the find whose path is spelled as asked, or else the first. Where
// a subject is declared more than once the others of its path are its further
// declarations, and their sides follow.
func (f *finds) doubled(path string) *Explanation {
	e := f.hits[max(0, slices.IndexFunc(f.hits, func(h *Explanation) bool { return h.Path == path }))]
	for _, h := range f.hits {
		if h == e || h.Path != e.Path {
			continue
		}
		for _, s := range h.Sides {
			if s.Class == parity.Ambiguous && s.State == parity.Present {
				e.Sides = append(e.Sides, s)
			}
		}
	}
	return e
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

// holds reports whether a side's value has the text in it.
func holds(s *ExplainedSide, text string) bool {
	return strings.Contains(s.Raw, text) || strings.Contains(s.Canonical, text)
}
