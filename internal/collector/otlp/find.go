package otlp

import (
	"context"
	"fmt"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/spans"
)

// ReadTraces gives the traces of an endpoint. notes say what of the files could not
// be read; an error, that there is nothing in them.
func (c Config) ReadTraces(ctx context.Context, in collector.Input, want spans.Wanted, give func(*spans.Trace)) (notes []string, err error) {
	if c.Path != "" {
		c.Paths = append([]string{c.Path}, c.Paths...)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	s := newSession(in, &c)
	read := 0
	s.whole.Whole = func(t *spans.Trace) {
		read++
		for i := range t.Spans {
			if want.Fits(&t.Spans[i]) {
				give(t)
				return
			}
		}
	}
	s.otel.Point = nil
	if err := s.files(ctx); err != nil {
		return nil, err
	}
	for _, g := range s.faults {
		notes = append(notes, g.Where+": "+g.Reason)
	}
	if s.more > 0 {
		notes = append(notes, fmt.Sprintf("%d more parts of the files cannot be read", s.more))
	}
	if s.whole.Late > 0 {
		notes = append(notes, fmt.Sprintf("%d spans came too long after the rest of their traces, and were left out", s.whole.Late))
	}
	if read == 0 && len(notes) > 0 {
		return nil, &parity.Error{Code: parity.CodeUnavailable, What: notes[0], Hint: "see whether the files hold traces"}
	}
	return notes, nil
}
