package parity

import "time"

// Snapshot is what one column held at one time, with its coverage.
type Snapshot struct {
	Column Column
	Time   time.Time
	// Subjects are sorted by key, and their facts by path. A key occurs more
	// than once only where a source declares the subject more than once.
	Subjects []SubjectFacts
	Gaps     []Gap
	// Tools are the collectors and renderers that made it, by name, with
	// their versions.
	Tools map[string]string
	// KeyID identifies the key of the secret digests; digests under
	// different keys are unknown to each other.
	KeyID string
	// Digest is the content digest: "sha256:" and 64 hexadecimal digits over
	// subjects, facts and gaps, without time and provenance.
	Digest string
}

// Facts counts the facts of all subjects.
func (s *Snapshot) Facts() int {
	n := 0
	for i := range s.Subjects {
		n += len(s.Subjects[i].Facts)
	}
	return n
}
