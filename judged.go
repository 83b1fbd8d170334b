package parity

// Answer is what can be said of two measurements.
type Answer string

// The answers.
const (
	// AnswerEquivalent: shown to be alike, within the margin.
	AnswerEquivalent Answer = "equivalent"
	// AnswerDifferent: shown to be apart by more than the margin.
	AnswerDifferent Answer = "different"
	// AnswerInconclusive: neither was shown; never a pass.
	AnswerInconclusive Answer = "inconclusive"
)

// WholeService is what the key of a judgement on a service as a whole has in place
// of a kind. It is no kind of subject: no snapshot has a subject of it, and a
// service of Compose, whose kind is spelled alike, is never judged.
const WholeService = "service"

// Judged is what one endpoint or integration of a column is to the
// reference's, in one respect.
type Judged struct {
	Column  string `json:"column"`
	Subject Key    `json:"subject"` // the reference's key; of kind WholeService for a service as a whole
	// Path is ErrorsPath or LatencyPath; empty for what one side was never asked.
	Path string `json:"path"`
	// Indicator is the one that it counts for: M6, M7 or M8; empty for none.
	Indicator string `json:"indicator,omitempty"`
	Answer    Answer `json:"answer"`
	// Effect is "ratio" (of durations, column over reference) or "difference"
	// (of shares, column less reference); Unit is that of the two estimates.
	Effect string `json:"effect"`
	Unit   string `json:"unit,omitempty"`
	// Reference and Value are the two estimates, Estimate the effect with its
	// 90 % interval, Margin what is still alike. Nil where there is none.
	Reference *float64    `json:"reference,omitempty"`
	Value     *float64    `json:"value,omitempty"`
	Estimate  *float64    `json:"estimate,omitempty"`
	Interval  *[2]float64 `json:"interval,omitempty"`
	Margin    [2]float64  `json:"margin"`
	// Requests are those that were judged; Effective is what they are worth as
	// independent ones.
	Requests  Requests `json:"requests"`
	Effective Requests `json:"effective"`
	// Needed is how many more requests are expected to decide; nil where it is
	// decided, or more requests would not help.
	Needed *Requests `json:"needed,omitempty"`
	// Reason says why nothing was shown: "few-blocks", "few-requests",
	// "instrument", "load", "support", "no-bound", "unasked" for what one side of
	// a service was never asked, or "list" where it may be chance among so many;
	// Note is one sentence.
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note"`
	// Boundaries are those that the histogram lacks to resolve the margin.
	Boundaries []float64 `json:"boundaries,omitempty"`
	// PValue is that of being apart by more than the margin.
	PValue *float64 `json:"pValue,omitempty"`
	// Evidence are the questions that a person can ask again.
	Evidence []Evidence `json:"evidence,omitempty"`
	// Fingerprint is that of the difference, where it is one.
	Fingerprint string `json:"fingerprint,omitempty"`
	// Suspects are differences of the same service and of what it calls that may
	// be the cause, the likeliest first.
	Suspects []Suspect `json:"suspects,omitempty"`
}

// Instrument is a metric from which requests of a service were read.
type Instrument struct {
	Service string `json:"service"`
	Metric  string `json:"metric"`
	// How says by what it was recognised, and how it is read.
	How string `json:"how"`
	// Columns are those in which something was read from it.
	Columns []string `json:"columns"`
}

// Requests are numbers of requests on both sides.
type Requests struct {
	Reference float64 `json:"reference"`
	Column    float64 `json:"column"`
}

// Evidence is a question to a telemetry system.
type Evidence struct {
	Column string `json:"column"`
	Server string `json:"server"`
	Query  string `json:"query"`
	// Link is where a person sees the answer in a browser: the server's own page
	// of the query; empty where it has none.
	Link string `json:"link,omitempty"`
}

// Suspect is a difference that may be the cause of another.
type Suspect struct {
	Fingerprint string  `json:"fingerprint"`
	Subject     Key     `json:"subject"`
	Path        string  `json:"path"`
	Summary     string  `json:"summary"`
	Score       float64 `json:"score"` // 0 to 1; it orders suspects, and is no probability
	// Reasons say what speaks for it, the weightiest first.
	Reasons []string `json:"reasons"`
	// Accepted names the expectation or exception that accepts the difference.
	Accepted string `json:"accepted,omitempty"`
}
