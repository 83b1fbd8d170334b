package parity

import (
	"path"
	"strings"
)

// Hides says what a gap may hide.
type Hides string

// What gaps may hide.
const (
	// HidesAnything: whole objects and parts of objects. The default.
	HidesAnything Hides = ""
	// HidesNothing: everything was read, and yet a verdict needs to know, for
	// example that a snapshot is not authenticated.
	HidesNothing Hides = "nothing"
	// HidesObjects: whole objects, and nothing of an object that is there. A
	// remote base can add objects; it cannot add a key to one that is declared
	// beside it. Such a gap with a scope also covers objects without a scope: a
	// base that is put into a namespace may add cluster-scoped objects.
	HidesObjects Hides = "objects"
	// HidesParts: parts of objects that are there, and no whole object.
	HidesParts Hides = "parts"
)

// Valid reports whether h is one of those above.
func (h Hides) Valid() bool {
	return h == HidesAnything || h == HidesNothing || h == HidesObjects || h == HidesParts
}

// Gap is something that could not be looked at. Under it, facts that are there
// compare, and facts that are not there are unknown.
type Gap struct {
	// Source names the configured source, as parity.yaml has it.
	Source string `json:"source"`
	// Kind, Group, Scope and Name select subjects by path.Match patterns; empty
	// selects all.
	Kind  string `json:"kind,omitempty"`
	Group string `json:"group,omitempty"`
	Scope string `json:"scope,omitempty"`
	Name  string `json:"name,omitempty"`
	// Path selects facts by prefix; empty selects all.
	Path string `json:"path,omitempty"`
	// Hides says what may be hidden among what the selectors cover.
	Hides Hides `json:"hides,omitempty"`
	// Reason is one clear sentence: what could not be read, and why. It never
	// quotes the text that was read.
	Reason string `json:"reason"`
	// Where is the file:line:column or object that stood in the way.
	Where string `json:"where,omitempty"`
	// Hint says what to do about it.
	Hint string `json:"hint,omitempty"`
	// Place is the file or directory that the source reads. The gap presumably
	// hides nothing that is declared elsewhere. It is empty if that is not known.
	Place string `json:"place,omitempty"`
	// Remote names what would have to be fetched, without its revision. It is
	// empty where the gap is about something else.
	Remote string `json:"remote,omitempty"`
	// Revision says which revision of it is meant. It is empty where other things
	// decide as well which objects the remote adds, such as the values of a chart.
	Revision string `json:"revision,omitempty"`
	// Use is a keyed digest of all that decides what the remote adds: its
	// revision, the values that it is given, and what is done to its objects
	// afterwards. It is empty where not all of that is known, or may change.
	Use string `json:"use,omitempty"`
	// Given is the key, as text, of the subject that states what the remote is
	// given, such as a chart its values. It is empty where no subject does.
	Given string `json:"given,omitempty"`
	// Unset is the variable that nothing sets and that the value at the path is,
	// and nothing else. Two columns that take one value from the same variable
	// share one doubt about it, wherever the value goes. They are not equal.
	Unset string `json:"unset,omitempty"`
}

// Covers reports whether facts of the subject at the path could be hidden by the
// gap, whether or not the subject is there.
func (g *Gap) Covers(k Key, factPath string) bool {
	return g.CoversSubject(k) && strings.HasPrefix(factPath, g.Path)
}

// CoversSubject reports whether the subject or a part of it could be hidden by
// the gap.
func (g *Gap) CoversSubject(k Key) bool {
	return g.Hides != HidesNothing && matches(g.Kind, k.Kind) && matches(g.Group, k.Group) && matches(g.Name, k.Name) && g.coversScope(k.Scope)
}

func (g *Gap) coversScope(scope string) bool {
	return matches(g.Scope, scope) || g.Hides == HidesObjects && scope == ""
}

// CoversWhole reports whether the gap could hide a fact of a subject that is not
// there at all.
func (g *Gap) CoversWhole(k Key, factPath string) bool {
	return g.Hides != HidesParts && g.Covers(k, factPath)
}

// CoversPart reports whether the gap could hide a fact of a subject that is
// there.
func (g *Gap) CoversPart(k Key, factPath string) bool {
	return g.Hides != HidesObjects && g.Covers(k, factPath)
}

// LiteralPattern makes a pattern of a gap's selectors that fits s alone.
func LiteralPattern(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(s)
}

func matches(pattern, s string) bool {
	if pattern == "" || pattern == "*" {
		return true
	}
	ok, err := path.Match(pattern, s)
	return err == nil && ok
}

// LiteralText returns the one text that a selector of a gap fits; ok is false
// where it may fit several.
func LiteralText(pattern string) (text string, ok bool) {
	if !strings.ContainsAny(pattern, `*?[\`) {
		return pattern, pattern != ""
	}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*', '?', '[':
			return "", false
		case '\\':
			if i++; i == len(pattern) {
				return "", false
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String(), true
}

// Whole reports whether the gap names no subject and no path: it is over
// whatever its source could have said.
func (g *Gap) Whole() bool {
	return g.Kind == "" && g.Group == "" && g.Scope == "" && g.Name == "" && g.Path == ""
}
