package parity

import "time"

// DriftVersion is the version of DriftResult's JSON form. It rises when a
// field changes its meaning or goes.
const DriftVersion = 1

// DriftResult is what comparing the declared with the running side of one
// environment came to. Every report of drift is a view of it.
type DriftResult struct {
	Version     int       `json:"version"`
	Tool        string    `json:"tool"` // "parity v0.1.0"
	Time        time.Time `json:"time"`
	Project     string    `json:"project,omitempty"`
	Environment string    `json:"environment"`
	Verdict     Verdict   `json:"verdict"`
	// Indicators holds M2 for each instance.
	Indicators []Indicator `json:"indicators"`
	// Instances are those of the environment, or the one that it is.
	Instances []DriftInstance `json:"instances"`
	// Findings are about gate.allow: entries that ended, or accept nothing.
	Findings []PolicyFinding `json:"findings"`
}

// DriftInstance is the drift of one instance of an environment.
type DriftInstance struct {
	// Name is the column's: "production" or "production/eu".
	Name    string    `json:"name"`
	Desired DriftSide `json:"desired"`
	Live    DriftSide `json:"live"`
	// Counts says where each fact that the desired sources set ended up.
	Counts DriftCounts `json:"counts"`
	// Surfaces are the same by surface.
	Surfaces map[Surface]DriftCounts `json:"surfaces"`
	// NotSet counts the live facts that the desired sources do not set.
	NotSet int `json:"notSet"`
	// Drifts count; they are sorted by severity, then by subject and path.
	Drifts []Drift `json:"drifts"`
	// Owned do not count: someone else than the desired sources decides there.
	Owned []DriftOwned `json:"owned"`
	// Added do not count: items that someone put into a list of which the
	// desired sources set other items only.
	Added []DriftAddition `json:"added"`
	// Unknown says what could not be compared, and why.
	Unknown []DriftUnknown `json:"unknown"`
	Gaps    []ColumnGap    `json:"gaps"`
	// History is set where earlier snapshots were read.
	History *DriftHistory `json:"history,omitempty"`
}

// DriftSide is one of the two sides that are compared.
type DriftSide struct {
	Role     Role      `json:"role"`
	Time     time.Time `json:"time"`
	Subjects int       `json:"subjects"`
	Facts    int       `json:"facts"`
	Gaps     int       `json:"gaps"`
	// Snapshot is the content digest.
	Snapshot string            `json:"snapshot"`
	Sources  []string          `json:"sources,omitempty"`
	Tools    map[string]string `json:"tools,omitempty"`
}

// DriftCounts tells where each fact that the desired sources set ended up:
// Set is the sum of the others.
type DriftCounts struct {
	Set        int `json:"set"`
	Equal      int `json:"equal"`
	Equivalent int `json:"equivalent"`
	// Drifted are facts; one drift may stand for several.
	Drifted int `json:"drifted"`
	// Owned differ, where someone else decides.
	Owned   int `json:"owned"`
	Unknown int `json:"unknown"`
	// NotApplicable are those that the live sources cannot state at all; they
	// lower no confidence.
	NotApplicable int `json:"notApplicable"`
	// Derived follow from other facts, which are counted themselves.
	Derived int `json:"derived"`
}

// Compared counts the facts that could be compared.
func (c DriftCounts) Compared() int { return c.Equal + c.Equivalent + c.Drifted + c.Owned }

// Plus adds two counts.
func (c DriftCounts) Plus(o DriftCounts) DriftCounts {
	return DriftCounts{
		c.Set + o.Set, c.Equal + o.Equal, c.Equivalent + o.Equivalent, c.Drifted + o.Drifted,
		c.Owned + o.Owned, c.Unknown + o.Unknown, c.NotApplicable + o.NotApplicable, c.Derived + o.Derived,
	}
}

// DriftKind says how the live side departs from the desired one.
type DriftKind string

// The kinds of drift.
const (
	DriftChanged DriftKind = "changed" // both have it, with different meaning
	DriftMissing DriftKind = "missing" // the whole subject is not there
	DriftRemoved DriftKind = "removed" // the subject is there, and this is not
	DriftAdded   DriftKind = "added"   // to a list that the desired source sets whole
	DriftWidened DriftKind = "widened" // a permission, traffic or someone who holds it was added
)

// Drift is one departure of what runs from what is declared.
type Drift struct {
	// Fingerprint identifies the drift over time: a digest of subject, path,
	// kind and items, without values.
	Fingerprint string     `json:"fingerprint"`
	Subject     SubjectRef `json:"subject"`
	Surface     Surface    `json:"surface"`
	// Path is empty where the whole subject is missing, and the list or map
	// where several facts below it are one drift.
	Path   string    `json:"path"`
	Kind   DriftKind `json:"kind"`
	Change Change    `json:"change,omitempty"`
	// Items are what was added or removed, where Path is a list.
	Items []string `json:"items,omitempty"`
	// Facts is how many facts it stands for.
	Facts   int  `json:"facts"`
	Desired Side `json:"desired"`
	Live    Side `json:"live"`
	// Writer wrote the live value last, where the server says so.
	Writer *Writer `json:"writer,omitempty"`
	// Age is how long before the result's time that was: "2h3m".
	Age      string   `json:"age,omitempty"`
	Severity Severity `json:"severity"`
	// Why says which row of the severity table applied.
	Why     string  `json:"why,omitempty"`
	Reapply Reapply `json:"reapply"`
	// OddOneOut names the instance that alone has the drift, where others were
	// looked at too.
	OddOneOut string `json:"oddOneOut,omitempty"`
	// FirstSeen is the time of the earliest of the snapshots since which it is
	// there; nil without history.
	FirstSeen *time.Time `json:"firstSeen,omitempty"`
	Note      string     `json:"note,omitempty"`
	// Aligned is the subject on both sides.
	Aligned *Aligned `json:"-"`
}

// Reapply says what writing the desired value again would do. Nothing does so.
type Reapply struct {
	// LowRisk is set where a single field would change that nobody else owns,
	// and nothing restarts, loses a right or is cut off by it.
	LowRisk bool   `json:"lowRisk"`
	Why     string `json:"why"`
}

// DriftOwner is what kind of owner decides in the place of the desired source.
type DriftOwner string

// The kinds of owner.
const (
	AutoscalerOwner DriftOwner = "autoscaler"
	ControllerOwner DriftOwner = "controller"
	AdmissionOwner  DriftOwner = "admission"
	LifecycleOwner  DriftOwner = "lifecycle" // it is not meant to stay
)

// DriftOwned are differences that one owner decides.
type DriftOwned struct {
	Kind DriftOwner `json:"kind"`
	// Owner names it: "HorizontalPodAutoscaler shop/web", "cert-manager".
	Owner string `json:"owner"`
	Why   string `json:"why"`
	// Sure is false where the data only suggests it: it may be.
	Sure bool `json:"sure"`
	// Facts is how many facts the desired sources set there.
	Facts       int     `json:"facts"`
	Differences []Drift `json:"differences"`
}

// DriftAddition is an item in a list of which the desired source sets others.
type DriftAddition struct {
	Subject SubjectRef `json:"subject"`
	Surface Surface    `json:"surface"`
	// Path is the item's.
	Path   string  `json:"path"`
	Facts  int     `json:"facts"`
	Live   Side    `json:"live"`
	Writer *Writer `json:"writer,omitempty"`
	Age    string  `json:"age,omitempty"`
}

// DriftUnknown are desired facts that could not be compared for one reason.
type DriftUnknown struct {
	Reason   string `json:"reason"`
	Kind     string `json:"kind"` // of the subjects
	Subjects int    `json:"subjects"`
	Facts    int    `json:"facts"`
	// Examples are a few of the subjects.
	Examples []Key `json:"examples"`
}

// DriftHistory is what earlier snapshots say against today's desired side.
type DriftHistory struct {
	Snapshots int       `json:"snapshots"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	// Weeks begin on Monday, UTC, the earliest first; none is left out between
	// the first and the last.
	Weeks []DriftWeek `json:"weeks"`
	// Followed are all drifts that were seen, by when they appeared.
	Followed []DriftFollowed `json:"followed"`
	// Gaps are snapshots that could not be read.
	Gaps []Gap `json:"gaps"`
}

// DriftWeek counts drifts in one week.
type DriftWeek struct {
	Week  string    `json:"week"` // ISO 8601: "2026-W05"
	Begin time.Time `json:"begin"`
	// Appeared counts drifts that a snapshot of the week shows and the one
	// before did not; Before those that the very first snapshot shows, which
	// appeared at a time that is not known.
	Appeared  int `json:"appeared"`
	Before    int `json:"before"`
	Snapshots int `json:"snapshots"`
}

// DriftFollowed is one drift through the snapshots.
type DriftFollowed struct {
	Fingerprint string     `json:"fingerprint"`
	Subject     SubjectRef `json:"subject"`
	Path        string     `json:"path"`
	Kind        DriftKind  `json:"kind"`
	FirstSeen   time.Time  `json:"firstSeen"`
	LastSeen    time.Time  `json:"lastSeen"`
	// Snapshots counts those that show it.
	Snapshots int `json:"snapshots"`
	// Open reports whether it is there now.
	Open bool `json:"open"`
}
