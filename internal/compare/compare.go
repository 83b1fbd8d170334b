// Package compare sets the facts of any number of environments side by side
// and says of each what it is against the reference: the same, the same by a
// rule or by an environment's own name for a thing, or a difference.
//
// It is pure: no I/O, no clock, no randomness; the same input gives the same
// output whatever the order of subjects and facts.
package compare

import (
	"context"
	"errors"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
	"github.com/envparity/parity/internal/kinds"
)

// Options configure a comparison. The zero value is useful.
type Options struct {
	// Off are the rules that are not applied.
	Off parity.RuleSet
	// Declared are the bindings of parity.yaml, declared and frozen.
	Declared []parity.Binding
	// Namespaces map a column's own namespaces to common ones, by column.
	Namespaces []map[string]string
	// Aliases are further names that the user gives a column, by column; may be
	// shorter than the columns.
	Aliases [][]string
	// Kinds is what is declared of the kinds of subjects. Nil: a column can speak
	// only of kinds that it has itself.
	Kinds *kinds.Set
	// Collectors are the names of those that read a column's sources, by column: a
	// column that has a source of a format and nothing of it lacks what the
	// reference has. May be shorter than the columns.
	Collectors [][]string
	// Maps are the explicit alignments.
	Maps []Map
	// SecretContents compares known secrets as suspected ones: by keyed digest,
	// not only by presence.
	SecretContents bool
	// Isolate says which secrets each environment must have of its own.
	Isolate Isolation
	// Frozen stops learning: only declared bindings and environment words
	// bind, so that what passes does not depend on statistics.
	Frozen bool
	// EveryBinding lists the learned bindings that bound nothing too, in the order
	// in which they were learned: they take part in telling a leak, so that only
	// all of them give the same classes when they are frozen.
	EveryBinding bool
	// OneEnvironment says that all columns are of one environment, in several
	// roles: subjects meet by key, by a generated suffix, or where the reference
	// names no namespace, and never by likeness. What the reference lacks as a
	// whole is not visited.
	OneEnvironment bool
	// Behaviour says what measurements are alike.
	Behaviour behaviour.Options
	// MinSupport is how many distinct subjects must speak for a learned
	// binding; 0 means 3.
	MinSupport int
}

// Map says that subjects of different names are one.
type Map struct {
	// Kind is the subjects' kind; empty matches any.
	Kind string
	// Names are by column; "name" or "scope/name", empty where the column has
	// none.
	Names []string
}

// Input is what Run compares. One snapshot's column is the reference.
type Input struct {
	Snapshots []*parity.Snapshot
	Options   Options
	// Earlier are snapshots of earlier runs, by Column.String: they tell how
	// much a gap may hide. May be nil.
	Earlier map[string]*parity.Snapshot
}

// Outcome is what a comparison learned besides the classes of facts.
type Outcome struct {
	Bindings    []parity.Binding
	Shared      []parity.SharedValue
	IDs         []parity.IdentifierPair
	Ambiguities []parity.Ambiguity
	Rules       []parity.RuleCount
	Gaps        []parity.ColumnGap
	// Behaviours are the judgements on measurements, by column.
	Behaviours []parity.Judged
	// Alignments are the aligned subjects whose method is not "exact".
	Alignments []parity.SubjectRef
}

// Run compares. It calls visit for every path of every aligned subject; the
// Joined is valid during the call only, unless one of its cells is of another
// class than Equal. An error of visit ends Run with that error.
//
// Time grows with the number of facts, and memory beyond the snapshots with
// the number of subjects and of facts that differ.
func Run(ctx context.Context, in Input, visit func(*parity.Joined) error) (*Outcome, error) {
	r, err := newRun(in)
	if err != nil {
		return nil, err
	}
	r.align()
	if err := r.learn(ctx); err != nil {
		return nil, err
	}
	if err := r.measure(ctx); err != nil {
		return nil, err
	}
	if err := r.classify(ctx, r.noteGiven(visit)); err != nil {
		return nil, err
	}
	return r.outcome(), nil
}

// column is one snapshot with what compare derives of it.
type column struct {
	index int
	name  string
	snap  *parity.Snapshot
	// family is what the environment's name says it is, empty where that is no
	// known word. synonym is a family whose words stand for it too.
	family, synonym string
	// names are what the user calls the column; matcher finds these and the
	// words of its families.
	names      []ownName
	matcher    *matcher
	namespaces map[string]string
	// rows maps the index of a subject to its row.
	rows []int
	// formats has the formats that the column's sources can speak of.
	formats map[string]bool
	// images is set where some of the subjects are images.
	images bool
	// byKey finds the row of a subject by what a reference names; built when
	// first asked.
	byKey map[refKey]int
	// keys finds a subject by its key as text; built when first asked.
	keys    map[string]int
	gaps    []parity.Gap
	gapHits []int
	// gapFormats are the formats that the sources of the gaps state.
	gapFormats []formats
	// otherKeys counts, by surface, the secrets whose digests were made under
	// another key than the reference's.
	otherKeys [surfaces]int
	// unread counts, by surface, the facts with a secret that compares by its
	// digest and has none here. lastUnread is the last of them.
	unread     [surfaces]int
	lastUnread *parity.Fact
}

const surfaces = int(parity.Behaviour) + 1

// run is the state of one comparison.
type run struct {
	opt     Options
	cols    []*column
	ref     *column
	rows    []*row
	binders []*binder // by column; nil for the reference
	pairs   []*evidence
	found   *findings
	builds  *builds
	// familyMatchers find the words of one family each; strangers are these and
	// the user's names, with the columns that they stand for.
	familyMatchers map[string]*matcher
	// keysOf counts, by environment, the subjects that read keys of secret stores
	// which name the environment, and those which name another one.
	keysOf    map[string][2]int
	sights    []*sight // by blind and seeing column
	strangers []*stranger
	anyWord   *matcher
	// domains are those of hosts that carry an environment's word and are bound;
	// nil until asked for.
	domains map[string]map[int]bool
	// selected tells of labels whether something selects by them; asked for where needed.
	selected map[labelOf]bool
	// worded are the positions of a column at which its own word stands; nil
	// until asked for.
	worded    []map[string]*wordedPosition
	clustered *clustering
	measured  measured
	earlier   map[string]*parity.Snapshot
	// given is, by row, what is told of remote sources by what they are given.
	given map[*parity.Aligned]*given
}

func newRun(in Input) (*run, error) {
	r := &run{opt: in.Options, found: newFindings(), familyMatchers: familyMatchers(), earlier: in.Earlier}
	if r.opt.MinSupport == 0 {
		r.opt.MinSupport = 3
	}
	for i, s := range in.Snapshots {
		c := &column{
			index: i, name: s.Column.String(), snap: s, family: familyOf(s.Column.Environment),
			rows: make([]int, len(s.Subjects)), formats: map[string]bool{},
			gaps: s.Gaps, gapHits: make([]int, len(s.Gaps)),
		}
		if i < len(r.opt.Namespaces) {
			c.namespaces = r.opt.Namespaces[i]
		}
		r.noteFormats(c)
		r.noteGaps(c)
		r.cols = append(r.cols, c)
		if s.Column.Reference {
			if r.ref != nil {
				return nil, errors.New("compare: two columns are the reference")
			}
			r.ref = c
		}
	}
	if r.ref == nil {
		return nil, errors.New("compare: no column is the reference")
	}
	r.nameColumns()
	r.strangers, r.anyWord = r.findStrangers(), newMatcher()
	for _, s := range r.strangers {
		r.anyWord.addAll(s.m)
	}
	r.worded = make([]map[string]*wordedPosition, len(r.cols))
	r.selected = map[labelOf]bool{}
	r.builds = newBuilds(r.cols)
	return r, nil
}
