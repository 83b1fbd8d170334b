package parity

import "fmt"

// ValueKind says how a value is to be understood.
type ValueKind uint8

// The kinds of value.
const (
	Null ValueKind = iota
	Text
	Number
	Bool
	Quantity   // 500m, 1Gi, 0.1
	Duration   // 30s, PT1H
	Schedule   // cron expressions
	Version    // 1.2.3, v1.2.3-rc1
	Image      // registry/repository:tag@digest
	URL        // scheme://host/path
	Identifier // UUID, ARN, account, opaque generated id
	List       // ordered; Raw is a JSON array
	Set        // one member of an unordered list; Raw is the member
	Tuple      // one permission, one network rule; Raw is its readable form
	Reference  // the name of another subject; Canon is the target, see RefTarget
	Secret     // never a value: Canon is a keyed digest, Raw is empty
	// Proportion and Distribution hold a Measurement: Canon is its encoding,
	// Raw its summary for people.
	Proportion   // k of n requests
	Distribution // durations of requests
	valueKindCount
)

var valueKindNames = [valueKindCount]string{
	"null", "text", "number", "bool", "quantity", "duration", "schedule",
	"version", "image", "url", "identifier", "list", "set", "tuple",
	"reference", "secret", "proportion", "distribution",
}

// String gives the kind's name.
func (k ValueKind) String() string {
	if k >= valueKindCount {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return valueKindNames[k]
}

// MarshalText writes the name.
func (k ValueKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a name; an unknown one is an error.
func (k *ValueKind) UnmarshalText(b []byte) error {
	for i, n := range valueKindNames {
		if n == string(b) {
			*k = ValueKind(i)
			return nil
		}
	}
	return fmt.Errorf("unknown value kind %q", b)
}

// Value is what a fact says: as it was spelled, and in the canonical form that
// its kind gives it.
type Value struct {
	Kind ValueKind `json:"kind"`
	// Raw is the value as the source spells it. Empty for Secret.
	Raw string `json:"raw,omitempty"`
	// Canon is the canonical form; empty means that Raw is canonical already.
	Canon string `json:"canon,omitempty"`
	// Suspected marks a Secret that is one by its name or its randomness only.
	// Suspected secrets compare by their keyed digests; known ones by presence.
	Suspected bool `json:"suspected,omitempty"`
}

// Canonical gives Canon, or Raw where Raw is canonical already.
func (v Value) Canonical() string {
	if v.Canon != "" {
		return v.Canon
	}
	return v.Raw
}

// String gives the value for people. A secret shows only that it is set.
func (v Value) String() string {
	switch v.Kind {
	case Null:
		return "null"
	case Secret:
		return "[secret]"
	default:
		return v.Raw
	}
}
