package compare

import (
	"strings"

	"github.com/envparity/parity"
)

// askedFor returns where something asks for the variable at a path of a
// subject; empty where nothing is known to.
func askedFor(s *parity.SubjectFacts, path string) string {
	if s == nil {
		return ""
	}
	prefix := strings.TrimPrefix(path, "/") + " "
	for i := range s.Subject.Traits {
		t := &s.Subject.Traits[i]
		if where, ok := strings.CutPrefix(t.Value, prefix); ok && t.Kind == "asked" {
			return where
		}
	}
	return ""
}

// unasked reports whether all code was read, and none asks for the variable at
// a path of a subject.
func unasked(s *parity.SubjectFacts, path string) bool {
	if s == nil {
		return false
	}
	name := strings.TrimPrefix(path, "/")
	for i := range s.Subject.Traits {
		if t := &s.Subject.Traits[i]; t.Kind == "unasked" && t.Value == name {
			return true
		}
	}
	return false
}

// extraNote says of a variable that only a column has what the code makes of it.
func extraNote(own, ref *parity.SubjectFacts, path, reference string) string {
	if where := askedFor(ref, path); where != "" {
		return where + " asks for it, and " + reference + " lacks it"
	}
	if unasked(own, path) {
		return "no code that was read asks for it by name"
	}
	return ""
}
