package parity

import (
	"fmt"
	"math/bits"
	"strings"
)

// Rule is one named reason why two facts that are spelled differently mean
// the same.
type Rule uint8

// RuleSet is a set of rules. The zero value is empty.
type RuleSet uint64

// The rules. Their order is the order in which they are tried and shown.
const (
	ServerMetadata  Rule = iota // written by the API server
	Allocated                   // handed out by a controller or the API server
	ControllerNotes             // annotations that controllers keep for themselves
	Derived                     // follows from a value that is compared itself
	QuantityForm                // 1000m and 1
	DurationForm                // 60s and 1m
	ScalarForm                  // "80" and 80 where the type is known
	EmptyIsAbsent               // null, {}, [] where empty means nothing
	DefaultValue                // the value a field has when it is left out
	ListKey                     // keyed lists in another order
	SetOrder                    // sets in another order
	RBACTuples                  // permissions, however rules are cut
	NetworkTuples               // network rules, however they are cut
	ImageForm                   // docker.io/library/nginx and nginx
	SecretForm                  // stringData and data; presence
	EmbeddedText                // structured text inside a value
	CABundle                    // presence of an injected CA bundle
	ReferenceName               // references to subjects that align
	BindingRule                 // declared and learned bindings
	URLForm                     // ports and escapes that say nothing
	APIVersion                  // the same object in another version of its API
	Sizing                      // sizes at the ratio that parity.yaml expects
	Sidecar                     // containers injected by a manager
	TextForm                    // Unicode form and trailing newlines of file contents
	FlagForm                    // --name=value and --name value
	ListAlignment               // items of a list without keys, matched by likeness
	KeyTokens                   // map and list keys that differ by an environment's name
	VersionForm                 // v1.2.3 and 1.2.3 where only a version can stand
	RunningDigest               // a tag with the digest that runs under it
	RunningState                // counts of what happened, by their size
	History                     // what was there before
	PolicyTuples                // a cloud's permissions, however statements are cut
	RegistryDigest              // a tag with the digest that its registry gives
	Circumstances               // when, in which run and in what form something was made
	Rare                        // seen so rarely that its absence says nothing
	EquivalenceTest             // shown to behave alike, within a margin
	IncludedFile                // that a file includes another, where it may
	Expression                  // one expression over what is itself compared
	OpenExpression              // an expression whose value only a run tells
	ruleCount
)

// RuleEffect says what a rule that a fact carries allows.
type RuleEffect uint8

// The effects.
const (
	// Shapes: the rule gave the value its canonical form; two facts of the
	// same canonical form are equivalent.
	Shapes RuleEffect = iota
	// AbsentEquals: the fact is equivalent to its absence.
	AbsentEquals
	// Ignores: whatever the other side holds is equivalent.
	Ignores
)

// RuleInfo describes one rule for people and for switching it off.
type RuleInfo struct {
	Name    string     `json:"name"`
	Effect  RuleEffect `json:"-"`
	Summary string     `json:"summary"`
}

var rules = [ruleCount]RuleInfo{
	ServerMetadata:  {"server-metadata", Ignores, "metadata that the API server writes"},
	Allocated:       {"allocated", Ignores, "addresses, ports and names that are handed out"},
	ControllerNotes: {"controller-annotations", Ignores, "annotations that controllers keep for themselves"},
	Derived:         {"derived", Ignores, "follows from a value that is itself compared"},
	QuantityForm:    {"quantity", Shapes, "one quantity in other units"},
	DurationForm:    {"duration", Shapes, "one duration in other units"},
	ScalarForm:      {"scalar", Shapes, "a number or boolean written as text where the type is known"},
	EmptyIsAbsent:   {"empty", AbsentEquals, "null, {} or [] where empty means nothing"},
	DefaultValue:    {"default", AbsentEquals, "the value that the field has when left out"},
	ListKey:         {"list-key", Shapes, "items of a keyed list in another order"},
	SetOrder:        {"set", Shapes, "members of a set in another order"},
	RBACTuples:      {"rbac-tuples", Shapes, "the same permissions in other rules"},
	NetworkTuples:   {"network-tuples", Shapes, "the same traffic in other rules"},
	ImageForm:       {"image", Shapes, "one image under its registry's aliases, or by digest"},
	SecretForm:      {"secret", Shapes, "secrets by presence, stringData as data"},
	EmbeddedText:    {"embedded-text", Shapes, "structured text in another layout"},
	CABundle:        {"ca-bundle", Ignores, "certificate bundles by presence"},
	ReferenceName:   {"reference", Shapes, "names of subjects that align"},
	BindingRule:     {"binding", Shapes, "an environment's own name for the same thing"},
	URLForm:         {"url", Shapes, "one URL in another spelling"},
	APIVersion:      {"api-version", Shapes, "one object in another version of its API"},
	Sizing:          {"sizing", Shapes, "sizes at the expected ratio"},
	Sidecar:         {"sidecar", Shapes, "containers that a manager injects belong to the platform"},
	TextForm:        {"text", Shapes, "line ends, trailing newlines and Unicode form of file contents"},
	FlagForm:        {"flag", Shapes, "command line flags by name"},
	ListAlignment:   {"list-alignment", Shapes, "items of a list without keys, matched by likeness"},
	KeyTokens:       {"key-tokens", Shapes, "keys that differ by an environment's name"},
	VersionForm:     {"version", Shapes, "one version with and without its v"},
	RunningDigest:   {"running-digest", Shapes, "an image by the digest that runs, whatever names it"},
	RunningState:    {"running-state", Shapes, "counts of what happened, by their order of size"},
	History:         {"history", Ignores, "what was there before what is there now"},
	Circumstances:   {"circumstances", Ignores, "when, in which run and in what form something was made or written down"},
	PolicyTuples:    {"policy-tuples", Shapes, "the same permissions of a cloud in other statements"},
	Rare:            {"rare", AbsentEquals, "what was seen so rarely that its absence says nothing"},
	EquivalenceTest: {"equivalence-test", Shapes, "behaviour that was shown to be alike, within a margin"},
	IncludedFile:    {"included-file", AbsentEquals, "a file that is named for an environment and included by one of its own"},
	Expression:      {"expression", Shapes, "the same expression, of what is itself compared"},
	OpenExpression:  {"open-expression", Shapes, "an expression whose value only a run tells; it is never equal to anything"},
	RegistryDigest:  {"registry-digest", Shapes, "an image by the digest that its registry gives the tag, where the one that runs is not known"},
}

// Rules lists every rule in order.
func Rules() []Rule {
	all := make([]Rule, ruleCount)
	for i := range all {
		all[i] = Rule(i)
	}
	return all
}

// Info describes the rule.
func (r Rule) Info() RuleInfo {
	if r >= ruleCount {
		return RuleInfo{Name: fmt.Sprintf("rule(%d)", uint8(r))}
	}
	return rules[r]
}

// String gives the rule's name.
func (r Rule) String() string { return r.Info().Name }

// MarshalText writes the name.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a name; an unknown one is an error.
func (r *Rule) UnmarshalText(b []byte) error {
	for i, info := range rules {
		if info.Name == string(b) {
			*r = Rule(i)
			return nil
		}
	}
	return fmt.Errorf("unknown rule %q", b)
}

// SetOf returns the set of the given rules.
func SetOf(rs ...Rule) RuleSet {
	var s RuleSet
	for _, r := range rs {
		s |= 1 << r
	}
	return s
}

// Has reports whether r is in the set.
func (s RuleSet) Has(r Rule) bool { return s&(1<<r) != 0 }

// With returns the set with r added.
func (s RuleSet) With(r Rule) RuleSet { return s | 1<<r }

// List gives the members in order.
func (s RuleSet) List() []Rule {
	var rs []Rule
	for s != 0 {
		r := Rule(bits.TrailingZeros64(uint64(s)))
		rs = append(rs, r)
		s &^= 1 << r
	}
	return rs
}

// Effects splits the set by effect.
func (s RuleSet) Effects(e RuleEffect) RuleSet {
	var out RuleSet
	for _, r := range s.List() {
		if rules[r].Effect == e {
			out = out.With(r)
		}
	}
	return out
}

// String gives the names, separated by commas.
func (s RuleSet) String() string {
	var names []string
	for _, r := range s.List() {
		names = append(names, r.String())
	}
	return strings.Join(names, ",")
}
