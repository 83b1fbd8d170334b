package parity

import "strings"

// Difference is one path of one aligned subject at which columns differ.
type Difference struct {
	// Fingerprint identifies the difference over time: a digest of subject,
	// surface, path and class, without values and without an environment's
	// own spelling.
	Fingerprint string     `json:"fingerprint"`
	Subject     SubjectRef `json:"subject"`
	Surface     Surface    `json:"surface"`
	// Path is empty where the subject itself is missing or extra.
	Path   string `json:"path"`
	Class  Class  `json:"class"`
	Change Change `json:"change,omitempty"`
	// Columns are the columns that are in this class, as Column.String has
	// them.
	Columns []string `json:"columns"`
	Sides   []Side   `json:"sides"`
	// OddOneOut names the one column that differs where three or more were
	// compared and all others agree.
	OddOneOut string `json:"oddOneOut,omitempty"`
	// Minority names the columns that differ where they are several, and at most
	// a third of all, and all others agree.
	Minority []string `json:"minority,omitempty"`
	// Within names the environment whose instances differ from each other where
	// all other environments hold what at least half of them hold: what differs is
	// an instance, and not the environment. Empty where environments differ.
	Within   string   `json:"within,omitempty"`
	Severity Severity `json:"severity"`
	// Why says in one sentence which row of the severity table applied.
	Why string `json:"why,omitempty"`
	// Facts is how many facts it stands for: those of a missing subject, else 1.
	Facts int    `json:"facts"`
	Rules []Rule `json:"rules,omitempty"`
	// Bindings are the IDs of the bindings that took part.
	Bindings []string `json:"bindings,omitempty"`
	// Explains lists derived facts that follow from this one.
	Explains []FactRef `json:"explains,omitempty"`
	// Presumed is set where a gap may hide the subject on the side that lacks it,
	// though presumably it does not. Such a difference never fails a gate.
	Presumed bool `json:"presumed,omitempty"`
	// Image is set where two images differ: what the columns' one is to the
	// reference's.
	Image *ImageStanding `json:"image,omitempty"`
	// Decision is set where an expectation or an exception explains it.
	Decision *Decision `json:"decision,omitempty"`
	// Baseline is set where a baseline file held it already.
	Baseline bool `json:"baseline,omitempty"`
	// Cause is what groups it; copied from Joined.
	Cause Cause `json:"-"`
	// Aligned is the subject in all columns; nil where it was read from a file.
	Aligned *Aligned `json:"-"`
	// Note adds what class and values do not tell: whose spelling leaked,
	// what stands ambiguous.
	Note string `json:"note,omitempty"`
}

// SubjectRef is a subject as a report names it: by the reference's spelling
// where it has one.
type SubjectRef struct {
	Kind    string `json:"kind"`
	Group   string `json:"group,omitempty"`
	Scope   string `json:"scope"`
	Name    string `json:"name"`
	Service string `json:"service,omitempty"`
	Owner   string `json:"owner,omitempty"`
	// Alignment is how the columns' subjects were found to be the same.
	Alignment Alignment `json:"alignment"`
}

// Key is the key of the subject that is named.
func (s SubjectRef) Key() Key { return Key{Kind: s.Kind, Group: s.Group, Scope: s.Scope, Name: s.Name} }

// Alignment tells how subjects met, and how sure that is.
type Alignment struct {
	// Method is one of "exact", "declared", "map", "logical", "generated",
	// "tracking", "release", "app", "kind", "similar", "kinds", "content" or
	// "none".
	Method string `json:"method"`
	// Confidence is in 0 to 1. Below 0.8 a pair never fails a gate.
	Confidence float64 `json:"confidence"`
	// Why lists what spoke for it.
	Why []string `json:"why,omitempty"`
	// Names are the subject's own names by column, where they differ.
	Names map[string]string `json:"names,omitempty"`
}

// Side is what one column holds.
type Side struct {
	Environment string `json:"environment"`
	Instance    string `json:"instance,omitempty"`
	Role        Role   `json:"role"`
	State       State  `json:"state"`
	// Class is the column's class against the reference; the reference's own
	// side is Equal.
	Class Class `json:"class"`
	// Value is the raw value; nil where the state is not present.
	Value *string   `json:"value,omitempty"`
	Kind  ValueKind `json:"kind,omitempty"`
	// Suspected marks a secret that is one by its name or its randomness only.
	Suspected bool `json:"suspected,omitempty"`
	// Source is where it was read, as precise as is true.
	Source string `json:"source,omitempty"`
	// File, Line and Col point into the source. Line is 0 unless the line is
	// true.
	File string `json:"file,omitempty"`
	Line int32  `json:"line,omitempty"`
	Col  int32  `json:"column,omitempty"`
	// Writer is who wrote it last, where the server that holds it says so.
	Writer *Writer `json:"writer,omitempty"`
}

// Decision is what policy said of a difference or a gap.
type Decision struct {
	// Kind is "expectation", "exception" or "allow".
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
	// Until is the day an exception ends, as YYYY-MM-DD.
	Until    string `json:"until,omitempty"`
	Owner    string `json:"owner,omitempty"`
	Approver string `json:"approver,omitempty"`
}

// Group is a set of differences that one commit would settle.
type Group struct {
	// ID is eight hexadecimal digits, a digest of the cause without values. It
	// stays the same as long as the cause does.
	ID string `json:"id"`
	// Class is that of the first block; Change is empty where blocks differ in it.
	Class    Class    `json:"class"`
	Change   Change   `json:"change,omitempty"`
	Severity Severity `json:"severity"`
	Surface  Surface  `json:"surface"`
	// Summary is one sentence for people.
	Summary string `json:"summary"`
	// Cause names what stands behind the members: "subject" for subjects on one
	// side and what refers to them, "parent" for parts of one subject, "path",
	// "variable", "image", "images", "release", "value", "sizes" or "kind".
	Cause   string   `json:"cause"`
	Columns []string `json:"columns"`
	// Within is that of all differences of the group; empty where they have not
	// the same.
	Within   string   `json:"within,omitempty"`
	Services []string `json:"services,omitempty"`
	// Counts reports whether the members count against parity.
	Counts bool `json:"counts"`
	Facts  int  `json:"facts"`
	// Rank orders groups: higher is more likely to be repaired.
	Rank int `json:"rank"`
	// Blocks are the parts of the group, each of one class at one place; the
	// members of the first come first in Differences, and so on.
	Blocks      []Block      `json:"blocks"`
	Differences []Difference `json:"differences"`
}

// Block is the part of a group that one edit would settle.
type Block struct {
	// Object names the subjects: "Deployment web", "Deployment web and 3 more".
	Object string `json:"object"`
	// Text says what differs there: "LOG_LEVEL debug, production info".
	Text     string   `json:"text"`
	Class    Class    `json:"class"`
	Change   Change   `json:"change,omitempty"`
	Severity Severity `json:"severity"`
	Columns  []string `json:"columns"`
	Facts    int      `json:"facts"`
	// Members is how many differences of the group are the block's.
	Members int `json:"members"`
}

// Title is Object and Text in one sentence.
func (b *Block) Title() string {
	switch {
	case b.Object == "":
		return b.Text
	case strings.HasPrefix(b.Text, "missing in "), strings.HasPrefix(b.Text, "only in "):
		return b.Object + " " + b.Text
	}
	return b.Object + ": " + b.Text
}

// MembersOf gives the differences of a block.
func (g *Group) MembersOf(block int) []Difference {
	first := 0
	for _, b := range g.Blocks[:block] {
		first += b.Members
	}
	return g.Differences[min(first, len(g.Differences)):min(first+g.Blocks[block].Members, len(g.Differences))]
}
