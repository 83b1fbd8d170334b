// Package drift says where what an environment runs departs from what it
// declares. Only what the desired side sets is compared; what an autoscaler, a
// controller or an admission rule decides is named as theirs and does not
// count.
//
// It is pure: no I/O, no clock, and the same input gives the same output
// whatever the order of subjects and facts. It never acts.
package drift

import (
	"context"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/kinds"
)

// Options configure a comparison. The zero value is useful.
type Options struct {
	// Kinds is what is declared of the kinds of subjects.
	Kinds *kinds.Set
	// Off are the rules that are not applied.
	Off parity.RuleSet
	// SecretContents compares keyed digests of secrets, not only presence.
	SecretContents bool
	// Now is the time that ages are counted to.
	Now time.Time
	// Outside says why the live sources do not look at a subject by choice;
	// empty where one looks. May be nil.
	Outside func(parity.Key) string
	// Owners are controllers besides those that are known, by the names under
	// which they write.
	Owners []Owner
}

// Owner is a controller by the names under which it writes.
type Owner struct {
	// Manager is the name in managed fields; a * at its end stands for
	// anything.
	Manager string
	// Name is what people call it.
	Name string
	// Why says what it decides.
	Why string
}

// Run compares the live side of one instance with its desired side.
func Run(ctx context.Context, desired, live *parity.Snapshot, o Options) (*parity.DriftInstance, error) {
	d, l := *desired, *live
	d.Column = parity.Column{Environment: desired.Column.Environment, Instance: "desired", Role: parity.Desired, Reference: true}
	l.Column = parity.Column{Environment: desired.Column.Environment, Instance: "live", Role: parity.Live}
	r := &run{
		o: o, desired: &d, live: &l,
		out: &parity.DriftInstance{
			Name: desired.Column.String(), Desired: sideOf(desired, parity.Desired), Live: sideOf(live, parity.Live),
			Surfaces: map[parity.Surface]parity.DriftCounts{},
		},
		owned: map[ownerKey]*parity.DriftOwned{}, unknown: map[unknownKey]*parity.DriftUnknown{},
	}
	r.out.NotSet = live.Facts()
	r.owners = newOwners(o, desired, live)
	outcome, err := compare.Run(ctx, compare.Input{
		Snapshots: []*parity.Snapshot{&d, &l},
		Options: compare.Options{
			Kinds: o.Kinds, Off: o.Off | parity.SetOf(parity.BindingRule, parity.KeyTokens),
			SecretContents: o.SecretContents, Frozen: true, OneEnvironment: true,
		},
	}, r.add)
	if err != nil {
		return nil, err
	}
	r.leave()
	r.finish(outcome)
	return r.out, nil
}

func sideOf(s *parity.Snapshot, role parity.Role) parity.DriftSide {
	return parity.DriftSide{
		Role: role, Time: s.Time, Subjects: len(s.Subjects), Facts: s.Facts(), Gaps: len(s.Gaps),
		Snapshot: s.Digest, Tools: s.Tools,
	}
}

// The columns of the comparison.
const (
	desiredColumn = 0
	liveColumn    = 1
)

// run is the state of one comparison.
type run struct {
	o             Options
	desired, live *parity.Snapshot
	owners        *owners
	out           *parity.DriftInstance
	owned         map[ownerKey]*parity.DriftOwned
	unknown       map[unknownKey]*parity.DriftUnknown
	cur           subject
	scopes        map[parity.Key]int // live subjects by key without scope; built when first asked
}

// subject is what is gathered of one subject until all its facts were seen.
type subject struct {
	aligned *parity.Aligned
	// findings are the facts that depart, in the order of their paths.
	findings []finding
	// extras are live facts that the desired side has not.
	extras []*parity.Fact
	// paired are the live paths that met a desired one, met the desired ones.
	paired, met []string
	unknown     map[string]bool // reasons that were counted for the subject
}

// finding is one desired fact that the live side has otherwise or not at all.
type finding struct {
	path       string
	surface    parity.Surface
	kind       parity.DriftKind
	change     parity.Change
	want, have *parity.Fact
	note       string
}

// add takes one joined fact. Facts of one subject come one after another.
func (r *run) add(j *parity.Joined) error {
	if j.Subject != r.cur.aligned {
		r.leave()
		r.cur = subject{aligned: j.Subject, unknown: map[string]bool{}}
	}
	if j.Synthetic {
		return nil
	}
	want, cell := j.Cells[desiredColumn].Fact, &j.Cells[liveColumn]
	if want == nil {
		if cell.Class == parity.Extra && cell.Fact != nil && cell.Fact.DerivedFrom == nil {
			r.cur.extras = append(r.cur.extras, cell.Fact)
		}
		return nil
	}
	if cell.Fact != nil {
		r.out.NotSet--
		r.cur.paired = append(r.cur.paired, cell.Fact.Path)
		r.cur.met = append(r.cur.met, want.Path)
	}
	r.sort(j, want, cell)
	return nil
}

// sort puts one desired fact into its bucket, or among the findings.
func (r *run) sort(j *parity.Joined, want *parity.Fact, cell *parity.Cell) {
	one := parity.DriftCounts{Set: 1}
	switch {
	case want.DerivedFrom != nil:
		one.Derived = 1
	case cell.Class == parity.Equal:
		one.Equal = 1
	case cell.State == parity.NotApplicable:
		one.NotApplicable = 1
	case cell.Class.LowersConfidence():
		one.Unknown = 1
		r.notKnown(cell.Note, 1)
	case !cell.Class.Counts():
		one.Equivalent = 1
	default:
		if reason := r.unseen(); reason != "" {
			one.Unknown = 1
			r.notKnown(reason, 1)
			break
		}
		f := finding{path: want.Path, surface: j.Surface, kind: parity.DriftChanged, change: cell.Change, want: want, have: cell.Fact, note: cell.Note}
		if cell.Fact == nil {
			f.kind, f.change = parity.DriftRemoved, ""
		}
		r.cur.findings = append(r.cur.findings, f)
		return
	}
	r.count(j.Surface, one)
}

func (r *run) count(s parity.Surface, c parity.DriftCounts) {
	r.out.Counts = r.out.Counts.Plus(c)
	r.out.Surfaces[s] = r.out.Surfaces[s].Plus(c)
}

// unseen says why a subject that the live side lacks may be there all the same:
// nobody looked, or it cannot be told which one is meant, as the desired one
// names no namespace and several have one of its name.
func (r *run) unseen() string {
	a := r.cur.aligned
	if a.Sides[liveColumn] != nil {
		return ""
	}
	if r.o.Outside != nil {
		if why := r.o.Outside(a.Key); why != "" {
			return why
		}
	}
	if a.Key.Scope != "" {
		return ""
	}
	if r.scopes == nil {
		r.scopes = map[parity.Key]int{}
		for i := range r.live.Subjects {
			k := r.live.Subjects[i].Subject.Key
			if k.Scope != "" {
				k.Scope = ""
				r.scopes[k]++
			}
		}
	}
	if r.scopes[a.Key] > 1 {
		return "it is declared without a namespace, and several namespaces run one of its name"
	}
	return ""
}

type unknownKey struct{ reason, kind string }

// maxExamples bounds the examples of one reason.
const maxExamples = 5

// notKnown counts facts of the current subject that could not be compared.
func (r *run) notKnown(reason string, facts int) {
	if reason == "" {
		reason = "it could not be looked at"
	}
	k := unknownKey{reason, r.cur.aligned.Key.Kind}
	u := r.unknown[k]
	if u == nil {
		u = &parity.DriftUnknown{Reason: reason, Kind: k.kind}
		r.unknown[k] = u
	}
	u.Facts += facts
	if r.cur.unknown[reason] {
		return
	}
	r.cur.unknown[reason] = true
	u.Subjects++
	if len(u.Examples) < maxExamples {
		u.Examples = append(u.Examples, r.cur.aligned.Key)
	}
}

// leave closes the current subject: its findings become drifts or somebody's.
func (r *run) leave() {
	s := &r.cur
	if s.aligned == nil {
		return
	}
	if s.aligned.Sides[liveColumn] == nil {
		r.whole()
	} else {
		r.parts()
	}
	r.cur = subject{}
}

// whole makes one drift of a subject that is not there.
func (r *run) whole() {
	s := &r.cur
	if len(s.findings) == 0 {
		return
	}
	d := r.drift(finding{kind: parity.DriftMissing, surface: mainSurface(s.findings)}, nil)
	d.Facts = len(s.findings)
	counts := parity.DriftCounts{Set: 1, Drifted: 1}
	who, theirs := r.owners.ofMissing(s.aligned)
	if theirs {
		counts = parity.DriftCounts{Set: 1, Owned: 1}
	}
	for i := range s.findings {
		r.count(s.findings[i].surface, counts)
	}
	if theirs {
		r.own(who, d, len(s.findings))
		return
	}
	r.out.Drifts = append(r.out.Drifts, d)
}

// mainSurface is the surface that most of the facts are on.
func mainSurface(fs []finding) parity.Surface {
	counts := map[parity.Surface]int{}
	best := fs[0].surface
	for i := range fs {
		counts[fs[i].surface]++
	}
	for _, s := range parity.Surfaces() {
		if counts[s] > counts[best] {
			best = s
		}
	}
	return best
}

// parts makes drifts of what departs within a subject.
func (r *run) parts() {
	s := &r.cur
	var mine []finding
	for _, f := range s.findings {
		who, theirs := r.owners.of(s.aligned, &f)
		if !theirs {
			r.count(f.surface, parity.DriftCounts{Set: 1, Drifted: 1})
			mine = append(mine, f)
			continue
		}
		r.count(f.surface, parity.DriftCounts{Set: 1, Owned: 1})
		r.own(who, r.drift(f, nil), 1)
	}
	for _, g := range r.grouped(mine) {
		d := r.drift(g.finding, g.items)
		if d.Facts = g.facts; g.facts > 1 || len(g.items) > 0 {
			d.Desired.Value = nil
		}
		r.out.Drifts = append(r.out.Drifts, d)
	}
	r.additions(mine)
}

type ownerKey struct {
	kind  parity.DriftOwner
	owner string
	why   string
}

// own notes a difference that somebody else decides.
func (r *run) own(who owner, d parity.Drift, facts int) {
	k := ownerKey{who.kind, who.name, who.why}
	o := r.owned[k]
	if o == nil {
		o = &parity.DriftOwned{Kind: who.kind, Owner: who.name, Why: who.why, Sure: who.sure}
		r.owned[k] = o
	}
	o.Facts += facts
	d.Reapply = parity.Reapply{Why: "it is not the desired source's to decide"}
	o.Differences = append(o.Differences, d)
}

// finish sorts what was found and says what writing it again would do.
func (r *run) finish(outcome *compare.Outcome) {
	x := r.out
	risks := newRisks(r.o.Kinds, r.desired, r.live)
	for i := range x.Drifts {
		x.Drifts[i].Reapply = risks.of(&x.Drifts[i])
	}
	Sort(x.Drifts)
	for _, o := range r.owned {
		Sort(o.Differences)
		x.Owned = append(x.Owned, *o)
	}
	slices.SortFunc(x.Owned, compareOwned)
	for _, u := range r.unknown {
		x.Unknown = append(x.Unknown, *u)
	}
	slices.SortFunc(x.Unknown, compareUnknown)
	for _, g := range outcome.Gaps {
		role := string(parity.Live)
		if g.Column == r.desired.Column.String() {
			role = string(parity.Desired)
		}
		g.Column = role
		g.Estimate = nil // what runs and nobody declares tells nothing of it
		if role == string(parity.Live) {
			// Only what is declared is compared, so that much and no more can be
			// under a gap of what runs.
			g.Idle = g.Hides != parity.HidesNothing && !declaredUnder(r.desired, &g.Gap)
			g.Estimate = &parity.Estimate{Facts: g.Facts, Beyond: g.Facts, From: parity.EstimateOthers}
		}
		x.Gaps = append(x.Gaps, g)
	}
}

// declaredUnder reports whether a gap may be about a subject that is declared.
// Other parts of one that runs may be hidden even where all that is declared of
// it was seen: an item that someone added to a list.
func declaredUnder(desired *parity.Snapshot, gap *parity.Gap) bool {
	return slices.ContainsFunc(desired.Subjects, func(s parity.SubjectFacts) bool {
		subjects := *gap
		subjects.Path = ""
		if s.Subject.Key.Scope == "" {
			subjects.Scope = "" // it runs in a namespace that nobody declares
		}
		return subjects.Covers(s.Subject.Key, "")
	})
}
