package parity

// Joined is one path of one aligned subject across all columns: what compare
// hands to policy, one after another.
type Joined struct {
	Subject *Aligned
	// Path is the reference's spelling where it has the fact.
	Path string
	// LogicalPath is Path with environments' spellings taken out.
	LogicalPath string
	Surface     Surface
	// Cells are by column, in the order of the comparison's columns.
	Cells []Cell
	// Derived is set where the fact follows from another in every column that
	// has it.
	Derived *FactRef
	// Cause is what the difference is grouped by where both sides have the
	// subject; empty where no such cell differs.
	Cause Cause
	// Whole is the same for the columns that have the subject and the reference
	// has not, or the other way round.
	Whole Cause
	// Synthetic is set where no source stated the fact: that two aligned
	// subjects are of different kinds. It makes a difference and is no fact
	// that was read.
	Synthetic bool
}

// Cause is what stands behind a difference, for grouping.
type Cause struct {
	// Kind is "subject" where the whole subject is on one side only, "path",
	// "variable", "image", "release", "value" or "kind".
	Kind string
	// Key identifies what several subjects may share, values included where they
	// are part of it. For a whole subject it is the cluster of those that belong
	// together.
	Key string
	// Label names it for people: "image shop/web", "LOG_LEVEL".
	Label string
	// Place is where in its subject the difference stands: the highest place that
	// one side lacks, or a list for its members. Differences of one place are one
	// block.
	Place string
	// Linked is the Key of the whole subjects on one side that it refers to;
	// empty where there are none.
	Linked string
}

// Cell is one column's part of a Joined.
type Cell struct {
	// State is NotApplicable where the column's sources could not say such a
	// thing at all (a Compose file of a network policy): its class is Unknown,
	// and it does not lower confidence.
	State State
	// Fact is nil unless State is Present.
	Fact *Fact
	// Class is against the reference; Equal on the reference itself and
	// meaningless where both sides are absent.
	Class    Class
	Change   Change
	Rules    RuleSet  // that made it equivalent, or that paired the two
	Bindings []string // IDs that made it bound, or that it breaks
	Note     string
	// Presumed is set where the column or the reference lacks the subject and a
	// gap may hide it, though presumably it does not: Note says which.
	Presumed bool
	// Undecided is set where the column declares the fact more than once, in
	// different ways: which one counts cannot be told.
	Undecided bool
}

// Aligned is one subject across all columns.
type Aligned struct {
	// Key is the reference's key, or that of the first column that has it.
	Key Key
	// Logical is the key with environments' spellings taken out.
	Logical   Key
	Alignment Alignment
	// Sides are by column; nil where the column lacks the subject.
	Sides []*SubjectFacts
}
