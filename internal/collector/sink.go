package collector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/value"
)

// sink gathers what one source yields. Each source has its own.
type sink struct {
	source    string
	collector string
	redactor  *redact.Redactor
	mirrors   map[string]string
	log       *slog.Logger
	subjects  []parity.SubjectFacts
	gaps      []parity.Gap
	tools     map[string]string
	print     string
	// origins are those that were looked at, since facts share them.
	origins map[*parity.Origin]*parity.Origin
	// budget is what the column may hold, stop ends the source that has met it,
	// and full says that this one has.
	budget *budget
	stop   context.CancelCauseFunc
	full   bool
}

func newSink(in RunInput, source Configured, held *budget) *sink {
	return &sink{
		source: source.Name, collector: source.Collector.Name, redactor: in.Redactor, mirrors: in.Mirrors, log: in.Log,
		origins: map[*parity.Origin]*parity.Origin{}, budget: held, stop: func(error) {},
	}
}

// Subject implements Sink. A subject that cannot be redacted is a gap: what it
// holds may be secret.
func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	if !s.holds(facts) {
		return
	}
	key := subject.Key
	if err := parallel.Do(func() error { s.clean(&subject, facts); return nil }); err != nil {
		s.fault(err, "a subject could not be redacted")
		s.Gap(parity.Gap{
			Kind: parity.LiteralPattern(key.Kind), Group: parity.LiteralPattern(key.Group),
			Scope: parity.LiteralPattern(key.Scope), Name: parity.LiteralPattern(key.Name),
			Reason: "this could not be searched for secrets, through a fault of the program itself", Hint: reportIt,
		})
		return
	}
	s.subjects = append(s.subjects, parity.SubjectFacts{Subject: subject, Facts: facts})
}

// clean redacts a subject and its facts in place.
func (s *sink) clean(subject *parity.Subject, facts []parity.Fact) {
	s.redactor.Subject(subject, facts)
	subject.Origin = s.origin(subject.Origin)
	last, lastClean := subject.Origin, subject.Origin
	for i := range facts {
		o := facts[i].Origin
		if o != last {
			last, lastClean = o, s.origin(o)
		}
		if len(s.mirrors) > 0 && facts[i].Value.Kind == parity.Image {
			s.unmirror(&facts[i])
		}
		facts[i].Origin = lastClean
	}
}

// unmirror names an image by where it is mirrored from.
func (s *sink) unmirror(f *parity.Fact) {
	img, ok := value.ParseImage(f.Value.Canonical())
	if !ok {
		return
	}
	if canon := img.Canonical(s.mirrors); canon != f.Value.Canonical() {
		f.Value.Canon = canon
		f.Rules = f.Rules.With(parity.ImageForm)
	}
}

func (s *sink) origin(o *parity.Origin) *parity.Origin {
	if o == nil {
		return nil
	}
	if clean, ok := s.origins[o]; ok {
		return clean
	}
	clean := s.redactor.Origin(o)
	s.origins[o] = clean
	return clean
}

// Gap implements Sink.
func (s *sink) Gap(g parity.Gap) {
	if len(s.gaps) >= maxGaps {
		return
	}
	if len(s.gaps) == maxGaps-1 {
		g = parity.Gap{Reason: fmt.Sprintf("more than %d parts of the source could not be read, and only these are listed", maxGaps-1)}
	}
	if g.Source == "" {
		g.Source = s.source
	}
	// A selector that cannot be redacted is left out, so that the gap covers
	// more and never less.
	for _, text := range []*string{&g.Kind, &g.Group, &g.Scope, &g.Name, &g.Path, &g.Where, &g.Hint, &g.Place, &g.Remote, &g.Revision, &g.Given} {
		*text = s.text(*text, "")
	}
	if g.Use != "" {
		g.Use = s.redactor.Digest(g.Use)
	}
	g.Source = s.text(g.Source, s.collector)
	g.Reason = s.text(g.Reason, "a reason that could not be searched for secrets, through a fault of the program itself")
	s.gaps = append(s.gaps, g)
}

// maxGaps bounds the gaps of one source. The last one covers all of it.
const maxGaps = 100_000

// text redacts a text, and gives the other one where that fails.
func (s *sink) text(text, otherwise string) string {
	clean := otherwise
	if err := parallel.Do(func() error { clean = s.redactor.Text(text); return nil }); err != nil {
		s.fault(err, "a text could not be redacted")
	}
	return clean
}

// reportIt is the hint of gaps that are the program's own fault.
const reportIt = "please report it, with the log"

// failed records what ended the source; nil is nothing.
func (s *sink) failed(err error) {
	if err == nil || s.full {
		return
	}
	var g parity.Gap
	fault := &parallel.PanicError{}
	if !errors.As(err, &fault) {
		err = parallel.Do(func() error { g = gapOf(err); return nil }) // the errors of libraries run code of theirs
	}
	if errors.As(err, &fault) {
		s.fault(err, "collector panicked")
		g = parity.Gap{Reason: "the collector " + s.collector + " failed through a fault of its own", Hint: reportIt}
	}
	s.Gap(g)
}

// fault logs a panic with its stack.
func (s *sink) fault(err error, message string) {
	var fault *parallel.PanicError
	if errors.As(err, &fault) {
		fault.Log(s.log, message, "collector", s.collector)
	}
}

// Tool implements Sink.
func (s *sink) Tool(name, version string) {
	if s.tools == nil {
		s.tools = map[string]string{}
	}
	s.tools[name] = version
}

// Fingerprint implements Tracker.
func (s *sink) Fingerprint(text string) { s.print = text }
