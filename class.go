package parity

import "fmt"

// Class is where a fact ends up against the reference.
type Class uint8

// The classes.
const (
	Equal Class = iota
	Equivalent
	Bound
	IdentifierClass
	Shared
	Expected
	Excepted
	Missing // in the reference only, and the column was looked at
	Extra   // in the column only, and the reference was looked at
	Changed
	Leak
	Ambiguous
	Unknown
	classCount
)

var classNames = [classCount]string{
	"equal", "equivalent", "bound", "identifier", "shared", "expected",
	"excepted", "missing", "extra", "changed", "leak", "ambiguous", "unknown",
}

// Classes lists every class in report order.
func Classes() []Class {
	all := make([]Class, classCount)
	for i := range all {
		all[i] = Class(i)
	}
	return all
}

// Counts reports whether the class counts against parity.
func (c Class) Counts() bool {
	return c == Missing || c == Extra || c == Changed || c == Leak
}

// LowersConfidence reports whether the class says that nothing can be said.
func (c Class) LowersConfidence() bool { return c == Ambiguous || c == Unknown }

// String gives the class's name.
func (c Class) String() string {
	if c >= classCount {
		return fmt.Sprintf("class(%d)", uint8(c))
	}
	return classNames[c]
}

// MarshalText writes the name.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a name; an unknown one is an error.
func (c *Class) UnmarshalText(b []byte) error {
	for i, n := range classNames {
		if n == string(b) {
			*c = Class(i)
			return nil
		}
	}
	return fmt.Errorf("unknown class %q", b)
}

// Change says what kind of change a changed or leaked fact is. It is empty for
// extra facts, and for missing ones but those of AskedChange.
type Change string

// The changes.
const (
	ToggleChange     Change = "toggle"
	VersionChange    Change = "version"
	SizingChange     Change = "sizing"
	ScheduleChange   Change = "schedule"
	AddressChange    Change = "address"
	TextChange       Change = "text"
	SecretChange     Change = "secret"     // other contents, both present
	KindChange       Change = "kind"       // the subject is of another kind
	NameChange       Change = "name"       // the subject has another name
	OrderChange      Change = "order"      // the same items in an order that matters
	StructureChange  Change = "structure"  // a list here, a value there
	IdentifierChange Change = "identifier" // another identifier, or one that stands for two things
	BehaviourChange  Change = "behaviour"  // measured, and other than the reference by more than the margin
	AskedChange      Change = "asked"      // missing, though the code or an example asks for it
)

// State says what a column holds at a path.
type State string

// The states.
const (
	Present       State = "present"
	Absent        State = "absent"
	UnknownState  State = "unknown"
	NotApplicable State = "not-applicable"
)

// Severity orders differences for people and gates.
type Severity uint8

// The severities.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
	severityCount
)

var severityNames = [severityCount]string{"info", "low", "medium", "high", "critical"}

// Severities lists every severity, least first.
func Severities() []Severity { return []Severity{Info, Low, Medium, High, Critical} }

// String gives the severity's name.
func (s Severity) String() string {
	if s >= severityCount {
		return fmt.Sprintf("severity(%d)", uint8(s))
	}
	return severityNames[s]
}

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a name; an unknown one is an error.
func (s *Severity) UnmarshalText(b []byte) error {
	for i, n := range severityNames {
		if n == string(b) {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q: want info, low, medium, high or critical", b)
}
