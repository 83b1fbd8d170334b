package parity

import "strings"

// Fact is one typed statement about a subject.
//
// A path names a place in the subject: segments begin with '/', items of a
// list follow in brackets: [name=web] by key, [=x] by membership, [3] by
// position. Keys are written as the source has them, even where they hold a
// slash. The empty path is the subject itself.
type Fact struct {
	Path    string
	Value   Value
	Rules   RuleSet // the rules that shaped it
	Surface Surface
	// Origin is where it was read; Line and Col are 1-based and 0 where the
	// origin's precision is less than a line.
	Origin *Origin
	Line   int32
	Col    int32
	// DerivedFrom is set on a fact that follows from another (an effective
	// variable from a ConfigMap's key). A derived fact explains; its origin
	// counts.
	DerivedFrom *FactRef
}

// FactRef points at a fact of the same column.
type FactRef struct {
	Subject Key    `json:"subject"`
	Path    string `json:"path"`
	// Shadows lists the origins that this one overrides, weakest first.
	Shadows []FactRef `json:"shadows,omitempty"`
}

// SubjectFacts is a subject with all that is known of it, sorted by path.
type SubjectFacts struct {
	Subject Subject
	Facts   []Fact
}

// RefTarget encodes the target of a Reference value for Value.Canon. An empty
// scope means the scope of the subject that refers.
func RefTarget(kind, scope, name string) string {
	return kind + "\x1f" + scope + "\x1f" + name
}

// ParseRefTarget takes RefTarget's encoding apart.
func ParseRefTarget(s string) (kind, scope, name string, ok bool) {
	parts := strings.Split(s, "\x1f")
	if len(parts) != 3 {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
}
