package collector

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/redact"
)

// sink gathers what one source yields. Each source has its own.
type sink struct {
	source   string
	redactor *redact.Redactor
	subjects []parity.SubjectFacts
	gaps     []parity.Gap
	tools    map[string]string
	// origins are those that were looked at, since facts share them.
	origins map[*parity.Origin]*parity.Origin
}

func newSink(source string, r *redact.Redactor) *sink {
	return &sink{source: source, redactor: r, origins: map[*parity.Origin]*parity.Origin{}}
}

// Subject implements Sink.
func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	s.redactor.Subject(&subject, facts)
	subject.Origin = s.origin(subject.Origin)
	last, lastClean := subject.Origin, subject.Origin
	for i := range facts {
		o := facts[i].Origin
		if o != last {
			last, lastClean = o, s.origin(o)
		}
		facts[i].Origin = lastClean
	}
	s.subjects = append(s.subjects, parity.SubjectFacts{Subject: subject, Facts: facts})
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
	if g.Source == "" {
		g.Source = s.source
	}
	for _, text := range []*string{&g.Source, &g.Kind, &g.Scope, &g.Name, &g.Path, &g.Reason, &g.Where, &g.Hint} {
		*text = s.redactor.Text(*text)
	}
	s.gaps = append(s.gaps, g)
}

// Tool implements Sink.
func (s *sink) Tool(name, version string) {
	if s.tools == nil {
		s.tools = map[string]string{}
	}
	s.tools[name] = version
}
