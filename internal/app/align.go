package app

import (
	"context"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// Alignment is how the subjects of all columns met.
type Alignment struct {
	Columns []string `json:"columns"`
	// Subjects are all aligned subjects in the order of their keys.
	Subjects []AlignedSubject `json:"subjects"`
	// Ambiguities are those that could not be paired for sure.
	Ambiguities []parity.Ambiguity `json:"ambiguities"`
}

// AlignedSubject is one row: what each column calls it.
type AlignedSubject struct {
	parity.Key
	Method     string   `json:"method"`
	Confidence float64  `json:"confidence"`
	Why        []string `json:"why,omitempty"`
	// Names are by column, "scope/name"; empty where the column lacks it.
	Names []string `json:"names"`
}

// Alone reports whether only one column has the subject.
func (s AlignedSubject) Alone() bool {
	n := 0
	for _, name := range s.Names {
		if name != "" {
			n++
		}
	}
	return n < 2
}

// Align compares, and tells how subjects met rather than how they differ.
func (a *App) Align(ctx context.Context, req Request) (*Alignment, error) {
	s, err := a.open(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &Alignment{Subjects: []AlignedSubject{}}
	for _, c := range s.columns() {
		out.Columns = append(out.Columns, c.String())
	}
	var last *parity.Aligned
	outcome, err := compare.Run(ctx, compare.Input{Snapshots: s.snapshots, Options: s.options}, func(j *parity.Joined) error {
		if j.Subject != last {
			last = j.Subject
			out.Subjects = append(out.Subjects, alignedSubject(j.Subject))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Ambiguities = list(outcome.Ambiguities)
	return out, nil
}

func alignedSubject(s *parity.Aligned) AlignedSubject {
	row := AlignedSubject{Key: s.Key, Method: s.Alignment.Method, Confidence: s.Alignment.Confidence, Why: s.Alignment.Why}
	for _, side := range s.Sides {
		name := ""
		if side != nil {
			name = side.Subject.Name
			if side.Subject.Scope != "" {
				name = side.Subject.Scope + "/" + name
			}
		}
		row.Names = append(row.Names, name)
	}
	return row
}
