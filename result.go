package parity

import "time"

// ResultVersion is the version of Result's JSON form. It rises when a field
// changes its meaning or goes.
const ResultVersion = 1

// Result is what one comparison came to. Every report is a view of it.
type Result struct {
	Version int       `json:"version"`
	Tool    string    `json:"tool"` // "parity v0.1.0"
	Time    time.Time `json:"time"`
	Project string    `json:"project,omitempty"`
	Verdict Verdict   `json:"verdict"`
	// Untrusted says what an untrusted comparison has not obeyed; nil for a
	// trusted one.
	Untrusted *Untrusted `json:"untrusted,omitempty"`
	// Environments are the columns, in rank order, the reference last.
	Environments []EnvironmentResult `json:"environments"`
	Indicators   []Indicator         `json:"indicators"`
	Scores       []Score             `json:"scores"`
	// Classes are the counts of facts by class, one entry a compared column.
	Classes  []ClassCount     `json:"classes"`
	Rules    []RuleCount      `json:"rules"`
	Bindings []Binding        `json:"bindings"`
	Shared   []SharedValue    `json:"shared"`
	IDs      []IdentifierPair `json:"identifiers"`
	Gaps     []ColumnGap      `json:"gaps"`
	// Groups are sorted: leaks, then by severity, then by size. Those that do
	// not count against parity come last and are given only on request.
	Groups []Group `json:"groups"`
	// Proposals are expectations for families of counting differences that look
	// meant.
	Proposals []Proposal `json:"proposals"`
	// Findings are about policy itself: exceptions that ended or cover
	// nothing, expectations that do not hold or match nothing; and about alerts
	// that have no runbook.
	Findings []PolicyFinding `json:"findings"`
	// Unaligned are subjects that met no other and pairs that are not sure.
	Ambiguities []Ambiguity `json:"ambiguities"`
	// Behaviours are the judgements on what was measured: different ones first,
	// then those that cannot be told yet, then those that are alike.
	Behaviours []Judged `json:"behaviours"`
	// Instruments are the metrics from which requests were read.
	Instruments []Instrument `json:"instruments,omitempty"`
}

// Untrusted describes a comparison that obeys nothing of what it compares.
type Untrusted struct {
	// Base is the git revision whose configuration was obeyed.
	Base string `json:"base"`
	// Ignored are files that would have been obeyed and differ from the base's.
	Ignored []string `json:"ignored"`
	// NotRun are the sources of the base's configuration that were not read.
	NotRun []NotRun `json:"notRun"`
	// Unnamed are new directories beside those of environments that no
	// environment names.
	Unnamed []string `json:"unnamed"`
}

// NotRun is a source that was not read, or not all of it.
type NotRun struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
}

// EnvironmentResult describes one column of the result.
type EnvironmentResult struct {
	Column
	Name     string `json:"name"` // Column.String
	Subjects int    `json:"subjects"`
	Facts    int    `json:"facts"`
	// DerivedFacts are among Facts; they explain and do not count.
	DerivedFacts int               `json:"derivedFacts"`
	Gaps         int               `json:"gaps"`
	Tools        map[string]string `json:"tools,omitempty"`
	Snapshot     string            `json:"snapshot"` // content digest
	Sources      []string          `json:"sources,omitempty"`
}

// ClassCount is one compared column's facts by class. For a column,
// Facts = Paired + Extra, and Reference = Paired + Missing: nothing is lost.
type ClassCount struct {
	Column string `json:"column"`
	// Facts were read in the column, Reference in the reference; derived ones
	// are among both.
	Facts     int `json:"facts"`
	Reference int `json:"reference"`
	// Counts are by class, over all facts of the column and those of the
	// reference that the column lacks. A pair counts once.
	Counts map[Class]int `json:"counts"`
	// OnlyHere and OnlyReference are the facts without a counterpart, whatever
	// their class; Paired have one.
	Paired        int `json:"paired"`
	OnlyHere      int `json:"onlyHere"`
	OnlyReference int `json:"onlyReference"`
	// Derived counts facts that follow from others, by class; they are in
	// Counts too, but never among differences.
	Derived map[Class]int `json:"derived"`
	// Surfaces are the counts by surface and class.
	Surfaces map[Surface]map[Class]int `json:"surfaces"`
}

// RuleCount tells how many facts a rule made equivalent.
type RuleCount struct {
	Rule  Rule `json:"rule"`
	Facts int  `json:"facts"`
}

// ColumnGap is a gap with the column it is in, and what the verdict makes of it.
type ColumnGap struct {
	Column string `json:"column"`
	Gap
	// Facts counts the facts of other columns that it leaves unknown.
	Facts int `json:"facts"`
	// Estimate is how many facts it may hide; nil where nothing tells.
	Estimate *Estimate `json:"estimate,omitempty"`
	// Surfaces are those that it is about; empty where they follow from what it
	// selects.
	Surfaces []Surface `json:"surfaces,omitempty"`
	// Idle is set where nothing that is compared can be under it.
	Idle bool `json:"idle,omitempty"`
	// Doubt is set where the verdict cannot be "pass" because of it.
	Doubt bool `json:"doubt"`
	// Allowed is the entry of gate.allow in force that accepts it.
	Allowed *Decision `json:"allowed,omitempty"`
}

// Estimate is a number of facts that a gap may hide.
type Estimate struct {
	Facts int `json:"facts"`
	// Beyond counts those of them that no gap before it in the same column may
	// hide as well, so that the sum over gaps counts nothing twice.
	Beyond int `json:"beyond"`
	// From says what the number rests on: EstimateOthers, EstimateEarlier or
	// EstimateGiven.
	From string `json:"from"`
}

// What an estimate rests on.
const (
	// EstimateOthers: what other columns have under the gap.
	EstimateOthers = "other columns"
	// EstimateEarlier: what the column itself had there in an earlier run.
	EstimateEarlier = "earlier runs"
	// EstimateGiven: what a remote source is given, of which what it makes follows.
	EstimateGiven = "what it is given"
)

// Indicator is one SLI.
type Indicator struct {
	ID     string `json:"id"` // M1 to M8, M10
	Name   string `json:"name"`
	Column string `json:"column"`
	// Unit is "count" where Value is the numerator itself and the target the
	// most that is accepted; empty where they are shares.
	Unit string `json:"unit,omitempty"`
	// Value is Numerator / Denominator in 0 to 1, or a count; nil where the denominator
	// is 0: nothing compared gives no value.
	Value       *float64 `json:"value"`
	Target      *float64 `json:"target,omitempty"`
	Met         *bool    `json:"met,omitempty"`
	Numerator   int      `json:"numerator"`
	Denominator int      `json:"denominator"`
	Unknown     int      `json:"unknown"`
	// Evidence lists what is not met, as fingerprints or sentences.
	Evidence []string `json:"evidence,omitempty"`
}

// Score says how far a column is from the reference.
type Score struct {
	Column string `json:"column"`
	// Scope is "environment", "service" or "surface"; Name is empty, the
	// service or the surface.
	Scope string `json:"scope"`
	Name  string `json:"name,omitempty"`
	// Value is in 0 to 100; nil where nothing was compared.
	Value *float64 `json:"value"`
	// Confidence is the share of the facts that could be compared, 0 to 1.
	Confidence float64 `json:"confidence"`
	Facts      int     `json:"facts"`
	Counting   int     `json:"counting"`
}

// Outcome is a verdict's answer.
type Outcome string

// The outcomes.
const (
	Pass         Outcome = "pass"
	Fail         Outcome = "fail"
	Inconclusive Outcome = "inconclusive"
)

// Verdict is the answer to "does parity hold?", with what decided it.
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	// Mode is "block" or "report-only"; only "block" fails a command.
	Mode string `json:"mode"`
	// Unseen are sentences on what was not seen, for people to read before the
	// outcome: the doubts first, then what gate.allow accepts.
	Unseen []string `json:"unseen,omitempty"`
	// Reasons are sentences for people, the weightiest first.
	Reasons []string `json:"reasons"`
	// Differences are the fingerprints, Indicators the IDs, that decided.
	Differences []string `json:"differences,omitempty"`
	Indicators  []string `json:"indicators,omitempty"`
	// Blocking counts the counting differences that the gate looks at.
	Blocking int `json:"blocking"`
	// Counting counts all differences that count against parity.
	Counting int `json:"counting"`
	// Known counts those of them that the baseline holds and that would be looked
	// at without it.
	Known int `json:"known,omitempty"`
}

// Proposal is an expectation for a family of differences that look as if
// environments were meant to have them.
type Proposal struct {
	// ID names the family, such as "replicas".
	ID string `json:"id"`
	// What says for people what differs.
	What string `json:"what"`
	// Differences counts those that it would explain at most.
	Differences int `json:"differences"`
	// Groups are the IDs of the groups that they are in.
	Groups       []string `json:"groups"`
	Fingerprints []string `json:"fingerprints"`
	// Expectation is the entry of expectations in parity.yaml, and Lines are its
	// lines, to paste.
	Expectation ProposedExpectation `json:"expectation"`
	Lines       string              `json:"lines"`
}

// ProposedExpectation is an entry of expectations in parity.yaml.
type ProposedExpectation struct {
	Name         string          `json:"name"                   yaml:"name"`
	Matches      []ProposedMatch `json:"match"                  yaml:"match"`
	Expect       string          `json:"expect,omitempty"       yaml:"expect,omitempty"`
	Classes      []string        `json:"classes,omitempty"      yaml:"classes,omitempty,flow"`
	Environments []string        `json:"environments,omitempty" yaml:"environments,omitempty,flow"`
	Reason       string          `json:"reason"                 yaml:"reason"`
}

// ProposedMatch is an entry of a match in parity.yaml.
type ProposedMatch struct {
	Kind  string `json:"kind,omitempty"  yaml:"kind,omitempty"`
	Scope string `json:"scope,omitempty" yaml:"scope,omitempty"`
	Name  string `json:"name,omitempty"  yaml:"name,omitempty"`
	Path  string `json:"path,omitempty"  yaml:"path,omitempty"`
}

// PolicyFinding is something wrong with the policy rather than with an
// environment.
type PolicyFinding struct {
	// Kind is "exception-expired", "exception-unused", "expectation-violated",
	// "expectation-unused", "expectation-undecided", "baseline-unused",
	// "baseline-old", "baseline-key", "allow-expired", "allow-unused", "runbook-missing" or "runbook-dead".
	Kind     string   `json:"kind"`
	Name     string   `json:"name"`
	Message  string   `json:"message"`
	Severity Severity `json:"severity"`
	// Where is the file:line:column in parity.yaml.
	Where string `json:"where,omitempty"`
}

// Ambiguity is a subject that could be paired in more than one way, or a pair
// that is not sure.
type Ambiguity struct {
	Column     string   `json:"column"`
	Subject    Key      `json:"subject"`
	Candidates []Key    `json:"candidates"`
	Confidence float64  `json:"confidence"`
	Why        []string `json:"why,omitempty"`
	Facts      int      `json:"facts"`
}
