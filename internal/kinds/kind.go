// Package kinds holds what is declared of the kinds of subjects. Whoever emits a
// kind declares it, once; everything else asks a Set of all declarations and knows
// no kind by its name.
package kinds

import (
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/surface"
)

// Kind is what is declared of a kind of subject. Only Name and Format are
// required.
type Kind struct {
	// Name is the kind as subjects have it. Where no list has all names it is a
	// pattern: "*" stands for any text, and "[A-Z]" in front for a capital letter.
	// A name that is declared as it is comes before any pattern, and the longer
	// pattern before the shorter.
	Name string
	// Format is the format that subjects of the kind are stated in. A column
	// without a source of a format cannot speak of its subjects. A subject says
	// its format itself where its kind may be any text.
	Format string
	// Unsure says of a pattern that subjects which do not say their format may as
	// well be of the next pattern that fits. Snapshots of earlier versions have
	// such subjects.
	Unsure bool
	// Family is shared by the kinds that can stand for each other, in whatever
	// format: a Deployment and a service of Compose are a "workload". Subjects of
	// one family and name that have no other counterpart are aligned.
	Family string
	// Common returns a function that translates the paths of a subject into those
	// that the other formats of its family understand, and what only its own
	// format can say into "". The paths of workloads are those of Compose:
	// "/image", "/environment[name=X]/value", "/deploy/replicas",
	// "/deploy/resources/limits/memory". Nil: nothing is understood.
	Common func(s *parity.SubjectFacts) func(path string) string
	// Rank says how well a subject of the kind names several that are missing
	// together.
	Rank Rank
	// Uniform says that all subjects of the kind have one schema, so that what
	// several of them show is told of the kind.
	Uniform bool
	// ScopePath is where a subject states its scope; one that stands in another
	// scope than its counterpart differs there. Empty: its scope says nothing.
	ScopePath string
	// Telemetry says that subjects of the kind show how services behave and are no
	// cause of it.
	Telemetry bool
	// Shared says that a subject is of a namespace or of the platform as a whole
	// and of no service in particular: it may bear on every service that it names.
	Shared bool
	// Settings says that a subject is a file of settings, or a part of one, and no
	// object: that all of it differs is no one cause.
	Settings bool
	// Variables says that each fact of a subject is an environment variable.
	Variables bool
	// Replicas is the path of the number of running instances.
	Replicas string
	// Runs says that a subject describes processes, which read what it refers to
	// when they start.
	Runs bool
	// Held says that processes read what a subject holds.
	Held bool
	// Surfaces has the surface of each fact by its path. Nil: that is not known.
	Surfaces *surface.Table
	// Also are surfaces that facts may be on whatever their paths, besides those
	// of Surfaces.
	Also []parity.Surface
	// Reapply says what writing a declared value again does; the first whose
	// prefix fits the path decides. None: that is not known.
	Reapply []Reapply
	// Made says what making a missing subject does; empty is not known.
	Made string
}

// Rank orders kinds by how well they name a group of subjects; less is better.
type Rank int8

// The ranks.
const (
	RankScope    Rank = -2 // what other subjects stand in
	RankLead     Rank = -1 // what other subjects belong to
	RankOrdinary Rank = 0
	RankPart     Rank = 1 // what belongs to others
)

// Reapply is what writing a declared value again does at the paths with a prefix.
type Reapply struct {
	Prefix string
	Effect Effect
	// LowRisk and Why are the answer where Effect is EffectStated.
	LowRisk bool
	Why     string
}

// Effect is the way in which a value acts.
type Effect uint8

// The effects.
const (
	EffectStated  Effect = iota // the same for all values: as LowRisk and Why say
	EffectScales                // it is the number of running instances
	EffectRolls                 // running instances are replaced
	EffectRead                  // it depends on who reads it
	EffectUnknown               // it depends on what else there is
)

// Has reports whether the declaration is of a kind: its name, or one that its
// pattern stands for.
func (k *Kind) Has(kind string) bool {
	return k.Name == kind || isPattern(k.Name) && fits(k.Name, kind)
}

// StandsOn reports whether subjects of a kind as a whole are on a surface, or may
// be. name is the kind as the subject has it.
func (k *Kind) StandsOn(name string, on parity.Surface) bool {
	if k.Surfaces != nil {
		return k.Surfaces.Of(name, "") == on
	}
	return len(k.Also) == 0 || slices.Contains(k.Also, on)
}

// PossibleSurfaces returns every surface that facts of a kind may be on at the
// paths that begin with prefix; known is false where that may be any. name is the
// kind as the subject has it.
func (k *Kind) PossibleSurfaces(name, prefix string) (on []parity.Surface, known bool) {
	if k.Surfaces != nil {
		on = k.Surfaces.Possible(name, prefix)
	}
	on = append(on, k.Also...)
	return on, len(on) > 0
}
